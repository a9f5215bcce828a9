"""An FN that lost a record, and one that is not heard, by the operator's hands: what till, driver and cashier see."""

import io
import json
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner

from kktsim.bench import Bench
from kktsim.cli import main
from kktsim.control.client import RefusedError
from kktsim.fn_export import export
from kktsim.hands.bench import BenchHands
from kktsim.hands.control import ControlHands
from kktsim.hands.error import HandsError
from kktsim.hands.person import BenchOnlyError, PersonHands
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E
from tests.device.desk import Desk

from .served import Served

AnyHands = BenchHands | ControlHands
DAY = 86_400.0
CLOSE = "4A 00 01 00 00 00 00 00"
INTO_1 = "56 01 00 00 00 30"


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A till in trade."""
    return make_bench("shift-open")


@pytest.fixture
def desk(bench: Bench) -> Desk:
    return Desk(bench)


@pytest.fixture(params=["in process", "over the API"])
def hands(request: pytest.FixtureRequest, bench: Bench) -> Iterator[AnyHands]:
    if request.param == "in process":
        yield BenchHands(bench)
        return
    served: Served = request.getfixturevalue("served")
    remote = ControlHands(served.url)
    yield remote
    remote.close()


def run(served: Served, command: str) -> str:
    result = CliRunner().invoke(main, [*command.split(), "--control", served.url])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


# ---- a record is lost


def test_a_damaged_record_is_printed_as_zeros(desk: Desk, hands: AnyHands) -> None:
    """Articles fn_218 and err_3979: «равны нулю, а именно дата, время, сумма чека»; a number that is not there: DAh."""
    desk.sell(123_456)
    number = desk.document().number
    hands.damage_document(number)
    hands.mend_fn()
    desk.enter(Mode.FN_ACCESS)
    printed = desk.tape_of(f"AB 00 {number:08X}")
    assert {"00.00.00 00:00", "0000000000"} <= {line.split("ФПД")[-1].strip() for line in printed}
    assert any(line.startswith("ИТОГ") and line.endswith("=0.00") for line in printed)
    desk.refuses(f"AB 00 {number + 1:08X}", E.FN_NO_DATA)


def test_nothing_behind_a_damaged_record_is_sent_and_31_days_later_the_fn_takes_no_more(
    desk: Desk, hands: AnyHands
) -> None:
    """Article err_3979: EBh, 235."""
    bench = desk.bench
    hands.ofd_down()
    desk.sell()
    waiting = hands.unsent_documents()
    assert waiting is not None and bench.fn is not None
    head = bench.fn.archive.head()
    assert head is not None
    hands.damage_document(head.number)
    hands.ofd_up()
    desk.sell()
    bench.run_due()
    assert hands.unsent_documents() == waiting + 1
    assert desk.register(0x2B)["fn_error"] == E.FN_FAILURE
    hands.advance(31 * DAY)
    assert hands.unsent_documents() == waiting + 1
    desk.enter(Mode.Z_REPORTS)
    desk.refuses("5A", E.FN_STORAGE_EXHAUSTED)


def test_a_damaged_record_of_what_was_sent_stops_nothing(desk: Desk, hands: AnyHands) -> None:
    hands.damage_document(1)
    desk.sell()
    desk.bench.run_due()
    assert hands.unsent_documents() == 0


def test_a_record_that_is_not_there_cannot_be_damaged(bench: Bench, hands: AnyHands) -> None:
    with pytest.raises((HandsError, RefusedError), match="there is no document 99 to damage: the last one is 2"):
        hands.damage_document(99)
    hands.unplug_fn()
    with pytest.raises((HandsError, RefusedError), match="fn plug"):
        hands.damage_document(1)


def test_a_damaged_record_is_seen_from_the_command_line_and_not_exported(bench: Bench, served: Served) -> None:
    assert bench.fn is not None
    whole = len(export(bench.fn, ""))
    assert run(served, "fn damage 2") == ""
    listed = json.loads(run(served, "fn documents --json"))["documents"]
    assert [one["is_damaged"] for one in listed] == [False, True]
    assert run(served, "fn documents").splitlines()[1].endswith("запись повреждена / damaged")
    assert "  ФН читает нули / the FN reads zeros\n" in run(served, "fn documents 2")
    assert len(export(bench.fn, "")) < whole


def test_a_person_cannot_damage_a_record() -> None:
    with pytest.raises(BenchOnlyError, match="damage the record of document 3"):
        PersonHands(io.StringIO(), io.StringIO()).damage_document(3)


# ---- a document is made unheard


@pytest.fixture
def unheard(desk: Desk, hands: AnyHands) -> Desk:
    """The FN has made a receipt of 100 roubles, the till knows nothing of it, and the FN is heard again."""
    assert desk.bench.fn is not None
    made = desk.document().number
    desk.open_receipt(10_000)
    hands.break_fn("unheard_on_signing")
    assert desk.answer(CLOSE).code == E.FN_NO_ANSWER
    hands.mend_fn()
    assert desk.document().number == made + 1
    assert desk.bench.state().receipt_is_open
    return desk


def test_a_receipt_that_is_annulled_after_it_was_made_unheard_locks_the_mode_until_the_shift_is_closed(
    unheard: Desk,
) -> None:
    """Article err_3933."""
    made = unheard.document().number
    unheard.does("59")
    assert unheard.bench.state().last_document == made - 1
    unheard.enter(Mode.SELECTION)
    unheard.refuses(INTO_1, E.MODE_LOCKED)
    unheard.close_shift()
    assert unheard.bench.state().last_document == made + 1
    unheard.does("48", INTO_1)
    unheard.sell()


def test_a_receipt_that_was_made_unheard_is_closed_by_the_next_attempt(unheard: Desk) -> None:
    made = unheard.document().number
    unheard.does(CLOSE)
    assert unheard.document().number == unheard.bench.state().last_document == made
    assert unheard.register(0x0A) == {"sum_kopecks": 10_000}
    unheard.sell()


def test_an_fn_that_stays_unheard_makes_no_second_receipt(desk: Desk, hands: AnyHands) -> None:
    desk.open_receipt(10_000)
    hands.break_fn("unheard_on_signing")
    assert desk.answer(CLOSE).code == E.FN_NO_ANSWER
    made = desk.document().number
    desk.does(CLOSE)
    assert desk.document().number == made
