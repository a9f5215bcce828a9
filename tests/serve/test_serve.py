"""`kktsim serve` and `kktsim send` as people run them: ready lines, ports, signals, sentences."""

import json
import os
import signal
import socket
from pathlib import Path

import pytest
import serial
from click.testing import CliRunner

from kktsim.cli import main
from protocol.atol.link_v3 import encode

from .served import Served, kktsim, serve

ABORT, ABORTED = encode(0, b"\xc4"), encode(0, b"\xa3")


@pytest.fixture
def link(tmp_path: Path) -> str:
    """Where the till's terminal is to be found."""
    return str(tmp_path / "kkt")


def ask(port: str, data: bytes, size: int) -> bytes:
    """What a host reads that writes this."""
    with serial.serial_for_url(port, baudrate=115_200, timeout=10, write_timeout=10) as line:
        line.write(data)
        return bytes(line.read(size))


def test_it_says_when_its_ports_are_ready_and_leaves_nothing_behind(link: str) -> None:
    with serve("--port", f"pty:{link}", "--port", "tcp:0", "--control", "0") as served:
        assert served.says("ready") == link
        assert served.says("ready").startswith("127.0.0.1:")
        assert served.says("control").startswith("http://127.0.0.1:")
        assert os.path.islink(link)
    assert not os.path.lexists(link)
    assert not os.path.lexists(f"{link}.json")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(link: str, number: int) -> None:
    served = Served("--port", f"pty:{link}", "--control", "off")
    served.says("ready")
    assert served.stop(number) == 0
    assert served.stderr == ""
    assert list(Path(link).parent.iterdir()) == []


def test_beside_the_link_stands_who_serves_it(link: str) -> None:
    with serve("--port", f"pty:{link}", "--port", "tcp:0", "--control", "0") as served:
        ports = [served.says("ready") for _ in range(2)]
        control = served.says("control")
        record = json.loads(Path(f"{link}.json").read_text("utf-8"))
        assert record["pid"] == served.process.pid
        assert record["ports"] == ports
        assert record["control"] == control
        assert record["device"] == os.path.realpath(link)


def test_both_kinds_of_port_speak_for_one_till(link: str) -> None:
    with serve("--port", f"pty:{link}", "--port", "tcp:0", "--control", "off") as served:
        ports = [served.says("ready"), f"socket://{served.says('ready')}"]
        assert [ask(port, ABORT, len(ABORTED)) for port in ports] == [ABORTED] * 2
        entered = kktsim("send", "--port", ports[0], "48", "56 01 00 00 00 30")
        assert entered.returncode == 0, entered.stderr
        asked = kktsim("send", "--port", ports[1], "--json", "45")
        assert [row["reply"] for row in json.loads(asked.stdout)] == ["55 01 00"]


def test_a_day_is_typed_in_hex_and_read_in_words(link: str) -> None:
    commands = ("91 12 00 00", "48", "56 01 00 00 00 30", "9a00", "92 00 01", "59", "А4 20", "FF")
    with serve("--port", f"pty:{link}", "--control", "off", "--at", "2026-03-02T12:00", "--clock", "frozen") as served:
        served.says("ready")
        done = kktsim("send", "--port", link, "--json", *commands)
        assert done.returncode == 0
        assert done.stderr == "А4 20: Cyrillic letters taken for the digits they look like: A4 20\n"
        rows = json.loads(done.stdout)
        assert [row["code"] for row in rows] == [0, 0, 0, 0, 0, 0, 0, 0x7A]
        assert rows[0]["command"] == "ReadRegister" and rows[0]["fields"]["shift_is_open"] == 0
        assert rows[6]["request"] == "A4 20" and rows[6]["fields"]["unsent_documents"] == 0
        assert rows[7]["words"].startswith("(-12) ")
        shown = kktsim("send", "--port", link, "45")
        assert shown.stdout.splitlines()[:3] == ["> 45   StateCode", "< 55 01 00", "(0) Нет ошибок"]


def test_link_v2_is_spoken_on_the_same_port(link: str) -> None:
    with serve("--port", f"pty:{link}", "--control", "off") as served:
        served.says("ready")
        for lower_level in ("v2", "v3", "v2"):
            asked = kktsim("send", "--port", link, "--link", lower_level, "--json", "45")
            assert [row["reply"][:2] for row in json.loads(asked.stdout)] == ["55"]


@pytest.mark.parametrize("record", [b"", b"5", b'{"pid": 1}', b"\xff"])
def test_a_record_that_cannot_be_read_says_nothing_of_who_holds_the_port(link: str, record: bytes) -> None:
    with serve("--port", f"pty:{link}", "--control", "off") as served:
        served.says("ready")
        beside = Path(f"{link}.json")
        right = beside.read_bytes()
        beside.write_bytes(record)
        refused = kktsim("send", "--port", link, "45")
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (3, "", 1)
        assert refused.stderr.startswith(f"kktsim: {link} is held by process {served.process.pid} (")
        beside.write_bytes(right)
        assert kktsim("send", "--port", link, "45").returncode == 0


def test_a_port_that_a_program_holds_is_not_spoken_into(link: str) -> None:
    with serve("--port", f"pty:{link}", "--control", "off") as served:
        served.says("ready")
        with serial.Serial(link):
            refused = kktsim("send", "--port", link, "45")
        assert refused.returncode == 3
        assert refused.stderr.startswith(f"kktsim: {link} is held by process {os.getpid()} (")
        assert refused.stdout == ""
        assert kktsim("send", "--port", link, "45").returncode == 0


FOREIGN = {
    "modem": (b"AT\rAT&F\rATE0V1\rAT+CPIN?\r\n", "modem commands"),
    "ESC/POS": (b"\x1b@\x1b!\x00Receipt no. 0001 of the shop\n", "ESC/POS"),
    "HTTP": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "HTTP"),
    "text": (b"Hello, is anybody there? Hello!\r\n", "text"),
    "noise": (bytes(range(0x80, 0xA0)), "a wrong baud rate"),
}


def test_drivers_of_other_makes_are_named(link: str) -> None:
    links = [f"{link}{number}" for number in range(len(FOREIGN))]
    ports = [argument for one in links for argument in ("--port", f"pty:{one}")]
    with serve(*ports, "--control", "off") as served:
        assert [served.says("ready") for _ in links] == links
        for path, (written, words) in zip(links, FOREIGN.values(), strict=True):
            with serial.Serial(path, write_timeout=10) as line:
                line.write(written)
                assert f"{path}: nothing understood in" in served.complains()
                assert f"this looks like {words}" in served.complains()
            assert ask(path, ABORT, len(ABORTED)) == ABORTED


ANSWERED = {
    "Shtrih-M": (b"\x05\x02\x05\x11\x1e\x00\x00\x00\x0a" * 3, "the Shtrih-M protocol"),
    "bad sums": (b"\xfe\x01\x00\x00\xc4\x00" * 5, "lower level v3 with wrong check sums"),
}


@pytest.mark.parametrize(("written", "words"), ANSWERED.values(), ids=list(ANSWERED))
def test_drivers_whose_bytes_get_some_answer_are_named_too(link: str, written: bytes, words: str) -> None:
    with serve("--port", f"pty:{link}", "--control", "off") as served:
        served.says("ready")
        with serial.Serial(link, write_timeout=10) as line:
            line.write(written)
            assert f"{link}: nothing understood in" in served.complains()
            assert f"this looks like {words}" in served.complains()


def test_a_name_that_is_taken_is_refused_with_the_process_that_has_it(link: str) -> None:
    with serve("--port", f"pty:{link}", "--control", "off") as served:
        served.says("ready")
        second = kktsim("serve", "--port", f"pty:{link}", "--control", "off")
        assert second.returncode == 3
        assert f"{link} is served by process {served.process.pid}" in second.stderr


def test_nothing_is_ready_when_the_control_port_is_taken(link: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = kktsim("serve", "--port", f"pty:{link}", "--control", str(taken.getsockname()[1]))
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "The control API cannot listen on" in refused.stderr and not os.path.lexists(link)


def test_a_second_client_is_told_of_on_stderr(link: str) -> None:
    with serve("--port", "rfc2217:0", "--control", "off") as served:
        name = served.says("ready")
        place = ("127.0.0.1", int(name.rpartition(":")[2]))
        with socket.create_connection(place) as first, socket.create_connection(place):
            assert first.recv(1)
            assert served.complains() == f"{name}: a second client waits until the first has gone\n"


WRONG = {
    "model": (("--model", "atol-99"), "there is no till model 'atol-99'; choose one of: atol-11f, atol-15f,"),
    "state": (("--state", "broken"), "there is no state 'broken'; choose one of: factory, registered"),
    "port": (("--port", "com1"), "'com1' is not a port"),
    "remote port": (("--port", "tcp:0.0.0.0:5555"), "can be reached from other machines"),
    "time": (("--at", "yesterday"), "--at 'yesterday' is no date and time"),
    "zone": (("--at", "2026-03-02T12:00+03:00"), "names a time zone"),
    "control": (("--control", "on"), "--control 'on' is neither a port number nor `off`"),
}


@pytest.mark.parametrize(("arguments", "sentence"), WRONG.values(), ids=WRONG)
def test_what_is_asked_wrongly_is_answered_with_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    refused = CliRunner().invoke(main, ["serve", *arguments])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert sentence in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--port", "/nowhere/kkt", "45"), 3, "/nowhere/kkt does not exist: start `kktsim serve"),
        (("--port", "socket://127.0.0.1:1", "45"), 3, "cannot be opened"),
        (("--port", "/nowhere/kkt", "4G"), 2, "'4G' is not hexadecimal: write a command as"),
        (("--port", "/nowhere/kkt", "--password", "12", "45"), 2, "an access password has four digits"),
    ],
)
def test_what_cannot_be_sent_is_answered_with_one_sentence(
    arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    refused = CliRunner().invoke(main, ["send", *arguments])
    assert (refused.exit_code, refused.stdout) == (code, "")
    assert sentence in refused.stderr
