"""What of a session its page shows of the talk with the till, as few lines as tell it.

The exchange in which the error shows; what the fix and the proof type at «Произвольная команда»; every step after which
one looks at the paper, with the lines that are looked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kktsim.terminal.menu import ARROW
from kktsim.testing.articles import words
from kktsim.testing.articles.reasons import short
from kktsim.testing.articles.recorded import DONE, Exchange, Recorded, Session
from kktsim.testing.articles.words import Both, said
from protocol.atol.commands.modes import EnterMode, LeaveMode
from scenarios.at_terminal import RAW_COMMAND
from scenarios.catalogue import Article
from scenarios.playbook import Kind, Verdict
from scenarios.translations import Language

LONGEST_BYTES = 24
"""Of a message; how many there are stands behind them."""
_ASKS_THE_LAST_ERROR = bytes.fromhex("91 37")
_RAW_PLACE = RAW_COMMAND.split(ARROW)[-1]
_CHANGES_MODE = (LeaveMode.code, EnterMode.code)


@dataclass(frozen=True, slots=True)
class Shown:
    """A step and what is shown of it. ``part``: of the session, None: it is where the error shows."""

    recorded: Recorded
    exchanges: Sequence[Exchange]
    part: Both | None = None
    paper: tuple[tuple[str, str | None], ...] = ()

    @property
    def typed(self) -> str | None:
        """What is typed at «Произвольная команда», as it is typed; None: the step is no raw command."""
        return _raw(self.recorded)


def dialogue(session: Session, article: Article, language: Language) -> Iterator[str]:
    """Its lines."""
    for steps in _grouped(_shown(session, article)):
        yield from _told(steps, language)


def decisive(exchanges: Sequence[Exchange], error: int | None) -> Sequence[Exchange]:
    """The last that was refused so, else the last that was refused, with the question about it; else the last.

    Where no error is looked for, it is the last that printed something, else the last: a terminal passes over
    refusals that every sale has.
    """
    refused = [index for index, one in enumerate(exchanges) if one.code]
    if not refused or error is None:
        printed = [one for one in exchanges if one.prints]
        return (printed or exchanges)[-1:]
    index = next((index for index in reversed(refused) if exchanges[index].code == error), refused[-1])
    asked = [one for one in exchanges[index + 1 :] if one.request[:2] == _ASKS_THE_LAST_ERROR]
    return (exchanges[index], *asked[:1])


def _shown(session: Session, article: Article) -> Iterator[Shown]:
    scenario = session.scenario
    if scenario.verdict is Verdict.PROCEDURE:
        yield from (Shown(one, decisive(one.exchanges, None)) for one in _speaking(session.proved)[:1])
        return
    for one in _where_it_shows(session, article):
        told = () if scenario.tape is None else ((scenario.tape, scenario.tape),)
        looked = tuple(line for step in session.reproduced for line in step.paper)
        yield Shown(one, decisive(one.exchanges, scenario.error), paper=told + looked)
    yield from _worth_it(session.fixed, words.FIX_PART)
    yield from _worth_it(session.proved, words.PROOF_PART)


def _where_it_shows(session: Session, article: Article) -> list[Recorded]:
    """The last step that speaks to the till.

    Where no command is refused: the last question of the article, else the last step that only looks.
    """
    speaking = _speaking(session.reproduced)
    if session.scenario.error is None:
        asked = [one for one in speaking if _raw(one) in article.raw_commands]
        looked = [one for one in speaking if one.step.kind is Kind.INFORMATIONAL]
        speaking = asked or looked or speaking
    return speaking[-1:]


def _worth_it(steps: Sequence[Recorded], part: Both) -> Iterator[Shown]:
    """Raw commands, and steps after which one looks at the paper."""
    for index, one in enumerate(steps):
        paper = tuple(_looked_for_after(steps[index + 1 :])) if one.exchanges else ()
        if _raw(one) is not None or paper:
            yield Shown(one, decisive(one.exchanges, None), part, paper)


def _looked_for_after(steps: Iterable[Recorded]) -> Iterator[tuple[str, str | None]]:
    """Up to the next step that does anything."""
    for one in steps:
        if one.exchanges or one.typed:
            return
        yield from one.paper


def _speaking(steps: Iterable[Recorded]) -> list[Recorded]:
    return [one for one in steps if one.exchanges]


def _raw(one: Recorded) -> str | None:
    found = (line for line in one.typed if line[:2] == ("menu", RAW_COMMAND))
    return next((line[-1] for line in found), None)


def _grouped(shown: Iterable[Shown]) -> Iterator[list[Shown]]:
    """Raw commands of one part that follow each other go together, everything else by itself."""
    for (_, is_raw), steps in groupby(shown, key=lambda one: (one.part, one.typed is not None)):
        if is_raw:
            yield list(steps)
        else:
            yield from ([one] for one in steps)


def _told(steps: Sequence[Shown], language: Language) -> Iterator[str]:
    part = steps[0].part
    typed = " · ".join(one.typed for one in steps if one.typed is not None)
    title = f"«{_RAW_PLACE}»: {typed}" if typed else short(steps[0].recorded.step.title, language).replace("`", "")
    yield f"# {said(part, language)}: {title}" if part is not None else f"# {title}"
    for one in steps:
        for exchange in one.exchanges:
            yield from _lines(exchange, is_short=bool(one.paper) or exchange.request[0] in _CHANGES_MODE)
        for wanted, line in one.paper:
            printed = said(words.NOT_PRINTED, language).format(wanted) if line is None else line
            yield f"#   {said(words.PAPER, language)}: {printed}"


def _lines(one: Exchange, *, is_short: bool) -> Iterator[str]:
    """Question and answer; a short one takes one line when the answer is no more than that it is done."""
    asked, answered = one.meanings()
    if is_short and one.reply == DONE:
        yield f">> {_hexes(one.request)}   {asked}   << {_hexes(one.reply)}"
        return
    yield f">> {_hexes(one.request)}   {asked}"
    yield f"<< {_hexes(one.reply)}   {answered}"


def _hexes(data: bytes) -> str:
    cut = f" … ({len(data)})" if len(data) > LONGEST_BYTES else ""
    return data[:LONGEST_BYTES].hex(" ").upper() + cut
