"""Tills for traces: in the state a trace's header names, reached in process or over a real port."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.hands.bench import BenchHands
from kktsim.host.loop_wire import LoopWire
from kktsim.host.serial_wire import SerialWire
from kktsim.host.till import Till
from kktsim.kkt_models import load
from kktsim.ports.parse import parse_address
from kktsim.replay import Player, Report, Script, script
from kktsim.serve import Server
from kktsim.testing.presets import build, open_till
from kktsim.testing.theatre import PtyTheatre
from kktsim.trace import Header, Trace, read

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
CLIENT = {"pty": "", "tcp": "socket://", "rfc2217": ""}
"""Kind of port to what pyserial wants before its name."""


@cache
def trace(name: str) -> Trace:
    """A dialogue of the test data."""
    return read((FOLDER / f"{name}.jsonl").read_text("utf-8"))


def bench_for(header: Header, **settings: object) -> Bench:
    """A till in the state a header names, world time standing, host time virtual; ``settings`` of the till differ."""
    return _built(header.model, header.state, header.at, tuple(sorted(settings.items()))).fork()


@cache
def _built(model: str, state: str, at: str, settings: tuple[tuple[str, object], ...]) -> Bench:
    till = load(model)
    till = replace(till, settings=replace(till.settings, **dict(settings)))  # type: ignore[arg-type]
    return build(till, state, parse_world(at), ClockKind.FROZEN, virtual=True)


ACTS = {"fn unplug": "unplug_fn", "power off": "power_off", "paper out": "paper_out"}
"""The operator's acts that traces have, by their names in the control API."""


def hands(bench: Bench) -> Callable[[str], object]:
    """The operator of a bench in process."""
    operator = BenchHands(bench)
    return lambda name: getattr(operator, ACTS[name])()


def replayed(played: Trace | Script, bench: Bench, wire: LoopWire | None = None) -> Report:
    """How a replay in process goes."""
    wire = wire or LoopWire(bench.open_line(), bench.clock)
    player = Player(wire, other=lambda: open_till(bench), hands=hands(bench))
    return player.play(script(played) if isinstance(played, Trace) else played)


class Served:
    """A till behind a real port of the theatre's loop."""

    def __init__(self, theatre: PtyTheatre, bench: Bench, kind: str) -> None:
        self._theatre = theatre
        self._kind = kind
        self.bench = bench.fork(virtual=False)
        self._server = Server(self.bench, theatre.loop)

    def open(self) -> str:
        """One more port: what pyserial opens."""
        address = parse_address(f"pty:{self._theatre.free_path()}" if self._kind == "pty" else f"{self._kind}:0")
        return CLIENT[self._kind] + self._theatre.call(lambda: self._server.open(address).name)

    def replay(self, played: Trace) -> Report:
        """How a replay goes over a port of its own."""
        wires = [SerialWire(self.open())]

        def other() -> Till:
            wires.append(SerialWire(self.open()))
            return Till(wires[-1])

        try:
            return Player(wires[0], other=other, hands=self._act).play(script(played))
        finally:
            for wire in wires:
                wire.close()
            self._theatre.call(self._server.close)
            self._theatre.call(lambda: None)  # hanging up takes the loop one more turn

    def _act(self, name: str) -> None:
        def act() -> None:
            hands(self.bench)(name)
            self._server.wake()

        self._theatre.call(act)
