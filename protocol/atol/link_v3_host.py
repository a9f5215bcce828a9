"""Lower level v3, the host's role: one application message at a time as a task, its result awaited, then acknowledged.

It does what observed drivers do: Add with «need result»; the acknowledgement of the last task goes out together with
the next Add; after silence or a damaged frame it asks by Req; a stopped buffer is aborted and the task added again.
"""

from protocol.atol.link_v3 import ASYNC_ID, Decoder, encode
from protocol.atol.task_buffer import BufferCommand, BufferError, State, TaskFlags

LAST_ID = 0xDC
"""Ids of frames and tasks wrap here, as ATOL's driver does."""
POLL_SECONDS = 0.5
"""Silence after which the result is asked for (guess: drivers take 2 to 5 s; a bench may be quicker)."""

_RESULTS = frozenset((State.RESULT, State.ERROR))
_ASYNC = frozenset((State.ASYNC_RESULT, State.ASYNC_ERROR))


class HostLink:
    """The host's end of a v3 line. After `request`, feed it with `receive` until `answer` is there."""

    __slots__ = ("_added_by", "_decoder", "_frame_id", "_message", "_owed", "_poll_at", "_task_id", "answer", "failed")

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._frame_id = LAST_ID
        self._task_id = LAST_ID
        self._added_by = 0
        self._message: bytes | None = None
        self._owed: int | None = None
        self._poll_at: float | None = None
        self.answer: bytes | None = None
        """The application's reply to the last request, once it is there."""
        self.failed = False
        """Whether the till takes no such task, however often it is added."""

    @property
    def deadline(self) -> float | None:
        """Host time at which `tick` asks again."""
        return self._poll_at

    def connect(self) -> bytes:
        """Abort, as drivers do first: nothing of an earlier host is left in the buffer."""
        self._owed = None
        return self._frame(bytes((BufferCommand.ABORT,)))

    def request(self, message: bytes, now: float) -> bytes:
        """Bytes that add a task with this message (password, command, parameters)."""
        self.answer = None
        self.failed = False
        self._message = message
        out = b""
        if self._owed is not None:
            out = self._frame(bytes((BufferCommand.ACK, self._owed)))
            self._owed = None
        return out + self._add(now)

    def farewell(self) -> bytes:
        """Bytes that acknowledge the last task before the port is closed."""
        if self._owed is None:
            return b""
        out = self._frame(bytes((BufferCommand.ACK, self._owed)))
        self._owed = None
        return out

    def receive(self, data: bytes, now: float) -> bytes:
        """Bytes to send in answer to what came; `answer` is set when the result was among it."""
        out = b""
        for frame_id, payload in self._decoder.feed(data):
            if self._message is None:
                continue
            if payload is None:
                out += self._ask(now)
            elif not payload:
                out += self._ask(now) if frame_id == self._added_by else b""
            elif frame_id == ASYNC_ID:
                self._take_async(payload)
            elif frame_id == self._added_by:
                out += self._take_sync(payload, now)
        return out

    def tick(self, now: float) -> bytes:
        """Ask for the result when it is time."""
        if self._poll_at is None or now < self._poll_at:
            return b""
        return self._ask(now)

    def _take_async(self, data: bytes) -> None:
        if data[0] in _ASYNC and len(data) > 1 and data[1] == self._task_id:
            self._done(data[2:])

    def _take_sync(self, data: bytes, now: float) -> bytes:
        state = data[0]
        if state in _RESULTS:
            if len(data) > 1:
                self._done(data[1:])
            return b""
        if state == State.STOPPED:
            return self.connect() + self._add(now)
        if state == BufferError.NOT_FOUND:
            return self._add(now)
        if state == BufferError.ALREADY_EXISTS:
            self._task_id = _after(self._task_id)
            return self._add(now)
        if state == BufferError.OVERFLOW:
            return self.connect() + self._add(now)
        if state == BufferError.ILLEGAL_VALUE:
            self.failed = True
            self._message = None
            self._poll_at = None
        return b""

    def _done(self, reply: bytes) -> None:
        self.answer = reply
        self._owed = self._task_id
        self._message = None
        self._poll_at = None

    def _add(self, now: float) -> bytes:
        assert self._message is not None
        self._task_id = _after(self._task_id)
        self._poll_at = now + POLL_SECONDS
        head = bytes((BufferCommand.ADD, TaskFlags.NEED_RESULT, self._task_id))
        out = self._frame(head + self._message)
        self._added_by = self._frame_id
        return out

    def _ask(self, now: float) -> bytes:
        self._poll_at = now + POLL_SECONDS
        out = self._frame(bytes((BufferCommand.REQUEST, self._task_id)))
        self._added_by = self._frame_id
        return out

    def _frame(self, data: bytes) -> bytes:
        self._frame_id = _after(self._frame_id)
        return encode(self._frame_id, data)


def _after(number: int) -> int:
    return 0 if number >= LAST_ID else number + 1
