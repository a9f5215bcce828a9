"""The exchange with an OFD in a trace: who writes it, what `decode` tells of it, and that no host plays it."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kktsim.bench import Bench
from kktsim.cli import main
from kktsim.decode import Side
from kktsim.hands.bench import BenchHands
from kktsim.ofd.events import Failed, NetworkTrouble
from kktsim.ofd_trace import ConnectionRecorder, TillRecorder, connection_name
from kktsim.trace import Entry, Header, Trace, TraceError, header_line, is_ofd, read, write_header
from protocol.ofd import session
from tests.device.desk import Desk
from tests.protocol.test_ofd_vectors import RE_REGISTRATION, RE_REGISTRATION_HEADER

NAME = "ofd ofd.example:7777 #1"
ABORT = "FE 01 00 00 C4 02"


def recorded(bench: Bench, play: Callable[[Desk], None]) -> Trace:
    """The till's exchange while something is done with it; one second of host time an entry."""
    out = StringIO()
    write_header(out, Header())
    times = iter(range(1, 10_000))
    bench.network.watcher = TillRecorder(out, lambda: float(next(times)), 0.0)
    play(Desk(bench))
    return read(out.getvalue())


def told(trace: Trace) -> list[tuple[str, str]]:
    """Each entry as its port, and who spoke or what became of the connection."""
    return [(entry.port, entry.side.value if entry.side else entry.connection) for entry in trace.entries]


def test_a_document_is_one_connection(make_bench: Callable[..., Bench]) -> None:
    def play(desk: Desk) -> None:
        desk.sell()
        desk.bench.run_due()

    trace = recorded(make_bench("shift-open"), play)
    assert told(trace) == [(NAME, "opened"), (NAME, "till"), (NAME, "ofd"), (NAME, "closed by till")]
    assert [entry.t for entry in trace.entries] == [1.0, 2.0, 3.0, 4.0]
    till, ofd = (entry.data for entry in trace.entries if entry.side is not None)
    assert till[: len(session.SIGNATURE)] == ofd[: len(session.SIGNATURE)] == session.SIGNATURE


def test_why_there_is_no_connection_is_told(make_bench: Callable[..., Bench]) -> None:
    def play(desk: Desk) -> None:
        BenchHands(desk.bench).ofd_down()
        desk.sell()
        desk.bench.run_due()

    assert told(recorded(make_bench("shift-open"), play)) == [(NAME, "refused")]


def test_a_fork_is_not_recorded(make_bench: Callable[..., Bench]) -> None:
    def play(desk: Desk) -> None:
        desk.bench.fork().network.call("ofd.example", 7777, None, "", desk.bench.world)

    assert recorded(make_bench("shift-open"), play).entries == ()


def test_what_ends_without_a_call_is_not_told() -> None:
    out = StringIO()
    recorder = TillRecorder(out, lambda: 0.0, 0.0)
    recorder.hung_up()
    recorder.heard(Failed(NetworkTrouble.REFUSED))
    recorder.said(b"\0")
    assert out.getvalue() == ""
    recorder.called("ofd.example", 7777)
    recorder.hung_up()
    recorder.hung_up()
    assert out.getvalue().count("\n") == 1 and '"given up by till"' in out.getvalue()


# ---- the format


def whole(*lines: str) -> str:
    return "".join(f"{line}\n" for line in (header_line(Header()), *lines))


def test_a_connection_is_a_port_by_its_name() -> None:
    name = connection_name("127.0.0.1", 7777, 3)
    assert name == "ofd 127.0.0.1:7777 #3" and is_ofd(name) and not is_ofd("127.0.0.1:7777")
    trace = read(whole(f'{{"port": "{name}", "connection": "opened"}}', f'{{"dir": "host", "hex": "{ABORT}"}}'))
    assert trace.entries[0] == Entry(port=name, connection="opened")
    assert trace.ports() == [name, ""] and trace.without_ofd().ports() == [""]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"port": "ofd h:1 #1", "dir": "host", "hex": "00"}', 'on ofd h:1 #1 the "till" and the "ofd" speak'),
        ('{"port": "kkt0", "dir": "ofd", "hex": "00"}', 'is called "ofd HOST:PORT #N"'),
        ('{"dir": "till", "connection": "opened"}', 'is called "ofd HOST:PORT #N"'),
        ('{"port": "ofd h:1 #1", "connection": 1}', '"connection" is 1, it must be a text'),
    ],
)
def test_who_cannot_speak_there_is_an_error(line: str, words: str) -> None:
    with pytest.raises(TraceError) as caught:
        read(whole(line, "{}"))
    assert str(caught.value).startswith("line 2: ") and words in str(caught.value)


# ---- the command line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A trace with a host and two connections to an OFD, on the second of which a message is cut."""
    out = StringIO()
    write_header(out, Header())
    message, half = RE_REGISTRATION_HEADER + RE_REGISTRATION, len(RE_REGISTRATION) // 2
    times = iter((1.0, 2.0, 60.0, 61.0, 62.0, 63.0, 64.0))
    first, second = (ConnectionRecorder(out, f"{NAME[:-1]}{one}", lambda: next(times), 0.0) for one in (1, 2))
    first.became("opened from 127.0.0.1:50000")
    first.said(Side.TILL, message[:half])
    first.said(Side.TILL, message[half:])
    first.became("closed by till")
    second.became("opened")
    second.said(Side.TILL, message[:half])
    second.became("closed by ofd")
    file = tmp_path / "talk.jsonl"
    file.write_text(out.getvalue() + f'{{"t": 65, "port": "kkt0", "dir": "host", "hex": "{ABORT}"}}\n')
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_decode_tells_connections_and_whole_messages(file: Path) -> None:
    lines = run("decode", str(file)).stdout.splitlines()
    assert [line.partition(" 2A ")[0] for line in lines if re.match(r" +\d+\.\d{3} ", line)] == [
        "     1.000 ofd ofd.example:7777 #1 ·· соединение / connection: opened from 127.0.0.1:50000",
        "    60.000 ofd ofd.example:7777 #1 <<",
        "    61.000 ofd ofd.example:7777 #1 ·· соединение / connection: closed by till",
        "    62.000 ofd ofd.example:7777 #2 ·· соединение / connection: opened",
        "    64.000 ofd ofd.example:7777 #2 <<",
        "    64.000 ofd ofd.example:7777 #2 ·· соединение / connection: closed by ofd",
        "    65.000 kkt0 >> FE 01 00 00 C4 02",
    ]
    assert "        1018 ИНН пользователя / userInn: «7702203276»" in lines
    assert sum("the message ends here" in line for line in lines) == 1


def test_decode_takes_one_connection_alone(file: Path) -> None:
    shown = run("decode", str(file), "--trace-port", f"{NAME[:-1]}2", "--json").stdout
    assert '"connection"' in shown and '"FE 01' not in shown


def test_replay_leaves_the_exchange_out_and_says_so(file: Path) -> None:
    done = run("replay", str(file), "--port", "/nowhere/kkt0")
    assert done.exit_code == 3
    assert "the exchange with an OFD that the trace has is left out" in done.stderr


@pytest.mark.parametrize("options", [(), ("--trace-port", NAME)])
def test_an_exchange_alone_is_not_played(file: Path, options: tuple[str, ...]) -> None:
    if not options:
        file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))
    done = run("replay", str(file), "--port", "/nowhere/kkt0", *options)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "only an exchange with an OFD: `kktsim decode` tells it in words" in done.stderr
