"""Frames of link v3: published vectors, any split of a stream, garbage, damage."""

from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from protocol.atol.link_v3 import ASYNC_ID, ESCAPE, START, Decoder, Frame, encode
from protocol.checksums import crc8

VECTORS = (  # an independent driver's tests, an ATOL driver's log, a real Evotor's log
    (0x01, "", "FE 00 00 01 9D"),
    (0xF0, "A6 57 55 00 00", "FE 05 00 F0 A6 57 55 00 00 FD EE"),
    (0x01, "C4", "FE 01 00 01 C4 F6"),
    (0x01, "A3", "FE 01 00 01 A3 DA"),
    (0x02, "C1 01 01 00 00 3F", "FE 06 00 02 C1 01 01 00 00 3F ED"),
    (0x02, "C1 01 0B 00 00 56 01 00 00 00 30", "FE 0B 00 02 C1 01 0B 00 00 56 01 00 00 00 30 A8"),
    (0x2F, "A5 D5", "FE 02 00 2F A5 D5 FA"),
    (0xDE, "C1 05 DE", "FE 03 00 DE C1 05 DE E6"),
    (0xF0, "A7 D5 55 13 00", "FE 05 00 F0 A7 D5 55 13 00 98"),
    (0x31, "A3 55 00 00", "FE 04 00 31 A3 55 00 00 E0"),
)

ids = st.integers(0, 0xF0)
frames = st.lists(st.tuples(ids, st.binary(max_size=200) | st.binary(min_size=126, max_size=130)), max_size=6)
escapes = st.sampled_from((START, ESCAPE, 0xED, 0xEE))
nasty_data = st.lists(escapes | st.integers(0, 255), max_size=40).map(bytes)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """``data`` cut at these places."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


def feed(parts: list[bytes]) -> list[Frame]:
    """What a new decoder makes of a stream in parts."""
    decoder = Decoder()
    return [frame for part in parts for frame in decoder.feed(part)]


@pytest.mark.parametrize(("frame_id", "data", "wire"), VECTORS)
def test_the_published_vectors_hold_both_ways(frame_id: int, data: str, wire: str) -> None:
    assert encode(frame_id, bytes.fromhex(data)) == bytes.fromhex(wire)
    assert feed([bytes.fromhex(wire)]) == [(frame_id, bytes.fromhex(data))]


@given(frames, st.lists(st.integers(0, 5000)))
def test_any_split_gives_the_same_frames(sent: list[tuple[int, bytes]], cuts: list[int]) -> None:
    stream = b"".join(encode(frame_id, data) for frame_id, data in sent)
    assert feed(pieces(stream, cuts)) == sent


@given(frames)
def test_byte_by_byte_gives_the_same_frames(sent: list[tuple[int, bytes]]) -> None:
    stream = b"".join(encode(frame_id, data) for frame_id, data in sent)
    assert feed([bytes((byte,)) for byte in stream]) == sent


@given(ids, nasty_data)
def test_data_and_check_sum_are_escaped_and_length_counts_them_unescaped(frame_id: int, data: bytes) -> None:
    wire = encode(frame_id, data)
    assert wire.count(START) == 1
    assert wire[1] | wire[2] << 7 == len(data)
    assert feed([wire]) == [(frame_id, data)]


@pytest.mark.parametrize("check_sum", [START, ESCAPE])
def test_a_check_sum_that_must_be_escaped_is(check_sum: int) -> None:
    data = next(bytes((first, 0x55)) for first in range(256) if crc8(bytes((0xF0, first, 0x55))) == check_sum)
    wire = encode(0xF0, data)
    assert wire[-2:] == bytes((ESCAPE, check_sum - 0x10))
    assert feed([bytes((byte,)) for byte in wire]) == [(0xF0, data)]


@given(st.binary(max_size=60).filter(lambda junk: START not in junk), ids, nasty_data)
@example(bytes.fromhex("24 40 0D 00 20 01 F7 40 74 65 73 74 65"), 0, b"\xc4")
@example(bytes(4), 0, b"\xc4")
def test_junk_before_a_frame_is_skipped(junk: bytes, frame_id: int, data: bytes) -> None:
    assert feed([junk, encode(frame_id, data)]) == [(frame_id, data)]
    assert feed([junk + encode(frame_id, data) + junk + encode(frame_id, data)]) == [(frame_id, data)] * 2


@given(ids, nasty_data, st.integers(0, 200), ids, nasty_data)
def test_a_cut_frame_costs_only_itself(cut_id: int, cut_data: bytes, length: int, frame_id: int, data: bytes) -> None:
    whole = encode(cut_id, cut_data)
    cut = whole[: length % len(whole)]
    assert feed([cut + encode(frame_id, data)])[-1:] == [(frame_id, data)]
    assert feed([cut, encode(frame_id, data)])[-1:] == [(frame_id, data)]
    assert len(feed([cut + encode(frame_id, data)])) == 1


@given(ids, nasty_data, st.data())
def test_a_damaged_byte_behind_the_length_is_noticed(frame_id: int, data: bytes, choice: st.DataObject) -> None:
    wire = bytearray(encode(frame_id, data))
    at = choice.draw(st.integers(3, len(wire) - 1))
    wire[at] ^= choice.draw(st.integers(1, 255))
    assume(not {START, ESCAPE} & {wire[at], wire[at - 1], encode(frame_id, data)[at]})
    [(_, read)] = feed([bytes(wire)])
    assert read is None


def test_what_the_till_sends_by_itself_has_an_id_that_no_host_takes() -> None:
    assert ASYNC_ID == 0xF0


def test_a_wrong_check_sum_gives_the_id_so_that_the_host_can_be_asked_to_repeat() -> None:
    assert feed([bytes.fromhex("FE 01 00 2A C4 00")]) == [(0x2A, None)]


@given(st.lists(st.lists(escapes | st.integers(0, 255), max_size=30).map(bytes), max_size=8))
def test_garbage_never_raises_and_a_frame_behind_it_is_read(garbage: list[bytes]) -> None:
    decoder = Decoder()
    for part in garbage:
        decoder.feed(part)
    assert decoder.feed(encode(7, b"\xc4"))[-1] == (7, b"\xc4")
    assert decoder.is_idle


def test_what_is_kept_of_a_frame_that_never_ends_is_bounded() -> None:
    decoder = Decoder()
    longest = 0xFF | 0xFF << 7
    damaged = decoder.feed(bytes((START, 0xFF, 0xFF, 0)) + bytes(longest + 1))
    assert [read for _, read in damaged] == [None]
    assert decoder.is_idle


@given(nasty_data, st.binary(min_size=1, max_size=10).filter(lambda junk: junk[0] != START), st.binary(max_size=10))
def test_what_comes_behind_a_frame_and_belongs_to_none_is_handed_back(data: bytes, junk: bytes, rest: bytes) -> None:
    frames, behind = Decoder().take(encode(3, data) + junk + rest)
    assert frames == [(3, data)]
    assert behind == junk + rest
