"""The exchange with an OFD in words: two published messages, a confirmation, and what is wrong with others where."""

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.decode import Dialogue, Link, Piece, Side, ofd
from kktsim.decode.guess import link_of, pieces
from kktsim.decode.values import russian_names
from protocol.checksums import crc16
from protocol.ofd import confirmation, container, session
from tests.protocol.test_ofd_vectors import (
    RE_REGISTRATION,
    RE_REGISTRATION_HEADER,
    REGISTRATION,
    REGISTRATION_HEADER,
)

from .told import of, one, text, troubles, values

FN = "9999078900005488"
WHOLE = RE_REGISTRATION_HEADER + RE_REGISTRATION
RECEIVED = (datetime(2026, 11, 22, 13, 40) - datetime(1970, 1, 1)).total_seconds()
CONFIRMATION = confirmation.build(FN, 5, "7704358518", RECEIVED, 14, bytes(range(18)), b"\1\2\3\4\5\6\7\x08")
ANSWER = session.build_message(FN, CONFIRMATION)
EMPTY = session.build_message(FN, b"", flags=session.Flags.ANSWER_EXPECTED)
STLV_AT = session.HEADER_SIZE + container.HEADER_SIZE


def test_a_tills_message_is_told_with_everything_in_it() -> None:
    piece = one(WHOLE.hex())
    assert piece.is_sound and piece.side is Side.TILL
    assert (
        values(piece).items()
        >= {
            "session_version": "81 A2",
            "protocol_version": "00 01, времени ФФД 1.0 / of the time of FFD 1.0",
            "session_fn_number": f"«{FN}»",
            "body_size": "436",
            "flags": "0014h, есть контейнер / has a container, ожидается ответ / an answer is expected",
            "session_crc": "0000h, не используется / not used",
            "container_size": "436",
            "container_crc": "7825h, верна / right",
            "document_type": "11 «отчет об изменении параметров регистрации»",
            "fn_number": f"«{FN}»",
            "document_number": "1",
            "fiscalDriveNumber": f"«{FN}»",
            "dateTime": "03.03.2017 11:38",
            "user": "«ООО РАПКАТ-центр »",
            "retailPlace": "«111141 г.Москва, ул. Кусковская\\r\\nд.20А офис В-202»",
            "message_sign": "81 06 A5 5A E1 0C 4D 75 00 00",
        }.items()
    )
    assert "сообщение ККТ для ОФД" in text(piece) and "ФПС" in text(piece)


def test_the_other_published_message_has_two_numbers_of_an_fn() -> None:
    piece = one((REGISTRATION_HEADER + REGISTRATION).hex())
    told = values(piece)
    assert (told["container_crc"], told["user"]) == ("EC03h, верна / right", '«ООО "МММ"»')
    assert troubles(piece) == [
        "byte 39: the container's FN number is 999907891234567, the session header's 9999078950 (byte 8)"
    ]


def test_a_confirmation_is_the_operators() -> None:
    piece = one(ANSWER.hex())
    assert piece.is_sound and piece.side is Side.OFD
    assert (
        values(piece).items()
        >= {
            "document_type": "7 «подтверждение оператора»",
            "protocol_version": "01 05, ФФД 1.05",
            "ofdInn": "«7704358518»",
            "fiscalDocumentNumber": "5",
            "ofdResponseCode": "14",
            "dateTime": "22.11.2026 13:40",
            "confirmation_sign": "01 02 03 04 05 06 07 08",
        }.items()
    )
    assert "сообщение ОФД для ККТ" in text(piece) and "ФПП" in text(piece)


def test_a_message_without_a_document_tries_the_connection() -> None:
    asked, answered = of((EMPTY + session.build_message(FN, b"", flags=0)).hex())
    assert (asked.side, answered.side, asked.is_sound, answered.is_sound) == (Side.TILL, Side.OFD, True, True)
    assert "проверка связи" in asked.title


@pytest.mark.parametrize(("data", "side"), [(RE_REGISTRATION, Side.TILL), (CONFIRMATION, Side.OFD)])
def test_a_bare_container_is_known_by_its_check_sum(data: bytes, side: Side) -> None:
    piece = one(data.hex())
    assert (piece.kind, piece.side, piece.is_sound) == ("ofd container", side, True)
    assert link_of(data[:-1] + b"\xff") is not Link.OFD
    damaged = one((data[:-1] + b"\xff").hex(), Link.OFD)
    assert "the container CRC is" in " ".join(troubles(damaged))


def test_every_field_has_a_russian_name() -> None:
    def names(piece: Piece) -> set[str]:
        requisites = piece.kind == "ofd document"
        found = set() if requisites else {field.name for field in piece.fields}
        return found.union(*(names(inner) for inner in piece.inside))

    told = names(one(WHOLE.hex())) | names(one(ANSWER.hex())) | names(one(WHOLE[:20].hex()))
    assert sorted(told - russian_names().keys()) == []


def with_crc(data: bytes) -> bytes:
    """A container whose check sum is made right again."""
    crc: int = crc16(data[:2] + data[4:])
    return data[:2] + crc.to_bytes(2, "little") + data[4:]


def changed(at: int, new: bytes) -> bytes:
    """The confirmation with some bytes changed, counted from the beginning of the message; its check sum is right."""
    data = ANSWER[:at] + new + ANSWER[at + len(new) :]
    return data[: session.HEADER_SIZE] + with_crc(data[session.HEADER_SIZE :])


def value_at(tag: int) -> int:
    """The byte of the confirmation's message at which the value of a tag begins."""
    return ANSWER.index(tag.to_bytes(2, "little"), STLV_AT + 4) + 4


SIZE = len(CONFIRMATION)
BROKEN = {
    "version of the session": (changed(4, b"\x82\xfb"), "byte 4: the version of the session protocol is 82 FB, it"),
    "version of the FFD": (changed(6, b"\x07\x07"), "byte 6: 07 07 is no known version"),
    "no number": (changed(8, b"?"), "byte 8: an FN number is ASCII digits"),
    "body": (changed(24, b"\x80"), f"byte 24: the size of the body is 128, the container tells {SIZE} (byte 30)"),
    "flags": (changed(26, b"\x10"), f"byte 26: the flags and the size of the body ({SIZE}) disagree"),
    "CRC of the header": (changed(26, b"\x15"), "byte 28: the session CRC is 0000h, it should be"),
    "size": (
        with_crc((SIZE + 1).to_bytes(2, "little") + CONFIRMATION[2:]),
        f"byte 0: the container tells {SIZE + 1} bytes, there are {SIZE}",
    ),
    "CRC": (ANSWER[:-1] + b"\x09", "byte 32: the container CRC is"),
    "type": (changed(34, b"\xa6"), "byte 34: type A6h and version 1, they should be A5h and 1"),
    "packed number": (changed(39, b"\xaa"), "byte 39: AA 99 07 89 00 00 54 88 is no packed FN number"),
    "other FN": (
        changed(46, b"\x89"),
        f"byte 39: the container's FN number is 9999078900005489, the session header's {FN}",
    ),
    "other document": (
        changed(49, b"\x06"),
        f"byte {value_at(1040)}: 1040 is 5, the container's header tells document 6",
    ),
    "FN of 1041": (
        changed(value_at(1041), b"1"),
        f"byte {value_at(1041)}: 1041 is 1999078900005488, the container's header tells FN {FN}",
    ),
    "tag of the document": (
        changed(STLV_AT, b"\x03"),
        f"byte {STLV_AT}: the document's tag is 3, the type in the header is 7 (byte 35)",
    ),
    "size of the document": (
        changed(STLV_AT + 2, b"\xff"),
        f"byte {STLV_AT + 2}: the document tells 255 bytes, {SIZE - 36} are left",
    ),
    "sign": (
        session.build_message(FN, with_crc((SIZE - 3).to_bytes(2, "little") + CONFIRMATION[2:-3])),
        "a sign of 5 bytes",
    ),
}


@pytest.mark.parametrize(("data", "told"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_told_with_its_byte(data: bytes, told: str) -> None:
    piece = one(data.hex(), Link.OFD)
    assert any(told in trouble for trouble in troubles(piece)), troubles(piece)


def test_crcs_of_the_session_are_judged_as_the_flags_say() -> None:
    for crc in (session.Flags.CRC_OF_HEADER, session.Flags.CRC_OF_MESSAGE):
        data = session.build_message(FN, CONFIRMATION, flags=session.USUAL_FLAGS | crc)
        assert values(one(data.hex()))["session_crc"].endswith("верна / right")
    damaged = bytes((*data[:-1], data[-1] ^ 1))
    assert values(one(damaged.hex()))["session_crc"].endswith("неверна / wrong")


@pytest.mark.parametrize("size", range(4, len(WHOLE)))
def test_a_message_may_be_cut_at_any_byte(size: int) -> None:
    piece = one(WHOLE[:size].hex())
    assert (piece.kind, piece.data) == ("ofd", WHOLE[:size])
    assert any(f"byte {size}: " in trouble and "ends here" in trouble for trouble in troubles(piece))


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("before", [b"", ANSWER])
def test_a_message_cut_within_its_signature_is_a_message_all_the_same(size: int, before: bytes) -> None:
    dialogue = Dialogue(Link.OFD)
    dialogue.feed(Side.OFD, before + ANSWER[:size])
    [piece] = dialogue.finish()
    assert (piece.kind, piece.data) == ("ofd", ANSWER[:size])
    assert f"byte {size}: the header ends here" in piece.trouble


def test_the_operators_sign_has_a_name() -> None:
    assert "1078 ФПО / ofd_sign: 00 01" in text(one(ANSWER.hex()))


def test_messages_after_each_other_and_garbage_between_and_behind() -> None:
    talk = WHOLE + ANSWER + b"garbage" + EMPTY + CONFIRMATION + WHOLE[:100] + ANSWER + b"\0\1"
    assert [(piece.kind, len(piece.data)) for piece in of(talk.hex())] == [
        ("ofd", len(WHOLE)),
        ("ofd", len(ANSWER)),
        ("junk", 7),
        ("ofd", 30),
        ("ofd container", SIZE),
        ("ofd", 100),
        ("ofd", len(ANSWER)),
        ("junk", 2),
    ]


def test_a_message_that_tells_too_much_does_not_swallow_the_next() -> None:
    longer = WHOLE[:24] + (len(RE_REGISTRATION) + 20).to_bytes(2, "little") + WHOLE[26:]
    first, second = of((longer + ANSWER).hex())
    assert (first.data, second.data) == (longer, ANSWER)


@given(cuts=st.lists(st.integers(0, len(WHOLE + ANSWER)), max_size=6), junk=st.binary(max_size=4))
def test_a_stream_is_told_alike_however_it_is_cut(cuts: list[int], junk: bytes) -> None:
    talk = WHOLE + ANSWER + junk
    ends = [0, *sorted(cuts), len(talk)]
    dialogue = Dialogue(Link.OFD)
    told = [piece for start, end in pairwise(ends) for piece in dialogue.feed(Side.OFD, talk[start:end])]
    told += dialogue.finish()
    assert told == list(pieces(talk, Link.OFD, Side.OFD))
    assert b"".join(piece.data for piece in told) == talk


def test_a_slow_message_is_one_message() -> None:
    dialogue = Dialogue(Link.OFD)
    assert dialogue.feed(Side.OFD, ANSWER[:50], 0.0) == []
    assert [piece.data for piece in dialogue.feed(Side.OFD, ANSWER[50:], 300.0)] == [ANSWER]


@given(data=st.binary(max_size=90), at=st.integers(0, len(WHOLE)))
def test_anything_behind_a_signature_is_told(data: bytes, at: int) -> None:
    for raw in (session.SIGNATURE + data, WHOLE[:at] + data, WHOLE[:at] + data + WHOLE[at + len(data) :]):
        if raw:
            assert text(ofd.piece(raw))
