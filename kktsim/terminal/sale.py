"""«Продажа»: a receipt as a real terminal rings it up, in stages; what a stage has done is noted on the tablet.

Each stage is noted when its last answer has come. So a program that dies begins that stage once more when it comes
back: an open receipt that was not noted is opened again, one that was noted is gone on with. Source of the commands
and their order: real Evotor log; that the stages are these, and are noted so, is a guess (article err_3801_3802 only
knows that a till and its terminal may disagree about the receipt).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from kktsim.host.till import NoAnswerError
from kktsim.terminal.driver import Driver, Refused
from kktsim.terminal.goods import GENERAL_SYSTEM, NO_VAT, tax_within
from kktsim.terminal.memory import PrintTask, Sale
from kktsim.terminal.start import learn_tax_systems
from kktsim.terminal.tablet import Tablet
from protocol.atol.command import Command
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.items import BeginItem, EndItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.printing import PrintField
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt, OpenReceipt
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.commands.status import FullStatus, StateCode
from protocol.atol.commands.tables import ReadTable
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv

CASHIER, CASHIER_INN = "Иванова И.", "123456789047"
HEADER = "Товары"
FIELD_OF_LINES, FIELD_OF_TAIL = 111, 114
"""Fields of table 2 that the log's terminal reads before a sale; what it does with them is not known."""
FONT, BRIGHTNESS, SPACING = 32, 19, 30
_NIBBLE = 16
CASH = 1
SHIFT, RECEIPT, LAST_DOCUMENT = 0x12, 0x13, 0x34
"""Registers."""


class ClocksDiffer(Exception):
    """The clocks of till and tablet are too far apart to sell."""


def _prepare(tablet: Tablet, task: PrintTask) -> PrintTask:
    """Look at the till's state, and at the looks of its lines, which every line is printed with."""
    driver, ask = tablet.driver, tablet.driver.ask
    if tablet.memory.tax_systems is None:
        learn_tax_systems(tablet)
    ask(StateCode())
    driver.enter(Mode.PROGRAMMING)
    ask(ReadTable(table=2, field=FIELD_OF_LINES))
    driver.register(RECEIPT)
    fields = driver.status()
    _compare_clocks(tablet, fields["date_yymmdd"] + fields["time"])
    driver.enter(Mode.PROGRAMMING)
    looks = tuple(int.from_bytes(driver.table(2, field), "big") for field in (FONT, BRIGHTNESS, SPACING))
    ask(LeaveMode())
    _passing(driver, EnterMode(mode=Mode.SELECTION))
    driver.enter(Mode.PROGRAMMING)
    ask(ReadTable(table=2, field=FIELD_OF_TAIL))
    opens_shift = not driver.register(SHIFT).get("shift_is_open")
    _tell_cashier(driver)
    return replace(task, looks=looks, last_document=last_document(driver) + opens_shift)


def _compare_clocks(tablet: Tablet, shown: bytes) -> None:
    try:
        till = datetime.strptime(shown.hex(), "%y%m%d%H%M%S")
    except ValueError:
        raise ClocksDiffer from None
    if abs((tablet.now() - till).total_seconds()) > tablet.settings.clock_tolerance_seconds:
        raise ClocksDiffer


def _tell_cashier(driver: Driver) -> None:
    driver.write_requisite(T.CASHIER, CASHIER)
    driver.write_requisite(T.CASHIER_INN, CASHIER_INN)


def _open(tablet: Tablet, task: PrintTask) -> PrintTask:
    """Enter registration mode and open the receipt."""
    tablet.driver.enter(Mode.REGISTRATION)
    tablet.driver.ask(OpenReceipt())
    return task


def _ring_up(tablet: Tablet, task: PrintTask) -> PrintTask:
    """Cashier, a line of text, the item with what belongs to it."""
    driver, sale = tablet.driver, task.sale
    _tell_cashier(driver)
    if sale.tax_systems:
        _write(driver, T.TAX_SYSTEM, bytes((sale.tax_systems,)))
    font, brightness, spacing = task.looks
    driver.ask(PrintField(font=font, spacing=spacing, brightness=_plain(brightness), text=HEADER))
    driver.ask(BeginItem())
    for tag, value in _of_item(sale):
        _write(driver, tag, value)
    driver.ask(_item(sale, tablet.memory.tax_systems or 0))
    return task


def _plain(value: int) -> int:
    """A table's BCD is sent in binary; what is no BCD is sent as it is."""
    return value // _NIBBLE * 10 + value % _NIBBLE if f"{value:02x}".isdecimal() else value


def _of_item(sale: Sale) -> Iterator[tuple[int, bytes]]:
    if sale.goods.agent:
        yield T.ITEM_AGENT, bytes((sale.goods.agent,))
        yield T.SUPPLIER_INN, sale.goods.supplier_inn.ljust(12).encode("ascii")


def _item(sale: Sale, tax_systems: int) -> EndItem:
    """A business without VAT whose goods have a rate has the terminal count the tax, from the price before discounts.

    Otherwise it leaves the tax to the till (real Evotor log). The former is a guess that explains article err_3969.
    """
    goods = sale.goods
    full = goods.cost_kopecks(sale.quantity_milli)
    is_without_vat = bool(tax_systems) and not tax_systems & GENERAL_SYSTEM
    counts = goods.tax != NO_VAT and is_without_vat
    return EndItem(
        flags=CommandFlags.NONE,
        price_kopecks=goods.price_kopecks,
        quantity_milli=sale.quantity_milli,
        cost_kopecks=sale.cost_kopecks,
        tax=goods.tax,
        tax_sum_kopecks=tax_within(goods.tax, full) if counts else 0,
        subject=goods.kind,
        discount_kopecks=abs(full - sale.cost_kopecks),
        name=goods.name,
    )


def _pay(tablet: Tablet, task: PrintTask) -> PrintTask:
    """Take the sum in cash."""
    tablet.driver.ask(AddPayment(payment_form=CASH, sum_kopecks=task.sale.cost_kopecks))
    return task


def _close(tablet: Tablet, task: PrintTask) -> PrintTask:
    """Look, close the receipt."""
    ask = tablet.driver.ask
    ask(FullStatus())
    ask(StateCode())
    try:
        ask(CloseReceipt())
    except NoAnswerError:
        if not _is_made(tablet.driver, task):
            raise
    return task


def _is_made(driver: Driver, task: PrintTask) -> bool:
    """Register 34h decides whether the receipt exists."""
    return last_document(driver) > task.last_document


def _find(tablet: Tablet, task: PrintTask) -> PrintTask:
    """A look at the receipt that was made."""
    last_document(tablet.driver)
    return task


STAGES: tuple[Callable[[Tablet, PrintTask], PrintTask], ...] = (_prepare, _open, _ring_up, _pay, _close, _find)
OPENED, PAYING, CLOSING = map(STAGES.index, (_ring_up, _pay, _close))
"""Stages: from the first of them on the terminal takes the receipt for open."""
PAYMENTS = 0x41
"""Mode byte of a till that has begun to take payments."""


def carry_out(tablet: Tablet, task: PrintTask) -> None:
    """Do what is left of a task, stage by stage, and forget it.

    A sale that the till refuses is annulled by 59h and forgotten; one that is refused before its receipt is open needs
    no 59h. A receipt that the terminal takes for open and the till cannot annul stays a task. Raises `Refused` and
    `ClocksDiffer`, and what `Driver` does.
    """
    if task.stage >= OPENED:
        task = replace(task, stage=_come_back(tablet.driver, task))
    while task.stage < len(STAGES):
        try:
            done = STAGES[task.stage](tablet, task)
        except (Refused, ClocksDiffer) as trouble:
            if task.stage >= OPENED:
                _annul(tablet, task, trouble)
            _forget(tablet, task)
            raise
        task = replace(done, stage=task.stage + 1)
        _note(tablet, task)
    _forget(tablet, task)


def _annul(tablet: Tablet, task: PrintTask, trouble: Exception) -> None:
    try:
        tablet.driver.ask(CancelReceipt())
    except Refused:
        raise trouble from None


def _come_back(driver: Driver, task: PrintTask) -> int:
    """Into registration mode again; the stage to go on with.

    A till with an open receipt is in that mode, and refuses to leave it. What it has taken already is not given to it
    once more.
    """
    try:
        driver.enter(Mode.REGISTRATION)
    except Refused as refusal:
        if refusal.code != E.RECEIPT_OPEN:
            raise
    fields = driver.status()
    if task.stage == CLOSING and _is_made(driver, task):
        return len(STAGES)
    if fields["mode"] == PAYMENTS:
        return max(task.stage, CLOSING)
    return max(task.stage, PAYING) if fields["receipt_sum_kopecks"] else task.stage


def _note(tablet: Tablet, task: PrintTask) -> None:
    tasks = tablet.memory.tasks
    tasks[[one.number for one in tasks].index(task.number)] = task


def _forget(tablet: Tablet, task: PrintTask) -> None:
    tablet.memory.tasks = [one for one in tablet.memory.tasks if one.number != task.number]


def last_document(driver: Driver) -> int:
    """Register 34h: the number of the last document; 0: the till has none."""
    register = ReadRegister(register=LAST_DOCUMENT)
    return int(register.read_answer(driver.ask(register).data).get("document_number", 0))


def _write(driver: Driver, tag: int, value: bytes) -> None:
    driver.ask(WriteRequisite(data=tlv(tag, value)))


def _passing(driver: Driver, command: Command) -> None:
    """What a real terminal does although it is refused each time."""
    try:
        driver.ask(command)
    except Refused:
        return
