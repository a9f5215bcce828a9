"""Steps at the terminal: they say when the screen is another than declared, and a fork's terminal is its own."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.testing.theatre import InProcess, InProcessStage
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    ADDRESS,
    BANNER,
    CHECK,
    IMPOSSIBLE,
    NO_OFD,
    OFD,
    OFD_REACHED,
    SET_UP,
    banner,
    menu_item,
    raw_command,
    screen,
    slip,
    terminal_of,
    terminal_restarts,
)
from scenarios.ofd_cases import DAY_PASSES, Exchange, exchange, on_day, register_tells, waiting
from scenarios.playbook import Kind, NotAsExpected, Step
from scenarios.routine import Refused

MakeBench = Callable[..., Bench]


@pytest.fixture
def stage(make_bench: MakeBench) -> InProcessStage:
    return InProcess().stage(make_bench("shift-open"))


def act(stage: InProcessStage, *steps: Step) -> None:
    for step in steps:
        step.act(stage.scene)


def does_not_hold(stage: InProcessStage, step: Step) -> str:
    with pytest.raises(NotAsExpected) as told:
        step.act(stage.scene)
    return str(told.value)


def test_no_terminal_is_there_until_a_step_uses_it(stage: InProcessStage) -> None:
    assert stage.scene.seated is None
    act(stage, screen(OFD, OFD_REACHED))
    assert stage.scene.seated is not None


def test_a_screen_that_says_something_else_is_told(stage: InProcessStage) -> None:
    assert does_not_hold(stage, screen(OFD, NO_OFD)).startswith(
        "«Настройки → ОФД» does not show «Нет связи с ОФД», but: Соединение с ОФД установлено; "
    )


def test_what_is_typed_must_be_done_unless_another_line_is_expected(stage: InProcessStage) -> None:
    typed = (ADDRESS, "ДРУГОЙ", "7700000000", "x.example", "7000")
    assert "but: Операция невозможна" in does_not_hold(stage, menu_item(*typed))
    act(stage, menu_item(*typed, shows=IMPOSSIBLE), screen(SET_UP, "Адрес: x.example", "Порт: 7000"))


def test_a_step_is_titled_by_its_path_and_what_is_typed() -> None:
    assert menu_item(SET_UP, "x.example", None).title == f"{SET_UP}: «x.example»"
    assert menu_item(CHECK).title == CHECK
    assert (menu_item(CHECK).kind, screen(CHECK, NO_OFD).kind) == (Kind.WIRE, Kind.INFORMATIONAL)


def test_a_raw_command_is_typed_on_the_terminal_and_its_refusal_is_one(stage: InProcessStage) -> None:
    act(stage, raw_command("91 34 00 00"), raw_command("А4 20"))
    with pytest.raises(Refused) as told:
        raw_command("59").act(stage.scene)
    assert told.value.code is E.RECEIPT_CLOSED
    assert stage.conversation()[-1].startswith("CancelReceipt 59 -> 55 9A")


def test_a_till_that_does_not_answer_a_raw_command_is_not_as_expected(stage: InProcessStage) -> None:
    stage.scene.hands.power_off()
    assert does_not_hold(stage, raw_command("59")) == "«59» is answered by a screen that says: Нет связи с кассой"


def test_the_slip_is_whole_when_the_screen_of_the_check_has_come(stage: InProcessStage) -> None:
    stage.scene.hands.ofd_fault("tariff", None)
    act(stage, screen(CHECK, OFD_REACHED), slip({"Соединение": "УСТАНОВЛЕНО", "Обмен": "НЕТ ОТВЕТА"}))
    assert "the slip says" in does_not_hold(stage, slip({"Обмен": "ОТВЕТА"}))
    assert "the slip says" in does_not_hold(stage, slip({"Имя": "НЕТ ОТВЕТА"}))


def test_only_the_last_slip_counts(stage: InProcessStage) -> None:
    act(stage, screen(CHECK, OFD_REACHED))
    stage.scene.hands.ofd_down()
    act(stage, screen(CHECK, NO_OFD), slip({"Соединение": "ОТКАЗ"}))
    does_not_hold(stage, slip({"Соединение": "УСТАНОВЛЕНО"}))


@pytest.mark.parametrize("model", ["atol-60f", "atol-11f"])
def test_a_slip_on_narrow_paper_is_read_too(make_bench: MakeBench, model: str) -> None:
    narrow = InProcess().stage(make_bench("registered", model))
    narrow.scene.hands.ofd_fault("unreachable", None)
    act(narrow, screen(CHECK, NO_OFD), slip({"Соединение": "УЗЕЛ НЕДОСТУПЕН"}))


def test_a_forks_terminal_shows_what_it_showed_and_goes_its_own_way(make_bench: MakeBench) -> None:
    stage = InProcess().stage(make_bench("registered"))
    stage.scene.hands.ofd_down()
    act(stage, terminal_of("3.9.0"), DAY_PASSES, waiting(3), banner(""), on_day(2, 10), banner(BANNER))
    twin = stage.fork()
    world = stage.scene.witness.world()

    twin.scene.hands.ofd_up()
    act(twin, banner(BANNER), screen(CHECK, OFD_REACHED), terminal_restarts(), banner(""))
    assert (stage.scene.witness.world(), twin.scene.witness.world() > world) == (world, True)
    act(stage, screen(CHECK, NO_OFD), banner(BANNER))


def test_register_2b_is_read_as_it_is(stage: InProcessStage) -> None:
    assert exchange(stage.scene) == Exchange()
    assert does_not_hold(stage, register_tells(Exchange(ofd=2))).endswith("91 2B: network 0, OFD 2, FN 0")
