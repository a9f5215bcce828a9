"""Lower level v2 in words: control bytes, frames, inserted DLEs; the last request gives the answer its layout."""

import pytest

from kktsim.decode import Link, Side
from protocol.atol import link_v2_frame

from .told import dialogue, of, one, text, troubles, values


def frame(data: str) -> str:
    return link_v2_frame.encode(bytes.fromhex(data)).hex(" ")


EXCHANGE = ("05", "06", frame("00 00 45"), "06", "04", "05", "06", frame("55 01 00"), "06", "04")


def test_an_exchange_is_told_step_by_step() -> None:
    pieces = dialogue(*EXCHANGE)
    assert [piece.title.split()[1] for piece in pieces if piece.kind == "v2" and not piece.inside] == [
        *("ENQ", "ACK", "ACK", "EOT", "ENQ", "ACK", "ACK", "EOT")
    ]
    assert "45h StateCode" in text(pieces[2])
    assert values(pieces[7]) == {"mode": "1 регистрация", "flags": "00h"}


def test_who_speaks_is_known_by_the_place_in_the_exchange() -> None:
    host, till = Side.HOST, Side.TILL
    sides = [piece.side for piece in of("".join(EXCHANGE))]
    assert sides == [host, till, host, till, host, till, host, till, host, till]


def test_inserted_bytes_are_told_and_taken_out() -> None:
    piece = one(frame("00 00 56 03 00 00 00 30"))
    assert values(piece)["escapes"] == "«DLE × 1»"
    assert values(piece)["mode"] == "3 отчёты с гашением"


BROKEN = {
    "02 00 00 3F 03 3D": "byte 5: the check byte is 3D, it should be 3C",
    "02 00 00 3F": "byte 4: the stream ends before ETX and the check byte",
    "02 00 10": "byte 3: the stream ends before ETX and the check byte",
}


@pytest.mark.parametrize(("wire", "told"), BROKEN.items())
def test_a_broken_frame_says_what_is_wrong_at_which_byte(wire: str, told: str) -> None:
    assert troubles(one(wire, Link.V2)) == [told]


def test_junk_between_frames_is_told_as_junk() -> None:
    assert [piece.kind for piece in of("00 00 00 00 05 06 7F 04", Link.V2)] == ["junk", "v2", "v2", "junk", "v2"]


def test_one_port_may_change_from_link_to_link() -> None:
    kinds = [piece.kind for piece in dialogue(*EXCHANGE, "FE 01 00 00 C4 02", "FE 01 00 00 A3 2E", *EXCHANGE)]
    assert kinds == ["v2"] * 10 + ["v3"] * 2 + ["v2"] * 10
