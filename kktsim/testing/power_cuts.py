"""Every instant at which the power of a till can fail, one after the other.

An instant is where bytes pass between till, FN and host, or where the till keeps its memory: before and after each.
Between two of them nothing durable changes. A day is played once without a failure; then each of its commands is
played again from the state before it, once per instant in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from kktsim.bench import Bench
from kktsim.cable import Cable, FnEnd
from kktsim.device.dispatch import execute
from kktsim.device.nvram import LiveNvram, Nvram
from kktsim.device.regions import Region
from kktsim.device.state import Memory
from kktsim.power import PowerCut
from protocol.fn.commands import FnCommand
from protocol.fn.frame import ENQ

PRINTED_SECONDS = 60.0
"""Host seconds after which whatever printed has been printed."""
ANSWERED = "the host has its answer"
"""The last instant of every step."""


@dataclass(slots=True)
class Instants:
    """The instants that have come. ``fatal``: the number of the one at which the power fails; 0: at none."""

    fatal: int = 0
    names: list[str] = field(default_factory=list)

    def come(self, name: str) -> None:
        """One more instant; raises `PowerCut` at the fatal one."""
        self.names.append(name)
        if len(self.names) == self.fatal:
            raise PowerCut(name)


class WatchedCable(Cable):
    """A cable both ends of which tell what passes."""

    __slots__ = ("_instants",)

    def __init__(self, fn: FnEnd | None, instants: Instants) -> None:
        super().__init__(fn)
        self._instants = instants

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """What comes back for ``frame``."""
        name = "ENQ" if frame == ENQ else FnCommand(frame[3]).name
        self._instants.come(f"{name} is on its way to the FN")
        answer = super().exchange(frame, world)
        self._instants.come(f"{name} is answered by the FN")
        return answer

    def copy(self) -> "WatchedCable":
        """The same for a fork, which nobody watches."""
        return WatchedCable(None if self.fn is None else self.fn.copy(), Instants())


class WatchedNvram:
    """Memory that tells when it is written."""

    __slots__ = ("_instants", "_nvram")

    def __init__(self, nvram: Nvram, instants: Instants) -> None:
        self._nvram = nvram
        self._instants = instants

    def commit(self, memory: Memory) -> None:
        """Keep ``memory``."""
        self._instants.come("the till's memory is to be written")
        self._nvram.commit(memory)
        self._instants.come("the till's memory is written")

    def load(self) -> Memory:
        """What was kept last."""
        return self._nvram.load()

    def spoil(self, region: Region) -> None:
        """Change bytes under the check sum."""
        self._nvram.spoil(region)

    def fork(self, memory: Memory) -> Nvram:
        """The same for a fork, which nobody watches."""
        return self._nvram.fork(memory)


def watch(bench: Bench, fatal: int = 0) -> Instants:
    """Let the power of ``bench`` fail at an instant from now on; what of its instants has come."""
    instants = Instants(fatal)
    kkt = bench.kkt
    kkt.fn.cable = WatchedCable(bench.cable.fn, instants)
    kkt.nvram = WatchedNvram(LiveNvram(kkt.memory, keeps=True), instants)
    return instants


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a host: its byte and parameters."""

    data: bytes

    def play(self, bench: Bench) -> bytes:
        """The reply; raises `PowerCut`."""
        bench.clock.wait(PRINTED_SECONDS)
        now = bench.clock.now()
        reply, _ = execute(bench.kkt, bench.kkt.access_password + self.data, now, bench.world)
        bench.after_command(now)
        return reply

    def __str__(self) -> str:
        return self.data.hex(" ").upper()


@dataclass(frozen=True, slots=True)
class Later:
    """So many seconds pass, and with them what is due: documents go to the OFD."""

    seconds: float

    def play(self, bench: Bench) -> bytes:
        """Nothing is replied; raises `PowerCut`."""
        bench.advance(self.seconds)
        return b""

    def __str__(self) -> str:
        return f"{self.seconds:g} s"


class Step(Protocol):
    """What is done with a bench."""

    def play(self, bench: Bench) -> bytes:
        """What is replied; raises `PowerCut`."""


class Recorder:
    """A host that remembers what it has sent. It is the `Till` of `scenarios.routine`."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.steps: list[Step] = []

    def send(self, command: bytes) -> bytes:
        """The reply to a command."""
        return self._play(Command(command))

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self._play(Later(seconds))

    def close(self) -> None:
        """There is no port to close."""

    def drop(self) -> None:
        """There is no port to close."""

    def _play(self, step: Step) -> bytes:
        self.steps.append(step)
        return step.play(self.bench)


@dataclass(frozen=True, slots=True)
class Books:
    """What till and FN have on record; two tills with equal books trade on alike."""

    documents: tuple[tuple[int, Any, int], ...]
    """Number, type and sign of each document of the FN."""
    confirmed: int
    till: dict[str, Any]


def books(bench: Bench) -> Books:
    """The books of a bench at rest. The open receipt, which a power cut annuls, is no part of them."""
    fn, memory = bench.fn, bench.kkt.memory
    assert fn is not None
    archive, totals, mirror = fn.archive, memory.totals, memory.mirror
    documents = [archive.get(number) for number in range(1, fn.state.document_number + 1)]
    till = {
        "documents": mirror.document_number,
        "sign": mirror.document_sign,
        "shift": (mirror.shift_is_open, mirror.shift_number, mirror.shift_opened_world, mirror.shift_closed_world),
        "registered": (mirror.registration_number, mirror.registered_inn, mirror.registered_number),
        "cash": totals.cash_kopecks,
        "sums": (totals.registered, totals.paid, totals.taxes, totals.receipts, totals.registrations),
        "discounts": (totals.discounts, totals.surcharges),
        "cash in and out": (totals.cash_in_kopecks, totals.cash_in_count, totals.cash_out_kopecks),
        "for ever": (totals.non_nullable, totals.non_nullable_paid, totals.running_receipts),
        "last receipt": memory.last_receipt,
        "made": (totals.documents_in_shift, totals.running_documents, totals.shift_opening_document),
        "last shift": (totals.last_shift_income_kopecks, totals.last_shift_outcome_kopecks),
        "requisites": memory.requisites,
    }
    return Books(
        tuple((one.number, one.type, one.sign) for one in documents if one is not None),
        len(documents) - archive.unsent_count(),
        {name: _copied(value) for name, value in till.items()},
    )


def _copied(value: Any) -> Any:
    """A value that the till does not change behind our back; a counter's zeros are as good as no entries."""
    if isinstance(value, dict):
        return {key: entry for key, entry in value.items() if entry}
    return tuple(map(_copied, value)) if type(value) is tuple else value


@dataclass(frozen=True, slots=True)
class Failure:
    """The power failed at an ``instant`` of a ``step``, and did not come back yet.

    ``before``, ``after``: books of a day without a failure.
    """

    step: Step
    instant: str
    bench: Bench
    before: Books
    after: Books

    def __str__(self) -> str:
        return f"{self.step}, {self.instant}"


def failures(start: Bench, steps: Iterable[Step]) -> Iterator[Failure]:
    """Each instant of a day as the one at which the power fails, in the order of the day.

    ``start``: the bench on which ``steps`` begin.
    """
    bench = start.fork()
    for step in steps:
        before = books(bench)
        reference = bench.fork()
        instants = watch(reference)
        step.play(reference)
        instants.come(ANSWERED)
        following = bench.fork()
        step.play(following)
        after = books(following)
        for number in range(1, len(instants.names) + 1):
            yield Failure(step, instants.names[number - 1], _cut(bench, step, number), before, after)
        bench = following


def _cut(bench: Bench, step: Step, number: int) -> Bench:
    """The bench without power since an instant of ``step``."""
    twin = bench.fork()
    instants = watch(twin, number)
    try:
        step.play(twin)
        instants.come(ANSWERED)
    except PowerCut:
        instants.fatal = 0
    else:
        raise AssertionError(f"instant {number} of {step} did not come again")
    twin.cut_power()
    return twin


def failures_of_recovery(dark: Bench) -> Iterator[Bench]:
    """A bench without power that comes up while the power fails once more: each instant of that, then up for good."""
    reference = dark.fork()
    instants = watch(reference)
    reference.power_on()
    for number in range(1, len(instants.names) + 1):
        twin = dark.fork()
        fatal = watch(twin, number)
        twin.power_on()
        assert not twin.kkt.is_on, f"instant {number} of coming up did not come again"
        fatal.fatal = 0
        twin.power_on()
        yield twin
