"""The session header: what is built is read back, and only a header of this protocol is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.checksums import crc16
from protocol.fn.commands import OfdRefusal
from protocol.ofd.errors import OfdFormatError
from protocol.ofd.session import (
    HEADER_SIZE,
    P_VERSIONS,
    USUAL_FLAGS,
    Flags,
    SessionHeader,
    build_message,
    parse_header,
)

FN = "9999078900005488"
CONTAINER = b"container"
CRC_FLAGS = [Flags.CRC_OF_HEADER, Flags.CRC_OF_MESSAGE]


@given(
    fn_number=st.text("0123456789", max_size=16),
    body=st.binary(max_size=50),
    p_version=st.sampled_from(sorted(P_VERSIONS.values())),
    crc=st.sampled_from([Flags(0), *CRC_FLAGS]),
)
def test_a_message_is_read_as_it_was_built(fn_number: str, body: bytes, p_version: bytes, crc: Flags) -> None:
    message = build_message(fn_number, body, p_version, USUAL_FLAGS | crc)
    header = parse_header(message[:HEADER_SIZE])
    assert (header.fn_number, header.body_size, header.p_version) == (fn_number, len(body), p_version)
    assert header.build() + body == message
    header.check_crc(body)


def test_the_crc_is_zero_when_the_flags_do_not_ask_for_it() -> None:
    assert build_message(FN, CONTAINER)[26:30] == bytes.fromhex("14 00 00 00")


def test_the_crc_covers_what_the_flags_say() -> None:
    of_header = build_message(FN, CONTAINER, flags=USUAL_FLAGS | Flags.CRC_OF_HEADER)
    of_message = build_message(FN, CONTAINER, flags=USUAL_FLAGS | Flags.CRC_OF_MESSAGE)
    assert int.from_bytes(of_header[28:30], "little") == crc16(of_header[:28])
    assert int.from_bytes(of_message[28:30], "little") == crc16(of_message[:28] + CONTAINER)


@pytest.mark.parametrize("flag", CRC_FLAGS)
def test_a_wrong_crc_is_found(flag: Flags) -> None:
    header = SessionHeader(FN, len(CONTAINER), flags=USUAL_FLAGS | flag, crc=0xBAD)
    with pytest.raises(OfdFormatError, match="session CRC is 0BADh") as caught:
        header.check_crc(CONTAINER)
    assert caught.value.reason is OfdRefusal.CRC


def test_a_message_without_a_container_tests_the_connection() -> None:
    header = parse_header(build_message(FN, b"", flags=0))
    assert (header.body_size, header.flags) == (0, 0)


@pytest.mark.parametrize(
    ("offset", "value", "reason"),
    [
        (0, 0x2B, OfdRefusal.FORMAT),
        (4, 0x82, OfdRefusal.FORMAT),
        (7, 0x99, OfdRefusal.FORMAT),
        (8, 0xFF, OfdRefusal.FN_NUMBER),
    ],
)
def test_a_foreign_header_is_refused(offset: int, value: int, reason: OfdRefusal) -> None:
    header = bytearray(build_message(FN, b""))
    header[offset] = value
    with pytest.raises(OfdFormatError) as caught:
        parse_header(bytes(header))
    assert caught.value.reason is reason


@given(st.binary(max_size=40), st.binary(max_size=10))
def test_garbage_raises_only_the_declared_error(data: bytes, body: bytes) -> None:
    start = build_message(FN, b"")
    for garbage in (data, start[: HEADER_SIZE - len(data)] + data):
        try:
            header = parse_header(garbage)
            assert header.build() == garbage
            header.check_crc(body)
        except OfdFormatError:
            pass


@pytest.mark.parametrize(
    "header",
    [
        SessionHeader("9" * 17, 0),
        SessionHeader("номер", 0),
        SessionHeader(FN, 0x10000),
        SessionHeader(FN, 0, p_version=b"\x01"),
        SessionHeader(FN, 0, flags=-1),
    ],
)
def test_a_field_that_does_not_fit_is_refused(header: SessionHeader) -> None:
    with pytest.raises(OfdFormatError):
        header.build()
