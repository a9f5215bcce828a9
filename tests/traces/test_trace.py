"""The format of traces, and who writes them: every byte of both directions, flushed line by line."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kktsim.decode import Side
from kktsim.trace import (
    Entry,
    Header,
    Recorder,
    Trace,
    TraceError,
    bytes_line,
    header_line,
    is_trace,
    read,
    write_header,
)
from tests.serve.served import KKTSIM, kktsim, serve

HEADER = Header("atol-77f", "registered", "2026-03-02T12:00:00", 7, ("one", "two"))


class Out:
    """A file that tells what has been flushed."""

    def __init__(self) -> None:
        self._written = ""
        self.flushed = ""

    def write(self, text: str) -> None:
        self._written += text

    def flush(self) -> None:
        self.flushed = self._written


def test_what_is_recorded_is_read_again() -> None:
    out = Out()
    times = iter((10.0, 10.25, 11.0))
    write_header(out, HEADER)
    recorder = Recorder(out, "one", lambda: next(times), 10.0)
    recorder.bytes_in(b"\x05")
    recorder.bytes_out(b"\x06")
    recorder.bytes_in(b"\x02\x03")
    assert is_trace(out.flushed)
    assert read(out.flushed) == Trace(
        HEADER,
        (
            Entry(0.0, "one", Side.HOST, b"\x05"),
            Entry(0.25, "one", Side.TILL, b"\x06"),
            Entry(1.0, "one", Side.HOST, b"\x02\x03"),
        ),
    )


def test_what_is_no_byte_of_the_line_is_not_recorded() -> None:
    out = Out()
    recorder = Recorder(out, "one", lambda: 0.0, 0.0)
    recorder.message(b"\0\0E", b"\x55\0\0")
    recorder.junk(b"AT")
    recorder.not_understood(b"AT")
    recorder.bug(b"", ValueError())
    assert out.flushed == ""


def whole(*lines: str) -> str:
    return "".join(f"{line}\n" for line in (header_line(HEADER), *lines))


LINE = bytes_line(0.5, "one", Side.HOST, b"\xfe")


@pytest.mark.parametrize("cut", range(1, len(LINE)))
def test_a_last_line_that_is_cut_off_is_left_out_and_told(cut: int) -> None:
    trace = read(whole(LINE) + LINE[:cut])
    assert trace.cut and trace.entries == read(whole(LINE)).entries


def test_a_trace_may_be_taken_port_by_port() -> None:
    other = bytes_line(0.6, "two", Side.TILL, b"\x06")
    trace = read(whole(LINE, other, '{"hands": "fn unplug"}'))
    assert trace.ports() == ["one", "two"]
    assert [entry.port for entry in trace.port("two").entries] == ["two", ""]


WRONG = {
    "": "the file is empty",
    "{}\n": 'line 1 is no header of a trace: "format" must be "kktsim-trace"',
    "[]\n": "line 1 is no JSON object",
    '{"format": "kktsim-trace"}\n': 'line 1: "version" is None, this program reads 1',
    '{"format": "kktsim-trace", "version": 1, "modell": ""}\n': "line 1: modell: no such key of a header",
    whole('{"dir": "host", "hex": "0"}'): 'line 2: "hex" is "0", it must be bytes in hexadecimal',
    whole('{"dir": "nobody"}'): 'line 2: "dir" is "nobody", it must be "host" or "till"',
    whole('{"dri": "host"}'): "line 2: dri: no such key",
    whole("{", LINE): "line 2 is no JSON",
    whole("{"): "line 2 is no JSON",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_what_is_no_trace_is_refused_with_its_line(text: str, told: str) -> None:
    with pytest.raises(TraceError) as caught:
        read(text)
    assert told in str(caught.value)


def test_serve_records_every_port_and_replay_finds_the_same_till(tmp_path: Path) -> None:
    file, first, second = tmp_path / "talk.jsonl", tmp_path / "kkt0", tmp_path / "kkt1"
    ports = (f"pty:{first}", "tcp:0", f"pty:{second}")
    asked = [argument for port in ports for argument in ("--port", port)]
    served = (*asked, "--model", "atol-77f", "--at", "2026-03-02T12:00", "--clock", "frozen", "--control", "off")
    with serve(*served, "--trace", str(file)) as till:
        names = [till.says("ready") for _ in ports]
        assert kktsim("send", "--port", names[0], "3F", "56 01 00 00 00 30", "9A 00").returncode == 0
        assert kktsim("send", "--port", f"tcp:{names[1]}", "45").returncode == 0
        assert kktsim("send", "--port", names[2], "--link", "v2", "45").returncode == 0
    trace = read(file.read_text("utf-8"))
    assert trace.header.ports == tuple(names) and trace.without_ofd().ports() == names
    assert [name for name in trace.ports() if name not in names] == ["ofd ofd.example:7777 #1"]
    assert (trace.header.model, trace.header.state) == ("atol-77f", "registered")
    assert trace.header.at == "2026-03-02T12:00:00"
    assert [entry.t for entry in trace.entries] == sorted(entry.t for entry in trace.entries)
    assert {entry.side for entry in trace.port(names[1]).entries} == {Side.HOST, Side.TILL}
    with serve(*served) as till:
        again = [till.says("ready") for _ in ports]
        again[1] = f"tcp:{again[1]}"
        for before, now in zip(names, again, strict=True):
            replay = kktsim("replay", str(file), "--trace-port", before, "--port", now)
            assert (replay.returncode, replay.stderr) == (0, ""), replay.stdout
        differs = kktsim("replay", str(file), "--trace-port", names[0], "--port", again[0])
        assert differs.returncode == 1 and "9Ch SHIFT_OPEN" in differs.stdout


def test_a_killed_process_has_recorded_all_that_was_answered(tmp_path: Path) -> None:
    file, link = tmp_path / "talk.jsonl", tmp_path / "kkt0"
    process = subprocess.Popen(
        [KKTSIM, "serve", "--port", f"pty:{link}", "--trace", str(file), "--control", "off"],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith(b"ready")
        asked = kktsim("send", "--port", str(link), "--json", "3F")
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    [row] = json.loads(asked.stdout)
    said = b"".join(entry.data for entry in read(file.read_text("utf-8")).entries if entry.side is Side.TILL)
    assert bytes.fromhex(row["reply"]) in said


def test_a_trace_that_cannot_be_written_is_said_before_anything_is_served(tmp_path: Path) -> None:
    told = kktsim("serve", "--port", f"pty:{tmp_path / 'kkt0'}", "--trace", str(tmp_path / "no" / "talk.jsonl"))
    assert told.returncode == 3
    assert "--trace" in told.stderr and "there is no directory" in told.stderr and told.stdout == ""


def test_a_till_that_nobody_records_loads_no_recorder() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, kktsim.cli.serve; print('kktsim.trace' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "False\n"
