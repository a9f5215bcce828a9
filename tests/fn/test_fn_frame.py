"""Frames of the FN protocol: published vectors, both roles, damage."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.fn.commands import DateTimeError, FnCommand, pack_date_time, unpack_date_time
from protocol.fn.frame import (
    MAX_DATA,
    FrameError,
    build_answer,
    build_request,
    parse_answer,
    parse_request,
)

REQUESTS = [
    (FnCommand.STATUS, "", "04 01 00 30 FF CD"),
    (FnCommand.NUMBER, "", "04 01 00 31 DE DD"),
    (FnCommand.EXCHANGE_STATUS, "", "04 01 00 20 CE DF"),
    (FnCommand.SET_TRANSPORT, "01", "04 02 00 21 01 5E 4C"),
    (FnCommand.READ_MESSAGE, "00 00 00 04", "04 05 00 23 00 00 00 04 8B 2E"),
    (FnCommand.RESET, "16", "04 02 00 60 16 75 10"),
    (FnCommand.BEGIN_OPEN_SHIFT, "18 01 0F 09 1E", "04 06 00 11 18 01 0F 09 1E 44 FB"),
]
ANSWERS = [
    (0x00, "", "04 01 00 00 AC FB"),
    (0x80, "", "04 01 00 80 24 6A"),
    (0x02, "", "04 01 00 02 EE DB"),
]


@pytest.mark.parametrize(("command", "data", "frame"), REQUESTS)
def test_requests_are_built_and_parsed_as_published(command: int, data: str, frame: str) -> None:
    assert build_request(command, bytes.fromhex(data)) == bytes.fromhex(frame)
    assert parse_request(bytes.fromhex(frame)) == (command, bytes.fromhex(data))


@pytest.mark.parametrize(("code", "data", "frame"), ANSWERS)
def test_answers_are_built_and_parsed_as_published(code: int, data: str, frame: str) -> None:
    assert build_answer(code, bytes.fromhex(data)) == bytes.fromhex(frame)
    assert parse_answer(bytes.fromhex(frame)) == (code, bytes.fromhex(data))


@given(st.integers(0, 255), st.binary(max_size=MAX_DATA))
def test_what_is_built_is_parsed_back(first: int, data: bytes) -> None:
    assert parse_request(build_request(first, data)) == (first, data)
    assert parse_answer(build_answer(first, data)) == (first, data)


@given(st.binary(max_size=64))
def test_garbage_gives_only_the_declared_error(data: bytes) -> None:
    try:
        parse_request(data)
    except FrameError:
        return
    assert build_request(*parse_request(data)) == data


@given(st.binary(max_size=40), st.data())
def test_one_changed_bit_is_noticed(data: bytes, draw: st.DataObject) -> None:
    frame = bytearray(build_request(FnCommand.ADD_DATA, data))
    bit = draw.draw(st.integers(0, len(frame) * 8 - 1))
    frame[bit // 8] ^= 1 << bit % 8
    with pytest.raises(FrameError):
        parse_request(bytes(frame))


def test_more_than_a_frame_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 1024"):
        build_request(FnCommand.ADD_DATA, bytes(MAX_DATA + 1))


def test_date_time_is_plain_binary_without_seconds() -> None:
    at = datetime(2024, 1, 15, 9, 30)
    assert pack_date_time(at.replace(second=59)) == bytes.fromhex("18 01 0F 09 1E")
    assert unpack_date_time(bytes.fromhex("18 01 0F 09 1E")) == at
    assert pack_date_time((at - datetime(1970, 1, 1)).total_seconds()) == pack_date_time(at)


@pytest.mark.parametrize("data", ["", "18 01 0F 09", "64 01 01 00 00", "18 00 01 00 00", "18 02 1E 00 00"])
def test_bytes_that_are_no_date_are_told(data: str) -> None:
    with pytest.raises(DateTimeError):
        unpack_date_time(bytes.fromhex(data))


def test_years_the_fn_cannot_count_are_told() -> None:
    with pytest.raises(DateTimeError, match="1999"):
        pack_date_time(datetime(1999, 12, 31))
