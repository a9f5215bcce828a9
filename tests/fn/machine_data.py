"""What the till of the FN's machine says: requisites of documents, arguments, questions, and what may be wrong."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from fn_model import FnFault
from fn_model.sign import confirmation_sign, ofd_sign
from protocol.ffd.tlv import encode
from protocol.fn.commands import ExtendedMode, FnCommand, Operation, WorkMode
from protocol.fn.requests import CommitReceipt, FullRegistration
from protocol.ofd import confirmation
from tests.fn.fn_till import (
    CLOSE_ARCHIVE_DATA,
    CLOSE_SHIFT_DATA,
    FFD,
    INN,
    NUMBER,
    REGISTRATION_DATA,
    REGISTRATION_NUMBER,
    SETTLEMENT_DATA,
    SHIFT_DATA,
    Till,
    correction_data,
    make_confirmation,
    receipt_data,
)
from tests.fn.full_till import item, report_data
from tests.fn.ledger import ARCHIVE_DOCUMENTS, Ledger
from tests.fn.ledger_bytes import split, u16, u32
from tests.fn.ledger_commands import COMMANDS

C = FnCommand
OFD_INN, NO_OFD_INN = b"7704358518  ", b"000000000000"
MODES = st.sampled_from([WorkMode.NONE, WorkMode.NONE, WorkMode.AUTONOMOUS, WorkMode.STRICT_FORM])
ENDS = {
    C.BEGIN_REGISTRATION: C.REGISTER,
    C.BEGIN_FULL_REGISTRATION: C.REGISTER_FULLY,
    C.BEGIN_OPEN_SHIFT: C.OPEN_SHIFT,
    C.BEGIN_RECEIPT: C.COMMIT_RECEIPT,
    C.BEGIN_CORRECTION: C.COMMIT_RECEIPT,
    C.BEGIN_SETTLEMENT: C.COMMIT_SETTLEMENT,
    C.BEGIN_CLOSE_SHIFT: C.CLOSE_SHIFT,
    C.BEGIN_CLOSE_ARCHIVE: C.CLOSE_ARCHIVE,
}
FAULTS = {
    "silent": FnFault.SILENT_ON_SIGNING,
    "crypto": FnFault.CRYPTO_FAILED,
    "failed": FnFault.FAILED,
}
FLAWS = (0, 1, 3, 4, 5, 7)
"""What a confirmation may have wrong, by the byte behind code 20h: nothing, sign, document, FN, check sum, length."""
FLAWED_DATA: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "cut": lambda data: data[:-1],
    "formed": lambda data: encode(1040, 1) + data,
    "long": lambda data: u16(1021) + u16(65) + bytes(65) + data,
    "poor": lambda data: data[:5],
}
"""What may be wrong with the data of 07h; all but the first two only where the FN looks into them."""
LATER = st.sampled_from([0, 0, 0, 0, 4, 6, -4, -6, -59, -61])
"""Minutes by which a date differs from the till's clock."""
PAUSES = st.sampled_from([1, 7, 60, 300, *(1440 * days for days in (1, 3, 15, 31, 200, 400))])
"""Minutes."""


PLACES = st.integers(0, ARCHIVE_DOCUMENTS + 2).map(u32)
_EXCHANGE = (
    *((C.SET_TRANSPORT, bytes((is_up,))) for is_up in (0, 1, 1, 2)),
    *((command, b"") for command in (C.BEGIN_MESSAGE, C.CANCEL_MESSAGE, C.END_MESSAGE)),
    *((C.READ_MESSAGE, u16(offset) + u16(size)) for offset, size in ((0, 64), (16, 2000), (5000, 16))),
)
_QUESTIONS = (
    st.tuples(st.sampled_from([C.NUMBER, C.TERM, C.FFD_VERSIONS, C.ROOM_LEFT]), st.just(b""))
    | st.tuples(st.sampled_from([C.FIND_DOCUMENT, C.FIND_CONFIRMATION, C.BEGIN_DOCUMENT_TLV]), PLACES)
    | st.tuples(st.just(C.REGISTRATION_RESULT), st.sampled_from([b"", *(bytes((place,)) for place in range(5))]))
    | st.tuples(st.sampled_from([C.TOTALS, C.OPERATION_TOTALS]), st.just(b"\2"))
)


def _step(name: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries(arguments))


def _ask(asked: st.SearchStrategy[tuple[FnCommand, bytes]]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return asked.map(lambda pair: ("ask", {"command": pair[0], "data": pair[1]}))


STEPS = st.one_of(
    _step("begin", command=st.sampled_from(list(ENDS)), kind=st.integers(0, 2), minutes=LATER, ffd=st.integers(1, 5)),
    _step("add_data", flaw=st.sampled_from(["", "", *FLAWED_DATA]), total=st.integers(0, 1 << 40)),
    _step(
        "form",
        command=st.sampled_from(list(dict.fromkeys(ENDS.values()))),
        mode=MODES,
        operation=st.sampled_from(Operation),
        total=st.integers(0, (1 << 40) - 1),
        minutes=LATER,
        is_same=st.booleans(),
    ),
    _step("cancel"),
    _ask(st.sampled_from(_EXCHANGE)),
    _step("confirm", flaw=st.sampled_from(FLAWS)),
    _step("set_the_clock", minutes=st.sampled_from([-120, -10, -1, 1, 10, 120])),
    _step("cut_the_power"),
    _step("break_and_mend", fault=st.sampled_from(list(FAULTS))),
    _step("go_on_with_a_fork"),
    _step("reset", argument=st.sampled_from([0, 0x16])),
    _ask(_QUESTIONS),
    _step("question_of_the_registration", days=st.integers(0, 500), tag=st.sampled_from([1021, 1048, 1209, 1102])),
    _step("ask_with_a_wrong_length", command=st.sampled_from(list(COMMANDS)), size=st.integers(0, 60)),
)
"""What goes on between documents made at one go: a method of the machine and its arguments."""


class Edge(NamedTuple):
    """A moment at which a rule of time begins or ends, and what to try there.

    ``moment``: by ledger and world seconds. ``command``: begins a document. ``in_shift``: whether a shift must be open
    before; None: as it is. ``is_earliest``: what comes before the moment is refused, otherwise what comes after it.
    ``by_clock``: the till's clock is set, and the world stays.
    """

    moment: Callable[[Ledger, float], datetime | None]
    command: FnCommand
    in_shift: bool | None = None
    is_earliest: bool = False
    by_clock: bool = False


def _since(documents: list[dict[str, Any]], **age: float) -> datetime | None:
    """So long after the last of some documents."""
    return documents[-1]["at"] + timedelta(**age) if documents else None


def _end(ledger: Ledger, days: int) -> datetime | None:
    """The beginning of the day that is so many days behind the end of the term."""
    end = ledger.expires_on
    return datetime(end.year, end.month, end.day) + timedelta(days=days) if end else None


def _first_day(ledger: Ledger, days: int) -> datetime | None:
    """The beginning of the day that is so many days behind that of the head of the queue."""
    head = _since(ledger.queue[:1], days=days)
    return head and head.replace(hour=0, minute=0)


def _timer(ledger: Ledger, world: float) -> datetime | None:
    return ledger.timer and ledger.timer[0] + timedelta(seconds=world - ledger.timer[1])


def _ahead(minutes: int) -> Callable[[Ledger, float], datetime | None]:
    def moment(ledger: Ledger, world: float) -> datetime | None:
        now = _timer(ledger, world)
        return now and now + timedelta(minutes=minutes)

    return moment


EDGES: dict[str, Edge] = {
    "an hour behind": Edge(
        lambda ledger, _: _since(ledger.documents, hours=-1), C.BEGIN_OPEN_SHIFT, in_shift=False, is_earliest=True
    ),
    "the last document": Edge(lambda ledger, _: _since(ledger.documents), C.BEGIN_SETTLEMENT, is_earliest=True),
    "a day of the shift": Edge(
        lambda ledger, _: ledger.shift["opened_at"] + timedelta(days=1), C.BEGIN_RECEIPT, in_shift=True
    ),
    "five minutes ahead": Edge(_ahead(5), C.BEGIN_RECEIPT, in_shift=True, by_clock=True),
    "five minutes behind": Edge(_ahead(-5), C.BEGIN_RECEIPT, in_shift=True, is_earliest=True, by_clock=True),
    "two days unsent": Edge(lambda ledger, _: _since(ledger.queue[:1], days=2), C.BEGIN_SETTLEMENT),
    "thirty days unsent": Edge(lambda ledger, _: _first_day(ledger, 31), C.BEGIN_CLOSE_SHIFT, in_shift=True),
    "thirty days whole": Edge(lambda ledger, _: _since(ledger.documents[1:3], days=30), C.BEGIN_SETTLEMENT),
    "the term": Edge(lambda ledger, _: _end(ledger, 1), C.BEGIN_CLOSE_SHIFT, in_shift=True),
    "the term of a shift": Edge(lambda ledger, _: _end(ledger, 1), C.BEGIN_OPEN_SHIFT, in_shift=False),
    "thirty days of the term": Edge(lambda ledger, _: _end(ledger, -30), C.BEGIN_SETTLEMENT),
    "three days of the term": Edge(lambda ledger, _: _end(ledger, -3), C.BEGIN_SETTLEMENT),
}
"""Every rule of time."""


def data_of(ledger: Ledger, total: int, tax_system: int, mode: WorkMode) -> bytes:
    """Requisites that the KKT brings to the begun document."""
    begun = ledger.begun
    kind, ffd = (begun["kind"], begun["ffd"]) if begun else (2, 2)
    if kind in (1, 11):
        told = REGISTRATION_DATA if ffd == 2 else report_data(ffd)
        return told.replace(OFD_INN, NO_OFD_INN) if mode is WorkMode.AUTONOMOUS else told
    fixed = {2: SHIFT_DATA, 5: CLOSE_SHIFT_DATA, 6: CLOSE_ARCHIVE_DATA, 21: SETTLEMENT_DATA}
    data = fixed.get(kind) or (receipt_data if kind in (3, 4) else correction_data)(total, tax_system)
    more = item(t1043=total, t1079=total) if kind in (31, 41) and ffd > 2 else b""
    return data.replace(FFD, encode(1209, ffd)) + more


def arguments_of(
    command: FnCommand, till: Till, ledger: Ledger, mode: WorkMode, operation: Operation, total: int, is_same: bool
) -> bytes:
    """What follows the date in a forming command. ``is_same``: with the numbers of the first report."""
    number = REGISTRATION_NUMBER if is_same else REGISTRATION_NUMBER[:-1] + "1"
    reasons = None if ledger.begun and ledger.begun["kind"] == 1 else 1 << 7
    full = FullRegistration(till.at, INN, number, 1, mode, ExtendedMode.NONE, "7704358518", reasons)
    arguments = {
        C.REGISTER: till.registration(mode, reason=4 if ledger.reports else None)[5:],
        C.REGISTER_FULLY: full.build()[5:],
        C.COMMIT_RECEIPT: CommitReceipt(till.at, operation, total).build()[5:],
        C.CLOSE_ARCHIVE: number.encode().ljust(20),
    }
    return arguments.get(command, b"").replace(REGISTRATION_NUMBER.encode(), number.encode())


def confirmation_of(head: int, world: float, flaw: int) -> bytes:
    """The container of a confirmation of document ``head``, with one of `FLAWS`."""
    data = make_confirmation(NUMBER[:-1] + "9" if flaw == 4 else NUMBER, head + (flaw == 3), world)
    if flaw == 1:
        told = (NUMBER, head, "7704358518", world, 0, ofd_sign(NUMBER, head))
        return confirmation.build(*told, confirmation_sign(NUMBER, b"another document"))
    return {5: data[:-1] + bytes((data[-1] ^ 1,)), 7: data[:-1]}.get(flaw, data)


def is_coherent(document: dict[str, Any]) -> bool:
    """Whether what the KKT told in 07h is whole, and agrees with what it told in the last command."""
    told = dict(split(document["data"]))
    if "report" in document:
        report = document["report"]
        return report["ffd"] > 2 or report["is_autonomous"] is (told[1017] == NO_OFD_INN)
    if 1209 not in told:
        return False
    return "operation" not in document or document["total"] == int.from_bytes(told.get(1031, b""), "little")
