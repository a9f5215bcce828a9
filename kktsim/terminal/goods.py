"""«Карточка товара»: what the terminal knows of goods by their name, and the words of its fields.

Numbers of the words: tax rows of table 13 (ATOL protocol 3.1), tags 1212 and 1222 (FNS order ЕД-7-20/662@).
"""

from collections.abc import Mapping
from dataclasses import dataclass

NO_VAT = 6
VAT: Mapping[str, int] = {
    "НДС 20%": 1,
    "НДС 10%": 2,
    "НДС 20/120": 3,
    "НДС 10/110": 4,
    "НДС 0%": 5,
    "без НДС": NO_VAT,
}
KINDS: Mapping[str, int] = {"Товар": 1, "Подакцизный товар": 2, "Работа": 3, "Услуга": 4}
AGENTS: Mapping[str, int] = {
    "нет": 0,
    "Банковский платёжный агент": 1,
    "Банковский платёжный субагент": 2,
    "Платёжный агент": 4,
    "Платёжный субагент": 8,
    "Поверенный": 16,
    "Комиссионер": 32,
    "Агент": 64,
}
TAX_SYSTEMS: Mapping[str, int] = {
    "ОСН": 1,
    "УСН доход": 2,
    "УСН доход-расход": 4,
    "ЕНВД": 8,
    "ЕСХН": 16,
    "Патент": 32,
}
GENERAL_SYSTEM = TAX_SYSTEMS["ОСН"]
_PERCENT: Mapping[int, int] = {1: 20, 2: 10, 3: 20, 4: 10}


@dataclass(frozen=True, slots=True)
class Goods:
    """«Товар». ``tax``: row of table 13; ``kind``: tag 1212; ``agent``: bits of tag 1222."""

    name: str
    price_kopecks: int = 10_000
    tax: int = NO_VAT
    kind: int = KINDS["Товар"]
    agent: int = 0
    supplier_inn: str = ""

    def cost_kopecks(self, quantity_milli: int) -> int:
        """Of so much of it, without a discount, to the nearest kopeck."""
        return (self.price_kopecks * quantity_milli + 500) // 1000


def tax_within(tax: int, kopecks: int) -> int:
    """The tax in a sum that has it within, in kopecks."""
    percent = _PERCENT.get(tax, 0)
    return (2 * kopecks * percent + 100 + percent) // (2 * (100 + percent))
