"""The same hands in this process and over the control API."""

import socket
from collections.abc import Callable, Iterator

import pytest

from fn_model import FnFault
from kktsim.bench import Bench
from kktsim.clock import ClockError
from kktsim.control.client import ControlError, ControlUrlError, NoAnswerError, RefusedError, control_url
from kktsim.device.state import ClockRegion
from kktsim.hands.bench import BenchHands
from kktsim.hands.control import ControlHands
from kktsim.hands.error import HandsError
from kktsim.hands.person import PersonHands
from kktsim.shelf import FIRST_FN_NUMBER, troubles
from scenarios.roles import Hands, Witness

from .conftest import WORLD
from .served import LoopThread, Served

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


def test_all_hands_fit_the_roles_that_scenarios_know(bench: Bench) -> None:
    over_api = ControlHands("http://127.0.0.1:1")
    hands: list[Hands] = [BenchHands(bench), over_api, PersonHands()]
    witnesses: list[Witness] = [BenchHands(bench), over_api]

    for role, ones in ((Hands, hands), (Witness, witnesses)):
        methods = [name for name in vars(role) if not name.startswith("_")]
        assert methods
        assert all(callable(getattr(one, name)) for one in ones for name in methods)


def test_fns_are_pulled_out_put_in_and_swapped(hands: AnyHands) -> None:
    assert hands.unplug_fn() == FIRST_FN_NUMBER
    assert hands.unsent_documents() is None
    assert hands.plug_fn() == FIRST_FN_NUMBER
    second = hands.swap_fn()
    assert second != FIRST_FN_NUMBER
    hands.unplug_fn()
    assert hands.plug_fn(FIRST_FN_NUMBER) == FIRST_FN_NUMBER
    assert hands.unsent_documents() == 0


def test_faults_signs_and_cable_reach_the_devices(hands: AnyHands, bench: Bench) -> None:
    hands.break_fn("crypto_failed")
    hands.inject_sign(3, 12345)
    hands.cut_cable()
    hands.make_noise(10, 20, seed=7, times=3)

    fn, noise = bench.fn, bench.cable.noise
    assert fn is not None and noise is not None
    assert (fn.faults, fn.injected_signs, bench.cable.is_cut) == ({FnFault.CRYPTO_FAILED}, {3: 12345}, True)
    assert (noise.to_fn_percent, noise.to_kkt_percent, noise.seed, noise.left) == (10, 20, 7, 3)

    hands.mend_fn()
    hands.mend_cable()
    assert (fn.faults, bench.cable.is_cut, bench.cable.noise) == (set(), False, None)


def test_fns_left_on_the_shelf_are_told_with_what_is_wrong(hands: AnyHands, bench: Bench) -> None:
    assert hands.abandoned_fns() == []
    hands.swap_fn()

    assert hands.abandoned_fns() == troubles(bench.shelf)


def test_a_till_that_loses_its_clock_comes_up_again(hands: AnyHands, bench: Bench) -> None:
    hands.lose_clock()

    assert bench.kkt.is_on
    assert bench.kkt.memory.clock_region is ClockRegion.NEEDS_DATE


def test_power_and_ofd_are_switched(hands: AnyHands, bench: Bench) -> None:
    hands.power_off()
    hands.ofd_down()
    assert (bench.kkt.is_on, bench.network.server_is_up) == (False, False)

    hands.power_on()
    hands.ofd_up()
    assert (bench.kkt.is_on, bench.network.server_is_up) == (True, True)


def test_the_world_is_seen_and_moved_exactly(hands: AnyHands) -> None:
    hands.advance(0.1)
    moved = hands.world()
    assert moved == WORLD + 0.1

    hands.set_world(moved)
    hands.set_world(moved + 60)
    assert hands.world() == moved + 60


def test_the_tape_is_seen_whole(hands: AnyHands, bench: Bench) -> None:
    bench.kkt.paper.line("ЧЕК")
    bench.kkt.paper.cut()

    assert hands.tape() == bench.tape()
    assert hands.tape()[-1].startswith("✂")


def test_what_cannot_be_done_is_told_in_the_same_words(bench: Bench, served: Served) -> None:
    near, far = BenchHands(bench), ControlHands(served.url)
    attempts: list[Callable[[Hands], object]] = [
        lambda hands: hands.plug_fn(),
        lambda hands: hands.set_world(WORLD - 1),
    ]
    for attempt in attempts:
        with pytest.raises((HandsError, ClockError)) as here:
            attempt(near)
        with pytest.raises(RefusedError) as there:
            attempt(far)
        assert str(there.value) == str(here.value)
    far.close()


def test_a_fault_that_does_not_exist_is_refused(hands: AnyHands) -> None:
    with pytest.raises((ValueError, RefusedError), match="tired"):
        hands.break_fn("tired")


# --- what can go wrong on the way -------------------------------------------------------------------------------------


def a_listener() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    return listener


def test_a_bench_that_hangs_is_given_up_after_the_time_limit() -> None:
    with a_listener() as listener:
        hands = ControlHands(f"127.0.0.1:{listener.getsockname()[1]}", timeout=0.05)
        with pytest.raises(NoAnswerError, match=r"not answered within 0\.05 s: wait longer"):
            hands.world()
        hands.close()


def test_nobody_at_the_address_is_told_with_the_remedy() -> None:
    with a_listener() as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NoAnswerError, match=r"Connection refused.*kktsim serve"):
        ControlHands(str(port)).world()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "is no bench"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", "is no bench"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}", "broke down"),
        (b"220 mail.example.com ESMTP\r\n", "no bench answers"),
        (b"", "no bench answers"),
    ],
)
def test_something_else_at_the_address_is_told(reply: bytes, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_listener() as listener:
        hands = ControlHands(str(listener.getsockname()[1]), timeout=10)
        hands._client._connection.connect()
        with listener.accept()[0] as peer:
            peer.sendall(reply)
            peer.shutdown(socket.SHUT_WR)
            monkeypatch.setattr(hands._client, "_drop_dead_connection", lambda: None)  # the reply is there early
            with pytest.raises(NoAnswerError, match=told):
                hands.world()
        hands.close()


def test_a_bench_started_anew_at_the_same_port_is_found_again(loop: LoopThread, bench: Bench) -> None:
    first = loop.run(Served.begin(bench))
    first.wait_until_answering()
    hands = ControlHands(first.url)
    hands.power_off()
    loop.run(first.server.close())

    second = loop.run(Served.begin(bench.fork(), first.port))
    second.wait_until_answering()
    hands.power_on()

    assert (first.changes, second.changes) == (1, 1)
    assert not bench.kkt.is_on
    hands.close()
    loop.run(second.server.close())


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("8123", "http://127.0.0.1:8123"),
        ("localhost:8123", "http://localhost:8123"),
        ("http://127.0.0.1:8123/", "http://127.0.0.1:8123"),
        ("http://[::1]:8123", "http://[::1]:8123"),
    ],
)
def test_an_address_may_be_a_url_or_just_a_port(text: str, url: str) -> None:
    assert control_url(text) == url


@pytest.mark.parametrize(
    "text", ["0", "65536", "till", "https://127.0.0.1:1", "http://127.0.0.1", "http://a:1/b", "http://[::"]
)
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(ControlUrlError, match="give its URL"):
        control_url(text)


def test_every_failure_of_the_way_is_one_kind_of_error() -> None:
    assert all(issubclass(kind, ControlError) for kind in (ControlUrlError, NoAnswerError, RefusedError))
