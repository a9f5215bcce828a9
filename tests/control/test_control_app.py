"""The control API as an application, asked without a network."""

from pathlib import Path

import pytest

from fn_model import FnFault
from kktsim.bench import Bench
from kktsim.control.actions import ACTIONS
from kktsim.hands.bench import BenchHands
from kktsim.shelf import FIRST_FN_NUMBER

from .api import Api
from .conftest import WORLD

ROOT = Path(__file__).parent.parent.parent
SECOND_FN_NUMBER = str(int(FIRST_FN_NUMBER) + 1)


@pytest.fixture
def api(bench: Bench) -> Api:
    return Api(ACTIONS, BenchHands(bench))


# --- what is seen -----------------------------------------------------------------------------------------------------


def test_the_state_is_the_one_of_the_bench_with_readable_times(api: Api, bench: Bench) -> None:
    state = api.see("/state")

    assert state["world"] == bench.world == WORLD
    assert state["world_iso"] == state["till_clock_iso"] == "2026-11-22T14:00:00"
    assert (state["is_on"], state["mode"], state["fn_number"], state["shelf"]) == (True, 0, FIRST_FN_NUMBER, [])


def test_the_tape_is_told_from_any_line_on(api: Api, bench: Bench) -> None:
    bench.kkt.paper.line("один")
    bench.kkt.paper.line("два")
    printed = len(bench.tape())

    assert api.see("/tape")["lines"] == bench.tape()
    assert api.see(f"/tape?since={printed - 1}") == {"lines": ["два"], "next": printed}
    assert api.see(f"/tape?since={printed + 100}") == {"lines": [], "next": printed}


def test_settings_of_till_and_fn_come_with_their_reasons(api: Api) -> None:
    settings = api.see("/settings")

    for device in ("kkt", "fn"):
        for one in settings[device]["settings"]:
            assert one["name"] and one["about"] and one["source"]
            assert one["confidence"] in ("high", "medium", "low")


def test_a_till_without_an_fn_has_settings_of_its_own_only(api: Api) -> None:
    api.do("/fn/unplug")

    assert api.see("/settings")["fn"] is None
    assert api.see("/state")["fn_number"] is None


def test_every_action_stands_in_the_documentation_with_its_arguments() -> None:
    rows = (ROOT / "docs" / "control-api.md").read_text("utf-8").splitlines()
    for action in ACTIONS.values():
        mine = [row for row in rows if f"`{action.method} {action.path}`" in row]
        assert mine, action.name
        assert all(any(f"`{one.name}`" in row for row in mine) for one in action.arguments), action.name


def test_the_overview_lists_every_action_with_its_arguments(api: Api) -> None:
    listed = {one["name"]: one for one in api.see("/")["actions"]}

    assert list(listed) == list(ACTIONS)
    assert listed["fn break"]["path"] == "/fn/break"
    assert "silent_on_signing" in listed["fn break"]["arguments"][0]["form"]


# --- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "seconds"), [("31d", 2_678_400), ("1w2d", 777_600), ("90m", 5400), ("45", 45), (2.5, 2.5)]
)
def test_the_world_goes_ahead_by_a_span(api: Api, span: object, seconds: float) -> None:
    assert api.do("/clock/advance", seconds=span)["world"] == WORLD + seconds


@pytest.mark.parametrize("moment", ["2026-11-23T00:00", "2026-11-23", WORLD + 36_000])
def test_the_world_goes_ahead_to_a_moment(api: Api, moment: object) -> None:
    assert api.do("/clock/set", world=moment)["world_iso"] == "2026-11-23T00:00:00"


def test_the_world_never_goes_back(api: Api) -> None:
    status, sentence = api.refusal("/clock/set", world="2026-11-22T13:59:59")

    assert (status, "never goes back" in sentence) == (409, True)
    assert api.see("/state")["world"] == WORLD


def test_the_world_does_not_pass_the_dates_that_documents_can_carry(api: Api) -> None:
    status, sentence = api.refusal("/clock/advance", seconds="9999w")

    assert (status, "2099" in sentence) == (400, True)
    assert api.see("/state")["world"] == WORLD


# --- FN ---------------------------------------------------------------------------------------------------------------


def test_an_fn_goes_to_the_shelf_and_back(api: Api) -> None:
    assert api.do("/fn/unplug") == {"fn_number": FIRST_FN_NUMBER}
    assert api.see("/fn/shelf")["shelf"] == [FIRST_FN_NUMBER]
    assert api.do("/fn/plug") == {"fn_number": FIRST_FN_NUMBER}
    assert api.see("/fn/shelf") == {"shelf": [], "abandoned": []}


def test_an_fn_is_chosen_from_the_shelf_by_number(api: Api) -> None:
    assert api.do("/fn/swap") == {"fn_number": SECOND_FN_NUMBER}
    api.do("/fn/unplug")

    assert api.do("/fn/plug", number=FIRST_FN_NUMBER) == {"fn_number": FIRST_FN_NUMBER}


def test_what_the_hands_cannot_do_now_is_told_with_the_remedy(api: Api) -> None:
    assert api.refusal("/fn/plug") == (
        409,
        f"FN {FIRST_FN_NUMBER} is plugged in: pull it out with `fn unplug` first",
    )
    api.do("/fn/unplug")
    for path, arguments in (("/fn/unplug", {}), ("/fn/mend", {}), ("/fn/break", {"fault": "failed"})):
        status, sentence = api.refusal(path, **arguments)
        assert (status, "fn plug" in sentence) == (409, True)


@pytest.mark.parametrize("is_on", [True, False])
def test_a_swap_leaves_the_power_as_it_was(api: Api, is_on: bool) -> None:
    if not is_on:
        api.do("/power/off")

    api.do("/fn/swap")

    assert api.see("/state")["is_on"] is is_on
    assert api.see("/fn/shelf")["shelf"] == [FIRST_FN_NUMBER]


@pytest.mark.parametrize("fault", list(FnFault))
def test_every_fault_of_the_fn_can_be_set_and_is_mended(api: Api, bench: Bench, fault: FnFault) -> None:
    assert bench.fn is not None

    api.do("/fn/break", fault=fault.value)
    assert bench.fn.faults == {fault}

    api.do("/fn/mend")
    assert bench.fn.faults == set()


def test_a_fiscal_sign_is_laid_down_for_a_document_to_come(api: Api, bench: Bench) -> None:
    api.do("/fn/sign", document=7, sign=0xFFFF_FFFF)

    assert bench.fn is not None
    assert bench.fn.injected_signs == {7: 0xFFFF_FFFF}


# --- cable, power, OFD ------------------------------------------------------------------------------------------------


def test_the_cable_is_cut_made_noisy_and_mended(api: Api, bench: Bench) -> None:
    api.do("/cable/cut")
    api.do("/cable/noise", to_kkt_percent=30, seed=5, times=2)

    assert bench.cable.is_cut
    noise = bench.cable.noise
    assert noise is not None
    assert (noise.to_fn_percent, noise.to_kkt_percent, noise.seed, noise.left) == (0, 30, 5, 2)

    api.do("/cable/mend")
    assert (bench.cable.is_cut, bench.cable.noise) == (False, None)


def test_power_and_ofd_are_switched(api: Api) -> None:
    api.do("/power/off")
    api.do("/ofd/down")
    state = api.see("/state")
    assert (state["is_on"], state["ofd_is_up"]) == (False, False)

    api.do("/power/on")
    api.do("/ofd/up")
    state = api.see("/state")
    assert (state["is_on"], state["ofd_is_up"]) == (True, True)


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "arguments", "remedy"),
    [
        ("/clock/advance", {}, "seconds is missing: give seconds, or a span like 31d"),
        ("/clock/advance", {"seconds": "31x"}, "give seconds, or a span"),
        ("/clock/advance", {"seconds": -1}, "give seconds, or a span"),
        ("/clock/advance", {"seconds": True}, "give seconds, or a span"),
        ("/clock/set", {"world": "tomorrow"}, "without a zone like 2026-11-22T14:00"),
        ("/clock/set", {"world": "2026-11-23T00:00+03:00"}, "without a zone"),
        ("/clock/set", {"world": 1e300}, "years 2000 to 2099"),
        ("/fn/plug", {"number": "1"}, "give 16 digits"),
        ("/fn/plug", {"number": 9999078900000001}, "give 16 digits"),
        ("/fn/break", {"fault": "tired"}, "give one of silent, "),
        ("/fn/sign", {"document": 0, "sign": 1}, "give a whole number from 1 to 4294967295"),
        ("/fn/sign", {"document": 1, "sign": 2**32}, "give a whole number from 0 to 4294967295"),
        ("/cable/noise", {"to_fn_percent": 101}, "give a whole number from 0 to 100"),
        ("/cable/noise", {}, "give to_fn_percent or to_kkt_percent"),
        ("/power/off", {"now": True}, "there is no argument 'now' here: give none"),
    ],
)
def test_wrong_arguments_are_told_in_a_sentence_with_the_remedy(
    api: Api, path: str, arguments: dict[str, object], remedy: str
) -> None:
    status, sentence = api.refusal(path, **arguments)

    assert status == 400
    assert remedy in sentence


@pytest.mark.parametrize("raw", [b"{", b"[1]", b"\xff", b"[" * 100_000, b'{"seconds": NaN}'])
def test_a_body_that_is_no_object_of_arguments_is_refused(api: Api, raw: bytes) -> None:
    status, answer = api.ask("POST", "/clock/advance", raw=raw)

    assert (status, list(answer)) == (400, ["error"])


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/tea", 404), ("GET", "/fn/unplug", 405)])
def test_what_is_no_action_is_told_where_the_actions_are_listed(api: Api, method: str, path: str, status: int) -> None:
    sentence = f"there is no action {method} {path}: GET / lists the actions"

    assert api.ask(method, path) == (status, {"error": sentence})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:8123"},
        {"Origin": "null"},
        {"Host": "bench.example.com"},
        {"Host": "127.0.0.1.example.com"},
        {"Host": "192.168.0.1:8123"},
        {"Host": "[2001:db8::1]:8123"},
        {"Host": ""},
    ],
)
def test_a_page_in_a_browser_is_refused_and_does_nothing(api: Api, bench: Bench, headers: dict[str, str]) -> None:
    status, answer = api.ask("POST", "/power/off", headers=headers)

    assert (status, list(answer)) == (403, ["error"])
    assert bench.kkt.is_on
    assert api.changes == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9:1", "localhost:8123", "LOCALHOST", "[::1]:8123", "[::1]"])
def test_this_machine_is_served_by_any_of_its_own_names(api: Api, host: str) -> None:
    assert api.ask("GET", "/state", headers={"Host": host})[0] == 200


def test_ports_are_told_after_everything_that_was_done_but_not_after_a_look(api: Api) -> None:
    api.see("/state")
    api.see("/tape")
    assert api.changes == 0

    api.do("/power/off")
    assert api.changes == 1

    api.refusal("/clock/set", world="2000-01-01")
    assert api.changes == 2
