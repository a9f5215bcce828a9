"""The operator: what it takes, in which pieces it may come, what it refuses, and that nothing is stored twice."""

import pytest

from fn_model.sign import confirmation_sign, ofd_sign
from kktsim.ofd.server import REFUSALS_KEPT, OfdServer, Reply
from kktsim.ofd.store import MemoryStore, NotStoredError, StoredDocument
from protocol.checksums import crc16
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, tlv
from protocol.fn.answers import ConfirmationResult
from protocol.fn.commands import FnCommand
from protocol.ofd import container, session
from protocol.ofd.confirmation import OfdAnswer
from protocol.ofd.session import Flags
from protocol.ofd.stream import MAX_BODY
from tests.fn.fn_till import Till
from tests.ofd.messages import EMPTY, FN, OTHER_FN, WORLD, answers, confirmed, in_container, message, said, say, stlv
from tests.protocol.test_ofd_vectors import RE_REGISTRATION, RE_REGISTRATION_HEADER, REGISTRATION, REGISTRATION_HEADER

HANGS_UP = [Reply(closes=True)]
SIGN = bytes(10)
UNKNOWN_TAG = 60_000


@pytest.fixture
def server() -> OfdServer:
    return OfdServer()


def test_a_document_is_confirmed_by_what_an_fn_takes(server: OfdServer) -> None:
    replies = say(server, message(7))
    told = confirmed(replies)
    assert [(reply.after, reply.closes) for reply in replies] == [(0.0, False)]
    assert (told.fn_number, told.document_number, told.inn, told.answer) == (FN, 7, server.inn, OfdAnswer.ACCEPTED)
    assert told.received_at.isoformat() == "2026-03-02T12:00:00"
    assert told.ofd_sign == ofd_sign(FN, 7)
    assert told.sign == confirmation_sign(FN, told.document)


def test_the_answer_repeats_number_and_version_and_has_no_check_sum(server: OfdServer) -> None:
    asked = session.build_message(FN, in_container(1), b"\x00\x02", session.USUAL_FLAGS | Flags.CRC_OF_MESSAGE)
    header = session.parse_header(said(say(server, asked))[: session.HEADER_SIZE])
    assert (header.fn_number, header.p_version, header.flags, header.crc) == (FN, b"\x00\x02", 0x14, 0)


def test_a_real_queue_of_an_fn_drains_through_the_operator(server: OfdServer) -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.sell()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    line = server.connect()
    for _ in range(3):
        asked = session.build_message(till.fn.number, till.read_message())
        [answer] = answers(said(line.receive(asked, till.world)))
        assert ConfirmationResult.parse(till.do(FnCommand.PUT_CONFIRMATION, answer)).ofd_code == 0
    assert till.exchange_status().unsent_documents == 0
    stored = server.store.listed(till.fn.number, 1, 10)
    assert [(one.number, one.type) for one in stored] == [(1, 1), (2, 2), (3, 3)]
    assert server.refused == 0


def test_a_published_message_of_a_test_fn_is_taken(server: OfdServer) -> None:
    told = confirmed(say(server, RE_REGISTRATION_HEADER + RE_REGISTRATION))
    assert (told.fn_number, told.document_number) == ("9999078900005488", 1)
    [stored] = server.store.received()
    assert (stored.type, stored.container) == (DocumentType.RE_REGISTRATION, RE_REGISTRATION)


def test_a_published_message_whose_two_numbers_differ_is_refused(server: OfdServer) -> None:
    assert say(server, REGISTRATION_HEADER + REGISTRATION) == HANGS_UP
    assert "999907891234567 in the container" in server.refusals[0]


# ---- in pieces


@pytest.mark.parametrize("cut", range(len(message(1)) + 1))
def test_a_message_cut_anywhere_is_answered_when_it_is_whole(server: OfdServer, cut: int) -> None:
    data, line = message(1), server.connect()
    first = line.receive(data[:cut], WORLD)
    if cut < len(data):
        assert (first, len(server.store)) == ([], 0)
    replies = first + line.receive(data[cut:], WORLD)
    assert replies == say(OfdServer(), data)


def test_a_message_byte_by_byte_is_answered_once(server: OfdServer) -> None:
    line = server.connect()
    replies = [reply for byte in message(1) for reply in line.receive(bytes((byte,)), WORLD)]
    assert replies == say(OfdServer(), message(1))


@pytest.mark.parametrize("size", [1, 29, 30, 31, 100, 1000])
def test_messages_behind_each_other_are_all_answered_whatever_the_pieces(server: OfdServer, size: int) -> None:
    data, line = message(1) + EMPTY + message(2) + message(3), server.connect()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    found = answers(said(reply for piece in pieces for reply in line.receive(piece, WORLD)))
    assert [container.parse(one).document_number if one else None for one in found] == [1, None, 2, 3]


@pytest.mark.parametrize("size", [1, 30, 1000])
def test_a_good_message_before_a_bad_one_is_answered_whatever_the_pieces(server: OfdServer, size: int) -> None:
    data, line = message(1) + bytes(100), server.connect()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    replies = [reply for piece in pieces for reply in line.receive(piece, WORLD)]
    assert replies == say(OfdServer(), message(1)) + HANGS_UP
    assert (len(server.store), server.refused) == (1, 1)


def test_half_a_message_keeps_nobody_from_theirs(server: OfdServer) -> None:
    one, other = server.connect(), server.connect()
    assert one.receive(message(1)[:-1], WORLD) == []
    assert confirmed(other.receive(message(1, OTHER_FN), WORLD)).fn_number == OTHER_FN
    assert confirmed(one.receive(message(1)[-1:], WORLD)).fn_number == FN


def test_a_message_without_a_document_is_answered_by_its_like(server: OfdServer) -> None:
    header = session.parse_header(said(say(server, EMPTY)))
    assert (header.fn_number, header.body_size, header.flags) == (FN, 0, 0)
    assert (len(server.store), server.refused) == (0, 0)


# ---- what is refused


def spoilt(place: int, value: bytes) -> bytes:
    data = message(1)
    return data[:place] + value + data[place + len(value) :]


def resealed(**changed: bytes | int) -> bytes:
    """A message whose container header says something else, with a right check sum."""
    body = bytearray(in_container(1))
    places = {"message_type": 4, "type": 5, "version": 6, "fn": 9, "number": 17, "tag": 32, "stlv_length": 34}
    for name, value in changed.items():
        data = bytes((value,)) if isinstance(value, int) else value
        body[places[name] : places[name] + len(data)] = data
    body[2:4] = crc16(body[:2] + body[4:]).to_bytes(2, "little")
    return session.build_message(FN, bytes(body))


def with_document(document: bytes, sign: bytes = SIGN, fn_number: str = FN) -> bytes:
    return session.build_message(fn_number, container.build_document(fn_number, 1, document, sign))


def receipt(*parts: bytes) -> bytes:
    return tlv(DocumentType.RECEIPT, b"".join(parts))


_FN_TAG, _NUMBER_TAG = encode(T.FN_NUMBER, FN), encode(T.DOCUMENT_NUMBER, 1)

REFUSED = {
    "another signature": (spoilt(0, b"GET "), "no session header"),
    "the signature of another system": (spoilt(0, bytes.fromhex("dd80caa1")), "no session header"),
    "another session version": (spoilt(4, b"\x82\xa2"), "no session header"),
    "an unknown application version": (spoilt(6, b"\x09\x09"), "unknown version"),
    "an FN number that is no ASCII": (spoilt(8, b"\xff"), "not ASCII"),
    "an FN number that is no number": (spoilt(8, b"9999\x1b[2J"), "no number of a test FN"),
    "a real FN": (message(1, "8710000100000001"), "no number of a test FN"),
    "no FN number": (spoilt(8, b" " * 16), "no number of a test FN"),
    "a real FN without a document": (session.build_message("8710000100000001", b""), "no number of a test FN"),
    "a body that is too long": (spoilt(24, (MAX_BODY + 1).to_bytes(2, "little")), f"at most {MAX_BODY} are taken"),
    "a wrong session check sum": (
        session.SessionHeader(FN, 0, flags=Flags.CRC_OF_HEADER, crc=1).build(),
        "session CRC is 0001h",
    ),
    "a body of another length than its container": (
        session.build_message(FN, in_container(1) + b"\0"),
        "the container says",
    ),
    "a body too short for a container": (session.build_message(FN, bytes(10)), "at least 36 bytes"),
    "a wrong check sum": (spoilt(-1, b"\x55"), "container CRC is"),
    "another message type": (resealed(message_type=0xA6), "message A6h"),
    "another container version": (resealed(version=2), "version 2"),
    "no packed FN number": (resealed(fn=b"\xaa" * 8), "no packed FN number"),
    "another FN in the container": (resealed(fn=bytes.fromhex("9999078900000002")), "9999078900000002 in the cont"),
    "another FN in 1041": (with_document(receipt(encode(T.FN_NUMBER, OTHER_FN), _NUMBER_TAG)), "in the header only"),
    "no 1041": (with_document(receipt(_NUMBER_TAG)), "in the header only"),
    "another number in 1040": (with_document(receipt(_FN_TAG, encode(T.DOCUMENT_NUMBER, 2))), "in the header only"),
    "another number in the container": (resealed(number=b"\0\0\x02"), "document 2 in the header only"),
    "another type than the STLV": (resealed(type=5), "not a document 5"),
    "an STLV beyond the end": (resealed(stlv_length=b"\xff\xff"), "65535 bytes"),
    "a document of an unknown type": (
        with_document(tlv(99, _FN_TAG + _NUMBER_TAG)),
        "no till sends documents of type 99",
    ),
    "a confirmation": (with_document(tlv(7, _FN_TAG + _NUMBER_TAG)), "no till sends documents of type 7"),
    "a TLV beyond the end": (with_document(receipt(_FN_TAG, _NUMBER_TAG, b"\xfc\x03\x09\0")), "cannot be decoded"),
    "a requisite of another size": (with_document(receipt(_FN_TAG, _NUMBER_TAG, tlv(T.SHIFT_NUMBER, b"1"))), "1038"),
    "document 0": (message(0), "an FN numbers its documents from 1"),
    "no sign": (with_document(stlv(1), b""), "0 bytes behind the document"),
    "a sign of another size": (with_document(stlv(1), bytes(8)), "8 bytes behind the document"),
}


@pytest.mark.parametrize(("data", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_message_is_told_and_ends_the_connection(server: OfdServer, data: bytes, sentence: str) -> None:
    told: list[str] = []
    server.complain = told.append
    assert say(server, data) == HANGS_UP
    assert sentence in told[0] and told == list(server.refusals)
    assert (server.refused, len(server.store)) == (1, 0)
    assert told[0].isprintable()


def test_nothing_is_heard_behind_a_refused_message(server: OfdServer) -> None:
    line = server.connect()
    assert line.receive(bytes(30) + message(1), WORLD) == HANGS_UP
    assert line.receive(message(1), WORLD) == []
    assert not line.listens and len(server.store) == 0


def test_the_last_refusals_are_kept_and_all_are_counted(server: OfdServer) -> None:
    for _ in range(REFUSALS_KEPT + 5):
        say(server, bytes(30))
    assert (server.refused, len(server.refusals)) == (REFUSALS_KEPT + 5, REFUSALS_KEPT)


def test_a_document_of_the_greatest_size_is_taken(server: OfdServer) -> None:
    requisites = stlv(1)[4:]
    filler = tlv(UNKNOWN_TAG, bytes(MAX_BODY - len(in_container(1)) - 4))
    asked = with_document(tlv(DocumentType.RECEIPT, requisites + filler))
    assert len(asked) == session.HEADER_SIZE + MAX_BODY
    assert confirmed(say(server, asked)).document_number == 1


# ---- once, and only once


def test_a_document_that_comes_again_gets_the_same_answer_and_is_stored_once(server: OfdServer) -> None:
    first = said(say(server, message(1)))
    assert said(say(server, message(1), WORLD + 86_400)) == first
    assert len(server.store) == 1


def test_a_container_that_only_varies_around_the_document_holds_the_same_document(server: OfdServer) -> None:
    first = said(say(server, message(1)))
    again = session.build_message(FN, in_container(1, varying=b"\x01\x02\x03\x04"))
    assert said(say(server, again, WORLD + 60)) == first
    assert len(server.store) == 1


def test_another_document_under_a_number_that_is_taken_is_stored_beside_it(server: OfdServer) -> None:
    told: list[str] = []
    server.complain = told.append
    first = said(say(server, message(1, total_kopecks=100)))
    second = said(say(server, message(1, total_kopecks=200), WORLD + 60))
    assert [one.container for one in server.store.versions(FN, 1)] == [in_container(1, FN, kop) for kop in (100, 200)]
    assert "document 1 came with another content, it is version 2" in told[0] and server.refused == 0
    assert said(say(server, message(1, total_kopecks=100))) == first
    assert said(say(server, message(1, total_kopecks=200))) == second
    assert len(server.store) == 2 and len(told) == 1


def test_numbers_of_different_tills_are_different_documents(server: OfdServer) -> None:
    say(server, message(1))
    say(server, message(1, OTHER_FN))
    assert [till.fn_number for till in server.store.tills()] == [FN, OTHER_FN]


class FullStore(MemoryStore):
    """A store that keeps nothing more."""

    def put(self, document: StoredDocument) -> bool:
        raise NotStoredError("the disk is full")


def test_a_document_that_cannot_be_stored_is_not_confirmed() -> None:
    server = OfdServer(FullStore())
    assert say(server, message(1)) == HANGS_UP
    assert list(server.refusals) == [f"FN {FN}: the disk is full"]


# ---- forks


def test_a_fork_has_the_same_documents_and_goes_its_own_way(server: OfdServer) -> None:
    say(server, message(1))
    twin = server.copy()
    assert said(say(twin, message(1), WORLD + 60)) == said(say(server, message(1)))
    say(twin, message(2))
    say(server, message(3))
    assert [one.number for one in twin.store.received()] == [1, 2]
    assert [one.number for one in server.store.received()] == [1, 3]


def test_a_fork_takes_over_a_message_that_is_half_there(server: OfdServer) -> None:
    line = server.connect()
    line.receive(message(1)[:50], WORLD)
    twin = server.copy()
    twin_line = line.copy(twin)
    assert confirmed(twin_line.receive(message(1)[50:], WORLD)).document_number == 1
    assert (len(server.store), len(twin.store)) == (0, 1)
    assert confirmed(line.receive(message(1)[50:], WORLD)).document_number == 1


def test_a_fork_refuses_in_silence(server: OfdServer) -> None:
    told: list[str] = []
    server.complain = told.append
    twin = server.copy()
    say(twin, bytes(30))
    assert (twin.refused, server.refused, told) == (1, 0, [])
