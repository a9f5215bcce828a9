"""What a shop does every day, as commands of a host: register, open, sell, close. Presets and scenarios are made of it.

Each function speaks to a `Till` and raises `Refused` at the first command that is not done.
"""

from datetime import datetime

from protocol.atol.command import Answer, Command, parse_answer
from protocol.atol.commands.fn import CloseArchive, Register
from protocol.atol.commands.items import BeginItem, EndItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt, OpenReceipt
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.commands.shift import CloseShift, OpenShift
from protocol.atol.commands.tables import WriteTable
from protocol.atol.errors import driver_line
from protocol.atol.kkt_codes import E
from protocol.ffd import numbers
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from scenarios.roles import Till

INN = "7702203276"
GENERAL, SIMPLIFIED, PATENT = 0x01, 0x02, 0x20
"""«ОСН», «УСН доход» and «Патент» in tags 1055 and 1062."""
REGISTRATION = 5
"""Number in the tax office's register; with the till's serial number it gives the registration number."""
REQUISITES: tuple[tuple[int, bytes], ...] = (
    (T.USER_INN, INN.encode("ascii")),
    (T.TAX_SYSTEMS, bytes((SIMPLIFIED,))),
    (T.USER_NAME, 'ООО "РОМАШКА"'.encode("cp866")),
    (T.SETTLEMENT_ADDRESS, "г. Москва, ул. Тестовая, д. 1".encode("cp866")),
    (T.SETTLEMENT_PLACE, "Магазин".encode("cp866")),
    (T.OFD_INN, b"7700000000"),
    (T.OFD_NAME, "ТЕСТОВЫЙ ОФД".encode("cp866")),
    (T.FNS_SITE, b"www.nalog.gov.ru"),
    (T.SENDER_EMAIL, b"receipt@ofd.example"),
    (T.AGENT, b"\x00"),
    (T.AUTONOMOUS_MODE, b"\x00"),
    (T.AUTOMATIC_MODE, b"\x00"),
    (T.ENCRYPTION, b"\x00"),
    (T.INTERNET_ONLY, b"\x00"),
    (T.SERVICES, b"\x00"),
    (T.STRICT_FORM_SYSTEM, b"\x00"),
)
"""Requisites of the test shop: УСН доход, transfer mode, no agents. The registration number depends on the till."""
OFD_HOST = "ofd.example"
OFD_PORT = 7777
CASHIER = "Кассир Иванова И."


class Refused(Exception):
    """The till refused a command. ``code``: wire code."""

    def __init__(self, command: bytes, code: int, detail: int = 0) -> None:
        super().__init__(f"{command.hex(' ').upper()} is answered {driver_line(code)}")
        self.command = command
        self.code = E(code)
        self.detail = detail


def ask(till: Till, command: Command | bytes) -> Answer:
    """Send one command; its answer. Raises `Refused`."""
    request = command if isinstance(command, bytes) else command.to_wire()
    answer = parse_answer(request[0], till.send(request))
    if not answer.is_ok:
        raise Refused(request, answer.code, answer.detail)
    return answer


def leave(till: Till) -> None:
    """Leave whatever mode there is."""
    ask(till, LeaveMode())


def enter(till: Till, mode: Mode) -> None:
    """Leave whatever mode there is, enter another: what the terminal does before everything."""
    ask(till, LeaveMode())
    ask(till, EnterMode(mode=mode))


def write_requisite(till: Till, tag: int, value: bytes) -> None:
    """Write one requisite in one block."""
    ask(till, WriteRequisite(flags=0, data=tlv(tag, value)))


def set_ofd(till: Till) -> None:
    """Write the OFD's address and port into table 19."""
    enter(till, Mode.PROGRAMMING)
    ask(till, WriteTable(table=19, field=1, value=OFD_HOST.encode("cp866").ljust(64)))
    ask(till, WriteTable(table=19, field=2, value=OFD_PORT.to_bytes(2, "big")))


def registration_number(till: Till) -> bytes:
    """«РНМ» (tag 1037) that the test shop has for this till."""
    register = ReadRegister(register=0x16)
    serial_number = register.read_answer(ask(till, register).data)["serial_number"]
    return numbers.registration_number(REGISTRATION, INN, str(serial_number)).encode("ascii")


def register(till: Till, tax_systems: int = SIMPLIFIED) -> None:
    """Write the registration requisites and register, for the tax systems of a mask like tag 1062."""
    enter(till, Mode.FN_ACCESS)
    for tag, value in (*REQUISITES, (T.REGISTRATION_NUMBER, registration_number(till))):
        write_requisite(till, tag, bytes((tax_systems,)) if tag == T.TAX_SYSTEMS else value)
    ask(till, Register())


def choose_tax_system(till: Till, tax_system: int) -> None:
    """Let receipts that name no tax system be of this one: table 2, field 110."""
    enter(till, Mode.PROGRAMMING)
    ask(till, WriteTable(table=2, field=110, value=bytes((tax_system,))))


def open_shift(till: Till) -> None:
    """Enter registration mode and open the shift."""
    enter(till, Mode.REGISTRATION)
    write_requisite(till, T.CASHIER, CASHIER.encode("cp866"))
    ask(till, OpenShift())


def open_receipt(till: Till) -> None:
    """Enter registration mode and open a receipt of sale."""
    enter(till, Mode.REGISTRATION)
    write_requisite(till, T.CASHIER, CASHIER.encode("cp866"))
    ask(till, OpenReceipt())


def add_item(till: Till, kopecks: int = 10_000, name: str = "Чай чёрный") -> None:
    """One item without VAT."""
    ask(till, BeginItem())
    ask(till, EndItem(price_kopecks=kopecks, quantity_milli=1000, cost_kopecks=kopecks, tax=6, name=name))


def close_receipt(till: Till) -> None:
    """Take exactly the sum in cash."""
    ask(till, CloseReceipt())


def sell(till: Till, kopecks: int = 10_000) -> None:
    """A whole receipt with one item, paid in cash. What cannot be closed is cancelled, as the terminal does."""
    open_receipt(till)
    try:
        add_item(till, kopecks)
        close_receipt(till)
    except Refused:
        till.send(CancelReceipt().to_wire())
        raise


def shift_is_open(till: Till) -> bool:
    """Register 12h."""
    register = ReadRegister(register=0x12)
    return bool(register.read_answer(ask(till, register).data)["shift_is_open"])


def to_world(moment: datetime) -> float:
    """World seconds of a civil time."""
    return (moment - datetime(1970, 1, 1)).total_seconds()


def close_shift(till: Till) -> None:
    """The Z report. The till is busy printing for a moment; the next command waits for its end."""
    enter(till, Mode.Z_REPORTS)
    ask(till, CloseShift())
    ask(till, LeaveMode())


def close_archive(till: Till) -> None:
    """Close the FN's archive for good."""
    enter(till, Mode.FN_ACCESS)
    ask(till, CloseArchive())
    ask(till, LeaveMode())
