"""The container: what is built is read back; damage is refused with the reason that an FN would give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.checksums import crc16
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, tlv
from protocol.fn.commands import OfdRefusal
from protocol.ofd.container import HEADER_SIZE, Message, build_document, pack_fn_number, parse, unpack_fn_number
from protocol.ofd.errors import OfdFormatError

FN = "9999078900005488"
SIGN = b"\x81\x06" + bytes(range(6)) + b"\0\0"
DOCUMENT = tlv(3, encode(T.FN_NUMBER, FN) + encode(T.DOCUMENT_NUMBER, 5))
CONTAINER = build_document(FN, 5, DOCUMENT, SIGN)

fn_numbers = st.text("0123456789", min_size=1, max_size=16)


def with_valid_crc(data: bytes) -> bytes:
    """The container with its length and CRC made right, so that deeper checks are reached."""
    length = len(data).to_bytes(2, "little")
    crc: int = crc16(length + data[4:])
    return length + crc.to_bytes(2, "little") + data[4:]


def refusal(data: bytes) -> OfdRefusal:
    with pytest.raises(OfdFormatError) as caught:
        parse(data)
    return caught.value.reason


@given(
    fn_number=fn_numbers,
    document_number=st.integers(0, 2**24 - 1),
    code=st.integers(0, 255),
    value=st.binary(max_size=60),
    sign=st.binary(max_size=10),
    service=st.binary(min_size=14, max_size=14),
)
def test_a_message_is_read_as_it_was_built(
    fn_number: str, document_number: int, code: int, value: bytes, sign: bytes, service: bytes
) -> None:
    message = Message(code, fn_number, document_number, tlv(code, value), sign, service[:2], service[2:])
    assert parse(message.build()) == message


def test_the_header_has_the_numbers_where_the_fns_put_them() -> None:
    assert CONTAINER[4:HEADER_SIZE].hex(" ") == (
        "a5 03 01 10 09 99 99 07 89 00 00 54 88 00 00 05 00 00 00 00 c2 00 00 05 00 04 00 20"
    )
    assert int.from_bytes(CONTAINER[:2], "little") == len(CONTAINER) == HEADER_SIZE + len(DOCUMENT) + len(SIGN)


def test_the_numbers_inside_agree_with_the_header() -> None:
    parse(CONTAINER).check_numbers()


@pytest.mark.parametrize(
    ("fn_number", "document_number", "reason"),
    [("9999078900005489", 5, OfdRefusal.FN_NUMBER), (FN, 6, OfdRefusal.DOCUMENT_NUMBER)],
)
def test_numbers_that_disagree_are_found(fn_number: str, document_number: int, reason: OfdRefusal) -> None:
    message = parse(build_document(fn_number, document_number, DOCUMENT, SIGN))
    with pytest.raises(OfdFormatError) as caught:
        message.check_numbers()
    assert caught.value.reason is reason


@pytest.mark.parametrize("size", [0, 1, HEADER_SIZE, len(CONTAINER) - 1])
def test_a_cut_container_is_refused_for_its_length(size: int) -> None:
    assert refusal(CONTAINER[:size]) is OfdRefusal.LENGTH


def test_a_container_with_something_behind_is_refused_for_its_length() -> None:
    assert refusal(CONTAINER + b"\0") is OfdRefusal.LENGTH


@pytest.mark.parametrize("offset", range(2, len(CONTAINER)))
def test_every_changed_byte_is_found_by_the_crc(offset: int) -> None:
    damaged = bytearray(CONTAINER)
    damaged[offset] ^= 0x10
    assert refusal(bytes(damaged)) is OfdRefusal.CRC


@pytest.mark.parametrize(
    ("offset", "value", "reason"),
    [
        (4, 0xA6, OfdRefusal.FORMAT),
        (5, 4, OfdRefusal.FORMAT),
        (6, 2, OfdRefusal.FORMAT),
        (9, 0xAB, OfdRefusal.FN_NUMBER),
        (32, 4, OfdRefusal.FORMAT),
        (34, 0xFF, OfdRefusal.FORMAT),
    ],
)
def test_a_wrong_field_is_refused_even_with_a_right_crc(offset: int, value: int, reason: OfdRefusal) -> None:
    damaged = bytearray(CONTAINER)
    damaged[offset] = value
    assert refusal(with_valid_crc(bytes(damaged))) is reason


@given(st.binary(max_size=80), st.integers(0, len(CONTAINER)))
def test_garbage_raises_only_the_declared_error(data: bytes, start: int) -> None:
    for garbage in (data, with_valid_crc(CONTAINER[:start].ljust(4) + data)):
        try:
            message = parse(garbage)
            assert message.build() == garbage
            message.check_numbers()
        except OfdFormatError:
            pass


@given(fn_numbers)
def test_an_fn_number_packs_both_ways(fn_number: str) -> None:
    assert unpack_fn_number(pack_fn_number(fn_number)) == fn_number


def test_a_short_fn_number_ends_with_f() -> None:
    assert pack_fn_number("999907891234567") == bytes.fromhex("99 99 07 89 12 34 56 7f")


@pytest.mark.parametrize("fn_number", ["9" * 17, "99A9", "９９", ""])
def test_a_number_that_is_no_fn_number_is_refused(fn_number: str) -> None:
    with pytest.raises(OfdFormatError) as caught:
        build_document(fn_number, 5, DOCUMENT, SIGN)
    assert caught.value.reason is OfdRefusal.FN_NUMBER


@pytest.mark.parametrize("document_number", [-1, 2**24])
def test_a_document_number_beyond_three_bytes_is_refused(document_number: int) -> None:
    with pytest.raises(OfdFormatError):
        build_document(FN, document_number, DOCUMENT, SIGN)
    with pytest.raises(OfdFormatError):
        Message(3, FN, document_number, DOCUMENT, SIGN).build()


@pytest.mark.parametrize(
    "message",
    [
        Message(256, FN, 5, DOCUMENT, SIGN),
        Message(3, FN, 5, DOCUMENT, SIGN, service_1=b""),
        Message(3, FN, 5, DOCUMENT, SIGN, service_2=b""),
        Message(3, FN, 5, tlv(3, bytes(0xFFF0)), SIGN),
    ],
)
def test_a_message_that_does_not_fit_is_refused(message: Message) -> None:
    with pytest.raises(OfdFormatError):
        message.build()


def test_bytes_that_are_no_document_are_refused() -> None:
    with pytest.raises(OfdFormatError):
        build_document(FN, 5, b"abc", SIGN)
