"""What can be asked about the OFD: of a bench with its network, and of an operator that is served alone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from kktsim.control.action import Action, Answer
from kktsim.control.arguments import Argument, ArgumentError, Choice, Digits, Flag, Span, Whole, Word
from kktsim.ofd.failures import LATE_SECONDS, Failure, Planned

if TYPE_CHECKING:
    from kktsim.hands.bench import BenchHands
    from kktsim.ofd.server import OfdServer

FN_NUMBER_DIGITS = 16
DOCUMENTS_AT_ONCE = 1000
_LAST_DOCUMENT = 2**24 - 1
"""What the number of a document can be in a message: three bytes."""
_MANY = 10**9
_PLACE = "inner, unknown, unreachable, or HOST:PORT of a process on this machine as 127.0.0.1:7777"


class OperatorHands(Protocol):
    """Hands at an operator, be it inside a bench or alone."""

    @property
    def operator(self) -> "OfdServer":
        """The operator."""

    def ofd_fault(
        self,
        failure: str,
        times: int | None = 1,
        from_document: int | None = None,
        percent: int = 100,
        seed: int = 1,
        seconds: float = LATE_SECONDS,
        fn_number: str | None = None,
    ) -> None:
        """Let a failure strike; raises HandsError, ValueError."""

    def ofd_clear(self, failure: str | None = None) -> None:
        """End every failure of a kind, or all."""

    def ofd_failures(self) -> list[tuple[str, Planned]]:
        """What is still to come, each with where it is."""


def pages(ask: Callable[..., Answer], fn_number: str) -> Iterator[Answer]:
    """Every document of an FN, a row each with its line as ``text``.

    ``ask``: gives a page, by ``fn``, ``since`` and ``count``.
    """
    since = 1
    while rows := _page(ask(fn=fn_number, since=since, count=DOCUMENTS_AT_ONCE)):
        if len(rows) == DOCUMENTS_AT_ONCE:  # more versions of the last one may be on the next page
            rows = [row for row in rows if row["number"] != rows[-1]["number"]] or rows
        yield from rows
        since = rows[-1]["number"] + 1


def _page(told: Answer) -> list[Answer]:
    lines = told["text"][len(told["tills"]) :]
    return [{**row, "text": line} for row, line in zip(told["documents"], lines, strict=True)]


def _state(hands: OperatorHands, given: Mapping[str, Any]) -> Answer:
    operator = hands.operator
    return {
        "inn": operator.inn,
        "documents": len(operator.store),
        "tills": len(operator.store.tills()),
        "refused": operator.refused,
        "refusals": list(operator.refusals),
    }


def _documents(hands: OperatorHands, given: Mapping[str, Any]) -> Answer:
    from kktsim.ofd import documents  # noqa: PLC0415 - clients need not load the decoder

    store, fn_number, number = hands.operator.store, given["fn"], given["document"]
    if number is None:
        return documents.listing(store, fn_number, given["since"], given["count"])
    found = documents.document(store, number, fn_number)
    if found is None:
        whose = "" if fn_number is None else f" of FN {fn_number}"
        raise ArgumentError(f"the operator has no document {number}{whose}: `ofd documents` lists what it has")
    return found


def _faults(hands: OperatorHands, given: Mapping[str, Any]) -> Answer:
    return {"failures": [_told(place, planned) for place, planned in hands.ofd_failures()]}


def _told(place: str, planned: Planned) -> Answer:
    return {
        "failure": planned.failure.value,
        "about": planned.failure.about,
        "where": place,
        "times_left": planned.times,
        "from_document": planned.from_document,
        "percent": planned.percent,
        "fn_number": planned.fn_number,
        "seconds": planned.seconds if planned.failure is Failure.SLOW else None,
    }


def _fault(hands: OperatorHands, given: Mapping[str, Any]) -> None:
    times, is_until_cleared = given["times"], given["until_cleared"]
    if is_until_cleared and times is not None:
        raise ArgumentError("a failure ends after some times or when it is cleared: give times or until_cleared")
    try:
        hands.ofd_fault(
            given["failure"],
            None if is_until_cleared else times or 1,
            given["from_document"],
            given["percent"],
            given["seed"],
            given["seconds"],
            given["fn"],
        )
    except ValueError as error:
        raise ArgumentError(str(error)) from None


def _hosts(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    return {"hosts": hands.hosts()}


def _host(hands: "BenchHands", given: Mapping[str, Any]) -> None:
    try:
        hands.ofd_host(given["host"], given["place"])
    except ValueError as error:
        raise ArgumentError(str(error)) from None


def _uplinks() -> Iterable[str]:
    from kktsim.ofd.network import Uplink  # noqa: PLC0415 - clients need not load the operator

    return [uplink.value for uplink in Uplink]


_FAILURES = Choice(lambda: [failure.value for failure in Failure])

_OF_OPERATORS: tuple[Action[OperatorHands], ...] = (
    Action("ofd state", "GET", "What the operator has taken and refused, and why, the last refusals.", _state),
    Action("ofd faults", "GET", "Failures of the operator and of the way to it that are still to come.", _faults),
    Action(
        "ofd fault",
        "POST",
        "Let the operator, or the way to it, fail.",
        _fault,
        (
            Argument("failure", _FAILURES, "which", required=True),
            Argument("times", Whole(1, _MANY), "how often it strikes before it ends; else once"),
            Argument("until_cleared", Flag(), "it does not end by itself", default=False),
            Argument("from_document", Whole(1, _LAST_DOCUMENT), "number of the first document that it may strike"),
            Argument("percent", Whole(1, 100), "probability that it strikes where it may", default=100),
            Argument("seed", Whole(0, 2**31 - 1), "of the generator: the same seed strikes the same calls", default=1),
            Argument("seconds", Span(), "how late `slow` answers", default=LATE_SECONDS),
            Argument("fn", Digits(FN_NUMBER_DIGITS), "number of the FN whose till it strikes; else any"),
        ),
    ),
    Action(
        "ofd clear",
        "POST",
        "End every failure of a kind, or all of them.",
        lambda hands, given: hands.ofd_clear(given["failure"]),
        (Argument("failure", _FAILURES, "which; else all, and the operator takes calls again"),),
    ),
    Action(
        "ofd documents",
        "GET",
        "Documents that the operator has stored, or one of them with all its versions and confirmations.",
        _documents,
        (
            Argument("fn", Digits(FN_NUMBER_DIGITS), "number of the FN; else of all"),
            Argument("document", Whole(1, _LAST_DOCUMENT), "number of the one wanted; else the list"),
            Argument("since", Whole(1, _LAST_DOCUMENT + 1), "number of the first one of the list", default=1),
            Argument("count", Whole(0, DOCUMENTS_AT_ONCE), "how many the list has at most", default=DOCUMENTS_AT_ONCE),
        ),
    ),
)

OPERATOR_ACTIONS: Mapping[str, Action[OperatorHands]] = {action.name: action for action in _OF_OPERATORS}
"""What can be asked of an operator that is served alone."""

OFD_ACTIONS: tuple["Action[BenchHands]", ...] = (
    *_OF_OPERATORS,
    Action("ofd down", "POST", "Let connections to the OFD be refused.", lambda hands, given: hands.ofd_down()),
    Action(
        "ofd up",
        "POST",
        "Let nothing be wrong with the OFD and the way to it; the till tries at once.",
        lambda hands, given: hands.ofd_up(),
    ),
    Action("ofd try", "POST", "Let the till not wait for its timer.", lambda hands, given: hands.try_ofd()),
    Action("ofd hosts", "GET", "The names and addresses that the till's network knows, and where they lead.", _hosts),
    Action(
        "ofd host",
        "POST",
        "Let a host lead to another place.",
        _host,
        (
            Argument("host", Word("HOST or HOST:PORT, the port at which tills find it"), "which", required=True),
            Argument("place", Word(_PLACE), "where it leads", required=True),
        ),
    ),
    Action(
        "ofd forget",
        "POST",
        "Take a host out of the table of names.",
        lambda hands, given: hands.forget_host(given["host"]),
        (Argument("host", Word("its name or address"), "which", required=True),),
    ),
    Action(
        "ofd uplink",
        "POST",
        "Let the terminal get into the Internet another way.",
        lambda hands, given: hands.use_uplink(given["uplink"]),
        (Argument("uplink", Choice(_uplinks), "which", required=True),),
    ),
)
"""What can be asked of a bench about its network and the operator inside it."""
