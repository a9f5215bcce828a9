"""A till whose commands take their time: what each host is told meanwhile, and who comes next."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.device.pace import PACES, Duration, Pace
from kktsim.testing.presets import open_till

from .talk import ASYNC, Talk, told

MakeBench = Callable[..., Bench]
DONE, REFUSAL = "55 00 00", "55 13 00"
REFUSED = "56 00 00 00 00 30"
STATE = "55 01 00"
BEEP, CUT, LINE, QUESTION, CASH_IN = "47", "75 00", "4C 41", "45", "49 00 00 00 00 00 01"
PACE = Pace(
    "test",
    {
        0x45: Duration(0.125),
        0x47: Duration(1.0),
        0x49: Duration(1.0),
        0x4C: Duration(0.5, printing=0.25),
        0x75: Duration(3.0),
    },
    other=Duration(0.0),
    slows_lines=False,
)


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """A till with an open shift, in registration mode, that takes its time."""
    bench = make_bench("shift-open")
    bench.executor.pace = PACE
    return bench


@pytest.fixture
def talk(bench: Bench) -> Talk:
    return Talk(bench)


def later(talk: Talk, seconds: float) -> list[tuple[int, str]]:
    """Frames that come by themselves within so many seconds, the till being looked at whenever it wants."""
    frames = []
    end = talk.bench.clock.now() + seconds
    while True:
        deadline = talk.line.session.next_deadline()
        if deadline is None or deadline > end:
            frames += told(talk.waits(end - talk.bench.clock.now()))
            return frames
        frames += told(talk.waits(deadline - talk.bench.clock.now()))


def test_the_result_comes_when_the_time_is_over_and_not_before(talk: Talk) -> None:
    assert talk.add(1, BEEP) == [(1, "A2")]
    assert later(talk, 0.999) == []
    assert talk.v3(2, "C3 01") == [(2, "A2")]
    assert talk.v3(3, "C2 01") == [(3, "A2")]
    assert later(talk, 0.001) == [(ASYNC, f"A6 01 {DONE}")]
    assert talk.v3(4, "C3 01") == [(4, f"A3 {DONE}")]
    assert talk.line.session.next_deadline() is None


def test_tasks_behind_it_are_pending_and_run_in_their_order(talk: Talk) -> None:
    assert [talk.add(number, command) for number, command in ((1, BEEP), (2, QUESTION), (3, BEEP))] == [
        [(1, "A2")],
        [(2, "A1")],
        [(3, "A1")],
    ]
    assert later(talk, 1.0) == [(ASYNC, f"A6 01 {DONE}")]
    assert talk.v3(4, "C3 02") == [(4, "A2")]
    assert later(talk, 0.125) == [(ASYNC, f"A6 02 {STATE}")]
    assert later(talk, 1.0) == [(ASYNC, f"A6 03 {DONE}")]


def test_a_command_behind_a_line_that_still_prints_is_pending_and_done_a_moment_later(talk: Talk) -> None:
    talk.add(1, LINE)
    assert later(talk, 0.5) == [(ASYNC, f"A6 01 {DONE}")]
    assert talk.add(2, LINE) == [(2, "A1")]
    assert later(talk, 0.25) == []
    assert talk.v3(3, "C3 02") == [(3, "A2")]
    assert later(talk, 0.5) == [(ASYNC, f"A6 02 {DONE}")]


def test_kiosk_software_can_be_spared_the_pending_state(make_bench: MakeBench) -> None:
    talk = Talk(make_bench("registered", waiting_task_state="in-progress"))
    talk.bench.executor.pace = PACE
    talk.add(1, LINE)
    later(talk, 0.5)
    assert talk.add(2, BEEP) == [(2, "A2")]
    assert talk.v3(3, "C3 02") == [(3, "A2")]
    assert talk.add(3, BEEP) == [(3, "A1")]
    assert later(talk, 3.0) == [(ASYNC, f"A6 {number:02X} {DONE}") for number in (2, 3)]


def test_a_refusal_comes_at_once_and_stops_what_waits_behind(talk: Talk) -> None:
    talk.add(1, BEEP)
    talk.add(2, REFUSED)
    talk.add(3, BEEP)
    assert later(talk, 1.0) == [(ASYNC, f"A6 01 {DONE}"), (ASYNC, f"A7 02 {REFUSAL}")]
    assert talk.v3(4, "C3 03") == [(4, "A5 02")]
    assert talk.line.session.next_deadline() is None


def test_a_till_that_answers_directly_says_later_what_takes_time(make_bench: MakeBench) -> None:
    talk = Talk(make_bench(result_delivery="direct"))
    talk.bench.executor.pace = PACE
    assert talk.add(1, "48") == [(1, f"A3 {DONE}")]
    assert talk.add(2, BEEP) == [(2, "A2")]
    assert later(talk, 1.0) == [(ASYNC, f"A6 02 {DONE}")]


def test_abort_cannot_stop_what_has_begun_but_nobody_is_told_and_the_next_waits_for_its_end(talk: Talk) -> None:
    talk.add(1, CASH_IN)
    talk.add(2, CASH_IN)
    assert talk.v3(3, "C4") == [(3, "A3")]
    assert talk.v3(4, "C3 01") == [(4, "B3")]
    assert talk.add(5, BEEP) == [(5, "A1")]
    assert later(talk, 1.0) == []
    assert talk.v3(6, "C3 05") == [(6, "A2")]
    assert later(talk, 1.0) == [(ASYNC, f"A6 05 {DONE}")]
    assert talk.bench.state().cash_kopecks == 1


def test_abort_drops_the_turn_of_what_waited(talk: Talk) -> None:
    other = Talk(talk.bench)
    talk.add(1, BEEP)
    other.add(2, CUT)
    assert other.v3(3, "C4") == [(3, "A3")]
    later(talk, 1.0)
    assert talk.add(4, BEEP) == [(4, "A2")]
    assert other.line.session.next_deadline() is None


def test_a_host_that_leaves_finds_its_result_when_it_comes_back(talk: Talk) -> None:
    talk.add(1, BEEP)
    talk.line.dropped()
    talk.waits(1.0)
    assert talk.v3(2, "C3 01") == [(2, f"A3 {DONE}")]


def test_power_off_in_the_middle_leaves_nothing_owed(talk: Talk) -> None:
    other = Talk(talk.bench)
    talk.add(1, CUT)
    other.add(2, BEEP)
    talk.bench.power_off()
    talk.bench.power_on()
    assert talk.waits(5.0) == other.line.tick() == b""
    assert talk.add(3, "48") == [(3, "A2"), (ASYNC, f"A6 03 {DONE}")]


def test_the_till_restarts_when_the_answer_to_that_is_out(talk: Talk) -> None:
    talk.bench.executor.pace = PACES["real"]
    assert talk.add(1, "CE 41") == [(1, "A2")]
    assert talk.bench.state().mode == 1
    assert later(talk, 1.0) == [(ASYNC, f"A6 01 {DONE}")]
    assert talk.bench.state().mode == 0


# ---- several ports


def test_questions_from_another_port_are_answered_while_a_command_is_done(talk: Talk) -> None:
    other = Talk(talk.bench)
    talk.add(1, CUT)
    assert other.add(2, QUESTION) == [(2, "A2")]
    assert later(other, 0.125) == [(ASYNC, f"A6 02 {STATE}")]
    assert later(talk, 3.0) == [(ASYNC, f"A6 01 {DONE}")]


def test_commands_of_several_ports_are_done_in_the_order_in_which_they_came(talk: Talk) -> None:
    ports = [talk, Talk(talk.bench), Talk(talk.bench)]
    order = (0, 1, 0, 2, 1, 0)
    begun = [ports[port].add(number, LINE)[0][1] for number, port in enumerate(order)]
    assert begun == ["A2"] + ["A1"] * 5
    seen = []
    for _ in range(400):
        talk.bench.clock.wait(0.0125)
        for index, port in enumerate(ports):
            seen += [(index, data) for _, data in told(port.line.tick())]
    assert seen == [(port, f"A6 {number:02X} {DONE}") for number, port in enumerate(order)]
    assert all(port.line.session.next_deadline() is None for port in ports)


class Clerk:
    """Writes down which commands were done."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def message(self, request: bytes, reply: bytes) -> None:
        self.done.append(request[2:].hex(" ").upper())

    def bytes_in(self, data: bytes) -> None: ...
    def bytes_out(self, data: bytes) -> None: ...
    def junk(self, data: bytes) -> None: ...
    def not_understood(self, data: bytes) -> None: ...

    def bug(self, request: bytes, error: Exception) -> None:
        raise error


SAID = st.tuples(st.integers(0, 2), st.sampled_from(("4C", "4C", BEEP))) | st.tuples(st.just(3), st.just(QUESTION))
"""Port and command; questions have a port of their own."""


@given(st.lists(st.tuples(SAID, st.sampled_from((0.0, 0.3, 1.0, 5.0))), max_size=20))
def test_whatever_comes_from_where_and_when_turns_are_taken_in_the_order_of_arrival(
    make_bench: MakeBench, told_to_do: list[tuple[tuple[int, str], float]]
) -> None:
    bench = make_bench("shift-open")
    bench.executor.pace = PACE
    ports = [Talk(bench) for _ in range(4)]
    clerk = Clerk()
    for port in ports:
        port.line.session.watcher = clerk
    said, results = [], 0
    for number, ((index, code), pause) in enumerate(told_to_do):
        command = f"4C {number + 0x30:02X}" if code == "4C" else code
        said.append(command)
        ports[index].add(number, command)
        results += len(later(ports[index], pause))
    for port in ports:
        results += len(later(port, 60.0))
    in_turn = [command for command in clerk.done if command != QUESTION]
    assert in_turn == [command for command in said if command != QUESTION]
    assert len(clerk.done) == results == len(said)


def test_a_port_that_nobody_looks_at_loses_no_place_and_keeps_no_other_waiting(talk: Talk) -> None:
    silent = Talk(talk.bench)
    silent.add(1, BEEP)
    silent.add(2, BEEP)
    assert talk.add(3, BEEP) == [(3, "A1")]
    assert later(talk, 2.999) == []
    assert later(talk, 0.001) == [(ASYNC, f"A6 03 {DONE}")]
    assert told(silent.line.tick()) == [(ASYNC, f"A6 {number:02X} {DONE}") for number in (1, 2)]


def test_a_v2_host_waits_for_the_command_of_a_v3_host_and_the_other_way_round(talk: Talk) -> None:
    other = Talk(talk.bench)
    talk.add(1, BEEP)
    other.asks_v2(BEEP)
    assert other.says("04") == b""
    assert talk.add(2, BEEP) == [(2, "A1")]
    assert later(talk, 1.0) == [(ASYNC, f"A6 01 {DONE}")]
    assert other.waits(0.999) == b""
    assert other.waits(0.001) == b"\x05"
    assert other.reads_v2() == DONE
    assert later(talk, 1.0) == [(ASYNC, f"A6 02 {DONE}")]


# ---- link v2


def test_in_v2_the_till_calls_when_the_command_is_done(talk: Talk) -> None:
    talk.asks_v2(BEEP)
    assert talk.says("04") == b""
    assert talk.line.session.next_deadline() == talk.bench.clock.now() + 1.0
    assert talk.waits(0.999) == b""
    assert talk.waits(0.001) == b"\x05"
    assert talk.reads_v2() == DONE


def test_in_v2_a_host_that_calls_meanwhile_is_heard_when_the_command_is_done(talk: Talk) -> None:
    talk.asks_v2(BEEP)
    talk.says("04")
    assert talk.says("05") == b""
    assert talk.waits(1.0) == b"\x06"


def test_in_v2_a_busy_till_says_so_when_it_is_set_to(make_bench: MakeBench) -> None:
    talk = Talk(make_bench(enq_while_busy="nak"))
    talk.bench.executor.pace = PACE
    talk.asks_v2(BEEP)
    talk.says("04")
    assert [talk.says("05") for _ in range(3)] == [b"\x15"] * 3
    assert talk.waits(1.0) == b"\x05"
    assert talk.reads_v2() == DONE


def test_in_v2_a_reply_whose_host_left_reaches_nobody_and_the_next_host_is_served(talk: Talk) -> None:
    talk.asks_v2(CASH_IN)
    assert talk.says("04") == b""
    talk.line.dropped()
    talk.asks_v2(BEEP)
    assert talk.says("04") == talk.waits(1.0) == b""
    assert talk.waits(1.0) == b"\x05"
    assert talk.reads_v2() == DONE
    assert talk.bench.state().cash_kopecks == 1


# ---- the pace of a real till

LOGGED_SECONDS = {"56": 0.02, "92": 0.4, "EB": 0.31, "99": 1.5, "4A": 2.4}
"""Of the commands of a receipt; the log of a real till gives 99 as 0.8 to 2.2 and EB as 0.25 to 0.37."""
RECEIPT = (
    "48",
    "56 01 00 00 00 30",
    "92 00 01",
    "EA 00 01 00",
    "EB 02 00 00 00 00 00 00 01 00 00 00 10 00 00 00 00 00 00 00 01 06" + 20 * " 00" + " 41",
    "99 00 01 00 00 00 00 01",
    "4A 00 01 00 00 00 00 00",
)


@pytest.mark.parametrize("link", ["v2", "v3"])
def test_a_receipt_takes_as_long_as_on_a_real_till(make_bench: MakeBench, link: str) -> None:
    bench = make_bench("shift-open")
    bench.executor.pace = PACES["real"]
    till = open_till(bench, link)
    took = {}
    for command in RECEIPT:
        began = bench.clock.now()
        assert till.send(bytes.fromhex(command))[:2] == b"\x55\x00", command
        took[command[:2]] = bench.clock.now() - began
    assert {code: took[code] for code in LOGGED_SECONDS} == pytest.approx(LOGGED_SECONDS, abs=0.011)
    assert bench.state().last_document == 3
