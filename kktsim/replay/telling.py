"""A difference in words: what the driver needs, what the till said, and what both mean."""

from collections.abc import Iterator

from kktsim.decode import app
from kktsim.decode.piece import INDENT, Json, hexes, meaning
from kktsim.replay.hearing import DONE
from kktsim.replay.player import Difference, Report
from kktsim.replay.script import Await, Kind


def report_lines(report: Report) -> Iterator[str]:
    """How a replay went; the first line says whether the till was the same."""
    if not report.differences:
        yield f"same: {report.writes} writes, {report.answers} answers"
        return
    yield f"different: {len(report.differences)} of {report.answers} answers"
    for difference in report.differences:
        yield from _lines(difference)


def report_json(report: Report) -> dict[str, Json]:
    """The same for programs."""
    return {
        "same": not report.differences,
        "writes": report.writes,
        "answers": report.answers,
        "differences": [
            {
                "step": one.step,
                "t": one.t,
                "to": _asked(one.awaited),
                "needs": _needed(one.awaited),
                "got": None if one.got is None else hexes(one.got),
            }
            for one in report.differences
        ],
    }


def _lines(one: Difference) -> Iterator[str]:
    yield f"step {one.step}, {one.t:.3f} s: {_asked(one.awaited)}"
    yield f"{INDENT}needs  {_needed(one.awaited)}"
    if one.awaited.recorded and one.awaited.pattern is None:
        yield from _answer(one.awaited, one.awaited.recorded)
    if one.got is None:
        yield f"{INDENT}got    nothing in time"
    else:
        yield f"{INDENT}got    {hexes(one.got) or 'an empty frame'}"
        yield from _answer(one.awaited, one.got)


def _asked(awaited: Await) -> str:
    if awaited.message:
        return app.request(awaited.message).title
    if awaited.kind is Kind.SILENCE:
        return "the till must be silent"
    return f"frame {awaited.id:02X}" if awaited.task is None else f"task {awaited.task:02X}"


def _needed(awaited: Await) -> str:
    if awaited.pattern is not None:
        return awaited.pattern.text or "an empty frame: repeat, please"
    if awaited.kind is Kind.SILENCE:
        return f"nothing for {awaited.seconds} s" if awaited.seconds else "nothing more"
    return f"as recorded: {hexes(awaited.recorded)}" if awaited.recorded else "no error"


def _answer(awaited: Await, data: bytes) -> Iterator[str]:
    """The reply in an answer, in words; states and control bytes say it themselves."""
    if not awaited.message:
        return
    reply = data if awaited.kind is Kind.TOKEN else data[1:] if data[:1] == DONE else b""
    if len(reply) > 1:
        yield from meaning(app.answer(reply, awaited.message), INDENT * 2)
