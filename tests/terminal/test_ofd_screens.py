"""The terminal's screens and forms about the OFD, on a till inside the process."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.terminal.form import FormError

from .stage import ADDRESS, CHECK, HOUR, OFD, SET_UP, Stage

MakeBench = Callable[..., Bench]
NO_OFD, REACHED = "Нет связи с ОФД", "Соединение с ОФД установлено"
READ_ADDRESS = ["48", "56 04 00 00 00 30", "46 13 00 01 01", "46 13 00 01 02"]
HOST_WRITTEN = f"50 13 00 01 01 {b'x.example'.ljust(64).hex(' ').upper()}"


@pytest.fixture
def stage(make_bench: MakeBench) -> Stage:
    """A terminal at a till with an open shift, everything of which was sent."""
    return Stage(make_bench("shift-open"))


def test_the_screen_shows_what_the_till_keeps(stage: Stage) -> None:
    assert stage.terminal.choose(OFD) == (
        REACHED,
        "Ожидают отправки: 0",
        "Наименование ОФД: ТЕСТОВЫЙ ОФД",
        "ИНН ОФД: 7700000000",
        "Адрес: ofd.example",
        "Порт: 7777",
    )


def test_the_screen_asks_the_till_for_everything_each_time(stage: Stage) -> None:
    stage.terminal.choose(OFD)
    once = stage.said.copy()
    stage.terminal.choose(OFD)

    assert once == [
        *READ_ADDRESS,
        *("46 13 00 01 03", "46 13 00 01 04", "46 13 00 01 06"),
        *("E9 F9 03 00", "E9 16 04 00", "E9 5D 04 00"),
        *("91 2B 00 00", "A4 30", "A4 20"),
    ]
    assert stage.said == once * 2


def test_documents_that_wait_are_shown_with_the_first_of_them(stage: Stage) -> None:
    stage.hands.ofd_down()
    stage.does("48", "56 03 00 00 00 30", "5A")

    screen = stage.terminal.choose(OFD)

    assert screen[:3] == (NO_OFD, "Ожидают отправки: 1", "Первый неотправленный: ФД 3, 02.03.2026 12:00")
    stage.hands.ofd_up()
    assert stage.terminal.choose(OFD)[:2] == (REACHED, "Ожидают отправки: 0")


def test_after_two_days_the_screen_shows_the_warning_of_the_fn(stage: Stage) -> None:
    stage.hands.ofd_down()
    stage.does("48", "56 03 00 00 00 30", "5A", "48")
    stage.bench.advance(49 * HOUR)
    stage.does("56 01 00 00 00 30", "9A 00")

    assert "Превышено время ожидания ответа ОФД" in stage.terminal.choose(OFD)


def test_a_till_without_an_address_has_no_connection(make_bench: MakeBench) -> None:
    assert Stage(make_bench("factory")).terminal.choose(OFD) == (
        NO_OFD,
        "Ожидают отправки: 0",
        "Наименование ОФД:",
        "ИНН ОФД:",
        "Адрес:",
        "Порт: 7777",
    )


@pytest.mark.parametrize("model", ["atol-77f", "evotor-st3f"])
def test_a_till_that_lacks_the_undescribed_field_or_has_it_is_shown_alike(make_bench: MakeBench, model: str) -> None:
    assert Stage(make_bench("registered", model)).terminal.choose(OFD)[0] == REACHED


def test_an_fn_that_was_closed_has_nothing_to_send(make_bench: MakeBench) -> None:
    assert Stage(make_bench("archive-closed")).terminal.choose(OFD)[1] == "Ожидают отправки: 0"


def test_a_silent_fn_is_an_error_on_the_screen(stage: Stage) -> None:
    stage.hands.cut_cable()

    (told,) = stage.terminal.choose(OFD)

    assert told.startswith("Ошибка при работе с кассой: (-3910) ")


def test_the_dialog_writes_address_and_port_in_an_open_shift(stage: Stage) -> None:
    assert stage.terminal.choose(SET_UP, "x.example", "7000") == ("Операция выполнена",)

    assert stage.said == [*READ_ADDRESS, HOST_WRITTEN, "50 13 00 01 02 1B 58"]
    assert stage.terminal.choose(SET_UP) == ("Адрес: x.example", "Порт: 7000")


def test_what_is_not_typed_stays_and_an_empty_form_is_only_shown(stage: Stage) -> None:
    stage.terminal.choose(SET_UP, None, "7000")
    stage.said.clear()

    assert stage.terminal.choose(SET_UP, None, None) == ("Адрес: ofd.example", "Порт: 7000")
    assert stage.said == READ_ADDRESS


def test_stray_characters_are_written_as_they_are_typed(stage: Stage) -> None:
    stage.terminal.choose(SET_UP, " оfd.example", None)

    assert stage.terminal.choose(SET_UP)[0] == "Адрес:  оfd.example"


def test_an_open_shift_makes_the_address_dialog_impossible_after_the_table_was_written(stage: Stage) -> None:
    assert stage.terminal.choose(ADDRESS, "ДРУГОЙ ОФД", None, "x.example", "7000") == ("Операция невозможна",)

    assert stage.said[-5:-1] == [HOST_WRITTEN, "50 13 00 01 02 1B 58", "48", "56 06 00 00 00 30"]
    assert stage.terminal.choose(ADDRESS) == (
        "Наименование ОФД: ТЕСТОВЫЙ ОФД",
        "ИНН ОФД: 7700000000",
        "Адрес: x.example",
        "Порт: 7000",
    )


def test_with_a_closed_shift_the_address_dialog_writes_the_requisites_too(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("registered"))

    assert stage.terminal.choose(ADDRESS, "ДРУГОЙ ОФД", "7812345678", None, None) == ("Операция выполнена",)

    assert stage.terminal.choose(ADDRESS) == (
        "Наименование ОФД: ДРУГОЙ ОФД",
        "ИНН ОФД: 7812345678",
        "Адрес: ofd.example",
        "Порт: 7777",
    )


def test_a_requisite_left_empty_is_not_written(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("factory"))

    assert stage.terminal.choose(ADDRESS, "ДРУГОЙ ОФД", None, "x.example", None) == ("Операция выполнена",)

    assert [one[:2] for one in stage.said].count("E8") == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("x" * 65,), "«Адрес» takes 64 characters, and 65 are typed"),
        ((None, "65536"), "«Порт» takes a number up to 65535, not '65536'"),
        ((None, "-1"), "«Порт» takes a number"),
        ((None, ""), "«Порт» takes a number"),
        ((None, "²"), "«Порт» takes a number"),
        ((None, None, "1"), "asks for «Адрес», «Порт», and 3 values are given"),
    ],
)
def test_a_form_takes_nothing_that_does_not_fit(stage: Stage, typed: tuple[str | None, ...], sentence: str) -> None:
    with pytest.raises(FormError) as told:
        stage.terminal.choose(SET_UP, *typed)

    assert sentence in str(told.value)
    assert stage.said == []


@pytest.mark.parametrize("typed", ["x" * 64, ""])
def test_an_address_of_any_length_that_fits_is_written(stage: Stage, typed: str) -> None:
    stage.terminal.choose(SET_UP, typed, "65535")

    assert stage.terminal.choose(SET_UP) == (f"Адрес: {typed}".rstrip(), "Порт: 65535")


def test_the_check_prints_the_slip_and_shows_the_connection(stage: Stage) -> None:
    before = len(stage.bench.kkt.paper)

    assert stage.terminal.choose(CHECK) == (REACHED,)

    assert [one for one in stage.said if one.startswith("82")] == ["82 01 06 00"]
    assert "ДИАГНОСТИКА" in "".join(stage.bench.tape(before))


def test_the_check_tells_the_register_after_the_call_and_not_before(stage: Stage) -> None:
    stage.hands.ofd_down()
    assert stage.terminal.choose(CHECK) == (NO_OFD,)

    stage.hands.ofd_up()
    assert stage.terminal.choose(CHECK) == (REACHED,)


def test_a_connection_that_is_new_is_believed_at_once(stage: Stage) -> None:
    stage.hands.ofd_down()
    stage.terminal.choose(CHECK)
    stage.hands.ofd_up()
    stage.rested.clear()

    stage.terminal.choose(CHECK)

    assert stage.rested == []


@pytest.mark.parametrize("is_up", [True, False])
def test_any_other_result_is_looked_at_again(make_bench: MakeBench, is_up: bool) -> None:
    stage = Stage(make_bench("registered"), looks=2, pause_seconds=0.5)
    if not is_up:
        stage.hands.ofd_down()

    assert stage.terminal.choose(CHECK) == (REACHED if is_up else NO_OFD,)

    assert stage.rested == [0.5, 0.5]
    assert stage.said.count("91 2B 00 00") == 4


def test_the_till_that_is_told_to_leave_the_exchange_to_the_driver_has_no_connection(stage: Stage) -> None:
    stage.does("48", "56 04 00 00 00 30", "50 13 00 01 04 05", "48")

    assert stage.terminal.choose(CHECK) == (NO_OFD,)
