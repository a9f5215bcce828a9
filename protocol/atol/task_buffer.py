"""The task buffer of link v3 as both ends see it: commands C1..C5, states A1..A8, errors B1..B4.

The till's side is `TaskBuffer`: it keeps tasks and answers about them, and knows nothing of what a task means. Who
owns it does the task at the head of `todo`, and says how it ended (`finish`) and, when it takes time, that it began.

Sources: ATOL protocol 3.1, lower level v3; a real Evotor's log (A1 while the till still prints the line before, A5
with the task that stopped the buffer, A7 for errors of tasks added without result, A8 for the stream task); ATOL's
driver 10.8 as observed (a failed task that was acknowledged stops nothing any more; its stream task has a password).
"""

from collections.abc import Callable
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
PASSWORD_BYTES: Final = 2
"""What stands before the command of an application message."""
CAPACITY: Final = 64
"""Tasks, waiting and finished. Precedent: a client that never acknowledges wants a few dozen; the number is a guess."""

_ACK, _ADD, _REQUEST = int(BufferCommand.ACK), int(BufferCommand.ADD), int(BufferCommand.REQUEST)
_ABORT, _ACK_ADD = int(BufferCommand.ABORT), int(BufferCommand.ACK_ADD)
_NEED_RESULT, _IGNORE_ERROR = int(TaskFlags.NEED_RESULT), int(TaskFlags.IGNORE_ERROR)
_WAIT_ASYNC_DATA = int(TaskFlags.WAIT_ASYNC_DATA)
_PENDING, _IN_PROGRESS, _WAITING = int(State.PENDING), int(State.IN_PROGRESS), int(State.WAITING)
_RESULT, _ERROR, _STOPPED = int(State.RESULT), int(State.ERROR), int(State.STOPPED)
# plain numbers: every frame passes here, and members of an enumeration compare ten times slower
_ALL_FLAGS: Final = 7
_DONE: Final = frozenset({_RESULT, _ERROR, _STOPPED})
_SPELLED: Final = tuple(bytes((number,)) for number in range(256))
_RESULT_OF: Final = tuple(bytes((State.ASYNC_RESULT, number)) for number in range(256))
_ERROR_OF: Final = tuple(bytes((State.ASYNC_ERROR, number)) for number in range(256))
"""Heads of what is told by itself, by task id."""
_ACCEPTED, _RUNS, _QUEUED = _SPELLED[State.RESULT], _SPELLED[State.IN_PROGRESS], _SPELLED[State.PENDING]
_STREAM, _NOT_FOUND = _SPELLED[State.WAITING], _SPELLED[BufferError.NOT_FOUND]


class Task:
    """One task: its id, how to run it, the application message, its `State`, and how it ended.

    ``arrived``: for who owns the buffer, to note which of several tasks was there first.
    """

    __slots__ = ("answer", "arrived", "flags", "id", "message", "state")

    def __init__(self, task_id: int, flags: int, message: bytes, state: int = _PENDING) -> None:
        self.id = task_id
        self.flags = flags
        self.message = message
        self.state = state
        self.answer = b""
        self.arrived = 0


class TaskBuffer:
    """«Буфер заданий»: what was added, what runs, what is done and not yet acknowledged.

    An error of a task without IGNORE_ERROR stops the tasks behind it, and new ones, until the failed task is
    acknowledged or everything is aborted.
    """

    __slots__ = ("_stopped_by", "_tasks", "todo")

    def __init__(self) -> None:
        self._tasks: dict[int, Task] = {}
        self.todo: list[Task] = []
        """Tasks that are not done yet, in their order; the one at the head runs, or is to be run next."""
        self._stopped_by: int | None = None

    def receive(self, data: bytes, must_wait: Callable[[bytes], bool] | None = None) -> bytes:
        """Answer to the data of one frame (at least one byte) from the host.

        ``must_wait``: of a message, whether it cannot run at once although no task stands before it; None: none must.
        """
        command, size = data[0], len(data)
        if command == _ACK and size == 2:
            return self._ack(data[1])
        if command == _ADD and size >= 3:
            return self._add(data[1], data[2], data[3:], must_wait)
        if command == _REQUEST and size == 2:
            return self._request(data[1])
        if command == _ABORT and size == 1:
            self.abort()
            return _ACCEPTED
        if command == _ACK_ADD and size >= 4:
            return self._ack(data[1]) + self._add(data[2], data[3], data[4:], must_wait)
        return bytes((BufferError.ILLEGAL_VALUE, 0))  # guess: no source says what an unknown buffer command gets

    def begin(self) -> None:
        """The task at the head runs from now on."""
        self.todo[0].state = _IN_PROGRESS

    def finish(self, answer: bytes, failed: bool) -> bytes:
        """Record how the task at the head ended; the data of the frame that tells the host, or nothing to tell.

        ``answer`` is the application's reply.
        """
        task = self.todo.pop(0)
        task.answer = answer
        if failed:
            task.state = _ERROR
            if not task.flags & _IGNORE_ERROR:
                self._stopped_by = task.id
                for other in self.todo:
                    other.state = _STOPPED
                self.todo.clear()
            return _ERROR_OF[task.id] + answer
        task.state = _RESULT
        if task.flags & _NEED_RESULT:
            return _RESULT_OF[task.id] + answer
        del self._tasks[task.id]
        return b""

    def abort(self) -> None:
        """Drop every task."""
        self._tasks.clear()
        self.todo.clear()
        self._stopped_by = None

    def _add(self, flags: int, task_id: int, message: bytes, must_wait: Callable[[bytes], bool] | None) -> bytes:
        if flags > _ALL_FLAGS:
            return bytes((BufferError.ILLEGAL_VALUE, 0))
        if task_id > LAST_TASK_ID:
            return bytes((BufferError.ILLEGAL_VALUE, 1))
        if task_id in self._tasks:
            return bytes((BufferError.ALREADY_EXISTS,))
        if len(self._tasks) >= CAPACITY and not self._make_room():
            return bytes((BufferError.OVERFLOW,))
        if flags & _WAIT_ASYNC_DATA and len(message) <= PASSWORD_BYTES:
            self._tasks[task_id] = Task(task_id, flags, message, _WAITING)
            return _STREAM
        if self._stopped_by is not None:
            self._tasks[task_id] = Task(task_id, flags, message, _STOPPED)
            return bytes((State.STOPPED, self._stopped_by))
        self._tasks[task_id] = task = Task(task_id, flags, message)
        self.todo.append(task)
        if len(self.todo) > 1 or (must_wait is not None and must_wait(message)):
            return _QUEUED
        task.state = _IN_PROGRESS
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
        return _SPELLED[task.state]

    def _request(self, task_id: int) -> bytes:
        task = self._tasks.get(task_id)
        if task is None:
            return _NOT_FOUND
        if task.state == _STOPPED and self._stopped_by is not None:
            return bytes((State.STOPPED, self._stopped_by))
        return _SPELLED[task.state] + task.answer
