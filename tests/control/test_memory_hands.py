"""Hands at the till's memory: in this process, over the control API, by the command line, by asking a person."""

import io
import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner

from kktsim.bench import Bench
from kktsim.cli.memory import memory as command
from kktsim.control.client import RefusedError
from kktsim.device.regions import DAMAGEABLE, Region
from kktsim.device.state import ClockRegion
from kktsim.hands.bench import BenchHands
from kktsim.hands.control import ControlHands
from kktsim.hands.person import BenchOnlyError, PersonHands

from .served import Served

AnyHands = BenchHands | ControlHands


@pytest.fixture(params=["in process", "over the API"])
def hands(request: pytest.FixtureRequest, bench: Bench) -> Iterator[AnyHands]:
    if request.param == "in process":
        yield BenchHands(bench)
        return
    served: Served = request.getfixturevalue("served")
    remote = ControlHands(served.url)
    yield remote
    remote.close()


def test_what_is_altered_is_used_at_once(hands: AnyHands, bench: Bench) -> None:
    hands.alter_memory("tables", "2/1/19", "FF")
    hands.alter_memory("totals", "cash_kopecks", "-5")
    memory = bench.kkt.memory
    hands.alter_memory("requisites", "1057", "01")
    assert memory.requisites[1057] == b"\x01"
    hands.alter_memory("requisites", "1057", None)
    assert memory.tables[2, 1, 19] == b"\xff"
    assert memory.totals.cash_kopecks == -5
    assert 1057 not in memory.requisites


def test_what_is_spoilt_is_lost_at_the_next_power_on(hands: AnyHands, bench: Bench) -> None:
    hands.alter_memory("passwords", "3/30/1", "00000031")
    hands.alter_memory("tables", "2/1/19", "05")
    hands.spoil_memory("passwords")
    assert (3, 30, 1) in bench.kkt.memory.tables
    hands.power_off()
    hands.power_on()
    assert bench.kkt.memory.tables == {(2, 1, 19): b"\x05"}


def test_a_flat_battery_loses_the_time(hands: AnyHands, bench: Bench) -> None:
    hands.power_off()
    hands.lose_memory()
    hands.power_on()
    assert bench.kkt.memory.clock_region is ClockRegion.NEEDS_DATE
    assert bench.kkt.memory.board.has_serial_number


def test_what_there_is_not_is_told_with_what_there_is(served: Served, bench: Bench) -> None:
    far = ControlHands(served.url)
    with closing(far):
        with pytest.raises(RefusedError) as refused:
            far.spoil_memory("mechanism")
        assert all(region in str(refused.value) for region in DAMAGEABLE)
        with pytest.raises(RefusedError, match="`kktsim memory show totals` tells what is there"):
            far.alter_memory("totals", "colour", "1")
    with pytest.raises(ValueError, match="coffee"):
        BenchHands(bench).spoil_memory("coffee")


def run(served: Served, *words: str) -> str:
    result = CliRunner().invoke(command, [*words, "--control", served.url])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_the_command_line_shows_and_alters_field_by_field(served: Served, bench: Bench) -> None:
    told = run(served, "show")
    assert [line for line in told.splitlines() if not line.startswith(" ")] == list(DAMAGEABLE)
    run(served, "alter", "tables", "2/1/19", "12")
    assert run(served, "show", "tables").splitlines()[:2] == ["tables", "  2/1/19 = 12"]
    run(served, "alter", "tables", "2/1/19")
    assert "2/1/19" not in run(served, "show", "tables")
    number = bench.kkt.memory.mirror.document_number
    assert json.loads(run(served, "show", "mirror", "--json"))["regions"]["mirror"]["document_number"] == number


def test_the_command_line_shows_what_is_lost_for_good(served: Served, bench: Bench) -> None:
    run(served, "lose")
    bench.cut_cable()
    bench.power_off()
    bench.power_on()
    lost = [line.removesuffix(" (lost)") for line in run(served, "show").splitlines() if line.endswith(" (lost)")]
    assert sorted(lost) == bench.memory.bad() == [Region.MIRROR, Region.REQUISITES, Region.TOTALS]


def test_the_command_line_tells_what_it_cannot_do(served: Served) -> None:
    result = CliRunner().invoke(command, ["alter", "totals", "cash_kopecks", "much", "--control", served.url])
    assert result.exit_code == 2
    assert '"much" is no value of cash_kopecks in totals' in result.stderr


@pytest.mark.parametrize("value", ["XYZ", "F"])
def test_what_is_no_hex_is_told_in_our_words(served: Served, bench: Bench, value: str) -> None:
    result = CliRunner().invoke(command, ["alter", "tables", "2/1/19", value, "--control", served.url])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"'{value}' is no hex, which has two digits for a byte, as 'FF 00'" in result.stderr
    assert "fromhex" not in result.stderr


class Terminal(io.StringIO):
    """Somebody presses Enter."""

    def isatty(self) -> bool:
        return True


def test_a_person_takes_the_battery_out_and_changes_no_byte() -> None:
    screen = io.StringIO()
    hands = PersonHands(Terminal("\n"), screen)
    hands.lose_memory()
    assert "извлеките батарею питания памяти" in screen.getvalue()
    with pytest.raises(BenchOnlyError):
        hands.spoil_memory("totals")
    with pytest.raises(BenchOnlyError):
        hands.alter_memory("totals", "cash_kopecks", "0")
