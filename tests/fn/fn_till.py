"""A till as the FN sees it: speaks frames, keeps a clock, and knows enough FFD to make valid documents."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from fn_model import FiscalStorage, FnModel, FnPort, load_model
from fn_model.sign import confirmation_sign, ofd_sign
from protocol.ffd.tlv import Input, encode
from protocol.fn.answers import ExchangeStatus, FnStatus, ReceiptResult, SettlementResult, ShiftResult, parse_word
from protocol.fn.commands import FnCode, FnCommand, Operation, Phase, WorkMode, pack_date_time
from protocol.fn.frame import build_request, parse_answer
from protocol.fn.requests import CloseArchive, CommitReceipt, ReadMessage, Registration
from protocol.ofd import confirmation

NUMBER = "9999078900000001"
REGISTRATION_NUMBER = "0000000005008570"
INN = "7702203276"
START = datetime(2026, 1, 10, 9, 0)
EPOCH = datetime(1970, 1, 1)

CASHIER = encode(1021, "Иванова И.И.")
FFD = encode(1209, 2)
PLACE = encode(1009, "г. Москва, ул. Ленина, 1") + encode(1187, "Магазин")
USER = encode(1048, 'ООО "Ромашка"')
VERSIONS = encode(1188, "3.0.5313") + encode(1189, 2)
REGISTRATION_DATA = b"".join(
    (FFD, USER, VERSIONS, CASHIER, PLACE, encode(1221, 0), encode(1013, "00307900000001"), encode(1017, "7704358518"))
)
SHIFT_DATA = FFD + VERSIONS + CASHIER
CLOSE_SHIFT_DATA = FFD + CASHIER
SETTLEMENT_DATA = FFD
CLOSE_ARCHIVE_DATA = FFD + USER + PLACE + CASHIER


def receipt_data(total_kopecks: int = 10_000, tax_system: int = 1) -> bytes:
    """Requisites of a receipt with one item, paid in cash."""
    item: list[tuple[int, Input]] = [
        (1030, "Чай"),
        (1079, total_kopecks),
        (1023, Decimal("1.000")),
        (1043, total_kopecks),
        (1199, 6),
        (1214, 4),
    ]
    sums = {1031: total_kopecks, 1081: 0, 1215: 0, 1216: 0, 1217: 0, 1105: total_kopecks}
    parts = [FFD, encode(1055, tax_system), CASHIER, PLACE, encode(1059, item)]
    return b"".join([*parts, *(encode(tag, value) for tag, value in sums.items())])


def correction_data(total_kopecks: int = 10_000, tax_system: int = 1) -> bytes:
    """Requisites of a correction receipt, paid in cash: sums without items."""
    base: list[tuple[int, Input]] = [(1178, START - timedelta(days=1)), (1179, "17-А")]
    sums = {1031: total_kopecks, 1081: 0, 1215: 0, 1216: 0, 1217: 0, 1105: total_kopecks}
    parts = [FFD, encode(1055, tax_system), CASHIER, PLACE, encode(1173, 1), encode(1174, base)]
    return b"".join([*parts, *(encode(tag, value) for tag, value in sums.items())])


class Till:
    """Host end of an FN. ``at``: its clock; ``world`` follows it until ``skew`` sets them apart."""

    def __init__(self, model: FnModel | None = None, **settings: Any) -> None:
        model = load_model() if model is None else model
        model = replace(model, settings=replace(model.settings, **settings))
        self.port = FnPort(FiscalStorage.new(model, NUMBER))
        self.at = START
        self.skew = timedelta(0)

    @property
    def fn(self) -> FiscalStorage:
        """The FN behind the port."""
        return self.port.storage

    @property
    def world(self) -> float:
        """World time in seconds."""
        return (self.at + self.skew - EPOCH).total_seconds()

    def wait(self, **delta: float) -> None:
        """Let world time pass; the till's clock runs with it."""
        self.at += timedelta(**delta)

    def set_clock(self, at: datetime) -> None:
        """Set the till's clock; world time stays."""
        self.skew += self.at - at
        self.at = at

    def ask(self, command: int, data: bytes = b"") -> tuple[int, bytes]:
        """Code without the warning bit, and data."""
        answer = self.port.exchange(build_request(command, data), self.world)
        assert answer is not None, "the FN is silent"
        code, payload = parse_answer(answer)
        return code & 0x7F, payload

    def do(self, command: int, data: bytes = b"") -> bytes:
        """Data of a good answer."""
        code, payload = self.ask(command, data)
        assert code == FnCode.OK, (FnCommand(command).name, FnCode(code).name, payload)
        return payload

    def refused(self, command: int, data: bytes = b"") -> FnCode:
        """Code of a refusal, which must leave no trace."""
        before = self.fn.digest()
        code, _ = self.ask(command, data)
        assert code != FnCode.OK, f"{FnCommand(command).name} was accepted"
        assert self.fn.digest() == before, f"{FnCommand(command).name} was refused and left a trace"
        return FnCode(code)

    def dated(self) -> bytes:
        """DATE_TIME by the till's clock."""
        return pack_date_time(self.at)

    def registration(self, mode: WorkMode = WorkMode.NONE, tax_systems: int = 1, reason: int | None = None) -> bytes:
        """Arguments of 03h."""
        return Registration(self.at, INN, REGISTRATION_NUMBER, tax_systems, mode, reason).build()

    def register(self, mode: WorkMode = WorkMode.NONE, tax_systems: int = 1, data: bytes = REGISTRATION_DATA) -> None:
        """A first registration."""
        self.do(FnCommand.BEGIN_REGISTRATION, b"\0")
        self.do(FnCommand.ADD_DATA, data)
        self.do(FnCommand.REGISTER, self.registration(mode, tax_systems))

    def re_register(self, mode: WorkMode = WorkMode.NONE, tax_systems: int = 1) -> None:
        """A re-registration without FN replacement."""
        self.do(FnCommand.BEGIN_REGISTRATION, b"\2")
        self.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
        self.do(FnCommand.REGISTER, self.registration(mode, tax_systems, 4))

    def begin_open_shift(self) -> None:
        """11h and 07h."""
        self.do(FnCommand.BEGIN_OPEN_SHIFT, self.dated())
        self.do(FnCommand.ADD_DATA, SHIFT_DATA)

    def open_shift(self) -> ShiftResult:
        """A shift opened by the till's clock."""
        self.begin_open_shift()
        return ShiftResult.parse(self.do(FnCommand.OPEN_SHIFT))

    def begin_close_shift(self) -> None:
        """13h and 07h."""
        self.do(FnCommand.BEGIN_CLOSE_SHIFT, self.dated())
        self.do(FnCommand.ADD_DATA, CLOSE_SHIFT_DATA)

    def close_shift(self) -> ShiftResult:
        """A shift closed by the till's clock."""
        self.begin_close_shift()
        return ShiftResult.parse(self.do(FnCommand.CLOSE_SHIFT))

    def begin_receipt(self, total_kopecks: int = 10_000) -> None:
        """15h and 07h."""
        self.do(FnCommand.BEGIN_RECEIPT, self.dated())
        self.do(FnCommand.ADD_DATA, receipt_data(total_kopecks))

    def receipt(self, total_kopecks: int = 10_000, operation: Operation = Operation.SELL) -> bytes:
        """Arguments of 16h."""
        return CommitReceipt(self.at, operation, total_kopecks).build()

    def sell(self, total_kopecks: int = 10_000) -> ReceiptResult:
        """A receipt."""
        self.begin_receipt(total_kopecks)
        return ReceiptResult.parse(self.do(FnCommand.COMMIT_RECEIPT, self.receipt(total_kopecks)))

    def begin_correction(self, total_kopecks: int = 10_000) -> None:
        """17h and 07h."""
        self.do(FnCommand.BEGIN_CORRECTION, self.dated())
        self.do(FnCommand.ADD_DATA, correction_data(total_kopecks))

    def correct(self, total_kopecks: int = 10_000, operation: Operation = Operation.SELL) -> ReceiptResult:
        """A correction receipt."""
        self.begin_correction(total_kopecks)
        return ReceiptResult.parse(self.do(FnCommand.COMMIT_RECEIPT, self.receipt(total_kopecks, operation)))

    def settle(self) -> SettlementResult:
        """A report on the state of settlements by the till's clock."""
        self.do(FnCommand.BEGIN_SETTLEMENT, self.dated())
        self.do(FnCommand.ADD_DATA, SETTLEMENT_DATA)
        return SettlementResult.parse(self.do(FnCommand.COMMIT_SETTLEMENT))

    def begin_close_archive(self) -> None:
        """04h and 07h."""
        self.do(FnCommand.BEGIN_CLOSE_ARCHIVE)
        self.do(FnCommand.ADD_DATA, CLOSE_ARCHIVE_DATA)

    def closing(self) -> bytes:
        """Arguments of 05h."""
        return CloseArchive(self.at, REGISTRATION_NUMBER).build()

    def close_archive(self) -> None:
        """The end of the fiscal life."""
        self.begin_close_archive()
        self.do(FnCommand.CLOSE_ARCHIVE, self.closing())

    def cancel(self) -> None:
        """06h."""
        self.do(FnCommand.CANCEL_DOCUMENT)

    def status(self) -> FnStatus:
        """30h."""
        return FnStatus.parse(self.do(FnCommand.STATUS))

    def exchange_status(self) -> ExchangeStatus:
        """20h."""
        return ExchangeStatus.parse(self.do(FnCommand.EXCHANGE_STATUS))

    def read_message(self, block_bytes: int = 1024) -> bytes:
        """22h, 23h as often as it takes, 25h."""
        size = parse_word(self.do(FnCommand.BEGIN_MESSAGE))
        message = b""
        while len(message) < size:
            message += self.do(FnCommand.READ_MESSAGE, ReadMessage(len(message), block_bytes).build())
        self.do(FnCommand.END_MESSAGE)
        return message

    def confirmation(self, number: int, code: int = 0, message: int = 0) -> bytes:
        """What the OFD answers to the document of that number; ``message``: bits of 1206."""
        return make_confirmation(NUMBER, number, self.world, code, message)

    def send_one(self, code: int = 0, message: int = 0) -> None:
        """The head of the queue goes to the OFD and is confirmed."""
        number = self.exchange_status().number
        self.do(FnCommand.SET_TRANSPORT, b"\1")
        self.read_message()
        self.do(FnCommand.PUT_CONFIRMATION, self.confirmation(number, code, message))
        if self.status().phase is not Phase.ARCHIVE_READ:
            self.do(FnCommand.SET_TRANSPORT, b"\0")

    def send_all(self) -> None:
        """The whole queue."""
        while self.status().phase is not Phase.ARCHIVE_READ and self.exchange_status().unsent_documents:
            self.send_one()


def make_confirmation(fn_number: str, number: int, world: float, code: int = 0, message: int = 0) -> bytes:
    """The container of a confirmation with right signs."""
    sign, inn = ofd_sign(fn_number, number), "7704358518"
    document = confirmation.document(fn_number, number, inn, world, code, sign, message)
    return confirmation.build(
        fn_number, number, inn, world, code, sign, confirmation_sign(fn_number, document), message
    )
