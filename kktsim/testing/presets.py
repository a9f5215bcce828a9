"""Builds benches in the named states of `scenarios.presets`, by playing their recipes through the till's own port."""

from fn_model import FiscalStorage, FnModel, load_model
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.device.model import KktModel
from kktsim.hands.bench import BenchHands
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import Till
from protocol.atol.errors import driver_line
from scenarios.presets import DAY, PRESETS
from scenarios.routine import Refused

FIRST_WORLD, LAST_WORLD = parse_world("2005-01-01"), parse_world("2095-12-31")


class UnknownPresetError(ValueError):
    """There is no preset of that name; the message names those there are."""


class UnreachablePresetError(ValueError):
    """The till refuses a command that leads to the state; the message says which, and what to do."""


def check_world(world: float) -> None:
    """Raise ValueError when a till with a history cannot be in that time: documents tell years by two digits."""
    if not FIRST_WORLD <= world <= LAST_WORLD:
        raise ValueError("a till with its history fits the years 2005 to 2095")


def open_till(bench: Bench, link: str = "v3") -> Till:
    """A host inside the process at a new port of a bench with virtual host time."""
    return Till(LoopWire(bench.open_line(), bench.clock), link=link)


def build(
    model: KktModel,
    preset: str,
    at: float,
    kind: ClockKind = ClockKind.REAL,
    *,
    fn_model: FnModel | None = None,
    fn: FiscalStorage | None = None,
    virtual: bool = False,
) -> Bench:
    """A bench in the state ``preset`` at world time ``at``; raises `UnknownPresetError` and
    `UnreachablePresetError`. ``fn``: what is in its slot, else a new FN of ``fn_model``.

    The history is played in frozen world time and virtual host time; the bench that is returned has the clock asked.
    """
    if preset not in PRESETS:
        raise UnknownPresetError(f"there is no state {preset!r}; choose one of: {', '.join(PRESETS)}")
    recipe = PRESETS[preset]
    storage = fn_model or load_model() if fn is None else fn.model
    begin = at - recipe.history_days(storage.term_days) * DAY
    bench = Bench(model, begin, ClockKind.FROZEN, virtual=True, fn_model=storage, fn=fn)
    till = open_till(bench)
    try:
        recipe.recipe(till, BenchHands(bench), at, storage.term_days)
    except Refused as refused:
        raise UnreachablePresetError(
            f"the state {preset!r} cannot be reached with the model {model.name!r} because command"
            f" {refused.command[0]:02X} is refused with {driver_line(refused.code, refused.detail)}: choose the state"
            " 'factory', or another model"
        ) from None
    till.close()
    bench.set_world(at)
    printing = bench.kkt.settings
    bench.clock.wait(printing.z_printing_seconds + printing.z_report_seconds + printing.x_report_seconds)
    bench.kkt.settle(bench.clock.now())
    handed = bench.fork(virtual=virtual)
    handed.clock.kind = kind
    return handed
