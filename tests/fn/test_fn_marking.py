"""Codes of marked goods in an FN-1.1M: check, request, table of kept codes, goods in a receipt."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fn_model import FnFault, FnPort
from fn_model.marking_state import MOST_CODES, Marking, MarkingSession
from protocol.ffd.tlv import encode, split
from protocol.fn.answers import RoomLeft
from protocol.fn.commands import FnCode, FnCommand, WorkMode
from protocol.fn.frame import build_request
from protocol.fn.marking import CodeRequest, CodeToCheck, CodeVerdict
from protocol.fn.marking_codes import Allowed, CheckFlag, CodeState, CodeType, GoodsData, Unchecked
from protocol.ofd import container
from tests.fn.fn_till import NUMBER
from tests.fn.full_till import item
from tests.fn.marking_till import (
    CHECK_OFFSET,
    HEAD,
    KEY_OFFSET,
    REQUEST_DATA,
    MarkingTill,
    code,
    goods,
    oism_answer,
    selling,
)

C = FnCommand
CHECKED = CheckFlag.CHECKED | CheckFlag.POSITIVE
ADD = {kind: bytes((kind,)) for kind in GoodsData}

# ---- the check of a code

CHECKS: tuple[tuple[CodeToCheck, CheckFlag, Unchecked], ...] = (
    (code(), CHECKED, Unchecked.CHECKED),
    (code(tail=b"!" * 44), CheckFlag.CHECKED, Unchecked.CHECKED),
    (CodeToCheck(CodeType.CHECK_88, HEAD + b"A" * 88, KEY_OFFSET, CHECK_OFFSET), CHECKED, Unchecked.CHECKED),
    (CodeToCheck(CodeType.CHECK_88, HEAD + b"A" * 87, KEY_OFFSET, 34), CheckFlag.NONE, Unchecked.NO_CHECK_CODE),
    (code(tail=b"A" * 43), CheckFlag.NONE, Unchecked.NO_CHECK_CODE),
    (CodeToCheck(CodeType.CHECK_44, HEAD, 255, 255), CheckFlag.NONE, Unchecked.NO_CHECK_CODE),
    *(
        (CodeToCheck(kind, b"code"), CheckFlag.NONE, Unchecked.NOT_BY_FN)
        for kind in (CodeType.UNKNOWN, CodeType.SHORT, CodeType.CHECK_44_NOT_BY_FN, CodeType.CHECK_4_NOT_BY_FN)
    ),
)


@pytest.mark.parametrize(("one", "result", "reason"), CHECKS)
def test_the_fn_tells_what_it_could_check(one: CodeToCheck, result: CheckFlag, reason: Unchecked) -> None:
    told = selling().check(one)
    assert (told.result, told.reason) == (result, reason)


def test_an_fn_without_keys_checks_nothing() -> None:
    till = MarkingTill()
    till.register_marked()
    assert till.check().reason is Unchecked.NO_KEY


def test_a_broken_coprocessor_checks_nothing() -> None:
    till = selling()
    till.fn.inject(FnFault.CRYPTO_FAILED)
    assert till.check().reason is Unchecked.OTHER


@pytest.mark.parametrize(
    "data", [b"\4", b"\4\0", b"\5\5code", b"\5\4code1", b"\4\4code", b"\5\4code\0\0", b"\6\4code"], ids=bytes.hex
)
def test_a_code_with_a_wrong_length_or_type_is_refused(data: bytes) -> None:
    assert selling().refused(C.CHECK_CODE, data) in (FnCode.BAD_FORMAT, FnCode.BAD_VALUE)


# ---- what follows what

REQUESTS: dict[Allowed, tuple[FnCommand, bytes]] = {
    Allowed.CHECK_CODE: (C.CHECK_CODE, code(1).build()),
    Allowed.KEEP_CODE: (C.KEEP_CODE, b"\1"),
    Allowed.FORGET_CODES: (C.FORGET_CODES, b""),
    Allowed.BUILD_CODE_REQUEST: (C.BUILD_CODE_REQUEST, b"\x1a\1\x0a\x09\0" + REQUEST_DATA),
    Allowed.PUT_CODE_ANSWER: (C.PUT_CODE_ANSWER, oism_answer(83, 2, encode(2105, 0), encode(2109, 1))),
    Allowed.ADD_GOODS: (C.ADD_CODE_DATA, ADD[GoodsData.GOODS] + goods(code().code)),
    Allowed.ADD_ITEM: (C.ADD_CODE_DATA, ADD[GoodsData.ITEM] + item(t1212=33)),
    Allowed.ADD_MORE: (C.ADD_CODE_DATA, ADD[GoodsData.MORE] + encode(1055, 1)),
}


def none(till: MarkingTill) -> None:
    """Nothing was given."""


def given_code(till: MarkingTill) -> None:
    till.check()


def asked(till: MarkingTill) -> None:
    till.check()
    till.ask_oism()


def answered(till: MarkingTill) -> None:
    asked(till)
    till.answer_oism()


def kept(till: MarkingTill) -> None:
    till.keep_code()


def in_receipt(till: MarkingTill) -> None:
    till.keep_code()
    till.begin_sale()


def awaiting(till: MarkingTill) -> None:
    in_receipt(till)
    till.add(GoodsData.GOODS, goods(code().code))


def complete(till: MarkingTill) -> None:
    awaiting(till)
    till.add(GoodsData.ITEM, item(t1212=33))


def told_more(till: MarkingTill) -> None:
    complete(till)
    till.add(GoodsData.MORE, encode(1055, 1))


ALWAYS = Allowed.FORGET_CODES
FREE = ALWAYS | Allowed.CHECK_CODE
UNDER_CHECK = ALWAYS | Allowed.KEEP_CODE
STEPS: dict[Callable[[MarkingTill], None], tuple[CodeState, Allowed]] = {
    none: (CodeState.NONE, FREE),
    given_code: (CodeState.GIVEN, UNDER_CHECK | Allowed.BUILD_CODE_REQUEST),
    asked: (CodeState.ASKED, UNDER_CHECK | Allowed.PUT_CODE_ANSWER),
    answered: (CodeState.ANSWERED, UNDER_CHECK),
    kept: (CodeState.NONE, FREE),
    in_receipt: (CodeState.NONE, FREE | Allowed.ADD_GOODS),
    awaiting: (CodeState.NONE, FREE | Allowed.ADD_ITEM),
    complete: (CodeState.NONE, FREE | Allowed.ADD_GOODS | Allowed.ADD_MORE),
    told_more: (CodeState.NONE, FREE | Allowed.ADD_GOODS),
}


@pytest.mark.parametrize("step", STEPS, ids=lambda one: one.__name__)
def test_the_status_tells_what_may_follow_and_only_that_does(step: Callable[[MarkingTill], None]) -> None:
    state, allowed = STEPS[step]
    till = selling()
    step(till)
    status = till.marking_status()
    assert (status.code_state, status.allowed) == (state, allowed)
    for flag, (command, data) in REQUESTS.items():
        twin = MarkingTill()
        twin.port, twin.at, twin.skew = till.port.copy(), till.at, till.skew
        if flag & allowed:
            twin.do(command, data)
        else:
            assert twin.refused(command, data) == FnCode.MARKING_ORDER


def test_a_dropped_code_is_not_kept() -> None:
    till = selling()
    till.check()
    assert till.do(C.KEEP_CODE, b"\0") == b""
    assert till.marking_status().kept_codes == 0
    assert till.refused(C.KEEP_CODE, b"\2") == FnCode.BAD_FORMAT


# ---- the request to the ОИСМ

VERDICTS = {
    (0, 1): CHECKED | CheckFlag.ASKED | CheckFlag.STATUS_RIGHT,
    (0, 2): CHECKED | CheckFlag.ASKED,
    (1, 1): CHECKED,
}


@pytest.mark.parametrize(("told", "verdict"), VERDICTS.items())
def test_the_answer_of_the_oism_decides_over_two_bits_of_2106(told: tuple[int, int], verdict: CheckFlag) -> None:
    till = selling()
    asked(till)
    request_code, status = told
    assert till.answer_oism(status, request_code).result == verdict
    assert till.keep() == verdict


def test_a_request_is_a_container_with_the_code_and_what_the_till_tells() -> None:
    till = selling()
    till.check()
    message = container.parse(till.ask_oism())
    values = dict(split(message.document[4:]))
    assert (message.document_type, message.fn_number, values[2000]) == (81, NUMBER, code().code)
    assert (values[2004], values[2003], values[2102]) == (bytes((CHECKED,)), b"\1", b"\0")
    assert values[2001] == till.fn.state.marking.requests.to_bytes(4, "little")


def damaged(number: int) -> bytes:
    """An answer with a wrong check sum."""
    data = bytearray(oism_answer(83, number, encode(2105, 0)))
    data[2] ^= 1
    return bytes(data)


ANSWERS: dict[int, Callable[[int], bytes]] = {
    1: lambda number: oism_answer(83, number, encode(2105, 0), sign=bytes(8)),
    2: lambda number: oism_answer(84, number, encode(2111, 0)),
    3: lambda number: oism_answer(83, number + 1, encode(2105, 0)),
    4: lambda number: oism_answer(83, number, encode(2105, 0), fn_number="9999078900000002"),
    5: damaged,
    7: lambda number: b"\0",
}


@pytest.mark.parametrize("reason", ANSWERS)
def test_an_answer_to_something_else_is_refused_with_its_reason(reason: int) -> None:
    till = selling()
    asked(till)
    code_, told = till.ask(C.PUT_CODE_ANSWER, ANSWERS[reason](till.fn.state.marking.requests))
    assert (code_, told) == (FnCode.OFD_REFUSED, bytes((reason,)))


@pytest.mark.parametrize(("data", "missing"), [(encode(2102, 0), 2003), (encode(2003, 1), 2102)])
def test_a_request_without_its_requisites_names_the_missing_one(data: bytes, missing: int) -> None:
    till = selling()
    till.check()
    code_, told = till.ask(C.BUILD_CODE_REQUEST, CodeRequest(till.at, data).build())
    assert (code_, int.from_bytes(told, "little")) == (FnCode.MARKING_REQUISITES_MISSING, missing)


# ---- who may


@pytest.mark.parametrize("model", ["fn-1-13", "fn-1-1-15"])
def test_earlier_generations_know_no_codes(model: str) -> None:
    till = MarkingTill(model)
    till.register()
    assert till.refused(C.CHECK_CODE, code().build()) == FnCode.BAD_FORMAT


def test_the_room_left_tells_the_notification_area_only_with_marked_goods() -> None:
    till = MarkingTill()
    till.register_fully()
    assert RoomLeft.parse(till.do(C.ROOM_LEFT)).notification_percent is None
    till = selling()
    assert RoomLeft.parse(till.do(C.ROOM_LEFT)).notification_percent == 0


def test_an_autonomous_fn_marks_its_results_so() -> None:
    till = MarkingTill()
    till.register_marked(WorkMode.AUTONOMOUS)
    till.update_keys()
    till.check()
    till.ask_oism()
    assert till.keep() == CHECKED | CheckFlag.AUTONOMOUS


# ---- whatever comes

DATA = {**REQUESTS, Allowed.NONE: (C.MARKING_STATUS, b"")}
DROPPING = ("cancel", "power")
ANY_STEP = st.sampled_from([*DATA, "sale", "sell", "junk", *DROPPING])


@given(st.lists(ANY_STEP, max_size=25), st.binary(min_size=1, max_size=12))
def test_any_sequence_is_answered_and_the_table_holds(steps: list[object], junk: bytes) -> None:
    till = READY.copy()
    for step in steps:
        had_document = till.storage.volatile.begun is not None
        if step == "power":
            till.storage.power_off()
            till.storage.power_on(0.0)
        elif step == "junk":
            for command in (C.CHECK_CODE, C.BUILD_CODE_REQUEST, C.PUT_CODE_ANSWER, C.ADD_CODE_DATA):
                assert till.exchange(build_request(command, junk), 0.0)
        else:
            assert till.exchange(_frame(step), 0.0)
        session = till.storage.volatile.marking
        assert len(session.kept) <= MOST_CODES
        if step == "power" or (step == "cancel" and had_document):
            assert session == MarkingSession()


def _frame(step: object) -> bytes:
    till = MarkingTill()
    plain = {
        "cancel": (C.CANCEL_DOCUMENT, b""),
        "sale": (C.BEGIN_RECEIPT, till.dated()),
        "sell": (C.COMMIT_RECEIPT, till.receipt()),
    }
    return build_request(*(plain[step] if isinstance(step, str) else DATA[step]))  # type: ignore[index]


def _ready() -> FnPort:
    till = selling()
    for number in range(MOST_CODES - 2):
        till.keep_code(number)
    return till.port


READY = _ready()


@pytest.mark.parametrize("how", DROPPING)
def test_a_cancelled_receipt_and_a_power_cut_drop_the_results(how: str) -> None:
    till = selling()
    complete(till)
    till.check(code(1))
    if how == "cancel":
        till.cancel()
    else:
        till.fn.power_off()
        till.fn.power_on(till.world)
    status = till.marking_status()
    assert (status.code_state, status.kept_codes, status.in_notification) == (CodeState.NONE, 0, 0)


def test_the_table_takes_128_codes_and_not_one_more() -> None:
    till = selling()
    for number in range(MOST_CODES):
        assert till.marking_status().kept_codes == number
        till.keep_code(number)
    status = till.marking_status()
    assert (status.code_state, status.allowed) == (CodeState.TABLE_FULL, Allowed.FORGET_CODES)
    assert till.refused(C.CHECK_CODE, code(MOST_CODES).build()) == FnCode.MARKING_TABLE_FULL
    till.do(C.FORGET_CODES)
    till.check()


def test_a_verdict_has_the_words_of_the_oism_behind_it() -> None:
    till = selling()
    asked(till)
    assert till.answer_oism(2).tlvs == encode(2105, 0) + encode(2109, 2)
    assert CodeVerdict.parse(b"\3") == CodeVerdict(CHECKED)


def test_the_fn_of_a_new_life_remembers_no_code() -> None:
    till = selling()
    till.sell_marked()
    till.do(C.RESET, b"\x16")
    assert till.fn.state.marking == Marking()
