"""Registering a till: what must be written first, which report it makes, what a replacement needs."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from scenarios.routine import REQUISITES

from .desk import Desk

MakeBench = Callable[..., Bench]
REQUIRED = (T.USER_INN, T.REGISTRATION_NUMBER, T.TAX_SYSTEMS, T.USER_NAME, T.SETTLEMENT_ADDRESS, T.AGENT)


def write_all(desk: Desk, but: int = 0) -> None:
    desk.enter(Mode.FN_ACCESS)
    for tag, value in REQUISITES:
        if tag != but:
            desk.does(WriteRequisite(data=tlv(tag, value)))


def test_a_new_till_registers_with_its_first_document(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("factory"))
    write_all(desk)
    printed = desk.tape_of("A6")
    assert "ОТЧЁТ О РЕГИСТРАЦИИ" in printed
    assert desk.does("3F")[8] == 0x5D
    assert desk.register(0x34)["document_number"] == 1
    assert desk.does("A4 30")[0] == 3


@pytest.mark.parametrize("tag", REQUIRED)
def test_a_requisite_that_is_missing_is_named_in_register_37h(make_bench: MakeBench, tag: int) -> None:
    desk = Desk(make_bench("factory"))
    write_all(desk, but=tag)
    desk.refuses("A6", E.EXTENDED, X.REQUISITE_MISSING)
    assert desk.does("91 37 00 00") == bytes.fromhex("00 A6 02 06") + tag.to_bytes(2, "big") + bytes(2)


def test_with_the_same_fn_it_is_a_re_registration_and_the_shift_must_be_closed(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.FN_ACCESS)
    desk.refuses("A6", E.SHIFT_OPEN)
    desk.close_shift()
    desk.enter(Mode.FN_ACCESS)
    assert "ОТЧЁТ О ПЕРЕРЕГИСТРАЦИИ" in desk.tape_of("A6")
    assert desk.does("A4 32")[3:] == bytes((28, 2))


def test_a_replaced_fn_begins_anew_and_takes_the_requisites_that_the_till_kept(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    number = desk.bench.swap()
    desk.enter(Mode.FN_ACCESS)
    assert "ОТЧЁТ О ПЕРЕРЕГИСТРАЦИИ" in desk.tape_of("A6")
    state = desk.bench.state()
    assert (state.fn_number, state.last_document, state.shift_is_open, state.shift_number) == (number, 1, False, 0)
    desk.open_shift()
    assert desk.register(0x35)["shift_number"] == 1


def test_the_report_has_what_ffd_wants(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    data = desk.does("A4 43")
    assert len(data) == 47
    assert data[5:17] == b"7702203276  "
    assert data[17:37] == b"0000000005008570    "


def test_the_term_of_the_fn_counts_from_the_registration(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    assert desk.does("A4 32") == bytes((27, 6, 15, 29, 1))
    assert len(desk.does("A4 30")) == 30


def test_a_closed_archive_is_closed_for_good(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("archive-closed"))
    assert desk.bench.state().unsent_documents == 0
    desk.bench.power_off()
    desk.bench.power_on()
    desk.enter(Mode.REGISTRATION)
    assert not desk.answer("9A 00").is_ok
    desk.bench.swap()
    desk.enter(Mode.FN_ACCESS)
    desk.does("A6")
    desk.open_shift()
    desk.sell()
