"""«Касса»: selling, goods cards, and what a restart and a reset do to the tablet.

The items of the menu are ours: the articles have a sale made, and say of the card only which of its fields is wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kktsim.terminal.form import FormError
from kktsim.terminal.goods import AGENTS, KINDS, TAX_SYSTEMS, VAT, Goods
from kktsim.terminal.memory import PrintTask, Sale
from kktsim.terminal.menu import Item
from kktsim.terminal.sale import carry_out
from kktsim.terminal.screen import DONE, SOLD, Screen, line
from kktsim.terminal.start import start
from kktsim.terminal.tablet import Tablet
from protocol.ffd.numbers import inn_is_right

USUAL = "Чай чёрный"
"""What is sold when nothing else is typed."""
_MOST_MILLI, _MOST_KOPECKS = 99_999_999, 999_999_999


def sell(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Продажа» of one name from its card, paid in cash; unfinished sales are printed first."""
    name, quantity, price, tax_system = typed
    goods = card_of(tablet, USUAL if name is None else name)
    milli = 1000 if quantity is None else _hundredths(quantity, "Количество", 1000, _MOST_MILLI)
    full = (goods.price_kopecks * milli + 500) // 1000
    cost = full if price is None else _hundredths(price, "Цена со скидкой", 100, _MOST_KOPECKS)
    named = 0 if tax_system is None else _word(tax_system, "СНО", TAX_SYSTEMS)
    print_unfinished(tablet)
    memory = tablet.memory
    memory.last_task += 1
    task = PrintTask(memory.last_task, Sale(goods, milli, cost, named))
    memory.tasks.append(task)
    carry_out(tablet, task)
    return (SOLD,)


def print_unfinished(tablet: Tablet) -> None:
    """Go on with the tasks that a program which died has left; raises what `carry_out` does."""
    for task in tuple(tablet.memory.tasks):
        carry_out(tablet, task)


def edit_card(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Карточка товара»: shows it, or changes what is typed."""
    name, price, tax, kind, agent, supplier = typed
    goods = card_of(tablet, name)
    if all(value is None for value in typed[1:]):
        return _shown(goods)
    if price is not None:
        goods = replace(goods, price_kopecks=_hundredths(price, "Цена", 100, _MOST_KOPECKS))
    if tax is not None:
        goods = replace(goods, tax=_word(tax, "НДС", VAT))
    if kind is not None:
        goods = replace(goods, kind=_word(kind, "Вид", KINDS))
    if agent is not None:
        goods = replace(goods, agent=_word(agent, "Признак агента", AGENTS))
    if supplier is not None:
        if supplier and not inn_is_right(supplier):
            raise FormError(f"«ИНН поставщика» takes an INN of 10 or 12 digits with its check digits, not {supplier!r}")
        goods = replace(goods, supplier_inn=supplier)
    tablet.memory.goods[name] = goods
    return (DONE,)


def card_of(tablet: Tablet, name: str) -> Goods:
    """The card of a name; what has none is sold freely, like ordinary goods of 100 roubles."""
    return tablet.memory.goods.get(name) or Goods(name)


def _shown(goods: Goods) -> Screen:
    return (
        line("Наименование", goods.name),
        line("Цена", f"{goods.price_kopecks // 100}.{goods.price_kopecks % 100:02d}"),
        line("НДС", _name(goods.tax, VAT)),
        line("Вид", _name(goods.kind, KINDS)),
        line("Признак агента", _name(goods.agent, AGENTS)),
        line("ИНН поставщика", goods.supplier_inn),
    )


def wipe(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """The reset of the tablet: its memory is new; the till, which is another board, keeps everything."""
    tablet.memory.reset()
    return (DONE,)


def restart(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """Start the program: its driver first, then what it has left unfinished."""
    memory = tablet.memory
    memory.is_dead = False
    memory.banner_is_shown = False
    start(tablet)
    print_unfinished(tablet)
    return (DONE,)


def _word(text: str, title: str, words: Mapping[str, int]) -> int:
    plain = {_plain(word): number for word, number in words.items()}
    if _plain(text) not in plain:
        raise FormError(f"«{title}» is one of {', '.join(words)}; not {text!r}")
    return plain[_plain(text)]


def _plain(word: str) -> str:
    return word.strip().casefold().replace("ё", "е")


def _name(number: int, words: Mapping[str, int]) -> str:
    return next(word for word, one in words.items() if one == number)


def _hundredths(text: str, title: str, parts: int, most: int) -> int:
    """A decimal number, point or comma, in so many parts of one."""
    whole, _, rest = text.strip().replace(",", ".").partition(".")
    digits = len(str(parts)) - 1
    number = f"{whole}{rest.ljust(digits, '0')}"
    if not (number.isascii() and number.isdecimal()) or len(rest) > digits or not 0 < int(number) <= most:
        raise FormError(f"«{title}» takes a number above 0 with up to {digits} digits behind the point, not {text!r}")
    return int(number)


STARTS: frozenset[Callable[..., Screen]] = frozenset((wipe, restart))
"""What works on a terminal whose program has died."""
