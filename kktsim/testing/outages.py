"""The power fails at a chosen instant of a command that makes a document, or the answer to its commit gets lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

from fn_model import FiscalStorage, FnPort
from fn_model.faults import SIGNING
from kktsim.bench import Bench
from kktsim.device.nvram import LiveNvram
from kktsim.device.state import Memory
from kktsim.host.till import NoAnswerError
from kktsim.power import PowerCut
from kktsim.testing.inspector import Inspector
from kktsim.testing.law import documents_of
from kktsim.testing.unheard import Unheard
from protocol.atol.command import Command
from protocol.fn.frame import ENQ, parse_request


class Moment(Enum):
    """When the power fails."""

    BEFORE_INTENT = auto()
    """Nothing is written any more."""
    BEFORE_COMMIT = auto()
    AFTER_COMMIT = auto()
    """The FN has made the document, its answer does not arrive."""
    BEFORE_BOOKING = auto()
    """The answer has arrived, what follows from it is not written."""


MADE = (Moment.AFTER_COMMIT, Moment.BEFORE_BOOKING)
"""Moments at which the FN has the document."""


class CutNvram(LiveNvram):
    """Memory that is not written any more once its power is gone."""

    __slots__ = ("fails_next", "is_cut")

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory, keeps=True)
        self.is_cut = False
        """Nothing is written until the till looks what there is."""
        self.fails_next = False
        """The first write of the till that comes up is cut off."""

    def commit(self, memory: Memory) -> None:
        """Keep ``memory``; raises `PowerCut`."""
        if self.is_cut:
            raise PowerCut
        super().commit(memory)

    def load(self) -> Memory:
        """What was kept last."""
        self.is_cut = False
        memory = super().load()
        self.is_cut, self.fails_next = self.fails_next, False
        return memory


class CutPort(FnPort):
    """An FN whose till loses its power at a commit."""

    __slots__ = ("moment", "nvram")

    def __init__(self, storage: FiscalStorage, nvram: CutNvram, moment: Moment) -> None:
        super().__init__(storage)
        self.nvram = nvram
        self.moment = moment

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """The answer; raises `PowerCut`."""
        if not _is_commit(frame):
            return super().exchange(frame, world)
        if self.moment is Moment.BEFORE_COMMIT:
            raise PowerCut
        answer = super().exchange(frame, world)
        if self.moment is Moment.AFTER_COMMIT:
            raise PowerCut
        self.nvram.is_cut = True
        return answer


class DeafPort(FnPort):
    """An FN whose answers to commits get lost."""

    __slots__ = ()

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """The answer, if it is none to a commit."""
        answer = super().exchange(frame, world)
        return None if _is_commit(frame) else answer


def _is_commit(frame: bytes) -> bool:
    return frame != ENQ and parse_request(frame)[0] in SIGNING


@contextmanager
def power_will_fail(bench: Bench, moment: Moment) -> Iterator[CutNvram]:
    """Let the power of the till fail at the next commit. The bench must have an FN."""
    assert bench.fn is not None
    nvram = CutNvram(bench.kkt.memory)
    bench.kkt.nvram, bench.cable.fn = nvram, CutPort(bench.fn, nvram, moment)
    nvram.is_cut = moment is Moment.BEFORE_INTENT
    try:
        yield nvram
    finally:
        nvram.is_cut = False
        bench.cable.fn = FnPort(bench.fn)


@contextmanager
def answers_get_lost(bench: Bench) -> Iterator[None]:
    """Let no answer to a commit arrive. The bench must have an FN."""
    assert bench.fn is not None
    bench.cable.fn = DeafPort(bench.fn)
    try:
        yield
    finally:
        bench.cable.fn = FnPort(bench.fn)


def lose_power(eye: Inspector, request: Command, moment: Moment) -> None:
    """Tell a command that the power fails in, and switch on again: its document is booked, or there is none.

    When the command makes no document it is told as any other. The cable must be good.
    """
    bench = eye.bench
    eye.find_out()
    standing = eye.standing()
    with power_will_fail(bench, moment):
        try:
            eye.tell(request)
        except NoAnswerError:
            eye.is_content = True
    if bench.kkt.is_on:
        return
    bench.power_on()
    eye.find_out()
    fresh, wrong = eye.auditor.read()
    types = [document.found.type for document in fresh]
    eye.demand(*wrong)
    if types not in ([], documents_of(request, standing)):
        eye.demand(f"{request} made documents {types} when the power failed {moment.name}")
    for document in fresh:
        fn_number = bench.kkt.memory.mirror.fn_number
        Unheard.of(request, fn_number, document.number, document.found.type, eye.ledger).enter(eye.ledger)
    eye.drop_receipt()
    eye.must_know()
