"""The till's dialogue with its FN: each code as a byte of the till, what passes through, what is asked for again."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device import needs_turn
from kktsim.device.fn_link import ATTEMPTS, FnLink
from kktsim.device.refusal import Refusal
from protocol.atol.kkt_codes import E
from protocol.fn.frame import ENQ, build_answer, build_request

from .desk import Desk

_CODES = (
    "01 211, 02 212, 03 213, 04 214, 05 215, 06 216, 07 217, 08 218, 09 231, 10 232, 11 233, 12 234, 14 235, 15 239, "
    "16 240, 17 241, 20 236, 0A 242, 0B 231, 0C 231, 0D 244, 0E 243, 18 231, 19 245"
)
FN_CODES = {int(code, 16): int(byte) for code, byte in (pair.split() for pair in _CODES.split(", "))}
"""ATOL protocol 3.1, error bytes 210-245; codes 0Ah to 19h of later FNs by their texts."""
UNKNOWN = sorted(set(range(1, 0x80)) - set(FN_CODES))
DAMAGED = b"\x04\x01\x00\x00\x00\x00"


class FakeCable:
    """Answers with what it was given, in order; writes down what was asked."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        self.asked.append(frame)
        return self.answers.pop(0)

    def copy(self) -> "FakeCable":
        return self


def refusal(*answers: bytes | None) -> E:
    with pytest.raises(Refusal) as refused:
        FnLink(FakeCable(*answers)).do(0x30, b"", 0.0)
    return refused.value.code


@pytest.mark.parametrize(("code", "byte"), FN_CODES.items())
def test_every_code_of_the_fn_is_a_byte_of_the_till(code: int, byte: int) -> None:
    assert refusal(build_answer(code)) == byte
    assert refusal(build_answer(code | 0x80)) == byte


def test_a_code_that_no_till_knows_is_told_as_a_wrong_format() -> None:
    assert {refusal(build_answer(code)) for code in UNKNOWN} == {E.FN_BAD_FORMAT}


def test_the_warning_bit_alone_is_no_error() -> None:
    assert FnLink(FakeCable(build_answer(0x80, b"abc"))).do(0x31, b"", 0.0) == b"abc"


def test_an_answer_that_cannot_be_read_is_asked_for_by_enq_three_times() -> None:
    cable = FakeCable(*[DAMAGED] * 3, build_answer(0, b"abc"))
    link = FnLink(cable)
    assert link.do(0x31, b"xy", 0.0) == b"abc"
    assert cable.asked == [build_request(0x31, b"xy"), *[ENQ] * 3]
    assert link.last_command == 0x31
    assert refusal(*[DAMAGED] * (ATTEMPTS + 1)) is E.FN_NO_ANSWER


def test_a_wrong_format_behind_a_damaged_answer_may_be_that_of_the_enq() -> None:
    assert refusal(DAMAGED, build_answer(0x01)) is E.FN_NO_ANSWER
    assert refusal(DAMAGED, build_answer(0x02)) is E.FN_WRONG_STATE


def test_silence_is_not_asked_about_again() -> None:
    cable = FakeCable(None)
    with pytest.raises(Refusal):
        FnLink(cable).do(0x30, b"", 0.0)
    assert len(cable.asked) == 1


PASSED = {0x10, 0x20, *range(0x30, 0x40), *range(0x40, 0x48), 0x60}
"""Questions, and the reset of a test FN. What makes documents would part the FN from its till."""


@pytest.mark.parametrize("command", sorted(set(range(256)) - PASSED))
def test_what_is_no_question_does_not_pass_through(bench: Bench, command: int) -> None:
    Desk(bench).refuses(f"A4 {command:02X}", E.UNKNOWN_COMMAND)


@pytest.mark.parametrize("command", sorted(PASSED))
def test_a_question_reaches_the_fn(bench: Bench, command: int) -> None:
    assert Desk(bench).answer(f"A4 {command:02X}").code != E.UNKNOWN_COMMAND


@pytest.mark.parametrize("command", sorted(PASSED))
def test_all_but_the_reset_pass_while_the_till_prints(command: int) -> None:
    assert needs_turn(bytes((0, 0, 0xA4, command))) is (command == 0x60)


def test_the_fn_is_not_reset_under_an_open_receipt(make_bench: Callable[..., Bench]) -> None:
    desk = Desk(make_bench("receipt-open"))
    desk.does("A4 30")
    desk.refuses("A4 60", E.RECEIPT_OPEN)
    desk.refuses("A4 60 16", E.RECEIPT_OPEN)
    desk.does("59")
    assert desk.answer("A4 60 16").code != E.RECEIPT_OPEN


def test_the_answer_of_the_fn_passes_as_it_is(bench: Bench) -> None:
    desk = Desk(bench)
    assert desk.reply("A4 31") == b"\x55\x00" + b"9999078900000001"
    assert desk.reply("A4 42") == bytes.fromhex("55 00 00 00")
    desk.refuses("A4 40 FF 00 00 00", E.FN_NO_DATA)
    desk.refuses("A4 31 00", E.FN_BAD_FORMAT)


def test_the_diagnostics_of_the_fn_are_given_in_blocks(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATOL's driver 10.8 asks ``A4 35 00``; without a block number the answer passes as it is."""
    desk = Desk(bench)
    whole = desk.does("A4 35")
    assert desk.does("A4 35 00") == b"\x01" + whole
    desk.refuses("A4 35 01", E.FN_NO_DATA)
    long = bytes(range(256))
    monkeypatch.setattr(FnLink, "do", lambda *_: long)
    assert desk.does("A4 35 00") + desk.does("A4 35 01")[1:] == b"\x02" + long
