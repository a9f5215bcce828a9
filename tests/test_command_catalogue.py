"""The catalogue of command bytes is true: every example is sent to a till in its state, over a port.

Of the declared commands it says what the till's table of preconditions says.
"""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device import HANDLERS
from kktsim.kkt_models import DEFAULT_MODEL
from kktsim.testing.presets import open_till
from protocol.atol.command import COMMANDS, parse_answer
from protocol.atol.command_catalogue import CataloguedCommand, catalogue
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.kkt_codes import E
from scenarios.presets import PRESETS

MakeBench = Callable[..., Bench]
EVERY = list(catalogue().values())
MAY_CHOOSE = {0x56, 0xED}
"""Commands whose handlers judge the mode themselves: 56h by the mode that is wanted, EDh by the length."""


def each(commands: list[CataloguedCommand]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("command", commands, ids=[f"{one.code:02X}" for one in commands])


def reply(make_bench: MakeBench, command: CataloguedCommand) -> bytes:
    """What the till answers to the example."""
    till = open_till(make_bench(command.state, command.model or DEFAULT_MODEL))
    if not command.stands_in_mode:
        assert till.send(LeaveMode().to_wire())[1] == 0
        if command.mode is not Mode.SELECTION:
            assert till.send(EnterMode(mode=command.mode).to_wire())[1] == 0
    for one in command.before:
        assert till.send(one)[1] == 0, one.hex(" ")
    return till.send(command.example)


@each([one for one in EVERY if one.refusal is None])
def test_the_example_is_done(make_bench: MakeBench, command: CataloguedCommand) -> None:
    answer = parse_answer(command.code, reply(make_bench, command))
    assert answer.is_ok, E(answer.code).name


@each([one for one in EVERY if one.refusal is not None])
def test_what_is_said_to_be_refused_is_refused_and_why_is_told(
    make_bench: MakeBench, command: CataloguedCommand
) -> None:
    assert command.refusal is not None and command.reason
    assert reply(make_bench, command) == bytes((0x55, command.refusal, 0))


@each(EVERY)
def test_what_is_said_of_a_command_can_be_read(command: CataloguedCommand) -> None:
    assert command.name_ru and command.name_en and command.state in PRESETS
    assert command.mode in command.modes or not command.modes


@each([one for one in EVERY if one.code in COMMANDS])
def test_the_modes_are_those_of_the_till(command: CataloguedCommand) -> None:
    if command.code not in MAY_CHOOSE:
        assert command.modes == HANDLERS[command.code].modes


def test_every_declared_command_is_in_the_catalogue() -> None:
    assert set(COMMANDS) - set(catalogue()) == set()


def test_what_no_handler_does_is_refused_as_unknown() -> None:
    undone = [one for one in EVERY if one.code not in COMMANDS]
    assert undone and {one.refusal for one in undone} == {E.UNKNOWN_COMMAND}
