"""Every named setting can be seen from outside: no two of its choices give the same dialogue."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fn_model import FnFault, FnModel, FnSettings, load_model
from protocol.ffd.tlv import Input, encode
from protocol.fn.archive_answers import FoundDocument, SettlementDetails
from protocol.fn.commands import FnCode, FnCommand, WorkMode
from protocol.fn.frame import build_request
from protocol.fn.requests import Registration
from protocol.ofd import container
from tests.fn.fn_till import CASHIER, FFD, INN, REGISTRATION_DATA, REGISTRATION_NUMBER, START, Till, receipt_data
from tests.fn.matrix import REQUESTS, Matrix

C = FnCommand
TERM_OVER_AT = datetime.combine(START.date(), datetime.min.time()) + timedelta(days=471)
RIGHT_NUMBER, RIGHT_SERIAL = "0000000005008570", "000000000002"


def at(place: str, label: str) -> Callable[[Till], object]:
    """What a request of the matrix is answered in a place of it."""

    def play(till: Till) -> object:
        Matrix(till).bring(place)
        command, data = REQUESTS[label]
        return till.ask(command, data(till, place))

    return play


def expired(place: str, label: str) -> Callable[[Till], object]:
    """The same on the day after the term, with nothing to send."""

    def play(till: Till) -> object:
        till.register()
        till.send_all()
        till.set_clock(TERM_OVER_AT - timedelta(hours=2))
        if place[0] == "O":
            till.open_shift()
        till.wait(hours=3)
        for command, data in BEGINNINGS[place]:
            till.do(command, data(till))
        request, argument = REQUESTS[label]
        return till.ask(request, argument(till, place))[0]

    return play


Beginning = tuple[FnCommand, Callable[[Till], bytes]]
BEGINNINGS: dict[str, tuple[Beginning, ...]] = {
    "C": (),
    "Co": ((C.BEGIN_OPEN_SHIFT, Till.dated), (C.ADD_DATA, lambda till: CASHIER)),
    "Cs": ((C.BEGIN_SETTLEMENT, Till.dated),),
    "Ca": ((C.BEGIN_CLOSE_ARCHIVE, lambda till: b""), (C.ADD_DATA, lambda till: CASHIER)),
    "Or": ((C.BEGIN_RECEIPT, Till.dated), (C.ADD_DATA, lambda till: receipt_data())),
    "Oc": ((C.BEGIN_CLOSE_SHIFT, Till.dated),),
}


def last_day(till: Till) -> object:
    till.register()
    till.send_all()
    till.set_clock(TERM_OVER_AT - timedelta(hours=2))
    till.begin_open_shift()
    return till.ask(C.OPEN_SHIFT)


def unsent(label: str) -> Callable[[Till], object]:
    """31 days without the OFD: a shift is opened, closed, or the FN registered again."""

    def play(till: Till) -> object:
        till.register()
        till.wait(days=30, hours=10)
        if label in ("13", "14"):
            till.open_shift()
        till.wait(hours=6)
        till.at += timedelta(hours=12)
        if label == "14":
            till.do(C.BEGIN_CLOSE_SHIFT, till.dated())
        if label == "12":
            till.begin_open_shift()
        if label == "03":
            till.do(C.BEGIN_REGISTRATION, b"\2")
            till.do(C.ADD_DATA, REGISTRATION_DATA)
        command, data = REQUESTS[label]
        return till.ask(command, data(till, "Cr"))[0]

    return play


def unsent_after_a_confirmation(till: Till) -> object:
    till.register()
    till.settle()
    till.wait(days=20)
    till.send_one()
    till.wait(days=11)
    till.begin_open_shift()
    return till.ask(C.OPEN_SHIFT)[0]


def long_shift(is_begun: bool) -> Callable[[Till], object]:
    def play(till: Till) -> object:
        till.register()
        till.open_shift()
        if is_begun:
            till.begin_receipt()
        till.wait(hours=24, minutes=1)
        return till.ask(*((C.COMMIT_RECEIPT, till.receipt()) if is_begun else (C.BEGIN_RECEIPT, till.dated())))[0]

    return play


def slow_dates(till: Till) -> object:
    till.register()
    till.open_shift()
    till.wait(minutes=10)
    till.set_clock(till.at - timedelta(minutes=6))
    return till.ask(C.BEGIN_RECEIPT, till.dated())


def leap_after_power_off(till: Till) -> object:
    till.register()
    till.open_shift()
    till.fn.power_off()
    till.fn.power_on(till.world)
    till.set_clock(till.at + timedelta(hours=2))
    return till.ask(C.BEGIN_RECEIPT, till.dated())


def damaged_frame(till: Till) -> object:
    frame = bytearray(build_request(C.NUMBER))
    frame[-1] ^= 1
    return till.port.exchange(bytes(frame), till.world)


def four_bytes_of_transport(till: Till) -> object:
    till.register()
    return till.ask(C.SET_TRANSPORT, b"\1\0\0\0")


def refusing_confirmation(till: Till) -> object:
    till.register()
    till.send_one(14)
    return till.do(C.UNSENT_COUNT)


def confirmation(*, is_signed: bool, header_number: int) -> Callable[[Till], object]:
    """What 26h is answered. ``header_number``: the document's, in the header of the container."""

    def play(till: Till) -> object:
        till.register()
        till.do(C.SET_TRANSPORT, b"\1")
        till.read_message()
        message = container.parse(till.confirmation(1))
        sign = message.sign if is_signed else bytes(8)
        return till.ask(C.PUT_CONFIRMATION, replace(message, document_number=header_number, sign=sign).build())

    return play


def flags_of_a_confirmation(till: Till) -> object:
    till.register()
    till.send_one(14)
    return till.status().warnings


def data_of_a_shift(*data: bytes) -> Callable[[Till], object]:
    def play(till: Till) -> object:
        till.register()
        till.do(C.BEGIN_OPEN_SHIFT, till.dated())
        return [till.ask(C.ADD_DATA, one) for one in data]

    return play


def goods(till: Till) -> object:
    till.register()
    till.open_shift()
    till.do(C.BEGIN_RECEIPT, till.dated())
    item: list[tuple[int, Input]] = [(1030, "Чай"), (1079, 100), (1023, Decimal(1)), (1043, 100), (1212, 1), (1214, 4)]
    sums = {1031: 100, 1081: 0, 1215: 0, 1216: 0, 1217: 0, 1105: 100}
    told = FFD + encode(1055, 1) + CASHIER + encode(1059, item)
    codes = [till.ask(C.ADD_DATA, told + b"".join(encode(tag, value) for tag, value in sums.items()))[0]]
    return [*codes, till.ask(C.COMMIT_RECEIPT, till.receipt(100))[0]]


def unregistered_agent(till: Till) -> object:
    till.register()
    till.open_shift()
    till.do(C.BEGIN_RECEIPT, till.dated())
    return till.ask(C.ADD_DATA, encode(1057, 0x40))[0]


def full_archive(label: str) -> Callable[[Till], object]:
    def play(till: Till) -> object:
        till.register()
        till.open_shift()
        if label == "16":
            till.begin_receipt()
            return till.ask(C.COMMIT_RECEIPT, till.receipt())[0]
        till.close_shift()
        till.begin_open_shift()
        return till.ask(C.OPEN_SHIFT)[0]

    return play


def no_registration_left(till: Till) -> object:
    till.register()
    return till.ask(C.BEGIN_REGISTRATION, b"\2")[0]


def mended(till: Till) -> object:
    till.fn.inject(FnFault.FAILED)
    till.fn.mend()
    return till.status().warnings


def registration(
    data: bytes = REGISTRATION_DATA,
    mode: WorkMode = WorkMode.NONE,
    inn: str = INN,
    number: str = REGISTRATION_NUMBER,
) -> Callable[[Till], object]:
    def play(till: Till) -> object:
        till.do(C.BEGIN_REGISTRATION, b"\0")
        till.do(C.ADD_DATA, data)
        return till.ask(C.REGISTER, Registration(till.at, inn, number, 1, mode, None).build())[0]

    return play


def settlement_record(till: Till) -> object:
    till.register()
    till.settle()
    found = till.do(C.FIND_DOCUMENT, b"\2\0\0\0")
    assert FoundDocument.parse(found).details == SettlementDetails(1, START.replace(hour=0), len(found) == 24)
    return len(found)


FN_1_1 = load_model()
MODELS: dict[str, FnModel] = {
    "archive_full_code": replace(FN_1_1, archive_documents=2),
    "archive_full_blocks_receipt": replace(FN_1_1, archive_documents=2),
    "registrations_over_code": replace(FN_1_1, registrations=1),
    "kind_check_36_months": load_model("fn-1-1-36"),
}
"""FNs that show a setting where the default model does not."""

PLAYS: dict[str, Callable[[Till], object]] = {
    "archive_full_blocks_receipt": full_archive("16"),
    "archive_full_code": full_archive("12"),
    "archive_read_phase_answer": at("R", "11"),
    "bad_crc_answer": damaged_frame,
    "broken_tlv_code": data_of_a_shift(b"\x05\x04\x02\0A"),
    "composition_checked": data_of_a_shift(CASHIER, CASHIER),
    "confirmation_header_checked": confirmation(is_signed=True, header_number=2),
    "confirmation_sets_flags": flags_of_a_confirmation,
    "contradictions_checked": unregistered_agent,
    "critical_flag_is_sticky": mended,
    "data_required": at("Do", "12"),
    "encryption_refused": registration(mode=WorkMode.ENCRYPTION),
    "expired_archive_close_code": expired("Ca", "05"),
    "expired_date_code": expired("Co", "12"),
    "expired_receipt_code": expired("Or", "16"),
    "expiry_blocks_archive_close": expired("Ca", "05"),
    "expiry_blocks_opening": expired("Co", "12"),
    "expiry_blocks_receipt": expired("Or", "16"),
    "expiry_blocks_settlement": expired("Cs", "19"),
    "expiry_blocks_shift_close": expired("Oc", "14"),
    "expiry_judged_at": expired("C", "11"),
    "ffd_change_needs_settlement": at("C", "A2:2"),
    "inn_digits_checked": registration(inn="7702203277"),
    "kind_check_36_months": goods,
    "last_day_works": last_day,
    "ofd_sign": confirmation(is_signed=False, header_number=1),
    "refusing_confirmation_confirms": refusing_confirmation,
    "registration_flags_checked": registration(REGISTRATION_DATA + encode(1193, 1)),
    "registration_number_check": registration(REGISTRATION_DATA, number="0000000005008571"),
    "registrations_over_code": no_registration_left,
    "second_reading_restarts": at("Xr", "22"),
    "set_transport_ignores_rest": four_bytes_of_transport,
    "settlement_in_open_shift": at("O", "18"),
    "settlement_record_has_time": settlement_record,
    "shift_parameters_after_closing": at("P", "10"),
    "exchange_status_always": at("U", "20"),
    "shift_too_long_code": long_shift(is_begun=False),
    "shift_too_long_commit_code": long_shift(is_begun=True),
    "term_after_closing": at("R", "32"),
    "term_before_registration": at("U", "32"),
    "time_step_one_sided": slow_dates,
    "timer_survives_power_off": leap_after_power_off,
    "unknown_tags_pass": data_of_a_shift(b"\xff\xff\1\0\0"),
    "unsent_archive_close_code": at("C", "04"),
    "unsent_blocks_re_registration": unsent("03"),
    "unsent_blocks_shift_close": unsent("14"),
    "unsent_code": unsent("12"),
    "unsent_counted_from": unsent_after_a_confirmation,
    "unsent_judged_at": unsent("11"),
}
"""A dialogue that shows each setting."""


@pytest.mark.parametrize("name", [one.name for one in fields(FnSettings)])
def test_every_choice_of_a_setting_gives_another_dialogue(name: str) -> None:
    choices: tuple[Any, ...] = next(one.metadata["choices"] for one in fields(FnSettings) if one.name == name)
    told = [PLAYS[name](Till(MODELS.get(name, FN_1_1), **{name: choice})) for choice in choices]
    assert len(choices) > 1
    assert all(told[one] != told[two] for one in range(len(told)) for two in range(one)), (choices, told)


def test_the_code_that_a_setting_names_is_the_code_that_is_answered() -> None:
    codes = {one.name: one.metadata["choices"] for one in fields(FnSettings) if isinstance(one.default, FnCode)}
    for name, choices in codes.items():
        for code in choices:
            told = PLAYS[name](Till(MODELS.get(name, FN_1_1), **{name: code}))
            while isinstance(told, list | tuple):
                told = told[0]
            assert told == code, (name, code)
