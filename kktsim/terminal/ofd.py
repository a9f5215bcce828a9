"""Screens and forms about the OFD: «Настройки → ОФД», «Настроить ОФД», «Адрес ОФД», «Проверка связи с ОФД».

Everything they show is asked of the till each time: table 19 (fields 1, 2, 3, 4, 6), requisites 1017, 1046 and 1117,
register 2Bh, the FN's state and queue (real Evotor log). That the connection is said to stand whenever register 2Bh has
no network error is inferred from article err_3979: with an unpaid tariff «связь есть», though nothing leaves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kktsim.terminal.driver import Driver, Refused
from kktsim.terminal.menu import Item
from kktsim.terminal.screen import DONE, IMPOSSIBLE, NO_OFD, OFD_REACHED, WAITING, Screen, line, moment
from kktsim.terminal.tablet import Tablet
from protocol.atol import code_page
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.service import ServicePrint, ServiceSlip
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
from protocol.fn.commands import FnWarning, Phase

TABLE, HOST, PORT = 19, 1, 2
HOST_BYTES, PORT_BYTES = 64, 2
SHOWN_NOWHERE = (3, 4, 6)
"""Fields that are read as well: name server, channel, and one that is not described, which other tills lack."""
EXCHANGE_ERRORS = 0x2B
NO_HOST = "0.0.0.0"
_SENDING = (Phase.FISCAL, Phase.POST_FISCAL)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the till finds its operator."""

    host: str
    port: int


def show(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Настройки → ОФД»."""
    return tuple(_shown(tablet.driver))


def _shown(driver: Driver) -> Iterator[str]:
    driver.enter(Mode.PROGRAMMING)
    address = _address(driver)
    for field in SHOWN_NOWHERE:
        _pass_over(driver, field)
    inn, name, _ = (driver.requisite(tag) for tag in (T.OFD_INN, T.OFD_NAME, T.SENDER_EMAIL))
    is_reached = bool(address.host and address.port) and _reaches(driver.register(EXCHANGE_ERRORS))
    yield OFD_REACHED if is_reached else NO_OFD
    yield from _queue(driver)
    yield line("Наименование ОФД", name)
    yield line("ИНН ОФД", inn)
    yield line("Адрес", address.host)
    yield line("Порт", address.port)


def _queue(driver: Driver) -> Iterator[str]:
    """What waits; an FN that has not been registered yet has no queue, nor has one whose archive was closed and sent.

    «Превышено время ожидания ответа ОФД» is what FNS calls the FN's warning after two days.
    """
    status = driver.fn_status()
    queue = driver.queue() if status.phase in _SENDING else None
    if queue is None:
        yield line(WAITING, 0)
        return
    yield line(WAITING, queue.unsent_documents)
    if queue.unsent_documents and queue.at is not None:
        yield line("Первый неотправленный", f"ФД {queue.number}, {moment(queue.at)}")
    if FnWarning.OFD_TIMEOUT in status.warnings:
        yield "Превышено время ожидания ответа ОФД"


def _address(driver: Driver) -> Address:
    host = code_page.decode(driver.table(TABLE, HOST).rstrip(b"\x00 "))
    return Address("" if host == NO_HOST else host, int.from_bytes(driver.table(TABLE, PORT), "big"))


def _pass_over(driver: Driver, field: int) -> None:
    """Read a field that is not shown, whether the till has it or not."""
    try:
        driver.table(TABLE, field)
    except Refused as refused:
        if refused.code != E.WRONG_FIELD:
            raise


def _reaches(errors: Mapping[str, Any]) -> bool:
    return errors.get("network_error") == 0


def set_up(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Настроить ОФД»: shows the form; when something was typed, writes it, which an open shift does not prevent."""
    driver = tablet.driver
    driver.enter(Mode.PROGRAMMING)
    now = _address(driver)
    if not _is_typed(typed):
        return (line("Адрес", now.host), line("Порт", now.port))
    _write_address(driver, now, *typed)
    return (DONE,)


def write_address(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Адрес ОФД»: the table first, then the requisites, which a till with an open shift refuses: the table is written.

    A requisite that is left empty is not written (a guess).
    """
    driver = tablet.driver
    driver.enter(Mode.PROGRAMMING)
    now = _address(driver)
    name, inn = (driver.requisite(tag) for tag in (T.OFD_NAME, T.OFD_INN))
    if not _is_typed(typed):
        return (
            line("Наименование ОФД", name),
            line("ИНН ОФД", inn),
            line("Адрес", now.host),
            line("Порт", now.port),
        )
    new_name, new_inn, *address = typed
    _write_address(driver, now, *address)
    requisites = {T.OFD_NAME: name if new_name is None else new_name, T.OFD_INN: inn if new_inn is None else new_inn}
    try:
        driver.enter(Mode.FN_ACCESS)
        for tag, value in requisites.items():
            if value:
                driver.write_requisite(tag, value)
    except Refused:
        return (IMPOSSIBLE,)
    return (DONE,)


def _write_address(driver: Driver, now: Address, host: str | None, port: int | None) -> None:
    """A field that was not typed is written as it stood in the form."""
    written = Address(now.host if host is None else host, now.port if port is None else port)
    driver.write_table(TABLE, HOST, code_page.encode_fixed(written.host, HOST_BYTES))
    driver.write_table(TABLE, PORT, written.port.to_bytes(PORT_BYTES, "big"))


def _is_typed(typed: Sequence[Any]) -> bool:
    return any(value is not None for value in typed)


def check(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Проверка связи с ОФД»: 82 01 06 00, then register 2Bh.

    The till answers before its call is over. So the register is looked at again, unless it tells of a connection that
    did not stand before; but not for long: of a call that still hangs then, what the register says by now is shown.
    """
    driver = tablet.driver
    driver.enter(Mode.SELECTION)
    was_reached = _reaches(driver.register(EXCHANGE_ERRORS))
    driver.ask(ServicePrint(type=ServiceSlip.OFD_DIAGNOSTICS))
    is_reached = _reaches(driver.register(EXCHANGE_ERRORS))
    for _ in range(tablet.settings.looks):
        if is_reached and not was_reached:
            break
        tablet.rest(tablet.settings.pause_seconds)
        is_reached = _reaches(driver.register(EXCHANGE_ERRORS))
    return (OFD_REACHED if is_reached else NO_OFD,)
