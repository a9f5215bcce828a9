"""What a real v2 driver writes is answered as it wants, each write by one thing and nothing more."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from protocol.atol.link_v2 import DeviceLink
from protocol.atol.link_v2_frame import T2, Decoder, encode

RECORD = tomllib.loads(Path(__file__).with_name("v2_dialogues.toml").read_text("utf-8"))
DIALOGUES: list[dict[str, Any]] = RECORD["dialogue"]
DONE = "55 00 00"
by_name = pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue["name"])


def unframe(wire: bytes) -> bytes:
    decoder = Decoder()
    [frame] = [frame for byte in wire if (frame := decoder.feed(byte)) is not None]
    assert frame.data is not None
    return frame.data


class Replay:
    """A driver that writes what was recorded, and a trivial till behind the link."""

    def __init__(self, piece: int) -> None:
        self.link = DeviceLink()
        self.now = 0.0
        self.executed: list[bytes] = []
        self.answer = b""
        self._piece = piece

    def write(self, data: bytes) -> bytes:
        """What the till writes to this, until it waits for the driver again."""
        out = b""
        for start in range(0, len(data), self._piece):
            self.now += 0.0001
            out += self.link.receive(data[start : start + self._piece], self.now)
            message = self.link.take_message()
            if message is not None:
                self.executed.append(message)
                out += self.link.reply(self.answer, self.now)
        return out

    def exchange(self, exchange: dict[str, Any]) -> None:
        self.now += exchange.get("pause_ms", 0) / 1000
        self.answer = bytes.fromhex(exchange.get("accepted", DONE))
        meanings = {"frame": bytes.fromhex(exchange["frame"]), "answer": encode(self.answer)}
        for step in RECORD["step"]:
            written, expected = (meanings.get(step[key]) or bytes.fromhex(step[key]) for key in ("writes", "waits_for"))
            assert self.write(written) == expected
            if step["waits_for"] == "answer":
                self._refuse(exchange.get("damaged_answers", 0), expected)

    def _refuse(self, times: int, answer: bytes) -> None:
        for _ in range(times):
            assert self.write(bytes.fromhex(RECORD["damaged_answer"]["writes"])) == b""
            deadline = self.link.deadline
            assert deadline is not None and deadline - self.now < T2
            self.now = deadline
            assert self.link.tick(self.now) == answer


@pytest.mark.parametrize("piece", [1, 2, 300])
@by_name
def test_the_driver_gets_what_it_waits_for_at_every_step(dialogue: dict[str, Any], piece: int) -> None:
    replay = Replay(piece)
    for exchange in dialogue["exchange"]:
        replay.exchange(exchange)
        assert replay.link.is_idle and replay.link.deadline is None
    assert replay.executed == [unframe(bytes.fromhex(exchange["frame"])) for exchange in dialogue["exchange"]]


@by_name
def test_the_record_of_the_driver_is_consistent(dialogue: dict[str, Any]) -> None:
    for exchange in dialogue["exchange"]:
        frame = bytes.fromhex(exchange["frame"])
        assert encode(unframe(frame)) == frame
        assert unframe(frame)[2] == int(exchange["command"], 16)


def test_a_driver_that_gives_up_leaves_the_line_as_it_was() -> None:
    replay = Replay(1)
    enq, eot = map(bytes.fromhex, RECORD["unserved"]["writes"])
    assert replay.write(enq) == bytes.fromhex(RECORD["step"][0]["waits_for"])
    assert replay.write(eot) == b""
    assert replay.link.is_idle and replay.link.deadline is None
    replay.exchange(DIALOGUES[0]["exchange"][0])
