"""Link v3 of one port: frames in, tasks done in their order, frames with their states and results out.

Every frame that comes whole is done, whatever its id: a host that says the same twice learns it from the task's id. A
damaged frame is answered by an empty one with its id, an empty frame by the last answer with that id.

Add is answered A2 when the task begins at once, A1 when another stands before it or the till is occupied; the result
comes by itself in a frame with id F0. Abort drops every task; one that has begun cannot be stopped half-way in till and
FN: it is done to its end, and nobody is told (guess).

Sources: ATOL protocol 3.1, lower level v3; a real Evotor's log; ATOL's driver 10.8 as observed (frames come several in
a write, or byte by byte).
"""

from typing import Final, NamedTuple

from kktsim.session.executor import Executor
from kktsim.session.watching import Execute
from protocol.atol.link_v3 import ASYNC_ID, Decoder, encode
from protocol.atol.task_buffer import BufferCommand, State, Task, TaskBuffer

FRAME_PAUSE_SECONDS: Final = 2.0
"""Silence inside a frame after which the rest will not come (guess): a stray FE must not swallow an ENQ."""

_ABORT, _ADD = int(BufferCommand.ABORT), int(BufferCommand.ADD)
_IN_PROGRESS: Final = int(State.IN_PROGRESS)
_RUNS, _DONE = bytes((State.IN_PROGRESS,)), bytes((State.RESULT,))
_DIRECT: Final[dict[int, State]] = {State.ASYNC_RESULT: State.RESULT, State.ASYNC_ERROR: State.ERROR}


class _Ending(NamedTuple):
    """How the task at the head ends at host time ``due``: it has been executed, and its time is not over."""

    due: float
    reply: bytes
    failed: bool


class V3Side:
    """The till's end of link v3 on one port."""

    __slots__ = (
        "_buffer",
        "_calls_it_pending",
        "_decoder",
        "_direct",
        "_ending",
        "_execute",
        "_executor",
        "_heard_at",
        "_must_wait",
        "_said",
        "_sent",
        "behind",
        "is_waiting",
        "spoke",
    )

    def __init__(self, executor: Executor, execute: Execute) -> None:
        settings = executor.kkt.settings
        self._executor = executor
        self._execute = execute
        self._must_wait = executor.must_wait
        self._direct = settings.result_delivery == "direct"
        self._calls_it_pending = settings.waiting_task_state == "pending"
        self._decoder = Decoder()
        self._heard_at = 0.0
        """Host time of the last bytes."""
        self._buffer = TaskBuffer()
        self._sent: list[bytes | None] = [None] * 256
        """The last synchronous frame for each id: an empty frame asks to repeat it."""
        self._ending: _Ending | None = None
        self._said = b""
        """Results of tasks whose turn came while another port was served."""
        self.behind = b""
        self.is_waiting = False
        """Whether a task may have to be begun or ended by `tick`."""
        self.spoke = False
        """Whether a whole frame has come."""

    @property
    def is_delivering(self) -> bool:
        """Whether a task has been executed of which the host has not been told."""
        return self._ending is not None or bool(self._said)

    @property
    def deadline(self) -> float | None:
        """Host time at which `tick` has something to do."""
        if self._said:
            return 0.0
        if self._ending is not None:
            return self._ending.due
        self.is_waiting = bool(self._buffer.todo)
        return self._executor.free_at if self.is_waiting else None

    @property
    def arrived(self) -> int:
        """The place in the order of arrival of the task that waits."""
        return self._buffer.todo[0].arrived

    def is_in_frame(self, now: float) -> bool:
        """Whether a frame has begun whose rest may still come; one that has fallen silent is forgotten."""
        if not self._decoder.is_idle and now - self._heard_at > FRAME_PAUSE_SECONDS:
            self._decoder.reset()
        return not self._decoder.is_idle

    def hang_up(self) -> None:
        """The host closed the port: bytes of a frame it did not finish are forgotten, tasks stay."""
        self.spoke = False
        self._decoder.reset()

    def receive(self, data: bytes, now: float, at: float) -> bytes:
        """Bytes for the host, at once; what came behind a frame and belongs to none is left in ``behind``."""
        self._heard_at = now
        out = b""
        frames, self.behind = self._decoder.take(data)
        for frame_id, payload in frames:
            if payload:
                out += self._answer(frame_id, payload, now, at)
            elif payload is None:
                out += encode(frame_id, b"")
            else:
                out += self._sent[frame_id] or b""
        return out

    def tick(self, now: float, at: float) -> bytes:
        """Results that became due."""
        out, self._said = self._said, b""
        return out + self._run(now, at)

    def start(self, now: float, at: float) -> None:
        """Begin the task at the head: it is its turn."""
        told = self._begin(now, at)
        if told is not None:
            self._said += (encode(ASYNC_ID, told) if told else b"") + self._run(now, at)

    def catch_up(self, now: float, at: float) -> None:
        """End the task whose time is over; the next one begins, or waits for its turn."""
        self._said += self._run(now, at)

    def _answer(self, frame_id: int, payload: bytes, now: float, at: float) -> bytes:
        """The answer to one frame, and the result of the task that it added when that is done at once."""
        self.spoke = True
        buffer = self._buffer
        answer = buffer.receive(payload, self._must_wait)
        told = None
        if buffer.todo:
            last = buffer.todo[-1]
            if not last.arrived:
                if last.state != _IN_PROGRESS:
                    answer = self._keep_waiting(last, answer)
                elif self._ending is None:
                    told = self._begin(now, at)
                    if self._direct and told is not None and payload[0] == _ADD:
                        answer = bytes((_DIRECT[told[0]],)) + told[2:] if told else _DONE
                        told = None
        elif payload[0] == _ABORT:
            self._ending = None
            self._executor.forget(self)
        self._sent[frame_id] = frame = encode(frame_id, answer)
        return frame + encode(ASYNC_ID, told) if told else frame

    def _keep_waiting(self, task: Task, answer: bytes) -> bytes:
        """``answer`` to the Add of a task that does not begin at once."""
        executor = self._executor
        self.is_waiting = True
        task.arrived = executor.arrival()
        if task is not self._buffer.todo[0]:
            return answer
        executor.enqueue(self)
        if self._calls_it_pending:
            return answer
        self._buffer.begin()
        return answer[:-1] + _RUNS

    def _run(self, now: float, at: float) -> bytes:
        """End the task whose time is over and go on with the next, as far as the till is free; frames of results."""
        out = b""
        buffer = self._buffer
        while buffer.todo:
            told: bytes | None
            ending = self._ending
            if ending is not None:
                if now < ending.due:
                    break
                self._ending = None
                told = buffer.finish(ending.reply, ending.failed)
            elif self._must_wait(buffer.todo[0].message):
                self._executor.enqueue(self)
                break
            else:
                told = self._begin(now, at)
                if told is None:
                    break
            if told:
                out += encode(ASYNC_ID, told)
        return out

    def _begin(self, now: float, at: float) -> bytes | None:
        """Do the task at the head; the data that tells of its end (empty: nothing), None: its time is not over."""
        message = self._buffer.todo[0].message
        reply, failed = self._execute(message, now, at)
        if self._executor.pace is not None:
            due = self._executor.occupy(self, message, reply, failed, now)
            if due > now:
                self._ending = _Ending(due, reply, failed)
                self.is_waiting = True
                self._buffer.begin()
                return None
        return self._buffer.finish(reply, failed)
