"""«Обслуживание кассы» and reports: commands as they are, codes, settings; nothing of it needs the tablet's memory.

A report is over when the till has printed it. Other drivers look at 45h every half a second; here 48h, which a busy
till takes and does when it is free (real Evotor log: A1 behind a line that prints), ends the waiting.
"""

from collections.abc import Sequence
from typing import Any

from kktsim.host.till import NoAnswerError
from kktsim.terminal.driver import Driver, Refused
from kktsim.terminal.goods import TAX_SYSTEMS
from kktsim.terminal.menu import Item, menu
from kktsim.terminal.screen import DONE, NO_TAX_SYSTEM, ONE_TAX_SYSTEM, Screen, line, words
from kktsim.terminal.start import learn_tax_systems
from kktsim.terminal.tablet import Tablet
from protocol.atol.command import CommandError, parse_answer
from protocol.atol.commands.fn import PrintDocument
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.resets import AskProtectionCode, EnterProtectionCode
from protocol.atol.kkt_codes import E

YES, NO = "Да", "Нет"
SETTINGS = 2
REPORTS, DEFAULT_TAX_SYSTEM = 18, 110
"""Fields of table 2."""
ENCASHMENT = 0x04
"""Bit of the field: «производить инкассацию»."""
_LOST = (E.WRONG_MODE, E.DATE_ENTRY_LOCK)
"""How a till that has lost its memory (66h) or its clock (15h) answers 48h and 56h."""


def send(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """The commands of the item, in its mode."""
    if item.in_any_state:
        enter_if_it_lets(tablet.driver, item.mode)
    else:
        tablet.driver.enter(item.mode)
    for command in item.commands:
        tablet.driver.ask(command)
    return (DONE,)


def enter_if_it_lets(driver: Driver, mode: Mode) -> None:
    """Enter a mode; a till that has lost its memory or its clock has none, and does what follows without."""
    try:
        driver.enter(mode)
    except Refused as refused:
        if refused.code not in _LOST:
            raise


def report(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """The same, and wait until the till has printed."""
    screen = send(tablet, item, typed)
    enter_if_it_lets(tablet.driver, Mode.SELECTION)
    return screen


def send_typed(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Произвольная команда»: what was typed, in whatever mode the till is; the answer, and the driver's words."""
    (command,) = typed
    reply = tablet.driver.send(command)
    try:
        answer = parse_answer(command[0], reply)
    except CommandError:
        raise NoAnswerError("what came is no answer") from None
    shown = line("Команда", command.hex(" ").upper()), line("Ответ ККМ", reply.hex(" ").upper())
    return (*shown, words(0 if answer.is_ok else answer.code))


def print_document(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Печать документа по номеру»: ABh in mode 6, as ATOL's driver 10.8 sends it."""
    (number,) = typed
    tablet.driver.enter(Mode.FN_ACCESS)
    tablet.driver.ask(PrintDocument(number=number))
    return (DONE,)


def open_section(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """A section that needs the till: «Нет связи с кассой» instead of what it has (article protection_code)."""
    tablet.driver.mode_byte()
    return menu().below(item)


def enter_code(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Ввести код защиты»: 6Dh; without a code 74h tells whether the till has it."""
    number, digits = typed
    number = 1 if number is None else number
    driver = tablet.driver
    driver.enter(Mode.SELECTION)
    if digits is None:
        question = AskProtectionCode(number=number)
        told = question.read_answer(driver.ask(question).data)
        return (line(f"Код защиты {number} введён", YES if told.get("is_active") else NO),)
    driver.ask(EnterProtectionCode(number=number, digits=bytes.fromhex(digits)))
    return (DONE,)


def choose_tax_system(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Выбор СНО по умолчанию»: table 2, field 110; there is nothing to choose from with one system."""
    (word,) = typed
    driver = tablet.driver
    driver.enter(Mode.PROGRAMMING)
    learn_tax_systems(tablet)
    registered = tax_systems(tablet.memory.tax_systems or 0)
    if len(registered) < 2:
        return (ONE_TAX_SYSTEM if registered else NO_TAX_SYSTEM,)
    if word is None:
        chosen = tax_systems(_number(driver, DEFAULT_TAX_SYSTEM))
        return line("СНО", ", ".join(chosen)), line("Можно выбрать", ", ".join(registered))
    driver.write_table(SETTINGS, DEFAULT_TAX_SYSTEM, bytes((TAX_SYSTEMS[word],)))
    return (DONE,)


def tax_systems(bits: int) -> list[str]:
    """The words for bits of tag 1062."""
    return [word for word, bit in TAX_SYSTEMS.items() if bits & bit]


def set_encashment(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Инкассация при закрытии смены»: the other bits of the field stay."""
    (word,) = typed
    driver = tablet.driver
    driver.enter(Mode.PROGRAMMING)
    bits = _number(driver, REPORTS)
    if word is None:
        return (line("Инкассация", YES if bits & ENCASHMENT else NO),)
    written = bits | ENCASHMENT if word == YES else bits & ~ENCASHMENT
    driver.write_table(SETTINGS, REPORTS, bytes((written,)))
    return (DONE,)


def _number(driver: Driver, field: int) -> int:
    return int.from_bytes(driver.table(SETTINGS, field), "big")
