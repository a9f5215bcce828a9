"""The one door of the till: what is no command, what is no request, and that a trial changes nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.device import HANDLERS, execute
from kktsim.device.dispatch import handles
from kktsim.testing.snapshot import A_QUESTION_MAY_CHANGE, A_REFUSAL_MAY_CHANGE, differences, snapshot
from protocol.atol.command import COMMANDS
from protocol.atol.commands.status import StateCode
from protocol.atol.kkt_codes import E

from .desk import EXAMPLES, Desk

MakeBench = Callable[..., Bench]
UNDECLARED = sorted(set(range(256)) - set(COMMANDS))


@pytest.mark.parametrize("code", UNDECLARED)
@pytest.mark.parametrize("parameters", ["", "00 01", "FF" * 40])
def test_a_byte_that_is_no_command_is_answered_7a(bench: Bench, code: int, parameters: str) -> None:
    Desk(bench).refuses(f"{code:02X} {parameters}", E.UNKNOWN_COMMAND)


@pytest.mark.parametrize("message", [b"", b"\x00", b"\x00\x00"])
def test_a_message_without_a_command_is_too_short(bench: Bench, message: bytes) -> None:
    assert execute(bench.kkt, message, 0.0, bench.world) == (bytes((0x55, E.BAD_LENGTH, 0)), True)


DRAWN = (0x7B, 0x87, 0x8A, 0x8B, 0x8E, 0x8F, 0xC1, 0xC2)
"""Commands that end with text, dots, data, or a byte that may be left out."""
FIXED = [
    code
    for code in sorted(COMMANDS)
    if code not in (*DRAWN, 0x4C, 0x50, 0x59, 0x78, 0x82, 0x9A, 0xA4, 0xE8, 0xEA, 0xEB, 0xED, 0xEE)
]


@pytest.mark.parametrize("code", FIXED, ids=lambda code: COMMANDS[code].__name__)
def test_another_length_is_answered_14_before_anything_else_is_looked_at(bench: Bench, code: int) -> None:
    desk = Desk(bench)
    right = bytes.fromhex(EXAMPLES[code])
    for length in (*range(len(right)), len(right) + 1, len(right) + 40):
        desk.refuses(f"{code:02X} {(right + bytes(40))[:length].hex()}", E.BAD_LENGTH)


SHORT = {0x50: 4, 0x87: 11, 0x8E: 5, 0x8F: 1, 0xC1: 14, 0xC2: 1, 0x82: 2, 0xA4: 1, 0xE8: 3, 0xEA: 2, 0xEB: 41}
"""Commands of any length, and their fewest parameter bytes."""


@pytest.mark.parametrize("code", SHORT, ids=lambda code: COMMANDS[code].__name__)
def test_a_command_that_is_cut_short_is_answered_14(make_bench: MakeBench, code: int) -> None:
    desk = Desk(make_bench("receipt-open"))
    for length in range(SHORT[code]):
        desk.refuses(f"{code:02X} {bytes(length).hex()}", E.BAD_LENGTH)


def test_a_command_cannot_be_handled_twice() -> None:
    with pytest.raises(ValueError, match="StateCode is handled twice"):
        handles(StateCode)(lambda kkt, request, at: b"")


def test_the_fn_answers_in_a_form_that_cannot_be_read(make_bench: MakeBench) -> None:
    """An FN of another make, say: the till tells of a wrong format and does not break down."""
    desk = Desk(make_bench("shift-open"))
    cable = desk.bench.cable
    assert cable.fn is not None
    right = cable.fn

    class Odd:
        def exchange(self, frame: bytes, world: float) -> bytes | None:
            answer = right.exchange(frame, world)
            return None if answer is None else bytes.fromhex("04 01 00 00 2E 1C")

        def copy(self) -> "Odd":
            return self

    cable.fn = Odd()
    for command in ("92 00 01", "91 2F 00 00", "91 1A 00 00"):
        assert desk.answer(command).code in (E.FN_BAD_FORMAT, E.FN_NO_ANSWER)


@settings(max_examples=200)
@given(
    state=st.sampled_from(("factory", "registered", "shift-open", "receipt-open", "shift-25h", "archive-closed")),
    code=st.sampled_from(sorted(COMMANDS)),
    mode=st.integers(0, 6),
)
def test_a_question_changes_nothing_and_a_refusal_neither(
    make_bench: MakeBench, state: str, code: int, mode: int
) -> None:
    desk = Desk(make_bench(state))
    if mode and desk.answer("48").is_ok:
        desk.answer(f"56 {mode:02X} 00 00 00 30")
    before = snapshot(desk.bench)
    answer = desk.answer(f"{code:02X} {EXAMPLES[code]}")
    changed = differences(before, snapshot(desk.bench), A_REFUSAL_MAY_CHANGE | A_QUESTION_MAY_CHANGE)
    if not answer.is_ok or HANDLERS[code].while_printing:
        assert changed == []
