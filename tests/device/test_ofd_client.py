"""When the till tries to reach the OFD again."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode

from .desk import Desk


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
