"""What `kktsim state` tells of the OFD: of the way that is in use, and of no operator that is not."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.cli.output import state_table
from kktsim.control.actions import ACTIONS
from kktsim.device import ofd_slip
from kktsim.hands.bench import BenchHands
from kktsim.ofd.failures import Failure, Planned
from kktsim.ofd.hosts import OFD_NAME, Kind, Place
from tests.device.desk import Desk

MakeBench = Callable[..., Bench]
ELSEWHERE = Place(Kind.TCP, host="127.0.0.1", to_port=7799)


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """A till in trade whose two documents are sent."""
    bench = make_bench("shift-open")
    bench.run_due()
    return bench


def rows(bench: Bench) -> dict[str, str]:
    """The last words of the table, by their Russian titles."""
    told = state_table(ACTIONS["state"](BenchHands(bench), {}))
    lines = [[part for part in line.split("  ") if part] for line in told.splitlines()]
    return {line[0]: line[-1].strip() for line in lines}


def test_the_operator_inside_the_bench_is_told_when_it_is_called(bench: Bench) -> None:
    told = rows(bench)
    assert told["ОФД"] == "внутри стенда / inside the bench, доступен / up"
    assert told["Принято ОФД"] == "2"
    assert told["Последний обмен"] == "документ подтверждён / document confirmed"

    bench.network.server.failures.add(Planned(Failure.SILENCE))
    bench.ofd_down()
    assert rows(bench)["ОФД"] == "внутри стенда / inside the bench, недоступен / down, silence"


def test_of_an_operator_elsewhere_the_inner_one_tells_nothing(bench: Bench) -> None:
    bench.network.server.failures.add(Planned(Failure.SILENCE))
    bench.network.failures[bench.network.uplink].add(Planned(Failure.BLOCKED))
    bench.network.hosts.set(OFD_NAME, ELSEWHERE)
    told = rows(bench)
    assert told["ОФД"] == "127.0.0.1:7799, другой процесс / another process, blocked"
    assert told["Принято ОФД"] == "неизвестно / not known"

    bench.ofd_down()
    assert "недоступен / down" in rows(bench)["ОФД"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [(Kind.UNKNOWN, "имя не найдено / name unknown"), (Kind.UNREACHABLE, "узел недоступен / unreachable")],
)
def test_a_way_that_ends_nowhere_is_told_with_what_came_of_it(bench: Bench, kind: Kind, told: str) -> None:
    bench.network.hosts.set(OFD_NAME, Place(kind))
    assert rows(bench)["ОФД"] == told
    Desk(bench).sell()
    bench.run_due()
    assert rows(bench)["Последний обмен"] == told


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (ofd_slip.CHANNEL, bytes((ofd_slip.THROUGH_DRIVER,)), "через драйвер / through the driver"),
        (ofd_slip.CHANNEL, b"\4", "такого канала нет / no such channel"),
        (ofd_slip.HOST, bytes(64), "адрес не задан / no address is set"),
        (ofd_slip.PORT, b"\0\0", "адрес не задан / no address is set"),
    ],
)
def test_settings_that_lead_to_nobody_are_told(bench: Bench, field: int, value: bytes, told: str) -> None:
    bench.kkt.memory.tables = {**bench.kkt.memory.tables, (ofd_slip.OFD_TABLE, 1, field): value}
    assert rows(bench)["ОФД"] == told


def test_before_anything_was_sent_nothing_is_known_of_the_last_exchange(bench: Bench) -> None:
    bench.power_off()
    bench.power_on()
    bench.run_due()
    assert bench.state().ofd_last == ""
    assert rows(bench)["Последний обмен"] == "неизвестно / not known"


@pytest.mark.parametrize(
    ("network", "ofd", "fn", "told"),
    [
        (6, 0, 0, "timed_out"),
        (0, 1, 0, "no_answer"),
        (0, 11, 0, "not_recognised"),
        (0, 77, 0, "answer_77"),
        (0, 0, 0x20, "fn_error"),
    ],
)
def test_what_register_2b_has_is_told_in_words(bench: Bench, network: int, ofd: int, fn: int, told: str) -> None:
    errors = bench.kkt.volatile.exchange
    errors.network, errors.ofd, errors.fn = network, ofd, fn
    assert bench.state().ofd_last == told
    assert rows(bench)["Последний обмен"]
