"""`kktsim fn serve` as people run it: an FN alone on its ports, in frames."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from fn_model import load_model
from fn_model.sqlite_archive import SqliteArchive
from kktsim.shelf import FIRST_FN_NUMBER
from protocol.fn.answers import FnStatus
from protocol.fn.commands import FnCode, FnCommand, Phase
from protocol.fn.frame import ENQ, MAX_DATA, build_answer, build_request, parse_answer
from protocol.fn.stream import FrameStream

from .served import FN, Served, kktsim, serve

NUMBER = build_request(FnCommand.NUMBER)
DIALOGUES_PATIENCE_SECONDS = 280


@pytest.fixture
def link(tmp_path: Path) -> str:
    """Where the FN's terminal is to be found."""
    return str(tmp_path / "fn")


class Board:
    """A KKT's board that is being developed: writes bytes, reads frames."""

    def __init__(self, port: serial.SerialBase) -> None:
        self._port = port

    def asks(self, data: bytes) -> bytes:
        """The frame that comes back."""
        self.writes(data)
        stream = FrameStream(takes_enq=False)
        while True:
            byte = self._port.read(1)
            assert byte, f"nothing came back for {data[:16].hex(' ')}"
            found = stream.feed(byte, 0.0)
            if found:
                return found[0]

    def writes(self, data: bytes) -> None:
        """Bytes for the FN."""
        self._port.write(data)

    def seconds(self, data: bytes) -> float:
        """How long it takes until the whole frame is back."""
        started = time.monotonic()
        self.asks(data)
        return time.monotonic() - started

    def told(self, command: int, data: bytes = b"") -> bytes:
        """The data of a good answer."""
        code, answer = parse_answer(self.asks(build_request(command, data)))
        assert code == FnCode.OK
        return answer


@contextmanager
def board(port: str) -> Iterator[Board]:
    """A board with its port open."""
    with serial.serial_for_url(port, baudrate=115_200, timeout=10) as opened:
        yield Board(opened)


def test_it_says_when_its_ports_are_ready_and_leaves_nothing_behind(link: str) -> None:
    with serve("--port", f"pty:{link}", "--port", "tcp:0", "--port", "rfc2217:0", what=FN) as served:
        assert served.says("ready") == link
        assert served.says("ready").startswith("127.0.0.1:")
        assert served.says("ready").startswith("rfc2217://127.0.0.1:")
    assert list(Path(link).parent.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_good_order(link: str, number: int) -> None:
    served = Served("--port", f"pty:{link}", what=FN)
    served.says("ready")
    assert served.stop(number) == 0
    assert served.stderr == ""
    assert list(Path(link).parent.iterdir()) == []


def test_it_speaks_frames_and_repeats_its_last_answer_on_enq(link: str) -> None:
    with (
        serve("--port", f"pty:{link}", "--number", "9999078900004321", what=FN) as served,
        board(served.says("ready")) as one,
    ):
        answer = one.asks(NUMBER)
        assert answer == build_answer(0, b"9999078900004321")
        assert [one.asks(ENQ) for _ in range(3)] == [answer] * 3
        assert FnStatus.parse(one.told(FnCommand.STATUS)).phase is Phase.READY


def test_a_damaged_frame_is_refused_and_one_cut_short_costs_only_itself(link: str) -> None:
    with serve("--port", f"pty:{link}", what=FN) as served, board(served.says("ready")) as one:
        assert one.asks(NUMBER[:-1] + b"\0") == build_answer(FnCode.BAD_FORMAT)
        one.writes(build_request(FnCommand.ADD_DATA, bytes(MAX_DATA))[:100])
        assert one.asks(b"\xff" + NUMBER) == build_answer(0, FIRST_FN_NUMBER.encode())


def test_half_a_frame_of_one_board_is_not_the_next_ones(link: str) -> None:
    with serve("--port", f"pty:{link}", what=FN) as served:
        port = served.says("ready")
        with board(port) as one:
            one.told(FnCommand.BEGIN_REGISTRATION)
            one.writes(build_request(FnCommand.ADD_DATA, bytes(40))[:9])
        with board(port) as two:
            assert FnStatus.parse(two.told(FnCommand.STATUS)).document != 0, "closing a port takes no power from an FN"


def test_all_its_ports_lead_to_one_fn(link: str) -> None:
    with serve("--port", f"pty:{link}", "--port", "tcp:0", what=FN) as served:
        ports = [served.says("ready"), f"socket://{served.says('ready')}"]
        with board(ports[0]) as one, board(ports[1]) as two:
            one.told(FnCommand.BEGIN_REGISTRATION)
            assert FnStatus.parse(two.told(FnCommand.STATUS)).document != 0


def test_what_it_is_told_outlives_the_process_in_its_file(link: str, tmp_path: Path) -> None:
    file = tmp_path / "one.fn"
    SqliteArchive.create(file, "9999078900000042", load_model()).close()
    for _ in range(2):
        with serve("--port", f"pty:{link}", "--fn", str(file), what=FN) as served, board(served.says("ready")) as one:
            assert one.told(FnCommand.NUMBER) == b"9999078900000042"


def test_a_file_that_another_process_serves_is_refused(link: str, tmp_path: Path) -> None:
    file = tmp_path / "one.fn"
    SqliteArchive.create(file, FIRST_FN_NUMBER, load_model()).close()
    with serve("--port", f"pty:{link}", "--fn", str(file), what=FN) as served:
        served.says("ready")
        done = kktsim("fn", "serve", "--port", "tcp:0", "--fn", str(file))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "in use by another process" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "serial:1"), "is not a port"),
        (("--number", "9282000100012345"), "begin it with 9999"),
        (("--number", "42"), "has 16 digits"),
        (("--fn-model", "fn-7"), "fn-1-1-15"),
        (("--at", "noon"), "no date and time"),
        (("--fn", "a.fn", "--number", "9999078900000042"), "leave --fn-model, --fn-set and --number out"),
        (("--fn", "a.fn", "--fn-set", "ofd_sign=any"), "leave --fn-model, --fn-set and --number out"),
        (("--fn-set", "ofd_sign=none"), "ofd_sign cannot be 'none'; choose one of stand-in, any"),
        (("--fn", "9999078900000042"), "--home"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_one_sentence(arguments: tuple[str, ...], words: str) -> None:
    done = kktsim("fn", "serve", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words in done.stderr


def test_a_name_that_is_taken_is_told_and_the_other_goes_on(link: str) -> None:
    with serve("--port", f"pty:{link}", what=FN) as served:
        served.says("ready")
        done = kktsim("fn", "serve", "--port", f"pty:{link}")
        assert done.returncode == 3
        assert f"served by process {served.process.pid}" in done.stderr
        with board(link) as one:
            assert one.told(FnCommand.NUMBER) == FIRST_FN_NUMBER.encode()


def test_with_v_it_shows_frames_and_what_they_mean(link: str) -> None:
    served = Served("--port", f"pty:{link}", "-v", what=FN)
    with board(served.says("ready")) as one:
        one.asks(NUMBER)
        one.asks(ENQ)
    assert served.stop() == 0
    told = served.stderr
    assert f"{link} >> {NUMBER.hex(' ').upper()}" in told
    assert "NUMBER «Запрос номера ФН»" in told
    assert told.count(FIRST_FN_NUMBER) == 2
    assert f"{link} >> 05" in told


def test_a_board_that_makes_it_faster_is_answered_faster(link: str) -> None:
    """30h and its answer are 42 bytes of 10 bits."""
    model = ("--fn-model", "fn-1-1m-15")
    with (
        serve("--port", f"pty:{link}", *model, "--pace", "real", what=FN) as served,
        board(served.says("ready")) as one,
    ):
        one.told(FnCommand.SET_SPEED, (9600).to_bytes(4, "little"))
        slow = one.seconds(build_request(FnCommand.STATUS))
        one.told(FnCommand.SET_SPEED, (921_600).to_bytes(4, "little"))
        fast = min(one.seconds(build_request(FnCommand.STATUS)) for _ in range(10))
    assert slow > 42 * 10 / 9600 > fast


def test_every_dialogue_of_the_fns_tests_is_the_same_over_a_pty() -> None:
    """Every second file of them is run again, each exchange twice: in process on a fork, and over the PTY."""
    tests = Path(__file__).parent.parent / "fn"
    modules = [str(path) for path in sorted(tests.glob("test_*.py")) if _talks_in_memory(path)][::2]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-p", "tests.fn.over_pty", *modules],
        capture_output=True,
        text=True,
        timeout=DIALOGUES_PATIENCE_SECONDS,
        check=False,
        cwd=tests.parent.parent,
        env=os.environ | {"HYPOTHESIS_PROFILE": "ci"},
    )
    assert done.returncode == 0, done.stdout[-4000:]
    exchanges = re.search(r"(\d+) exchanges over the PTY", done.stdout)
    assert exchanges is not None and int(exchanges[1]) > 3_000


def _talks_in_memory(path: Path) -> bool:
    """The matrix has a test of its own; the rule machine is a walk, not a dialogue."""
    text = path.read_text("utf-8")
    is_walk = "machine" in path.name or "matrix" in path.name
    return "fn_till" in text and "sqlite" not in text.lower() and not is_walk
