"""A trace as a script: what the driver writes, and what it waits for before it writes again.

Frame ids, task ids and check sums follow from the recording. What a till may do either way is one thing here: the
direct answer to Add, and the asynchronous one after «pending» or «in progress», are both the result of the task.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Literal

from kktsim.decode import v2, v3
from kktsim.decode.piece import Side, hexes
from kktsim.replay.needs import Pattern, PatternError
from kktsim.trace import Entry, Trace, is_ofd
from protocol.atol.link_v2_frame import Control
from protocol.atol.link_v3 import ASYNC_ID, START
from protocol.atol.task_buffer import BufferCommand, State, TaskFlags


class ScriptError(ValueError):
    """The trace cannot be played; the message says why."""


class Kind(Enum):
    """What is waited for."""

    BEGUN = auto()
    """v3: the till has taken a task, or even done it."""
    RESULT = auto()
    """v3: the result of a task, direct or asynchronous."""
    POLLED = auto()
    """v3: the result, asked for by Req."""
    STATE = auto()
    """v3: the answer to any other frame."""
    TOKEN = auto()
    """v2: a control byte or a frame."""
    SILENCE = auto()
    """Nothing, for so many seconds."""


@dataclass(frozen=True, slots=True)
class Await:
    """One thing the driver waits for. ``pattern``: what it must be; ``recorded``: or what it must be like.

    ``message``: the application message that is answered, if one is; ``busy``: an answer after which it asks again.
    """

    kind: Kind
    id: int = 0
    task: int | None = None
    message: bytes = b""
    pattern: Pattern | None = None
    recorded: bytes = b""
    busy: Pattern | None = None
    seconds: float = 0.0
    wire: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One write of the driver and what it waits for then. ``t``: when it was recorded; ``wire``: what befell it."""

    t: float
    data: bytes
    pause: float = 0.0
    wire: str = ""
    awaits: tuple[Await, ...] = ()
    other: tuple[str, ...] = ()
    hands: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """A whole dialogue. ``prepare``: application commands that bring the till to its beginning."""

    link: Literal["v3", "v2"]
    prepare: tuple[bytes, ...]
    steps: tuple[Step, ...] = field(default=())


WIRE_FAULTS = frozenset(("", "lost", "damaged", "wrong id"))
_FINISHED = frozenset((State.RESULT, State.ERROR))


def script(trace: Trace) -> Script:
    """The script of the host's side of one port, connections to an OFD left out; raises `ScriptError`."""
    has_ofd, trace = any(is_ofd(entry.port) for entry in trace.entries), trace.without_ofd()
    entries = [entry for entry in trace.entries if entry.side is not None or entry.other or entry.hands]
    if not any(entry.side is Side.HOST for entry in entries):
        rest = ", only an exchange with an OFD: `kktsim decode` tells it in words" if has_ofd else ""
        raise ScriptError(f"the trace has nothing that a host wrote{rest}")
    if len(trace.ports()) > 1:
        raise ScriptError(f"the trace has several ports, choose one: {', '.join(trace.ports())}")
    for entry in entries:
        if entry.wire not in WIRE_FAULTS:
            raise ScriptError(f"{entry.t} s: a wire does {entry.wire!r}? It knows: lost, damaged, wrong id")
        if entry.side is Side.HOST and entry.wire and not entry.data:
            raise ScriptError(f"{entry.t} s: a wire can do nothing to no bytes")
    link = _link(b"".join(entry.data for entry in entries if entry.side is Side.HOST))
    builder = _V2() if link == "v2" else _V3()
    try:
        prepare = tuple(bytes.fromhex(text) for text in trace.header.prepare)
        return Script(link, prepare, tuple(_steps(entries, builder)))
    except (PatternError, ValueError) as error:
        raise ScriptError(str(error)) from None


def _link(written: bytes) -> Literal["v3", "v2"]:
    for byte in written:
        if byte == START:
            return "v3"
        if byte == Control.ENQ:
            return "v2"
    raise ScriptError("the host speaks neither link v3 (FE) nor v2 (05)")


def _steps(entries: list[Entry], builder: "_V2 | _V3") -> Iterator[Step]:
    step: Step | None = None
    for entry in entries:
        if entry.side is Side.TILL and step is not None:
            step = replace(step, awaits=(*step.awaits, *builder.heard(entry)))
            continue
        if step is not None and entry.side is not Side.TILL:
            yield step
            step = None
        if entry.side is Side.HOST:
            builder.said(entry.data)
            step = Step(entry.t, entry.data, entry.pause, entry.wire)
        elif entry.other or entry.hands:
            yield Step(entry.t, b"", other=entry.other, hands=entry.hands)
    if step is not None:
        yield step


def _silence(entry: Entry) -> Await:
    return Await(Kind.SILENCE, seconds=entry.silence)


def _pattern(text: str | None) -> Pattern | None:
    return None if text is None else Pattern.parse(text)


class _V2:
    """Awaits of link v2: one control byte or frame after the other."""

    def __init__(self) -> None:
        self._host, self._till = v2.Splitter(), v2.Splitter()
        self._message = b""

    def said(self, data: bytes) -> None:
        for raw in self._host.feed(data):
            self._message = raw.data or self._message

    def heard(self, entry: Entry) -> Iterator[Await]:
        if entry.silence:
            yield _silence(entry)
            return
        busy = Pattern.parse(entry.busy) if entry.busy else None
        whole = Await(Kind.TOKEN, message=self._message, pattern=_pattern(entry.needs), busy=busy, wire=entry.wire)
        if not entry.data:
            yield whole
            return
        for raw in self._till.feed(entry.data):
            recorded = raw.raw if raw.control is not None else raw.data
            if recorded is not None:
                yield replace(whole, recorded=recorded)


class _V3:
    """Awaits of link v3, each by the frame or the task it is about."""

    def __init__(self) -> None:
        self._host, self._till = v3.Splitter(), v3.Splitter()
        self._asked: dict[int, bytes] = {}
        self._tasks: dict[int, bytes] = {}

    def said(self, data: bytes) -> None:
        for raw in self._host.feed(data):
            if raw.id is None or not raw.data:
                continue
            self._asked[raw.id] = raw.data
            if raw.data[0] == BufferCommand.ADD and len(raw.data) > 2:
                self._tasks[raw.data[2]] = raw.data[3:]

    def heard(self, entry: Entry) -> Iterator[Await]:
        if entry.silence:
            yield _silence(entry)
        elif not entry.data:
            if entry.id is None or entry.needs is None:
                raise ScriptError(f'{entry.t} s: a line of the till has "hex", or "id" and "needs"')
            yield self._needed(entry, entry.id, entry.needs)
        else:
            for raw in self._till.feed(entry.data):
                if raw.id is not None and raw.data is not None:
                    yield self._recorded(entry, raw.id, raw.data)

    def _needed(self, entry: Entry, frame_id: int, needs: str) -> Await:
        """The state that the pattern begins with says what it is about."""
        pattern = Pattern.parse(needs)
        busy = Pattern.parse(entry.busy) if entry.busy else None
        first = next(iter(needs.split()), "")
        told = self._await(frame_id, bytes.fromhex(first.replace("?", "0")))
        if busy is not None and told.task is None:
            raise ScriptError(f'{entry.t} s: "busy" is of the result of a task, and this is none')
        return replace(told, pattern=pattern, busy=busy, wire=entry.wire)

    def _recorded(self, entry: Entry, frame_id: int, data: bytes) -> Await:
        told = self._await(frame_id, data)
        if frame_id == ASYNC_ID and len(data) > 1:
            data = data[:1] + data[2:]
        return replace(told, recorded=data, pattern=_pattern(entry.needs), wire=entry.wire)

    def _await(self, frame_id: int, data: bytes) -> Await:
        if frame_id == ASYNC_ID:
            task = data[1] if len(data) > 1 else 0
            return Await(Kind.RESULT, frame_id, task, self._tasks.get(task, b""))
        asked = self._asked.get(frame_id)
        if asked is None:
            raise ScriptError(f"the till answers id {frame_id:02X}, which the host has not sent: {hexes(data)}")
        state = data[0] if data else None
        if asked[0] == BufferCommand.ADD and len(asked) > 2:
            task = asked[2]
            wants = bool(asked[1] & TaskFlags.NEED_RESULT) and len(asked) > 3
            if state in _FINISHED and wants:
                return Await(Kind.RESULT, frame_id, task, asked[3:])
            if state in _FINISHED or state in _UNDER_WAY:
                return Await(Kind.BEGUN, frame_id, task, asked[3:])
        if asked[0] == BufferCommand.REQUEST and len(asked) > 1 and (state in _FINISHED or state in _UNDER_WAY):
            return Await(Kind.POLLED, frame_id, asked[1], self._tasks.get(asked[1], b""))
        return Await(Kind.STATE, frame_id)


_UNDER_WAY = frozenset((State.PENDING, State.IN_PROGRESS, State.WAITING))
