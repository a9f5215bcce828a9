"""Which link a till speaks that was told by table 2 field 85, and which one until then."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol import link_v3

from .talk import ASYNC, Talk

MakeBench = Callable[..., Bench]
ABORT, ABORTED = link_v3.encode(1, b"\xc4"), link_v3.encode(1, b"\xa3")
ENQ, ACK = b"\x05", b"\x06"
PROTOCOLS = {"00": (True, False), "02": (False, True)}
"""Value of the field: whether v2 is spoken then, and v3."""
by_value = pytest.mark.parametrize(("value", "spoken"), PROTOCOLS.items())


def told_to_speak(bench: Bench, value: str) -> Bench:
    """A till in whose table the link has been written, and nothing else done."""
    till = Talk(bench)
    till.does("48")
    assert till.does("56 04 00 00 00 30") == till.does(f"50 02 00 01 55 {value}") == "55 00 00"
    return bench


def speaks(talk: Talk) -> tuple[bool, bool]:
    """Whether it speaks v2, and v3."""
    v2, v3 = talk.says(ENQ), talk.says(ABORT)
    assert (v2, v3) in {(ACK, ABORTED), (ACK, b""), (b"", ABORTED)}
    talk.line.dropped()
    return v2 == ACK, v3 == ABORTED


def test_a_fresh_till_speaks_what_its_host_speaks(make_bench: MakeBench) -> None:
    bench = make_bench("factory")
    assert speaks(Talk(bench)) == (True, True)
    bench.power_off()
    bench.power_on()
    assert speaks(Talk(bench)) == (True, True)


def test_a_till_that_goes_by_its_table_speaks_v3_from_the_beginning(make_bench: MakeBench) -> None:
    assert speaks(Talk(make_bench("factory", link_choice="by-table"))) == (False, True)


@pytest.mark.parametrize("choice", ["by-host", "by-table"])
@by_value
def test_what_was_written_takes_effect_when_the_power_comes_back(
    make_bench: MakeBench, choice: str, value: str, spoken: tuple[bool, bool]
) -> None:
    bench = told_to_speak(make_bench(link_choice=choice), value)
    before = speaks(Talk(bench))
    assert before == ((True, True) if choice == "by-host" else (False, True))
    bench.power_off()
    bench.power_on()
    assert speaks(Talk(bench)) == spoken
    assert speaks(Talk(bench.fork())) == spoken


@by_value
def test_a_restart_by_command_is_enough_and_holds_for_ports_that_are_open(
    make_bench: MakeBench, value: str, spoken: tuple[bool, bool]
) -> None:
    bench = told_to_speak(make_bench(), value)
    open_before = Talk(bench)
    assert open_before.add(1, "CE 41") == [(1, "A2"), (ASYNC, "A6 01 55 00 00")]
    bench.clock.wait(bench.kkt.settings.reboot_seconds)
    assert speaks(open_before) == spoken


@by_value
def test_a_network_port_speaks_v3_whatever_the_table_says(
    make_bench: MakeBench, value: str, spoken: tuple[bool, bool]
) -> None:
    bench = told_to_speak(make_bench(), value)
    assert speaks(Talk(bench, is_network=True)) == (False, True)
    bench.power_off()
    bench.power_on()
    assert speaks(Talk(bench, is_network=True)) == (False, True)


def test_bytes_of_the_link_that_is_not_spoken_are_junk(make_bench: MakeBench) -> None:
    bench = told_to_speak(make_bench(), "00")
    bench.power_off()
    bench.power_on()
    talk = Talk(bench)
    assert talk.says(ABORT) == b""
    assert not talk.line.session.spoke
    assert talk.says(ENQ) == ACK
    assert talk.says(b"\xfe\xfe") == b""
    assert talk.v2("45") == "55 00 00"
