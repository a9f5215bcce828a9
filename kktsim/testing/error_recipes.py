"""Plays recipes of errors on benches in this process."""

from dataclasses import replace
from functools import cache
from typing import Any

from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.control.actions import ACTIONS
from kktsim.hands.bench import BenchHands
from kktsim.host.till import Till
from kktsim.kkt_models import load
from kktsim.testing.presets import build, open_till
from protocol.atol.command import Answer, parse_answer
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.errors import EXTENDED, ErrorText, describe
from scenarios.error_recipes import ANY_MODEL, AT, ErrorRecipe, Hand

LAST_ERROR_REGISTER = 0x37


class RecipeFailed(Exception):
    """A step of a recipe did not do what it is for."""


@cache
def _handed_over(model: str, state: str, settings: tuple[tuple[str, Any], ...]) -> Bench:
    till = load(model)
    till = replace(till, settings=replace(till.settings, **dict(settings)))
    return build(till, state, parse_world(AT), ClockKind.FROZEN, virtual=True)


def play(recipe: ErrorRecipe) -> ErrorText:
    """The error that the last command is answered with; raises `RecipeFailed` when the way there is another."""
    bench = _handed_over(recipe.model or ANY_MODEL, recipe.state, tuple(recipe.settings.items())).fork()
    till, hands = open_till(bench), BenchHands(bench)
    for step in recipe.steps:
        if isinstance(step, Hand):
            _act(hands, step)
            continue
        for _ in range(step.times):
            answer = _ask(till, step.command)
            if answer.code != step.code:
                error = describe(answer.code, answer.detail).identifier
                raise RecipeFailed(f"{recipe.error}: {step} is answered {error}")
    answer = _ask(till, recipe.last.command)
    if answer.code != EXTENDED:
        return describe(answer.code, answer.detail)
    register = ReadRegister(register=LAST_ERROR_REGISTER)
    told = register.read_answer(_ask(till, register.to_wire()).data)
    return describe(answer.code, told["error"])


def _ask(till: Till, command: bytes) -> Answer:
    return parse_answer(command[0], till.send(command))


def _act(hands: BenchHands, step: Hand) -> None:
    """Words as the command line takes them: the action's name, its arguments in their order, or ``--name value``."""
    words = list(step.words)
    name = next((name for name in ACTIONS if words[: len(name.split())] == name.split()), None)
    if name is None:
        raise RecipeFailed(f"nobody can do «{step}»")
    action = ACTIONS[name]
    del words[: len(name.split())]
    names = [argument.name for argument in action.arguments]
    given: dict[str, object] = {}
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            option = word.removeprefix("--").replace("-", "_")
            given[next(name for name in names if name.startswith(option))] = words.pop(0)
        else:
            given[names[len(given)]] = word
    action(hands, given)
