"""Frames of the FN out of a stream of bytes: whole, in pieces, cut short, damaged, among noise."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.fn.frame import ENQ, MAX_DATA, build_answer, build_request
from protocol.fn.stream import CUT_SECONDS, FrameStream

STATUS = build_request(0x30)
NUMBER = build_request(0x31)
OPEN_SHIFT = build_request(0x11, bytes.fromhex("18 04 05 09 1E"))
"""Has a 04h and a 05h inside."""
ENOUGH = 4 * MAX_DATA

REQUESTS = st.builds(build_request, st.integers(0, 255), st.binary(max_size=60))
PIECES = st.lists(REQUESTS | st.just(ENQ) | st.binary(max_size=20) | st.just(OPEN_SHIFT[:5]), max_size=6).map(b"".join)


def at_fn() -> FrameStream:
    """The FN's end."""
    return FrameStream(takes_enq=True)


def split(stream: bytes, cuts: list[int]) -> list[bytes]:
    """The stream in pieces."""
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(places)]


def heard(pieces: list[bytes], *, takes_enq: bool = True) -> list[bytes]:
    """All that comes out, silence at the end included."""
    stream = FrameStream(takes_enq=takes_enq)
    found = [frame for piece in pieces for frame in stream.feed(piece, 0.0)]
    return [*found, *stream.tick(CUT_SECONDS)]


def test_frames_and_enq_come_out_in_order() -> None:
    assert at_fn().feed(STATUS + ENQ + OPEN_SHIFT + NUMBER, 0.0) == [STATUS, ENQ, OPEN_SHIFT, NUMBER]


def test_the_longest_frame_is_one_and_a_longer_one_is_none() -> None:
    longest = build_request(0x07, bytes(MAX_DATA))
    assert heard([longest]) == [longest]
    longer = b"\x04" + (MAX_DATA + 2).to_bytes(2, "little") + bytes(MAX_DATA + 4)
    assert heard([longer + STATUS]) == [STATUS]


@pytest.mark.parametrize("noise", ["00", "FF FE", "04 00 00", "04 02 04 FF", "04 FF FF", "04 00 00 04 00 00"])
def test_noise_before_a_frame_is_dropped_at_once(noise: str) -> None:
    assert at_fn().feed(bytes.fromhex(noise) + STATUS, 0.0) == [STATUS]


def test_the_kkt_hears_no_enq() -> None:
    answer = build_answer(0x80, b"\x05\x05")
    assert heard([ENQ + answer + ENQ], takes_enq=False) == [answer]


def test_a_frame_cut_short_costs_only_itself() -> None:
    """By silence, by the next frame right behind it, and by one that its length swallows."""
    for size in range(1, len(OPEN_SHIFT)):
        stream = at_fn()
        assert stream.feed(OPEN_SHIFT[:size], 10.0) == []
        assert stream.tick(10.0 + CUT_SECONDS) == []
        assert (stream.unfinished, stream.deadline) == (b"", None)
        assert stream.feed(NUMBER, 11.0) == [NUMBER]
        assert heard([OPEN_SHIFT[:size] + NUMBER]) == [NUMBER]


def test_half_a_frame_is_waited_for_from_its_last_byte_on() -> None:
    stream = at_fn()
    assert stream.deadline is None
    stream.feed(STATUS[:2], 10.0)
    assert stream.deadline == 10.0 + CUT_SECONDS
    stream.feed(STATUS[2:4], 10.4)
    assert stream.deadline == 10.4 + CUT_SECONDS
    assert stream.tick(10.0 + CUT_SECONDS) == []
    assert stream.feed(STATUS[4:], 10.8) == [STATUS]
    assert stream.deadline is None
    assert stream.tick(99.0) == []


def test_what_stands_behind_a_cut_frame_waits_for_its_end() -> None:
    stream = at_fn()
    cut = build_request(0x07, bytes(40))[:20]
    assert stream.feed(cut + STATUS, 0.0) == []
    assert stream.tick(CUT_SECONDS - 0.01) == []
    assert stream.tick(CUT_SECONDS) == [STATUS]


def test_enq_inside_a_frame_that_never_ended_asks_for_nothing() -> None:
    assert heard([OPEN_SHIFT[:8]]) == []


def test_a_damaged_frame_comes_out_once_and_enq_inside_it_is_none() -> None:
    damaged = OPEN_SHIFT[:-1] + b"\x00"
    assert heard([damaged + STATUS + ENQ]) == [damaged, STATUS, ENQ]


def test_a_damaged_frame_with_the_beginning_of_one_inside_waits_for_it() -> None:
    damaged = build_request(0x07, bytes.fromhex("10 04 04 00 00"))[:-1] + b"\x00"
    stream = at_fn()
    assert stream.feed(damaged, 0.0) == []
    assert stream.tick(CUT_SECONDS) == [damaged]


def test_a_stream_that_was_reset_has_forgotten_what_was_begun() -> None:
    stream = at_fn()
    stream.feed(STATUS[:3], 0.0)
    stream.reset()
    assert stream.deadline is None
    assert stream.feed(STATUS[3:] + NUMBER, 0.1) == [NUMBER]


@given(PIECES, st.lists(st.integers(0, ENOUGH), max_size=8), st.booleans())
def test_any_pieces_give_the_same_frames(stream: bytes, cuts: list[int], takes_enq: bool) -> None:
    whole = heard([stream], takes_enq=takes_enq)
    assert heard(split(stream, cuts), takes_enq=takes_enq) == whole


@given(st.binary(max_size=200), REQUESTS)
def test_garbage_never_raises_and_hides_no_frame(garbage: bytes, frame: bytes) -> None:
    found = heard([garbage + frame])
    assert any(frame in one for one in found)
    stream = at_fn()
    stream.feed(garbage, 0.0)
    stream.tick(CUT_SECONDS)
    assert (stream.unfinished, stream.deadline) == (b"", None)
    assert stream.feed(frame, CUT_SECONDS) == [frame]


@given(st.lists(REQUESTS | st.just(ENQ), max_size=6))
def test_what_is_sound_comes_out_as_it_went_in(frames: list[bytes]) -> None:
    assert heard([b"".join(frames)]) == frames
