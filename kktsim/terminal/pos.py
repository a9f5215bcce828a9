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


def sell(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Продажа» of one name from its card, paid in cash; unfinished sales are printed first.

    What is paid is the price of the card unless another sum is typed.
    """
    name, milli, cost, tax_system = typed
    goods = card_of(tablet, name or USUAL)
    quantity = milli or 1000
    sale = Sale(goods, quantity, cost or goods.cost_kopecks(quantity), TAX_SYSTEMS.get(tax_system, 0))
    print_unfinished(tablet)
    memory = tablet.memory
    memory.last_task += 1
    task = PrintTask(memory.last_task, sale)
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
    if supplier and not inn_is_right(supplier):
        raise FormError(f"«ИНН поставщика» takes an INN of 10 or 12 digits with its check digits, not {supplier!r}")
    tablet.memory.goods[name] = replace(
        goods,
        price_kopecks=price or goods.price_kopecks,
        tax=VAT.get(tax, goods.tax),
        kind=KINDS.get(kind, goods.kind),
        agent=AGENTS.get(agent, goods.agent),
        supplier_inn=goods.supplier_inn if supplier is None else supplier,
    )
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


def _name(number: int, words: Mapping[str, int]) -> str:
    return next(word for word, one in words.items() if one == number)


STARTS: frozenset[Callable[..., Screen]] = frozenset((wipe, restart))
"""What works on a terminal whose program has died."""
