"""Every command of the FN in every place of its life: done, or refused with which code. The cells are `matrix_cells`.

A place is brought about by frames alone, and a cell is judged by the answer's code: whatever takes frames can be put
to the test. `Matrix` wants a till that stands before a fresh test FN.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from protocol.ffd.tlv import encode
from protocol.fn.commands import ExtendedMode, FnCommand, WorkMode
from protocol.fn.marking import CodeToCheck, ConfirmDumped
from protocol.fn.marking_codes import CodeType
from protocol.fn.requests import FullRegistration, ReadMessage, RegistrationRequisite
from tests.fn.fn_till import (
    CASHIER,
    CLOSE_ARCHIVE_DATA,
    CLOSE_SHIFT_DATA,
    INN,
    PLACE,
    REGISTRATION_DATA,
    REGISTRATION_NUMBER,
    SHIFT_DATA,
    USER,
    VERSIONS,
    Till,
    correction_data,
    receipt_data,
)

C = FnCommand
NEVER_SENT = encode(1203, "500100732259")
"""A requisite that every document takes and that no place has brought."""
FULL_REGISTRATION_DATA = USER + VERSIONS + CASHIER + PLACE + encode(1013, "00307900000001")
FFD_1_1 = b"\3"
RE_REGISTRATIONS = frozenset({"Cr", "Dr"})
FULL_RE_REGISTRATIONS = frozenset({"Cq"})


class Cells(NamedTuple):
    """A block of cells: labels of requests by place, and the expected code or «+»."""

    places: tuple[str, ...]
    rows: dict[str, dict[str, str]]

    @classmethod
    def parse(cls, text: str) -> "Cells":
        """Places in the first line; then «labels : cells» a line, bars are for the eye."""
        head, *lines = (line.replace("|", " ") for line in text.strip().splitlines())
        places = tuple(head.split())
        rows: dict[str, dict[str, str]] = {}
        for line in lines:
            labels, _, cells = line.partition(" : ")
            for label in labels.split():
                assert label not in rows, f"{label} stands twice"
                rows[label] = dict(zip(places, cells.split(), strict=True))
        return cls(places, rows)


# ---- places


def _begun(command: FnCommand, argument: bytes | None, data: bytes) -> Callable[[Till], None]:
    """A document begun by a command, dated by the till when there is no other argument, with data or without."""

    def begin(till: Till) -> None:
        till.do(command, till.dated() if argument is None else argument)
        if data:
            till.do(C.ADD_DATA, data)

    return begin


def _confirmed(till: Till) -> None:
    till.register()
    till.send_all()
    till.settle()


def _read_only(till: Till) -> None:
    till.close_archive()
    till.send_all()


def _transport(till: Till) -> None:
    till.do(C.SET_TRANSPORT, b"\1")


def _reading(till: Till) -> None:
    till.do(C.BEGIN_MESSAGE)


def _waiting(till: Till) -> None:
    till.read_message()


def _nothing(till: Till) -> None:
    """A place that is one already."""


_OPENING = _begun(C.BEGIN_OPEN_SHIFT, None, SHIFT_DATA)
_RECEIPT = _begun(C.BEGIN_RECEIPT, None, receipt_data())
_CORRECTION = _begun(C.BEGIN_CORRECTION, None, correction_data())
_CLOSING = _begun(C.BEGIN_CLOSE_SHIFT, None, CLOSE_SHIFT_DATA)
_SETTLING = _begun(C.BEGIN_SETTLEMENT, None, b"")

WAYS: dict[str, tuple[Callable[[Till], object], ...]] = {
    "U": (_nothing,),
    "Ur": (_begun(C.BEGIN_REGISTRATION, b"\0", REGISTRATION_DATA),),
    "Uf": (_begun(C.BEGIN_REGISTRATION, b"\1", REGISTRATION_DATA),),
    "Uq": (_begun(C.BEGIN_FULL_REGISTRATION, b"\0" + FFD_1_1, FULL_REGISTRATION_DATA),),
    "C": (Till.register,),
    "Cr": (Till.register, _begun(C.BEGIN_REGISTRATION, b"\2", REGISTRATION_DATA)),
    "Co": (Till.register, _OPENING),
    "Cs": (Till.register, _SETTLING),
    "Ca": (Till.register, _begun(C.BEGIN_CLOSE_ARCHIVE, b"", CLOSE_ARCHIVE_DATA)),
    "Cq": (_confirmed, _begun(C.BEGIN_FULL_REGISTRATION, b"\2" + FFD_1_1, FULL_REGISTRATION_DATA)),
    "O": (Till.register, Till.open_shift),
    "Or": (Till.register, Till.open_shift, _RECEIPT),
    "Ok": (Till.register, Till.open_shift, _CORRECTION),
    "Oc": (Till.register, Till.open_shift, _CLOSING),
    "Os": (Till.register, Till.open_shift, _SETTLING),
    "P": (Till.register, Till.close_archive),
    "Ps": (Till.register, Till.close_archive, _SETTLING),
    "R": (Till.register, _read_only),
    # the same documents without data
    "Du": (_begun(C.BEGIN_REGISTRATION, b"\0", b""),),
    "Dr": (Till.register, _begun(C.BEGIN_REGISTRATION, b"\2", b"")),
    "Do": (Till.register, _begun(C.BEGIN_OPEN_SHIFT, None, b"")),
    "De": (Till.register, Till.open_shift, _begun(C.BEGIN_RECEIPT, None, b"")),
    "Dk": (Till.register, Till.open_shift, _begun(C.BEGIN_CORRECTION, None, b"")),
    "Dc": (Till.register, Till.open_shift, _begun(C.BEGIN_CLOSE_SHIFT, None, b"")),
    "Ds": (Till.register, _begun(C.BEGIN_SETTLEMENT, None, b"")),
    "Da": (Till.register, _begun(C.BEGIN_CLOSE_ARCHIVE, b"", b"")),
    # the exchange with the OFD, in a fiscal FN and in a closed one
    "Xt": (Till.register, _transport),
    "Xr": (Till.register, _transport, _reading),
    "Xw": (Till.register, _transport, _waiting),
    "Xe": (Till.register, Till.send_all, _transport),
    "Pt": (Till.register, Till.close_archive, _transport),
    "Pr": (Till.register, Till.close_archive, _transport, _reading),
    "Pw": (Till.register, Till.close_archive, _transport, _waiting),
    # listings
    "Ld": (Till.register, _begun(C.BEGIN_DOCUMENT_TLV, b"\1\0\0\0", b"")),
    "Lr": (Till.register, _begun(C.REGISTRATION_REQUISITE, RegistrationRequisite(0xFFFF).build(), b"")),
}
"""How a fresh FN gets to a place. Phase 1: U; phase 3: C shift closed, O open, D without data; phase 7: P; 15: R.

The second letter is the begun document: r registration (in a shift: receipt), f replacement of the FN, q registration
by A2h, o shift opening, k correction, c shift closing, s settlements, a archive closing; of X and P: t transport
up, r reading a message, w waiting for its confirmation, e nothing to send.
"""


# ---- requests


def _plain(data: bytes = b"") -> Callable[[Till, str], bytes]:
    return lambda till, place: data


def _dated(till: Till, place: str) -> bytes:
    return till.dated()


def _registration(till: Till, place: str) -> bytes:
    return till.registration(reason=4 if place in RE_REGISTRATIONS else None)


def _full_registration(till: Till, place: str) -> bytes:
    reasons = 1 << 3 if place in FULL_RE_REGISTRATIONS else None
    modes = WorkMode.NONE, ExtendedMode.NONE
    return FullRegistration(till.at, INN, REGISTRATION_NUMBER, 1, *modes, "7704358518", reasons).build()


def _confirmation(till: Till, place: str) -> bytes:
    return till.confirmation(1)


_FIRST_DOCUMENT = b"\1\0\0\0"
Request = tuple[FnCommand, Callable[[Till, str], bytes]]

REQUESTS: dict[str, Request] = {
    "02:0": (C.BEGIN_REGISTRATION, _plain(b"\0")),
    "02:1": (C.BEGIN_REGISTRATION, _plain(b"\1")),
    "02:2": (C.BEGIN_REGISTRATION, _plain(b"\2")),
    "03": (C.REGISTER, _registration),
    "04": (C.BEGIN_CLOSE_ARCHIVE, _plain()),
    "05": (C.CLOSE_ARCHIVE, lambda till, place: till.closing()),
    "06": (C.CANCEL_DOCUMENT, _plain()),
    "07": (C.ADD_DATA, _plain(NEVER_SENT)),
    "10": (C.SHIFT_PARAMETERS, _plain()),
    "11": (C.BEGIN_OPEN_SHIFT, _dated),
    "12": (C.OPEN_SHIFT, _plain()),
    "13": (C.BEGIN_CLOSE_SHIFT, _dated),
    "14": (C.CLOSE_SHIFT, _plain()),
    "15": (C.BEGIN_RECEIPT, _dated),
    "16": (C.COMMIT_RECEIPT, lambda till, place: till.receipt()),
    "17": (C.BEGIN_CORRECTION, _dated),
    "18": (C.BEGIN_SETTLEMENT, _dated),
    "19": (C.COMMIT_SETTLEMENT, _plain()),
    "20": (C.EXCHANGE_STATUS, _plain()),
    "21": (C.SET_TRANSPORT, _plain(b"\0")),
    "22": (C.BEGIN_MESSAGE, _plain()),
    "23": (C.READ_MESSAGE, _plain(ReadMessage(0, 16).build())),
    "24": (C.CANCEL_MESSAGE, _plain()),
    "25": (C.END_MESSAGE, _plain()),
    "26": (C.PUT_CONFIRMATION, _confirmation),
    "30": (C.STATUS, _plain()),
    "31": (C.NUMBER, _plain()),
    "32": (C.TERM, _plain()),
    "33": (C.VERSION, _plain()),
    "34": (C.REMAINING_LIFE, _plain()),
    "35": (C.DIAGNOSTICS, _plain()),
    "36": (C.TOTALS, _plain(b"\0")),
    "37": (C.OPERATION_TOTALS, _plain(b"\1")),
    "38": (C.SETTLEMENT_TOTALS, _plain(b"\0\1")),
    "39": (C.UNSENT_TOTALS, _plain()),
    "3A": (C.FFD_VERSIONS, _plain()),
    "3B": (C.DAYS_LEFT, _dated),
    "3D": (C.ROOM_LEFT, _plain()),
    "3F": (C.EXECUTION, _plain()),
    "40": (C.FIND_DOCUMENT, _plain(_FIRST_DOCUMENT)),
    "41": (C.FIND_CONFIRMATION, _plain(_FIRST_DOCUMENT)),
    "42": (C.UNSENT_COUNT, _plain()),
    "43": (C.REGISTRATION_RESULT, _plain()),
    "44": (C.REGISTRATION_REQUISITE, _plain(RegistrationRequisite(1048).build())),
    "45": (C.BEGIN_DOCUMENT_TLV, _plain(_FIRST_DOCUMENT)),
    "46": (C.NEXT_DOCUMENT_TLV, _plain()),
    "47": (C.NEXT_REGISTRATION_TLV, _plain()),
    "50": (C.FIND_DOCUMENT_WITH_FORMAT, _plain(_FIRST_DOCUMENT)),
    "60": (C.RESET, _plain(b"\x16")),
    "A2:0": (C.BEGIN_FULL_REGISTRATION, _plain(b"\0" + FFD_1_1)),
    "A2:1": (C.BEGIN_FULL_REGISTRATION, _plain(b"\1" + FFD_1_1)),
    "A2:2": (C.BEGIN_FULL_REGISTRATION, _plain(b"\2" + FFD_1_1)),
    "A3": (C.REGISTER_FULLY, _full_registration),
    "A7": (C.DATA_RECEIVED, _plain()),
    "AB": (C.SET_SPEED, _plain((115_200).to_bytes(4, "little"))),
    "B0": (C.MARKING_STATUS, _plain()),
    "B1": (C.CHECK_CODE, _plain(CodeToCheck(CodeType.CHECK_4_NOT_BY_FN, b"code1").build())),
    "B2": (C.KEEP_CODE, _plain(b"\1")),
    "B3": (C.FORGET_CODES, _plain()),
    "B5": (C.BUILD_CODE_REQUEST, lambda till, place: till.dated() + NEVER_SENT),
    "B6": (C.PUT_CODE_ANSWER, _plain(NEVER_SENT)),
    "B7": (C.ADD_CODE_DATA, _plain(b"\1" + NEVER_SENT)),
    "BA": (C.NOTIFICATION_STATUS, _plain()),
    "BB": (C.BEGIN_NOTIFICATION, _plain()),
    "BC": (C.READ_NOTIFICATION, _plain(ReadMessage(0, 16).build())),
    "BD": (C.CANCEL_NOTIFICATION, _plain()),
    "BE": (C.END_NOTIFICATION, _plain()),
    "BF": (C.PUT_NOTIFICATION_ANSWER, _plain(NEVER_SENT)),
    "D0": (C.BUILD_KEY_REQUEST, _dated),
    "D1": (C.PUT_KEY_ANSWER, _plain(NEVER_SENT)),
    "D3": (C.BEGIN_NOTIFICATION_DUMP, _plain(b"\1")),
    "D4": (C.SELECT_DUMPED_NOTIFICATION, _plain(b"\0")),
    "D5": (C.READ_DUMPED_NOTIFICATION, _plain(ReadMessage(0, 16).build())),
    "D6": (C.CONFIRM_DUMPED_NOTIFICATION, _plain(ConfirmDumped(1, 1, 0).build())),
    "D7": (C.KEY_SERVICE, _plain(b"\0")),
}
"""A request of every command, right for every place it can be right for, by label: the command, and its kind."""

LEAVE_THINGS_AS_THEY_ARE = frozenset({"30", "31", "32", "33", "34", "35", "3A", "3D", "3F", "40", "41", "42"})
"""Requests after which the FN still stands in its place."""


class Matrix:
    """The cells of one FN, judged in place after place."""

    def __init__(self, till: Till) -> None:
        self._till = till

    def bring(self, place: str) -> None:
        """Let the FN begin its life anew, and lead it to that place."""
        self._till.do(C.RESET, b"\x16")
        for step in WAYS[place]:
            step(self._till)

    def codes(self, place: str, labels: Iterable[str]) -> dict[str, str]:
        """What the FN answers to each request there: «+» or the code in hex."""
        found: dict[str, str] = {}
        is_there = False
        for label in labels:
            if not is_there:
                self.bring(place)
            command, data = REQUESTS[label]
            code, _ = self._till.ask(command, data(self._till, place))
            found[label] = f"{code:02X}" if code else "+"
            is_there = code != 0 or label in LEAVE_THINGS_AS_THEY_ARE
        return found
