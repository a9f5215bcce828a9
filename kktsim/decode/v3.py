"""Lower level v3 for people: frames with check sum and escapes, commands and states of the task buffer.

Unlike `protocol.atol.link_v3.Decoder` nothing is dropped: junk, cut and damaged frames are told too.
Source: ATOL protocol 3.1, lower level v3.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kktsim.decode import app
from kktsim.decode.piece import Field, Piece, Side
from kktsim.decode.values import fields
from protocol.atol.link_v3 import ASYNC_ID, ESCAPE, START
from protocol.atol.task_buffer import BufferCommand, BufferError, State, TaskFlags
from protocol.checksums import crc8

COMMANDS: Mapping[int, str] = {
    BufferCommand.ADD: "Add «добавить задание»",
    BufferCommand.ACK: "Ack «подтвердить результат»",
    BufferCommand.REQUEST: "Req «запросить результат»",
    BufferCommand.ABORT: "Abort «прервать все задания»",
    BufferCommand.ACK_ADD: "AckAdd «подтвердить и добавить»",
}
STATES: Mapping[int, str] = {
    State.PENDING: "Pending «в очереди»",
    State.IN_PROGRESS: "InProgress «выполняется»",
    State.RESULT: "Result «выполнено»",
    State.ERROR: "Error «выполнено с ошибкой»",
    State.STOPPED: "Stopped «остановлено»",
    State.ASYNC_RESULT: "AsyncResult «результат»",
    State.ASYNC_ERROR: "AsyncError «ошибка»",
    State.WAITING: "Waiting «ждёт данных»",
    BufferError.OVERFLOW: "Overflow «буфер переполнен»",
    BufferError.ALREADY_EXISTS: "AlreadyExists «задание уже есть»",
    BufferError.NOT_FOUND: "NotFound «задания нет»",
    BufferError.ILLEGAL_VALUE: "IllegalValue «недопустимое значение»",
}
_SIZES: Mapping[int, int] = {BufferCommand.ABORT: 1, BufferCommand.ADD: 3, BufferCommand.ACK_ADD: 4}
"""Fewest bytes of a buffer command; the others have two."""
_TASK_AT: Mapping[int, int] = {BufferCommand.ADD: 2, BufferCommand.REQUEST: 1, BufferCommand.ACK: 1}
"""Where a buffer command has the number of its task."""
_WITH_ANSWER = frozenset((State.RESULT, State.ERROR))
_ESCAPED = {0xEE: START, 0xED: ESCAPE}
_HEAD = 4
_ASYNC_HEAD = 2


class Raw(NamedTuple):
    """Bytes cut out of a stream. ``data`` is None when they are no frame that can be trusted; ``note``: its escapes.

    ``damaged``: what a whole frame with a wrong check sum seems to say.
    """

    raw: bytes
    id: int | None
    data: bytes | None
    trouble: str
    note: str = ""
    damaged: bytes = b""


class Splitter:
    """Cuts one side's stream, in whatever pieces it comes, into frames and junk."""

    def __init__(self) -> None:
        self._buffer = b""

    @property
    def is_idle(self) -> bool:
        """Whether no frame has begun."""
        return not self._buffer

    def feed(self, data: bytes) -> Iterator[Raw]:
        """What is complete now."""
        self._buffer += data
        while self._buffer:
            start = self._buffer.find(START)
            if start:
                junk = self._buffer if start < 0 else self._buffer[:start]
                self._buffer = self._buffer[len(junk) :]
                yield Raw(junk, None, None, f"byte 0: {len(junk)} bytes before the FE that begins a frame")
                continue
            read = _read(self._buffer)
            if read is None:
                return
            self._buffer = self._buffer[len(read.raw) :]
            yield read

    def finish(self) -> Iterator[Raw]:
        """What was begun and will not be completed."""
        left, self._buffer = self._buffer, b""
        if left:
            yield _cut(left, "the stream ends")


def first_sound(data: bytes) -> int | None:
    """Where the first whole frame with a right check sum begins, if there is one."""
    place = 0
    for raw in Splitter().feed(data):
        if raw.data is not None:
            return place
        place += len(raw.raw)
    return None


def _read(data: bytes) -> Raw | None:
    """The frame that begins with the first byte; None when more must come."""
    position = 1
    body = bytearray()
    notes: list[str] = []
    trouble = ""
    needed = 4
    while len(body) < needed:
        if position == len(data):
            return None
        byte = data[position]
        if byte == START:
            return _cut(data[:position], "another frame begins")
        if byte == ESCAPE and len(body) >= 3:
            if position + 1 == len(data):
                return None
            follows = data[position + 1]
            if follows in _ESCAPED:
                notes.append(f"FD {follows:02X} = {_ESCAPED[follows]:02X} (byte {position})")
            elif follows != START:
                trouble = trouble or f"byte {position}: FD is followed by {follows:02X}, not by ED or EE"
            byte = _ESCAPED.get(follows, byte)
            position += follows in _ESCAPED
        body.append(byte)
        position += 1
        if len(body) == 2:
            needed = 4 + (body[0] | body[1] << 7)
    crc = crc8(bytes(body[2:-1]))
    if crc != body[-1] and not trouble:
        trouble = f"byte {position - 1}: CRC is {body[-1]:02X}, it should be {crc:02X}"
    said, note = bytes(body[3:-1]), ", ".join(notes)
    if trouble:
        return Raw(data[:position], body[2], None, trouble, note, said)
    return Raw(data[:position], body[2], said, "", note)


def _cut(raw: bytes, why: str) -> Raw:
    if len(raw) < _HEAD:
        return Raw(raw, None, None, f"byte {len(raw)}: {why}, {_HEAD - len(raw)} bytes of the head are missing")
    there = raw.replace(b"\xfd\xee", b"\xfe").replace(b"\xfd\xed", b"\xfd")
    missing = _HEAD + (raw[1] | raw[2] << 7) + 1 - len(there)
    return Raw(raw, raw[3], None, f"byte {len(raw)}: {why}, {missing} bytes of the frame are missing")


def side_of(raw: Raw) -> Side | None:
    """Who must have sent this."""
    if raw.id == ASYNC_ID:
        return Side.TILL
    if not raw.data:
        return None
    if raw.data[0] in COMMANDS:
        return Side.HOST
    return Side.TILL if raw.data[0] in STATES else None


class Meaning:
    """What frames mean, given those before them: an answer has the id of what it answers, and a task its message."""

    def __init__(self) -> None:
        self._asked: dict[int, bytes] = {}
        self._tasks: dict[int, bytes] = {}

    def piece(self, raw: Raw, side: Side | None) -> Piece:
        """The frame, or the junk, as a piece of the dialogue."""
        if raw.data is None and raw.raw[0] != START:
            return Piece("junk", "мусор / junk", raw.raw, trouble=raw.trouble, side=side)
        if raw.id is None or (raw.data is None and not raw.damaged):
            return Piece("v3", "кадр v3 / frame v3", raw.raw, trouble=raw.trouble, side=side)
        told = fields({"escapes": raw.note}) if raw.note else ()
        if raw.data is None:
            said = self._copy()._said(raw.id, raw.damaged, side)
            title = f"v3 id {raw.id:02X}, CRC неверна / bad: {said.title}"
            return Piece("v3", title, raw.raw, told + said.fields, said.inside, raw.trouble, side)
        said = self._said(raw.id, raw.data, side)
        title = f"v3 id {raw.id:02X}, CRC {raw.raw[-1]:02X} верна / good: {said.title}"
        return Piece("v3", title, raw.raw, told + said.fields, said.inside, said.trouble, side)

    def _copy(self) -> "Meaning":
        """What a damaged frame seems to say changes nothing."""
        twin = Meaning()
        twin._asked, twin._tasks = self._asked.copy(), self._tasks.copy()
        return twin

    def _said(self, frame_id: int, data: bytes, side: Side | None) -> "_Said":
        if not data:
            return _Said("повторите / repeat, please")
        return self._host(frame_id, data) if side is Side.HOST else self._till(frame_id, data)

    def _host(self, frame_id: int, data: bytes) -> "_Said":
        self._asked[frame_id] = data
        command, size = data[0], len(data)
        title = COMMANDS.get(command)
        if title is None:
            trouble = f"byte {_HEAD}: {command:02X} is no command of the buffer"
            return _Said(f"{command:02X} неизвестная команда / unknown command", _raw(data[1:]), (), trouble)
        needed = _SIZES.get(command, 2)
        if size < needed:
            return _Said(title, _raw(data[1:]), (), f"byte {_HEAD + size}: {needed - size} bytes are missing")
        if command == BufferCommand.ABORT:
            self._tasks.clear()
            return _Said(title)
        if command == BufferCommand.ADD:
            return self._added(title, data[1], data[2], data[3:])
        if command == BufferCommand.ACK_ADD:
            return self._added(f"{title} {data[1]:02X},", data[2], data[3], data[4:])
        return _Said(f"{title} {data[1]:02X}")

    def _added(self, title: str, flags: int, task: int, message: bytes) -> "_Said":
        self._tasks[task] = message
        words = "|".join(flag.name or "" for flag in TaskFlags if flag & flags) or "NONE"
        inside = (app.request(message, None),) if message else ()
        stream = "" if message else ", поток / stream"
        return _Said(f"{title} {task:02X}, flags {flags:02X} {words}{stream}", inside=inside)

    def _till(self, frame_id: int, data: bytes) -> "_Said":
        if frame_id == ASYNC_ID:
            return self._result(data)
        asked = self._asked.get(frame_id, b"")
        command = asked[0] if asked else None
        if command == BufferCommand.ACK_ADD and len(data) > 1 and len(asked) > 3:
            said = self._state(data[1:], asked[3])
            return said._replace(title=f"{_state(data[0])} {asked[1]:02X}, {said.title}")
        place = _TASK_AT.get(command, len(asked)) if command is not None else 0
        return self._state(data, asked[place] if place < len(asked) else None)

    def _state(self, data: bytes, task: int | None) -> "_Said":
        """A synchronous answer. ``task``: what it is about, None when it is about none or nobody knows."""
        state, rest = data[0], data[1:]
        title = _state(state) if task is None else f"{_state(state)} {task:02X}"
        trouble = "" if state in STATES else f"byte {_HEAD}: {state:02X} is no state of the buffer"
        if not rest:
            return _Said(title, trouble=trouble)
        if state in _WITH_ANSWER:
            message = None if task is None else self._tasks.get(task)
            return _Said(title, inside=(app.answer(rest, message, None),))
        if state == State.STOPPED:
            return _Said(f"{title} заданием / by task {rest[0]:02X}", _raw(rest[1:]))
        if state == BufferError.ILLEGAL_VALUE:
            return _Said(f"{title}: поле / field {rest[0]}", _raw(rest[1:]))
        return _Said(title, _raw(rest), trouble=trouble)

    def _result(self, data: bytes) -> "_Said":
        if len(data) < _ASYNC_HEAD:
            return _Said(_state(data[0]), trouble=f"byte {_HEAD + 1}: the number of the task is missing")
        is_result = data[0] in (State.ASYNC_RESULT, State.ASYNC_ERROR)
        trouble = "" if is_result else f"byte {_HEAD}: {data[0]:02X} is no result"
        inside = (app.answer(data[2:], self._tasks.get(data[1]), None),)
        return _Said(f"{_state(data[0])} {data[1]:02X}", inside=inside, trouble=trouble)


class _Said(NamedTuple):
    """What the data of a frame say."""

    title: str
    fields: tuple[Field, ...] = ()
    inside: tuple[Piece, ...] = ()
    trouble: str = ""


def _state(state: int) -> str:
    return f"{state:02X} {STATES.get(state, 'неизвестное состояние / unknown state')}"


def _raw(data: bytes) -> tuple[Field, ...]:
    return fields({"data": data}) if data else ()
