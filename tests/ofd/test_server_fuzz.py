"""The operator against clients that are broken or mean: it goes on, keeps little, and serves the others."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kktsim.ofd import documents
from kktsim.ofd.failures import SERVER_FAILURES, Planned
from kktsim.ofd.server import REFUSALS_KEPT, OfdLine, OfdServer
from protocol.checksums import crc16
from protocol.ffd.documents import DocumentType
from protocol.ffd.tlv import encode, tlv
from protocol.ofd import container, session
from protocol.ofd.session import HEADER_SIZE
from protocol.ofd.stream import MAX_BODY
from tests.ofd.messages import EMPTY, FN, OTHER_FN, WORLD, confirmed, message, say

LONGEST_SENTENCE = 300
PIECE = 4096


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A message with some bytes changed, left out or put in; its container may have a right check sum all the same."""
    data = bytearray(message(draw(st.integers(1, 9))))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data) - 1))
        kind = draw(st.sampled_from(("change", "cut", "insert")))
        if kind == "change":
            data[place] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[place : place + draw(st.integers(1, 4))]
        else:
            data[place:place] = draw(st.binary(min_size=1, max_size=4))
    if draw(st.booleans()):
        size = len(data) - HEADER_SIZE
        data[24:26] = (size & 0xFFFF).to_bytes(2, "little")
        data[30:32] = (size & 0xFFFF).to_bytes(2, "little")
        data[32:34] = crc16(data[30:32] + data[34:]).to_bytes(2, "little")
    return bytes(data)


@st.composite
def odd_documents(draw: st.DrawFn) -> bytes:
    """A message that is right outside, with anything at all inside its document."""
    number = draw(st.integers(0, (1 << 24) - 1))
    parts = [encode(1041, FN), encode(1040, number)]
    tags = st.sampled_from((1012, 1020, 1023, 1038, 1040, 1041, 1059, 1077, 1162, 1174, 1209, 1224, 60_000))
    parts += draw(st.lists(st.builds(tlv, tags, st.binary(max_size=24)), max_size=6))
    kind = draw(st.sampled_from(DocumentType))
    stlv = tlv(kind, b"".join(draw(st.permutations(parts))))
    return session.build_message(FN, container.build_document(FN, number, stlv, draw(st.binary(max_size=10)).ljust(10)))


def speech() -> st.SearchStrategy[bytes]:
    """Something that a client says."""
    plain = st.sampled_from((EMPTY, message(1), message(2), message(1, OTHER_FN), message(1, total_kopecks=5)))
    return st.one_of(st.binary(max_size=200), damaged(), odd_documents(), plain)


def held(line: OfdLine) -> int:
    """Bytes that a connection keeps."""
    return len(line._reader._held)


def check(server: OfdServer) -> None:
    """What holds whatever was said: the operator answers others, and can show all that it has."""
    server.failures.clear()
    told = confirmed(say(server, message(77, "9999000000000077")))
    assert (told.fn_number, told.document_number, told.answer) == ("9999000000000077", 77, 0)
    seen = {(one.fn_number, one.document) for one in server.store.received()}
    assert len(seen) == len(server.store)
    for row in documents.listing(server.store)["documents"]:
        assert documents.document(server.store, row["number"], row["fn_number"]) is not None
    assert len(server.refusals) <= REFUSALS_KEPT
    assert all(len(sentence) < LONGEST_SENTENCE for sentence in server.refusals)


@given(st.lists(speech(), min_size=1, max_size=5))
def test_whatever_a_client_says_the_operator_goes_on(said: list[bytes]) -> None:
    server = OfdServer()
    for data in said:
        say(server, data)
    check(server)


@given(st.lists(speech(), min_size=1, max_size=4), st.lists(st.integers(0, 600), max_size=6))
def test_the_pieces_of_what_a_client_says_make_no_difference(said: list[bytes], cuts: list[int]) -> None:
    data = b"".join(said)
    whole, cut = OfdServer(), OfdServer()
    replies = say(whole, data)
    line = cut.connect()
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[start:end] for start, end in pairwise(edges)]
    assert line.opened(WORLD) + [reply for piece in pieces for reply in line.receive(piece, WORLD)] == replies
    assert cut.store.received() == whole.store.received()
    assert list(cut.refusals) == list(whole.refusals)


@given(
    st.lists(st.tuples(st.integers(0, 7), speech()), min_size=1, max_size=20),
    st.lists(
        st.builds(
            Planned,
            st.sampled_from(sorted(SERVER_FAILURES)),
            st.integers(1, 3) | st.none(),
            st.integers(1, 5) | st.none(),
            st.integers(1, 100),
            st.integers(0, 1000),
        ),
        max_size=3,
    ),
)
def test_many_connections_at_once_do_not_disturb_a_good_one(
    steps: list[tuple[int, bytes]], failures: list[Planned]
) -> None:
    server = OfdServer()
    for planned in failures:
        planned.fn_number = FN
        server.failures.add(planned)
    good, asked = server.connect(), message(3, "9999000000000003")
    lines = [server.connect() for _ in range(8)]
    assert good.opened(WORLD) == [] and good.receive(asked[:40], WORLD) == []
    for which, data in steps:
        lines[which].receive(data, WORLD)
        assert held(lines[which]) <= HEADER_SIZE + MAX_BODY
    assert confirmed(good.receive(asked[40:], WORLD)).document_number == 3
    check(server)


@settings(max_examples=20)
@given(st.binary(min_size=1, max_size=64))
def test_a_client_that_never_ends_costs_no_more_than_one_message(filler: bytes) -> None:
    server = OfdServer()
    line = server.connect()
    header = session.SessionHeader(FN, MAX_BODY).build()
    most = 0
    for start in range(0, 3 * MAX_BODY, PIECE):
        piece = (filler * PIECE)[:PIECE]
        line.receive(header + piece if not start else piece, WORLD)
        most = max(most, held(line))
    assert most <= HEADER_SIZE + MAX_BODY
    assert (server.refused, line.listens) == (1, False)
    check(server)


def test_tills_that_only_begin_cost_nothing_but_what_they_sent() -> None:
    server = OfdServer()
    lines = [server.connect() for _ in range(500)]
    for line in lines:
        line.receive(message(1)[:100], WORLD)
    assert sum(held(line) for line in lines) == 500 * (100 - HEADER_SIZE)
    check(server)
