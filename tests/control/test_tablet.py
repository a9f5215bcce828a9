"""The memory of the terminal's tablet: kept by the bench as it comes, and understood by nobody there."""

from typing import Any

import pytest

from kktsim.bench import Bench
from kktsim.control.actions import ACTIONS
from kktsim.control.client import ControlClient, RefusedError
from kktsim.control.tablet_actions import MOST_BYTES
from kktsim.hands.bench import BenchHands

from .api import Api
from .served import Served

ANYTHING: dict[str, Any] = {"name": None, "сколько": [1, 2.5, {"x": "я"}], "self": True}


@pytest.fixture
def api(bench: Bench) -> Api:
    return Api(ACTIONS, BenchHands(bench))


def test_a_bench_without_a_terminal_keeps_nothing(api: Api, bench: Bench) -> None:
    assert bench.tablet is None
    assert api.see("/tablet") == {}


def test_whatever_is_put_there_is_told_again(api: Api, bench: Bench) -> None:
    assert api.ask("PUT", "/tablet", ANYTHING) == (200, {})
    assert api.see("/tablet") == ANYTHING
    assert api.ask("PUT", "/tablet", {}) == (200, {})
    assert bench.tablet == {}


def test_a_fork_begins_with_it_and_goes_on_by_itself(api: Api, bench: Bench) -> None:
    api.ask("PUT", "/tablet", ANYTHING)
    twin = bench.fork()
    Api(ACTIONS, BenchHands(twin)).ask("PUT", "/tablet", {"other": 1})
    assert (bench.tablet, twin.tablet) == (ANYTHING, {"other": 1})


def test_it_is_told_over_the_wire_too(served: Served, bench: Bench) -> None:
    with ControlClient(served.url) as client:
        client.put("tablet keep", ANYTHING)
        assert client.call("tablet") == ANYTHING == bench.tablet


def test_64_kib_are_kept_and_not_a_byte_more(api: Api, bench: Bench) -> None:
    frame = len('{"x": ""}')
    assert api.ask("PUT", "/tablet", {"x": "я" * ((MOST_BYTES - frame) // 2) + "a"})[0] == 200
    kept = bench.tablet
    status, told = api.ask("PUT", "/tablet", {"x": "a" * (MOST_BYTES - frame + 1)})
    assert (status, told["error"]) == (400, f"the object is {MOST_BYTES + 1} bytes long: at most {MOST_BYTES} are kept")
    assert bench.tablet is kept


@pytest.mark.parametrize("raw", [b"[1]", b"{", b"1", b"\xff", b'{"x": NaN}', b'{"x": 1e999}', b'{"x": "\\ud800"}'])
def test_what_json_cannot_tell_is_refused(api: Api, bench: Bench, raw: bytes) -> None:
    status, told = api.ask("PUT", "/tablet", raw=raw)
    assert (status, list(told)) == (400, ["error"])
    assert bench.tablet is None


def test_a_refusal_reaches_the_client(served: Served) -> None:
    with ControlClient(served.url) as client, pytest.raises(RefusedError, match="at most 65536 are kept"):
        client.put("tablet keep", {"x": "a" * MOST_BYTES})


def test_the_object_is_put_and_not_posted(api: Api) -> None:
    assert api.ask("POST", "/tablet", {})[0] == 405
