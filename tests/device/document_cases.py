"""Every command that makes a document, as a table: how a till comes to it, and how two tills are compared."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

import pytest

from kktsim.bench import Bench
from kktsim.device.state import Memory
from protocol.atol.commands.modes import Mode
from protocol.ffd.documents import DocumentType

from .desk import Desk

MakeBench = Callable[..., Bench]
CLOSE = "4A 00 01 00 00 00 00 00"
CORRECTION = "E8 01 01 00 95 04 01 00 01", "E8 01 01 00 96 04 0D 00 9A 04 04 00 00 58 9E 69 9B 04 01 00 31"


def at_z(desk: Desk) -> None:
    desk.sell(12_345)
    desk.enter(Mode.Z_REPORTS)


def at_x(desk: Desk) -> None:
    desk.enter(Mode.X_REPORTS)


def at_fn(desk: Desk) -> None:
    desk.enter(Mode.FN_ACCESS)


def at_new_fn(desk: Desk) -> None:
    desk.bench.swap()
    desk.enter(Mode.FN_ACCESS)


def at_sale(desk: Desk) -> None:
    desk.enter(Mode.REGISTRATION)


def at_4a(desk: Desk) -> None:
    desk.open_receipt(10_000, 5_000, tax=1)
    desk.does("99 00 02 00 00 00 50 00")


def at_correction(desk: Desk) -> None:
    desk.open_receipt(5_000, type_=7)
    desk.does(*CORRECTION)


@dataclass(frozen=True, slots=True)
class Case:
    """A command that makes a document. ``sells``: the till can sell afterwards."""

    type: DocumentType
    state: str
    prepare: Callable[[Desk], None]
    command: str
    sells: bool = True
    alone: str = ""
    """The command that makes the same document and does nothing else; empty: that is itself."""


CASES: dict[str, Case] = {
    "9A": Case(DocumentType.SHIFT_OPEN, "registered", at_sale, "9A 00"),
    "92 opens the shift": Case(DocumentType.SHIFT_OPEN, "registered", at_sale, "92 00 01", alone="9A 00"),
    "49 opens the shift": Case(DocumentType.SHIFT_OPEN, "registered", at_sale, "49 00 00 00 01 00 00", alone="9A 00"),
    "4A": Case(DocumentType.RECEIPT, "shift-open", at_4a, CLOSE),
    "4A of a correction": Case(DocumentType.CORRECTION, "shift-open", at_correction, CLOSE),
    "5A": Case(DocumentType.SHIFT_CLOSE, "shift-open", at_z, "5A"),
    "67 09": Case(DocumentType.SETTLEMENT, "shift-open", at_x, "67 09"),
    "A6": Case(DocumentType.RE_REGISTRATION, "registered", at_fn, "A6"),
    "A6 with a new FN": Case(DocumentType.RE_REGISTRATION, "registered", at_new_fn, "A6"),
    "A7": Case(DocumentType.CLOSE_ARCHIVE, "registered", at_fn, "A7", sells=False),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
REMEMBERED = [name for name in Memory.__slots__ if name != "unprinted_report"]


def ready(make_bench: MakeBench, case: Case) -> Desk:
    """A till that waits for the command, everything sent before."""
    bench = make_bench(case.state)
    bench.run_due()
    desk = Desk(bench)
    case.prepare(desk)
    return desk


def forked(desk: Desk) -> Desk:
    """The same desk in another world."""
    twin = copy(desk)
    twin.bench = desk.bench.fork()
    return twin


def restart(desk: Desk) -> None:
    """The power was away."""
    desk.bench.power_off()
    desk.bench.power_on()


def differing(one: Desk, other: Desk) -> list[str]:
    """Where two tills that went through a restart remember different things, but for what waits to be printed."""
    mine, others = one.bench.kkt.memory, other.bench.kkt.memory
    wrong = [name for name in REMEMBERED if getattr(mine, name) != getattr(others, name)]
    fns = [desk.bench.fn for desk in (one, other)]
    return wrong + ([] if fns[0] and fns[1] and fns[0].digest() == fns[1].digest() else ["FN"])


def trades(desk: Desk) -> None:
    """A sale and a Z report, the sums of which must agree with the documents of the FN."""
    desk.enter(Mode.REGISTRATION)
    before = desk.bench.state().last_document
    desk.sell(777)
    assert desk.document().type == DocumentType.RECEIPT
    desk.close_shift()
    fn = desk.bench.fn
    assert fn is not None and fn.state.document_number == desk.bench.state().last_document > before


def last_of_fn(desk: Desk) -> int:
    """How many documents the FN has."""
    assert desk.bench.fn is not None
    return desk.bench.fn.state.document_number


def by_zeroing(desk: Desk) -> None:
    """6Bh, the restart behind it, and the clock."""
    desk.enter(Mode.SELECTION)
    desk.does("6B")
    desk.bench.clock.wait(desk.bench.kkt.settings.zeroing_seconds)
    assert desk.bench.state().is_on
    desk.does("64 02 03 26", "4B 12 00 00")
