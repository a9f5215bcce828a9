"""pyserial's handler of ``kkt://MODEL?state=PRESET&at=ISO&clock=KIND&pace=PACE``; see `kktsim.pyserial`.

Host time is real, so that timeouts take as long as they say and a Z report prints as long as on a served till. Nothing
runs between two calls: what became due meanwhile is done at the next one. A thread that reads is woken by one that
writes, as with a real port, and the port starts no thread itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from serial.serialutil import PortNotOpenError, SerialBase, SerialException

from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world, present
from kktsim.device.pace import OFF, PACES
from kktsim.kkt_models import DEFAULT_MODEL, load, load_file
from kktsim.ports.line import Line
from kktsim.ports.loopback import Loopback
from kktsim.ports.paced import as_slow_as
from kktsim.testing.presets import build, check_world

DEFAULTS = {"state": "registered", "at": "", "clock": ClockKind.REAL.value, "pace": OFF, "model-file": ""}
"""The parameters of a URL; ``at`` empty: now; ``model-file`` empty: the model is the host."""


def bench_for(url: str) -> Bench:
    """The till that the URL describes; raises SerialException, whose text says what is wrong with the URL."""
    try:
        parts = urlsplit(url)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        if parts.scheme != "kkt" or parts.path not in ("", "/") or parts.fragment:
            raise ValueError("a till is named kkt://MODEL?state=PRESET")
        unknown = [name for name, _ in given if name not in DEFAULTS]
        if unknown or len(dict(given)) != len(given):
            raise ValueError(f"each of {', '.join(DEFAULTS)} may be given once, and nothing else")
        asked = DEFAULTS | dict(given)
        for name, choices in (("clock", tuple(ClockKind)), ("pace", tuple(PACES))):
            if asked[name] not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}")
        world = _world(asked["at"])
        check_world(world)
        if asked["model-file"] and parts.netloc:
            raise ValueError("the host and model-file both name a model")
        model = load_file(Path(asked["model-file"])) if asked["model-file"] else load(parts.netloc or DEFAULT_MODEL)
        bench = build(model, asked["state"], world, ClockKind(asked["clock"]))
    except ValueError as error:
        raise SerialException(f"{url!r} names no till: {error}") from error
    bench.executor.pace = PACES[asked["pace"]]
    return bench


def _world(text: str) -> float:
    """World time of the parameter ``at``; raises ValueError."""
    try:
        return parse_world(text) if text else present()
    except ValueError as error:
        raise ValueError(f"at={text} is no date and time: {error}; write it as 2026-11-22T10:00") from None


def line_of(bench: Bench) -> Line:
    """The till's end of a serial line, on which bytes take their time if commands do."""
    return as_slow_as(bench.executor, bench.open_line(), bench.clock.now)


class Serial(SerialBase):
    """One port of one till. Speed, parity and control lines are accepted and remembered, and change nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._changed = Condition()
        self._bench: Bench | None = None
        self._bench_url: str | None = None
        self._loopback: Loopback | None = None
        self._arrived = bytearray()
        self._is_cancelled = False
        super().__init__(*args, **kwargs)  # opens the port when one is given

    @property
    def bench(self) -> Bench:
        """The till and the operator's hands on it; only while no other thread uses the port."""
        if self._bench is None:
            raise PortNotOpenError
        return self._bench

    def open(self) -> None:
        """Find the till of the URL, made anew unless this object had it open before; raises SerialException."""
        if self.port is None:
            raise SerialException("Port must be configured before it can be used.")
        if self.is_open:
            raise SerialException("Port is already open.")
        if self._bench is None or self._bench_url != self.port:
            self._bench, self._bench_url = bench_for(self.port), self.port
            self._loopback = Loopback(line_of(self._bench))
        self._arrived.clear()
        self.is_open = True

    def close(self) -> None:
        """Let go of the port: the till forgets half a frame and what it owes; a second call does nothing."""
        with self._changed:
            if self.is_open:
                self.is_open = False
                if self._loopback is not None:
                    self._loopback.drop()
                self._changed.notify_all()

    # ---- data

    @property
    def in_waiting(self) -> int:
        """Bytes that the till has sent and nobody has read."""
        with self._present():
            return len(self._arrived)

    @property
    def out_waiting(self) -> int:
        """The till takes every byte at once."""
        return 0

    def read(self, size: int = 1, /) -> bytes:
        """``size`` bytes, or fewer when ``timeout`` or ``inter_byte_timeout`` ends first or `cancel_read` is called."""
        with self._present():
            self._is_cancelled = False
            now = self.bench.clock.now
            ends = None if self.timeout is None else now() + self.timeout
            while len(self._arrived) < size:
                left = None if ends is None else ends - now()
                gap = self.inter_byte_timeout if self._arrived else None
                if not self._more_arrives(_shorter(left, gap)):
                    break
            data = bytes(self._arrived[:size])
            del self._arrived[:size]
            return data

    def write(self, b: Any, /) -> int:
        """Give the till all of a bytes-like object; how many bytes it has."""
        data = bytes(memoryview(b))
        with self._present() as loopback:
            loopback.write(data)
            self._arrived += loopback.read()
            self._changed.notify_all()
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""
        with self._present():
            pass

    def reset_input_buffer(self) -> None:
        """Forget what the till has sent so far."""
        with self._present():
            self._arrived.clear()

    def reset_output_buffer(self) -> None:
        """Nothing waits to be written."""
        self.flush()

    def cancel_read(self) -> None:
        """Let a `read` of another thread return what it has."""
        with self._changed:
            self._is_cancelled = True
            self._changed.notify_all()

    def cancel_write(self) -> None:
        """A `write` never waits."""

    @contextmanager
    def _present(self) -> Iterator[Loopback]:
        """Use the open port alone, after all that became due was done."""
        with self._changed:
            if not self.is_open or self._loopback is None:
                raise PortNotOpenError
            self._take_due(self._loopback)
            yield self._loopback

    def _take_due(self, loopback: Loopback) -> None:
        loopback.wake()
        self._arrived += loopback.read()

    def _more_arrives(self, seconds: float | None) -> bool:
        """Wait for more bytes, for so long at most, None: for ever; whether they came."""
        before = len(self._arrived)
        now = self.bench.clock.now
        ends = None if seconds is None else now() + seconds
        while self.is_open and not self._is_cancelled and self._loopback is not None:
            self._take_due(self._loopback)
            left = None if ends is None else ends - now()
            if len(self._arrived) > before or (left is not None and left <= 0):
                break
            self._changed.wait(_shorter(left, self._loopback.seconds_to_deadline()))
        return len(self._arrived) > before

    # ---- lines

    @property
    def cts(self) -> bool:
        """The till's RTS: it raises its lines while it has power."""
        return self._has_power()

    @property
    def dsr(self) -> bool:
        """The till's DTR."""
        return self._has_power()

    @property
    def cd(self) -> bool:
        """The till's DTR too, by the cable."""
        return self._has_power()

    @property
    def ri(self) -> bool:
        """No till rings."""
        with self._present():
            return False

    def _has_power(self) -> bool:
        with self._present():
            return self.bench.kkt.is_on

    def _reconfigure_port(self) -> None:
        """The base class calls it when a setting changes."""

    _update_rts_state = _update_dtr_state = _update_break_state = _reconfigure_port


def _shorter(first: float | None, second: float | None) -> float | None:
    """The shorter of two waits; None: without end. Never negative."""
    waits = [max(wait, 0.0) for wait in (first, second) if wait is not None]
    return min(waits) if waits else None
