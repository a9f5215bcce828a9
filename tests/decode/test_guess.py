"""Bytes of which nothing is known: the link and who sent them are guessed, and nothing ever raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.decode import Dialogue, Link, Side, as_json, lines, summary
from kktsim.decode.dump import NotHexError, read
from kktsim.decode.guess import link_of, pieces
from protocol.atol import link_v2_frame, link_v3
from protocol.fn import frame

from .told import one

V3 = link_v3.encode(1, bytes.fromhex("C1 01 05 00 00 3F")).hex()
GUESSES = {
    V3: (Link.V3, Side.HOST),
    "24 40 0D FE 01 00 00 C4 02": (Link.V3, None),
    "FE 01 00": (Link.V3, None),
    "FE 06 00 F0 A6 05 55 00 00 00": (Link.V3, None),
    link_v3.encode(0xF0, bytes.fromhex("A6 05 55 00 00")).hex(): (Link.V3, Side.TILL),
    link_v2_frame.encode(bytes.fromhex("00 00 3F")).hex(): (Link.V2, Side.HOST),
    link_v2_frame.encode(bytes.fromhex("55 00 00")).hex(): (Link.V2, Side.TILL),
    "05": (Link.V2, Side.HOST),
    frame.build_request(0x30).hex(): (Link.FN, Side.HOST),
    "04 01 00 30 00 00": (Link.FN, Side.HOST),
    "00 00 92 00 01": (Link.APP, Side.HOST),
    "92 00 01": (Link.APP, Side.HOST),
    "55 9B 00": (Link.APP, Side.TILL),
    "44" + "00" * 29: (Link.APP, Side.TILL),
    "F0 03 03 00 41 42 43": (Link.TLV, None),
}


@pytest.mark.parametrize(("wire", "link", "side"), [(wire, *told) for wire, told in GUESSES.items()])
def test_what_bytes_are_is_guessed(wire: str, link: Link, side: Side | None) -> None:
    data = bytes.fromhex(wire)
    assert link_of(data) is link
    if side is not None:
        assert one(wire).side is side


@pytest.mark.parametrize("wire", ["", "01", "FF FF FF", "7F 00 12 34"])
def test_what_looks_like_nothing_is_not_guessed(wire: str) -> None:
    assert link_of(bytes.fromhex(wire)) is None


SIDES = st.sampled_from(Side)
TELLING = st.sampled_from([0xFE, 0xFD, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x55, 0xC1, 0xA3, 0xA4, 0xE8, 0x91, 0x00])
NOISE = st.lists(TELLING | st.integers(0, 255), max_size=60).map(bytes)
BODIES = NOISE | NOISE.map(lambda data: link_v3.encode(1, data)) | NOISE.map(link_v2_frame.encode)


@given(turns=st.lists(st.tuples(SIDES, BODIES), max_size=8), link=st.sampled_from([None, *Link]))
def test_a_dialogue_of_any_bytes_is_told_and_no_byte_is_lost(
    turns: list[tuple[Side, bytes]], link: Link | None
) -> None:
    dialogue = Dialogue(link)
    told = [piece for side, data in turns for piece in dialogue.feed(side, data)] + dialogue.finish()
    for piece in told:
        assert list(lines(piece)) and summary(piece) and as_json(piece)["kind"] == piece.kind
    for side in Side:
        said = b"".join(data for one, data in turns if one is side)
        assert sorted(b"".join(piece.data for piece in told if piece.side is side)) == sorted(said)


@given(data=BODIES, side=st.none() | SIDES, link=st.sampled_from(Link))
def test_any_bytes_are_told_as_any_link(data: bytes, side: Side | None, link: Link) -> None:
    link_of(data)
    if data:
        assert [text for piece in pieces(data, link, side) for text in lines(piece)]


@given(text=st.text("0123456789abcdefABCDEFxh\\, \n>:<;#'\"b-|TXRКТ", max_size=60))
def test_any_text_is_hex_or_said_to_be_none(text: str) -> None:
    try:
        found = read(text)
    except NotHexError:
        return
    assert found
