"""What the FN says to the data of 07h, code by code and generation by generation: 0Bh, 0Ch, 0Dh, 0Eh, 18h, 19h."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fn_model import load_model
from fn_model.requisite_books import COUNTED
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_05, FFD_1_1, FFD_1_2
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, tlv
from protocol.fn.commands import ExtendedMode, FnCode, FnCommand, WorkMode
from tests.fn.fn_till import CASHIER, REGISTRATION_DATA, Till, correction_data, receipt_data
from tests.fn.full_till import FullTill, item, receipt

FN_1, FN_1_1, FN_1_1M = "fn-1-13", "fn-1-1-15", "fn-1-1m-15"
LATER = (FN_1_1, FN_1_1M)

WRONG: dict[str, tuple[bytes, FnCode, int]] = {
    "formed by the FN": (encode(T.SHIFT_NUMBER, 1), FnCode.TAG_NOT_ALLOWED, T.SHIFT_NUMBER),
    "of another document": (encode(T.SERIAL_NUMBER, "1"), FnCode.TAG_NOT_ALLOWED, T.SERIAL_NUMBER),
    "of another structure": (encode(T.VAT_RATE, 6), FnCode.TAG_NOT_ALLOWED, T.VAT_RATE),
    "of the receipt in an item": (tlv(T.ITEM, encode(T.TAX_SYSTEM, 1)), FnCode.TAG_NOT_ALLOWED, T.TAX_SYSTEM),
    "of a later format": (encode(T.BUYER, [(T.BUYER_NAME, "А")]), FnCode.TAG_NOT_ALLOWED, T.BUYER),
    "twice": (CASHIER + CASHIER, FnCode.DUPLICATE_TAG, T.CASHIER),
    "twice in an item": (tlv(T.ITEM, encode(T.PRICE, 1) * 2), FnCode.DUPLICATE_TAG, T.PRICE),
    "too long": (tlv(T.CASHIER, bytes(65)), FnCode.BAD_REQUISITE, T.CASHIER),
    "too short": (tlv(T.CASHIER_INN, b"770"), FnCode.BAD_REQUISITE, T.CASHIER_INN),
    "too long in an item": (tlv(T.ITEM, tlv(T.VAT_RATE, b"\1\1")), FnCode.BAD_REQUISITE, T.VAT_RATE),
    "two tax systems": (encode(T.TAX_SYSTEM, 3), FnCode.BAD_REQUISITE, T.TAX_SYSTEM),
    "no such rate": (item(t1199=13), FnCode.BAD_REQUISITE, T.VAT_RATE),
    "no such kind": (item(t1212=33), FnCode.BAD_REQUISITE, T.ITEM_TYPE),
    "no such agent": (encode(T.AGENT, 0x80), FnCode.BAD_REQUISITE, T.AGENT),
    "no structure": (tlv(T.ITEM, b"\1"), FnCode.BAD_REQUISITE, T.ITEM),
    "an item cut short": (tlv(T.ITEM, b"\xaf\x04\2\0\1"), FnCode.BAD_REQUISITE, T.ITEM),
    "no structure in an item": (item(t1223=b"\1"), FnCode.BAD_REQUISITE, T.AGENT_DATA),
    "another tax system": (encode(T.TAX_SYSTEM, 2), FnCode.CONTRADICTS_REGISTRATION, T.TAX_SYSTEM),
    "excise goods": (item(t1212=2), FnCode.CONTRADICTS_REGISTRATION, T.ITEM_TYPE),
}
"""What a receipt under FFD 1.05 cannot bring: data, code, and the tag behind it."""


def in_receipt(model: str = FN_1_1, *more: bytes, mode: WorkMode = WorkMode.NONE, **settings: Any) -> Till:
    """A begun receipt; ``more``: requisites of the registration under FFD 1.05."""
    till = Till(load_model(model), **settings)
    till.register(mode, data=REGISTRATION_DATA + b"".join(more))
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    return till


def in_full_receipt(ffd: int = FFD_1_2, model: str = FN_1_1M, **changes: Any) -> FullTill:
    """A begun receipt of an FN that was registered by A3h."""
    till = FullTill(model, ffd)
    till.register_fully(**changes)
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    return till


def told(till: Till, data: bytes) -> tuple[int, bytes]:
    """Code and data of the answer to one 07h; a refusal leaves no trace."""
    before = till.fn.digest()
    answer = till.ask(FnCommand.ADD_DATA, data)
    assert answer[0] == FnCode.OK or till.fn.digest() == before
    return answer


@pytest.mark.parametrize("model", LATER)
@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_requisite_is_refused_and_named(what: str, model: str) -> None:
    data, code, tag = WRONG[what]
    till = in_receipt(model)
    assert told(till, data) == (code, tag.to_bytes(2, "little"))
    till.do(FnCommand.ADD_DATA, receipt_data())
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


@pytest.mark.parametrize("what", WRONG)
def test_fn_1_only_adds_up_the_lengths(what: str) -> None:
    till = in_receipt(FN_1)
    assert told(till, WRONG[what][0]) == (FnCode.OK, b"")
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


@pytest.mark.parametrize("model", [FN_1, *LATER])
@pytest.mark.parametrize("data", [b"\1", b"\x1f\x04\2\0\1", CASHIER + b"\0\0\0"])
def test_lengths_that_do_not_add_up_are_refused_by_every_generation(model: str, data: bytes) -> None:
    assert told(in_receipt(model), data) == (FnCode.BAD_FORMAT, b"")
    assert told(in_receipt(model, broken_tlv_code=FnCode.BAD_VALUE), data) == (FnCode.BAD_VALUE, b"")


def test_a_requisite_that_no_format_knows_passes_once_unless_told_otherwise() -> None:
    strange = tlv(60_000, b"abc")
    assert told(in_receipt(unknown_tags_pass=False), strange) == (FnCode.TAG_NOT_ALLOWED, b"\x60\xea")
    till = in_receipt()
    assert told(till, strange) == (FnCode.OK, b"")
    assert told(till, strange) == (FnCode.DUPLICATE_TAG, b"\x60\xea")


def test_requisites_of_one_edition_or_another_pass_in_every_document() -> None:
    till = Till()
    till.register()
    till.do(FnCommand.BEGIN_OPEN_SHIFT, till.dated())
    assert told(till, encode(T.USER_NAME, "ООО") + encode(T.SETTLEMENT_PLACE, "Магазин")) == (FnCode.OK, b"")
    assert told(in_receipt(), encode(T.AUTONOMOUS_MODE, 0)) == (FnCode.OK, b"")


def test_what_repeats_may_come_again_in_another_block() -> None:
    till = in_receipt()
    for _ in range(3):
        assert told(till, item())[0] == FnCode.OK
    assert told(till, CASHIER)[0] == FnCode.OK
    assert told(till, CASHIER) == (FnCode.DUPLICATE_TAG, b"\xfd\x03")


# ---- 0Dh


@pytest.mark.parametrize("model", LATER)
@pytest.mark.parametrize("tag", COUNTED[DocumentType.RECEIPT])
@pytest.mark.parametrize("is_correction", [False, True])
def test_a_receipt_without_what_is_counted_is_0d(tag: int, is_correction: bool, model: str) -> None:
    till = Till(load_model(model))
    till.register()
    till.open_shift()
    whole = correction_data() if is_correction else receipt_data()
    till.do(FnCommand.BEGIN_CORRECTION if is_correction else FnCommand.BEGIN_RECEIPT, till.dated())
    missing = encode(tag, 1 if tag == T.TAX_SYSTEM else 10_000 if tag == T.CASH else 0)
    assert missing in whole
    till.do(FnCommand.ADD_DATA, whole.replace(missing, b""))
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt()) == FnCode.DATA_MISSING
    answer = till.ask(FnCommand.COMMIT_RECEIPT, till.receipt())[1]
    assert answer == int(tag).to_bytes(2, "little") + b"\0"
    till.do(FnCommand.ADD_DATA, missing)
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


def test_fn_1_counts_what_it_is_told() -> None:
    till = in_receipt(FN_1)
    till.do(FnCommand.ADD_DATA, CASHIER)
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


@pytest.mark.parametrize("model", LATER)
def test_an_item_without_its_sum_is_0d(model: str) -> None:
    assert told(in_receipt(model), item(t1043=None)) == (FnCode.DATA_MISSING, b"\x13\x04\0")


def test_a_shift_needs_nothing_for_the_counters() -> None:
    till = Till()
    till.register()
    till.do(FnCommand.BEGIN_OPEN_SHIFT, till.dated())
    till.do(FnCommand.ADD_DATA, CASHIER)
    till.do(FnCommand.OPEN_SHIFT)


# ---- 0Eh


@pytest.mark.parametrize("model", LATER)
def test_one_item_too_many_is_0e(model: str) -> None:
    till = Till(replace(load_model(model), most_items=3))
    till.register()
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    till.do(FnCommand.ADD_DATA, item() * 2)
    assert told(till, item() * 2) == (FnCode.TOO_MANY_ITEMS, b"")
    till.do(FnCommand.ADD_DATA, item())
    assert told(till, item()) == (FnCode.TOO_MANY_ITEMS, b"")


def test_the_limit_of_a_model_can_be_reached_with_short_items() -> None:
    till = in_receipt()
    most = till.fn.model.most_items
    short = tlv(T.ITEM, encode(T.ITEM_SUM, 1))
    for _ in range(most // 50):
        till.do(FnCommand.ADD_DATA, short * 50)
    assert most * len(short) < till.fn.model.data_limits.receipt
    assert told(till, short) == (FnCode.TOO_MANY_ITEMS, b"")


# ---- 19h

EXCISE, GAMBLING, LOTTERY = encode(T.EXCISE, 1), encode(T.GAMBLING, 1), encode(T.LOTTERY, 1)
AGENT = encode(T.AGENT, 0x41)
CONTRADICTIONS: dict[str, tuple[bytes, bytes, WorkMode, int]] = {
    "bets": (item(t1212=5), GAMBLING, WorkMode.SERVICES, T.ITEM_TYPE),
    "winnings": (item(t1212=6), GAMBLING, WorkMode.SERVICES, T.ITEM_TYPE),
    "a lottery ticket": (item(t1212=7), LOTTERY, WorkMode.NONE, T.ITEM_TYPE),
    "an agent's receipt": (encode(T.AGENT, 0x40), AGENT, WorkMode.NONE, T.AGENT),
    "an agent's item": (item(t1222=1), AGENT, WorkMode.NONE, T.ITEM_AGENT),
}
"""What contradicts a plain registration under FFD 1.05: data, the registration's requisite and mode, the tag told."""


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_fn_1_1m_watches_everything_that_is_registered(what: str) -> None:
    data, registered, mode, tag = CONTRADICTIONS[what]
    expected = (FnCode.CONTRADICTS_REGISTRATION, tag.to_bytes(2, "little"))
    assert told(in_receipt(FN_1_1M), data) == expected
    assert told(in_receipt(FN_1_1M, registered, mode=mode), data) == (FnCode.OK, b"")


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_fn_1_1_watches_excise_alone_unless_told_otherwise(what: str) -> None:
    data, _, _, tag = CONTRADICTIONS[what]
    assert told(in_receipt(FN_1_1), data) == (FnCode.OK, b"")
    refused = told(in_receipt(FN_1_1, contradictions_checked="all"), data)
    assert refused == (FnCode.CONTRADICTS_REGISTRATION, tag.to_bytes(2, "little"))


@pytest.mark.parametrize("model", LATER)
def test_excise_goods_need_their_flag(model: str) -> None:
    assert told(in_receipt(model), item(t1212=2))[0] == FnCode.CONTRADICTS_REGISTRATION
    assert told(in_receipt(model, EXCISE), item(t1212=2)) == (FnCode.OK, b"")


@pytest.mark.parametrize("agent", [0x40, 0x01])
def test_only_the_agents_that_are_registered_pass(agent: int) -> None:
    registered = encode(T.AGENT, 0x40)
    code, _ = told(in_receipt(FN_1_1M, registered), encode(T.AGENT, agent))
    assert code == (FnCode.OK if agent == 0x40 else FnCode.CONTRADICTS_REGISTRATION)


def test_a_re_registration_changes_what_passes_and_is_not_judged_by_the_old_one() -> None:
    till = Till(load_model(FN_1_1M))
    till.register()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\2")
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA + AGENT)
    till.do(FnCommand.REGISTER, till.registration(reason=4))
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    assert told(till, encode(T.AGENT, 1)) == (FnCode.OK, b"")


MARKED = (
    (item(t1212=33), T.ITEM_TYPE),
    (item(t1212=1, t1163=[(1305, "code")]), T.ITEM_CODE),
    (item(t1212=1, t2106=15), 2106),
    (item(t1212=1, t1291=[(1292, "1/2"), (1293, 1), (1294, 2)]), T.FRACTION),
)


@pytest.mark.parametrize(("data", "tag"), MARKED)
def test_goods_with_codes_need_the_flag_of_marking(data: bytes, tag: int) -> None:
    till = in_full_receipt()
    assert told(till, data) == (FnCode.CONTRADICTS_REGISTRATION, tag.to_bytes(2, "little"))
    till = in_full_receipt(extended_mode=ExtendedMode.MARKED_GOODS)
    assert told(till, data) == (FnCode.OK, b"")


@pytest.mark.parametrize(("kind", "is_right"), [(30, True), (31, False), (33, False)])
def test_excise_goods_with_a_code_need_both_flags(kind: int, is_right: bool) -> None:
    till = in_full_receipt(extended_mode=ExtendedMode.EXCISE)
    code, _ = told(till, item(t1212=kind))
    assert code == (FnCode.OK if is_right else FnCode.CONTRADICTS_REGISTRATION)


def test_ffd_1_2_registers_no_agents() -> None:
    assert told(in_full_receipt(), encode(T.AGENT, 1) + item(t1222=1)) == (FnCode.OK, b"")


@pytest.mark.parametrize(
    ("ffd", "data", "code"),
    [
        (FFD_1_1, item(t2108=0), FnCode.TAG_NOT_ALLOWED),
        (FFD_1_2, item(t2108=0), FnCode.OK),
        (FFD_1_2, item(t2108=13), FnCode.BAD_REQUISITE),
        (FFD_1_1, encode(T.BUYER_NAME, "А"), FnCode.OK),
        (FFD_1_2, encode(T.BUYER_NAME, "А"), FnCode.TAG_NOT_ALLOWED),
        (FFD_1_2, encode(T.BUYER, [(T.BUYER_NAME, "А")]), FnCode.OK),
        (FFD_1_2, encode(T.BUYER, [(T.CASHIER, "А")]), FnCode.TAG_NOT_ALLOWED),
    ],
)
def test_the_format_of_the_registration_decides_what_belongs(ffd: int, data: bytes, code: FnCode) -> None:
    assert told(in_full_receipt(ffd), data)[0] == code


@pytest.mark.parametrize("operation", [2, 4])
def test_corrections_of_returns_belong_to_the_later_formats(operation: int) -> None:
    for till, code in ((in_full_receipt(FFD_1_2), FnCode.OK), (in_receipt(), FnCode.BAD_VALUE)):
        till.cancel()
        till.do(FnCommand.BEGIN_CORRECTION, till.dated())
        till.do(FnCommand.ADD_DATA, correction_data())
        request = bytearray(till.receipt())
        request[5] = operation
        assert till.ask(FnCommand.COMMIT_RECEIPT, bytes(request))[0] == code


BEGUN = in_full_receipt()
"""A receipt that examples fork."""


@given(st.binary(max_size=120))
def test_no_data_makes_the_fn_raise_or_changes_it_when_refused(data: bytes) -> None:
    till = FullTill()
    till.at, till.port = BEGUN.at, BEGUN.port.copy()
    for told_data in (tlv(T.ITEM, data), data):
        code, _ = told(till, told_data)
        assert FnCode(code) in CODES


CODES = frozenset(
    (
        *(FnCode.OK, FnCode.BAD_FORMAT, FnCode.TAG_NOT_ALLOWED, FnCode.DUPLICATE_TAG, FnCode.DATA_MISSING),
        *(FnCode.BAD_REQUISITE, FnCode.CONTRADICTS_REGISTRATION),
    )
)
"""All that 07h answers to a short block in its place."""


def test_receipts_of_ffd_1_05_still_pass_whole() -> None:
    till = in_receipt()
    till.do(FnCommand.ADD_DATA, receipt(FFD_1_05))
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())
