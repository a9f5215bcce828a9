"""Hands at the network of a till and at its operator: on a bench, over its API, and at an operator served alone."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from kktsim.bench import Bench
from kktsim.control.actions import ACTIONS
from kktsim.control.client import RefusedError
from kktsim.control.ofd_actions import DOCUMENTS_AT_ONCE, OPERATOR_ACTIONS, pages
from kktsim.hands.bench import BenchHands
from kktsim.hands.control import ControlHands
from kktsim.hands.error import HandsError
from kktsim.hands.ofd_server import OfdServerHands
from kktsim.ofd.failures import NETWORK_FAILURES, SERVER_FAILURES, Failure
from kktsim.ofd.hosts import OFD_NAME, place_of
from kktsim.ofd.network import Uplink
from kktsim.ofd.server import OfdServer
from tests.device.desk import Desk

from .api import Api
from .served import Served

AnyHands = BenchHands | ControlHands
REFUSED = (HandsError, RefusedError)


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A till in trade; its operator has the two documents that it has made."""
    bench = make_bench("shift-open")
    bench.run_due()
    return bench


@pytest.fixture(params=["in process", "over the API"])
def hands(request: pytest.FixtureRequest, bench: Bench) -> Iterator[AnyHands]:
    if request.param == "in process":
        yield BenchHands(bench)
        return
    served: Served = request.getfixturevalue("served")
    remote = ControlHands(served.url)
    yield remote
    remote.close()


@pytest.fixture
def api(bench: Bench) -> Api:
    return Api(ACTIONS, BenchHands(bench))


@pytest.fixture
def alone(bench: Bench) -> Api:
    """An operator that is served alone, with the documents of a till."""
    return Api(OPERATOR_ACTIONS, OfdServerHands(bench.network.server))


# ---- what is wrong with the way


@pytest.mark.parametrize("failure", sorted(NETWORK_FAILURES))
def test_a_failure_of_the_way_is_on_the_way_in_use(hands: AnyHands, bench: Bench, failure: Failure) -> None:
    hands.use_uplink("sim")
    hands.ofd_fault(failure, times=3)

    plans = bench.network.failures
    assert [(one.failure, one.times) for one in plans[Uplink.SIM].entries()] == [(failure, 3)]
    assert plans[Uplink.WIFI].entries() == bench.network.server.failures.entries() == []


def test_a_terminal_without_internet_has_it_by_the_other_way(hands: AnyHands, bench: Bench) -> None:
    assert hands.has_internet()
    hands.ofd_fault("no_internet", times=None)
    assert not hands.has_internet()
    Desk(bench).sell()
    bench.run_due()
    assert hands.unsent_documents() == 1

    hands.use_uplink("sim")
    assert hands.has_internet()
    hands.try_ofd()
    assert hands.unsent_documents() == 0


def test_a_way_that_is_not_there_is_refused(hands: AnyHands) -> None:
    with pytest.raises((ValueError, RefusedError), match="pigeon"):
        hands.use_uplink("pigeon")


# ---- what is wrong with the operator


@pytest.mark.parametrize("failure", sorted(SERVER_FAILURES))
def test_a_failure_of_the_operator_is_planned_with_its_scope(hands: AnyHands, bench: Bench, failure: Failure) -> None:
    hands.ofd_fault(failure, None, 7, 30, 5, 90.0, "9999078900000001")

    (planned,) = bench.network.server.failures.entries()
    assert (planned.failure, planned.times, planned.from_document, planned.percent) == (failure, None, 7, 30)
    assert (planned.seed, planned.seconds, planned.fn_number) == (5, 90.0, "9999078900000001")


def test_a_failure_strikes_once_unless_told(hands: AnyHands, bench: Bench) -> None:
    hands.ofd_fault("lost_ack")
    Desk(bench).sell()
    bench.run_due()
    assert (hands.unsent_documents(), hands.ofd_documents()) == (1, [1, 2, 3])

    hands.try_ofd()
    assert (hands.unsent_documents(), hands.ofd_documents()) == (0, [1, 2, 3])
    assert bench.network.server.failures.entries() == []


def test_what_cannot_be_is_no_failure(hands: AnyHands, bench: Bench) -> None:
    with pytest.raises((ValueError, RefusedError), match="tired"):
        hands.ofd_fault("tired")
    with pytest.raises((ValueError, RefusedError), match="86400 seconds"):
        hands.ofd_fault("slow", seconds=86_401)
    with pytest.raises((ValueError, RefusedError), match="tired"):
        hands.ofd_clear("tired")
    assert bench.network.server.failures.entries() == []


def test_failures_are_ended_by_kind_or_all_at_once(hands: AnyHands, bench: Bench) -> None:
    for failure in ("silence", "tariff", "blocked"):
        hands.ofd_fault(failure, times=None)
    hands.use_uplink("sim")
    hands.ofd_fault("blocked")
    hands.ofd_down()

    hands.ofd_clear("blocked")
    assert [one.entries() for one in bench.network.failures.values()] == [[], []]
    assert [one.failure for one in bench.network.server.failures.entries()] == [Failure.SILENCE, Failure.TARIFF]
    assert not bench.network.server_is_up

    hands.ofd_clear()
    assert (bench.network.server.failures.entries(), bench.network.server_is_up) == ([], True)


def test_an_operator_that_is_down_refuses_until_that_is_cleared(api: Api, bench: Bench) -> None:
    api.do("/ofd/down")
    (told,) = api.see("/ofd/faults")["failures"]
    assert (told["failure"], told["where"], told["times_left"]) == ("refused", "operator", None)

    api.do("/ofd/clear", failure="refused")
    assert api.see("/ofd/faults") == {"failures": []}
    assert bench.network.server_is_up


def test_the_operator_of_another_process_is_asked_there(hands: AnyHands, bench: Bench) -> None:
    hands.ofd_host(OFD_NAME, "127.0.0.1:7001")

    with pytest.raises(REFUSED, match=r"at 127\.0\.0\.1:7001: ask that one, with `kktsim ofd fault silence --control"):
        hands.ofd_fault("silence")
    hands.ofd_fault("blocked")
    assert bench.network.failures[Uplink.WIFI].has(Failure.BLOCKED)


# ---- names


def test_a_host_leads_elsewhere_until_it_is_forgotten(hands: AnyHands, bench: Bench) -> None:
    hands.ofd_host("connect.ofd-example.ru:21101", "inner")
    hands.ofd_host(OFD_NAME, "unknown")

    assert bench.network.hosts.places == {
        OFD_NAME: place_of("unknown"),
        "connect.ofd-example.ru": place_of("inner", 21101),
    }
    hands.forget_host("connect.ofd-example.ru")
    assert list(bench.network.hosts.places) == [OFD_NAME]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("10.0.0.1:7777", "serve --allow-host 10.0.0.1:7777"),
        ("ofd.example.org:7777", "is not this machine"),
        ("127.0.0.1", "tells no port"),
        ("127.0.0.1:0", "is no port"),
    ],
)
def test_a_place_that_is_not_this_machine_is_refused(hands: AnyHands, bench: Bench, place: str, told: str) -> None:
    with pytest.raises((ValueError, RefusedError), match=told):
        hands.ofd_host(OFD_NAME, place)
    assert bench.network.hosts.places == {OFD_NAME: place_of("inner")}


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("of\0d", "inner"),
        ("ofd.example:٣", "inner"),
        ("ofd.example:" + "9" * 5000, "inner"),
        (OFD_NAME, "[::1"),
        (OFD_NAME, "10.0.0.1:7777"),
    ],
)
def test_a_host_or_a_place_that_is_none_is_a_wrong_argument(api: Api, bench: Bench, host: str, place: str) -> None:
    status, sentence = api.refusal("/ofd/host", host=host, place=place)

    assert (status, sentence.count("\n")) == (400, 0)
    assert bench.network.hosts.places == {OFD_NAME: place_of("inner")}


def test_a_place_is_shown_as_it_can_be_typed(hands: AnyHands, bench: Bench) -> None:
    hands.ofd_host(OFD_NAME, "[::1]:7001")

    assert BenchHands(bench).hosts() == [{"host": OFD_NAME, "port": 7777, "place": "[::1]:7001"}]
    with pytest.raises(REFUSED, match=r"at \[::1\]:7001: ask that one"):
        hands.ofd_fault("silence")


def test_a_host_that_is_not_there_cannot_be_forgotten(hands: AnyHands) -> None:
    with pytest.raises(REFUSED, match=f"there is no host a.example in the table: it has {OFD_NAME}"):
        hands.forget_host("a.example")


# ---- what the operator has


def test_the_documents_of_the_fn_in_the_till_are_listed(hands: AnyHands) -> None:
    assert hands.ofd_documents() == [1, 2]
    hands.swap_fn()
    assert hands.ofd_documents() == []
    hands.unplug_fn()
    assert hands.ofd_documents() == []


def test_a_document_is_told_whole_with_its_confirmation(api: Api, bench: Bench) -> None:
    assert bench.fn is not None
    (version,) = api.see(f"/ofd/documents?document=2&fn={bench.fn.number}")["versions"]

    (stored,) = bench.network.server.store.versions(bench.fn.number, 2)
    assert version["container"] == stored.container.hex().upper()
    assert version["confirmation"]["container"] == stored.confirmation.hex().upper()


def test_a_document_that_the_operator_does_not_have_is_told(api: Api) -> None:
    status, told = api.ask("GET", "/ofd/documents?document=9")
    assert (status, told["error"]) == (400, "the operator has no document 9: `ofd documents` lists what it has")


class Pages:
    """A list of (number, version), told in pages as an operator tells them."""

    def __init__(self, rows: list[tuple[int, int]]) -> None:
        self._rows = rows

    def __call__(self, fn: str, since: int, count: int) -> dict[str, Any]:
        rows = [one for one in self._rows if one[0] >= since][:count]
        return {
            "tills": [{"fn_number": fn}] if rows else [],
            "documents": [{"number": number, "version": version} for number, version in rows],
            "text": ["head", *(f"line {number}" for number, _ in rows)] if rows else [],
        }


def test_versions_at_the_end_of_a_page_are_not_lost() -> None:
    first = [(number, 1) for number in range(1, DOCUMENTS_AT_ONCE)]
    rows = [*first, (DOCUMENTS_AT_ONCE, 1), (DOCUMENTS_AT_ONCE, 2), (DOCUMENTS_AT_ONCE + 5, 1)]

    found = list(pages(Pages(rows), "9999078900000001"))

    assert [(row["number"], row["version"]) for row in found] == rows
    assert found[-1]["text"] == f"line {DOCUMENTS_AT_ONCE + 5}"


# ---- an operator that is served alone


def test_an_operator_alone_has_the_actions_that_are_its_own(alone: Api) -> None:
    listed = [one["name"] for one in alone.see("/")["actions"]]

    assert listed == list(OPERATOR_ACTIONS)
    assert alone.ask("GET", "/state")[0] == 404


def test_the_failures_of_an_operator_alone_are_planned_told_and_ended(alone: Api, bench: Bench) -> None:
    alone.do("/ofd/fault", failure="slow", seconds="5m", until_cleared=True)
    alone.do("/ofd/fault", failure="garbage", times=2, percent=50, from_document=4, fn="9999078900000001")

    rows = alone.see("/ofd/faults")["failures"]
    assert [(row["failure"], row["where"], row["times_left"], row["seconds"]) for row in rows] == [
        ("slow", "operator", None, 300.0),
        ("garbage", "operator", 2, None),
    ]
    assert (rows[1]["percent"], rows[1]["from_document"], rows[1]["fn_number"]) == (50, 4, "9999078900000001")

    alone.do("/ofd/clear", failure="slow")
    assert [row["failure"] for row in alone.see("/ofd/faults")["failures"]] == ["garbage"]
    alone.do("/ofd/clear")
    assert bench.network.server.failures.entries() == []


@pytest.mark.parametrize("failure", sorted(NETWORK_FAILURES))
def test_an_operator_alone_knows_nothing_of_the_way(alone: Api, failure: Failure) -> None:
    status, sentence = alone.refusal("/ofd/fault", failure=failure)
    assert (status, "ask the till's `kktsim serve`" in sentence) == (409, True)


def test_an_operator_tells_what_it_has_taken_and_refused() -> None:
    server = OfdServer()
    api = Api(OPERATOR_ACTIONS, OfdServerHands(server))
    server.connect().receive(bytes(100), 0.0)

    told = api.see("/ofd/state")

    assert (told["documents"], told["tills"], told["refused"]) == (0, 0, 1)
    assert told["refusals"] == list(server.refusals)
    assert api.see("/ofd/documents") == {"total": 0, "tills": [], "documents": [], "text": []}


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        ({}, "failure is missing: give one of no_internet, "),
        ({"failure": "silence", "times": 0}, "give a whole number from 1"),
        ({"failure": "silence", "times": 2, "until_cleared": True}, "give times or until_cleared"),
        ({"failure": "silence", "until_cleared": "maybe"}, "give true or false"),
        ({"failure": "silence", "percent": 0}, "give a whole number from 1 to 100"),
        ({"failure": "slow", "seconds": "2d"}, "an answer comes 0 to 86400 seconds late"),
        ({"failure": "silence", "fn": "9999"}, "give 16 digits"),
        ({"failure": "silence", "from_document": 2**24}, "give a whole number from 1 to 16777215"),
    ],
)
def test_a_wrong_plan_is_told_in_a_sentence(alone: Api, arguments: Mapping[str, object], remedy: str) -> None:
    status, sentence = alone.refusal("/ofd/fault", **arguments)
    assert (status, remedy in sentence) == (400, True), sentence


# ---- what takes a while


def test_an_answer_comes_when_the_world_has_arrived(bench: Bench) -> None:
    hands = BenchHands(bench)
    start = bench.world
    waited: list[float] = []

    async def settled() -> None:
        waited.append(bench.world)
        hands.advance(3600)

    told = Api(ACTIONS, hands, settled).do("/clock/advance", seconds=60)

    assert waited == [start + 60]
    assert told["world"] == start + 3660


def test_what_is_refused_is_told_at_once(bench: Bench) -> None:
    waited: list[str] = []

    async def settled() -> None:
        waited.append("")

    api = Api(ACTIONS, BenchHands(bench), settled)
    assert api.refusal("/fn/plug")[0] == 409
    assert (waited, api.changes) == ([], 1)
