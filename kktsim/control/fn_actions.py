"""What can be asked of a bench about FNs: hands at the slot and the shelf, and what is in the FN."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kktsim.control.action import Action, Answer
from kktsim.control.arguments import Argument, ArgumentError, Choice, Digits, Whole

if TYPE_CHECKING:
    from kktsim.hands.bench import BenchHands

FN_NUMBER_DIGITS = 16
DOCUMENTS_AT_ONCE = 1000
_FULL_32_BITS = 2**32 - 1


def _fn(number: str) -> Answer:
    return {"fn_number": number}


def _faults() -> Iterable[str]:
    from fn_model import FnFault  # noqa: PLC0415 - clients need not load the FN

    return [fault.value for fault in FnFault]


def _models() -> Iterable[str]:
    from fn_model import model_names  # noqa: PLC0415 - clients need not load the FN

    return model_names()


def _info(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    from kktsim.fn_view import info  # noqa: PLC0415 - clients need not load the FN

    return info(hands.bench.slot.plugged())


def _documents(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    from kktsim import fn_view  # noqa: PLC0415 - clients need not load the FN

    fn = hands.bench.slot.plugged()
    number = given["document"]
    if number is None:
        return fn_view.documents(fn, given["since"], given["count"])
    found = fn_view.document(fn, number)
    if found is None:
        raise ArgumentError(f"FN {fn.number} has no document {number}: its last one is {fn.state.document_number}")
    return found


FN_ACTIONS: tuple["Action[BenchHands]", ...] = (
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
        lambda hands, given: _fn(hands.swap_fn(given["model"])),
        (Argument("model", Choice(_models), "model of the new FN; else the usual one"),),
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
        "fn damage",
        "POST",
        "Let the FN read the record of a document as zeros from now on.",
        lambda hands, given: hands.damage_document(given["document"]),
        (Argument("document", Whole(1, _FULL_32_BITS), "number of the document", required=True),),
    ),
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
    Action("fn info", "GET", "What the FN in the till says of itself.", _info),
    Action(
        "fn documents",
        "GET",
        "Documents of the FN in the till, or one of them with all that is kept of it.",
        _documents,
        (
            Argument("document", Whole(1, _FULL_32_BITS), "number of the one wanted; else the list"),
            Argument("since", Whole(1, _FULL_32_BITS), "number of the first one of the list", default=1),
            Argument("count", Whole(1, DOCUMENTS_AT_ONCE), "how many the list has at most", default=DOCUMENTS_AT_ONCE),
        ),
    ),
)
