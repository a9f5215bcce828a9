"""Tasks over a port: how results are delivered, kept, repeated and stopped."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from protocol.atol import link_v3
from protocol.atol.task_buffer import CAPACITY

from .talk import ASYNC, Frames, Talk, add, told

MakeBench = Callable[..., Bench]
BEEP, REFUSED = "47", "56 00 00 00 00 30"
DONE, REFUSAL = "55 00 00", "55 13 00"


def test_a_result_comes_behind_the_acceptance_in_a_frame_of_its_own(bench: Bench) -> None:
    talk = Talk(bench)
    assert talk.add(0x0B, BEEP) == [(0x0B, "A2"), (ASYNC, f"A6 0B {DONE}")]
    assert talk.add(0x57, REFUSED) == [(0x57, "A2"), (ASYNC, f"A7 57 {REFUSAL}")]


def test_a_till_that_answers_directly_says_everything_in_one_frame(make_bench: MakeBench) -> None:
    talk = Talk(make_bench(result_delivery="direct"))
    assert talk.add(0x0B, BEEP) == [(0x0B, f"A3 {DONE}")]
    assert talk.add(0x0C, BEEP, flags=0) == [(0x0C, "A3")]
    assert talk.add(0x57, REFUSED) == [(0x57, f"A4 {REFUSAL}")]


@pytest.mark.parametrize(("command", "starts_with"), [("3F", "A6 01 44"), ("4D", "A6 01 4D"), ("A5", "A6 01 00")])
def test_replies_without_an_error_byte_are_results(bench: Bench, command: str, starts_with: str) -> None:
    (_, (_, result)) = Talk(bench).add(1, command)
    assert result.startswith(starts_with)


@pytest.mark.parametrize("delivery", ["async", "direct"])
def test_a_result_can_be_asked_for_until_it_is_acknowledged(make_bench: MakeBench, delivery: str) -> None:
    talk = Talk(make_bench(result_delivery=delivery))
    talk.add(5, BEEP)
    assert [talk.v3(number, "C3 05") for number in (6, 7)] == [[(number, f"A3 {DONE}")] for number in (6, 7)]
    assert talk.v3(8, "C2 05") == [(8, "A3")]
    assert talk.v3(9, "C3 05") == [(9, "B3")]
    assert talk.v3(10, "C2 05") == [(10, "B3")]


def test_results_outlive_the_client_that_did_not_fetch_them(bench: Bench) -> None:
    talk = Talk(bench)
    talk.add(5, BEEP)
    talk.line.dropped()
    assert talk.v3(6, "C3 05") == [(6, f"A3 {DONE}")]
    assert talk.v3(7, "C4") == [(7, "A3")]
    assert talk.v3(8, "C3 05") == [(8, "B3")]


def test_ack_and_add_in_one_frame_is_answered_for_both(bench: Bench) -> None:
    talk = Talk(bench)
    talk.add(5, BEEP)
    assert talk.v3(6, b"\xc5\x05" + add(6, BEEP)[1:]) == [(6, "A3 A2"), (ASYNC, f"A6 06 {DONE}")]


def test_an_empty_frame_repeats_the_last_answer_with_that_id_and_does_nothing_twice(make_bench: MakeBench) -> None:
    bench = make_bench("shift-open")
    talk = Talk(bench)
    talk.does("56 01 00 00 00 30")
    assert talk.add(5, "49 00 00 00 00 00 01")[0] == (5, "A2")
    assert [talk.v3(5, "") for _ in range(2)] == [[(5, "A2")]] * 2
    assert talk.v3(6, "C3 05") == [(6, f"A3 {DONE}")]
    assert talk.v3(6, "") == [(6, f"A3 {DONE}")]
    assert talk.v3(0x77, "") == talk.v3(ASYNC, "") == []
    assert bench.state().cash_kopecks == 1


def test_a_damaged_frame_is_answered_by_an_empty_one_and_can_be_sent_again(bench: Bench) -> None:
    talk = Talk(bench)
    frame = link_v3.encode(5, add(5, BEEP))
    assert talk.says(frame[:-1] + bytes((frame[-1] ^ 1,))) == link_v3.encode(5, b"")
    assert told(talk.says(frame)) == [(5, "A2"), (ASYNC, f"A6 05 {DONE}")]


def test_a_frame_that_is_said_twice_is_told_so_by_the_id_of_its_task_and_done_once(make_bench: MakeBench) -> None:
    bench = make_bench("shift-open")
    talk = Talk(bench)
    frame = link_v3.encode(5, add(5, "49 00 00 00 00 00 01"))
    assert told(talk.says(frame * 2)) == [(5, "A2"), (ASYNC, f"A6 05 {DONE}"), (5, "B2")]
    assert bench.state().cash_kopecks == 1


def test_an_id_of_a_frame_may_come_again_with_something_else(bench: Bench) -> None:
    talk = Talk(bench)
    assert talk.add(1, BEEP, frame_id=7)[0] == (7, "A2")
    assert talk.add(2, BEEP, frame_id=7)[0] == (7, "A2")
    assert talk.v3(7, "C3 01") == [(7, f"A3 {DONE}")]


@pytest.mark.parametrize("frame_id", [0, 0xDC, 0xDF, 0xE0, 0xEF])
def test_whatever_id_a_frame_has_its_answer_has_it_too(bench: Bench, frame_id: int) -> None:
    assert Talk(bench).add(1, BEEP, frame_id=frame_id) == [(frame_id, "A2"), (ASYNC, f"A6 01 {DONE}")]


def test_a_result_that_was_not_heard_is_not_repeated_but_can_be_asked_for(bench: Bench) -> None:
    talk = Talk(bench)
    talk.add(1, BEEP)
    assert talk.waits(60.0) == b"" and talk.line.session.next_deadline() is None
    assert talk.v3(2, "C3 01") == [(2, f"A3 {DONE}")]


def test_a_full_buffer_takes_no_more_until_something_is_done(make_bench: MakeBench) -> None:
    talk = Talk(make_bench("shift-open"))
    for number, command in enumerate(("48", "56 02 00 00 00 30", "67 01")):
        talk.does(command, task=number)
    waiting = range(0x10, 0x10 + CAPACITY)
    assert {talk.add(number, BEEP)[0][1] for number in waiting} == {"A1"}
    assert talk.add(0x0F, BEEP) == [(0x0F, "B1")]
    assert len(told(talk.waits(1.0))) == CAPACITY
    assert talk.add(0x0F, BEEP)[1] == (ASYNC, f"A6 0F {DONE}")
    assert talk.v3(1, "C3 10") == [(1, "B3")], "the oldest result made room"


def test_after_an_error_nothing_runs_until_the_failed_task_is_dealt_with(bench: Bench) -> None:
    talk = Talk(bench)
    talk.add(0xD5, REFUSED, flags=0)
    assert talk.add(0xD6, BEEP) == [(0xD6, "A5 D5")]
    assert talk.v3(1, "C3 D6") == [(1, "A5 D5")]
    assert talk.v3(2, "C4") == [(2, "A3")]
    assert talk.add(0xD6, BEEP)[1] == (ASYNC, f"A6 D6 {DONE}")
    talk.add(0xD7, REFUSED)
    assert talk.v3(3, "C2 D7") == [(3, "A4")]
    assert talk.add(0xD8, BEEP)[1] == (ASYNC, f"A6 D8 {DONE}")


def test_flags_0_is_silent_when_all_is_well_and_tells_an_error(bench: Bench) -> None:
    talk = Talk(bench)
    assert talk.add(0x33, BEEP, flags=0) == [(0x33, "A2")]
    assert talk.add(0x33, REFUSED, flags=0) == [(0x33, "A2"), (ASYNC, f"A7 33 {REFUSAL}")]


def test_the_stream_task_of_real_drivers_waits_beside_the_others(bench: Bench) -> None:
    talk = Talk(bench)
    assert talk.says("FE 03 00 DE C1 05 DE E6") == bytes.fromhex("FE 01 00 DE A8 6D")
    assert talk.does(BEEP) == DONE
    assert talk.v3(1, "C1 07 DF") == [(1, "A8")]
    assert talk.v3(2, "C4") == [(2, "A3")]
    assert talk.v3(0x14, "C1 07 DE 00 00") == [(0x14, "A8")], "as ATOL's driver opens it"


def test_a_task_without_a_command_is_a_short_packet(bench: Bench) -> None:
    assert Talk(bench).v3(1, "C1 01 14") == [(1, "A2"), (ASYNC, "A7 14 55 14 00")]


@pytest.mark.parametrize("password", ["00 01", "11 11", "FF FF"])
def test_a_wrong_access_password_is_refused_whatever_the_command(bench: Bench, password: str) -> None:
    talk = Talk(bench)
    for command in ("3F", "45", "A5", "59", "FF"):
        talk.v3(0, "C4")
        sent = add(1, command, password=bytes.fromhex(password))
        assert talk.v3(1, sent) == [(1, "A2"), (ASYNC, "A7 01 55 8C 00")]


def test_the_access_password_is_the_one_of_table_2(make_bench: MakeBench) -> None:
    bench = make_bench("factory")
    talk = Talk(bench)
    assert talk.does("56 04 00 00 00 30") == DONE
    assert talk.does("50 02 00 01 17 12 34") == DONE
    assert talk.does("45") == "55 8C 00"
    assert talk.v2("45") == "55 8C 00"
    assert talk.v3(1, add(1, "45", password=b"\x12\x34"))[1] == (ASYNC, "A6 01 55 04 00")


def test_the_code_for_a_wrong_access_password_is_a_setting(make_bench: MakeBench) -> None:
    talk = Talk(make_bench(wrong_access_password=0xA4))
    assert talk.v3(1, add(1, "45", password=b"\x11\x11"))[1] == (ASYNC, "A7 01 55 A4 00")


def results(frames: Frames, delivery: str) -> list[int]:
    """Task ids whose end was told."""
    if delivery == "async":
        return [int(data[3:5], 16) for frame_id, data in frames if frame_id == ASYNC]
    return [frame_id for frame_id, data in frames if data[:2] in ("A3", "A4")]


COMMANDS = st.sampled_from(
    ("45", "3F", "47", "48", "56 01 00 00 00 30", "56 00 00 00 00 30", "67 01", "9A 00", "FF", "")
)


@pytest.mark.parametrize("delivery", ["async", "direct"])
@given(commands=st.lists(COMMANDS, min_size=1, max_size=20), acks=st.booleans(), ignores=st.booleans())
def test_every_payload_is_answered_exactly_once(
    make_bench: MakeBench, delivery: str, commands: list[str], acks: bool, ignores: bool
) -> None:
    talk = Talk(make_bench(result_delivery=delivery))
    ran, ended, answered = [], [], []
    for number, command in enumerate(commands):
        frames = talk.add(number, command, flags=3 if ignores else 1)
        assert frames[0][0] == number
        answered += [frame_id for frame_id, _ in frames if frame_id != ASYNC]
        ran += [] if frames[0][1].startswith("A5") else [number]
        ended += results(frames, delivery)
        if acks:
            talk.v3(0xDF, bytes((0xC2, number)))
    while talk.line.session.next_deadline() is not None:
        ended += results(told(talk.waits(1.0)), "async")
    assert answered == list(range(len(commands)))
    assert sorted(ended) == ran
    assert acks or ignores or "FF" not in commands or len(ran) <= commands.index("FF") + 1
