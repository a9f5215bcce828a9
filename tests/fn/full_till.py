"""A till that registers by A2h and A3h, and makes documents under FFD 1.1 and 1.2."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from fn_model import load_model
from protocol.ffd.formats import FFD_1_2
from protocol.ffd.tlv import Input, encode
from protocol.fn.commands import ExtendedMode, FnCommand, RegistrationType, WorkMode
from protocol.fn.requests import BeginFullRegistration, FullRegistration
from tests.fn.fn_till import CASHIER, INN, PLACE, REGISTRATION_NUMBER, USER, Till

OFD_INN = "7704358518"
SERIAL_NUMBER = encode(1013, "00307900000001")
OFD_NAME = encode(1046, "ОФД")


def versions(ffd: int) -> bytes:
    """Firmware and format of the KKT."""
    return encode(1188, "3.0.5313") + encode(1189, ffd)


def report_data(ffd: int) -> bytes:
    """Requisites that the KKT brings to a report of A3h."""
    return USER + versions(ffd) + CASHIER + PLACE + SERIAL_NUMBER + OFD_NAME


def item(**changes: Input | None) -> bytes:
    """One item for 100.00; ``changes``: values by tag, as ``t1212=33``; a tag with None is left out."""
    parts: dict[int, Any] = {1030: "Чай", 1079: 10_000, 1023: Decimal(1), 1043: 10_000, 1199: 6, 1214: 4}
    parts |= {int(tag[1:]): value for tag, value in changes.items()}
    return encode(1059, [(tag, value) for tag, value in parts.items() if value is not None])


def receipt(ffd: int, *items: bytes, **changes: Any) -> bytes:
    """Requisites of a receipt for 100.00 paid in cash."""
    parts: dict[int, Any] = {1055: 1, 1031: 10_000, 1081: 0, 1215: 0, 1216: 0, 1217: 0, 1105: 10_000}
    parts |= {int(tag[1:]): value for tag, value in changes.items()}
    told = b"".join(encode(tag, value) for tag, value in parts.items() if value is not None)
    return encode(1209, ffd) + CASHIER + PLACE + told + b"".join(items or (item(),))


class FullTill(Till):
    """Host end of an FN that knows A2h and A3h."""

    def __init__(self, model: str = "fn-1-1m-15", ffd: int = FFD_1_2, **settings: Any) -> None:
        super().__init__(load_model(model), **settings)
        self.ffd = ffd

    def full_registration(self, **changes: Any) -> FullRegistration:
        """Arguments of A3h."""
        good = FullRegistration(self.at, INN, REGISTRATION_NUMBER, 1, WorkMode.NONE, ExtendedMode.NONE, OFD_INN)
        return replace(good, **changes)

    def begin_fully(self, kind: RegistrationType = RegistrationType.REGISTRATION) -> None:
        """A2h and 07h."""
        self.do(FnCommand.BEGIN_FULL_REGISTRATION, BeginFullRegistration(kind, self.ffd).build())
        self.do(FnCommand.ADD_DATA, report_data(self.ffd))

    def register_fully(self, **changes: Any) -> None:
        """A first registration."""
        self.begin_fully()
        self.do(FnCommand.REGISTER_FULLY, self.full_registration(**changes).build())

    def re_register_fully(self, **changes: Any) -> None:
        """A re-registration without FN replacement, for other tax systems unless told otherwise."""
        self.begin_fully(RegistrationType.RE_REGISTRATION)
        self.do(FnCommand.REGISTER_FULLY, self.full_registration(**{"reasons": 1 << 7} | changes).build())

    def begin_sale(self, *items: bytes, **changes: Any) -> None:
        """15h and 07h in a receipt of this format."""
        self.do(FnCommand.BEGIN_RECEIPT, self.dated())
        self.do(FnCommand.ADD_DATA, receipt(self.ffd, *items, **changes))

    def shift_documents(self) -> None:
        """A shift with one receipt, from its opening to its closing."""
        self.do(FnCommand.BEGIN_OPEN_SHIFT, self.dated())
        self.do(FnCommand.ADD_DATA, encode(1209, self.ffd) + versions(self.ffd) + CASHIER)
        self.do(FnCommand.OPEN_SHIFT)
        self.begin_sale()
        self.do(FnCommand.COMMIT_RECEIPT, self.receipt())
        self.do(FnCommand.BEGIN_CLOSE_SHIFT, self.dated())
        self.do(FnCommand.ADD_DATA, encode(1209, self.ffd) + CASHIER)
        self.do(FnCommand.CLOSE_SHIFT)

    def settle_fully(self) -> None:
        """A report on the state of settlements in this format."""
        self.do(FnCommand.BEGIN_SETTLEMENT, self.dated())
        self.do(FnCommand.ADD_DATA, encode(1209, self.ffd))
        self.do(FnCommand.COMMIT_SETTLEMENT)
