"""When the till tries to reach the OFD again."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.cable import FnEnd
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E
from protocol.fn.commands import FnCommand
from protocol.fn.frame import build_answer, parse_request

from .desk import Desk
from .power_cuts import answer_is_lost


class Odd:
    """An FN that answers one command with data that is none of it."""

    def __init__(self, fn: FnEnd, command: FnCommand, data: bytes) -> None:
        self._fn = fn
        self._command = command
        self._data = data

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        if len(frame) > 1 and parse_request(frame)[0] == self._command:
            return build_answer(0, self._data)
        return self._fn.exchange(frame, world)

    def copy(self) -> "Odd":
        return Odd(self._fn.copy(), self._command, self._data)


@pytest.mark.parametrize(
    ("command", "data"),
    [
        (FnCommand.STATUS, b""),
        (FnCommand.STATUS, b"\x05" + bytes(29)),
        (FnCommand.STATUS, b"\x03" + bytes(4) + b"\xff" * 5 + bytes(20)),
        (FnCommand.EXCHANGE_STATUS, bytes(12)),
        (FnCommand.BEGIN_MESSAGE, b"\x01"),
        (FnCommand.NUMBER, b"\xff" * 16),
        (FnCommand.NUMBER, b"9999"),
    ],
)
def test_an_fn_that_answers_nonsense_is_an_fn_error_and_is_asked_again_after_the_pause(
    make_bench: Callable[..., Bench], command: FnCommand, data: bytes
) -> None:
    desk = Desk(make_bench("shift-open"))
    bench, line = desk.bench, desk.bench.open_line()
    bench.run_due()
    sent = len(bench.network.server.store)
    desk.sell()
    fn = bench.cable.fn
    assert fn is not None
    bench.cable.fn = Odd(fn, command, data)
    bench.client.wake(bench.world)
    line.tick()
    errors = bench.kkt.volatile.exchange
    assert (errors.fn, errors.fn_command) == (E.FN_BAD_FORMAT, command)
    assert bench.client.next_attempt == bench.world + 30
    assert len(bench.network.server.store) == sent
    bench.cable.fn = fn
    bench.advance(30)
    assert len(bench.network.server.store) == sent + 1
    assert bench.client.next_attempt is None


@pytest.mark.parametrize(("written", "seconds"), [(None, 30), (5, 5), (120, 120)])
def test_the_pause_after_a_failure_is_field_13_of_table_19(
    make_bench: Callable[..., Bench], written: int | None, seconds: int
) -> None:
    desk = Desk(make_bench("shift-open"))
    bench = desk.bench
    bench.ofd_down()
    if written is not None:
        desk.enter(Mode.PROGRAMMING)
        desk.does(f"50 13 00 01 0D {written:02X}")
        desk.enter(Mode.REGISTRATION)
    desk.sell()
    bench.run_due()
    assert bench.client.next_attempt == bench.world + seconds
    attempts = bench.client.attempts
    bench.advance(10 * seconds)
    assert bench.client.attempts - attempts == 10


def test_a_document_that_was_made_unheard_is_sent_behind_the_pause(make_bench: Callable[..., Bench]) -> None:
    desk = Desk(make_bench("shift-open"))
    bench = desk.bench
    bench.run_due()
    assert bench.fn is not None
    desk.open_receipt(10_000)
    assert answer_is_lost(desk, "4A 00 01 00 00 00 00 00") == E.FN_NO_ANSWER
    assert (bench.fn.archive.unsent_count(), bench.fn.state.document_number) == (1, 3)
    bench.advance(29)
    assert bench.fn.archive.unsent_count() == 1
    bench.advance(1)
    assert (bench.fn.archive.unsent_count(), bench.kkt.memory.mirror.document_number) == (0, 2)
    desk.does("4A 00 01 00 00 00 00 00")
    assert desk.register(0x34)["document_number"] == 3
