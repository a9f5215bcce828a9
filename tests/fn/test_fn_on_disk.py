"""An FN whose archive is a file, through its frames: as one in memory, and still there after the process is gone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fn_model import FiscalStorage, FnPort, load_model
from fn_model.sqlite_archive import SqliteArchive
from protocol.fn.archive_answers import FoundDocument, ReceiptDetails
from protocol.fn.commands import FnCode, FnCommand, Operation
from tests.fn.fn_till import NUMBER, Till


def number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def on_disk(till: Till, archive: SqliteArchive) -> Till:
    """The till with the FN of that archive in its slot."""
    till.port = FnPort(FiscalStorage.opened(archive))
    return till


def reopened(till: Till) -> Till:
    """The same till after its FN was put away and taken out again."""
    archive = till.fn.archive
    assert isinstance(archive, SqliteArchive)
    archive.close()
    return on_disk(till, SqliteArchive.open(archive.path))


def in_memory(till: Till) -> Till:
    """The same till after a power cut."""
    till.fn.power_off()
    till.fn.power_on(0.0)
    return till


@pytest.fixture(params=["memory", "disk"])
def till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Till]:
    """A till with a fresh FN of either kind."""
    till = Till()
    if request.param == "disk":
        on_disk(till, SqliteArchive.create(tmp_path / "one.fn", NUMBER, load_model()))
    yield till
    till.fn.archive.close()


def trade(till: Till) -> None:
    """A day, part of it sent."""
    till.open_shift()
    till.sell(1_000)
    till.correct(500)
    till.sell(250)
    till.close_shift()
    till.send_one()
    till.wait(days=1)


def test_an_fn_that_is_reopened_every_day_is_the_one_that_lived_on_in_memory(tmp_path: Path) -> None:
    lasting, kept = Till(), on_disk(Till(), SqliteArchive.create(tmp_path / "one.fn", NUMBER, load_model()))
    lasting.register()
    kept.register()
    for _ in range(4):
        trade(lasting)
        trade(kept)
        assert kept.fn.digest() == lasting.fn.digest()
        in_memory(lasting)
        reopened(kept).fn.power_on(0.0)
        assert kept.fn.digest() == lasting.fn.digest()
    for side in (lasting, kept):
        side.send_all()
        side.close_archive()
        side.send_all()
    assert kept.fn.phase == lasting.fn.phase == 15
    assert reopened(kept).fn.archive.tail() == lasting.fn.archive.tail()
    kept.fn.archive.close()


def test_an_open_shift_and_its_receipts_go_on_after_reopening(tmp_path: Path) -> None:
    till = on_disk(Till(), SqliteArchive.create(tmp_path / "one.fn", NUMBER, load_model()))
    till.register()
    till.open_shift()
    first = till.sell(1_000)
    till.begin_receipt(300)
    reopened(till)
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt(300)) == FnCode.WRONG_STATE, "it was not formed"
    second = till.sell(2_000)
    assert (second.receipt, second.number) == (first.receipt + 1, first.number + 1)
    assert till.close_shift().shift == 1
    till.fn.archive.close()


def test_a_file_keeps_the_settings_of_its_fn(tmp_path: Path) -> None:
    model = load_model()
    own = replace(model, settings=replace(model.settings, data_required=False, bad_crc_answer="silence"))
    SqliteArchive.create(tmp_path / "one.fn", NUMBER, own).close()
    fn = FiscalStorage.opened(SqliteArchive.open(tmp_path / "one.fn"))
    assert (fn.number, fn.model) == (NUMBER, own)
    assert FnPort(fn).exchange(b"\4\1\0\x30\0\0", 0.0) is None
    fn.archive.close()


def test_a_fork_of_an_fn_on_disk_lives_in_memory(till: Till) -> None:
    till.register()
    till.open_shift()
    twin = Till()
    twin.port = till.port.copy()
    assert twin.fn.digest() == till.fn.digest()
    twin.sell(100)
    before = till.fn.digest()
    twin.close_shift()
    assert till.fn.digest() == before
    till.sell(100)
    assert till.status().last_document == 3


def test_bodies_are_forgotten_and_short_forms_are_not(till: Till) -> None:
    till.register()
    till.open_shift()
    sold = till.sell(12_345)
    till.close_shift()
    till.send_all()
    till.do(FnCommand.BEGIN_DOCUMENT_TLV, number(3))
    till.wait(days=31)
    for _ in range(3):
        till.settle()
    assert till.refused(FnCommand.BEGIN_DOCUMENT_TLV, number(3)) == FnCode.NO_DATA
    forgotten = till.fn.archive.get(3)
    assert forgotten is not None and forgotten.body == b""
    found = FoundDocument.parse(till.do(FnCommand.FIND_DOCUMENT, number(3)))
    assert (found.sign, found.is_confirmed) == (sold.sign, True)
    assert found.details == ReceiptDetails(Operation.SELL, 12_345)
    till.do(FnCommand.FIND_CONFIRMATION, number(3))
    till.do(FnCommand.BEGIN_DOCUMENT_TLV, number(1))


def test_a_damaged_record_reads_as_zeros_and_stops_the_queue(till: Till) -> None:
    till.register()
    till.open_shift()
    till.sell()
    till.send_one()
    size = len(till.do(FnCommand.FIND_DOCUMENT, number(3)))
    till.fn.damage_document(3)
    assert till.do(FnCommand.FIND_DOCUMENT, number(3)) == bytes(size)
    assert till.refused(FnCommand.BEGIN_DOCUMENT_TLV, number(3)) == FnCode.FAILURE
    till.send_one()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    assert till.refused(FnCommand.BEGIN_MESSAGE) == FnCode.FAILURE
    assert till.exchange_status().number == 3
    till.sell()
    assert till.exchange_status().unsent_documents == 2
    till.wait(days=31)
    till.begin_close_shift()
    assert till.refused(FnCommand.CLOSE_SHIFT) == FnCode.STORAGE_EXHAUSTED
    with pytest.raises(ValueError, match="there is no document 9 to damage: the last one is 4"):
        till.fn.damage_document(9)


def test_damage_is_there_after_reopening_and_gone_with_a_reset(tmp_path: Path) -> None:
    till = on_disk(Till(), SqliteArchive.create(tmp_path / "one.fn", NUMBER, load_model()))
    till.register()
    till.fn.damage_document(1)
    reopened(till)
    assert not any(till.do(FnCommand.FIND_DOCUMENT, number(1)))
    till.do(FnCommand.RESET, b"\x16")
    till.register()
    assert FoundDocument.parse(till.do(FnCommand.FIND_DOCUMENT, number(1))).number == 1
    till.fn.archive.close()


def test_an_fn_whose_file_cannot_be_written_fails_and_keeps_nothing_of_the_command(tmp_path: Path) -> None:
    archive = SqliteArchive.create(tmp_path / "one.fn", NUMBER, load_model())
    till = on_disk(Till(), archive)
    till.register()
    till.open_shift()
    till.begin_receipt(100)
    (pages,) = archive._database.run("PRAGMA page_count").fetchone()
    archive._database.run(f"PRAGMA max_page_count = {pages}")
    while (code := till.ask(FnCommand.COMMIT_RECEIPT, till.receipt(100))[0]) == FnCode.OK:
        till.begin_receipt(100)
    assert code == FnCode.FAILURE
    sold = till.status().last_document
    archive._database.run("PRAGMA max_page_count = 1000000")
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt(100))
    assert till.status().last_document == sold + 1
    assert reopened(till).status().last_document == sold + 1
    till.fn.archive.close()
