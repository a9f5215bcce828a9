"""The world goes ahead while the till's operator is another process."""

from collections import deque

import pytest

from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.ofd.events import Closed, Connected, Event, Failed, NetworkTrouble, OfdTrouble, Received
from kktsim.ofd.hosts import OFD_NAME, Kind, Place
from kktsim.ofd.server import OfdServer
from kktsim.testing.presets import build
from protocol.ofd import session
from protocol.ofd.stream import MAX_BODY

from ..device.desk import Desk

AT = parse_world("2026-03-02T12:00")
DAY = 86_400


class Elsewhere:
    """Calls to a process that answers when it is told to. ``refuses``: so many calls are not taken."""

    def __init__(self, refuses: int = 0) -> None:
        self.calls = 0
        self.refuses = refuses
        self.come: deque[Event] = deque()
        self.sent = b""
        self.is_open = False

    @property
    def is_busy(self) -> bool:
        return self.is_open and not self.come

    def open(self, host: str, port: int) -> None:
        self.calls += 1
        self.is_open, self.sent = True, b""
        if self.calls <= self.refuses:
            self.come.append(Failed(NetworkTrouble.REFUSED))

    def send(self, data: bytes) -> None:
        self.sent += data

    def take(self) -> Event | None:
        return self.come.popleft() if self.come else None

    def has_news(self) -> bool:
        return bool(self.come)

    def close(self) -> None:
        self.is_open = False
        self.come.clear()


def till(elsewhere: Elsewhere) -> Desk:
    """A till with an open shift and one document that waits, whose operator is elsewhere."""
    bench = build(kkt_models.load(), "shift-open", AT, ClockKind.FROZEN, virtual=True)
    bench.run_due()
    bench.network.hosts.set(OFD_NAME, Place(Kind.TCP, host="127.0.0.1", to_port=1))
    bench.network.tcp = elsewhere
    desk = Desk(bench)
    desk.sell()
    return desk


def answer(bench: Bench, elsewhere: Elsewhere) -> None:
    """Let the operator take the call and confirm what comes."""
    elsewhere.come.append(Connected())
    bench.outside_event()
    for reply in OfdServer().connect().receive(elsewhere.sent, bench.world):
        elsewhere.come.append(Received(reply.data))
    bench.outside_event()


def test_it_stops_at_a_call_and_arrives_when_that_is_answered() -> None:
    elsewhere = Elsewhere()
    bench = till(elsewhere).bench
    bench.advance(DAY)
    assert bench.is_advancing and bench.world == AT
    answer(bench, elsewhere)
    assert not bench.is_advancing and bench.world == AT + DAY
    assert bench.state().unsent_documents == 0


def test_it_goes_on_without_a_process_that_says_nothing_and_asks_it_ever_more_seldom() -> None:
    elsewhere = Elsewhere()
    bench = till(elsewhere).bench
    bench.advance(31 * DAY)
    lost = 0
    while bench.is_advancing:
        bench.lose_patience()
        lost += 1
    assert bench.world == AT + 31 * DAY
    assert 10 < elsewhere.calls <= lost + 1 < 30
    assert bench.client.attempts > 10_000


def test_a_failure_elsewhere_that_passes_does_not_last_for_the_whole_way() -> None:
    elsewhere = Elsewhere(refuses=3)
    bench = till(elsewhere).bench
    bench.advance(31 * DAY)
    assert elsewhere.calls == 4 and bench.world < AT + 3600
    answer(bench, elsewhere)
    assert not bench.is_advancing and bench.world == AT + 31 * DAY
    assert bench.state().unsent_documents == 0


@pytest.mark.parametrize("what", ["power_off", "ofd_down", "try_ofd"])
def test_it_arrives_although_its_call_is_gone(what: str) -> None:
    elsewhere = Elsewhere()
    bench = till(elsewhere).bench
    bench.advance(DAY)
    assert bench.is_advancing
    if what == "ofd_down":
        bench.ofd_down()
        bench.try_ofd()
    elif what == "try_ofd":
        bench.network.hosts.set(OFD_NAME, Place(Kind.UNREACHABLE))
        bench.try_ofd()
    else:
        bench.power_off()
    bench.lose_patience()
    assert not bench.is_advancing and bench.world == AT + DAY


@pytest.mark.parametrize("size", [1, 1024, 1025, MAX_BODY])
def test_an_answer_of_any_size_that_is_none_is_a_bad_one(size: int) -> None:
    elsewhere = Elsewhere()
    desk = till(elsewhere)
    bench = desk.bench
    number = bench.kkt.memory.mirror.fn_number
    bench.run_due()
    elsewhere.come.extend((Connected(), Received(session.build_message(number, bytes(size)))))
    bench.outside_event()
    errors = desk.register(0x2B)
    assert (errors["ofd_error"] == OfdTrouble.BAD_ANSWER) is (size > 1024)
    assert (errors["fn_error"] != 0) is (size <= 1024)
    assert bench.state().unsent_documents == 1 and bench.client.next_attempt == bench.world + 30


def test_who_hangs_up_before_the_answer_is_asked_again() -> None:
    elsewhere = Elsewhere()
    desk = till(elsewhere)
    bench = desk.bench
    bench.run_due()
    elsewhere.come.extend((Connected(), Closed()))
    bench.outside_event()
    assert desk.register(0x2B)["ofd_error"] == OfdTrouble.CLOSED
    bench.advance(30)
    assert elsewhere.calls == 2


def test_register_2b_has_no_error_when_the_last_document_of_an_archive_was_sent() -> None:
    bench = build(kkt_models.load(), "archive-closed", AT, ClockKind.FROZEN, virtual=True)
    bench.run_due()
    told = Desk(bench).register(0x2B)
    assert (told["network_error"], told["ofd_error"], told["fn_error"]) == (0, 0, 0)
    assert bench.client.failed_attempts == 0
