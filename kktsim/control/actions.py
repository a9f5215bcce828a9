"""What can be asked of a bench from outside: one table, by which the API answers and the clients ask.

A reader of the table needs no bench: what belongs to one is imported when an action runs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from kktsim.control.arguments import Argument, ArgumentError, Choice, Digits, Moment, Span, Whole, read_arguments
from kktsim.control.times import check_world, iso

if TYPE_CHECKING:
    from kktsim.hands.bench import BenchHands

Answer = dict[str, Any]
"""What goes out as JSON."""

FN_NUMBER_DIGITS = 16
_FULL_32_BITS = 2**32 - 1
_LAST_LINE = 10**9


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to see (GET) or to do (POST)."""

    name: str
    method: Literal["GET", "POST"]
    about: str
    run: "Callable[[BenchHands, Mapping[str, Any]], Answer | None]"
    arguments: tuple[Argument, ...] = ()

    @property
    def path(self) -> str:
        """``/fn/unplug`` of ``fn unplug``."""
        return "/" + self.name.replace(" ", "/")

    @property
    def changes(self) -> bool:
        """Whether the bench may be another one afterwards."""
        return self.method == "POST"

    def __call__(self, hands: "BenchHands", given: Mapping[str, object]) -> Answer:
        """Do it; raises ArgumentError, or HandsError and ClockError of the bench. Empty: nothing is to be told."""
        return self.run(hands, read_arguments(self.arguments, given)) or {}

    def describe(self) -> Answer:
        """The declaration for people who read the API."""
        arguments = [
            {"name": one.name, "about": one.about, "form": one.kind.form, "required": one.required}
            for one in self.arguments
        ]
        return {
            "name": self.name,
            "method": self.method,
            "path": self.path,
            "about": self.about,
            "arguments": arguments,
        }


def _state(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    state = hands.bench.state()
    return {**asdict(state), "world_iso": iso(state.world), "till_clock_iso": iso(state.till_clock)}


def _tape(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    return {"lines": hands.bench.tape(given["since"]), "next": len(hands.bench.kkt.paper)}


def _settings(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    from kktsim.control.named_settings import of_bench  # noqa: PLC0415 - the tables of models are for the bench only

    return of_bench(hands.bench)


def _advance(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    seconds: float = given["seconds"]
    try:
        check_world(hands.world() + seconds)
    except ValueError as error:
        raise ArgumentError(f"{error}: advance by less") from None
    hands.advance(seconds)
    return _world(hands)


def _set_world(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    hands.set_world(given["world"])
    return _world(hands)


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


def _fn(number: str) -> Answer:
    return {"fn_number": number}


def _faults() -> Iterable[str]:
    from fn_model import FnFault  # noqa: PLC0415 - clients need not load the FN

    return [fault.value for fault in FnFault]


_PERCENT = Whole(0, 100)

_DECLARED = (
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
    ),
    Action(
        "clock set",
        "POST",
        "Let the world go ahead to a moment; it never goes back.",
        _set_world,
        (Argument("world", Moment(), "where to", required=True),),
    ),
    Action(
        "clock lose",
        "POST",
        "Take the cell of the till's clock out with the power off: the till comes up asking for date and time.",
        lambda hands, given: hands.lose_clock(),
    ),
    Action("fn unplug", "POST", "Pull the FN out.", lambda hands, given: _fn(hands.unplug_fn())),
    Action(
        "fn plug",
        "POST",
        "Put an FN from the shelf in.",
        lambda hands, given: _fn(hands.plug_fn(given["number"])),
        (Argument("number", Digits(FN_NUMBER_DIGITS), "which; else the last one pulled out"),),
    ),
    Action(
        "fn swap",
        "POST",
        "Replace the FN by a new one, power off meanwhile.",
        lambda hands, given: _fn(hands.swap_fn()),
    ),
    Action(
        "fn shelf",
        "GET",
        "FNs that lie beside the till, and what is wrong with them.",
        lambda hands, given: {"shelf": hands.shelf(), "abandoned": hands.abandoned_fns()},
    ),
    Action(
        "fn break",
        "POST",
        "Give the FN in the till a fault.",
        lambda hands, given: hands.break_fn(given["fault"]),
        (Argument("fault", Choice(_faults), "which", required=True),),
    ),
    Action("fn mend", "POST", "Take every fault off the FN.", lambda hands, given: hands.mend_fn()),
    Action(
        "fn sign",
        "POST",
        "Let the FN give a document to come a fiscal sign of your choice.",
        lambda hands, given: hands.inject_sign(given["document"], given["sign"]),
        (
            Argument("document", Whole(1, _FULL_32_BITS), "number of the document", required=True),
            Argument("sign", Whole(0, _FULL_32_BITS), "its fiscal sign", required=True),
        ),
    ),
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
    Action("ofd down", "POST", "Let connections to the OFD fail.", lambda hands, given: hands.ofd_down()),
    Action("ofd up", "POST", "Let connections to the OFD succeed.", lambda hands, given: hands.ofd_up()),
)

ACTIONS: Mapping[str, Action] = {action.name: action for action in _DECLARED}
