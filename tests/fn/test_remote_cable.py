"""The KKT's end of a wire to an FN elsewhere, over wires without an operating system: time is virtual."""

from collections.abc import Callable

import pytest

from fn_model import FiscalStorage, FnPort, load_model
from kktsim.clock import Clock
from kktsim.fn_line import FnLine
from kktsim.fn_trial import TAKEN, FnTrial
from kktsim.hands.error import HandsError
from kktsim.host.fn_wire import PATIENCE_SECONDS, FnWire
from kktsim.host.serial_wire import PortUnavailableError
from kktsim.host.till import NoAnswerError
from kktsim.remote_cable import QUESTIONS, RemoteCable
from protocol.fn.answers import ReceiptResult
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.frame import ENQ, build_answer, build_request, parse_answer
from protocol.fn.stream import CUT_SECONDS

from .fn_till import NUMBER, Till

STATUS = build_request(FnCommand.STATUS)
PIECE_SECONDS = 0.001


class World:
    """What is at the other end: opens wires to an FN that answers ``fn``, and can be taken away."""

    def __init__(self, fn: Callable[[bytes], bytes]) -> None:
        self.fn = fn
        """Bytes that came to bytes that go back."""
        self.now = 0.0
        self.is_there = True
        self.wires: list[FakeWire] = []
        self.asked: list[int] = []
        """Commands, and 5 for ENQ."""

    def open(self, port: str) -> "FakeWire":
        """As pyserial does."""
        if not self.is_there:
            raise PortUnavailableError(f"{port} does not exist")
        self.wires.append(FakeWire(self))
        return self.wires[-1]


class FakeWire:
    """One opened port; what came is read in pieces of one byte."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.waiting = b""
        self.is_open = True

    def _stand(self) -> None:
        if self not in self._world.wires[-1:] or not self._world.is_there:
            raise NoAnswerError("unplugged")

    def write(self, data: bytes) -> None:
        self._stand()
        self._world.asked.append(data[3] if len(data) > 3 else data[0])
        self.waiting += self._world.fn(data)

    def read(self, seconds: float) -> bytes:
        self._stand()
        piece, self.waiting = self.waiting[:1], self.waiting[1:]
        self._world.now += PIECE_SECONDS if piece else seconds
        return piece

    def discard(self) -> None:
        self._stand()
        self.waiting = b""

    def now(self) -> float:
        return self._world.now

    def close(self) -> None:
        self.is_open = False


def new_fn(number: str = NUMBER) -> FnPort:
    """A fresh FN with power."""
    fn = FnPort(FiscalStorage.new(load_model(), number))
    fn.storage.power_on(0.0)
    return fn


def served(fn: FnPort) -> Callable[[bytes], bytes]:
    """An FN on its line."""
    return FnLine(fn.exchange, Clock(0.0, virtual=True)).receive


def silent(data: bytes) -> bytes:
    """Nobody there."""
    return b""


def wire_to(world: World) -> FnWire:
    """An open wire."""
    wire = FnWire("COM7", opener=world.open)
    wire.open()
    return wire


def cable_to(world: World) -> tuple[RemoteCable, list[str]]:
    """A cable that is plugged in, and what it complains of."""
    told: list[str] = []
    cable = RemoteCable(FnWire("COM7", opener=world.open), told.append)
    cable.plug()
    return cable, told


def lies(fn: FnPort, command: int, data: bytes) -> Callable[[bytes], bytes]:
    """An FN that answers one command with other data."""
    honest = served(fn)
    return lambda frame: build_answer(0, data) if frame[3:4] == bytes((command,)) else honest(frame)


# ---- one exchange


@pytest.mark.parametrize(
    ("command", "seconds"),
    [(FnCommand.STATUS, 3.0), (FnCommand.COMMIT_RECEIPT, 3.0), (FnCommand.RESET, 20.0), (0xD0, 20.0), (0xD7, 20.0)],
)
def test_an_fn_that_never_answers_is_waited_for_as_long_as_its_command_may_take(command: int, seconds: float) -> None:
    world = World(silent)
    assert wire_to(world).exchange(build_request(command)) is None
    assert world.now == pytest.approx(seconds, abs=0.2)


def test_less_patience_can_be_asked_for_but_not_of_slow_commands() -> None:
    world = World(silent)
    wire = FnWire("COM7", 0.05, world.open)
    wire.open()
    assert wire.exchange(STATUS) is None
    assert world.now < 0.2
    assert wire.exchange(build_request(FnCommand.RESET, b"\x16")) is None
    assert world.now > PATIENCE_SECONDS


def test_an_answer_in_pieces_is_one() -> None:
    fn = new_fn()
    expected = fn.exchange(STATUS, 0.0)
    world = World(served(fn))
    assert wire_to(world).exchange(STATUS) == expected
    assert world.now < 0.1


def test_what_came_too_late_is_no_answer_to_the_next_command() -> None:
    world = World(served(new_fn()))
    wire = wire_to(world)
    world.wires[0].waiting = build_answer(0, b"late")
    answer = wire.exchange(build_request(FnCommand.NUMBER))
    assert answer is not None and parse_answer(answer)[1] == NUMBER.encode()


def test_noise_before_the_answer_is_dropped() -> None:
    fn = new_fn()
    expected = fn.exchange(STATUS, 0.0)
    honest = served(fn)
    assert wire_to(World(lambda data: b"\xff\x05" + honest(data))).exchange(STATUS) == expected


@pytest.mark.parametrize("size", [1, 2, 5, 30])
def test_an_answer_cut_short_is_unreadable_and_soon_given_up(size: int) -> None:
    honest = served(new_fn())
    world = World(lambda data: honest(data)[:size])
    answer = wire_to(world).exchange(STATUS)
    assert answer is not None and len(answer) == size
    assert CUT_SECONDS <= world.now < CUT_SECONDS + 0.2


def test_a_port_that_is_lost_is_closed_and_silent() -> None:
    world = World(served(new_fn()))
    wire = wire_to(world)
    world.is_there = False
    assert wire.exchange(STATUS) is None
    assert not world.wires[0].is_open
    assert wire.exchange(STATUS) is None
    with pytest.raises(PortUnavailableError):
        wire.open()


# ---- who is there


def test_a_test_fn_is_found_by_its_number_and_its_version() -> None:
    world = World(served(new_fn()))
    cable, told = cable_to(world)
    assert (cable.number, told, world.asked) == (NUMBER, [], [FnCommand.NUMBER, FnCommand.VERSION])


@pytest.mark.parametrize(
    ("command", "data", "words"),
    [
        (FnCommand.NUMBER, b"9282000100012345", "no test FN by its number"),
        (FnCommand.NUMBER, b"9999 no number !", "no test FN by its number"),
        (FnCommand.VERSION, b"fn_v_1_1_2".ljust(16) + b"\1", "says that it is a serial one"),
        (FnCommand.VERSION, b"?", "does not tell whether it is a test FN"),
    ],
)
def test_an_fn_that_is_none_for_tests_is_refused_with_one_sentence(command: int, data: bytes, words: str) -> None:
    world = World(lies(new_fn(), command, data))
    with pytest.raises(HandsError, match=words) as refused:
        cable_to(world)
    assert "9999" in str(refused.value) and "\n" not in str(refused.value)
    assert not world.wires[0].is_open


def test_where_nobody_answers_nothing_is_plugged_in() -> None:
    with pytest.raises(HandsError, match="no FN answers at COM7"):
        cable_to(World(silent))


def test_where_there_is_no_port_nothing_is_plugged_in() -> None:
    world = World(silent)
    world.is_there = False
    with pytest.raises(HandsError, match="COM7 does not exist"):
        cable_to(world)


def test_damaged_answers_about_itself_are_asked_for_again() -> None:
    honest = served(new_fn())
    damage = iter([True, False, True, True, False])

    def noisy(data: bytes) -> bytes:
        answer = honest(data)
        return answer[:-1] + bytes((answer[-1] ^ 1,)) if next(damage) else answer

    cable, _ = cable_to(World(noisy))
    assert cable.number == NUMBER


def test_the_cable_carries_what_the_fn_says() -> None:
    fn = new_fn()
    cable, _ = cable_to(World(served(fn)))
    for frame in (STATUS, ENQ, build_request(0x99), STATUS[:-1] + b"\0"):
        assert cable.exchange(frame, 0.0) == fn.exchange(frame, 0.0)


def test_before_a_document_the_number_is_asked_for_and_inside_it_is_not() -> None:
    world = World(served(new_fn()))
    cable, _ = cable_to(world)
    del world.asked[:]
    for command in (FnCommand.BEGIN_REGISTRATION, FnCommand.ADD_DATA, FnCommand.CANCEL_DOCUMENT, FnCommand.STATUS):
        cable.exchange(build_request(command), 0.0)
    assert world.asked == [FnCommand.NUMBER, 0x02, 0x07, 0x06, 0x30]


def test_another_test_fn_in_its_place_is_found_out_and_used() -> None:
    world = World(served(new_fn()))
    cable, told = cable_to(world)
    world.fn = served(new_fn("9999078900000777"))
    answer = cable.exchange(build_request(FnCommand.BEGIN_REGISTRATION), 0.0)
    assert answer is not None and parse_answer(answer)[0] == FnCode.OK
    assert (cable.number, told) == ("9999078900000777", [])


@pytest.mark.parametrize("frame", [build_request(FnCommand.BEGIN_RECEIPT, bytes(5)), build_request(0x60, b"\x16")])
def test_a_serial_fn_put_in_its_place_gets_no_document_and_no_reset(frame: bytes) -> None:
    world = World(served(new_fn()))
    cable, told = cable_to(world)
    world.fn = lies(new_fn(), FnCommand.NUMBER, b"9282000100012345")
    del world.asked[:]
    assert [cable.exchange(one, 0.0) for one in (frame, STATUS, ENQ)] == [None, None, None]
    assert set(world.asked) <= {FnCommand.NUMBER, FnCommand.VERSION}
    assert len(told) == 1 and "no test FN" in told[0]
    assert cable.number is None


def test_after_silence_it_is_asked_again_who_is_there() -> None:
    world = World(served(new_fn()))
    cable, told = cable_to(world)
    honest, world.fn = world.fn, silent
    assert cable.exchange(STATUS, 0.0) is None
    world.fn = lies(new_fn(), FnCommand.VERSION, b"fn_v_1_1_2".ljust(16) + b"\1")
    assert cable.exchange(STATUS, 0.0) is None
    assert len(told) == 1 and "serial" in told[0]
    world.fn = honest
    assert cable.exchange(STATUS, 0.0) is None, "refused once, it is plugged in anew by hand"
    cable.unplug()
    assert cable.plug() == NUMBER
    assert cable.exchange(STATUS, 0.0) is not None


def test_a_lost_port_is_opened_again_by_the_next_command_and_asked_who_is_there() -> None:
    world = World(served(new_fn()))
    cable, _ = cable_to(world)
    world.is_there = False
    assert cable.exchange(STATUS, 0.0) is None
    assert cable.exchange(STATUS, 0.0) is None
    world.is_there = True
    del world.asked[:]
    assert cable.exchange(ENQ, 0.0) is None, "who is there cannot repeat what another one said"
    assert cable.exchange(STATUS, 0.0) is not None
    assert world.asked == [FnCommand.NUMBER, FnCommand.VERSION, FnCommand.STATUS]


def test_a_silent_fn_costs_one_time_out_a_command() -> None:
    world = World(served(new_fn()))
    cable, _ = cable_to(world)
    world.fn = silent
    for _ in range(3):
        before = world.now
        assert cable.exchange(build_request(FnCommand.BEGIN_RECEIPT, bytes(5)), 0.0) is None
        assert world.now - before < PATIENCE_SECONDS + 0.2


def test_unplugged_it_carries_nothing_until_it_is_plugged_in() -> None:
    world = World(served(new_fn()))
    cable, _ = cable_to(world)
    with pytest.raises(HandsError, match="is plugged in"):
        cable.plug()
    assert cable.unplug() == NUMBER
    assert (cable.number, cable.exchange(STATUS, 0.0)) == (None, None)
    assert not world.wires[0].is_open
    with pytest.raises(HandsError, match="no FN is plugged in"):
        cable.unplug()
    assert cable.plug() == NUMBER


# ---- a command that is only tried


def trial_of(till: Till) -> tuple[FnTrial, World]:
    """What a fork of a KKT finds in the place of this FN."""
    world = World(served(till.port))
    cable, _ = cable_to(world)
    del world.asked[:]
    return cable.copy(), world


@pytest.mark.parametrize("commit", [FnCommand.OPEN_SHIFT, FnCommand.COMMIT_RECEIPT])
def test_a_tried_document_gets_the_numbers_that_it_would_get_and_is_not_made(commit: FnCommand) -> None:
    till = Till()
    till.register()
    if commit == FnCommand.COMMIT_RECEIPT:
        till.open_shift()
        till.sell()
    trial, world = trial_of(till)
    before, begins = till.fn.digest(), TAKEN - {FnCommand.CANCEL_DOCUMENT}
    for command in begins:
        assert trial.exchange(build_request(command), till.world) == build_answer(FnCode.OK)
    answer = trial.exchange(build_request(commit), till.world)
    assert answer is not None
    told = ReceiptResult.parse(parse_answer(answer)[1])
    assert till.fn.digest() == before
    assert set(world.asked) <= QUESTIONS
    made = till.sell() if commit == FnCommand.COMMIT_RECEIPT else till.open_shift()
    assert (told.number, told.receipt) == (made.number, made.receipt if isinstance(made, ReceiptResult) else made.shift)


def test_a_trial_asks_the_fn_itself_what_it_can() -> None:
    till = Till()
    trial, _ = trial_of(till)
    assert trial.exchange(STATUS, 0.0) == till.port.exchange(STATUS, 0.0)
    assert trial.copy().exchange(STATUS, 0.0) == till.port.exchange(STATUS, 0.0)


def test_a_trial_repeats_itself_and_refuses_what_is_damaged() -> None:
    trial, _ = trial_of(Till())
    assert trial.exchange(ENQ, 0.0) is None
    begun = trial.exchange(build_request(FnCommand.BEGIN_RECEIPT), 0.0)
    assert trial.exchange(ENQ, 0.0) == begun == build_answer(FnCode.OK)
    assert trial.exchange(STATUS[:-1] + b"\0", 0.0) == build_answer(FnCode.BAD_FORMAT)


def test_nothing_is_tried_of_an_fn_that_is_not_there_or_never_tried() -> None:
    till = Till()
    trial, world = trial_of(till)
    assert trial.exchange(build_request(FnCommand.RESET, b"\x16"), 0.0) is None
    assert trial.exchange(build_request(FnCommand.OPEN_SHIFT), 0.0) is None, "10h is refused before the registration"
    world.fn = silent
    assert trial.exchange(build_request(FnCommand.BEGIN_RECEIPT), 0.0) is None
