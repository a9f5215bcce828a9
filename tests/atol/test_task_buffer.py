"""The task buffer as a table: what each command gets in each state of a task, and what errors do to the others."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.atol.task_buffer import CAPACITY, LAST_TASK_ID, State, TaskBuffer

OTHER, ONE, TWO = 0x10, 0x11, 0x12
ANSWER, REFUSAL = b"\x55\x00\x00", b"\x55\x9b\x00"
MESSAGE = b"\x00\x00\x45"


def add(number: int, flags: int = 1, message: bytes = MESSAGE) -> bytes:
    return bytes((0xC1, flags, number)) + message


def ack(number: int) -> bytes:
    return bytes((0xC2, number))


def request(number: int) -> bytes:
    return bytes((0xC3, number))


ABORT = b"\xc4"


def finish(buffer: TaskBuffer, failed: bool = False) -> bytes:
    """End the task at the head."""
    return buffer.finish(REFUSAL if failed else ANSWER, failed)


def absent() -> TaskBuffer:
    return TaskBuffer()


def pending() -> TaskBuffer:
    buffer = TaskBuffer()
    assert [buffer.receive(add(number)) for number in (OTHER, ONE)] == [b"\xa2", b"\xa1"]
    return buffer


def in_progress() -> TaskBuffer:
    buffer = TaskBuffer()
    buffer.receive(add(ONE))
    return buffer


def done() -> TaskBuffer:
    buffer = in_progress()
    assert finish(buffer) == bytes((0xA6, ONE)) + ANSWER
    return buffer


def failed() -> TaskBuffer:
    buffer = in_progress()
    assert finish(buffer, failed=True) == bytes((0xA7, ONE)) + REFUSAL
    return buffer


def stopped() -> TaskBuffer:
    buffer = pending()
    finish(buffer, failed=True)
    return buffer


def stream() -> TaskBuffer:
    buffer = TaskBuffer()
    buffer.receive(add(ONE, 5, b""))
    return buffer


Start = Callable[[], TaskBuffer]
TABLE: dict[Start, tuple[str, str, str]] = {  # answers to Add, Ack and Req of the task ONE
    absent: ("A2", "B3", "B3"),
    pending: ("B2", "A1", "A1"),
    in_progress: ("B2", "A2", "A2"),
    done: ("B2", "A3", "A3 55 00 00"),
    failed: ("B2", "A4", "A4 55 9B 00"),
    stopped: ("B2", "A5", "A5 10"),
    stream: ("B2", "A8", "A8"),
}
STAYS_AFTER_ACK = (pending, in_progress, stream)


@pytest.mark.parametrize("start", TABLE)
def test_each_command_is_answered_by_the_state_of_the_task(start: Start) -> None:
    commands = (add(ONE), ack(ONE), request(ONE))
    assert tuple(start().receive(command).hex(" ").upper() for command in commands) == TABLE[start]


@pytest.mark.parametrize("start", TABLE)
def test_ack_removes_what_is_done_and_nothing_else(start: Start) -> None:
    buffer = start()
    before = buffer.receive(request(ONE))
    buffer.receive(ack(ONE))
    expected = before if start in STAYS_AFTER_ACK else b"\xb3"
    assert buffer.receive(request(ONE)) == expected


@pytest.mark.parametrize("start", TABLE)
def test_abort_drops_everything_whatever_the_state(start: Start) -> None:
    buffer = start()
    assert buffer.receive(ABORT) == b"\xa3"
    assert buffer.todo == []
    assert [buffer.receive(request(number)) for number in (OTHER, ONE)] == [b"\xb3", b"\xb3"]
    assert buffer.receive(add(ONE)) == b"\xa2"


ADDED: dict[str, tuple[int, int, bytes]] = {  # flags, task id, message
    "a new task": (1, TWO, MESSAGE),
    "the task that was acknowledged": (1, ONE, MESSAGE),
    "a task that is there": (1, OTHER, MESSAGE),
    "a stream": (5, TWO, b""),
    "illegal flags": (8, TWO, MESSAGE),
    "an illegal id": (1, 0xE0, MESSAGE),
}


@pytest.mark.parametrize(("flags", "number", "message"), ADDED.values(), ids=ADDED)
@pytest.mark.parametrize("acknowledged", [ONE, OTHER, 0xFF])
@pytest.mark.parametrize("start", TABLE)
def test_ack_and_add_in_one_is_ack_and_then_add(
    start: Start, acknowledged: int, flags: int, number: int, message: bytes
) -> None:
    together, apart = start(), start()
    answer = apart.receive(ack(acknowledged)) + apart.receive(add(number, flags, message))
    assert together.receive(bytes((0xC5, acknowledged, flags, number)) + message) == answer
    for one in (ONE, OTHER, TWO):
        assert together.receive(request(one)) == apart.receive(request(one))
    assert [task.id for task in together.todo] == [task.id for task in apart.todo]


def test_the_next_task_runs_when_the_one_before_is_done_and_it_has_begun() -> None:
    buffer = pending()
    finish(buffer)
    assert [task.id for task in buffer.todo] == [ONE]
    assert buffer.receive(request(ONE)) == b"\xa1"
    buffer.begin()
    assert buffer.receive(request(ONE)) == b"\xa2"
    assert finish(buffer) == bytes((0xA6, ONE)) + ANSWER


def test_an_error_stops_what_waits_and_what_comes_later_until_it_is_acknowledged() -> None:
    buffer = stopped()
    assert buffer.todo == []
    assert buffer.receive(add(TWO)) == bytes((0xA5, OTHER))
    assert buffer.receive(request(TWO)) == bytes((0xA5, OTHER))
    assert buffer.receive(ack(OTHER)) == b"\xa4"
    assert buffer.receive(request(TWO)) == b"\xa5"
    assert buffer.receive(add(0x20)) == b"\xa2"


def test_an_error_to_be_ignored_stops_nothing() -> None:
    buffer = TaskBuffer()
    buffer.receive(add(ONE, 3))
    buffer.receive(add(TWO))
    assert finish(buffer, failed=True) == bytes((0xA7, ONE)) + REFUSAL
    assert [task.id for task in buffer.todo] == [TWO]
    assert buffer.receive(add(OTHER)) == b"\xa1"


def test_without_need_of_a_result_success_is_silent_and_forgotten() -> None:
    buffer = TaskBuffer()
    assert buffer.receive(add(ONE, 0)) == b"\xa2"
    assert finish(buffer) == b""
    assert buffer.receive(request(ONE)) == b"\xb3"
    assert buffer.receive(add(ONE, 0)) == b"\xa2"


def test_without_need_of_a_result_an_error_is_told_all_the_same_and_stops() -> None:
    buffer = TaskBuffer()
    buffer.receive(add(ONE, 0))
    assert finish(buffer, failed=True) == bytes((0xA7, ONE)) + REFUSAL
    assert buffer.receive(add(TWO)) == bytes((0xA5, ONE))


@pytest.mark.parametrize("message", [b"", b"\x00\x00"], ids=["as a terminal adds it", "as ATOL's driver does"])
@pytest.mark.parametrize("flags", [4, 5, 6, 7])
def test_a_stream_waits_beside_the_tasks_even_in_a_stopped_buffer(flags: int, message: bytes) -> None:
    buffer = failed()
    assert buffer.receive(add(0xDE, flags, message)) == b"\xa8"
    buffer.receive(ack(ONE))
    assert buffer.receive(add(TWO)) == b"\xa2"
    assert buffer.receive(request(0xDE)) == b"\xa8"


@pytest.mark.parametrize(("flags", "message"), [(1, b""), (1, b"\x00\x00"), (5, MESSAGE)])
def test_what_waits_for_nothing_or_has_a_command_is_a_task_like_others(flags: int, message: bytes) -> None:
    buffer = TaskBuffer()
    assert buffer.receive(add(ONE, flags, message)) == b"\xa2"
    assert finish(buffer) == bytes((0xA6, ONE)) + ANSWER


@pytest.mark.parametrize("number", [0, 0xDC, 0xDD, 0xDE, 0xDF])
def test_ids_up_to_df_are_those_of_ordinary_tasks(number: int) -> None:
    buffer = TaskBuffer()
    assert buffer.receive(add(number)) == b"\xa2"
    assert finish(buffer) == bytes((0xA6, number)) + ANSWER
    assert buffer.receive(ack(number)) == b"\xa3"


def test_a_task_that_cannot_run_at_once_is_pending_though_it_is_the_only_one() -> None:
    buffer = TaskBuffer()
    asked = []

    def must_wait(message: bytes) -> bool:
        asked.append(message)
        return True

    assert buffer.receive(add(ONE), must_wait) == b"\xa1"
    assert buffer.receive(request(ONE)) == b"\xa1"
    assert buffer.receive(add(TWO), must_wait) == b"\xa1"
    assert asked == [MESSAGE]
    assert [task.id for task in buffer.todo] == [ONE, TWO]


ILLEGAL = {
    "flags above 7": ("C1 08 11 00 00 45", "B4 00"),
    "a task id above DF": ("C1 01 E0 00 00 45", "B4 01"),
    "both": ("C1 FF FF", "B4 00"),
    "flags above 7 in ack and add": ("C5 11 08 12 00 00 45", "B3 B4 00"),
    "a task id above DF in ack and add": ("C5 11 01 E0 00 00 45", "B3 B4 01"),
    "no task id": ("C1 01", "B4 00"),
    "ack of nothing": ("C2", "B4 00"),
    "ack of two": ("C2 11 12", "B4 00"),
    "ack and add without a task": ("C5 11 01", "B4 00"),
    "abort with something": ("C4 00", "B4 00"),
    "no buffer command": ("55 00 00", "B4 00"),
}


@pytest.mark.parametrize(("data", "answer"), ILLEGAL.values(), ids=ILLEGAL)
def test_an_illegal_value_is_told_and_changes_nothing(data: str, answer: str) -> None:
    buffer = TaskBuffer()
    assert buffer.receive(bytes.fromhex(data)).hex(" ").upper() == answer
    assert buffer.todo == []


def test_an_ack_of_no_task_at_all_is_not_found_or_a_client_would_ack_for_ever() -> None:
    assert done().receive(ack(0xFF)) == b"\xb3"


def test_a_client_that_never_acknowledges_is_served_for_ever() -> None:
    buffer = TaskBuffer()
    for count in range(3 * (LAST_TASK_ID + 1)):
        number = count % (LAST_TASK_ID + 1)
        assert buffer.receive(add(number)) == b"\xa2"
        assert finish(buffer) == bytes((0xA6, number)) + ANSWER


def test_results_are_kept_until_there_is_no_room() -> None:
    buffer = TaskBuffer()
    for number in range(CAPACITY + 1):
        buffer.receive(add(number))
        finish(buffer)
    assert buffer.receive(request(0)) == b"\xb3"
    assert [buffer.receive(request(number))[0] for number in range(1, CAPACITY + 1)] == [State.RESULT] * CAPACITY


def test_errors_that_stopped_nothing_are_dropped_for_room_as_results_are() -> None:
    buffer = TaskBuffer()
    buffer.receive(add(0xDE, 5, b""))
    for count in range(3 * CAPACITY):
        number = count % 0xDC
        assert buffer.receive(add(number, 3)) == b"\xa2"
        assert finish(buffer, failed=True) == bytes((0xA7, number)) + REFUSAL
    assert buffer.receive(request(0xDE)) == b"\xa8", "a stream is not done"


def test_tasks_that_still_wait_are_never_dropped_for_room() -> None:
    buffer = TaskBuffer()
    for number in range(CAPACITY):
        buffer.receive(add(number))
    assert buffer.receive(add(CAPACITY)) == b"\xb1"
    finish(buffer)
    assert buffer.receive(add(CAPACITY)) == b"\xa1"


def test_the_task_that_stopped_the_buffer_can_always_be_acknowledged() -> None:
    buffer = failed()
    for number in range(0x20, 0x20 + 2 * CAPACITY):
        assert buffer.receive(add(number)) == bytes((0xA5, ONE))
    assert buffer.receive(ack(ONE)) == b"\xa4"
    assert buffer.receive(add(ONE)) == b"\xa2"


@given(st.lists(st.tuples(st.sampled_from((0xC1, 0xC2, 0xC3, 0xC4, 0xC5)), st.binary(max_size=6)), max_size=60))
def test_whatever_comes_every_frame_is_answered_and_no_more_than_the_head_runs(
    frames: list[tuple[int, bytes]],
) -> None:
    buffer = TaskBuffer()
    for number, (command, rest) in enumerate(frames):
        answer = buffer.receive(bytes((command,)) + rest, must_wait=lambda message: message == b"")
        assert answer and (answer[0] in set(State) or 0xB1 <= answer[0] <= 0xB4)
        running = [task for task in range(LAST_TASK_ID + 1) if buffer.receive(request(task)) == b"\xa2"]
        assert running in ([], [task.id for task in buffer.todo[:1]])
        if buffer.todo and number % 3 == 0:
            finish(buffer, failed=number % 2 == 1)
