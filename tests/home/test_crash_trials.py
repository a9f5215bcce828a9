"""The real kill: tills that are killed by `kill -9` lose nothing, and trials would find out if they did."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from fn_model.fn_file import FN_FILE
from fn_model.store_file import StoreFileError
from kktsim.bench import Bench
from kktsim.home import Home
from kktsim.testing.crash_driver import Book, Driver, Due
from kktsim.testing.crash_trials import live
from kktsim.testing.crash_verdict import Verdict, Wrong
from kktsim.testing.crash_zygote import Zygote
from kktsim.testing.presets import open_till
from kktsim.till_record import TillRecord
from protocol.atol.command import Command
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.receipt import CashIn, CloseReceipt, OpenReceipt
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.ffd.documents import DocumentType
from scenarios import routine

from .house import WORLD, new_till, up_again

TOOL = Path(__file__).parent.parent.parent / "tools" / "crash_trials.py"
FORGETFUL = Path(__file__).with_name("forgetful.py")
TRIALS = 50


def test_killed_tills_lose_nothing_and_make_nothing_twice() -> None:
    told = subprocess.run(
        [sys.executable, TOOL, "--trials", str(TRIALS), "--jobs", "2"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, ""), told.stdout
    assert told.stdout.startswith(f"{TRIALS} trials, ") and told.stdout.endswith("0 trials failed\n")


@pytest.mark.parametrize(("who", "trials"), [("till", 3), ("fn", 3), ("intent", 200)])
def test_a_till_that_forgets_is_found_out(
    who: str, trials: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    program = (sys.executable, str(FORGETFUL), who)
    with closing(Zygote(program, {"XDG_RUNTIME_DIR": str(tmp_path)})) as zygote:
        tally = live(zygote, 1, 0, trials)
    assert len(tally.failures) == 1
    assert Path(tally.failures[0].place).is_dir()


# --- the verdict, of a till inside this process -----------------------------------------------------------------------


@pytest.fixture
def driver(bench: Bench) -> Driver:
    """A driver that has traded a little, and knows how its till stands."""
    driver = Driver(Random(1), settles_in_shift=True)
    driver.till = open_till(bench)
    for _ in range(10):
        driver.sell()
    driver.note_sign()
    return driver


def test_a_till_that_has_kept_everything_is_believed(driver: Driver) -> None:
    verdict = Verdict(driver)
    assert not verdict.find_out()
    for deed in (driver.close_shift, driver.report_settlement, driver.register_again, driver.take_back):
        deed()
        driver.note_sign()
    assert not verdict.find_out()


def test_a_document_that_is_not_in_the_fn_is_missed(driver: Driver) -> None:
    driver.book.documents.append(Due(DocumentType.RECEIPT, 1, 100_011))
    with pytest.raises(Wrong, match=r"^lost are .*total=100011"):
        Verdict(driver).find_out()


def test_a_document_that_nobody_asked_for_is_seen(driver: Driver) -> None:
    driver.book.documents.pop()
    with pytest.raises(Wrong, match="None was not answered, and the FN has made"):
        Verdict(driver).find_out()


def test_a_document_with_another_sum_is_seen(driver: Driver) -> None:
    driver.book.documents[3] = driver.book.documents[3]._replace(total=1)
    with pytest.raises(Wrong, match=r"^document 4 is .* was acknowledged"):
        Verdict(driver).find_out()


def test_a_document_with_another_sign_is_seen(driver: Driver) -> None:
    driver.book.signs[len(driver.book.documents)] ^= 1
    with pytest.raises(Wrong, match="has another sign than"):
        Verdict(driver).find_out()


def test_a_receipt_that_is_there_twice_is_seen(driver: Driver) -> None:
    assert driver.till is not None
    routine.sell(driver.till, driver.book.documents[-1].total)
    with pytest.raises(Wrong, match="is there twice"):
        Verdict(driver).find_out()


def test_money_that_is_not_in_the_drawer_is_missed(driver: Driver) -> None:
    driver.book.enter(CashIn(sum_kopecks=100))
    with pytest.raises(Wrong, match="register=4,"):
        Verdict(driver).find_out()


def test_a_clock_that_goes_back_is_seen(driver: Driver, bench: Bench) -> None:
    verdict = Verdict(driver)
    bench.advance(3600)
    verdict.find_out()
    bench.kkt.memory.clock_offset -= 60
    with pytest.raises(Wrong, match="the clock has gone back"):
        verdict.find_out()


def test_a_till_that_does_not_know_its_last_document_is_seen(driver: Driver, bench: Bench) -> None:
    bench.kkt.memory.mirror.document_sign ^= 1
    with pytest.raises(Wrong, match=r"^register 34h tells of document"):
        Verdict(driver).find_out()


def test_a_till_in_another_shift_is_seen(driver: Driver, bench: Bench) -> None:
    bench.kkt.memory.mirror.shift_number += 1
    with pytest.raises(Wrong, match=r"^register 12h and 35h tell of shift 2, open: True"):
        Verdict(driver).find_out()


# --- what may have become of a request that nobody answered -----------------------------------------------------------

OPENED = Due(DocumentType.SHIFT_OPEN)
SOLD = Due(DocumentType.RECEIPT, 1, 500)
IN_A_RECEIPT: tuple[Command, ...] = (OpenShift(), OpenReceipt(), AddItem(name="Хлеб", price_kopecks=500, tax=6))


@pytest.mark.parametrize(
    ("before", "request_", "fresh", "is_done"),
    [
        ((), None, [], [False]),
        ((), None, [OPENED], []),
        ((), OpenShift(), [], [False]),
        ((), OpenShift(), [OPENED], [True]),
        ((), CashIn(sum_kopecks=7), [], [False]),
        ((), CashIn(sum_kopecks=7), [OPENED], [True, False]),
        ((), CashIn(sum_kopecks=7), [OPENED, OPENED], []),
        ((OpenShift(),), CashIn(sum_kopecks=7), [], [False, True]),
        ((OpenShift(),), CashIn(sum_kopecks=7), [OPENED], []),
        ((OpenShift(),), CloseShift(), [], [False]),
        ((OpenShift(),), CloseShift(), [Due(DocumentType.SHIFT_CLOSE)], [True]),
        ((OpenShift(),), CloseShift(), [Due(DocumentType.SETTLEMENT)], []),
        ((), XReport(type=9), [Due(DocumentType.SETTLEMENT)], [True]),
        (IN_A_RECEIPT, CloseReceipt(), [], [False]),
        (IN_A_RECEIPT, CloseReceipt(), [SOLD], [True]),
        (IN_A_RECEIPT, CloseReceipt(), [SOLD, SOLD], []),
        (IN_A_RECEIPT, CloseReceipt(), [SOLD._replace(total=501)], []),
    ],
)
def test_what_nobody_answered_was_done_once_or_not_at_all(
    before: tuple[Command, ...], request_: Command | None, fresh: list[Due], is_done: list[bool]
) -> None:
    driver = Driver(Random(1), settles_in_shift=True)
    for command in before:
        driver.book.enter(command)
    acknowledged = list(driver.book.documents)
    driver.unanswered = request_
    books = driver.possible_books(fresh)
    assert [_is_entered(request_, book, driver.book) for book in books] == is_done
    assert all(book.documents == acknowledged + fresh for book in books)


def _is_entered(request: Command | None, book: Book, before: Book) -> bool:
    """Whether a book has something of a request, beside its documents."""
    if isinstance(request, CashIn):
        return bool(book.ledger.cash)
    return book.documents != before.documents


# --- files that are there as a whole or not at all --------------------------------------------------------------------


def test_a_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "one.fn"

    def fill(put: object) -> None:
        assert not path.exists()

    FN_FILE.make(path, (), fill)
    assert [one.name for one in tmp_path.iterdir()] == ["one.fn"]


def test_of_two_that_make_a_file_the_second_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.fn"

    def fill(put: object) -> None:
        path.write_text("the other was first")

    with pytest.raises(StoreFileError, match="is there already: take another name"):
        FN_FILE.make(path, (), fill)
    assert path.read_text() == "the other was first"
    assert [one.name for one in tmp_path.iterdir()] == ["one.fn"]


def test_a_new_till_is_found_with_its_fn_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, left = Home(tmp_path / "home"), tmp_path / "left"

    def end_here(_: TillRecord) -> None:
        shutil.copytree(home.path, left)

    monkeypatch.setattr(TillRecord, "move_in", end_here)
    new_till(home).close()
    monkeypatch.undo()
    found = up_again(Home(left))
    assert (found.record.model, found.record.world) == ("evotor-st2f", WORLD)
    assert found.bench.fn is not None
    found.close()
