"""Registers: which there are, how wide each is on each model, and what wrong parameters are answered."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kktsim.bench import Bench
from kktsim.device.registers import SOURCES
from kktsim.kkt_models import names
from protocol.atol.commands.registers import REGISTERS, RESERVED, layout
from protocol.atol.kkt_codes import E, X

from .desk import Desk

MakeBench = Callable[..., Bench]
EVOTOR, ATOL = "evotor-st2f", "atol-77f"

_ROWS = (
    (1, (0x27, 0x3B, 0x3F, 0x47)),
    (2, (0x06, 0x08, 0x09, 0x15, 0x19)),
    (3, (0x17, 0x2C)),
    (4, (0x21, 0x22, 0x23, 0x24)),
    (5, (0x1A, 0x26, 0x2D, 0x3D, 0x42, 0x43)),
    (6, (0x01, 0x03, 0x04, 0x05, 0x11, 0x35, 0x36, 0x39, 0x3C)),
    (7, (0x0A, 0x0B, 0x0C, 0x12, 0x16, 0x28, 0x2E, 0x38)),
    (8, (0x13, 0x37)),
    (9, (0x18, 0x2B)),
    (10, (0x30, 0x41)),
    (12, (0x2A, 0x46)),
    (15, (0x14, 0x34, 0x3A)),
    (16, (0x1B,)),
    (17, (0x2F,)),
    (26, (0x33,)),
)
WIDTHS = {register: width for width, registers in _ROWS for register in registers}
"""Bytes of each register: ATOL protocol 3.1, command 91; what ATOL's driver 10.8 reads."""
OF_AN_EVOTOR = WIDTHS | {0x21: 0, 0x26: 3, 0x2B: 8, 0x36: 3}
"""A real log of its sister СТ3Ф; 0: answered 6Ch."""
WIDTHS_OF_MODELS = {ATOL: WIDTHS, EVOTOR: OF_AN_EVOTOR}
FIRST_LAST = (0x01, 0x47)


def parameters(register: int) -> str:
    """Parameters that every register takes."""
    return "00 00" if register in (0x0C, 0x26) else "01 01"


def test_every_number_has_a_register_or_is_reserved() -> None:
    first, last = FIRST_LAST
    assert sorted({*REGISTERS, *RESERVED}) == list(range(first, last + 1))
    assert not RESERVED & set(REGISTERS)
    assert SOURCES.keys() == REGISTERS.keys() == WIDTHS.keys()


@pytest.mark.parametrize("model", WIDTHS_OF_MODELS)
@pytest.mark.parametrize("register", REGISTERS)
def test_every_register_is_as_wide_as_the_model_has_it(make_bench: MakeBench, model: str, register: int) -> None:
    width = WIDTHS_OF_MODELS[model][register]
    for state in ("registered", "shift-open", "receipt-open", "shift-25h", "fn-expired"):
        answer = Desk(make_bench(state, model)).answer(f"91 {register:02X} {parameters(register)}")
        assert (answer.code, len(answer.data)) == ((0, width) if width else (E.WRONG_REGISTER, 0))


@pytest.mark.parametrize("model", names())
def test_what_a_model_says_of_widths_is_a_layout_or_none(make_bench: MakeBench, model: str) -> None:
    desk = Desk(make_bench(model=model))
    for register, width in desk.bench.kkt.model.register_widths.items():
        assert (layout(register, width) is None) is (width == 0)
        assert desk.answer(f"91 {register:02X} {parameters(register)}").is_ok is (width > 0)


@pytest.mark.parametrize("register", sorted(set(range(256)) - set(REGISTERS)))
def test_a_register_that_there_is_not_is_told(bench: Bench, register: int) -> None:
    Desk(bench).refuses(f"91 {register:02X} 00 00", E.WRONG_REGISTER)


LONG = {0x01: 9, 0x03: 9, 0x0A: 9, 0x0B: 9, 0x0C: 9, 0x28: 9, 0x2A: 14, 0x2E: 9, 0x38: 9, 0x3C: 9, 0x3D: 7}


def test_totals_have_a_long_form_of_nine_bytes(make_bench: MakeBench) -> None:
    """«CounterDimension» of ATOL's driver: a till whose counters are long tells the same sums in more digits."""
    desk = Desk(make_bench("shift-open", ATOL))
    desk.open_receipt(12_345, tax=1)
    short = {register: desk.register(register, *bytes.fromhex(parameters(register))) for register in LONG}
    kkt = desk.bench.kkt
    kkt.model = replace(kkt.model, register_widths={**kkt.model.register_widths, **LONG})
    for register, width in LONG.items():
        assert len(desk.does(f"91 {register:02X} {parameters(register)}")) == width
        assert desk.register(register, *bytes.fromhex(parameters(register))) == short[register]
    assert short[0x3D] == {"sum_kopecks": 2_058}


BY_TYPE = (0x01, 0x03, 0x06, 0x28, 0x2A, 0x2E, 0x38, 0x3C, 0x41)
TYPES = (1, 2, 4, 5, 7, 8, 9, 10)


@pytest.mark.parametrize("register", BY_TYPE)
def test_every_receipt_type_can_be_asked_and_nothing_else(bench: Bench, register: int) -> None:
    desk = Desk(bench)
    for kind in TYPES:
        desk.does(f"91 {register:02X} {kind:02X} 01")
    for kind in (0, 3, 6, 11, 0xFF):
        desk.refuses(f"91 {register:02X} {kind:02X} 01", E.WRONG_RECEIPT_TYPE)


def test_shift_totals_have_numbers_of_their_own(bench: Bench) -> None:
    for number in range(6):
        Desk(bench).does(f"91 0C {number:02X} 00")
    Desk(bench).refuses("91 0C 06 00", E.WRONG_RECEIPT_TYPE)


@pytest.mark.parametrize("register", [0x03, 0x38])
def test_payment_forms_are_binary_numbers_from_1_to_10(bench: Bench, register: int) -> None:
    desk = Desk(bench)
    for form in range(1, 11):
        desk.does(f"91 {register:02X} 01 {form:02X}")
    for form in (0, 11, 0x10, 0xFF):
        desk.refuses(f"91 {register:02X} 01 {form:02X}", E.WRONG_PAYMENT_TYPE)


def test_taxes_are_rows_of_table_13(bench: Bench) -> None:
    desk = Desk(bench)
    for row in range(1, 7):
        desk.does(f"91 3C 01 {row:02X}", f"91 3D {row:02X} 00")
    for row in (0, 7):
        desk.refuses(f"91 3C 01 {row:02X}", E.EXTENDED, X.WRONG_VAT_RATE)
        desk.refuses(f"91 3D {row:02X} 00", E.EXTENDED, X.WRONG_VAT_RATE)


OUT_OF_RANGE = ("21 00 00", "21 03 00", "22 00 00", "22 01 02", "23 03 00", "26 03 00")


@pytest.mark.parametrize("asked", OUT_OF_RANGE)
def test_counters_of_the_machine_that_there_are_not_are_out_of_range(make_bench: MakeBench, asked: str) -> None:
    Desk(make_bench(model=ATOL)).refuses(f"91 {asked}", E.BAD_FORMAT)
