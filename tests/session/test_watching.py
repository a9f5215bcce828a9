"""Who looks on sees everything and changes nothing; our own bugs are told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kktsim.bench import Bench
from kktsim.device import HANDLERS, Kkt
from protocol.atol import link_v3
from protocol.atol.commands.printing import Beep

from .talk import ASYNC, Talk, add, hexes

MakeBench = Callable[..., Bench]


class Witness:
    """Writes down what it sees."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def message(self, request: bytes, reply: bytes) -> None:
        self.seen.append((hexes(request), hexes(reply)))

    def bytes_in(self, data: bytes) -> None:
        self.seen.append((">>", hexes(data)))

    def bytes_out(self, data: bytes) -> None:
        self.seen.append(("<<", hexes(data)))

    def not_understood(self, data: bytes) -> None:
        self.seen.append(("not understood", hexes(data)))

    def junk(self, data: bytes) -> None:
        self.seen.append(("junk", hexes(data)))

    def bug(self, request: bytes, error: Exception) -> None:
        self.seen.append((hexes(request), str(error)))


@pytest.fixture
def talk(bench: Bench) -> Talk:
    talk = Talk(bench)
    talk.does("48")
    return talk


def test_a_watcher_sees_bytes_and_messages_in_their_order(talk: Talk) -> None:
    talk.line.session.watcher = witness = Witness()
    request = link_v3.encode(1, add(1, "45"))
    answer = talk.says(request)
    assert witness.seen == [(">>", hexes(request)), ("00 00 45", "55 00 00"), ("<<", hexes(answer))]
    witness.seen.clear()
    talk.v2("47")
    assert [pair for pair in witness.seen if pair[0] not in (">>", "<<")] == [("00 00 47", "55 00 00")]


def test_a_watcher_sees_what_the_till_says_by_itself(talk: Talk) -> None:
    talk.does("56 02 00 00 00 30")
    talk.does("67 01")
    talk.add(1, "47")
    talk.line.session.watcher = witness = Witness()
    came = talk.waits(1.0)
    assert witness.seen == [("00 00 47", "55 00 00"), ("<<", hexes(came))]


def test_a_watcher_sees_junk_as_it_comes(bench: Bench) -> None:
    talk = Talk(bench)
    talk.line.session.watcher = witness = Witness()
    talk.says(b"AT")
    talk.says(b"\r")
    assert [told for what, told in witness.seen if what == "junk"] == ["41 54", "0D"]


def break_down(kkt: Kkt, request: Beep, at: float) -> bytes:
    raise ZeroDivisionError("a bug of ours")


def test_a_bug_of_ours_is_told_and_the_host_gets_a_correct_error(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, Beep.code, replace(HANDLERS[Beep.code], handler=break_down))
    with pytest.raises(ZeroDivisionError):
        Talk(talk.bench.fork()).add(1, "47")
    talk.line.session.watcher = witness = Witness()
    assert talk.add(1, "47") == [(1, "A2"), (ASYNC, "A7 01 55 F6 03")]
    assert ("00 00 47", "a bug of ours") in witness.seen
    talk.v3(2, "C4")
    assert talk.does("45") == "55 00 00"
