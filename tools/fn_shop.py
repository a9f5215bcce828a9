"""A shop around an FN alone: shifts, receipts and the exchange with the OFD, as frames."""

from datetime import datetime, timedelta
from decimal import Decimal

from fn_model import FnPort
from kktsim.device.kkt import to_world
from kktsim.ofd.server import OfdServer
from protocol.ffd.tlv import Input, encode
from protocol.fn.answers import ExchangeStatus, parse_word
from protocol.fn.archive_answers import RegistrationResult
from protocol.fn.commands import FnCommand, Operation, pack_date_time
from protocol.fn.frame import MAX_DATA, build_request, parse_answer
from protocol.fn.requests import CommitReceipt, ReadMessage
from protocol.ofd import session

_CASHIER = encode(1209, 2) + encode(1021, "Иванова И.И.")
_VERSIONS = encode(1188, "3.0.5313") + encode(1189, 2)
_ITEM: list[tuple[int, Input]] = [
    (1030, "Чай чёрный байховый листовой"),
    (1079, 10_000),
    (1023, Decimal("1.000")),
    (1043, 10_000),
    (1199, 6),
    (1214, 4),
]
_SUMS = {1031: 50_000, 1081: 0, 1215: 0, 1216: 0, 1217: 0, 1105: 50_000}
_PLACE = encode(1009, "г. Москва, ул. Ленина, 1") + encode(1187, "Магазин")
_RECEIPT = b"".join((_CASHIER, _PLACE, encode(1059, _ITEM) * 5, *(encode(tag, value) for tag, value in _SUMS.items())))
"""Requisites of a receipt of five items, but the tax system."""


class FnShop:
    """A shop whose FN is registered and has its shift closed. ``at``: its clock."""

    def __init__(self, port: FnPort, at: datetime) -> None:
        self.port = port
        self.at = at
        self.ofd = OfdServer()
        systems = RegistrationResult.parse(self.do(FnCommand.REGISTRATION_RESULT)).details.tax_systems
        self.receipt = encode(1055, systems & -systems) + _RECEIPT

    def do(self, command: FnCommand, data: bytes = b"") -> bytes:
        """Data of a good answer; otherwise the shop gives up."""
        answer = self.port.exchange(build_request(command, data), to_world(self.at))
        if answer is None:
            raise SystemExit(f"the FN is silent at {command.name}")
        code, told = parse_answer(answer)
        if code & 0x7F:
            raise SystemExit(f"the FN answers {code & 0x7F:02X}h to {command.name}")
        return told

    def day(self, receipts: int) -> None:
        """A shift of so many receipts, five minutes apart, and everything sent at its end; then it is tomorrow."""
        tomorrow = self.at + timedelta(days=1)
        self.do(FnCommand.BEGIN_OPEN_SHIFT, pack_date_time(self.at))
        self.do(FnCommand.ADD_DATA, _CASHIER + _VERSIONS)
        self.do(FnCommand.OPEN_SHIFT)
        for _ in range(receipts):
            self.at += timedelta(minutes=5)
            self.do(FnCommand.BEGIN_RECEIPT, pack_date_time(self.at))
            self.do(FnCommand.ADD_DATA, self.receipt)
            self.do(FnCommand.COMMIT_RECEIPT, CommitReceipt(self.at, Operation.SELL, 50_000).build())
        self.do(FnCommand.BEGIN_CLOSE_SHIFT, pack_date_time(self.at))
        self.do(FnCommand.ADD_DATA, _CASHIER)
        self.do(FnCommand.CLOSE_SHIFT)
        self.send()
        self.at = tomorrow

    def send(self) -> None:
        """The whole queue."""
        self.do(FnCommand.SET_TRANSPORT, b"\1")
        while ExchangeStatus.parse(self.do(FnCommand.EXCHANGE_STATUS)).unsent_documents:
            size = parse_word(self.do(FnCommand.BEGIN_MESSAGE))
            message = b""
            while len(message) < size:
                message += self.do(FnCommand.READ_MESSAGE, ReadMessage(len(message), MAX_DATA).build())
            self.do(FnCommand.END_MESSAGE)
            number = self.do(FnCommand.NUMBER).decode("ascii")
            replies = self.ofd.connect().receive(session.build_message(number, message), to_world(self.at))
            if not replies or not replies[0].data:
                raise SystemExit("the OFD does not answer")
            self.do(FnCommand.PUT_CONFIRMATION, replies[0].data[session.HEADER_SIZE :])
        self.do(FnCommand.SET_TRANSPORT, b"\0")
