"""Link v2 of one port: the dialogue of control bytes, and the one command that it has brought.

A command whose host has gone is done all the same and answered to nobody; the next one waits for its end.

Source: ATOL protocol 3.1, lower level v2.
"""

from kktsim.session.executor import Executor
from kktsim.session.watching import Execute
from protocol.atol.link_v2 import DeviceLink


class V2Side:
    """The till's end of link v2 on one port."""

    __slots__ = ("_ending", "_execute", "_executor", "_link", "_message", "_said", "arrived", "is_waiting", "spoke")

    def __init__(self, executor: Executor, execute: Execute) -> None:
        self._executor = executor
        self._execute = execute
        self._link = DeviceLink(naks_when_busy=executor.kkt.settings.enq_while_busy == "nak")
        self._message: bytes | None = None
        """A command that waits for its turn."""
        self._ending: tuple[float, bytes] | None = None
        """Host time at which the command that is being done ends, and its reply."""
        self._said = b""
        """What is to be said of a command whose turn came while another port was served."""
        self.arrived = 0
        self.is_waiting = False
        """Whether something may become due by itself."""
        self.spoke = False
        """Whether a whole message has come."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is owed to the host: another link may be spoken."""
        return self._link.is_idle

    @property
    def is_delivering(self) -> bool:
        """Whether a command has been executed whose reply the host has not got."""
        return self._ending is not None or not self._link.is_idle

    @property
    def deadline(self) -> float | None:
        """Host time at which `tick` has something to do."""
        if self._said:
            return 0.0
        due = self._link.deadline
        if self._ending is not None:
            own: float = self._ending[0]
        elif self._message is not None:
            own = self._executor.free_at
        else:
            self.is_waiting = due is not None
            return due
        return own if due is None else min(own, due)

    def hang_up(self) -> None:
        """The host closed the port: the dialogue is over, a command that has come is not."""
        self.spoke = False
        self._link.reset()

    def leave(self) -> None:
        """The host speaks link v3 now: a reply that was kept for it to ask again is forgotten."""
        self._link.reset()

    def receive(self, data: bytes, now: float, at: float) -> bytes:
        """Bytes for the host, at once. ``data``: one byte, so that what is glued to another comes in its turn."""
        self.is_waiting = True
        return self._link.receive(data, now) + self._run(now, at)

    def tick(self, now: float, at: float) -> bytes:
        """What became due: repeats, the reply to a command that took its time."""
        out, self._said = self._said, b""
        return out + self._link.tick(now) + self._run(now, at)

    def start(self, now: float, at: float) -> None:
        """Begin the command that waits: it is its turn."""
        message, self._message = self._message, None
        assert message is not None
        self._said += self._begin(message, now, at) + self._run(now, at)

    def catch_up(self, now: float, at: float) -> None:
        """End the command whose time is over; the next one begins, or waits for its turn."""
        self._said += self._run(now, at)

    def _run(self, now: float, at: float) -> bytes:
        """Answer the command whose time is over, and begin the one that came, as far as the till is free."""
        out = self._end(now)
        while self._message is None and self._ending is None:
            message = self._link.take_message()
            if message is None:
                break
            self.spoke = True
            if self._executor.must_wait(message):
                self._message = message
                self.arrived = self._executor.arrival()
                self._executor.enqueue(self)
            else:
                out += self._begin(message, now, at)
        return out

    def _end(self, now: float) -> bytes:
        """The reply to the command whose time is over."""
        if self._ending is None or now < self._ending[0]:
            return b""
        reply, self._ending = self._ending[1], None
        return self._link.reply(reply, now)

    def _begin(self, message: bytes, now: float, at: float) -> bytes:
        reply, failed = self._execute(message, now, at)
        due = self._executor.occupy(self, message, reply, failed, now)
        if due > now:
            self._ending = (due, reply)
            return b""
        return self._link.reply(reply, now)
