"""`kktsim ofd serve` as people run it: an operator in a process of its own, and a till in another."""

import json
import re
import signal
import socket
from pathlib import Path

import pytest

from kktsim import trace
from tests.ofd.messages import EMPTY, FN, OTHER_FN, answers, message

from .served import PATIENCE_SECONDS, Served, kktsim, serve

OFD = ("ofd", "serve")


def ask(name: str, data: bytes) -> bytes:
    """What a till hears that says ``data``, speaks no more and waits for the operator to hang up."""
    host, _, port = name.rpartition(":")
    with socket.create_connection((host, int(port)), PATIENCE_SECONDS) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := client.recv(4096):
            answer += piece
    return answer


def kept(store: Path) -> list[tuple[str, int]]:
    """FN and number of the documents in a directory."""
    told = kktsim("ofd", "documents", "--json", "--store", str(store))
    assert told.returncode == 0, told.stderr
    return [(row["fn_number"], row["number"]) for row in json.loads(told.stdout)["documents"]]


def test_it_says_where_it_is_and_confirms_documents() -> None:
    with serve("--port", "0", what=OFD) as served:
        name = served.says("ready")
        assert re.fullmatch(r"127\.0\.0\.1:\d+", name)
        assert served.says("control").startswith("http://127.0.0.1:")
        assert len(answers(ask(name, message(1)))) == 1
        assert ask(name, message(1)) == ask(name, message(1))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_good_order_with_tills_connected(number: int) -> None:
    served = Served("--port", "0", "--control", "off", what=OFD)
    host, _, port = served.says("ready").rpartition(":")
    with socket.create_connection((host, int(port)), PATIENCE_SECONDS) as client:
        client.sendall(EMPTY)
        assert client.recv(100)
        assert served.stop(number) == 0
        assert served.stderr == ""


def test_what_was_confirmed_outlives_a_kill_and_a_restart(tmp_path: Path) -> None:
    where = ("--port", "0", "--control", "off", "--store", str(tmp_path / "operator"))
    served = Served(*where, what=OFD)
    first = ask(served.says("ready"), message(1) + message(2))
    assert len(answers(first)) == 2
    served.stop(signal.SIGKILL)
    assert kept(tmp_path / "operator") == [(FN, 1), (FN, 2)]
    with serve(*where, what=OFD) as again:
        assert ask(again.says("ready"), message(1) + message(2)) == first
        refused = kktsim("ofd", "serve", *where)
        assert refused.returncode == 3
        assert refused.stderr.count("\n") == 1 and "is open in another process" in refused.stderr
    assert kept(tmp_path / "operator") == [(FN, 1), (FN, 2)]


def test_its_failures_are_planned_over_its_control_api() -> None:
    with serve("--port", "0", what=OFD) as served:
        name, url = served.says("ready"), served.says("control")
        planned = kktsim("ofd", "fault", "lost_ack", "--control", url)
        assert planned.returncode == 0, planned.stderr
        assert ask(name, message(1)) == b""
        assert len(answers(ask(name, message(1)))) == 1
        told = json.loads(kktsim("ofd", "documents", "--json", "--control", url).stdout)
        assert [row["number"] for row in told["documents"]] == [1]


@pytest.mark.parametrize("command", [("ofd", "down"), ("ofd", "up"), ("ofd", "try"), ("state",)])
def test_who_asks_it_for_a_tills_hands_is_told_whom_to_ask(command: tuple[str, ...]) -> None:
    with serve("--port", "0", what=OFD) as served:
        refused = kktsim(*command, "--control", served.says("control")) if served.says("ready") else None
    assert refused is not None
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "an OFD without a till is served here; ask the till's `kktsim serve`" in refused.stderr


def test_it_tells_of_each_message_and_records_it(tmp_path: Path) -> None:
    record = tmp_path / "ofd.jsonl"
    with serve("--port", "0", "--control", "off", "-v", "--trace", str(record), what=OFD) as served:
        name = served.says("ready")
        answer = ask(name, message(7))
        ask(name, message(8)[:-1])
        ask(name, EMPTY)
        ask(name, b"HELO" * 10)
        told = [served.complains() for _ in range(5)]
    peers = [line.partition(" ")[0] for line in told]
    assert [line.partition(" ")[2] for line in told[:4]] == [
        f"FN {FN}, document 7 «кассовый чек»: confirmation of FN {FN}, document 7, answer 0\n",
        "half a message: no answer, the till hung up\n",
        f"FN {FN}, no document: a header without a confirmation\n",
        "no message of a till: no session header of an OFD: begins with 48 45 4c 4f 48 45\n",
    ]
    recorded = trace.read(record.read_text("utf-8"))
    assert recorded.header.ports == (f"ofd {name}",)
    assert recorded.ports() == [f"ofd {name} #{number}" for number in (1, 2, 3, 4)]
    assert [entry.data for entry in recorded.port(f"ofd {name} #1").entries if entry.side] == [message(7), answer]
    told_of = [line for line in record.read_text("utf-8").splitlines() if f'"opened from {peers[0]}"' in line]
    assert len(told_of) == 1


def test_a_full_disk_under_the_trace_ends_the_recording_alone() -> None:
    with serve("--port", "0", "--control", "off", "--trace", "/dev/full", what=OFD) as operator:
        name = operator.says("ready")
        assert "--trace /dev/full: No space left on device; nothing more is recorded" in operator.complains()
        assert len(answers(ask(name, message(1)))) == len(answers(ask(name, message(1)))) == 1
        with serve("--port", "tcp:0", "--control", "off", "--ofd", name, "--trace", "/dev/full") as till:
            sent = kktsim("send", "--port", f"socket://{till.says('ready')}", "48", "56 01 00 00 00 30", "9A 00")
            assert sent.returncode == 0, sent.stderr
            assert "nothing more is recorded" in till.complains()


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("garbage", "garbage"),
        ("header_only", "a header without a confirmation"),
        ("wrong_fn", f"confirmation of FN {FN[:-1]}0, document 1, answer 0"),
        ("wrong_fd", f"confirmation of FN {FN}, document 0, answer 0"),
        ("answer_14", f"confirmation of FN {FN}, document 1, answer 14"),
        ("lost_ack", "no answer, the operator hung up"),
    ],
)
def test_what_it_answers_wrongly_is_told_as_it_is(failure: str, told: str) -> None:
    with serve("--port", "0", "-v", what=OFD) as served:
        name, url = served.says("ready"), served.says("control")
        assert kktsim("ofd", "fault", failure, "--control", url).returncode == 0
        ask(name, message(1))
        assert served.complains().endswith(f" FN {FN}, document 1 «кассовый чек»: {told}\n")


def test_an_answer_too_many_and_a_damaged_one_are_told() -> None:
    with serve("--port", "0", "-v", what=OFD) as served:
        name, url = served.says("ready"), served.says("control")
        for failure in ("two_answers", "wrong_crc"):
            kktsim("ofd", "fault", failure, "--control", url)
        ask(name, message(1, OTHER_FN))
        ask(name, message(2, OTHER_FN))
        lines = [served.complains() for _ in range(3)]
        assert f"document 1 «кассовый чек» again: confirmation of FN {OTHER_FN}" in lines[1]
        assert "document 2 «кассовый чек»: a damaged confirmation (container CRC is" in lines[2]


def test_a_till_in_another_process_sends_its_documents_there() -> None:
    with serve("--port", "0", "-v", "--control", "off", what=OFD) as operator:
        name = operator.says("ready")
        with serve("--port", "tcp:0", "--control", "off", "--ofd", name) as till:
            opened = kktsim("send", "--port", f"socket://{till.says('ready')}", "48", "56 01 00 00 00 30", "9A 00")
            assert opened.returncode == 0, opened.stderr
            told = operator.complains()
            while told and "«отчет об открытии смены»" not in told:
                told = operator.complains()
            assert ", answer 0\n" in told


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--port", "0.0.0.0:7777"), 2, "not on this machine alone"),
        (("--port", "ofd.example:7777"), 2, "not on this machine alone"),
        (("--port", "[::]:7777"), 2, "not on this machine alone"),
        (("--port", "70000"), 2, "names no TCP port"),
        (("--port", "9" * 5000), 2, "names no TCP port"),
        (("--port", "127.0.0.1"), 2, "names no TCP port"),
        (("--port", "0", "--control", "none"), 2, "neither a port number nor `off`"),
        (("--port", "0", "--store", "/dev/null/documents"), 3, "cannot be made"),
        (("--port", "0", "--store", ""), 2, "--store names no directory"),
        (("--port", "0", "--store", "/nowhere/at/all"), 3, "there is no directory /nowhere/at: make it first"),
        (("--port", "0", "--trace", "/nowhere/at/all"), 3, "there is no directory /nowhere/at: make it first"),
        (("--port", "0", "--trace", __file__), 2, "is a file that is no trace"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(arguments: tuple[str, ...], code: int, sentence: str) -> None:
    refused = kktsim("ofd", "serve", *arguments)
    assert (refused.returncode, refused.stdout) == (code, "")
    assert sentence in refused.stderr and refused.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    with serve("--port", "0", "--control", "off", what=OFD) as served:
        name = served.says("ready")
        refused = kktsim("ofd", "serve", "--port", name)
        assert refused.returncode == 3
        assert refused.stderr == (
            f"kktsim: Cannot listen on {name}: Address already in use. Stop the program that listens there, or use"
            " port 0 for any free one.\n"
        )
