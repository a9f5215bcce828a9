"""Plays a script over a wire: writes what the driver wrote, as soon as the till has said what the driver waited for.

The driver's pauses are left out unless asked for, but for those the script marks as needed. A fault that befell the
line is made by the wire here: what the driver wrote is damaged or lost on its way; what became of the till's answers
no till can see, so the answer is demanded all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kktsim.host.till import NoAnswerError, Till, Wire
from kktsim.replay.hearing import DONE, HearingV2, HearingV3
from kktsim.replay.needs import Pattern, is_same_kind
from kktsim.replay.script import Await, Kind, Script, Step
from protocol.atol import link_v3
from protocol.atol.command import CommandError, parse_answer
from protocol.atol.link_v2_frame import ENQ
from protocol.atol.task_buffer import BufferCommand, State

TIMEOUT_SECONDS = 10.0
"""How long an answer is waited for."""
POLL_SECONDS = 0.5
"""How often drivers ask whether a report is printed (three drivers as observed)."""
BUSY_SECONDS = 35.0
"""How long they do (ATOL's driver 10.8 as observed)."""

_FAILED = bytes((State.ASYNC_ERROR,))
_UNDER_WAY = frozenset((State.PENDING, State.IN_PROGRESS, State.WAITING, State.RESULT))


class NotPreparedError(Exception):
    """The till could not be brought to the beginning of the dialogue; the message says what it refused."""


class Sender(Protocol):
    """Another host of the same till."""

    def send(self, command: bytes) -> bytes:
        """The reply to an application command."""


Hands = Callable[[str], object]
"""Carries out an act of the operator by its name in the control API, as ``fn unplug``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the till is not what the driver needs. ``got`` None: nothing came."""

    step: int
    t: float
    awaited: Await
    got: bytes | None


@dataclass(frozen=True, slots=True)
class Report:
    """How it went: what was written, how many answers were compared, what was different."""

    writes: int
    answers: int
    differences: tuple[Difference, ...]


class Player:
    """One replay. ``other``: opens another host; ``hands``: the operator."""

    def __init__(
        self,
        wire: Wire,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        pauses: bool = False,
        other: Callable[[], Sender] | None = None,
        hands: Hands | None = None,
    ) -> None:
        self._wire = wire
        self._timeout = timeout_seconds
        self._pauses = pauses
        self._other = other
        self._hands = hands
        self._hearing: HearingV2 | HearingV3 = HearingV3()
        self._answers = 0
        self._may_fail: dict[int, Pattern] = {}
        """Tasks whose result the driver does not want, by what the till may say to them."""
        self._found: list[Difference] = []
        self._is_busy = False

    def play(self, script: Script) -> Report:
        """Prepare the till, play the steps; stops at an answer that does not come."""
        self._prepare(script)
        self._hearing = HearingV2() if script.link == "v2" else HearingV3()
        steps, place, begun, writes = script.steps, 0, 0, 0
        busy_until = None
        while place < len(steps):
            step = steps[place]
            if script.link == "v2" and step.data == ENQ:
                if self._is_busy:
                    place, step = begun, steps[begun]
                    busy_until = busy_until or self._wire.now() + BUSY_SECONDS
                    self._listen(POLL_SECONDS)
                else:
                    begun, busy_until = place, None
                self._is_busy = False
            elif self._pauses and place:
                self._listen(step.t - steps[place - 1].t)
            writes += bool(step.data)
            if not self._do(place, step, busy_until):
                break
            place += 1
            if place == len(steps) and self._is_busy:
                place = begun
        self._unexpected(len(steps) - 1)
        return Report(writes, self._answers, tuple(self._found))

    def _prepare(self, script: Script) -> None:
        if not script.prepare:
            return
        till = Till(_Kept(self._wire), link=script.link)
        for command in script.prepare:
            try:
                answer = parse_answer(command[0], till.send(command))
            except (CommandError, NoAnswerError) as error:
                raise NotPreparedError(f"{command.hex(' ').upper()}: {error}") from None
            if not answer.is_ok:
                raise NotPreparedError(f"{command.hex(' ').upper()} was refused: {answer.code:02X}h")
        till.close()
        self._wire.read(0.0)

    def _do(self, place: int, step: Step, busy_until: float | None) -> bool:
        """One step; False when the dialogue cannot go on."""
        if step.hands:
            self._act(step.hands)
        if step.other:
            self._let_other(step.other)
        self._listen(step.pause)
        self._hearing.said(step.data)
        if step.wire != "lost":
            self._wire.write(_damaged(step.data) if step.wire == "damaged" else step.data)
        return all(self._wait(place, step, awaited, busy_until) for awaited in step.awaits)

    def _act(self, name: str) -> None:
        if self._hands is None:
            raise NotPreparedError(f"the operator must do {name!r} here: give --control")
        self._hands(name)

    def _let_other(self, commands: tuple[str, ...]) -> None:
        if self._other is None:
            raise NotPreparedError("another host speaks here on a second port of the till: give --other-port")
        other = self._other()
        for text in commands:
            other.send(bytes.fromhex(text))

    # ---- waiting

    def _wait(self, place: int, step: Step, awaited: Await, busy_until: float | None) -> bool:
        """Wait for an answer and compare it; False when none came."""
        if awaited.kind is Kind.SILENCE:
            said = self._listen(awaited.seconds)
            self._answers += 1
            if said:
                self._found.append(Difference(place, step.t, awaited, said))
            return True
        if awaited.kind is Kind.BEGUN and awaited.task is not None and awaited.pattern is not None:
            self._may_fail[awaited.task] = awaited.pattern
        got = self._taken(awaited)
        deadline = self._wire.now() + BUSY_SECONDS
        while got is not None and awaited.busy is not None and awaited.busy.matches(got):
            if self._wire.now() > (busy_until or deadline):
                break
            if isinstance(self._hearing, HearingV2):
                self._is_busy = True
                self._answers += 1
                return True
            got = self._asked_again(self._hearing, awaited)
        self._answers += 1
        if got is None or not fits(awaited, got):
            self._found.append(Difference(place, step.t, awaited, got))
        return got is not None

    def _taken(self, awaited: Await) -> bytes | None:
        deadline = self._wire.now() + self._timeout
        got = self._hearing.take(awaited)
        while got is None:
            left = deadline - self._wire.now()
            if left <= 0:
                return None
            self._hearing.feed(self._wire.read(left))
            got = self._hearing.take(awaited)
        return got

    def _asked_again(self, hearing: HearingV3, awaited: Await) -> bytes | None:
        """Acknowledge the task and add it once more, as a driver does that waits for a report to be printed."""
        assert awaited.task is not None
        self._listen(POLL_SECONDS)
        added = hearing.frame(awaited.id)
        for data in (bytes((BufferCommand.ACK, awaited.task)), added):
            frame = link_v3.encode(awaited.id, data)
            hearing.said(frame)
            self._wire.write(frame)
            if data is not added and self._taken(Await(Kind.STATE, awaited.id)) is None:
                return None
        return self._taken(awaited)

    def _listen(self, seconds: float) -> bytes:
        """Let time pass; what came."""
        until = self._wire.now() + seconds
        said = b""
        while (left := until - self._wire.now()) > 0:
            came = self._wire.read(left)
            self._hearing.feed(came)
            said += came
        return said

    def _unexpected(self, place: int) -> None:
        """What the driver never saw: errors of tasks whose result it did not want; of link v2, anything more."""
        if isinstance(self._hearing, HearingV2):
            if not self._found and self._hearing.rest:
                self._found.append(Difference(place, 0.0, Await(Kind.SILENCE), self._hearing.rest))
            return
        for task, reply in self._hearing.errors.items():
            allowed = self._may_fail.get(task)
            if allowed is None or not allowed.matches(_FAILED + reply):
                awaited = Await(Kind.RESULT, link_v3.ASYNC_ID, task)
                self._found.append(Difference(place, 0.0, awaited, reply))


def fits(awaited: Await, got: bytes) -> bool:
    """Whether an answer is what the driver needs."""
    if awaited.pattern is not None:
        return awaited.pattern.matches(got)
    recorded = awaited.recorded
    if awaited.kind is Kind.BEGUN:
        return bool(got) and got[0] in _UNDER_WAY
    if awaited.kind is Kind.TOKEN:
        if len(recorded) == 1 or len(got) == 1:
            return recorded == got
        return is_same_kind(awaited.message, recorded, got)
    if awaited.kind in (Kind.RESULT, Kind.POLLED):
        return got[:1] == DONE and is_same_kind(awaited.message, recorded[1:], got[1:])
    return got == _normal(recorded)


def _normal(recorded: bytes) -> bytes:
    return DONE + recorded[1:] if recorded[:1] == bytes((State.ERROR,)) else recorded


def _damaged(data: bytes) -> bytes:
    """The check sum of the last frame is wrong; no byte becomes one that begins a frame or an escape."""
    last = data[-1] ^ 1
    return data[:-1] + bytes((last if last < link_v3.ESCAPE else data[-1] ^ 4,))


class _Kept:
    """A wire that is not closed by who is done with it."""

    def __init__(self, wire: Wire) -> None:
        self.write, self.read, self.now = wire.write, wire.read, wire.now

    def close(self) -> None:
        """The replay goes on with it."""
