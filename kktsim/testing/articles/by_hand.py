"""A scenario as lines for a shell: a till that is served, and what a person types to go the same way."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from kktsim.kkt_models import DEFAULT_MODEL
from kktsim.terminal.menu import MenuError, menu
from kktsim.testing.articles.reasons import short
from kktsim.testing.articles.recorded import Recorded, Session
from kktsim.testing.articles.words import BEYOND_PART, ERROR_PART, FIX_PART, PREPARED_PART, PROOF_PART, SCREEN, said
from kktsim.testing.cases import AT
from scenarios.by_hand import Words
from scenarios.playbook import Scenario, Verdict
from scenarios.translations import Language

PORT = "/tmp/kkt0"
FROM_HERE_A_LOOP = 3
"""So many times the same line in one step are a loop of the shell."""
DEFAULT_FN = "fn-1-1-15"
_SPEAKS = ("menu", "send")
"""Commands that want to know the port; the others find the bench that runs."""
_PLAIN = re.compile(r"[\w./:=+@-]+", re.ASCII)


def serve_line(scenario: Scenario) -> str:
    """How the till is served that the scenario begins with."""
    words = ["serve", "--state", scenario.preset, "--at", scenario.at or AT, "--clock", "frozen"]
    if scenario.models and DEFAULT_MODEL not in scenario.models:
        words += ["--model", scenario.models[0]]
    if scenario.fn != DEFAULT_FN:
        words += ["--fn-model", scenario.fn]
    return " ".join(("kktsim", *map(_quoted, words), "--port", f"pty:{PORT}"))


def lines(session: Session, language: Language) -> Iterator[str]:
    """Everything that is typed, with the titles of the steps as comments."""
    begins = PREPARED_PART if session.scenario.verdict is Verdict.PROCEDURE else ERROR_PART
    parts = (
        (begins, session.reproduced),
        (FIX_PART, session.fixed),
        (BEYOND_PART, session.beyond),
        (PROOF_PART, session.proved),
    )
    for part, steps in parts:
        typed = list(_typed(steps, language))
        if typed:
            yield f"# {said(part, language)}"
            yield from typed
        if part is begins:
            yield from (f"#   {said(SCREEN, language)}: {line}" for line in session.scenario.screens)


def _typed(steps: Iterable[Recorded], language: Language) -> Iterator[str]:
    for step in steps:
        told = f"   # {short(step.step.title, language).replace('`', '')}"
        for words, alike in groupby(step.typed):
            line, times = _shell(words), len(list(alike))
            if times >= FROM_HERE_A_LOOP:
                line = f"for i in $(seq {times}); do {line}; done"
                times = 1
            for _ in range(times):
                yield line + told
                told = ""


def _shell(words: Words) -> str:
    port = ("--port", PORT) if words[0] in _SPEAKS else ()
    if words[0] == "menu":
        words = ("menu", _end_of_path(words[1]), *words[2:])
    return " ".join(("kktsim", *map(_quoted, (*words, *port))))


def _end_of_path(path: str) -> str:
    """As few of the last segments as the menu needs to know the place."""
    try:
        place = menu().find(path)
    except MenuError:
        return path
    segments = path.split(" → ")
    for count in range(1, len(segments)):
        end = " → ".join(segments[-count:])
        try:
            if menu().find(end) is place:
                return end
        except MenuError:
            continue
    return path


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    return f"'{word}'" if '"' in word or "$" in word or "`" in word else f'"{word}"'
