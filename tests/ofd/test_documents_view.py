"""What is shown of an operator's documents: as JSON and as lines of text."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kktsim.ofd import documents
from kktsim.ofd.failures import Failure, Planned
from kktsim.ofd.server import OfdServer
from kktsim.ofd.sqlite_store import FILE_NAME, SqliteStore
from kktsim.ofd.store import Store
from protocol.fn.commands import FnCommand
from protocol.ofd import container, session
from tests.fn.fn_till import Till
from tests.ofd.messages import FN, OTHER_FN, in_container, message, say, stlv


@pytest.fixture
def server() -> OfdServer:
    """Documents 1 to 4 of one FN, document 9 of another."""
    server = OfdServer()
    for number in (1, 2, 3, 4):
        say(server, message(number, total_kopecks=100 * number))
    say(server, message(9, OTHER_FN))
    return server


@contextmanager
def on_disk(store: Store, place: Path) -> Iterator[SqliteStore]:
    """The same documents in a file."""
    with closing(SqliteStore.open(place / FILE_NAME)) as copied:
        for one in store.received():
            copied.put(one)
        yield copied


def test_the_list_has_a_row_for_each_document(server: OfdServer) -> None:
    told = documents.listing(server.store)
    assert told["total"] == 5
    assert told["tills"][0] == {"fn_number": FN, "documents": 4, "first": 1, "last": 4}
    assert [(row["fn_number"], row["number"]) for row in told["documents"]] == [
        *((FN, number) for number in (1, 2, 3, 4)),
        (OTHER_FN, 9),
    ]
    assert told["documents"][1] == {
        "fn_number": FN,
        "number": 2,
        "type": 3,
        "name": "кассовый чек",
        "received": "2026-03-02T12:00:00",
        "answer": 0,
        "at": "2026-03-02T12:00:00",
        "fiscal_sign": 258,
        "shift": 3,
        "operation": 1,
        "total_kopecks": 200,
    }


def test_the_list_is_lines_for_a_person(server: OfdServer) -> None:
    lines = documents.listing(server.store, OTHER_FN)["text"]
    assert lines == [
        f"ФН {OTHER_FN}: 1, 9..9",
        "     9  02.03.2026 12:00  кассовый чек, смена 3, =100.00, ФПД 0000000258",
    ]


@pytest.mark.parametrize(
    ("fn_number", "first", "count", "numbers"),
    [
        (FN, 2, 2, [2, 3]),
        (None, 4, 9, [4, 9]),
        (None, 1, 4, [1, 2, 3, 4]),
        (None, 1, 5, [1, 2, 3, 4, 9]),
        (FN, 5, 9, []),
        (FN, 1, 0, []),
        (FN, 10**30, 9, []),
        (FN, -(10**30), 2, [1, 2]),
        (FN, 1, -1, []),
        (FN, 1, 10**30, [1, 2, 3, 4]),
        ("9999000000000000", 1, 9, []),
    ],
)
def test_a_part_of_the_list_can_be_asked_for(
    server: OfdServer, tmp_path: Path, fn_number: str | None, first: int, count: int, numbers: list[int]
) -> None:
    told = documents.listing(server.store, fn_number, first, count)
    with on_disk(server.store, tmp_path) as copied:
        assert documents.listing(copied, fn_number, first, count) == told
    assert [row["number"] for row in told["documents"]] == numbers


def test_a_code_of_the_operator_stands_in_the_list(server: OfdServer) -> None:
    server.failures.add(Planned(Failure.FORMAT_LOGIC))
    say(server, message(5))
    assert documents.listing(server.store, FN, 5)["text"][1].endswith("код ответа / answer 14")


def test_a_document_is_shown_whole_with_its_confirmation(server: OfdServer) -> None:
    told = documents.document(server.store, 2, FN)
    assert told is not None
    [one] = told["versions"]
    assert (one["version"], one["number"], one["fn_number"]) == (1, 2, FN)
    assert one["container"] == in_container(2, total_kopecks=200).hex().upper()
    assert one["requisites"]["totalSum"] == 200
    assert one["is_stand_in"] and one["message_sign"].startswith("8106")
    assert one["confirmation"]["at"] == "2026-03-02T12:00:00"
    assert bytes.fromhex(one["confirmation"]["container"]) == server.store.versions(FN, 2)[0].confirmation
    text = "\n".join(told["text"])
    assert "1020" in text and "заменитель kktsim" in text and "квитанция / confirmation" in text and "1078" in text
    json.dumps(told)


def test_what_a_document_lacks_is_told(server: OfdServer) -> None:
    told = documents.document(server.store, 2, FN)
    assert told is not None
    assert any("is missing" in violation for violation in told["versions"][0]["violations"])
    assert any("формат / format" in line for line in told["text"])


def test_a_document_of_an_fn_lacks_nothing(server: OfdServer) -> None:
    till = Till()
    till.register()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    say(server, session.build_message(OTHER_FN[:-1] + "1", till.read_message()))
    told = documents.document(server.store, 1, till.fn.number)
    assert told is not None
    registration = told["versions"][-1]
    assert (registration["type"], registration["violations"], registration["is_stand_in"]) == (1, [], True)


def test_a_number_that_several_tills_have_is_shown_for_each(server: OfdServer) -> None:
    say(server, message(2, OTHER_FN))
    told = documents.document(server.store, 2)
    assert told is not None
    assert [one["fn_number"] for one in told["versions"]] == [FN, OTHER_FN]


def test_every_version_is_shown(server: OfdServer) -> None:
    say(server, message(2, total_kopecks=777))
    told = documents.document(server.store, 2, FN)
    assert told is not None
    assert [(one["version"], one["total_kopecks"]) for one in told["versions"]] == [(1, 200), (2, 777)]
    assert sum("версия / version 2" in line for line in told["text"]) == 1


@pytest.mark.parametrize(("number", "fn_number"), [(5, FN), (10**30, None), (-1, None), (1, "9999000000000000")])
def test_a_document_that_is_not_there_is_none(
    server: OfdServer, tmp_path: Path, number: int, fn_number: str | None
) -> None:
    assert documents.document(server.store, number, fn_number) is None
    with on_disk(server.store, tmp_path) as copied:
        assert documents.document(copied, number, fn_number) is None


def test_a_foreign_sign_is_told_as_such(server: OfdServer) -> None:
    body = container.build_document(FN, 6, stlv(6), b"\x81\x06ABCDEF\0\0")
    say(server, session.build_message(FN, body))
    told = documents.document(server.store, 6)
    assert told is not None
    assert not told["versions"][0]["is_stand_in"]
    assert any("не наша / not ours" in line for line in told["text"])
