"""«Регистрация ККТ»: shows what the till was told, writes what is typed, registers.

What is not typed is not written: the till has it from before, or refuses A6h with the tag that is missing, which the
screen tells as «1057: не задан реквизит» (article err_1057).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from kktsim.terminal.driver import Driver
from kktsim.terminal.goods import AGENTS, TAX_SYSTEMS
from kktsim.terminal.menu import Item
from kktsim.terminal.screen import DONE, Screen, line
from kktsim.terminal.service import tax_systems
from kktsim.terminal.start import learn_tax_systems
from kktsim.terminal.tablet import Tablet
from protocol.atol import code_page
from protocol.atol.commands.fn import Register
from protocol.atol.commands.modes import Mode
from protocol.ffd.tags import T


def register(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Регистрация ККТ»: E9h of what the form has, E8h of what is typed, A6h."""
    driver = tablet.driver
    driver.enter(Mode.FN_ACCESS)
    screen = tuple(line(field.title, shown) for field, shown in zip(item.fields, _shown(driver), strict=True))
    written = dict(_written(*typed))
    if not written:
        return screen
    for tag, value in written.items():
        driver.write_requisite(tag, value)
    driver.ask(Register())
    learn_tax_systems(tablet)
    return (DONE,)


def _shown(driver: Driver) -> Iterator[str]:
    """What the till has, field by field; an agent flag that is not set is not «нет»."""
    agents = driver.requisite_bytes(T.AGENT)
    yield _agents(agents[0]) if agents else ""
    yield ", ".join(tax_systems(int.from_bytes(driver.requisite_bytes(T.TAX_SYSTEMS), "little")))
    yield driver.requisite(T.USER_INN)
    yield driver.requisite(T.USER_NAME)


def _agents(bits: int) -> str:
    return ", ".join(word for word, bit in AGENTS.items() if bit & bits or bit == bits)


def _written(
    agents: tuple[str, ...] | None, systems: tuple[str, ...] | None, inn: str | None, name: str | None
) -> Iterator[tuple[int, bytes]]:
    if agents is not None:
        yield T.AGENT, bytes((sum(AGENTS[word] for word in set(agents)),))
    if systems is not None:
        yield T.TAX_SYSTEMS, bytes((sum(TAX_SYSTEMS[word] for word in set(systems)),))
    if inn is not None:
        yield T.USER_INN, inn.encode("ascii", "replace")
    if name is not None:
        yield T.USER_NAME, code_page.encode(name)
