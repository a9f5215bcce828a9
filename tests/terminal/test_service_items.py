"""Raw commands, the print of a document, zeroing, the browser; and how refusals look on the screen."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from kktsim.bench import Bench
from kktsim.terminal.form import FormError
from kktsim.terminal.terminal import Terminal

from .stage import BROWSER, COMMAND, DOCUMENT, OFD, ZEROING, Scripted, Stage

MakeBench = Callable[..., Bench]
ONLINE = SimpleNamespace(has_internet=lambda: True)


@pytest.fixture
def stage(make_bench: MakeBench) -> Stage:
    """A terminal at a till with an open shift."""
    return Stage(make_bench("shift-open"))


def at(till: object) -> Terminal:
    """A terminal at a till of the test's own."""
    return Terminal(till, lambda: 0.0, ONLINE)  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["А4 20", "A420", "а420"])
def test_a_command_is_sent_as_it_is_typed_and_the_answer_shown(stage: Stage, typed: str) -> None:
    screen = stage.terminal.choose(COMMAND, typed)

    assert screen == ("Команда: A4 20", f"Ответ ККМ: 55 00{' 00' * 13}", "(0) Нет ошибок")
    assert stage.said == ["A4 20"]


def test_the_documented_cure_of_the_channel_is_typed_line_by_line(stage: Stage) -> None:
    for typed in ("48", "56 04 00 00 00 30", "50 13 00 01 04 01", "48", "82010600"):
        assert stage.terminal.choose(COMMAND, typed)[-1] == "(0) Нет ошибок"

    assert stage.said[-1] == "82 01 06 00"


def test_a_refused_command_shows_the_words_of_the_driver(stage: Stage) -> None:
    assert stage.terminal.choose(COMMAND, "56 07 00 00 00 30")[1:] == (
        "Ответ ККМ: 55 66 00",
        "(-16) Не поддерживается в данном режиме устройства",
    )


@pytest.mark.parametrize("typed", ["", "4", "zz"])
def test_what_is_no_command_is_not_sent(stage: Stage, typed: str) -> None:
    with pytest.raises(FormError):
        stage.terminal.choose(COMMAND, typed)
    assert stage.said == []


@pytest.mark.parametrize("path", [COMMAND, DOCUMENT, BROWSER])
def test_what_needs_to_be_typed_into_does_nothing_before(stage: Stage, path: str) -> None:
    with pytest.raises(FormError, match="does nothing until «"):
        stage.terminal.choose(path)
    assert stage.said == []


def test_a_document_is_printed_by_its_number(stage: Stage) -> None:
    before = len(stage.bench.kkt.paper)

    assert stage.terminal.choose(DOCUMENT, "1") == ("Операция выполнена",)

    assert stage.said == ["48", "56 06 00 00 00 30", "AB 00 00 00 00 01"]
    assert "РЕГИСТРАЦИИ" in "".join(stage.bench.tape(before))


def test_a_document_that_there_is_not_is_an_error_of_the_fn(stage: Stage) -> None:
    (told,) = stage.terminal.choose(DOCUMENT, "9999")

    assert told.startswith("Ошибка при работе с кассой: (-3918) ")


def test_zeroing_takes_the_address_and_a_restarted_terminal_sets_the_clock(stage: Stage) -> None:
    assert stage.terminal.choose(ZEROING) == ("Операция выполнена",)
    assert stage.said == ["48", "6B"]
    assert stage.terminal.choose(OFD)[0].startswith("Ошибка при работе с кассой: (-3892) ")

    stage.terminal.restart()

    assert stage.terminal.choose(OFD)[0] == "Нет связи с ОФД"
    assert "Адрес:" in stage.terminal.choose(OFD)


def test_an_old_till_is_not_zeroed_from_the_menu(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("registered", zeroing_min_build=9999))

    assert stage.terminal.choose(ZEROING)[0].startswith("Ошибка при работе с кассой: (-16) ")


def test_the_browser_asks_the_internet_and_not_the_till(stage: Stage) -> None:
    assert stage.terminal.choose(BROWSER, "www.evotor.ru") == ("www.evotor.ru: страница открыта",)
    stage.hands.ofd_fault("no_internet", None)
    assert stage.terminal.choose(BROWSER, "www.evotor.ru") == ("Нет подключения к интернету",)
    assert stage.said == []


def test_an_open_receipt_makes_every_screen_fail(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("receipt-open"))

    assert stage.terminal.choose(OFD) == ("Ошибка при работе с кассой: (-3802) Чек открыт - операция невозможна",)


def test_thirty_days_without_the_ofd_are_told_in_the_words_of_the_article() -> None:
    till = Scripted(**{"48": "55 EB 00"})

    assert at(till).choose(ZEROING) == ("Ошибка при работе с кассой: (-3979) Исчерпан ресурс хранения ФН",)


def test_a_till_that_is_off_has_no_link(stage: Stage) -> None:
    stage.hands.power_off()

    assert stage.terminal.choose(OFD) == ("Нет связи с кассой",)
    assert stage.terminal.choose(COMMAND, "45") == ("Нет связи с кассой",)


@pytest.mark.parametrize(
    ("told", "screen"),
    [
        ("00 A6 02 06 04 21 00 00", "1057: не задан реквизит"),
        ("00 92 01 03 00 00 00 00", "Неопознанная ошибка"),
    ],
)
def test_an_extended_error_is_read_and_told(told: str, screen: str) -> None:
    till = Scripted(**{"48": "55 EE 00", "91 37": f"55 00 {told}"})

    assert at(till).choose(ZEROING) == (screen,)


@pytest.mark.parametrize("explanation", ["55 6C 00", "55 00"])
def test_an_extended_error_that_is_not_explained_is_not_recognised(explanation: str) -> None:
    till = Scripted(**{"48": "55 EE 00", "91 37": explanation})

    assert at(till).choose(ZEROING) == ("Неопознанная ошибка",)


def test_a_byte_without_a_driver_code_is_not_recognised() -> None:
    assert at(Scripted(**{"48": "55 F2 00"})).choose(ZEROING) == ("Неопознанная ошибка",)


@pytest.mark.parametrize("reply", ["00", "", "AA 00"])
def test_what_is_no_answer_is_no_link(reply: str) -> None:
    terminal = at(Scripted(**{"48": reply, "45": reply}))

    assert terminal.choose(ZEROING) == ("Нет связи с кассой",)
    assert terminal.choose(COMMAND, "45") == ("Нет связи с кассой",)


def test_a_status_that_is_laid_out_otherwise_is_no_link() -> None:
    done = dict.fromkeys(("48", "56", "46", "E8"), "55 00 00")
    till = Scripted(**done, **{"E9": "55 00", "45": "55 00 00", "91": "55 00", "3F": "44 00"})

    assert at(till).choose("Касса → Продажа") == ("Нет связи с кассой",)


def test_a_requisite_without_a_byte_is_no_link() -> None:
    till = Scripted(**{"48": "55 00 00", "56": "55 00 00", "46": "55 00 00", "E9": "55 00"})

    assert at(till).choose("Адрес ОФД") == ("Нет связи с кассой",)


def test_a_long_requisite_is_read_block_by_block() -> None:
    till = Scripted(
        **{"48": "55 00 00", "56": "55 00 00", "46": "55 00 00", "E9": "55 00 01 16 04 00 00"},
        **{"E9 16 04 00": "55 00 02 16 04 03 00 80 81", "E9 16 04 01": "55 00 02 82"},
    )

    assert "Наименование ОФД: АБВ" in at(till).choose("Адрес ОФД")
