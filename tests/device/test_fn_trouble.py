"""What is physically wrong with the FN or its cable, and what the till makes of it: byte, paper, cure."""

from collections.abc import Callable

import pytest

from fn_model import FnFault
from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
CLOSE = "4A 00 01 00 00 00 00 00"
ERROR = "Ошибка ФН"


def unplug(bench: Bench) -> None:
    bench.unplug()


def cut(bench: Bench) -> None:
    bench.cut_cable()


def noise_to_till(bench: Bench) -> None:
    bench.make_noise(0, 100)


def noise_to_fn(bench: Bench) -> None:
    bench.make_noise(100, 0)


def swap(bench: Bench) -> None:
    bench.swap()


def another(bench: Bench) -> None:
    """A working FN of another till."""
    other = bench.fork()
    other.swap()
    desk = Desk(other)
    desk.enter(Mode.FN_ACCESS)
    desk.does("A6")
    desk.open_shift()
    other.unplug()
    bench.unplug()
    bench.shelf.put(other.shelf.take(None))
    bench.plug()


def hang(bench: Bench) -> None:
    bench.break_fn(FnFault.SILENT_ON_SIGNING)


def lose_crypto(bench: Bench) -> None:
    bench.break_fn(FnFault.CRYPTO_FAILED)


def die(bench: Bench) -> None:
    bench.break_fn(FnFault.FAILED)


Trouble = Callable[[Bench], None]
DOCUMENTS: dict[Trouble, E] = {  # what a command that makes a document is answered
    unplug: E.FN_NO_ANSWER,
    cut: E.FN_NO_ANSWER,
    noise_to_till: E.FN_NO_ANSWER,
    noise_to_fn: E.FN_BAD_FORMAT,
    swap: E.FN_WRONG_STATE,
    another: E.FN_FOREIGN,
    hang: E.FN_NO_ANSWER,
    lose_crypto: E.FN_CRYPTO_FAILURE,
    die: E.FN_FAILURE,
}
QUESTIONS: dict[Trouble, E] = {  # what a question is answered; those that are missing get their answer
    unplug: E.FN_NO_ANSWER,
    cut: E.FN_NO_ANSWER,
    noise_to_till: E.FN_NO_ANSWER,
    noise_to_fn: E.FN_BAD_FORMAT,
}
every_trouble = pytest.mark.parametrize("trouble", DOCUMENTS)


@every_trouble
def test_a_command_that_makes_a_document_says_what_is_wrong(make_bench: MakeBench, trouble: Trouble) -> None:
    desk = Desk(make_bench())
    trouble(desk.bench)
    desk.enter(Mode.REGISTRATION)
    desk.refuses("9A 00", DOCUMENTS[trouble])


@every_trouble
def test_the_paper_tells_the_byte_in_decimal_when_it_is_about_the_fn(make_bench: MakeBench, trouble: Trouble) -> None:
    desk = Desk(make_bench("shift-open"))
    trouble(desk.bench)
    desk.enter(Mode.Z_REPORTS)
    printed = desk.tape_of("5A")
    code = DOCUMENTS[trouble]
    assert (f"{ERROR} {int(code)}" in printed) is (code is not E.FN_FOREIGN)


def test_the_line_on_paper_is_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(reports_fn_error_on_paper=False))
    desk.enter(Mode.REGISTRATION)
    desk.bench.unplug()
    assert desk.tape_of("9A 00") == []


@every_trouble
@pytest.mark.parametrize("question", ["A4 30", "A4 20", "91 2F 00 00", "91 2C 00 00"])
def test_a_question_prints_nothing_whatever_is_wrong(make_bench: MakeBench, trouble: Trouble, question: str) -> None:
    desk = Desk(make_bench())
    trouble(desk.bench)
    if trouble in QUESTIONS:
        desk.refuses(question, QUESTIONS[trouble])
    elif trouble is not swap:
        desk.does(question)
    assert not any(ERROR in line for line in desk.tape_of(question))


@every_trouble
def test_what_the_till_knows_itself_it_tells_without_the_fn(make_bench: MakeBench, trouble: Trouble) -> None:
    desk = Desk(make_bench())
    healthy = [desk.reply(own) for own in ("3F", "45", "A5", "91 12 00 00", "91 34 00 00", "91 16 00 00")]
    trouble(desk.bench)
    assert [desk.reply(own) for own in ("3F", "45", "A5", "91 12 00 00", "91 34 00 00", "91 16 00 00")] == healthy


MENDED: dict[Trouble, Trouble] = {
    cut: lambda bench: bench.mend_cable(),
    noise_to_till: lambda bench: bench.mend_cable(),
    noise_to_fn: lambda bench: bench.mend_cable(),
    hang: lambda bench: bench.mend_fn(),
    lose_crypto: lambda bench: bench.mend_fn(),
    die: lambda bench: bench.mend_fn(),
}


@pytest.mark.parametrize("trouble", MENDED)
def test_once_it_is_mended_the_refused_receipt_closes_after_all(make_bench: MakeBench, trouble: Trouble) -> None:
    desk = Desk(make_bench("receipt-open"))
    trouble(desk.bench)
    documents = desk.bench.state().last_document
    assert [desk.answer(CLOSE).code for _ in range(2)] == [DOCUMENTS[trouble]] * 2
    assert desk.does("3F")[21] == 1
    MENDED[trouble](desk.bench)
    desk.does(CLOSE)
    assert desk.bench.state().last_document == documents + 1
    desk.sell()


def test_an_answer_that_was_damaged_now_and_then_is_asked_for_again(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.bench.make_noise(0, 100, times=3)
    desk.does("A4 30")
    desk.bench.make_noise(0, 100, times=4)
    desk.refuses("A4 30", E.FN_NO_ANSWER)


def test_an_fn_pulled_out_in_mid_receipt_forgets_it_and_only_cancelling_cures(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    documents = desk.bench.state().last_document
    desk.bench.unplug()
    assert f"{ERROR} 210" in desk.tape_of(CLOSE)
    desk.refuses(CLOSE, E.FN_NO_ANSWER)
    assert desk.does("3F")[21] == 1
    desk.bench.plug()
    desk.refuses(CLOSE, E.FN_WRONG_STATE)
    desk.refuses("92 00 01", E.RECEIPT_OPEN)
    assert "ЧЕК АННУЛИРОВАН" in desk.tape_of("59")
    assert desk.bench.state().last_document == documents
    desk.sell()
    assert desk.bench.state().last_document == documents + 1


def test_a_receipt_can_be_cancelled_without_an_fn(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    desk.bench.unplug()
    desk.does("59")
    desk.bench.plug()
    desk.sell()


def test_between_documents_an_fn_may_be_pulled_out_and_put_back(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    desk.bench.unplug()
    desk.bench.plug()
    desk.sell()
    desk.close_shift()


def test_a_fresh_fn_is_of_no_use_until_it_is_registered(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    number = desk.bench.swap()
    desk.enter(Mode.REGISTRATION)
    for command in ("9A 00", "92 00 01"):
        desk.refuses(command, E.FN_WRONG_STATE)
    assert desk.does("A4 30")[0] == 1
    desk.enter(Mode.FN_ACCESS)
    desk.does("A6")
    assert desk.register(0x2F) == {"fn_number": number.encode(), "fn_phase": 3}
    desk.open_shift()
    desk.sell()
    assert desk.register(0x34)["document_number"] == 3


def test_the_fn_of_another_till_is_refused_until_the_own_one_is_back(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    own = desk.bench.state().fn_number
    another(desk.bench)
    for command in ("92 00 01", "56 03 00 00 00 30"):
        desk.enter(Mode.REGISTRATION) if command[0] == "9" else desk.enter(Mode.SELECTION)
        assert desk.answer(command).code == (E.FN_FOREIGN if command[0] == "9" else 0)
    desk.refuses("5A", E.FN_FOREIGN)
    desk.enter(Mode.FN_ACCESS)
    desk.refuses("A6", E.FN_ACTIVATION_IMPOSSIBLE)
    desk.bench.unplug()
    desk.bench.plug(own)
    desk.enter(Mode.REGISTRATION)
    desk.sell()


def test_an_fn_that_does_not_remember_what_the_till_does_locks_registration(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.bench.kkt.memory.mirror.document_number -= 1
    desk.refuses("92 00 01", E.MODE_LOCKED)
    desk.close_shift()
    desk.open_shift()
    desk.sell()


def test_an_fn_past_its_term_makes_no_document(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("fn-expired"))
    desk.enter(Mode.REGISTRATION)
    assert f"{ERROR} 234" in desk.tape_of("9A 00")
    desk.refuses("9A 00", E.FN_RESOURCE_EXHAUSTED)


def test_thirty_days_without_the_ofd_stop_documents_until_they_are_sent(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("ofd-30-days"))
    desk.enter(Mode.REGISTRATION)
    desk.open_receipt(100)
    assert f"{ERROR} 235" in desk.tape_of(CLOSE)
    desk.refuses(CLOSE, E.FN_STORAGE_EXHAUSTED)
    desk.bench.ofd_up()
    desk.does(CLOSE)


def test_the_archive_is_not_closed_while_documents_wait_for_the_ofd(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.ofd_down()
    desk.open_shift()
    desk.close_shift()
    desk.enter(Mode.FN_ACCESS)
    desk.refuses("A7", E.FN_UNSENT_DOCUMENTS)
    desk.bench.ofd_up()
    desk.does("A7")
    assert desk.does("A4 30")[0] in (7, 15)


def test_that_the_queue_must_be_empty_is_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(archive_close_needs_empty_queue=False))
    desk.bench.ofd_down()
    desk.open_shift()
    desk.close_shift()
    desk.enter(Mode.FN_ACCESS)
    desk.does("A7")


def test_after_the_archive_is_closed_nothing_fiscal_is_done(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("archive-closed"))
    desk.enter(Mode.REGISTRATION)
    for command in ("9A 00", "92 00 01"):
        code = desk.answer(command).code
        assert code in (E.FN_WRONG_STATE, E.FN_BAD_FORMAT)
    desk.enter(Mode.FN_ACCESS)
    for command in ("A6", "A7"):
        assert desk.answer(command).code in (E.FN_WRONG_STATE, E.FN_BAD_FORMAT)


def test_power_off_in_mid_receipt_drops_it_on_both_sides(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    documents = desk.bench.state().last_document
    desk.bench.power_off()
    desk.bench.power_on()
    assert "ЧЕК АННУЛИРОВАН" in [line.strip() for line in desk.bench.tape()[-4:]]
    desk.enter(Mode.REGISTRATION)
    desk.refuses("59", E.RECEIPT_CLOSED)
    desk.sell()
    assert desk.bench.state().last_document == documents + 1
