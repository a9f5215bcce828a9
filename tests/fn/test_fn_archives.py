"""What every archive does, in memory and on disk alike; a random history shows no difference between the two."""

import sqlite3
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fn_model.archive import FORGOTTEN_PER_COMMIT, Archive
from fn_model.memory_archive import MemoryArchive
from fn_model.sqlite_archive import SqliteArchive
from fn_model.state import FnState
from protocol.ffd.documents import DocumentType
from tests.fn.archives import Answers, add, after, answers, confirm, confirmation, document, new_file

KINDS: dict[str, Callable[[Path], Archive]] = {
    "memory": lambda _: MemoryArchive(FnState()),
    "disk": new_file,
    "fork of disk": lambda directory: new_file(directory).fork(),
}


@pytest.fixture(params=KINDS)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """An empty archive of each kind."""
    return KINDS[request.param](tmp_path)


def bodies(archive: Archive) -> list[int]:
    """Numbers of the documents that are kept whole."""
    made = (archive.get(number) for number in range(1, archive.state.document_number + 1))
    return [one.number for one in made if one is not None and one.body]


def test_an_empty_archive_has_nothing(archive: Archive) -> None:
    assert (archive.tail(), archive.head(), archive.unsent_count()) == (None, None, 0)
    assert (archive.get(0), archive.get(1), archive.confirmation(1)) == (None, None, None)
    assert not archive.is_unsent(1)


def test_a_document_comes_back_as_it_was_made(archive: Archive) -> None:
    made = [document(1, 0, DocumentType.REGISTRATION), document(2, 0, DocumentType.SHIFT_OPEN)]
    for one in made:
        add(archive, one)
    assert [archive.get(1), archive.get(2)] == made
    assert archive.tail() == made[1]
    assert (archive.get(0), archive.get(3)) == (None, None)


def test_the_state_and_the_document_are_committed_together(archive: Archive) -> None:
    state = after(archive)
    state.unsent_bytes = 42
    archive.commit(state, document(1))
    assert archive.state is state
    assert archive.get(1) == document(1)


def test_the_queue_is_served_in_order_and_passes_over_what_does_not_go_to_the_ofd(archive: Archive) -> None:
    for number, goes_to_ofd in enumerate((True, False, False, True, True), 1):
        add(archive, document(number, goes_to_ofd=goes_to_ofd))
    served = []
    while (head := archive.head()) is not None:
        served.append((head.number, archive.unsent_count()))
        assert archive.is_unsent(head.number) and archive.confirmation(head.number) is None
        confirm(archive)
        assert not archive.is_unsent(head.number)
        assert archive.confirmation(head.number) == confirmation(head.number)
    assert served == [(1, 3), (4, 2), (5, 1)]
    assert archive.unsent_count() == 0
    assert not archive.is_unsent(2) and archive.confirmation(2) is None
    add(archive, document(6))
    assert archive.head() == document(6)


@pytest.mark.parametrize(("days", "is_forgotten"), [(30, False), (31, True)])
def test_a_body_is_dropped_when_the_last_document_is_over_30_days_younger(
    archive: Archive, days: int, is_forgotten: bool
) -> None:
    add(archive, document(1))
    confirm(archive)
    add(archive, document(2, days))
    assert archive.get(1) == (document(1)._replace(body=b"") if is_forgotten else document(1))
    assert archive.confirmation(1) == confirmation(1)


def test_an_unsent_document_and_all_behind_it_stay_whole_until_it_is_confirmed(archive: Archive) -> None:
    add(archive, document(1))
    add(archive, document(2, goes_to_ofd=False))
    add(archive, document(3, 365))
    assert bodies(archive) == [1, 2, 3]
    confirm(archive)
    assert bodies(archive) == [3]


@pytest.mark.parametrize(
    "document_type", [DocumentType.REGISTRATION, DocumentType.RE_REGISTRATION, DocumentType.CLOSE_ARCHIVE]
)
def test_reports_of_registration_and_closing_stay_whole_for_ever(archive: Archive, document_type: DocumentType) -> None:
    add(archive, document(1, 0, document_type, goes_to_ofd=False))
    add(archive, document(2, goes_to_ofd=False))
    add(archive, document(3, 1_000, goes_to_ofd=False))
    assert archive.get(1) == document(1, 0, document_type, goes_to_ofd=False)
    assert bodies(archive) == [1, 3]


def test_a_commit_drops_a_bounded_number_of_bodies_and_they_run_out(archive: Archive) -> None:
    for number in range(1, 11):
        add(archive, document(number, goes_to_ofd=False))
    left = []
    for number in range(11, 16):
        add(archive, document(number, 100, goes_to_ofd=False))
        left.append(len([one for one in bodies(archive) if one <= 10]))
    assert left == [10 - FORGOTTEN_PER_COMMIT * step for step in range(1, 6)] == [8, 6, 4, 2, 0]


def test_memory_is_let_go_when_most_bodies_are_forgotten() -> None:
    archive = MemoryArchive(FnState())
    tracemalloc.start()
    try:
        for number in range(1, 5_001):
            add(archive, document(number, number, goes_to_ofd=False)._replace(body=bytes(4_000)))
        held_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held_bytes < 5_000 * 4_000 / 2
    assert bodies(archive) == list(range(4_970, 5_001))


def test_a_fork_in_memory_keeps_the_bodies_that_its_twin_has_let_go() -> None:
    archive = MemoryArchive(FnState())
    for number in range(1, 1_001):
        add(archive, document(number, number // 50, goes_to_ofd=False))
    twin, past = archive.fork(), answers(archive)
    for number in range(1_001, 3_001):
        add(archive, document(number, number, goes_to_ofd=False))
    assert bodies(archive) == list(range(2_970, 3_001))
    assert answers(twin) == past


def test_wiping_forgets_everything(archive: Archive) -> None:
    add(archive, document(1))
    add(archive, document(2))
    confirm(archive)
    archive.damage(1)
    archive.wipe(FnState())
    assert answers(archive) == answers(MemoryArchive(FnState()))
    add(archive, document(1, 5))
    assert archive.head() == archive.get(1) == document(1, 5)


def test_a_fork_has_the_same_past_and_another_future(archive: Archive) -> None:
    add(archive, document(1))
    add(archive, document(2, 50))
    confirm(archive)
    archive.damage(2)
    before = answers(archive)
    twin = archive.fork()
    assert answers(twin) == before
    add(twin, document(3, 60))
    confirm(twin)
    twin.damage(3)
    assert answers(archive) == before
    add(archive, document(3, 70, goes_to_ofd=False))
    assert twin.get(3) == document(3, 60)


def test_a_fork_of_a_file_reads_nothing_until_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = new_file(tmp_path)
    for number in range(1, 6):
        add(archive, document(number, number * 20))
    told: list[str] = []
    run = archive._database.run

    def spy(statement: str, *values: Any) -> sqlite3.Cursor:
        told.append(statement)
        return run(statement, *values)

    monkeypatch.setattr(archive._database, "run", spy)
    twin = archive.fork()
    assert told == []
    add(twin, document(6, 200))
    assert twin.fork().get(6) == document(6, 200)
    assert len(told) <= FORGOTTEN_PER_COMMIT
    archive.close()


def test_a_fork_of_a_file_keeps_what_the_file_loses(tmp_path: Path) -> None:
    archive = new_file(tmp_path)
    for number in (1, 2, 3):
        add(archive, document(number, goes_to_ofd=False))
    before, first = answers(archive), archive.fork()
    add(archive, document(4, 100, goes_to_ofd=False))
    assert bodies(archive) == [3, 4]
    second, later = archive.fork(), answers(archive)
    archive.wipe(FnState())
    add(archive, document(1, 200))
    archive.close()
    assert (answers(first), answers(second)) == (before, later)
    add(second, document(5, 101))
    assert (bodies(first), bodies(second)) == ([1, 2, 3], [4, 5])


def test_the_body_that_a_fork_forgets_is_not_lost_to_its_own_forks(tmp_path: Path) -> None:
    archive = new_file(tmp_path)
    add(archive, document(1, goes_to_ofd=False))
    first = archive.fork()
    second = first.fork()
    add(first, document(2, 100))
    assert (bodies(archive), bodies(first), bodies(second)) == ([1], [2], [1])
    archive.close()
    assert (bodies(first), bodies(second)) == ([2], [1])


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("add"),
            st.integers(0, 12),
            st.sampled_from([DocumentType.RECEIPT, DocumentType.SHIFT_OPEN, DocumentType.RE_REGISTRATION]),
            st.booleans(),
        ),
        st.sampled_from([("confirm",), ("reopen",), ("fork",), ("damage",), ("state",), ("wipe",)]),
    ),
    max_size=60,
)


@given(STEPS)
def test_any_history_with_any_reopening_gives_the_answers_of_memory(steps: list[tuple[object, ...]]) -> None:
    with TemporaryDirectory() as directory:
        memory: Archive = MemoryArchive(FnState())
        disk = new_file(Path(directory))
        left_behind: list[tuple[Archive, Answers]] = []
        day = 0
        for name, *arguments in steps:
            number = memory.state.document_number
            if name == "add":
                later, document_type, goes_to_ofd = arguments
                assert isinstance(later, int) and isinstance(document_type, DocumentType)
                day += later
                for one in (memory, disk):
                    add(one, document(number + 1, day, document_type, goes_to_ofd=bool(goes_to_ofd)))
            elif name == "confirm" and memory.unsent_count():
                confirm(memory)
                confirm(disk)
            elif name == "reopen":
                disk.close()
                disk = SqliteArchive.open(disk.path)
            elif name == "fork":
                left_behind.append((memory.fork(), answers(disk)))
                memory = disk.fork()
                left_behind.append((memory.fork(), answers(disk)))
            elif name == "damage" and number:
                memory.damage(1)
                disk.damage(1)
            elif name == "state":
                state = memory.state.copy()
                state.unsent_bytes += 1
                memory.commit(state)
                disk.commit(state)
            elif name == "wipe":
                memory.wipe(FnState())
                disk.wipe(FnState())
                day = 0
            assert (disk.tail(), disk.head(), disk.unsent_count()) == (
                memory.tail(),
                memory.head(),
                memory.unsent_count(),
            )
        assert answers(disk) == answers(memory)
        disk.close()
        assert [answers(twin) for twin, _ in left_behind] == [past for _, past in left_behind]
