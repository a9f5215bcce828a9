"""What an operator keeps, in memory and on disk: nothing twice, nothing lost, and forks that do not meet."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fn_model.store_file import StoreFileError, StoreInUseError
from kktsim.ofd.server import OfdServer
from kktsim.ofd.sqlite_store import FILE_NAME, OFD_FILE, SqliteStore
from kktsim.ofd.store import MemoryStore, NotStoredError, Store, StoredDocument, Till
from tests.ofd.messages import FN, OTHER_FN, WORLD, confirmed, in_container, message, said, say


def document(number: int, fn_number: str = FN, total_kopecks: int = 100, world: float = WORLD) -> StoredDocument:
    return StoredDocument(fn_number, number, 3, world, in_container(number, fn_number, total_kopecks), 0, b"confirmed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ofd" / FILE_NAME


@pytest.fixture
def on_disk(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore.open(path)
    yield store
    store.close()


@pytest.fixture(params=["memory", "disk", "fork of memory", "fork of disk"])
def store(request: pytest.FixtureRequest, on_disk: SqliteStore) -> Store:
    """Every kind of store, empty."""
    makers: dict[str, Callable[[], Store]] = {
        "memory": MemoryStore,
        "disk": lambda: on_disk,
        "fork of memory": lambda: MemoryStore().fork(),
        "fork of disk": lambda: on_disk.fork().fork(),
    }
    return makers[request.param]()


def fill(store: Store) -> None:
    for number in (2, 1, 5):
        assert store.put(document(number))
    assert store.put(document(3, OTHER_FN))
    assert store.put(document(2, total_kopecks=200))


# ---- every kind


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert (len(store), store.tills(), store.received()) == (0, [], [])
    assert store.versions(FN, 1) == () and store.before(FN, 9) is None and store.listed(FN, 1, 9) == []


def test_a_document_is_found_as_it_was_put(store: Store) -> None:
    assert store.put(document(1))
    assert store.versions(FN, 1) == (document(1),)
    assert store.versions(OTHER_FN, 1) == ()


def test_the_same_document_is_not_put_twice(store: Store) -> None:
    assert store.put(document(1))
    assert not store.put(document(1, world=WORLD + 60))
    assert store.received() == [document(1)]


def test_another_document_under_the_number_is_its_next_version(store: Store) -> None:
    fill(store)
    assert store.versions(FN, 2) == (document(2), document(2, total_kopecks=200))


def test_documents_are_told_in_the_order_of_receipt(store: Store) -> None:
    fill(store)
    received = [document(2), document(1), document(5), document(3, OTHER_FN), document(2, total_kopecks=200)]
    assert store.received() == received
    assert store.received(3) == received[3:] and store.received(9) == []


def test_documents_of_an_fn_are_listed_by_number(store: Store) -> None:
    fill(store)
    assert [one.number for one in store.listed(FN, 1, 9)] == [1, 2, 2, 5]
    assert [one.number for one in store.listed(FN, 2, 2)] == [2, 2]
    assert store.listed(FN, 6, 9) == [] and store.listed(FN, 1, 0) == []


def test_the_document_before_is_the_last_with_a_lower_number(store: Store) -> None:
    fill(store)
    found = [store.before(FN, number) for number in (1, 2, 3, 5, 99)]
    latest = document(2, total_kopecks=200)
    assert found == [None, document(1), latest, latest, document(5)]


def test_tills_are_told_with_their_numbers(store: Store) -> None:
    fill(store)
    assert store.tills() == [Till(FN, 4, 1, 5), Till(OTHER_FN, 1, 3, 3)]
    assert len(store) == 5


def test_forks_share_what_was_and_not_what_comes(store: Store) -> None:
    fill(store)
    fork = store.fork()
    second = fork.fork()
    assert store.put(document(6)) and fork.put(document(7)) and second.put(document(6, total_kopecks=300))
    for one, more in ((store, document(6)), (fork, document(7)), (second, document(6, total_kopecks=300))):
        assert len(one) == 6
        assert one.received(5) == [more]
        assert one.listed(FN, 6, 9) == [more]
        assert one.tills()[0] == Till(FN, 5, 1, more.number)
    assert not fork.put(document(5)) and store.versions(FN, 7) == ()
    assert second.before(FN, 7) == document(6, total_kopecks=300)
    assert fork.before(FN, 7) == document(5)


def test_a_document_that_was_answered_anew_is_told_with_that_answer(store: Store) -> None:
    fill(store)
    anew = replace(document(2), answer=14, confirmation=b"another one")
    store.answer_anew(anew)
    versions = (anew, document(2, total_kopecks=200))
    assert store.versions(FN, 2) == versions
    assert store.received() == [anew, document(1), document(5), document(3, OTHER_FN), versions[1]]
    assert store.listed(FN, 1, 2) == [document(1), anew]
    assert not store.put(document(2)) and store.versions(FN, 2) == versions and len(store) == 5


def test_forks_share_the_answers_that_were_and_not_those_that_come(store: Store) -> None:
    fill(store)
    first, second = (replace(document(number), answer=11, confirmation=b"anew") for number in (1, 5))
    store.answer_anew(first)
    fork = store.fork()
    fork.answer_anew(second)
    assert fork.put(document(6)) and store.put(document(7))
    assert fork.versions(FN, 1) == store.versions(FN, 1) == (first,)
    assert (fork.versions(FN, 5), store.versions(FN, 5)) == ((second,), (document(5),))
    assert [one.versions(FN, 6) for one in (fork, store)] == [(document(6),), ()]


# ---- forks of the memory, tried against plain lists

Step = tuple[int, int, int]
"""Which store; put which number with which content; a negative number forks."""


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 4), st.integers(1, 2)), max_size=40))
def test_forks_of_forks_keep_to_themselves(steps: list[Step]) -> None:
    stores: list[Store] = [MemoryStore()]
    told: list[list[StoredDocument]] = [[]]
    for which, number, kopecks in steps:
        index = which % len(stores)
        if number < 0:
            stores.append(stores[index].fork())
            told.append(list(told[index]))
            continue
        new = document(number, total_kopecks=kopecks)
        assert stores[index].put(new) is (new not in told[index])
        if new not in told[index]:
            told[index].append(new)
    for store, documents in zip(stores, told, strict=True):
        assert store.received() == documents and len(store) == len(documents)
        assert store.listed(FN, 0, 99) == sorted(documents, key=lambda one: one.number)
        for number in range(5):
            assert list(store.versions(FN, number)) == [one for one in documents if one.number == number]
            lower = [one for one in store.listed(FN, 0, 99) if one.number < number]
            assert store.before(FN, number) == (lower[-1] if lower else None)


# ---- on disk


def test_a_store_outlives_its_process(path: Path, on_disk: SqliteStore) -> None:
    fill(on_disk)
    before = on_disk.received()
    on_disk.close()
    again = SqliteStore.open(path, is_synced=True)
    assert again.received() == before
    assert not again.put(document(5)) and again.put(document(6))
    again.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from kktsim.ofd.server import OfdServer
from kktsim.ofd.sqlite_store import SqliteStore

class Killed(SqliteStore):
    def put(self, document):
        super().put(document)
        os.kill(os.getpid(), signal.SIGKILL)

store = Killed.open(Path(sys.argv[1]))
OfdServer(store).connect().receive(bytes.fromhex(sys.argv[2]), float(sys.argv[3]))
"""


def test_a_document_whose_answer_was_lost_with_the_process_is_there_once(path: Path) -> None:
    asked = message(7)
    ended = subprocess.run([sys.executable, "-c", KILLED, path, asked.hex(), str(WORLD)], check=False, timeout=60)
    assert ended.returncode == -9
    store = SqliteStore.open(path)
    assert [one.number for one in store.received()] == [7]
    server = OfdServer(store)
    answer = said(say(server, asked, WORLD + 3600))
    assert answer == said(say(OfdServer(), asked)), "it is confirmed as of the time when it came first"
    assert len(store) == 1
    store.close()


def test_a_document_is_in_the_file_before_its_answer_is_known(path: Path, on_disk: SqliteStore) -> None:
    server = OfdServer(on_disk)
    say(server, message(7))
    log = path.with_name(f"{path.name}-wal")
    assert in_container(7) in path.read_bytes() + log.read_bytes()


def test_an_answer_given_anew_is_in_the_file(path: Path) -> None:
    store = SqliteStore.open(path)
    fill(store)
    anew = replace(document(2), answer=14, confirmation=b"another one")
    store.answer_anew(anew)
    store.close()
    again = SqliteStore.open(path)
    assert again.versions(FN, 2) == (anew, document(2, total_kopecks=200))
    again.close()


def test_a_store_that_is_open_is_not_opened_again(path: Path, on_disk: SqliteStore) -> None:
    with pytest.raises(StoreInUseError, match="an OFD is in one place at a time"):
        SqliteStore.open(path)


def test_a_store_of_another_process_is_not_opened(path: Path, on_disk: SqliteStore) -> None:
    code = "import sys; from pathlib import Path; from kktsim.ofd.sqlite_store import SqliteStore\n"
    code += "SqliteStore.open(Path(sys.argv[1]))"
    told = subprocess.run([sys.executable, "-c", code, path], check=False, timeout=60, capture_output=True, text=True)
    assert told.returncode == 1
    assert "is open in another process: end that one first" in told.stderr


def test_a_file_of_another_kind_is_refused_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"something else")
    with pytest.raises(StoreFileError, match="is not the file of an OFD: take one that `kktsim ofd serve"):
        SqliteStore.open(path)
    assert path.read_bytes() == b"something else"


def test_a_place_where_nothing_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "ofd").write_bytes(b"")
    with pytest.raises(StoreFileError, match="cannot be made"):
        SqliteStore.open(tmp_path / "ofd" / "here" / FILE_NAME)


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Nobody may look into a directory, not even who runs the tests."""
    user = os.geteuid()
    directory.chmod(0)
    if user == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(user)
        directory.chmod(0o700)


def test_a_directory_that_may_not_be_looked_into_is_told(path: Path) -> None:
    path.parent.mkdir()
    with locked(path.parent), pytest.raises(StoreFileError, match="cannot be looked for: Permission denied"):
        SqliteStore.open(path)
    with locked(path.parent), pytest.raises(StoreFileError, match="cannot be made: Permission denied"):
        OFD_FILE.make(path, (), lambda _put: None)


def test_one_directory_is_made_and_no_more(tmp_path: Path) -> None:
    far = tmp_path / "not" / "there"
    with pytest.raises(StoreFileError, match=f"there is no directory {far.parent}: make it first"):
        SqliteStore.open(far / FILE_NAME)
    assert list(tmp_path.iterdir()) == []
    far.parent.mkdir()
    SqliteStore.open(far / FILE_NAME).close()
    assert [one.name for one in far.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("is_replaced", [False, True])
def test_nothing_is_confirmed_into_a_file_that_was_taken_away(path: Path, is_replaced: bool) -> None:
    store = SqliteStore.open(path)
    server = OfdServer(store)
    first = say(server, message(1))
    beside = path.rename(path.with_name("taken away"))
    if is_replaced:
        path.touch()
    for number in (1, 2):
        assert [(reply.data, reply.closes) for reply in say(server, message(number))] == [(b"", True)]
    assert "was deleted or replaced while it was in use" in server.refusals[0] and server.refused == 2

    beside.replace(path)
    assert say(server, message(1)) == first
    assert len(confirmed(say(server, message(2))).fn_number) == 16
    assert [one.number for one in store.received()] == [1, 2]
    store.close()


def test_a_document_that_the_file_does_not_take_is_not_confirmed(on_disk: SqliteStore) -> None:
    server = OfdServer(on_disk)
    on_disk.close()
    assert [reply.closes for reply in say(server, message(1))] == [True]
    assert "cannot be read or written" in server.refusals[0]
    with pytest.raises(NotStoredError):
        on_disk.put(document(1))


def test_the_operators_fork_reads_the_file_and_writes_to_memory(on_disk: SqliteStore) -> None:
    server = OfdServer(on_disk)
    first = say(server, message(1))
    twin = server.copy()
    say(twin, message(2))
    say(server, message(3))
    assert say(twin, message(1), WORLD + 60) == first
    assert [[one.number for one in place.received()] for place in (twin.store, on_disk)] == [[1, 2], [1, 3]]
