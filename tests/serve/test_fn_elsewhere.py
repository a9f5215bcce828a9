"""A till wired to an FN that another process serves: what its host hears is what it hears with the FN inside."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fn_model import FiscalStorage, FnPort, load_model
from fn_model.sqlite_archive import SqliteArchive
from kktsim.bench import Bench
from kktsim.clock import Clock, ClockKind, parse_world
from kktsim.fn_elsewhere import wire
from kktsim.fn_line import FnLine
from kktsim.hands.error import HandsError
from kktsim.host.fn_wire import FnWire
from kktsim.host.till import Till
from kktsim.kkt_models import DEFAULT_MODEL, load
from kktsim.ports.open_ports import OpenPorts
from kktsim.ports.parse import parse_address
from kktsim.remote_cable import RemoteCable
from kktsim.shelf import FIRST_FN_NUMBER
from kktsim.testing.presets import build, open_till
from protocol.atol.kkt_codes import E
from protocol.fn.commands import FnCommand
from protocol.fn.frame import build_answer
from scenarios import routine

from ..ports.fakes import LoopThread
from .served import FN, Served, kktsim, serve

AT = "2026-03-02T12:00"
FROZEN = ("--at", AT, "--clock", "frozen")
"""The FN's timer stands as the till's world does."""
SERIAL = b"fn_v_1_1_2".ljust(16) + b"\1"
"""What a serial FN says to 33h."""
CLOSE_RECEIPT = bytes.fromhex("4A 00 01 00 00 00 00 00")
TRIED = (
    *("9A *", "92 * 01", "52 * 00 00 01 00 00 00 00 00 10 00 01", "99 * 01 00 00 01 00 00"),
    "4A * 01 00 00 00 00 00",
)
"""A shift and a receipt; * stands for the flags."""
CANCEL_RECEIPT = b"\x59"


class Written:
    """A till whose replies are written down."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.replies: list[bytes] = []

    def send(self, command: bytes) -> bytes:
        """The reply."""
        self.replies.append(self._till.send(command))
        return self.replies[-1]

    def close(self) -> None:
        """Close the port in good order."""
        self._till.close()

    def drop(self) -> None:
        """Close the port without a word."""
        self._till.drop()


class Counter:
    """A bench and the till as its host sees it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.till = Written(open_till(bench))

    def plays(self, *parts: Callable[["Counter"], object]) -> "Counter":
        """Itself, after these."""
        for part in parts:
            part(self)
        return self

    def answers(self, command: bytes) -> int:
        """The wire code of the reply."""
        return self.till.send(command)[1]


def near() -> Counter:
    """A new till with its FN inside."""
    return Counter(build(load(DEFAULT_MODEL), "factory", parse_world(AT), ClockKind.FROZEN, virtual=True))


Far = Callable[[str], Counter]


@pytest.fixture
def far() -> Iterator[Far]:
    """Wires a new till to the FN at a port; what is wrong with that FN must be nothing."""
    told: list[str] = []
    cables: list[RemoteCable] = []

    def make(port: str) -> Counter:
        counter = near()
        cable = RemoteCable(FnWire(port), told.append)
        assert cable.plug() == FIRST_FN_NUMBER
        cables.append(cable)
        wire(counter.bench, cable)
        return counter

    yield make
    for cable in cables:
        if cable.is_plugged:
            cable.unplug()
    assert told == []


@pytest.fixture
def link(tmp_path: Path) -> str:
    """Where the FN's terminal is to be found."""
    return str(tmp_path / "fn")


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A new FN in a file."""
    path = tmp_path / "one.fn"
    SqliteArchive.create(path, FIRST_FN_NUMBER, load_model()).close()
    return str(path)


def registers(counter: Counter) -> None:
    """A test shop."""
    routine.set_ofd(counter.till)
    routine.register(counter.till)


def opens(counter: Counter) -> None:
    """A shift."""
    routine.open_shift(counter.till)


def begins(counter: Counter) -> None:
    """A receipt with one item."""
    routine.open_receipt(counter.till)
    routine.add_item(counter.till)


def sells(counter: Counter) -> None:
    """A receipt."""
    routine.sell(counter.till, 12_345)


def errs(counter: Counter) -> None:
    """What the FN, the till and nobody at all take."""
    for command in ("A6", "A4 43", "A4 99", "91 34 00 00", "A4 46", "A4 40 01 00 00 00"):
        counter.till.send(bytes.fromhex(command))


def closes(counter: Counter) -> None:
    """The shift."""
    routine.close_shift(counter.till)


def sends(counter: Counter) -> None:
    """Everything to the OFD."""
    counter.bench.run_due()
    assert len(counter.bench.network.server.store) > 0
    counter.till.send(bytes.fromhex("A4 20"))


DAY = (registers, opens, sells, errs, sells, sends, closes, errs, sends)


def _received(counter: Counter) -> list[bytes]:
    """What the OFD has got, in the order of receipt."""
    return [one.container for one in counter.bench.network.server.store.received()]


def differences(one: Counter, other: Counter) -> list[str]:
    """In what replies, paper and messages to the OFD differ."""
    pairs = {
        "replies": (one.till.replies, other.till.replies),
        "tape": (one.bench.tape(), other.bench.tape()),
        "OFD": (_received(one), _received(other)),
    }
    return [f"{name}: {left} {right}" for name, (left, right) in pairs.items() if left != right]


def test_a_day_is_the_one_with_the_fn_inside(far: Far, link: str) -> None:
    with serve("--port", f"pty:{link}", *FROZEN, what=FN) as served:
        there = far(served.says("ready")).plays(*DAY)
    here = near().plays(*DAY)
    assert differences(here, there) == []
    assert len(there.till.replies) > 40


@pytest.mark.parametrize("port", ["tcp:0", "rfc2217:0"])
@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")  # pyserial's rfc2217 does it
def test_a_network_carries_it_as_well(far: Far, port: str) -> None:
    with serve("--port", port, *FROZEN, what=FN) as served:
        place = served.says("ready")
        there = far(place if "://" in place else f"socket://{place}").plays(registers, opens, sells)
    assert differences(near().plays(registers, opens, sells), there) == []


def test_an_fn_that_was_registered_is_known_to_a_new_till(far: Far, link: str) -> None:
    with serve("--port", f"pty:{link}", *FROZEN, what=FN) as served:
        port = served.says("ready")
        first = far(port).plays(registers, opens, begins)
        number = first.bench.state().last_document
        first.bench.unplug()
        second = far(port)
        state = second.bench.state()
        assert (state.fn_number, state.last_document, state.shift_is_open) == (FIRST_FN_NUMBER, number, True)
        second.plays(sells, closes)
        assert second.bench.state().last_document == number + 2


def test_an_fn_killed_in_mid_receipt_is_a_cut_cable_and_back_again_a_lost_document(
    far: Far, link: str, file: str
) -> None:
    arguments = ("--port", f"pty:{link}", "--fn", file, *FROZEN)
    served = Served(*arguments, what=FN)
    there = far(served.says("ready")).plays(registers, opens, sells, begins)
    served.stop(signal.SIGKILL)
    here = near().plays(registers, opens, sells, begins)
    here.bench.cut_cable()
    for counter in (here, there):
        assert counter.answers(CLOSE_RECEIPT) == E.FN_NO_ANSWER
    with serve(*arguments, what=FN) as again:
        again.says("ready")
        here.bench.mend_cable()
        fn = here.bench.fn
        assert fn is not None
        fn.power_off()
        fn.power_on(here.bench.world)
        for counter in (here, there):
            assert counter.answers(CLOSE_RECEIPT) == E.FN_WRONG_STATE
            assert counter.answers(CANCEL_RECEIPT) == 0
            counter.plays(sells, closes, sends)
    assert differences(here, there) == []


def test_noise_on_the_way_back_is_asked_for_again_of_the_fn_elsewhere(far: Far, link: str) -> None:
    with serve("--port", f"pty:{link}", *FROZEN, what=FN) as served:
        there = far(served.says("ready"))
        here = near()
        for counter in (here, there):
            registers(counter)
            counter.bench.make_noise(0, 30, seed=7)
            counter.plays(opens, sells, sells, closes)
        assert differences(here, there) == []


def test_the_power_of_the_till_is_not_the_fns_but_a_begun_document_is_lost_all_the_same(far: Far, link: str) -> None:
    with serve("--port", f"pty:{link}", *FROZEN, what=FN) as served:
        there = far(served.says("ready"))
        here = near()
        for counter in (here, there):
            counter.plays(registers, opens, begins)
            counter.bench.power_off()
            counter.bench.power_on()
            counter.plays(sells, closes)
        assert differences(here, there) == []


def test_hands_at_its_place_can_only_unplug_and_plug(far: Far, link: str) -> None:
    with serve("--port", f"pty:{link}", *FROZEN, what=FN) as served:
        there = far(served.says("ready")).plays(registers, opens)
        bench = there.bench
        refused: list[Callable[[], object]] = [bench.swap, bench.mend_fn, bench.fork, lambda: bench.plug("9" * 16)]
        for hand in refused:
            with pytest.raises(HandsError, match="outside of this process"):
                hand()
        assert bench.unplug() == FIRST_FN_NUMBER
        assert bench.state().fn_number is None
        assert there.answers(bytes.fromhex("A4 30")) == E.FN_NO_ANSWER
        assert bench.plug() == FIRST_FN_NUMBER
        there.plays(sells, closes)


def test_a_till_that_its_fn_comes_back_to_sees_what_became_of_it(far: Far, link: str) -> None:
    with serve("--port", f"pty:{link}", *FROZEN, what=FN) as served:
        port = served.says("ready")
        first = far(port).plays(registers, opens, begins)
        number = first.bench.unplug()
        second = far(port).plays(sells)
        second.bench.unplug()
        assert first.bench.kkt.volatile.latch is None
        assert first.bench.plug() == number
        latch = first.bench.kkt.volatile.latch
        assert latch is not None and latch.document_number == second.bench.state().last_document
        first.bench.unplug()
        first.bench.power_off()
        assert first.bench.plug() == number
        assert not first.bench.kkt.is_on


def test_a_command_that_is_only_tried_does_nothing_to_the_fn_elsewhere(far: Far, link: str) -> None:
    """Flag 01h of each command that has flags, as drivers send it; then the same without it."""
    with serve("--port", f"pty:{link}", *FROZEN, what=FN) as served:
        there = far(served.says("ready"))
        here = near()
        for counter in (here, there):
            registers(counter)
            counter.till.send(bytes.fromhex("48"))
            counter.till.send(bytes.fromhex("56 01 00 00 00 30"))
            for command in TRIED:
                before = counter.till.send(bytes.fromhex("A4 30"))
                counter.till.send(bytes.fromhex(command.replace("*", "01")))
                assert counter.till.send(bytes.fromhex("A4 30")) == before
                assert counter.answers(bytes.fromhex(command.replace("*", "00"))) == 0
            closes(counter)
        assert differences(here, there) == []


# ---- the command line


def test_a_till_that_is_served_has_its_fn_in_another_process(link: str, tmp_path: Path) -> None:
    till = str(tmp_path / "kkt")
    with serve("--port", f"pty:{link}", what=FN) as one:
        arguments = ("--fn-port", one.says("ready"), "--port", f"pty:{till}", "--control", "0")
        with serve(*arguments) as other:
            other.says("ready")
            control = other.says("control")
            asked = kktsim("send", "--port", till, "A4 31")
            assert asked.returncode == 0 and FIRST_FN_NUMBER in asked.stdout
            assert kktsim("fn", "swap", "--control", control).returncode == 2
            assert kktsim("fn", "unplug", "--control", control).stdout == f"{FIRST_FN_NUMBER}\n"
            assert kktsim("fn", "plug", "--control", control).stdout == f"{FIRST_FN_NUMBER}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--fn-port", "/nowhere/fn"), 3, "start `kktsim fn serve --port pty:/nowhere/fn`"),
        (("--fn-port", ""), 2, "--fn-port is empty"),
        (("--fn-port", "tcp:70000"), 2, "from 1 to 65535"),
        (("--fn-port", "/nowhere/fn", "--state", "shift-open"), 2, "leave --state out"),
        (("--fn-port", "/nowhere/fn", "--fn", "one.fn"), 2, "--fn, --fn-model and --fn-set out"),
        (("--fn-port", "/nowhere/fn", "--fn-set", "ofd_sign=any"), 2, "--fn, --fn-model and --fn-set out"),
        (("--fn-port", "/nowhere/fn", "--home", "home"), 2, "leave --home"),
    ],
)
def test_what_is_asked_wrongly_of_an_fn_port_is_told_in_one_sentence(
    arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = kktsim("serve", "--port", "tcp:0", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert words in done.stderr


def test_a_till_is_not_wired_to_a_serial_fn(link: str) -> None:
    honest = FnPort(FiscalStorage.new(load_model(), FIRST_FN_NUMBER))

    def serial(frame: bytes, world: float) -> bytes | None:
        is_version = frame[3:4] == bytes((FnCommand.VERSION,))
        return build_answer(0, SERIAL) if is_version else honest.exchange(frame, world)

    thread = LoopThread()
    opened = OpenPorts(thread.loop, lambda: True)
    line = FnLine(serial, Clock(0.0, virtual=True))
    thread.run(lambda: opened.open(parse_address(f"pty:{link}"), line))
    done = kktsim("serve", "--port", "tcp:0", "--fn-port", link)
    thread.run(opened.close)
    thread.stop()
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "says that it is a serial one" in done.stderr


def test_a_link_that_a_killed_process_left_is_not_opened(link: str) -> None:
    served = Served("--port", f"pty:{link}", what=FN)
    served.says("ready")
    served.stop(signal.SIGKILL)
    done = kktsim("serve", "--port", "tcp:0", "--fn-port", link)
    assert done.returncode == 3
    assert f"left behind by process {served.process.pid}" in done.stderr
