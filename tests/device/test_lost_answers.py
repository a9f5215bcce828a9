"""The answer to a commit gets lost while the till is on: the document is booked when the FN is asked next."""

from collections.abc import Callable

import pytest

from fn_model import FnFault
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType

from .desk import Desk
from .document_cases import CASES, CLOSE, Case, MakeBench, differing, every_case, forked, ready, restart, trades
from .power_cuts import answer_is_lost


def ask_again(desk: Desk, case: Case) -> None:
    desk.does(case.command)


def put_back(desk: Desk, case: Case) -> None:
    desk.bench.unplug()
    desk.bench.plug()


def switch_off_and_on(desk: Desk, case: Case) -> None:
    restart(desk)


def enter_registration(desk: Desk, case: Case) -> None:
    if desk.bench.kkt.memory.receipt is None:
        desk.enter(Mode.REGISTRATION)
    else:
        desk.does(CLOSE)


@every_case
@pytest.mark.parametrize("heal", [ask_again, put_back, switch_off_and_on, enter_registration])
def test_a_document_that_was_made_unheard_is_booked_when_the_fn_is_asked_next(
    make_bench: MakeBench, case: Case, heal: Callable[[Desk, Case], None]
) -> None:
    desk = ready(make_bench, case)
    twin = forked(desk)
    twin.does(case.alone or case.command)
    assert answer_is_lost(desk, case.command) == E.FN_NO_ANSWER
    heal(desk, case)
    makes_another = heal is ask_again and case.type is DocumentType.SETTLEMENT
    assert desk.bench.state().last_document == twin.bench.state().last_document + makes_another
    if not makes_another:
        if desk.bench.kkt.memory.receipt is not None:
            desk.does("59")
        for one in (desk, twin):
            restart(one)
        left = {"totals"} if case.alone else set()
        assert set(differing(desk, twin)) <= left
    if case.sells:
        trades(desk)


@every_case
@pytest.mark.parametrize("heal", [ask_again, switch_off_and_on])
def test_a_document_that_the_fn_did_not_make_leaves_nothing(
    make_bench: MakeBench, case: Case, heal: Callable[[Desk, Case], None]
) -> None:
    desk = ready(make_bench, case)
    assert desk.bench.fn is not None
    made = desk.bench.fn.state.document_number
    desk.bench.break_fn(FnFault.SILENT_ON_SIGNING)
    before = desk.bench.kkt.memory.copy()
    assert desk.answer(case.command).code == E.FN_NO_ANSWER
    after = desk.bench.kkt.memory
    assert (after.mirror, after.totals, after.receipt) == (before.mirror, before.totals, before.receipt)
    desk.bench.mend_fn()
    heal(desk, case)
    assert desk.bench.kkt.memory.intent is None
    assert desk.bench.fn.state.document_number == made + (heal is ask_again)


def test_a_receipt_is_booked_as_the_fn_has_it_whatever_is_tendered_the_second_time(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.open_receipt(10_000)
    assert answer_is_lost(desk, "4A 00 01 00 00 01 50 00") == E.FN_NO_ANSWER
    desk.does("4A 00 02 00 00 00 00 00")
    assert desk.register(0x03, 1, 1) == {"sum_kopecks": 10_000}
    assert desk.register(0x03, 1, 2) == {"sum_kopecks": 0}
    assert desk.register(0x0A) == {"sum_kopecks": 10_000}


def test_what_is_added_after_the_silence_is_not_in_the_receipt_that_was_made(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.open_receipt(10_000)
    assert answer_is_lost(desk, CLOSE) == E.FN_NO_ANSWER
    desk.does(AddItem(name="Кофе", price_kopecks=500, tax=6), CLOSE)
    assert desk.register(0x33)["sum_kopecks"] == 10_000
    assert desk.document().number == desk.register(0x33)["document_number"]


def test_a_registration_with_other_requisites_than_the_unheard_one_is_made_besides(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["A6"])
    assert answer_is_lost(desk, "A6") == E.FN_NO_ANSWER
    made = desk.bench.state().last_document
    desk.does("E8 00 01 00 F1 03 04 00 92 A2 A5 E0", "A6")
    assert desk.bench.state().last_document == made + 2
    assert desk.told().text(1009) == "Твер"


def test_the_cashier_stands_in_the_report_that_is_printed_later(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["9A"])
    desk.does("E8 01 01 00 FD 03 01 00 8A")
    assert answer_is_lost(desk, "9A 00") == E.FN_NO_ANSWER
    desk.bench.unplug()
    start = len(desk.bench.tape())
    desk.bench.plug()
    assert "КАССИР К" in desk.bench.tape()[start + 2]


def test_a_shift_that_was_closed_unheard_is_opened_by_the_next_receipt(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", registration_mode_asks_fn=False))
    desk.enter(Mode.Z_REPORTS)
    assert answer_is_lost(desk, "5A") == E.FN_NO_ANSWER
    desk.does("48", "56 01 00 00 00 30")
    desk.sell()
    assert desk.register(0x35)["shift_number"] == 2
    assert desk.register(0x0A) == {"sum_kopecks": 10_000}


def test_a_document_that_begins_at_4a_outlives_a_pulled_fn_and_a_refusal(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", fn_begin_at="4Ah"))
    assert desk.bench.fn is not None
    desk.open_receipt(10_000)
    assert desk.bench.fn.volatile.begun is None
    put_back(desk, CASES["4A"])
    for fault, code in ((FnFault.CRYPTO_FAILED, E.FN_CRYPTO_FAILURE), (FnFault.SILENT_ON_SIGNING, E.FN_NO_ANSWER)):
        desk.bench.break_fn(fault)
        assert [desk.answer(CLOSE).code for _ in range(2)] == [code] * 2
        desk.bench.mend_fn()
    desk.does(CLOSE)
    assert desk.bench.fn.volatile.begun is None
    desk.sell()
