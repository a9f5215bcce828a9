"""«Регистрация ККТ»: what it shows, writes and leaves, and what a till says to which something is missing."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.terminal.form import FormError
from protocol.ffd.tags import T
from scenarios.at_terminal import DONE, RAW_COMMAND, REGISTER

from .stage import Stage

MakeBench = Callable[..., Bench]
READS = ["48", "56 06 00 00 00 30", "E9 21 04 00", "E9 26 04 00", "E9 FA 03 00", "E9 18 04 00"]
UNCHANGED = ("Признак агента: нет", "СНО: УСН доход", "ИНН: 7702203276", 'Название: ООО "РОМАШКА"')


def test_the_form_shows_what_the_till_has_and_registers_nothing(make_bench: MakeBench) -> None:
    stage = Stage(make_bench())

    assert stage.terminal.choose(REGISTER) == UNCHANGED
    assert stage.said == READS


def test_only_what_is_typed_is_written(make_bench: MakeBench) -> None:
    stage = Stage(make_bench())
    before = dict(stage.bench.kkt.memory.requisites)
    length = len(stage.bench.kkt.paper)

    assert stage.terminal.choose(REGISTER, "Платежный агент, поверенный") == (DONE,)

    assert stage.said == [*READS, "E8 00 01 00 21 04 01 00 14", "A6", "E9 26 04 00"]
    assert stage.bench.kkt.memory.requisites == {**before, T.AGENT: b"\x14"}
    assert "ОТЧЁТ О ПЕРЕРЕГИСТРАЦИИ" in "".join(stage.bench.tape(length))


def test_every_field_can_be_typed(make_bench: MakeBench) -> None:
    stage = Stage(make_bench())

    assert stage.terminal.choose(REGISTER, "нет", "ОСН, патент", "7702203276", "ИП Ёлкин") == (DONE,)

    assert stage.terminal.choose(REGISTER) == (
        "Признак агента: нет",
        "СНО: ОСН, Патент",
        "ИНН: 7702203276",
        "Название: ИП Ёлкин",
    )
    assert stage.terminal.memory.tax_systems == 0x21


def test_a_till_that_lacks_the_agent_flag_names_it_until_it_is_written(make_bench: MakeBench) -> None:
    stage = Stage(make_bench())
    del stage.bench.kkt.memory.requisites[T.AGENT]

    assert stage.terminal.choose(REGISTER)[0] == "Признак агента:"
    assert stage.terminal.choose(REGISTER, None, None, "7702203276") == ("1057: не задан реквизит",)
    assert stage.said[-2:] == ["A6", "91 37 00 00"]
    for typed in ("48", "56 06 00 00 00 30", "E8 00 01 00 21 04 01 00 00"):
        stage.terminal.choose(RAW_COMMAND, typed)
    assert stage.terminal.choose(REGISTER)[0] == "Признак агента: нет"
    assert stage.terminal.choose(REGISTER, None, None, "7702203276") == (DONE,)


def test_a_new_till_names_what_the_form_does_not_ask_for(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("factory"))

    assert stage.terminal.choose(REGISTER) == ("Признак агента:", "СНО:", "ИНН:", "Название:")
    shown = stage.terminal.choose(REGISTER, "нет", "ОСН", "7702203276", "ООО")
    assert shown == ("1037: не задан реквизит",)


def test_a_fresh_fn_is_registered_with_what_the_till_has_kept(make_bench: MakeBench) -> None:
    stage = Stage(make_bench())
    stage.hands.swap_fn()

    assert stage.terminal.choose(REGISTER, None, None, "7702203276") == (DONE,)
    assert stage.bench.kkt.memory.mirror.document_number == 1


def test_an_open_shift_prevents_it(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("shift-open"))

    assert stage.terminal.choose(REGISTER, "Агент") == (
        "Ошибка при работе с кассой: (-3837) Смена открыта, операция невозможна",
    )
    assert "A6" not in stage.said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("агенты",), "«Признак агента» takes one of: нет, Банковский платёжный агент"),
        ((None, "ОСН,"), "«СНО» takes one of: ОСН, УСН доход"),
        ((None, None, "1" * 13), "«ИНН» takes 12 characters"),
    ],
)
def test_what_is_no_word_of_a_field_is_told_before_anything_is_sent(
    make_bench: MakeBench, typed: tuple[str | None, ...], sentence: str
) -> None:
    stage = Stage(make_bench())

    with pytest.raises(FormError) as told:
        stage.terminal.choose(REGISTER, *typed)
    assert sentence in str(told.value)
    assert stage.said == []
