"""Reports, resets, the archive, codes and settings, each chosen from the menu: what the till does, what is said."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device.regions import Region
from kktsim.memory_hands import MemoryHands
from kktsim.terminal.form import FormError
from protocol.fn.answers import FnStatus
from protocol.fn.commands import FnCommand, Phase
from scenarios.at_terminal import (
    CLOSE_SHIFT,
    DEFAULT_SNO,
    DONE,
    ENCASHMENT,
    GENERAL_RESET,
    PROTECTION_CODE,
    REGISTER,
    REGISTRATION_TOTALS,
    REPLACE_FN,
    SELL,
    SETTLEMENT,
    TEST_RUN,
    ZEROING,
)

from .stage import HOUR, Stage

MakeBench = Callable[..., Bench]
SERVICE = "Настройки → Обслуживание кассы"
REFUSED = "Ошибка при работе с кассой: "
SHIFT_IS_OPEN = f"{REFUSED}(-3837) Смена открыта, операция невозможна"


def stage_of(make_bench: MakeBench, state: str = "registered", **settings: object) -> Stage:
    """A terminal at a till in a state."""
    return Stage(make_bench(state, **settings))


def printed(stage: Stage, path: str, *typed: str | None) -> list[str]:
    """What the till prints when a place of the menu is done."""
    before = len(stage.bench.kkt.paper)
    assert stage.terminal.choose(path, *typed) == (DONE,)
    return [" ".join(line.split()) for line in stage.bench.tape(before)]


def test_the_shift_is_closed_and_the_till_has_printed_when_the_screen_says_so(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench, "shift-open")

    assert "ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ" in printed(stage, CLOSE_SHIFT)

    assert stage.said == ["48", "56 03 00 00 00 30", "5A", "48"]
    assert not stage.bench.kkt.memory.mirror.shift_is_open
    assert stage.bench.kkt.volatile.busy_until is None
    assert stage.terminal.choose(CLOSE_SHIFT) == (f"{REFUSED}(-3828) Смена закрыта - операция невозможна",)


def test_a_shift_that_cannot_be_closed_is_not_waited_for(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench, "shift-open")
    stage.hands.unplug_fn()

    assert stage.terminal.choose(CLOSE_SHIFT)[0].startswith(f"{REFUSED}(-3910) ")

    assert stage.said[-1] == "5A"
    assert stage.bench.kkt.memory.mirror.shift_is_open


def test_the_registration_totals_are_printed(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)

    assert {"ИТОГ РЕГИСТРАЦИИ ККТ", "ФФД ККТ 1.05"} <= set(printed(stage, REGISTRATION_TOTALS))
    assert stage.said == ["48", "56 06 00 00 00 30", "A8"]


def test_the_settlement_report_is_a_document(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench, "shift-open")
    before = stage.bench.kkt.memory.mirror.document_number

    assert "ОТЧЁТ О СОСТОЯНИИ РАСЧЁТОВ" in printed(stage, SETTLEMENT)

    assert stage.said == ["48", "56 02 00 00 00 30", "67 09", "48"]
    assert stage.bench.kkt.memory.mirror.document_number == before + 1
    assert stage.bench.kkt.volatile.busy_until is None


def test_the_test_run_tells_the_firmware(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)

    assert f"ID серии {stage.bench.kkt.model.build:04d}" in printed(stage, TEST_RUN)
    assert stage.said == ["48", "82 01 03 00", "48"]


def test_the_archive_is_closed(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)

    assert "ОТЧЁТ О ЗАКРЫТИИ ФН" in printed(stage, REPLACE_FN)

    assert stage.said == ["48", "56 06 00 00 00 30", "A7"]
    status = FnStatus.parse(stage.bench.kkt.fn.do(FnCommand.STATUS, b"", stage.bench.world))
    assert status.phase > Phase.FISCAL


@pytest.mark.parametrize("path", [REPLACE_FN, GENERAL_RESET])
def test_an_open_shift_prevents_closing_the_archive_and_the_general_reset(make_bench: MakeBench, path: str) -> None:
    assert stage_of(make_bench, "shift-open").terminal.choose(path) == (SHIFT_IS_OPEN,)


def test_what_waits_for_the_ofd_prevents_closing_the_archive(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)
    stage.hands.ofd_down()
    stage.terminal.choose(SELL)
    stage.terminal.choose(CLOSE_SHIFT)

    assert stage.terminal.choose(REPLACE_FN)[0].startswith(f"{REFUSED}(-3981) ")


def test_a_general_reset_clears_the_counters(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)
    stage.terminal.choose(SELL)
    stage.terminal.choose(CLOSE_SHIFT)
    assert stage.bench.kkt.memory.totals.non_nullable
    stage.said.clear()

    assert "ОБЩЕЕ ГАШЕНИЕ" in printed(stage, GENERAL_RESET)

    assert stage.said == ["48", "56 03 00 00 00 30", "77", "48"]
    totals = stage.bench.kkt.memory.totals
    assert (totals.general_resets, totals.cash_kopecks) == (1, 0)
    assert stage.bench.kkt.volatile.busy_until is None


def test_a_till_that_has_lost_its_memory_enters_no_mode_and_is_reset_and_zeroed_all_the_same(
    make_bench: MakeBench,
) -> None:
    stage = stage_of(make_bench, "shift-open")
    number = stage.hands.unplug_fn()
    for region in ("mirror", "totals"):
        stage.hands.spoil_memory(region)
    stage.hands.power_off()
    stage.hands.power_on()
    assert stage.asks("45")[1] == 0xA7
    assert stage.terminal.choose(CLOSE_SHIFT)[0].startswith(f"{REFUSED}(-16) ")
    assert stage.terminal.choose(ZEROING)[0].startswith(REFUSED)
    stage.said.clear()

    assert stage.terminal.choose(GENERAL_RESET) == (DONE,)
    assert stage.said == ["48", "56 03 00 00 00 30", "77", "48"]
    assert stage.terminal.choose(ZEROING) == (DONE,)

    stage.hands.plug_fn(number)
    stage.bench.clock.wait(stage.bench.kkt.settings.zeroing_seconds)
    assert stage.bench.kkt.memory_lock == 0


@pytest.mark.parametrize("answer", [0x15, 0x66])
def test_a_till_that_has_lost_its_clock_is_zeroed_however_it_refuses(make_bench: MakeBench, answer: int) -> None:
    stage = stage_of(make_bench, lost_clock_answer=answer)
    stage.hands.lose_clock()

    assert stage.terminal.choose(ZEROING) == (DONE,)
    assert stage.said == ["48", "6B"]
    assert stage.terminal.choose(GENERAL_RESET)[0].startswith(REFUSED)


def test_a_protection_code_of_the_passport_is_entered(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)
    MemoryHands(stage.bench.kkt).alter(Region.IDENTITY, "protection_codes", [])
    assert stage.terminal.choose(PROTECTION_CODE) == ("Код защиты 1 введён: Нет",)
    digits = stage.hands.passport_code(1)

    wrong = stage.terminal.choose(PROTECTION_CODE, None, "0" * 16)
    right = stage.terminal.choose(PROTECTION_CODE, "1", f"{digits[:4]} {digits[4:8]} {digits[8:12]}-{digits[12:]}")

    assert wrong[0].startswith(f"{REFUSED}(-3857) ")
    assert right == (DONE,)
    assert stage.said[-2:] == ["48", f"6D 01 {bytes.fromhex(digits).hex(' ').upper()}"]
    assert stage.terminal.choose(PROTECTION_CODE) == ("Код защиты 1 введён: Да",)
    assert stage.terminal.choose(PROTECTION_CODE, "2") == ("Код защиты 2 введён: Нет",)


def test_a_till_of_one_tax_system_has_nothing_to_choose(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)

    for typed in ((), ("ОСН",)):
        assert stage.terminal.choose(DEFAULT_SNO, *typed) == ("Такого пункта нет: касса зарегистрирована на одну СНО",)
    assert not [one for one in stage.said if one.startswith("50")]


def test_a_till_that_is_not_registered_has_nothing_to_choose_either(make_bench: MakeBench) -> None:
    assert stage_of(make_bench, "factory").terminal.choose(DEFAULT_SNO) == (
        "Такого пункта нет: касса не зарегистрирована",
    )


def test_the_default_tax_system_is_one_of_the_registered(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)
    stage.terminal.choose(REGISTER, None, "ОСН, Патент")
    assert stage.terminal.choose(DEFAULT_SNO) == ("СНО:", "Можно выбрать: ОСН, Патент")
    stage.said.clear()

    assert stage.terminal.choose(DEFAULT_SNO, "патент") == (DONE,)

    assert stage.said == ["48", "56 04 00 00 00 30", "E9 26 04 00", "50 02 00 01 6E 20"]
    assert stage.terminal.choose(DEFAULT_SNO)[0] == "СНО: Патент"
    assert stage.terminal.choose(DEFAULT_SNO, "ЕНВД")[0].startswith(f"{REFUSED}(-3905) ")
    assert stage.terminal.memory.tax_systems == 0x21


def test_encashment_is_one_bit_of_a_field(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)
    stage.does("48", "56 04 00 00 00 30", "50 02 00 01 12 21", "48")
    assert stage.terminal.choose(ENCASHMENT) == ("Инкассация: Нет",)
    stage.said.clear()

    assert stage.terminal.choose(ENCASHMENT, "да") == (DONE,)

    assert stage.said == ["48", "56 04 00 00 00 30", "46 02 00 01 12", "50 02 00 01 12 25"]
    assert stage.terminal.choose(ENCASHMENT) == ("Инкассация: Да",)
    stage.does("48", "56 01 00 00 00 30", "49 00 00 00 01 00 00")
    assert "ИНКАССАЦИЯ 100.00" in printed(stage, CLOSE_SHIFT)
    assert stage.bench.kkt.memory.totals.cash_kopecks == 0
    assert stage.terminal.choose(ENCASHMENT, "Нет") == (DONE,)
    assert stage.terminal.choose(ENCASHMENT) == ("Инкассация: Нет",)


def test_a_section_lists_what_it_has_when_the_till_answers(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench)

    sections = stage.terminal.choose(SERVICE), stage.terminal.choose(f"{SERVICE} → Дополнительные операции")

    assert {"Прогон-1", "Дополнительные операции"} <= set(sections[0])
    assert {"Адрес ОФД", "Технологическое обнуление"} <= set(sections[1])
    assert stage.said == ["45", "45"]
    stage.hands.power_off()
    assert stage.terminal.choose(SERVICE) == ("Нет связи с кассой",)


def test_a_shift_of_25_hours_is_closed_from_the_menu(make_bench: MakeBench) -> None:
    stage = stage_of(make_bench, "shift-open")
    stage.hands.advance(25 * HOUR)

    assert stage.terminal.choose(CLOSE_SHIFT) == (DONE,)


@pytest.mark.parametrize("typed", ["", "123", "12345678901234567", "123456789012345a", "١" * 16])
def test_what_are_no_16_digits_is_told_before_anything_is_sent(make_bench: MakeBench, typed: str) -> None:
    stage = stage_of(make_bench)

    with pytest.raises(FormError, match="«Код» takes 16 digits"):
        stage.terminal.choose(PROTECTION_CODE, None, typed)
    assert stage.said == []
