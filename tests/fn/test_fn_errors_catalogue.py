"""The catalogue of answer codes says what the enumeration says, and every code of a generation is raised by a till.

Ordinary commands, time and faults raise them: no FN is changed by hand, only its model may be small.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from fn_model import FnFault, FnModel, load_model
from fn_model.marking_state import MOST_CODES
from fn_model.model import Generation
from fn_model.sign import keys_sign
from protocol.ffd.tlv import encode
from protocol.fn.commands import FnCode, FnCommand, Operation, WorkMode
from protocol.fn.errors import fn_errors
from protocol.fn.marking import CodeRequest, KeyAnswer, KeyRequest
from protocol.fn.marking_codes import KeyAnswerKind
from tests.fn.fn_till import CASHIER, FFD, SHIFT_DATA, Till, receipt_data
from tests.fn.marking_till import MarkingTill, code, goods, oism_answer
from tests.fn.matrix import REQUESTS, Matrix

C = FnCommand
MODELS = {
    Generation.FN_1: load_model("fn-1-13"),
    Generation.FN_1_1: load_model("fn-1-1-15"),
    Generation.FN_1_1M: load_model("fn-1-1m-15"),
}
TERM_DAYS = 480
"""Longer than the terms of all three."""

Recipe = Callable[[FnModel], tuple[Till, FnCommand, bytes]]
"""An FN model -> a till about to be refused."""


def asked_at(place: str, label: str) -> Recipe:
    """A request of the matrix in a place of it."""

    def recipe(model: FnModel) -> tuple[Till, FnCommand, bytes]:
        till = Till(model)
        Matrix(till).bring(place)
        command, data = REQUESTS[label]
        return till, command, data(till, place)

    return recipe


def registered(model: FnModel, mode: WorkMode = WorkMode.NONE) -> Till:
    till = Till(model)
    till.register(mode)
    return till


def selling(model: FnModel) -> Till:
    till = registered(model)
    till.open_shift()
    return till


def unknown_command(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    return registered(model), C.STATUS, b"\0"


def broken(fault: FnFault) -> Recipe:
    def recipe(model: FnModel) -> tuple[Till, FnCommand, bytes]:
        till = registered(model)
        till.begin_open_shift()
        till.fn.inject(fault)
        return till, C.OPEN_SHIFT, b""

    return recipe


def shift_opened_after_the_term(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = registered(model)
    till.send_all()
    till.set_clock(till.at + timedelta(days=TERM_DAYS))
    till.begin_open_shift()
    return till, C.OPEN_SHIFT, b""


def archive_closed_after_the_term(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = registered(model)
    till.set_clock(till.at + timedelta(days=TERM_DAYS))
    till.begin_close_archive()
    return till, C.CLOSE_ARCHIVE, till.closing()


def receipt_after_the_last_sign(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = selling(replace(model, crypto_resource_signs=2))
    till.begin_receipt()
    return till, C.COMMIT_RECEIPT, till.receipt()


def shift_in_a_full_archive(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = registered(replace(model, archive_documents=1))
    till.begin_open_shift()
    return till, C.OPEN_SHIFT, b""


def clock_set_back(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = selling(model)
    till.set_clock(till.at - timedelta(minutes=1))
    return till, C.BEGIN_RECEIPT, till.dated()


def document_that_is_not_there(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    return registered(model), C.FIND_DOCUMENT, b"\2\0\0\0"


def totals_that_overflow(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till, most = selling(model), (1 << 40) - 1
    for _ in range(256):
        till.begin_receipt()
        till.do(C.COMMIT_RECEIPT, till.receipt(most, Operation.BUY))
    till.begin_receipt()
    return till, C.COMMIT_RECEIPT, till.receipt(most, Operation.BUY)


def more_than_a_document_takes(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = registered(replace(model, data_limits=replace(model.data_limits, shift=len(SHIFT_DATA))))
    till.begin_open_shift()
    return till, C.ADD_DATA, CASHIER


def full_storage(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = registered(replace(model, storage_bytes=1))
    till.begin_open_shift()
    return till, C.OPEN_SHIFT, b""


def thirty_one_days_unsent(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = registered(model)
    till.wait(days=31)
    return till, C.BEGIN_OPEN_SHIFT, till.dated()


def shift_longer_than_a_day(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = selling(model)
    till.wait(hours=24, minutes=1)
    return till, C.BEGIN_RECEIPT, till.dated()


def clock_set_forward(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = selling(model)
    till.set_clock(till.at + timedelta(minutes=6))
    return till, C.BEGIN_RECEIPT, till.dated()


def confirmation_of_another_document(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = registered(model)
    till.do(C.SET_TRANSPORT, b"\1")
    till.read_message()
    return till, C.PUT_CONFIRMATION, till.confirmation(2)


def wrong_command_under_a_format(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    return Till(model), C.BEGIN_FULL_REGISTRATION, b"\0\5"


def receipt_without_payments(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = selling(model)
    till.do(C.BEGIN_RECEIPT, till.dated())
    till.do(C.ADD_DATA, FFD + CASHIER)
    return till, C.COMMIT_RECEIPT, till.receipt()


def one_item_too_many(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = selling(replace(model, most_items=0))
    till.do(C.BEGIN_RECEIPT, till.dated())
    return till, C.ADD_DATA, receipt_data()


def unregistered_tax_system(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = selling(model)
    till.do(C.BEGIN_RECEIPT, till.dated())
    return till, C.ADD_DATA, receipt_data(tax_system=2)


def shift_report_with(data: bytes) -> Recipe:
    def recipe(model: FnModel) -> tuple[Till, FnCommand, bytes]:
        till = registered(model)
        till.do(C.BEGIN_OPEN_SHIFT, till.dated())
        till.do(C.ADD_DATA, FFD)
        return till, C.ADD_DATA, data

    return recipe


def marked(model: FnModel) -> MarkingTill:
    """A till registered for marked goods, with keys, in an open shift."""
    till = MarkingTill(model.name)
    till.fn.model = model
    till.register_marked()
    till.update_keys()
    till.open_shift()
    return till


def key_service_answering(kind: KeyAnswerKind) -> Recipe:
    def recipe(model: FnModel) -> tuple[Till, FnCommand, bytes]:
        till = marked(model)
        number = KeyRequest.parse(till.do(C.BUILD_KEY_REQUEST, till.dated())).number
        return till, C.PUT_KEY_ANSWER, KeyAnswer(kind, number, keys_sign(till.fn.number, number)).build()

    return recipe


def key_service_talking_nonsense(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = marked(model)
    till.do(C.BUILD_KEY_REQUEST, till.dated())
    return till, C.PUT_KEY_ANSWER, b"HTTP/1.1 200 OK"


def answer_to_no_request(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = marked(model)
    till.check()
    return till, C.PUT_CODE_ANSWER, oism_answer(83, 1)


def full_notification_area(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = marked(replace(model, notification_bytes=1))
    till.sell_marked()
    return till, C.CHECK_CODE, code().build()


def one_code_too_many(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = marked(model)
    for number in range(MOST_CODES):
        till.keep_code(number)
    return till, C.CHECK_CODE, code(MOST_CODES).build()


def ninety_one_days_without_keys(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = marked(model)
    till.close_shift()
    till.send_all()
    till.wait(days=91)
    till.open_shift()
    return till, C.CHECK_CODE, code().build()


def request_without_a_planned_status(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = marked(model)
    till.check()
    return till, C.BUILD_CODE_REQUEST, CodeRequest(till.at, encode(2102, 0)).build()


def goods_never_checked(model: FnModel) -> tuple[Till, FnCommand, bytes]:
    till = marked(model)
    till.keep_code()
    till.begin_sale()
    return till, C.ADD_CODE_DATA, b"\1" + goods(code(1).code)


ALL = tuple(Generation)
LATER = (Generation.FN_1_1, Generation.FN_1_1M)
FIRST = (Generation.FN_1,)
NEWEST = (Generation.FN_1_1M,)

RECIPES: dict[FnCode, dict[tuple[Generation, ...], Recipe]] = {
    FnCode.OK: {},
    FnCode.BAD_FORMAT: {ALL: unknown_command},
    FnCode.WRONG_STATE: {ALL: asked_at("U", "11")},
    FnCode.FAILURE: {ALL: broken(FnFault.FAILED)},
    FnCode.CRYPTO_FAILURE: {ALL: broken(FnFault.CRYPTO_FAILED)},
    FnCode.TERM_OVER: {FIRST: shift_opened_after_the_term, LATER: archive_closed_after_the_term},
    FnCode.ARCHIVE_FULL: {FIRST: shift_in_a_full_archive},
    FnCode.BAD_DATE: {ALL: clock_set_back},
    FnCode.NO_DATA: {ALL: document_that_is_not_there},
    FnCode.BAD_VALUE: {ALL: totals_that_overflow},
    FnCode.WRONG_FFD: {LATER: wrong_command_under_a_format},
    FnCode.TAG_NOT_ALLOWED: {LATER: shift_report_with(b"\x0e\x04\x04\0\1\0\0\0")},  # 1038, which the FN forms
    FnCode.DUPLICATE_TAG: {LATER: shift_report_with(FFD)},
    FnCode.DATA_MISSING: {LATER: receipt_without_payments},
    FnCode.TOO_MANY_ITEMS: {LATER: one_item_too_many},
    FnCode.BAD_REQUISITE: {LATER: shift_report_with(b"\xa4\x04\0\0" + b"\xa5\x04\2\0\2\2")},  # 1189 of two bytes
    FnCode.TLV_TOO_LARGE: {ALL: more_than_a_document_takes},
    FnCode.NO_TRANSPORT: {ALL: asked_at("C", "22")},
    FnCode.RESOURCE_EXHAUSTED: {FIRST: receipt_after_the_last_sign, LATER: shift_opened_after_the_term},
    FnCode.STORAGE_EXHAUSTED: {FIRST: full_storage, LATER: shift_in_a_full_archive},
    FnCode.SEND_WAIT_EXCEEDED: {FIRST: thirty_one_days_unsent},
    FnCode.SHIFT_TOO_LONG: {ALL: shift_longer_than_a_day},
    FnCode.BAD_TIME_STEP: {ALL: clock_set_forward},
    FnCode.CONTRADICTS_REGISTRATION: {LATER: unregistered_tax_system},
    FnCode.OFD_REFUSED: {ALL: confirmation_of_another_document},
    FnCode.KEY_SERVICE_REFUSED: {NEWEST: key_service_answering(KeyAnswerKind.REFUSED)},
    FnCode.KEY_SERVICE_UNKNOWN_ANSWER: {NEWEST: key_service_talking_nonsense},
    FnCode.KEY_UPDATE_REPEAT: {NEWEST: key_service_answering(KeyAnswerKind.REPEAT)},
    FnCode.MARKING_FORBIDDEN: {NEWEST: asked_at("C", "B0")},
    FnCode.MARKING_ORDER: {NEWEST: answer_to_no_request},
    FnCode.MARKING_BLOCKED: {NEWEST: full_notification_area},
    FnCode.MARKING_TABLE_FULL: {NEWEST: one_code_too_many},
    FnCode.MARKING_KEYS_TOO_OLD: {NEWEST: ninety_one_days_without_keys},
    FnCode.MARKING_REQUISITES_MISSING: {NEWEST: request_without_a_planned_status},
    FnCode.MARKING_CODE_UNCHECKED: {NEWEST: goods_never_checked},
}
"""How a code comes about, by the generations where it comes about so."""


def cases() -> list[tuple[FnCode, Generation, Recipe]]:
    return [
        (code, generation, recipe)
        for code, recipes in RECIPES.items()
        for generations, recipe in recipes.items()
        for generation in generations
    ]


@pytest.mark.parametrize(
    ("code", "generation", "recipe"), cases(), ids=[f"{code:02X}-{one.value}" for code, one, _ in cases()]
)
def test_every_code_of_a_generation_is_raised(code: FnCode, generation: Generation, recipe: Recipe) -> None:
    till, command, data = recipe(MODELS[generation])
    assert till.refused(command, data) == code


def test_the_recipes_are_those_of_the_catalogue() -> None:
    raised = {(code, generation.value) for code, generation, _ in cases()}
    known = {(code, one) for code, row in fn_errors().items() for one in row.generations if code != FnCode.OK}
    assert raised == known


def test_every_code_is_described_under_its_own_name() -> None:
    assert {code: row.id for code, row in fn_errors().items()} == {int(code): code.name for code in FnCode}


def test_every_description_is_complete() -> None:
    assert all(row.name_ru and row.name_en and row.when for row in fn_errors().values())
    assert all(set(row.generations) <= {one.value for one in Generation} for row in fn_errors().values())
