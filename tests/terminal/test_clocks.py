"""«Дата и время» of the tablet and «Установка даты и времени» of the till."""

from collections.abc import Callable
from datetime import datetime

import pytest

from kktsim.bench import Bench
from kktsim.device.kkt import to_datetime
from kktsim.terminal.form import FormError
from scenarios.at_terminal import DONE, OFD, SET_CLOCK, TABLET_CLOCK

from .stage import Stage

MakeBench = Callable[..., Bench]
REFUSED = "Ошибка при работе с кассой: "


def till_clock(stage: Stage) -> datetime:
    """What the till's clock shows."""
    return to_datetime(stage.bench.kkt.clock(stage.bench.world))


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("02.03.2026 20:05", datetime(2026, 3, 2, 20, 5)),
        ("2.3.2026  20:05:59", datetime(2026, 3, 2, 20, 5, 59)),
        ("2026-03-02 20:05", datetime(2026, 3, 2, 20, 5)),
        ("2026-03-02T20:05:59", datetime(2026, 3, 2, 20, 5, 59)),
    ],
)
def test_the_till_is_set_to_what_is_typed(make_bench: MakeBench, typed: str, moment: datetime) -> None:
    stage = Stage(make_bench())

    assert stage.terminal.choose(SET_CLOCK, typed) == (DONE,)

    assert till_clock(stage) == moment
    assert stage.said == ["48", "64 02 03 26", f"4B 20 05 {moment.second:02d}"]


def test_a_jump_of_days_is_confirmed_by_the_same_command_once_more(make_bench: MakeBench) -> None:
    stage = Stage(make_bench())

    assert stage.terminal.choose(SET_CLOCK, "20.11.2026 20:05") == (DONE,)

    assert stage.said == ["48", "64 20 11 26", "64 20 11 26", "4B 20 05 00"]
    assert stage.terminal.choose(SET_CLOCK) == ("Дата и время: 20.11.2026 20:05",)
    assert stage.said[-2:] == ["48", "91 11 00 00"]


@pytest.mark.parametrize("typed", ["01.03.2026 12:00", "02.03.2026 10:00"])
def test_the_till_is_not_set_behind_the_last_document(make_bench: MakeBench, typed: str) -> None:
    stage = Stage(make_bench())
    before = till_clock(stage)

    assert stage.terminal.choose(SET_CLOCK, typed)[0].startswith(f"{REFUSED}(-3922) ")
    assert till_clock(stage) == before


def test_an_open_shift_prevents_it(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("shift-open"))

    assert stage.terminal.choose(SET_CLOCK, "02.03.2026 12:30") == (
        f"{REFUSED}(-3837) Смена открыта, операция невозможна",
    )
    assert stage.said == ["48", "64 02 03 26"]
    assert till_clock(stage) == datetime(2026, 3, 2, 12, 0)


@pytest.mark.parametrize("state", ["registered", "shift-open"])
@pytest.mark.parametrize("answer", [0x15, 0x66])
def test_a_till_without_its_clock_is_set_although_it_cannot_leave_its_mode(
    make_bench: MakeBench, state: str, answer: int
) -> None:
    stage = Stage(make_bench(state, lost_clock_answer=answer))
    stage.hands.lose_clock()
    assert stage.terminal.choose(OFD)[0].startswith(REFUSED)
    stage.said.clear()

    assert stage.terminal.choose(SET_CLOCK, "02.03.2026 12:30") == (DONE,)

    assert stage.said == ["48", "64 02 03 26", "4B 12 30 00"]
    assert till_clock(stage) == datetime(2026, 3, 2, 12, 30)
    assert stage.terminal.choose(OFD)[0] in {"Соединение с ОФД установлено", "Нет связи с ОФД"}


def test_the_tablet_is_set_and_the_till_is_not_asked(make_bench: MakeBench) -> None:
    stage = Stage(make_bench())
    before = till_clock(stage)
    assert stage.terminal.choose(TABLET_CLOCK) == ("Дата и время: 02.03.2026 12:00",)

    assert stage.terminal.choose(TABLET_CLOCK, "20.11.2026 20:05") == (DONE,)

    assert stage.terminal.choose(TABLET_CLOCK) == ("Дата и время: 20.11.2026 20:05",)
    stage.hands.advance(60)
    assert stage.terminal.choose(TABLET_CLOCK) == ("Дата и время: 20.11.2026 20:06",)
    assert (stage.said, till_clock(stage).day) == ([], before.day)


@pytest.mark.parametrize(
    "typed", ["", "20.11.2026", "20:05", "31.02.2026 12:00", "20.11.1999 12:00", "20.11.2100 12:00", "20.11.2026 24:00"]
)
@pytest.mark.parametrize("path", [SET_CLOCK, TABLET_CLOCK])
def test_what_is_no_moment_is_told_before_anything_is_sent(make_bench: MakeBench, path: str, typed: str) -> None:
    stage = Stage(make_bench())

    with pytest.raises(FormError, match="«Дата и время» takes a moment like"):
        stage.terminal.choose(path, typed)
    assert stage.said == []
