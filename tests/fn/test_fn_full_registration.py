"""A2h and A3h: registration under FFD 1.1 and 1.2, what the FN forms then, and how a till changes its format."""

from dataclasses import replace

import pytest

from fn_model import load_model
from fn_model.composition_1_1 import FORMED_TAGS_1_1
from protocol.ffd.documents import DocumentType, check
from protocol.ffd.formats import FFD_1_05, FFD_1_1, FFD_1_2
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, split
from protocol.fn.answers import DataReceived, FfdVersions
from protocol.fn.commands import ExtendedMode, FnCode, FnCommand, FnWarning, RegistrationType, WorkMode
from protocol.fn.requests import BeginFullRegistration
from tests.fn.fn_till import CLOSE_ARCHIVE_DATA, REGISTRATION_DATA, Till
from tests.fn.full_till import FullTill, receipt, report_data
from tests.fn.test_fn_documents import read_back

FORMATS = [("fn-1-1-15", FFD_1_1), ("fn-1-1m-15", FFD_1_1), ("fn-1-1m-15", FFD_1_2)]


def body(till: Till, number: int) -> Requisites:
    return Requisites.parse(read_back(till, number)[1])


def beginning(kind: int, ffd: int) -> bytes:
    return bytes((kind, ffd))


@pytest.mark.parametrize(
    ("model", "ffd", "code"),
    [
        ("fn-1-1-15", 0, FnCode.WRONG_FFD),
        ("fn-1-1-15", 1, FnCode.WRONG_FFD),
        ("fn-1-1-15", FFD_1_05, FnCode.WRONG_FFD),
        ("fn-1-1-15", FFD_1_1, FnCode.OK),
        ("fn-1-1-15", FFD_1_2, FnCode.WRONG_FFD),
        ("fn-1-1m-15", FFD_1_05, FnCode.WRONG_FFD),
        ("fn-1-1m-15", FFD_1_1, FnCode.OK),
        ("fn-1-1m-15", FFD_1_2, FnCode.OK),
        ("fn-1-1m-15", 5, FnCode.WRONG_FFD),
        ("fn-1-13", FFD_1_1, FnCode.BAD_FORMAT),
    ],
)
def test_which_formats_an_fn_registers_under(model: str, ffd: int, code: FnCode) -> None:
    till = Till(load_model(model))
    assert till.ask(FnCommand.BEGIN_FULL_REGISTRATION, beginning(0, ffd))[0] == code


def test_a_type_that_does_not_exist_is_09() -> None:
    assert FullTill().refused(FnCommand.BEGIN_FULL_REGISTRATION, beginning(3, FFD_1_2)) == FnCode.BAD_VALUE


@pytest.mark.parametrize(("model", "ffd"), FORMATS)
def test_every_document_of_a_life_keeps_to_the_composition_tables(model: str, ffd: int) -> None:
    till = FullTill(model, ffd)
    till.register_fully()
    till.shift_documents()
    till.settle_fully()
    till.re_register_fully()
    till.do(FnCommand.BEGIN_CLOSE_ARCHIVE)
    till.do(FnCommand.ADD_DATA, CLOSE_ARCHIVE_DATA.replace(encode(1209, FFD_1_05), encode(1209, ffd)))
    till.do(FnCommand.CLOSE_ARCHIVE, till.closing())
    types = [read_back(till, number)[0].type for number in range(1, 8)]
    assert types == [1, 2, 3, 5, 21, 11, 6]
    for number, document_type in enumerate(types, 1):
        assert check(document_type, read_back(till, number)[1]) == []


@pytest.mark.parametrize(("model", "ffd"), FORMATS)
def test_the_fn_forms_what_the_table_says_and_nothing_else(model: str, ffd: int) -> None:
    till = FullTill(model, ffd)
    till.register_fully()
    formed = {tag for tag, _ in split(read_back(till, 1)[1])} - {tag for tag, _ in split(report_data(ffd))}
    assert formed <= FORMED_TAGS_1_1[DocumentType.REGISTRATION]
    assert {T.FFD_VERSION, T.OFD_INN, T.TAX_SYSTEMS} < formed


@pytest.mark.parametrize(("model", "ffd"), FORMATS)
@pytest.mark.parametrize("tag", [1209, 1017, 1207, 1193, 1126, 1221, 1290, 1205, 1062, 1001, 1057, 1018, 1190])
def test_what_the_fn_forms_the_kkt_does_not_bring(model: str, ffd: int, tag: int) -> None:
    till = FullTill(model, ffd)
    till.begin_fully()
    told = encode(tag, {1017: "7704358518", 1018: "7702203276"}.get(tag, 1))
    assert till.refused(FnCommand.ADD_DATA, told) == FnCode.TAG_NOT_ALLOWED
    assert till.ask(FnCommand.ADD_DATA, told)[1] == tag.to_bytes(2, "little")


def test_ffd_1_1_tells_its_flags_one_by_one() -> None:
    till = FullTill("fn-1-1-15", FFD_1_1)
    mode = WorkMode.SERVICES | WorkMode.INTERNET
    till.register_fully(work_mode=mode, extended_mode=ExtendedMode.GAMBLING | ExtendedMode.LOTTERY, tax_systems=33)
    told = body(till, 1)
    assert [told.number(tag) for tag in (1108, 1109, 1110, 1126, 1193, 1207, 1221)] == [1, 1, 0, 1, 1, 0, 0]
    assert (told.number(T.FFD_VERSION), told.number(T.FN_FFD_VERSION), told.number(T.TAX_SYSTEMS)) == (3, 3, 33)
    assert told.text(T.OFD_INN) == "7704358518"
    assert T.CONDITIONS not in told and T.CHANGE_REASONS not in told


@pytest.mark.parametrize(
    ("mode", "extended", "bits"),
    [
        (WorkMode.NONE, ExtendedMode.NONE, 0),
        (WorkMode.STRICT_FORM, ExtendedMode.PRINTER_IN_MACHINE, 1 << 1 | 1 << 2),
        (WorkMode.INTERNET, ExtendedMode.EXCISE, 1 << 5 | 1 << 6),
        (WorkMode.NONE, ExtendedMode.MARKED_GOODS, 1 << 8),
        (WorkMode.SERVICES, ExtendedMode.GAMBLING | ExtendedMode.LOTTERY, 1 << 9 | 1 << 10 | 1 << 11),
        (WorkMode.NONE, ExtendedMode.PAWNSHOP | ExtendedMode.INSURANCE, 1 << 12 | 1 << 13),
        (WorkMode.CATERING | WorkMode.WHOLESALE, ExtendedMode.HAS_MACHINE, 1 << 14 | 1 << 15 | 1 << 16),
    ],
)
def test_ffd_1_2_tells_its_flags_in_one_mask(mode: WorkMode, extended: ExtendedMode, bits: int) -> None:
    till = FullTill()
    till.register_fully(work_mode=mode, extended_mode=extended)
    told = body(till, 1)
    assert told.number(T.CONDITIONS) == bits
    assert T.SERVICES not in told and T.EXCISE not in told
    assert all(tag in told for tag in (T.AUTONOMOUS_MODE, T.AUTOMATIC_MODE, T.ENCRYPTION))


def test_an_autonomous_till_has_no_ofd() -> None:
    till = FullTill()
    till.register_fully(work_mode=WorkMode.AUTONOMOUS)
    assert body(till, 1).text(T.OFD_INN) == "0" * 12
    till.shift_documents()
    till.settle_fully()
    assert T.UNSENT_TOTALS not in body(till, 5) and T.FN_TOTALS in body(till, 5)


@pytest.mark.parametrize(("kind", "has_reasons"), [(0, False), (1, True), (2, True)])
def test_every_report_but_a_first_one_tells_its_reasons(kind: int, has_reasons: bool) -> None:
    till = FullTill()
    if kind == 2:
        till.register_fully()
    till.begin_fully(RegistrationType(kind))
    bare = till.full_registration()
    with_reasons = replace(bare, reasons=1 << 7)
    right, wrong = (with_reasons, bare) if has_reasons else (bare, with_reasons)
    assert till.refused(FnCommand.REGISTER_FULLY, wrong.build()) == FnCode.BAD_FORMAT
    till.do(FnCommand.REGISTER_FULLY, right.build())


def test_a_replacement_tells_that_the_fn_was_replaced() -> None:
    till = FullTill()
    till.begin_fully(RegistrationType.FN_REPLACEMENT)
    till.do(FnCommand.REGISTER_FULLY, till.full_registration(reasons=1 << 7).build())
    header, _ = read_back(till, 1)
    assert header.type == DocumentType.RE_REGISTRATION
    assert body(till, 1).number(T.CHANGE_REASONS) == 1 << 7 | 1


def test_the_pairs_of_commands_do_not_mix() -> None:
    till = FullTill()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
    assert till.refused(FnCommand.REGISTER_FULLY, till.full_registration().build()) == FnCode.WRONG_STATE
    till.cancel()
    till.begin_fully()
    assert till.refused(FnCommand.REGISTER, till.registration()) == FnCode.WRONG_STATE


def test_3a_tells_the_format_of_the_registration() -> None:
    till = FullTill("fn-1-1-15", FFD_1_1)

    def told() -> FfdVersions:
        return FfdVersions.parse(till.do(FnCommand.FFD_VERSIONS))

    assert told() == FfdVersions(0, FFD_1_1)
    till.register_fully()
    assert told() == FfdVersions(FFD_1_1, FFD_1_1)


def settled(till: Till) -> None:
    """Everything sent, and a report that says so."""
    till.send_all()
    till.settle()


def test_the_format_changes_only_right_behind_a_report_with_nothing_unsent() -> None:
    till = FullTill()
    till.register()
    again = BeginFullRegistration(RegistrationType.RE_REGISTRATION, FFD_1_2).build()
    assert till.refused(FnCommand.BEGIN_FULL_REGISTRATION, again) == FnCode.WRONG_STATE
    till.settle()
    assert till.refused(FnCommand.BEGIN_FULL_REGISTRATION, again) == FnCode.WRONG_STATE, "one was unsent"
    settled(till)
    till.open_shift()
    till.close_shift()
    assert till.refused(FnCommand.BEGIN_FULL_REGISTRATION, again) == FnCode.WRONG_STATE, "a shift came after it"
    settled(till)
    till.re_register_fully(reasons=1 << 21)
    assert body(till, till.fn.state.document_number).number(T.FFD_VERSION) == FFD_1_2
    till.re_register_fully()
    assert till.fn.state.ffd == FFD_1_2


def test_the_way_back_to_ffd_1_05_needs_the_same_report() -> None:
    till = FullTill()
    till.register_fully()
    assert till.refused(FnCommand.BEGIN_REGISTRATION, b"\2") == FnCode.WRONG_STATE
    till.send_all()
    till.settle_fully()
    till.re_register()
    assert till.fn.state.ffd == FFD_1_05
    till.open_shift()
    till.sell()


def test_an_autonomous_till_changes_its_format_behind_any_report() -> None:
    till = FullTill()
    data = REGISTRATION_DATA.replace(encode(1017, "7704358518"), encode(1017, "0" * 12))
    till.register(WorkMode.AUTONOMOUS, data=data)
    till.settle()
    till.re_register_fully(work_mode=WorkMode.AUTONOMOUS)


def test_numbers_stay_those_of_the_first_report_whatever_the_format() -> None:
    till = FullTill()
    till.register()
    settled(till)
    till.begin_fully(RegistrationType.RE_REGISTRATION)
    other = till.full_registration(inn="500100732259", reasons=1 << 7)
    assert till.refused(FnCommand.REGISTER_FULLY, other.build()) == FnCode.BAD_VALUE


@pytest.mark.parametrize(("code", "is_told"), [(0, False), (14, True)])
def test_the_operators_message_stands_in_the_reports_on_the_shift(code: int, is_told: bool) -> None:
    till = FullTill()
    till.register_fully()
    till.send_one(code)
    assert (FnWarning.OFD_FORMAT_REFUSAL in till.status().warnings) is is_told
    till.shift_documents()
    assert [T.OPERATOR_MESSAGE in body(till, number) for number in (2, 3, 4)] == [is_told, False, is_told]
    assert body(till, 2).number(T.OPERATOR_MESSAGE) == int(is_told)


def test_counters_stand_in_the_documents_since_ffd_1_1() -> None:
    till = FullTill()
    till.register_fully()
    till.shift_documents()
    till.settle_fully()
    closing, settlement = body(till, 4), body(till, 5)
    for told, tag in ((closing, T.FN_TOTALS), (closing, T.SHIFT_TOTALS), (settlement, T.FN_TOTALS)):
        [totals] = told.structures(tag)
        [sales] = totals.structures(1129)
        assert (totals.number(1134), sales.number(1135), sales.number(1201)) == (1, 1, 10_000)
    [unsent] = settlement.structures(T.UNSENT_TOTALS)
    assert unsent.number(1144) == 1
    assert settlement.number(T.KEY_RESOURCE) == 470


def test_under_ffd_1_05_no_document_has_counters() -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.sell()
    till.close_shift()
    told = body(till, 4)
    assert T.FN_TOTALS not in told and T.SHIFT_TOTALS not in told


def test_a7_tells_how_much_data_the_document_has() -> None:
    till = FullTill()

    def told() -> DataReceived:
        return DataReceived.parse(till.do(FnCommand.DATA_RECEIVED))

    assert told() == DataReceived(0, 0)
    till.register_fully()
    till.open_shift()
    till.begin_sale()
    assert told() == DataReceived(len(receipt(FFD_1_2)), 0)
    till.cancel()
    assert told() == DataReceived(0, 0)


@pytest.mark.parametrize("model", ["fn-1-13", "fn-1-1-15"])
def test_a7_is_a_command_of_fn_1_1m(model: str) -> None:
    assert Till(load_model(model)).refused(FnCommand.DATA_RECEIVED) == FnCode.BAD_FORMAT


def test_a_date_that_is_none_is_07() -> None:
    till = FullTill()
    till.begin_fully()
    data = bytearray(till.full_registration().build())
    data[1] = 13
    assert till.refused(FnCommand.REGISTER_FULLY, bytes(data)) == FnCode.BAD_DATE
