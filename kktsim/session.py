"""One port's dialogue with the till: which link the host speaks, its task buffer, the commands that wait.

A serial line has no connections, so the link is chosen anew whenever nothing is begun or owed: ENQ begins link v2,
FE link v3, anything else is skipped. A command that must not run while a report prints waits here; status queries do
not. Pure: bytes and times in, bytes out.

Sources: ATOL protocol 3.1, lower levels v2 and v3; ATOL's driver 10.8 as observed (thirteen bytes of another probe
come before its first frame; frames come several in a write, or byte by byte).
"""

from typing import Protocol

from kktsim.device import Kkt, execute, waits
from protocol.atol import link_v2, link_v3
from protocol.atol.task_buffer import BufferCommand, State, Task, TaskBuffer

_ENQ, _FE = b"\x05", b"\xfe"
INTERNAL_ERROR = b"\x55\xf6\x03"
"""«Внутренняя ошибка ККТ»: what the host gets when our own code is wrong; whoever watches is told."""
FRAME_PAUSE_SECONDS = 2.0
"""Silence inside a v3 frame after which the rest will not come (guess): a stray FE must not swallow an ENQ."""
_JUNK_KEPT = 64
"""Bytes of junk kept to tell what a silent driver may be speaking."""


class Alarm(Protocol):
    """Somebody who must know when something is wrong."""

    def not_understood(self, data: bytes) -> None:
        """Bytes came, and not one whole frame has come yet."""

    def bug(self, request: bytes, error: Exception) -> None:
        """Our own code failed on a request. With nobody to tell, the exception goes on and the test fails."""


class Watcher(Alarm, Protocol):
    """Somebody who wants to see the dialogue; nothing is formatted when there is nobody."""

    def junk(self, data: bytes) -> None:
        """Bytes came that begin neither link: the last of them."""

    def message(self, request: bytes, reply: bytes) -> None:
        """An application message was executed."""

    def bytes_in(self, data: bytes) -> None:
        """Bytes came from the host."""

    def bytes_out(self, data: bytes) -> None:
        """Bytes go to the host."""


class Session:
    """«Сеанс» of one port."""

    __slots__ = (
        "_buffer",
        "_decoder",
        "_direct",
        "_heard_at",
        "_kkt",
        "_sent",
        "_v2",
        "_waiting_v2",
        "alarm",
        "junk",
        "spoke",
        "watcher",
    )

    def __init__(self, kkt: Kkt) -> None:
        self._kkt = kkt
        self._direct = kkt.settings.result_delivery == "direct"
        self._decoder = link_v3.Decoder()
        self._heard_at = 0.0
        """Host time of the last bytes of link v3."""
        self._buffer = TaskBuffer()
        self._sent: list[bytes | None] = [None] * 256
        """The last synchronous frame for each id: an empty frame asks to repeat it."""
        self._v2: link_v2.DeviceLink | None = None
        """The dialogue in link v2, while the host speaks that."""
        self._waiting_v2: bytes | None = None
        self.junk = b""
        """Bytes that begin neither link, until one of them is spoken."""
        self.spoke = False
        """Whether a whole frame of either link has come."""
        self.watcher: Watcher | None = None
        """Sees everything."""
        self.alarm: Alarm | None = None
        """Is told what is wrong even when nobody watches."""

    def copy_for(self, kkt: Kkt) -> "Session":
        """The same dialogue with the fork of the till."""
        twin = Session(kkt)
        twin._decoder = self._decoder.copy()
        twin._heard_at = self._heard_at
        twin._buffer = self._buffer.copy()
        twin._sent = self._sent.copy()
        twin._v2 = None if self._v2 is None else self._v2.copy()
        twin._waiting_v2 = self._waiting_v2
        twin.junk = self.junk
        twin.spoke = self.spoke
        return twin

    def reset(self) -> None:
        """Begin anew: power was lost."""
        watcher, alarm = self.watcher, self.alarm
        self.__init__(self._kkt)  # type: ignore[misc]
        self.watcher, self.alarm = watcher, alarm

    @property
    def is_delivering(self) -> bool:
        """Whether an answer is on its way by link v2, which takes several turns."""
        return self._v2 is not None and not self._v2.is_idle

    def hang_up(self) -> None:
        """The host closed the port: bytes of a frame it did not finish are forgotten, tasks stay."""
        self.spoke = False
        self._decoder.reset()
        if self._v2 is not None:
            self._v2.reset()

    def receive(self, data: bytes, now: float, at: float) -> bytes:
        """Bytes for the host, at once."""
        if self.watcher is not None:
            self.watcher.bytes_in(data)
        if self._v2 is None and data[:1] == _FE:
            out = self._receive_v3(data, now, at)
        else:
            out = self._receive_any(data, now, at)
        if not self.spoke and self.alarm is not None:
            self.alarm.not_understood(data)
        if self.watcher is not None and out:
            self.watcher.bytes_out(out)
        return out

    def tick(self, now: float, at: float) -> bytes:
        """Bytes for the host that became due: results of tasks that waited, repeats of link v2."""
        self._kkt.settle(now)
        out = self._run(now, at) if self._buffer.has_waiting else b""
        if self._v2 is not None:
            out += self._v2.tick(now)
        out += self._run_v2(now, at)
        if self.watcher is not None and out:
            self.watcher.bytes_out(out)
        return out

    def next_deadline(self) -> float | None:
        """Host time at which `tick` has something to do."""
        deadline = self._v2.deadline if self._v2 is not None else None
        if self._buffer.has_waiting or self._waiting_v2 is not None:
            ready = self._kkt.volatile.busy_until
            if ready is not None and (deadline is None or ready < deadline):
                return ready
        return deadline

    # ---- which link

    def _receive_any(self, data: bytes, now: float, at: float) -> bytes:
        """Bytes that do not begin with FE, or come while link v2 is spoken: taken so that a split changes nothing."""
        if not self._decoder.is_idle:
            if now - self._heard_at <= FRAME_PAUSE_SECONDS:
                return self._receive_v3(data, now, at)
            self._decoder.reset()
        out = b""
        while True:
            if self._v2 is None:
                data = self._without_junk(data)
            if not data:
                return out
            if data[:1] == _FE and (self._v2 is None or self._v2.is_idle):
                self._v2 = None
                return out + self._receive_v3(data, now, at)
            out += self._receive_v2(data[:1], now, at)
            data = data[1:]

    def _without_junk(self, data: bytes) -> bytes:
        """The bytes from the first that begins a link."""
        starts = [index for index in (data.find(_ENQ), data.find(_FE)) if index >= 0]
        first = min(starts, default=len(data))
        if first:
            self.junk = (self.junk + data[:first])[-_JUNK_KEPT:]
            if self.watcher is not None:
                self.watcher.junk(self.junk)
        return data[first:]

    # ---- link v2

    def _receive_v2(self, data: bytes, now: float, at: float) -> bytes:
        if self._v2 is None:
            self._v2 = link_v2.DeviceLink()
        return self._v2.receive(data, now) + self._run_v2(now, at)

    def _run_v2(self, now: float, at: float) -> bytes:
        """Run what link v2 has brought. A command whose host has gone is done all the same, and answered to nobody."""
        out = b""
        while (message := self._next_v2()) is not None:
            self.spoke = True
            if waits(self._kkt, message):
                self._waiting_v2 = message
                break
            self._waiting_v2 = None
            reply = self._execute(message, now, at)[0]
            if self._v2 is not None:
                out += self._v2.reply(reply, now)
        return out

    def _next_v2(self) -> bytes | None:
        if self._waiting_v2 is not None or self._v2 is None:
            return self._waiting_v2
        return self._v2.take_message()

    # ---- link v3

    def _receive_v3(self, data: bytes, now: float, at: float) -> bytes:
        self._heard_at = now
        out = b""
        for frame_id, payload in self._decoder.feed(data):
            if payload:
                self.spoke = True
                out += self._answer(frame_id, payload, now, at)
            elif payload is None:
                out += link_v3.encode(frame_id, b"")
            else:
                out += self._sent[frame_id] or b""
        return out

    def _answer(self, frame_id: int, payload: bytes, now: float, at: float) -> bytes:
        buffer = self._buffer
        answer = buffer.receive(payload)
        if not buffer.has_waiting:
            self._sent[frame_id] = frame = link_v3.encode(frame_id, answer)
            return frame
        if self._direct and payload[0] == BufferCommand.ADD and answer[0] == State.IN_PROGRESS:
            task = buffer.next_task()
            assert task is not None
            if not waits(self._kkt, task.message):
                answer = self._finish(task, now, at)
                answer = bytes((_DIRECT[answer[0]],)) + answer[2:] if answer else bytes((State.RESULT,))
                self._sent[frame_id] = frame = link_v3.encode(frame_id, answer)
                return frame
        self._sent[frame_id] = frame = link_v3.encode(frame_id, answer)
        return frame + self._run(now, at)

    def _run(self, now: float, at: float) -> bytes:
        """Run the tasks that may run now; the frames with their results."""
        out = b""
        volatile = self._kkt.volatile
        while (task := self._buffer.next_task()) is not None:
            if volatile.busy_until is not None and waits(self._kkt, task.message):
                break
            told = self._finish(task, now, at)
            if told:
                out += link_v3.encode(link_v3.ASYNC_ID, told)
        return out

    def _finish(self, task: Task, now: float, at: float) -> bytes:
        reply, failed = self._execute(task.message, now, at)
        return self._buffer.finish(task, reply, failed)

    def _execute(self, message: bytes, now: float, at: float) -> tuple[bytes, bool]:
        try:
            result = execute(self._kkt, message, now, at)
        except Exception as error:
            alarm = self.alarm or self.watcher
            if alarm is None:
                raise
            alarm.bug(message, error)
            return INTERNAL_ERROR, True
        if self.watcher is not None:
            self.watcher.message(message, result[0])
        return result


_DIRECT: dict[int, State] = {State.ASYNC_RESULT: State.RESULT, State.ASYNC_ERROR: State.ERROR}
