"""Frames of link v2: what was encoded comes back, and no bytes upset the decoder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.atol.link_v2_frame import Decoder, encode

DONE = bytes.fromhex("550000")


def decode(data: bytes) -> list[bytes | None]:
    decoder = Decoder()
    return [frame.data for byte in data if (frame := decoder.feed(byte)) is not None]


@pytest.mark.parametrize(
    ("data", "wire"),
    [
        ("1F 00 FF 10 02 03 1A", "02 1F 00 FF 10 10 02 10 03 1A 03 E8"),
        ("00 00 3F", "02 00 00 3F 03 3C"),
        ("00 00 56 01 00 00 00 30", "02 00 00 56 01 00 00 00 30 03 64"),
        ("00 00 9D 03", "02 00 00 9D 10 03 03 8D"),
        ("55 00 00", "02 55 00 00 03 56"),
        ("", "02 03 03"),
    ],
)
def test_frames_are_those_of_the_protocol(data: str, wire: str) -> None:
    assert encode(bytes.fromhex(data)) == bytes.fromhex(wire)
    assert decode(bytes.fromhex(wire)) == [bytes.fromhex(data)]


@given(
    st.lists(st.binary(max_size=300), max_size=5), st.binary(max_size=10).map(lambda junk: junk.replace(b"\x02", b""))
)
def test_every_frame_comes_back_and_junk_between_frames_is_skipped(payloads: list[bytes], junk: bytes) -> None:
    assert decode(b"".join(junk + encode(payload) for payload in payloads) + junk) == payloads


@given(st.binary(max_size=64), st.data())
def test_a_changed_byte_never_gives_back_the_same_data(payload: bytes, data: st.DataObject) -> None:
    wire = bytearray(encode(payload))
    index = data.draw(st.integers(0, len(wire) - 1))
    wire[index] ^= data.draw(st.integers(1, 255))
    assert payload not in decode(bytes(wire))


@given(st.binary(max_size=2000))
def test_the_decoder_takes_any_bytes(garbage: bytes) -> None:
    decode(garbage)


def test_a_frame_without_end_is_given_up() -> None:
    assert decode(b"\x02" + bytes(2000) + encode(DONE)) == [None, DONE]
