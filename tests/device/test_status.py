"""What the till says of itself: reply forms and flags of both models, byte by byte."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kktsim.bench import Bench
from protocol.atol import code_page
from protocol.atol.command import COMMANDS, Command
from protocol.atol.command_catalogue import catalogue
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CashIn
from protocol.atol.kkt_codes import E

from .desk import EXAMPLES, Desk

MakeBench = Callable[..., Bench]
EVOTOR, ATOL = "evotor-st2f", "atol-77f"
both_models = pytest.mark.parametrize("model", [EVOTOR, ATOL])

FLAGS = (  # a healthy till without a presenter: real Evotor log; what ATOL's driver 10.8 reads
    (EVOTOR, "shift-open", 0x5F),
    (EVOTOR, "registered", 0x5D),
    (ATOL, "shift-open", 0x4F),
    (ATOL, "registered", 0x4D),
    (EVOTOR, "factory", 0x1C),
    (ATOL, "factory", 0x0C),
)


@pytest.mark.parametrize(("model", "state", "flags"), FLAGS)
def test_the_flags_of_3f_are_the_models(make_bench: MakeBench, model: str, state: str, flags: int) -> None:
    assert Desk(make_bench(state, model)).does("3F")[8] == flags


def test_3f_has_thirty_bytes_each_in_its_place(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    expected = "44 30 01 26 03 02 12 00 00 5F 00 00 00 01 4A 33 30 01 00 01 00 00 01 00 00 01 00 00 02 04"
    assert desk.reply("3F") == bytes.fromhex(expected)


def test_the_version_is_told_in_digits_of_text_and_of_bcd(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.kkt.model = replace(desk.bench.kkt.model, version=(4, 1, 2))
    assert desk.does("3F")[14:16] == b"41"
    assert desk.does("9D 01") == bytes.fromhex("04 01 02 53 13")
    assert desk.reply("A5")[6:11] == bytes.fromhex("04 01 02 53 13")


@both_models
def test_the_number_of_the_shift_is_that_of_the_last_closed_one(make_bench: MakeBench, model: str) -> None:
    desk = Desk(make_bench("shift-open", model))
    numbers = []
    for _ in range(3):
        numbers.append((desk.does("3F")[19:21], desk.does("91 15 00 00"), desk.register(0x35)["shift_number"]))
        desk.close_shift()
        desk.open_shift()
    assert numbers == [(bytes((0, n)), bytes((0, n)), n + 1) for n in range(3)]


@pytest.mark.parametrize(("model", "numbers"), [(EVOTOR, [1, 2, 2, 3]), (ATOL, [1, 2, 1, 2])])
def test_the_number_of_the_next_receipt_runs_on_or_begins_with_the_shift(
    make_bench: MakeBench, model: str, numbers: list[int]
) -> None:
    desk = Desk(make_bench("shift-open", model))
    steps: tuple[Callable[[], None], ...] = (lambda: None, desk.sell, desk.close_shift, desk.open_shift, desk.sell)
    seen = []
    for step in steps:
        step()
        seen.append(desk.register(0x13)["receipt_number"])
        assert desk.does("3F")[17:19] == bytes((0, int(str(seen[-1]))))
    assert [seen[0], seen[1], seen[3], seen[4]] == numbers


DEVICE_TYPES = {
    EVOTOR: "00 01 01 4A 10 00 03 00 00 53 13" + code_page.encode("Эвотор СТ2Ф").hex(),
    ATOL: "00 01 01 45 00 00 03 00 00 50 99" + code_page.encode("АТОЛ 77Ф").hex(),
}


@both_models
def test_a5_tells_protocol_type_model_version_and_name(make_bench: MakeBench, model: str) -> None:
    assert Desk(make_bench(model=model)).reply("A5") == bytes.fromhex(DEVICE_TYPES[model])


VERSIONS = (
    (EVOTOR, 1, "03 00 00 53 13"),
    (EVOTOR, 2, "00 00 00 00 00"),
    (EVOTOR, 3, "03 00 00 50 99"),
    (ATOL, 0x91, "03 00 00 50 99"),
)


@pytest.mark.parametrize(("model", "source", "data"), VERSIONS)
def test_9d_has_no_extended_byte(make_bench: MakeBench, model: str, source: int, data: str) -> None:
    assert Desk(make_bench(model=model)).reply(f"9D {source:02X}") == b"\x55\x00" + bytes.fromhex(data)


@pytest.mark.parametrize(("model", "width"), [(EVOTOR, 7), (ATOL, 14)])
def test_58_tells_one_sum_or_two(make_bench: MakeBench, model: str, width: int) -> None:
    desk = Desk(make_bench("shift-open", model))
    desk.sell(12_345)
    desk.close_shift()
    assert desk.reply("58") == b"\x55\x00" + bytes.fromhex("00 00 00 00 01 23 45") + bytes(width - 7)


@pytest.mark.parametrize("source", sorted(set(range(256)) - {1, 2, 3, 0x91}))
def test_9d_of_another_source_is_out_of_range(bench: Bench, source: int) -> None:
    Desk(bench).refuses(f"9D {source:02X}", E.BAD_FORMAT)


def test_3f_tells_the_number_of_the_till_in_the_shop(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 02 00 01 01 07")
    assert desk.does("3F")[1] == 7


def test_4d_is_its_own_mark_and_the_cash(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.does(CashIn(sum_kopecks=10_000))
    assert desk.reply("4D") == bytes.fromhex("4D 00 00 00 00 01 00 00")


def test_3f_tells_the_last_digits_of_the_serial_number_of_register_16h(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(model=ATOL))
    assert desk.does("91 16 00 00").hex()[-8:] == desk.does("3F")[9:13].hex()


STATES = ("factory", "registered", "shift-open", "receipt-open", "shift-25h", "archive-closed")
WANT_A_DRAWING = frozenset((0x7A, 0x86, 0x8C, 0x9E))
"""Commands that answer only when something was stored before."""
LAID_OUT = [
    COMMANDS[code]
    for code in sorted(COMMANDS)
    if COMMANDS[code].answer_layout is not None and code not in WANT_A_DRAWING
]


@both_models
@pytest.mark.parametrize("declared", LAID_OUT, ids=lambda declared: declared.__name__)
def test_answers_have_the_layout_they_are_declared_with(
    make_bench: MakeBench, declared: type[Command], model: str
) -> None:
    seen = 0
    for state in STATES:
        desk = Desk(make_bench(state, model))
        for needed in catalogue()[declared.code].before:
            desk.reply(needed.hex())
        answer = desk.answer(f"{declared.code:02X} {EXAMPLES[declared.code]}")
        layout = declared.answer_layout
        if answer.is_ok and layout is not None:
            seen += 1
            assert layout.build(layout.parse(answer.data)) == answer.data
    assert seen


def test_a_shift_shows_itself_in_every_status(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    assert (desk.does("3F")[8] & 2, desk.register(0x12)["shift_is_open"], desk.does("A4 10")[0]) == (0, 0, 0)
    desk.open_shift()
    assert (desk.does("3F")[8] & 2, desk.register(0x12)["shift_is_open"], desk.does("A4 10")[0]) == (2, 1, 1)
    desk.enter(Mode.SELECTION)
    assert desk.does("3F")[0] == 0x30
