"""Every recorded dialogue of a real driver goes with our till as it went, in process and over real ports."""

from collections.abc import Iterator

import pytest

from kktsim.host.loop_wire import LoopWire
from kktsim.replay import script
from kktsim.replay.telling import report_lines
from kktsim.testing.presets import open_till
from kktsim.testing.theatre import PtyTheatre

from .stage import NAMES, Served, bench_for, replayed, trace

by_name = pytest.mark.parametrize("name", NAMES)
OVER_V3 = [name for name in NAMES if script(trace(name)).link == "v3"]
FEW = ["atol-open-shift", "atol-error-9B-on-92", "atol-error-D2-on-4A"]
SWITCHES_OFF = frozenset(name for name in NAMES if any(entry.hands == "power off" for entry in trace(name).entries))


class InPieces(LoopWire):
    """Carries one byte at a time to the till."""

    def write(self, data: bytes) -> None:
        for byte in data:
            super().write(bytes((byte,)))


@by_name
def test_the_driver_gets_what_it_needs(name: str) -> None:
    report = replayed(trace(name), bench_for(trace(name).header))
    assert not report.differences, "\n".join(report_lines(report))
    assert report.answers


@by_name
def test_the_driver_gets_what_it_needs_when_its_bytes_come_one_by_one(name: str) -> None:
    bench = bench_for(trace(name).header)
    report = replayed(trace(name), bench, InPieces(bench.open_line(), bench.clock))
    assert not report.differences, "\n".join(report_lines(report))


@pytest.mark.parametrize("name", OVER_V3)
def test_results_may_be_direct_as_well(name: str) -> None:
    report = replayed(trace(name), bench_for(trace(name).header, result_delivery="direct"))
    assert not report.differences, "\n".join(report_lines(report))


@pytest.mark.parametrize("name", sorted(set(NAMES) - SWITCHES_OFF))
def test_the_till_serves_the_next_host_after_the_driver(name: str) -> None:
    bench = bench_for(trace(name).header)
    wire = LoopWire(bench.open_line(), bench.clock)
    replayed(trace(name), bench, wire)
    wire.close()
    assert open_till(bench, script(trace(name)).link).send(b"\x45")[:1] == b"\x55"


@pytest.fixture(scope="module")
def theatre() -> Iterator[PtyTheatre]:
    theatre = PtyTheatre()
    yield theatre
    theatre.close()


def over_real_ports(theatre: PtyTheatre, kind: str, names: list[str]) -> str:
    """What is different, in words."""
    reports = theatre.map(lambda name: Served(theatre, bench_for(trace(name).header), kind).replay(trace(name)), names)
    return "\n".join(
        f"{name}: {line}"
        for name, report in zip(names, reports, strict=True)
        if report.differences
        for line in report_lines(report)
    )


def test_the_drivers_get_what_they_need_over_a_pty(theatre: PtyTheatre) -> None:
    assert over_real_ports(theatre, "pty", NAMES) == ""


def test_the_drivers_get_what_they_need_over_tcp_which_knows_no_v2(theatre: PtyTheatre) -> None:
    assert over_real_ports(theatre, "tcp", OVER_V3) == ""


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")  # pyserial's own
def test_the_drivers_get_what_they_need_over_rfc_2217(theatre: PtyTheatre) -> None:
    assert over_real_ports(theatre, "rfc2217", FEW) == ""


def test_all_dialogues_are_here() -> None:
    assert len([name for name in NAMES if name.startswith("atol-")]) == 30
    assert len([name for name in NAMES if name.startswith("v2-")]) == 14


@pytest.mark.parametrize("name", ["atol-sale", "atol-z-report", "v2-z-report"])
def test_a_till_in_another_state_is_different(name: str) -> None:
    header = trace(name).header
    closed = bench_for(type(header)(header.model, "registered", header.at))
    assert replayed(trace(name), closed).differences
