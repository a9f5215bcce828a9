"""Messages in a stream of bytes: whole, however the network cuts them, and never more of them than is allowed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.fn.commands import OfdRefusal
from protocol.ofd import confirmation, container, session
from protocol.ofd.errors import OfdFormatError
from protocol.ofd.stream import MAX_BODY, MessageReader, SessionMessage
from tests.protocol.test_ofd_vectors import MESSAGES, REGISTRATION, REGISTRATION_HEADER

FN = "9999078900005488"
ANSWER = session.build_message(FN, confirmation.build(FN, 5, "7704358518", 1.8e9, 0, bytes(18), bytes(8)))
EMPTY = session.build_message(FN, b"", flags=session.Flags.ANSWER_EXPECTED)
TALK = REGISTRATION_HEADER + REGISTRATION + EMPTY + ANSWER


def read(data: bytes, cuts: list[int]) -> list[SessionMessage]:
    """What a reader finds in ``data`` when it comes in pieces."""
    reader = MessageReader()
    ends = [0, *sorted(cuts), len(data)]
    return [message for start, end in pairwise(ends) for message in reader.feed(data[start:end])]


def written(messages: list[SessionMessage]) -> bytes:
    return b"".join(one.header.build() + one.body for one in messages)


@MESSAGES
def test_a_published_message_is_read_and_written_back_to_the_byte(header: bytes, body: bytes) -> None:
    [message] = MessageReader().feed(header + body)
    assert written([message]) == header + body
    inside = container.parse(message.body)
    assert inside.build() == body
    inside.check_numbers()
    message.header.check_crc(message.body)
    again = session.build_message(
        message.header.fn_number, inside.build(), message.header.p_version, message.header.flags
    )
    assert MessageReader().feed(again) == [message]


@MESSAGES
def test_a_message_is_there_with_its_last_byte_and_not_before(header: bytes, body: bytes) -> None:
    whole = header + body
    for size in range(len(whole)):
        reader = MessageReader()
        assert reader.feed(whole[:size]) == []
        assert reader.is_between is (size == 0)
        assert reader.begun(size) == whole[session.HEADER_SIZE : size]
        [message] = reader.feed(whole[size:])
        assert message.body == body and reader.is_between


@given(cuts=st.lists(st.integers(0, len(TALK)), max_size=12))
def test_a_stream_has_the_same_messages_however_it_is_cut(cuts: list[int]) -> None:
    messages = read(TALK, cuts)
    assert [len(one.body) for one in messages] == [len(REGISTRATION), 0, len(ANSWER) - session.HEADER_SIZE]
    assert written(messages) == TALK


def test_a_stream_may_come_byte_by_byte() -> None:
    assert read(TALK, list(range(len(TALK)))) == read(TALK, [])


@given(bodies=st.lists(st.binary(max_size=70), max_size=4), behind=st.binary(max_size=29))
def test_what_comes_behind_a_message_is_kept_for_the_next(bodies: list[bytes], behind: bytes) -> None:
    reader = MessageReader()
    talk = b"".join(session.build_message(FN, body) for body in bodies)
    assert [one.body for one in reader.feed(talk + behind)] == bodies
    assert reader.is_between is (behind == b"")


@pytest.mark.parametrize("size", [MAX_BODY, MAX_BODY + 1])
def test_no_more_is_held_than_a_message_may_have(size: int) -> None:
    reader, header = MessageReader(), session.SessionHeader(FN, size).build()
    if size > MAX_BODY:
        with pytest.raises(OfdFormatError) as caught:
            reader.feed(header)
        assert caught.value.reason == OfdRefusal.LENGTH
        return
    assert reader.feed(header + bytes(size - 1)) == []
    assert [len(one.body) for one in reader.feed(b"\0")] == [size]


@pytest.mark.parametrize("at", range(6))
def test_a_header_that_is_none_is_refused_with_its_last_byte(at: int) -> None:
    header = bytearray(EMPTY)
    header[at] ^= 0xFF
    reader = MessageReader()
    assert reader.feed(bytes(header[:-1])) == []
    with pytest.raises(OfdFormatError):
        reader.feed(bytes(header[-1:]))


@pytest.mark.parametrize("size", [0, 10, session.HEADER_SIZE, 50, len(ANSWER) - 1])
def test_a_copy_goes_its_own_way(size: int) -> None:
    reader = MessageReader()
    reader.feed(ANSWER[:size])
    twin = reader.copy()
    [message] = reader.feed(ANSWER[size:])
    assert (twin.is_between, twin.begun(size)) == (size == 0, ANSWER[session.HEADER_SIZE : size])
    assert twin.feed(ANSWER[size:]) == [message]
    assert reader.is_between and twin.is_between
