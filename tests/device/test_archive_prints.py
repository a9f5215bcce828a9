"""What is printed from the FN's archive: the last registration, a document by its number, an interrupted report."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.fn import PrintDocument
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv

from .desk import PRINTED_SECONDS, Desk

MakeBench = Callable[..., Bench]
CORRECTION_BASE = bytes.fromhex("96 04 0D 00 9A 04 04 00 80 32 0D 5E 9B 04 01 00 31")


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """A till with one document of each kind in its FN, mode 6."""
    desk = Desk(make_bench("shift-open"))
    desk.sell(123_456)
    desk.open_receipt(5_000, type_=7)
    desk.does("E8 00 01 00 95 04 01 00 00", WriteRequisite(data=CORRECTION_BASE), "4A 00 01 00 00 00 00 00")
    desk.enter(Mode.X_REPORTS)
    desk.bench.ofd_down()
    desk.does("67 09")
    desk.print_out()
    desk.close_shift()
    desk.enter(Mode.FN_ACCESS)
    desk.does("A6")
    desk.bench.ofd_up()
    desk.does("A7")
    return desk


DOCUMENTS = {
    1: ("ОТЧЕТ О РЕГИСТРАЦИИ", "7702203276", "0000000005042914", "УСН доход"),
    2: ("ОТЧЕТ ОБ ОТКРЫТИИ СМЕНЫ", "СМЕНА"),
    3: ("КАССОВЫЙ ЧЕК", "ПРИХОД", "=1234.56", "ДА"),
    4: ("КАССОВЫЙ ЧЕК КОРРЕКЦИИ", "ПРИХОД", "=50.00"),
    5: ("ОТЧЕТ О ТЕКУЩЕМ СОСТОЯНИИ РАСЧЕТОВ", "НЕПЕРЕДАННЫХ ФД"),
    6: ("ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ", "СМЕНА"),
    7: ("ОТЧЕТ ОБ ИЗМЕНЕНИИ ПАРАМЕТРОВ РЕГИСТРАЦИИ", "КОД ПРИЧИНЫ ПЕРЕРЕГИСТРАЦИИ"),
    8: ("ОТЧЕТ О ЗАКРЫТИИ", "7702203276"),
}


@pytest.mark.parametrize(("number", "expected"), DOCUMENTS.items())
def test_every_kind_of_document_is_printed_with_what_its_record_holds(
    desk: Desk, number: int, expected: tuple[str, ...]
) -> None:
    printed = desk.tape_of(PrintDocument(number=number))
    text = "".join(printed).upper().replace("Ё", "Е")
    assert all(word.upper() in text for word in expected), text
    document = desk.document(number)
    assert any(line.startswith("ФД ") and line.endswith(f" {number}") for line in printed)
    assert any(line.endswith(f"{document.sign:010d}") for line in printed)
    assert any(line.endswith(document.at.strftime("%d.%m.%y %H:%M")) for line in printed)


@pytest.mark.parametrize("number", [0, 9, 6134, 1 << 32, 10**10 - 1])
def test_a_document_that_there_is_not_is_218(desk: Desk, number: int) -> None:
    """Article fn_218."""
    command = PrintDocument(number=number)
    assert "Ошибка ФН 218" in desk.tape_of(command)
    desk.refuses(command, E.FN_NO_DATA)


def test_printing_changes_nothing_but_the_paper(desk: Desk) -> None:
    before = desk.bench.fn and desk.bench.fn.digest()
    desk.does("AB 00 00 00 00 03", "A8")
    assert desk.bench.fn is not None and desk.bench.fn.digest() == before


def test_the_summary_tells_what_the_till_is_registered_for(make_bench: MakeBench) -> None:
    """Articles agent_receipt_annulled and err_3841 look for the agent's sign and for «ФФД ККТ» in it."""
    desk = Desk(make_bench())
    desk.enter(Mode.FN_ACCESS)
    printed = desk.tape_of("A8")
    assert printed[0] == "ИТОГ РЕГИСТРАЦИИ ККТ"
    assert any(line.startswith("ФФД ККТ") and line.endswith("1.05") for line in printed)
    assert any(line.endswith("0000000005042914") for line in printed)
    assert not any("АГЕНТ" in line for line in printed)
    desk.does(WriteRequisite(data=tlv(T.AGENT, b"\x40")))
    assert not any("АГЕНТ" in line for line in desk.tape_of("A8"))
    desk.does("A6")
    assert "ПРИЗНАК АГЕНТА: АГЕНТ" in desk.tape_of("A8")


def test_a_fresh_fn_has_nothing_to_sum_up(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.swap()
    desk.enter(Mode.FN_ACCESS)
    desk.refuses("A8", E.FN_WRONG_STATE)


@pytest.mark.parametrize("command", ["A8", "AB 00 00 00 00 01"])
def test_a_silent_fn_is_told_on_paper(make_bench: MakeBench, command: str) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.FN_ACCESS)
    desk.bench.unplug()
    assert "Ошибка ФН 210" in desk.tape_of(command)
    desk.refuses(command, E.FN_NO_ANSWER)


def test_a_damaged_record_is_printed_as_zeros_and_nothing_behind_it_is_sent(make_bench: MakeBench) -> None:
    """Article err_3979: «нет данных по указанному номеру (равны нулю), а именно дата, время, сумма чека»."""
    desk = Desk(make_bench("shift-open"))
    desk.bench.ofd_down()
    desk.sell(123_456)
    fn = desk.bench.fn
    assert fn is not None
    head = fn.archive.head()
    assert head is not None
    desk.bench.damage_document(head.number)
    desk.bench.ofd_up()
    desk.bench.advance(600)
    assert desk.bench.state().unsent_documents == desk.bench.state().last_document - head.number + 1 > 0
    assert desk.bench.kkt.volatile.exchange.fn == E.FN_FAILURE
    desk.enter(Mode.FN_ACCESS)
    printed = desk.tape_of(f"AB 00 {head.number:08X}")
    assert any(line.startswith("ИТОГ") and line.endswith("=0.00") for line in printed)
    assert "00.00.00 00:00" in printed


# ---- the report whose printing was interrupted


@pytest.mark.parametrize("finish", ["EE", "55"])
def test_with_nothing_to_finish_there_are_no_reports(make_bench: MakeBench, finish: str) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.refuses(finish, E.NO_REPORTS)
    desk.close_shift()
    desk.print_out()
    desk.refuses(finish, E.NO_REPORTS)


@pytest.mark.parametrize("finish", ["EE", "55"])
def test_a_report_that_a_power_cut_interrupted_is_printed_from_the_fn(make_bench: MakeBench, finish: str) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.Z_REPORTS)
    desk.does("5A")
    number = desk.bench.state().last_document
    desk.bench.power_off()
    desk.bench.power_on()
    printed = desk.tape_of(finish)
    assert "ДОКУМЕНТ ИЗ АРХИВА ФН" in printed
    assert any(line.startswith("ФД ") and line.endswith(f" {number}") for line in printed)
    desk.refuses(finish, E.NO_REPORTS)


def test_a_report_that_was_printed_before_the_power_went_is_not_printed_again(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.X_REPORTS)
    desk.does("67 09")
    desk.bench.clock.wait(PRINTED_SECONDS)
    desk.bench.power_off()
    desk.bench.power_on()
    desk.refuses("EE", E.NO_REPORTS)


def test_a_report_without_a_document_is_not_finished(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.X_REPORTS)
    desk.does("67 01")
    desk.bench.power_off()
    desk.bench.power_on()
    desk.refuses("EE", E.NO_REPORTS)


def test_a_silent_fn_leaves_the_report_to_be_finished(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.X_REPORTS)
    desk.does("67 09")
    desk.bench.power_off()
    desk.bench.power_on()
    desk.bench.cut_cable()
    desk.refuses("EE", E.FN_NO_ANSWER)
    desk.bench.mend_cable()
    desk.does("EE")


def test_the_long_form_is_another_command(make_bench: MakeBench) -> None:
    Desk(make_bench("shift-open")).refuses("EE 00", E.UNKNOWN_COMMAND)


def test_a_report_that_lies_in_the_old_fn_is_not_looked_for_in_the_new_one(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.Z_REPORTS)
    desk.does("5A")
    desk.bench.power_off()
    desk.bench.swap()
    desk.bench.power_on()
    desk.refuses("EE", E.FN_WRONG_STATE)
    desk.enter(Mode.FN_ACCESS)
    desk.does("A6")
    desk.refuses("EE", E.NO_REPORTS)
    assert desk.register(0x3B)["flags"] == 0
