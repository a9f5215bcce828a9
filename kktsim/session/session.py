"""One port's dialogue with the till: which link is spoken on it.

A serial line has no connections, so the link is chosen anew whenever nothing is begun or owed: ENQ begins link v2,
FE link v3, anything else is skipped. A till that was told by table 2 field 85 which one to speak, and switched off and
on since, speaks only that one; a network port speaks v3 whatever the table says.

Sources: ATOL protocol 3.1, lower levels v2 and v3; ATOL's driver 10.8 as observed (thirteen bytes of another probe
come before its first frame); a Java client's notes (a network port knows no v2).
"""

from typing import Final

from kktsim.device import execute
from kktsim.device.refusal import INTERNAL_ERROR
from kktsim.session.executor import V2, Executor
from kktsim.session.v2 import V2Side
from kktsim.session.v3 import V3Side
from kktsim.session.watching import Alarm, Watcher

_ENQ: Final = 0x05
_FE: Final = 0xFE
_START: Final = b"\xfe"


class Session:
    """«Сеанс» of one port."""

    __slots__ = (
        "_executor",
        "_hears_v3",
        "_is_network",
        "_is_v2",
        "_v2",
        "_v3",
        "alarm",
        "spoke",
        "watcher",
    )

    def __init__(self, executor: Executor, *, is_network: bool = False) -> None:
        """``is_network``: the port is no serial line."""
        self._executor = executor
        self._is_network = is_network
        self._v2 = V2Side(executor, self._execute)
        self._v3 = V3Side(executor, self._execute)
        self._is_v2 = False
        """Whether a dialogue in link v2 has begun."""
        self._hears_v3 = self._speaks_v3
        """Whether FE begins a frame now."""
        self.spoke = False
        """Whether a whole frame of either link has come."""
        self.watcher: Watcher | None = None
        """Sees everything."""
        self.alarm: Alarm | None = None
        """Is told what is wrong even when nobody watches."""

    def reset(self) -> None:
        """Begin anew: power was lost, or has come back."""
        watcher, alarm = self.watcher, self.alarm
        self._executor.forget(self._v2)
        self._executor.forget(self._v3)
        self.__init__(self._executor, is_network=self._is_network)  # type: ignore[misc]
        self.watcher, self.alarm = watcher, alarm

    @property
    def is_delivering(self) -> bool:
        """Whether a reply is on its way, or owed for a command that has begun."""
        return self._v2.is_delivering or self._v3.is_delivering

    def hang_up(self) -> None:
        """The host closed the port: what it began to say is forgotten, what it asked for is not."""
        self.spoke = False
        self._v2.hang_up()
        self._v3.hang_up()

    def receive(self, data: bytes, now: float, at: float) -> bytes:
        """Bytes for the host, at once."""
        if self.watcher is not None:
            self.watcher.bytes_in(data)
        executor = self._executor
        if executor.occupied_until is not None or executor.kkt.volatile.busy_until is not None:
            executor.settle(now)
            executor.run(now, at)
        if self._hears_v3 and data[:1] == _START:
            out = self._v3.receive(data, now, at)
            if self._v3.behind:
                out += self._receive(self._v3.behind, now, at)
        else:
            out = self._receive(data, now, at)
        if not self.spoke:
            self._listen(data)
        if self.watcher is not None and out:
            self.watcher.bytes_out(out)
        return out

    def tick(self, now: float, at: float) -> bytes:
        """Bytes for the host that became due: results of commands that waited or took their time, repeats of v2."""
        executor = self._executor
        executor.settle(now)
        out = self._v3.tick(now, at) + self._v2.tick(now, at)
        executor.run(now, at)
        out += self._v3.tick(now, at) + self._v2.tick(now, at)
        if self.watcher is not None and out:
            self.watcher.bytes_out(out)
        return out

    def next_deadline(self) -> float | None:
        """Host time at which `tick` has something to do."""
        v3 = self._v3.deadline if self._v3.is_waiting else None
        v2 = self._v2.deadline if self._v2.is_waiting else None
        if v3 is None or v2 is None:
            return v2 if v3 is None else v3
        return min(v2, v3)

    # ---- which link

    @property
    def _speaks_v2(self) -> bool:
        return not self._is_network and self._executor.protocol in (None, V2)

    @property
    def _speaks_v3(self) -> bool:
        return self._is_network or self._executor.protocol != V2

    def _receive(self, data: bytes, now: float, at: float) -> bytes:
        """Bytes of which not all belong to frames of v3: taken so that it does not matter how they come in pieces."""
        out = b""
        if self._v3.is_in_frame(now):
            out = self._v3.receive(data, now, at)
            data = self._v3.behind
        place = 0
        while place < len(data):
            if not self._is_v2:
                place = self._skip_junk(data, place)
                if place == len(data):
                    break
            if data[place] == _FE and self._speaks_v3 and self._v2.is_idle:
                if self._is_v2:
                    self._v2.leave()
                self._is_v2, self._hears_v3 = False, True
                out += self._v3.receive(data[place:], now, at)
                data, place = self._v3.behind, 0
            else:
                self._is_v2, self._hears_v3 = True, False
                out += self._v2.receive(data[place : place + 1], now, at)
                place += 1
        return out

    def _skip_junk(self, data: bytes, start: int) -> int:
        """Index of the next byte that begins a link, the length when there is none."""
        starts = [data.find(_ENQ, start)] if self._speaks_v2 else []
        if self._speaks_v3:
            starts.append(data.find(_FE, start))
        first = min((index for index in starts if index >= 0), default=len(data))
        if first > start and self.watcher is not None:
            self.watcher.junk(data[start:first])
        return first

    # ---- what is done with what came

    def _listen(self, data: bytes) -> None:
        """Note the first whole frame, and tell of what is none."""
        self.spoke = self._v2.spoke or self._v3.spoke
        if not self.spoke and self.alarm is not None:
            self.alarm.not_understood(data)

    def _execute(self, message: bytes, now: float, at: float) -> tuple[bytes, bool]:
        try:
            result = execute(self._executor.kkt, message, now, at)
        except Exception as error:
            alarm = self.alarm or self.watcher
            if alarm is None:
                raise
            alarm.bug(message, error)
            return INTERNAL_ERROR, True
        if self.watcher is not None:
            self.watcher.message(message, result[0])
        return result
