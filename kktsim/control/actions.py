"""What can be asked of a bench from outside: one table, by which the API answers and the clients ask.

A reader of the table needs no bench: what belongs to one is imported when an action runs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kktsim.control.action import Action, Answer
from kktsim.control.arguments import Argument, ArgumentError, Choice, Moment, Span, Whole, Word
from kktsim.control.fn_actions import FN_ACTIONS
from kktsim.control.memory_actions import MEMORY_ACTIONS
from kktsim.control.ofd_actions import OFD_ACTIONS
from kktsim.control.tablet_actions import TABLET_ACTIONS
from kktsim.control.times import check_world, iso

if TYPE_CHECKING:
    from kktsim.hands.bench import BenchHands

_LAST_LINE = 10**9


def _state(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    state = hands.bench.state()
    return {**asdict(state), "world_iso": iso(state.world), "till_clock_iso": iso(state.till_clock)}


def _tape(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    return {"lines": hands.bench.tape(given["since"]), "next": len(hands.bench.kkt.paper)}


def _settings(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    from kktsim.control.named_settings import of_bench  # noqa: PLC0415 - the tables of models are for the bench only

    return of_bench(hands.bench)


def _advance(hands: "BenchHands", given: Mapping[str, Any]) -> None:
    seconds: float = given["seconds"]
    try:
        check_world(hands.world() + seconds)
    except ValueError as error:
        raise ArgumentError(f"{error}: advance by less") from None
    hands.advance(seconds)


def _world(hands: "BenchHands") -> Answer:
    world = hands.world()
    return {"world": world, "world_iso": iso(world)}


def _noise(hands: "BenchHands", given: Mapping[str, Any]) -> None:
    if given["to_fn_percent"] == 0 and given["to_kkt_percent"] == 0:
        raise ArgumentError("noise of 0 percent both ways is none: give to_fn_percent or to_kkt_percent, or mend")
    hands.make_noise(given["to_fn_percent"], given["to_kkt_percent"], given["seed"], given["times"])


def _printer_faults() -> Iterable[str]:
    from kktsim.device.printer_state import PrinterFault  # noqa: PLC0415 - clients need not load the till

    return [fault.value for fault in PrinterFault]


def _passport(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    from kktsim.device.protection import NUMBERS  # noqa: PLC0415 - clients need not load the till

    return {
        "serial_number": hands.bench.kkt.model.serial_number,
        "protection_codes": {str(number): hands.passport_code(number) for number in NUMBERS},
    }


def _signals(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    log = hands.bench.signals
    return {"signals": [asdict(signal) for signal in log.since(given["since"])], "next": len(log)}


_PERCENT = Whole(0, 100)

_DECLARED: tuple["Action[BenchHands]", ...] = (
    Action("state", "GET", "What the operator sees of the bench; times in seconds of local civil time.", _state),
    Action(
        "tape",
        "GET",
        "Lines of the paper tape, and the index of the next one.",
        _tape,
        (Argument("since", Whole(0, _LAST_LINE), "index of the first line wanted", default=0),),
    ),
    Action("settings", "GET", "Named settings of the till and of its FN.", _settings),
    Action(
        "clock advance",
        "POST",
        "Let the world go ahead by a span; everything due on the way happens.",
        _advance,
        (Argument("seconds", Span(), "how far", required=True),),
        _world,
    ),
    Action(
        "clock set",
        "POST",
        "Let the world go ahead to a moment; it never goes back.",
        lambda hands, given: hands.set_world(given["world"]),
        (Argument("world", Moment(), "where to", required=True),),
        _world,
    ),
    Action(
        "clock lose",
        "POST",
        "Take the cell of the till's clock out with the power off: the till comes up asking for date and time.",
        lambda hands, given: hands.lose_clock(),
    ),
    *FN_ACTIONS,
    Action("cable cut", "POST", "Cut the cable between till and FN.", lambda hands, given: hands.cut_cable()),
    Action(
        "cable noise",
        "POST",
        "Damage frames on the cable between till and FN.",
        _noise,
        (
            Argument("to_fn_percent", _PERCENT, "probability on the way to the FN", default=0),
            Argument("to_kkt_percent", _PERCENT, "probability on the way back", default=0),
            Argument("seed", Whole(0, 2**31 - 1), "of the generator: the same seed damages the same frames", default=1),
            Argument("times", Whole(1, _LAST_LINE), "how many frames at most; else until mended"),
        ),
    ),
    Action("cable mend", "POST", "Put a new cable in.", lambda hands, given: hands.mend_cable()),
    Action("power off", "POST", "Switch the till off.", lambda hands, given: hands.power_off()),
    Action("power on", "POST", "Switch the till on.", lambda hands, given: hands.power_on()),
    Action(
        "jumper on", "POST", "Set the boot jumper of the till's board.", lambda hands, given: hands.set_jumper(True)
    ),
    Action("jumper off", "POST", "Take the boot jumper off.", lambda hands, given: hands.set_jumper(False)),
    Action(
        "board replace",
        "POST",
        "Put a board from the spare parts in, power off meanwhile: neither serial number nor protection codes.",
        lambda hands, given: hands.replace_board(),
    ),
    Action(
        "board flash",
        "POST",
        "Give the till another firmware of its model, power off meanwhile; what it keeps stays.",
        lambda hands, given: hands.flash(given["firmware"]),
        (Argument("firmware", Word("its name, or usual for the model's own"), "which", required=True),),
    ),
    *MEMORY_ACTIONS,
    Action("passport", "GET", "The till's passport: serial number and protection codes.", _passport),
    Action(
        "signals",
        "GET",
        "What beeper, drawer and ports of the till have got, and the index of the next one.",
        _signals,
        (Argument("since", Whole(0, _LAST_LINE), "index of the first one wanted", default=0),),
    ),
    Action(
        "paper out",
        "POST",
        "Take the paper out of the printer, but for some lines.",
        lambda hands, given: hands.paper_out(given["lines"]),
        (Argument("lines", Whole(0, _LAST_LINE), "how many more can be printed", default=0),),
    ),
    Action(
        "paper in",
        "POST",
        "Put a new roll into the printer; what has waited is printed.",
        lambda hands, given: hands.paper_in(),
    ),
    Action("cover open", "POST", "Open the printer's cover.", lambda hands, given: hands.open_cover()),
    Action("cover close", "POST", "Close the printer's cover.", lambda hands, given: hands.close_cover()),
    Action(
        "printer break",
        "POST",
        "Give the printer a fault.",
        lambda hands, given: hands.break_printer(given["fault"]),
        (Argument("fault", Choice(_printer_faults), "which", required=True),),
    ),
    Action("printer mend", "POST", "Take every fault off the printer.", lambda hands, given: hands.mend_printer()),
    *OFD_ACTIONS,
    *TABLET_ACTIONS,
)

ACTIONS: Mapping[str, "Action[BenchHands]"] = {action.name: action for action in _DECLARED}
