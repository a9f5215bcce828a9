"""A till in which the error of a scenario has already come about, with the terminal that was at it."""

from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.terminal.terminal import Terminal
from kktsim.testing.cases import bench_for
from kktsim.testing.theatre import InProcessStage
from scenarios.cases import as_it_is
from scenarios.named import scenario_named
from scenarios.plays import perform


class NotReproducedError(Exception):
    """A step on the way to the error was not as declared; the message says which, and what came instead."""


def aftermath(name: str, kind: ClockKind) -> Bench:
    """The bench of the scenario ``name``, as it is declared, with its way to the error behind it.

    It is handed over with the clock asked, and the tablet's memory. Raises `NotReproducedError` and
    `scenarios.named.UnknownScenarioError`.
    """
    scenario = scenario_named(name)
    stage = InProcessStage(bench_for(as_it_is(scenario)))
    _, failed = perform(stage.scene, scenario.reproduce)
    if failed is not None:
        raise NotReproducedError(f"{name} does not come about: at «{failed.step.title}» {failed.trouble}")
    bench = stage.bench.fork(virtual=False)
    bench.clock.kind = kind
    terminal = stage.scene.seated
    if terminal is not None:
        assert isinstance(terminal, Terminal)
        bench.tablet = terminal.memory.to_json()
    return bench
