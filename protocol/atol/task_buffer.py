"""The task buffer of link v3 as both ends see it: commands C1..C5, states A1..A8, errors B1..B4.

The till's side is `TaskBuffer`: it keeps tasks and answers about them, and knows nothing of what a task means. Who
owns it runs the waiting tasks (`next_task`) and says how they ended (`finish`).

Sources: ATOL protocol 3.1, lower level v3; a real Evotor's log (A5 with the task that stopped the buffer, A7 for
errors of tasks added without result, A8 for the stream task); ATOL's driver 10.8 as observed (a failed task that was
acknowledged stops nothing any more).
"""

from enum import IntEnum, IntFlag
from typing import Final


class BufferCommand(IntEnum):
    """First byte of a frame to the till."""

    ADD = 0xC1
    ACK = 0xC2
    REQUEST = 0xC3
    ABORT = 0xC4
    ACK_ADD = 0xC5


class TaskFlags(IntFlag):
    """How a task is to be run."""

    NONE = 0
    NEED_RESULT = 1
    IGNORE_ERROR = 2
    WAIT_ASYNC_DATA = 4


class State(IntEnum):
    """First byte of a frame from the till: the state of a task."""

    PENDING = 0xA1
    IN_PROGRESS = 0xA2
    RESULT = 0xA3
    ERROR = 0xA4
    STOPPED = 0xA5
    ASYNC_RESULT = 0xA6
    ASYNC_ERROR = 0xA7
    WAITING = 0xA8


class BufferError(IntEnum):
    """First byte of a frame from the till: why it cannot do what a buffer command asks."""

    OVERFLOW = 0xB1
    ALREADY_EXISTS = 0xB2
    NOT_FOUND = 0xB3
    ILLEGAL_VALUE = 0xB4


LAST_TASK_ID: Final = 0xDF
CAPACITY: Final = 64
"""Tasks, waiting and finished. Precedent: a client that never acknowledges wants a few dozen; the number is a guess."""

_ACK, _ADD, _REQUEST = int(BufferCommand.ACK), int(BufferCommand.ADD), int(BufferCommand.REQUEST)
_ABORT, _ACK_ADD = int(BufferCommand.ABORT), int(BufferCommand.ACK_ADD)
_NEED_RESULT, _IGNORE_ERROR = int(TaskFlags.NEED_RESULT), int(TaskFlags.IGNORE_ERROR)
_WAIT_ASYNC_DATA = int(TaskFlags.WAIT_ASYNC_DATA)
# plain numbers: every frame passes here, and members of an enumeration compare ten times slower
_ALL_FLAGS: Final = 7
_DONE: Final = frozenset({State.RESULT, State.ERROR, State.STOPPED})
_ACCEPTED: Final = bytes((State.RESULT,))
_RUNS: Final = bytes((State.IN_PROGRESS,))
_QUEUED: Final = bytes((State.PENDING,))
_STREAM: Final = bytes((State.WAITING,))
_NOT_FOUND: Final = bytes((BufferError.NOT_FOUND,))


class Task:
    """One task: its id, how to run it, the application message, and how it ended."""

    __slots__ = ("answer", "flags", "id", "message", "state")

    def __init__(self, task_id: int, flags: int, message: bytes, state: State = State.PENDING) -> None:
        self.id = task_id
        self.flags = flags
        self.message = message
        self.state = state
        self.answer = b""

    def copy(self) -> "Task":
        """An independent task in the same state."""
        twin = Task(self.id, self.flags, self.message, self.state)
        twin.answer = self.answer
        return twin


class TaskBuffer:
    """«Буфер заданий»: what was added, what runs, what is done and not yet acknowledged.

    An error of a task without IGNORE_ERROR stops the tasks behind it, and new ones, until the failed task is
    acknowledged or everything is aborted.
    """

    __slots__ = ("_stopped_by", "_tasks", "_waiting")

    def __init__(self) -> None:
        self._tasks: dict[int, Task] = {}
        self._waiting: list[Task] = []
        self._stopped_by: int | None = None

    def copy(self) -> "TaskBuffer":
        """An independent buffer in the same state."""
        twin = TaskBuffer()
        twin._tasks = {number: task.copy() for number, task in self._tasks.items()}
        twin._waiting = [twin._tasks[task.id] for task in self._waiting]
        twin._stopped_by = self._stopped_by
        return twin

    @property
    def has_waiting(self) -> bool:
        """Whether a task is still to be run."""
        return bool(self._waiting)

    def next_task(self) -> Task | None:
        """The task to be run next, or None."""
        return self._waiting[0] if self._waiting else None

    def receive(self, data: bytes) -> bytes:
        """Answer to the data of one frame (at least one byte) from the host."""
        command, size = data[0], len(data)
        if command == _ACK and size == 2:
            return self._ack(data[1])
        if command == _ADD and size >= 3:
            return self._add(data[1], data[2], data[3:])
        if command == _REQUEST and size == 2:
            return self._request(data[1])
        if command == _ABORT and size == 1:
            self.abort()
            return _ACCEPTED
        if command == _ACK_ADD and size >= 4:
            return self._ack(data[1])[:1] + self._add(data[2], data[3], data[4:])
        return bytes((BufferError.ILLEGAL_VALUE, 0))  # guess: no source says what an unknown buffer command gets

    def finish(self, task: Task, answer: bytes, failed: bool) -> bytes:
        """Record how the task at the head ended; the data of the frame that tells the host, or nothing to tell.

        ``answer`` is the application's reply.
        """
        self._waiting.remove(task)
        if self._waiting:
            self._waiting[0].state = State.IN_PROGRESS
        task.answer = answer
        task.state = State.ERROR if failed else State.RESULT
        if failed:
            if not task.flags & _IGNORE_ERROR:
                self._stopped_by = task.id
                for other in self._waiting:
                    other.state = State.STOPPED
                self._waiting.clear()
            return bytes((State.ASYNC_ERROR, task.id)) + answer
        if task.flags & _NEED_RESULT:
            return bytes((State.ASYNC_RESULT, task.id)) + answer
        del self._tasks[task.id]
        return b""

    def abort(self) -> None:
        """Drop every task."""
        self._tasks.clear()
        self._waiting.clear()
        self._stopped_by = None

    def _add(self, flags: int, task_id: int, message: bytes) -> bytes:
        if flags > _ALL_FLAGS:
            return bytes((BufferError.ILLEGAL_VALUE, 0))
        if task_id > LAST_TASK_ID:
            return bytes((BufferError.ILLEGAL_VALUE, 1))
        if task_id in self._tasks:
            return bytes((BufferError.ALREADY_EXISTS,))
        if len(self._tasks) >= CAPACITY and not self._make_room():
            return bytes((BufferError.OVERFLOW,))
        if flags & _WAIT_ASYNC_DATA and not message:
            self._tasks[task_id] = Task(task_id, flags, message, State.WAITING)
            return _STREAM
        if self._stopped_by is not None:
            self._tasks[task_id] = Task(task_id, flags, message, State.STOPPED)
            return bytes((State.STOPPED, self._stopped_by))
        self._tasks[task_id] = task = Task(task_id, flags, message)
        self._waiting.append(task)
        if len(self._waiting) > 1:
            return _QUEUED
        task.state = State.IN_PROGRESS
        return _RUNS

    def _make_room(self) -> bool:
        """Drop the oldest task that is done; whether there was one. That which stopped the buffer must stay: only
        its acknowledgement lets the buffer go on.
        """
        for number, task in self._tasks.items():
            if task.state in _DONE and number != self._stopped_by:
                del self._tasks[number]
                return True
        return False

    def _ack(self, task_id: int) -> bytes:
        task = self._tasks.get(task_id)
        if task is None:
            return _NOT_FOUND
        if task.state in _DONE:
            del self._tasks[task_id]
            if self._stopped_by == task_id:
                self._stopped_by = None
        return bytes((task.state,))

    def _request(self, task_id: int) -> bytes:
        task = self._tasks.get(task_id)
        if task is None:
            return _NOT_FOUND
        if task.state is State.STOPPED and self._stopped_by is not None:
            return bytes((State.STOPPED, self._stopped_by))
        return bytes((task.state,)) + task.answer
