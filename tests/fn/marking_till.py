"""A till that sells goods with codes, and plays the ОИСМ and the key service as well."""

from typing import Any

from fn_model.sign import confirmation_sign, keys_sign
from protocol.ffd.tlv import encode, tlv
from protocol.fn.answers import ShiftResult
from protocol.fn.commands import ExtendedMode, FnCommand, WorkMode
from protocol.fn.marking import (
    CodeCheck,
    CodeRequest,
    CodeToCheck,
    CodeVerdict,
    KeyAnswer,
    KeyRequest,
    MarkingStatus,
    NotificationStatus,
)
from protocol.fn.marking_codes import CheckFlag, CodeType, GoodsData, KeyAnswerKind
from protocol.ofd import container
from tests.fn.fn_till import CASHIER, NUMBER
from tests.fn.full_till import FullTill, item, versions

HEAD = b"0104607809591508215Qbag!\x1d91EE06\x1d92"
KEY_OFFSET, CHECK_OFFSET = HEAD.index(b"\x1d91") + 3, len(HEAD)
REQUEST_DATA = encode(2003, 1) + encode(2102, 0)


def code(number: int = 0, tail: bytes = b"") -> CodeToCheck:
    """A code that an FN can check. ``tail``: its check code."""
    tail = tail or b"%043d=" % number
    return CodeToCheck(CodeType.CHECK_44, HEAD + tail, KEY_OFFSET, CHECK_OFFSET)


def goods(data: bytes) -> bytes:
    """TLV 2007 of a code."""
    return tlv(2007, tlv(2000, data) + encode(2100, 4) + encode(2110, 1))


def oism_answer(kind: int, number: int, *parts: bytes, fn_number: str = NUMBER, sign: bytes | None = None) -> bytes:
    """The container of an answer (83, 84) to the message of that number."""
    number_tag = encode(2001 if kind == 83 else 2002, number)
    document = tlv(kind, encode(1041, fn_number) + number_tag + b"".join(parts))
    good = confirmation_sign(fn_number, document)
    return container.build_document(fn_number, number, document, good if sign is None else sign)


class MarkingTill(FullTill):
    """Host end of an FN-1.1M that is registered for marked goods."""

    def __init__(self, model: str = "fn-1-1m-15", **settings: Any) -> None:
        super().__init__(model, **settings)

    def register_marked(self, mode: WorkMode = WorkMode.NONE) -> None:
        """A first registration with the marking flag."""
        self.register_fully(work_mode=mode, extended_mode=ExtendedMode.MARKED_GOODS)

    def open_shift(self) -> ShiftResult:
        """A shift opened by the till's clock."""
        self.do(FnCommand.BEGIN_OPEN_SHIFT, self.dated())
        self.do(FnCommand.ADD_DATA, encode(1209, self.ffd) + versions(self.ffd) + CASHIER)
        return ShiftResult.parse(self.do(FnCommand.OPEN_SHIFT))

    def close_shift(self) -> ShiftResult:
        """A shift closed by the till's clock."""
        self.do(FnCommand.BEGIN_CLOSE_SHIFT, self.dated())
        self.do(FnCommand.ADD_DATA, encode(1209, self.ffd) + CASHIER)
        return ShiftResult.parse(self.do(FnCommand.CLOSE_SHIFT))

    def update_keys(self) -> None:
        """D0h, and the answer of a key service that has keys."""
        request = KeyRequest.parse(self.do(FnCommand.BUILD_KEY_REQUEST, self.dated()))
        sign = keys_sign(NUMBER, request.number)
        self.do(FnCommand.PUT_KEY_ANSWER, KeyAnswer(KeyAnswerKind.KEYS, request.number, sign).build())

    def marking_status(self) -> MarkingStatus:
        """B0h."""
        return MarkingStatus.parse(self.do(FnCommand.MARKING_STATUS))

    def check(self, one: CodeToCheck | None = None) -> CodeCheck:
        """B1h."""
        return CodeCheck.parse(self.do(FnCommand.CHECK_CODE, (one or code()).build()))

    def ask_oism(self) -> bytes:
        """B5h: the request."""
        return self.do(FnCommand.BUILD_CODE_REQUEST, CodeRequest(self.at, REQUEST_DATA).build())

    def answer_oism(self, status: int = 1, request_code: int = 0) -> CodeVerdict:
        """B6h: 2105 and 2109 of the last request."""
        number = self.fn.state.marking.requests
        data = oism_answer(83, number, encode(2105, request_code), encode(2109, status))
        return CodeVerdict.parse(self.do(FnCommand.PUT_CODE_ANSWER, data))

    def keep(self) -> CheckFlag:
        """B2h with 1."""
        return CodeVerdict.parse(self.do(FnCommand.KEEP_CODE, b"\1")).result

    def keep_code(self, number: int = 0) -> CodeToCheck:
        """A code checked by the FN alone, and kept."""
        one = code(number)
        self.check(one)
        self.keep()
        return one

    def add(self, kind: GoodsData, data: bytes) -> None:
        """B7h."""
        self.do(FnCommand.ADD_CODE_DATA, bytes((kind,)) + data)

    def begin_marked(self, *codes: CodeToCheck) -> None:
        """15h, 07h and B7h for each code; the total is 100.00 in all."""
        self.begin_sale(item(t1043=0)) if codes else self.begin_sale()
        for one in codes:
            self.add(GoodsData.GOODS, goods(one.code))
            self.add(GoodsData.ITEM, item(t1212=33))

    def sell_marked(self, number: int = 0) -> None:
        """A receipt with one marked item."""
        one = self.keep_code(number)
        self.begin_marked(one)
        self.do(FnCommand.COMMIT_RECEIPT, self.receipt())

    def notifications(self) -> NotificationStatus:
        """BAh."""
        return NotificationStatus.parse(self.do(FnCommand.NOTIFICATION_STATUS))


def selling() -> MarkingTill:
    """Registered for marked goods, with keys, in an open shift."""
    till = MarkingTill()
    till.register_marked()
    till.update_keys()
    till.open_shift()
    return till
