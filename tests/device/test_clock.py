"""The till's clock: what sets it, what it refuses, what follows it. World time goes on whatever the till shows."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from kktsim.bench import Bench
from kktsim.testing.power_cuts import watch
from protocol.atol.commands.modes import Mode, SetDate, SetTime
from protocol.atol.fields import date_time_to_bcd
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
AT = datetime(2026, 3, 2, 12, 0)
"""The moment benches are handed over; `registered` has its only document an hour earlier."""
LAST_DOCUMENT = AT - timedelta(hours=1)


@pytest.fixture
def desk(bench: Bench) -> Desk:
    desk = Desk(bench)
    desk.enter(Mode.SELECTION)
    return desk


def both(moment: datetime) -> str:
    """EDh: date and time."""
    return f"ED {date_time_to_bcd(moment, 6).hex()}"


def shown(desk: Desk) -> object:
    return desk.register(0x11)["at"]


def test_date_and_time_are_set_apart_or_together(desk: Desk) -> None:
    desk.does(SetTime(time=AT.replace(hour=11, minute=30, second=15).time()))
    assert shown(desk) == AT.replace(hour=11, minute=30, second=15)
    desk.does(SetDate(date=AT.date()))
    assert shown(desk) == AT.replace(hour=11, minute=30, second=15)
    desk.does(both(AT.replace(hour=23, minute=59, second=58)))
    desk.bench.advance(4)
    assert shown(desk) == datetime(2026, 3, 3, 0, 0, 2)


def test_3f_and_register_11h_show_the_same_clock(desk: Desk) -> None:
    desk.does(both(AT.replace(hour=15, minute=4, second=5)))
    assert desk.does("3F")[2:8] == bytes.fromhex("26 03 02 15 04 05")
    assert shown(desk) == AT.replace(hour=15, minute=4, second=5)


def test_documents_are_dated_by_the_till_and_not_by_the_world(desk: Desk) -> None:
    desk.does(both(AT.replace(hour=18, minute=45)))
    desk.open_shift()
    assert desk.register(0x34)["at"] == AT.replace(hour=18, minute=45)


def test_a_document_is_dated_to_the_minute_and_the_clock_may_go_back_to_that(desk: Desk) -> None:
    desk.does(both(AT.replace(hour=18, minute=45, second=59)))
    desk.open_shift()
    desk.close_shift()
    desk.does("48")
    assert desk.register(0x34)["at"] == AT.replace(hour=18, minute=45)
    desk.refuses(both(AT.replace(hour=18, minute=44, second=59)), E.DATE_BEFORE_FN)
    desk.does(both(AT.replace(hour=18, minute=45)))


COMMANDS = {"4B": "4B 12 00 00", "64": "64 02 03 26", "ED": both(AT)}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_an_open_shift_holds_the_clock_unless_a_setting_frees_it(make_bench: MakeBench, command: str) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.SELECTION)
    desk.refuses(command, E.SHIFT_OPEN)
    desk = Desk(make_bench("shift-open", clock_set_with_open_shift="accept"))
    desk.enter(Mode.SELECTION)
    desk.does(command)


BEFORE_THE_LAST_DOCUMENT = {
    "4B": SetTime(time=(LAST_DOCUMENT - timedelta(seconds=1)).time()),
    "64": SetDate(date=AT.date() - timedelta(days=1)),
    "ED a second": both(LAST_DOCUMENT - timedelta(seconds=1)),
    "ED a year": both(LAST_DOCUMENT - timedelta(days=365)),
}


@pytest.mark.parametrize("command", BEFORE_THE_LAST_DOCUMENT.values(), ids=BEFORE_THE_LAST_DOCUMENT)
def test_the_clock_never_goes_behind_the_last_document(desk: Desk, command: str | SetTime | SetDate) -> None:
    desk.refuses(command, E.DATE_BEFORE_FN)


def test_the_moment_of_the_last_document_itself_is_allowed(desk: Desk) -> None:
    desk.does(SetTime(time=LAST_DOCUMENT.time()), both(LAST_DOCUMENT), SetDate(date=LAST_DOCUMENT.date()))


FAR = {"64": SetDate(date=AT.date() + timedelta(days=1)), "ED": both(AT + timedelta(days=1))}
by_command = pytest.mark.parametrize("far", FAR.values(), ids=FAR)


@by_command
def test_a_jump_of_a_day_ahead_must_be_asked_for_twice(desk: Desk, far: str | SetDate) -> None:
    desk.refuses(far, E.DATE_NOT_CONFIRMED)
    assert shown(desk) == AT
    desk.does(far)
    assert shown(desk) == AT + timedelta(days=1)


@by_command
def test_what_is_asked_for_in_between_asks_anew(desk: Desk, far: str | SetDate) -> None:
    desk.refuses(far, E.DATE_NOT_CONFIRMED)
    desk.refuses(SetDate(date=AT.date() + timedelta(days=2)), E.DATE_NOT_CONFIRMED)
    desk.refuses(far, E.DATE_NOT_CONFIRMED)
    desk.does(far)


@by_command
def test_a_confirmation_is_used_up(desk: Desk, far: str | SetDate) -> None:
    desk.refuses(far, E.DATE_NOT_CONFIRMED)
    desk.does(far)
    further = SetDate(date=AT.date() + timedelta(days=5))
    desk.refuses(further, E.DATE_NOT_CONFIRMED)
    desk.does(further)


def test_less_than_a_day_ahead_and_any_way_back_need_no_confirmation(desk: Desk) -> None:
    desk.does(both(AT + timedelta(hours=23, minutes=59, seconds=59)))
    desk.does(both(AT))


def test_how_far_a_jump_must_be_to_be_confirmed_is_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(date_confirmation_days=30))
    desk.enter(Mode.SELECTION)
    desk.does(SetDate(date=AT.date() + timedelta(days=29)))


NO_VALUES = (
    ("4B 24 00 00", E.WRONG_TIME),
    ("4B 12 60 00", E.WRONG_TIME),
    ("64 30 02 26", E.WRONG_DATE),
    ("64 00 00 00", E.WRONG_DATE),
    ("64 01 13 26", E.WRONG_DATE),
    ("ED 32 01 26 12 00 00", E.WRONG_DATE),
    ("ED 00 00 00 00 00 00", E.WRONG_DATE),
    ("ED 02 03 26 25 00 00", E.WRONG_TIME),
    ("ED 02 03 26 12 0A 00", E.BAD_FORMAT),
)


@pytest.mark.parametrize(("command", "code"), NO_VALUES)
def test_what_is_no_date_or_time_has_its_own_code(desk: Desk, command: str, code: E) -> None:
    desk.refuses(command, code)


def test_ed_of_one_byte_asks_an_evotor_for_its_controller(desk: Desk) -> None:
    identity = desk.bench.kkt.model.controller_id
    assert desk.reply("ED 00") == b"\x55\x00" + identity and len(identity) == 32
    assert desk.reply("ED 03") == bytes.fromhex("55 00 02 26 03 02 00")
    desk.refuses("ED 01", E.BAD_FORMAT)


def test_ed_of_one_byte_is_no_command_of_an_atol_till(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(model="atol-77f"))
    for command in ("ED 00", "ED 03"):
        desk.refuses(command, E.UNKNOWN_COMMAND)


def test_ed_of_another_length_is_wrong(desk: Desk) -> None:
    desk.refuses("ED", E.BAD_LENGTH)
    desk.refuses("ED 02 03 26 12 00", E.BAD_LENGTH)
    assert desk.reply(both(AT)) == bytes.fromhex("55 00 00")


def test_the_clock_runs_on_without_power(desk: Desk) -> None:
    desk.does(both(AT.replace(hour=18)))
    desk.bench.power_off()
    desk.bench.advance(3600)
    desk.bench.power_on()
    assert shown(desk) == AT.replace(hour=19)


def test_a_till_that_lost_its_clock_takes_nothing_but_date_and_time(desk: Desk) -> None:
    desk.bench.lose_clock()
    assert desk.does("45")[0] == 0x57
    for command in ("48", "56 01 00 00 00 30", "47", "46 02 00 01 01", "82 01 01 00", "4B 12 00 00"):
        desk.refuses(command, E.DATE_ENTRY_LOCK)
    for question in ("3F", "A5", "91 11 00 00", "A4 30", "E9 18 04 00"):
        desk.does(question)
    desk.does("64 05 03 26")
    assert desk.does("45")[0] == 0x67
    desk.refuses("48", E.DATE_ENTRY_LOCK)
    desk.does("4B 13 00 00")
    assert desk.does("45")[0] == 0x00
    assert shown(desk) == datetime(2026, 3, 5, 13, 0)


def test_a_till_may_answer_the_loss_of_its_clock_as_a_wrong_mode(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("registered", lost_clock_answer=0x66))
    desk.bench.lose_clock()
    desk.refuses("48", E.WRONG_MODE)
    desk.does("64 05 03 26", "4B 13 00 00", "48")


def test_a_till_that_lost_its_clock_takes_date_and_time_with_an_open_shift(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.bench.lose_clock()
    desk.does(both(AT))
    desk.enter(Mode.REGISTRATION)
    desk.sell()


def test_a_till_whose_power_fails_while_it_comes_up_without_its_clock_stays_off(bench: Bench) -> None:
    twin = bench.fork()
    seen = watch(twin)
    twin.lose_clock()
    watch(bench, len(seen.names))
    bench.lose_clock()
    assert not bench.kkt.is_on
