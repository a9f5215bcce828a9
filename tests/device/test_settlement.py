"""The report on the state of settlements (67 09): when it is made, what it prints, what it puts right."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode
from protocol.fn.commands import FnCommand, pack_date_time
from protocol.fn.frame import build_request

from .desk import Desk

MakeBench = Callable[..., Bench]
REPORT = "67 09"
TITLE = "ОТЧЁТ О СОСТОЯНИИ РАСЧЁТОВ"


def at_reports(make_bench: MakeBench, state: str = "registered", **settings: object) -> Desk:
    desk = Desk(make_bench(state, **settings))
    desk.enter(Mode.X_REPORTS)
    return desk


def behind_the_tills_back(desk: Desk, *exchange: tuple[FnCommand, bytes]) -> None:
    """Let the FN do commands of which the till knows nothing."""
    for command, data in exchange:
        answer = desk.bench.cable.exchange(build_request(command, data), desk.bench.world)
        assert answer is not None and answer[3] & 0x7F == 0


def dated(desk: Desk) -> bytes:
    return pack_date_time(desk.bench.world)


@pytest.mark.parametrize("state", ["registered", "shift-open", "shift-25h"])
def test_it_makes_a_document_with_the_shift_open_or_closed(make_bench: MakeBench, state: str) -> None:
    desk = at_reports(make_bench, state)
    before = desk.bench.state()
    assert TITLE in desk.tape_of(REPORT)
    after = desk.bench.state()
    assert (after.last_document, after.shift_is_open) == (before.last_document + 1, before.shift_is_open)
    desk.told()
    document = desk.document()
    assert document.type is DocumentType.SETTLEMENT
    last = desk.register(0x34)
    assert (last["document_number"], last["fiscal_sign"]) == (document.number, document.sign)


def test_it_tells_how_many_documents_wait_and_since_when(make_bench: MakeBench) -> None:
    desk = at_reports(make_bench)
    assert "НЕПЕРЕДАННЫХ ФД                0" in desk.tape_of(REPORT)
    desk.print_out()
    desk.bench.run_due()
    desk.bench.ofd_down()
    desk.open_shift()
    desk.sell()
    desk.enter(Mode.X_REPORTS)
    printed = desk.tape_of(REPORT)
    assert "НЕПЕРЕДАННЫХ ФД                2" in printed
    assert "ПЕРВЫЙ ОТ               02.03.26" in printed


def test_it_prints_for_a_while_and_leaves_the_mode_as_it_was(make_bench: MakeBench) -> None:
    desk = at_reports(make_bench)
    desk.does(REPORT)
    assert desk.does("45")[0] == 0x22
    desk.print_out()
    assert desk.does("45")[0] == Mode.X_REPORTS


def test_what_e8_told_ends_with_it(make_bench: MakeBench) -> None:
    desk = at_reports(make_bench, "shift-open")
    desk.does("E8 01 01 00 FD 03 01 00 8A", REPORT)
    assert desk.does("E9 FD 03 00") == bytes.fromhex("01 FD 03 00 00")


def test_a_till_that_is_not_registered_has_nothing_to_settle(make_bench: MakeBench) -> None:
    at_reports(make_bench, "factory").refuses(REPORT, E.NOT_REGISTERED)


def test_with_an_open_receipt_it_is_refused(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open", leave_with_open_receipt="accept"))
    desk.enter(Mode.X_REPORTS)
    desk.refuses(REPORT, E.RECEIPT_OPEN)


def test_other_types_that_there_are_not_are_refused(make_bench: MakeBench) -> None:
    at_reports(make_bench).refuses("67 66", E.WRONG_REPORT_TYPE)


def test_an_fn_without_an_answer_is_told_on_paper(make_bench: MakeBench) -> None:
    desk = at_reports(make_bench)
    desk.bench.unplug()
    assert "Ошибка ФН 210" in desk.tape_of(REPORT)
    desk.refuses(REPORT, E.FN_NO_ANSWER)


def test_a_fresh_and_a_foreign_fn_are_refused(make_bench: MakeBench) -> None:
    desk = at_reports(make_bench)
    desk.bench.swap()
    desk.refuses(REPORT, E.FN_WRONG_STATE)


def test_thirty_days_without_the_ofd_do_not_stop_it(make_bench: MakeBench) -> None:
    desk = at_reports(make_bench, "ofd-30-days")
    desk.does(REPORT)


def test_after_the_archive_is_closed_it_can_be_made_while_documents_wait(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(archive_close_needs_empty_queue=False))
    desk.bench.ofd_down()
    desk.enter(Mode.FN_ACCESS)
    desk.does("A7")
    desk.enter(Mode.X_REPORTS)
    desk.does(REPORT)


# ---- what it puts right (article err_3933)


def test_it_unlocks_a_till_whose_fn_is_a_document_ahead(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    at = dated(desk)
    behind_the_tills_back(desk, (FnCommand.BEGIN_SETTLEMENT, at), (FnCommand.COMMIT_SETTLEMENT, b""))
    desk.refuses("92 00 01", E.MODE_LOCKED)
    desk.enter(Mode.X_REPORTS)
    desk.does(REPORT)
    desk.enter(Mode.REGISTRATION)
    desk.sell()


def test_it_adopts_a_shift_that_is_closed_in_the_fn(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    at = dated(desk)
    behind_the_tills_back(desk, (FnCommand.BEGIN_CLOSE_SHIFT, at), (FnCommand.CLOSE_SHIFT, b""))
    desk.enter(Mode.Z_REPORTS)
    desk.refuses("5A", E.FN_WRONG_STATE)
    desk.enter(Mode.X_REPORTS)
    desk.does(REPORT)
    state = desk.bench.state()
    assert (state.shift_is_open, state.shift_number) == (False, 1)
    assert desk.register(0x01, 1) == {"sum_kopecks": 0}
    assert desk.register(0x12)["shift_is_open"] == 0
    desk.open_shift()
    assert desk.register(0x35)["shift_number"] == 2
    desk.sell()


def test_it_adopts_a_shift_that_is_open_in_the_fn_with_the_hour_it_was_opened(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    data = (FnCommand.ADD_DATA, encode(T.FFD_VERSION, 2))
    behind_the_tills_back(desk, (FnCommand.BEGIN_OPEN_SHIFT, dated(desk)), data, (FnCommand.OPEN_SHIFT, b""))
    opened_at = desk.bench.world
    desk.bench.advance(3600)
    behind_the_tills_back(desk, (FnCommand.BEGIN_SETTLEMENT, dated(desk)), (FnCommand.COMMIT_SETTLEMENT, b""))
    desk.enter(Mode.Z_REPORTS)
    desk.refuses("5A", E.SHIFT_CLOSED)
    desk.enter(Mode.X_REPORTS)
    desk.does(REPORT)
    assert desk.bench.kkt.memory.mirror.shift_opened_world == opened_at
    desk.close_shift()
    desk.open_shift()
    assert desk.register(0x35)["shift_number"] == 2
