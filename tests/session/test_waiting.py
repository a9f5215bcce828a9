"""While a report prints: status is answered at once, everything else waits its turn, on either link."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench

from .talk import ASYNC, Talk, told

MakeBench = Callable[..., Bench]
DONE = "55 00 00"
REPORTS = {"X": ("02", "67 01", ("22",), "02"), "Z": ("03", "5A", ("23", "17"), "00")}
"""Mode, command, the states while it prints, the state after."""
by_report = pytest.mark.parametrize(("mode", "command", "printing", "after"), REPORTS.values(), ids=REPORTS)
PRINTED_SECONDS = 2.0
"""Longer than any report prints."""


@pytest.fixture
def talk(make_bench: MakeBench) -> Talk:
    talk = Talk(make_bench("shift-open"))
    talk.does("48")
    return talk


def seconds(talk: Talk) -> float:
    """Host time to the till's next deadline."""
    deadline = talk.line.session.next_deadline()
    assert deadline is not None
    return deadline - talk.bench.clock.now()


def seen(talk: Talk) -> list[str]:
    """The states that a host sees one after the other who asks twice a second until the till rests."""
    states: list[str] = []
    for _ in range(6):
        state = talk.does("45").split()[1]
        states += [state] if state not in states[-1:] else []
        assert talk.waits(0.5) == b""
    return states


@by_report
def test_a_report_is_accepted_at_once_and_seen_by_who_polls_twice_a_second(
    talk: Talk, mode: str, command: str, printing: tuple[str, ...], after: str
) -> None:
    talk.does(f"56 {mode} 00 00 00 30")
    assert talk.does(command) == DONE
    assert seen(talk) == [*printing, after]


@by_report
@pytest.mark.parametrize("phase", [0.0, 0.1, 0.25, 0.4, 0.499])
def test_whenever_the_polls_fall_one_of_them_sees_the_report(
    talk: Talk, mode: str, command: str, printing: tuple[str, ...], after: str, phase: float
) -> None:
    talk.does(f"56 {mode} 00 00 00 30")
    talk.does(command)
    talk.waits(phase)
    assert seen(talk)[-2:] == [printing[-1], after]


@by_report
def test_a_command_waits_for_the_end_and_its_result_comes_by_itself(
    talk: Talk, mode: str, command: str, printing: tuple[str, ...], after: str
) -> None:
    talk.does(f"56 {mode} 00 00 00 30")
    talk.does(command)
    assert talk.add(7, "48") == [(7, "A1")]
    assert talk.v3(8, "C3 07") == [(8, "A1")]
    left = seconds(talk)
    assert 0.5 < left < PRINTED_SECONDS
    assert talk.waits(left / 2) == b""
    assert told(talk.waits(left / 2)) == [(ASYNC, f"A6 07 {DONE}")]
    assert talk.line.session.next_deadline() is None
    assert talk.does("45") == "55 00 00"


@by_report
def test_in_v2_the_till_calls_when_the_report_is_printed(
    talk: Talk, mode: str, command: str, printing: tuple[str, ...], after: str
) -> None:
    talk.v2(f"56 {mode} 00 00 00 30")
    assert talk.v2(command) == DONE
    assert talk.v2("45") == f"55 {printing[0]} 00"
    talk.asks_v2("48")
    assert talk.says("04") == b""
    assert talk.waits(seconds(talk)) == b"\x05"
    assert talk.reads_v2() == DONE


def start_z(talk: Talk) -> None:
    talk.does("56 03 00 00 00 30")
    talk.does("5A")


@pytest.mark.parametrize("status", ["3F", "45", "A5", "4D", "58", "9D 01", "91 12 00 00", "A4 30", "E9 18 04 00"])
def test_questions_are_answered_while_a_report_prints(talk: Talk, status: str) -> None:
    start_z(talk)
    reply = talk.does(status)
    assert reply[:2] in ("44", "4D", "00") or reply.startswith("55 00") or reply == "55 23 00"


def test_what_comes_behind_a_waiting_command_keeps_its_place(talk: Talk) -> None:
    start_z(talk)
    assert [talk.add(number, command) for number, command in ((1, "48"), (2, "45"), (3, "47"))] == [
        [(1, "A1")],
        [(2, "A1")],
        [(3, "A1")],
    ]
    assert told(talk.waits(PRINTED_SECONDS)) == [(ASYNC, f"A6 {number:02X} {DONE}") for number in (1, 2, 3)]


def test_abort_drops_what_waits(talk: Talk) -> None:
    start_z(talk)
    talk.add(1, "56 01 00 00 00 30")
    assert talk.v3(2, "C4") == [(2, "A3")]
    assert talk.waits(PRINTED_SECONDS) == b""
    assert talk.does("45") == "55 00 00"


def test_a_command_that_waits_is_done_even_when_its_host_has_gone(talk: Talk) -> None:
    start_z(talk)
    talk.add(1, "56 01 00 00 00 30")
    talk.line.dropped()
    talk.waits(PRINTED_SECONDS)
    assert talk.v3(2, "C3 01") == [(2, f"A3 {DONE}")]
    assert talk.does("45") == "55 01 00"


def test_in_v2_a_command_that_waits_is_done_though_nobody_hears_it_and_the_next_host_is_served(talk: Talk) -> None:
    start_z(talk)
    talk.asks_v2("56 01 00 00 00 30")
    assert talk.says("04") == b""
    talk.line.dropped()
    talk.asks_v2("3F")
    assert talk.says("04") == b""
    assert talk.waits(PRINTED_SECONDS) == b"\x05"
    assert talk.reads_v2().split()[17] == "01"


def test_in_v2_a_command_that_waits_is_done_though_the_next_host_speaks_v3(talk: Talk) -> None:
    start_z(talk)
    talk.asks_v2("56 01 00 00 00 30")
    talk.says("04")
    talk.line.dropped()
    assert talk.does("45") == "55 23 00"
    talk.waits(seconds(talk))
    assert talk.does("45") == "55 01 00"


def test_two_ports_wait_for_the_same_report_and_are_answered_each_on_its_own(talk: Talk) -> None:
    other = Talk(talk.bench)
    start_z(talk)
    assert talk.add(1, "47") == [(1, "A1")]
    assert other.add(9, "47") == [(9, "A1")]
    assert told(talk.waits(PRINTED_SECONDS)) == [(ASYNC, f"A6 01 {DONE}")]
    assert told(other.line.tick()) == [(ASYNC, f"A6 09 {DONE}")]


def test_power_off_forgets_what_waited(talk: Talk) -> None:
    start_z(talk)
    talk.add(1, "56 01 00 00 00 30")
    talk.bench.power_off()
    assert talk.says("FE 01 00 01 C4 F6") == b""
    talk.bench.power_on()
    assert talk.waits(PRINTED_SECONDS) == b""
    assert talk.v3(2, "C3 01") == [(2, "B3")]
    assert talk.does("45") == "55 00 00"
