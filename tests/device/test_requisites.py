"""Requisites: where a written one goes, by blocks or whole, what is refused, and what reading one gives."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import ReadRequisite, RequisiteFlags, WriteRequisite
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, tlv

from .desk import Desk

MakeBench = Callable[..., Bench]
NAME = "ООО ВЕКТОР".encode("cp866")
ADDRESS = "г. Москва, ул. Тестовая, д. 1".encode("cp866")
CONTACT = b"buyer@shop.example"
CLOSE = "4A 00 01 00 00 00 00 00"


def write(tag: int, value: bytes, flags: int = 0) -> WriteRequisite:
    return WriteRequisite(flags=flags, data=tlv(tag, value))


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """A till from the factory, mode 6."""
    desk = Desk(make_bench("factory"))
    desk.enter(Mode.FN_ACCESS)
    return desk


@pytest.fixture
def selling(make_bench: MakeBench) -> Desk:
    """Shift open, mode 1."""
    return Desk(make_bench("shift-open"))


# ---- requisites of the registration

REGISTRATION: dict[int, bytes] = {
    **dict.fromkeys((1001, 1002, 1056, 1057, 1108, 1109, 1110, 1126, 1193, 1207, 1221), b"\x01"),
    1009: ADDRESS,
    1017: b"7704358518  ",
    1018: b"7702203276  ",
    1036: b"A-1",
    1037: b"0000000005042914    ",
    1046: NAME,
    1048: NAME,
    1060: b"nalog.ru",
    1062: b"\x03",
    1101: b"\x04",
    1117: b"a@b.ru",
    1187: NAME,
    1205: b"\x04\0\0\0",
    1209: b"\x02",
}


@pytest.mark.parametrize("tag", REGISTRATION)
def test_every_requisite_of_the_registration_report_outlives_the_power(desk: Desk, tag: int) -> None:
    desk.does(write(tag, REGISTRATION[tag].strip()))
    desk.bench.power_off()
    desk.bench.power_on()
    assert desk.does(ReadRequisite(tag=tag)) == b"\x01" + tlv(tag, REGISTRATION[tag])


@pytest.mark.parametrize("mode", [Mode.SELECTION, Mode.X_REPORTS, Mode.Z_REPORTS, Mode.PROGRAMMING, Mode.FN_ACCESS])
def test_a_requisite_of_both_the_till_and_its_receipts_is_the_tills_but_in_mode_1(desk: Desk, mode: Mode) -> None:
    desk.enter(mode)
    desk.does(write(T.SETTLEMENT_ADDRESS, ADDRESS))
    assert desk.bench.kkt.memory.requisites[T.SETTLEMENT_ADDRESS] == ADDRESS
    desk.enter(Mode.REGISTRATION)
    desk.does(write(T.SETTLEMENT_ADDRESS, NAME))
    assert desk.bench.kkt.memory.requisites[T.SETTLEMENT_ADDRESS] == ADDRESS


def test_an_empty_text_takes_a_requisite_away(desk: Desk) -> None:
    desk.does(write(T.USER_NAME, NAME), write(T.USER_NAME, b""))
    assert desk.does(ReadRequisite(tag=T.USER_NAME)) == b"\x01" + tlv(T.USER_NAME, b"")


def test_what_is_registered_cannot_be_taken_away(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.refuses(write(T.USER_NAME, b""), E.EXTENDED, X.REQUISITE_BAD_CHANGE)
    desk.does(write(T.SENDER_EMAIL, b""))


def test_registration_requisites_are_fixed_while_a_shift_is_open(selling: Desk) -> None:
    for mode in (Mode.FN_ACCESS, Mode.PROGRAMMING, Mode.SELECTION, Mode.REGISTRATION):
        selling.enter(mode)
        selling.refuses(write(T.USER_NAME, NAME), E.SHIFT_OPEN)


@pytest.mark.parametrize(("tag", "value"), [(T.USER_INN, b"7704358518"), (T.REGISTRATION_NUMBER, b"0000000007000000")])
def test_owner_and_number_are_fixed_while_the_fn_is_the_same(make_bench: MakeBench, tag: int, value: bytes) -> None:
    desk = Desk(make_bench())
    desk.refuses(write(tag, value), E.EXTENDED, X.REQUISITE_FIXED)
    desk.does(write(tag, desk.bench.kkt.memory.requisites[tag].strip()))
    desk.bench.swap()
    desk.does(write(tag, value))


def test_without_a_working_fn_nothing_can_be_prepared(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.unplug()
    desk.refuses(write(T.USER_NAME, NAME), E.EXTENDED, X.REQUISITES_LOCKED)
    desk.bench.plug()
    desk.does(write(T.USER_NAME, NAME))
    closed = Desk(make_bench("archive-closed"))
    closed.refuses(write(T.USER_NAME, NAME), E.EXTENDED, X.REQUISITES_LOCKED)


def test_a_damaged_dialogue_with_the_fn_is_told_as_it_is(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.make_noise(100, 0)
    desk.refuses(write(T.USER_NAME, NAME), E.FN_BAD_FORMAT)


# ---- what a value may be

WRONG = {
    "no blocks": (WriteRequisite(blocks=0, data=tlv(1048, NAME)), E.BAD_FORMAT, 0),
    "block behind the last": (WriteRequisite(blocks=1, block=1, data=tlv(1048, NAME)), E.BAD_FORMAT, 0),
    "no header": (WriteRequisite(data=b"\x18\x04\x01"), E.BAD_LENGTH, 0),
    "length too large": (WriteRequisite(data=b"\x18\x04\x05\x00abcd"), E.BAD_LENGTH, 0),
    "length too small": (WriteRequisite(data=b"\x18\x04\x03\x00abcd"), E.BAD_LENGTH, 0),
    "unknown tag": (write(9999, b"a"), E.BAD_FORMAT, 0),
    "tag of the FN": (write(T.TOTAL, b"\x01"), E.BAD_FORMAT, 0),
    "serial number": (write(T.SERIAL_NUMBER, b"1"), E.BAD_FORMAT, 0),
    "text too long": (write(T.USER_INN, bytes(13)), E.BAD_FORMAT, 0),
    "number too short": (write(T.CHANGE_REASONS, b"\x01"), E.BAD_FORMAT, 0),
    "number too long": (write(T.AUTONOMOUS_MODE, b"\x01\x00"), E.BAD_FORMAT, 0),
    "number of no bytes": (write(T.AUTONOMOUS_MODE, b""), E.BAD_FORMAT, 0),
    "flag that is no flag": (write(T.AUTONOMOUS_MODE, b"\x02"), E.BAD_FORMAT, 0),
    "reason that there is not": (write(T.RE_REGISTRATION_REASON, b"\x05"), E.EXTENDED, X.WRONG_REASON),
    "older format": (write(T.FFD_VERSION, b"\x01"), E.EXTENDED, X.REQUISITE_BAD_CHANGE),
    "newer format": (write(T.FFD_VERSION, b"\x04"), E.EXTENDED, X.REQUISITE_BAD_CHANGE),
    "more than the buffer": (write(1048, bytes(1024)), E.EXTENDED, X.REQUISITE_BUFFER_FULL),
}


@pytest.mark.parametrize(("request_", "code", "detail"), WRONG.values(), ids=WRONG)
def test_a_malformed_requisite_is_refused(desk: Desk, request_: WriteRequisite, code: E, detail: int) -> None:
    desk.refuses(request_, code, detail)


WRONG_IN_RECEIPT = {
    "structure that is none": (T.USER_REQUISITE, b"\x3d\x04\x05\x00a"),
    "structure with a wrong part": (T.CORRECTION_BASE, tlv(T.CORRECTION_DATE, b"\x01")),
    "structure with an unknown part": (T.USER_REQUISITE, tlv(9999, b"a")),
    "two kinds of agent": (T.AGENT, b"\x03"),
    "kind of agent that there is not": (T.AGENT, b"\x80"),
    "contact that is too long": (T.BUYER_CONTACT, b"a" * 65),
}


@pytest.mark.parametrize(("tag", "value"), WRONG_IN_RECEIPT.values(), ids=WRONG_IN_RECEIPT)
def test_a_malformed_requisite_of_a_receipt_is_refused(selling: Desk, tag: int, value: bytes) -> None:
    selling.refuses(write(tag, value), E.BAD_FORMAT)
    selling.open_receipt(100)
    selling.refuses(write(tag, value), E.BAD_FORMAT)


# ---- blocks


@pytest.mark.parametrize("size", [1, 3, 5, 100])
@pytest.mark.parametrize("repeats_tag", [False, True])
def test_a_requisite_may_come_in_blocks_with_or_without_its_tag(desk: Desk, size: int, repeats_tag: bool) -> None:
    data = tlv(T.SETTLEMENT_ADDRESS, ADDRESS)
    rest = [data[start : start + size] for start in range(4 + size, len(data), size)]
    parts = [data[: 4 + size], *(data[:2] + part if repeats_tag else part for part in rest)]
    for number, part in enumerate(parts):
        desk.does(WriteRequisite(blocks=len(parts), block=number, data=part))
    assert desk.does(ReadRequisite(tag=T.SETTLEMENT_ADDRESS)) == b"\x01" + data


def test_a_value_that_looks_like_its_own_tag_is_kept_as_it_is(desk: Desk) -> None:
    data = tlv(T.USER_NAME, b"AB\x18\x04CD")
    desk.does(WriteRequisite(blocks=2, block=0, data=data[:6]), WriteRequisite(blocks=2, block=1, data=data[6:]))
    assert desk.does(ReadRequisite(tag=T.USER_NAME)) == b"\x01" + data


def test_a_block_without_its_first_one_is_no_requisite(desk: Desk) -> None:
    data = tlv(T.USER_NAME, NAME)
    first, second = WriteRequisite(blocks=2, block=0, data=data[:6]), WriteRequisite(blocks=2, block=1, data=data[6:])
    desk.refuses(second, E.BAD_FORMAT)
    desk.does(first, second)
    desk.refuses(second, E.BAD_FORMAT)


def test_blocks_come_in_order_and_the_first_begins_anew(desk: Desk) -> None:
    data = tlv(T.USER_NAME, NAME)
    blocks = [WriteRequisite(blocks=3, block=number, data=data[4 * number : 4 * number + 4]) for number in range(3)]
    desk.does(blocks[0])
    desk.refuses(blocks[2], E.BAD_FORMAT)
    last = WriteRequisite(blocks=3, block=2, data=data[8:])
    desk.does(blocks[0], blocks[1], last)
    assert desk.does(ReadRequisite(tag=T.USER_NAME))[1:] == data


@pytest.mark.parametrize("length", [1, 236, 237, 256])
def test_a_long_requisite_is_read_in_blocks(desk: Desk, length: int) -> None:
    whole = tlv(T.SETTLEMENT_ADDRESS, b"a" * length)
    desk.does(write(T.SETTLEMENT_ADDRESS, b"a" * length))
    count = desk.does(ReadRequisite(tag=T.SETTLEMENT_ADDRESS))[0]
    assert count == (1 if length <= 236 else 2)
    blocks = [desk.does(ReadRequisite(tag=T.SETTLEMENT_ADDRESS, block=number)) for number in range(count)]
    assert {block[0] for block in blocks} == {count}
    assert b"".join(block[1:] for block in blocks) == whole
    assert all(len(desk.reply(ReadRequisite(tag=T.SETTLEMENT_ADDRESS))) <= 255 for _ in blocks)
    desk.refuses(ReadRequisite(tag=T.SETTLEMENT_ADDRESS, block=count), E.FN_NO_DATA)


# ---- requisites of receipts


@pytest.mark.parametrize("mode", [Mode.SELECTION, Mode.REGISTRATION, Mode.PROGRAMMING, Mode.Z_REPORTS])
def test_the_cashier_is_taken_in_any_mode_for_the_next_document(selling: Desk, mode: Mode) -> None:
    selling.enter(mode)
    selling.does(write(T.CASHIER, "Петрова".encode("cp866")))
    selling.enter(Mode.REGISTRATION)
    selling.open_receipt(100)
    assert "КАССИР Петрова" in selling.bench.tape()
    selling.does(CLOSE)
    selling.sell()
    assert selling.bench.tape().count("КАССИР Петрова") == 1


@pytest.mark.parametrize("mode", [Mode.REGISTRATION, Mode.PROGRAMMING])
def test_what_is_told_before_92_is_in_the_receipt(selling: Desk, mode: Mode) -> None:
    selling.enter(mode)
    selling.does(write(T.BUYER_CONTACT, CONTACT))
    selling.enter(Mode.REGISTRATION)
    selling.sell()
    assert selling.told().text(T.BUYER_CONTACT) == CONTACT.decode()
    selling.sell()
    assert T.BUYER_CONTACT not in selling.told()


def test_what_is_told_before_the_shift_is_opened_by_the_receipt_is_in_the_receipt(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.REGISTRATION)
    desk.does(write(T.BUYER_CONTACT, CONTACT, RequisiteFlags.PRINT))
    desk.sell()
    assert desk.told().text(T.BUYER_CONTACT) == CONTACT.decode()


@pytest.mark.parametrize("mode", [Mode.SELECTION, Mode.X_REPORTS, Mode.Z_REPORTS, Mode.FN_ACCESS])
def test_in_other_modes_there_is_no_receipt_to_come(selling: Desk, mode: Mode) -> None:
    selling.enter(mode)
    selling.refuses(write(T.BUYER_CONTACT, CONTACT), E.WRONG_MODE)


def test_what_a_receipt_tells_stands_instead_of_what_is_registered(selling: Desk) -> None:
    selling.open_receipt(100)
    selling.does(write(T.SETTLEMENT_ADDRESS, ADDRESS), write(T.SETTLEMENT_PLACE, NAME), CLOSE)
    told = selling.told()
    assert (told.text(T.SETTLEMENT_ADDRESS).encode("cp866"), told.text(T.SETTLEMENT_PLACE)) == (ADDRESS, "ООО ВЕКТОР")
    selling.sell()
    assert selling.told().text(T.SETTLEMENT_PLACE) == "Магазин"


def test_a_text_of_a_fixed_length_gets_its_spaces(selling: Desk) -> None:
    selling.does(write(T.CASHIER_INN, b"1234567890"))
    selling.open_receipt(100)
    selling.does(write(T.BUYER_INN, b"7702203276"), CLOSE)
    told = selling.told()
    assert (told.text(T.CASHIER_INN), told.text(T.BUYER_INN)) == ("1234567890", "7702203276")


def test_a_requisite_may_come_once_in_a_receipt(selling: Desk) -> None:
    selling.does(write(T.BUYER_CONTACT, CONTACT), write(T.BUYER_CONTACT, b"other@shop.example"))
    selling.open_receipt(100)
    selling.does(write(T.BUYER_CONTACT, CONTACT))
    selling.refuses(write(T.BUYER_CONTACT, CONTACT), E.EXTENDED, X.REQUISITE_REPEATED)
    selling.does(write(T.CASHIER, b"A"))
    selling.refuses(write(T.CASHIER, b"B"), E.EXTENDED, X.REQUISITE_REPEATED)
    selling.does(CLOSE)
    selling.open_receipt(100)
    selling.does(write(T.BUYER_CONTACT, CONTACT), "59")


def test_one_that_is_printed_cannot_be_changed(selling: Desk) -> None:
    selling.open_receipt(100)
    printed = selling.tape_of(write(T.BUYER_CONTACT, CONTACT, RequisiteFlags.PRINT))
    assert " ".join(printed).endswith(CONTACT.decode())
    selling.refuses(write(T.BUYER_CONTACT, b"other@shop.example"), E.EXTENDED, X.REQUISITE_PRINTED)
    assert selling.tape_of(write(1192, b"X")) == []


def test_what_is_to_be_printed_and_comes_before_92_is_printed_by_it(selling: Desk) -> None:
    assert selling.tape_of(write(T.BUYER_CONTACT, CONTACT, RequisiteFlags.PRINT)) == []
    assert CONTACT.decode() in " ".join(selling.tape_of("92 00 01"))
    selling.refuses(write(T.BUYER_CONTACT, CONTACT), E.EXTENDED, X.REQUISITE_PRINTED)


def test_a_structure_is_printed_part_by_part(selling: Desk) -> None:
    selling.open_receipt(100)
    parts = encode(T.USER_REQUISITE_NAME, "Стол") + encode(T.USER_REQUISITE_VALUE, "7")
    printed = " ".join(selling.tape_of(write(T.USER_REQUISITE, parts, RequisiteFlags.PRINT)))
    assert "Стол" in printed and printed.endswith("7")


# ---- requisites of items


def begin(desk: Desk) -> None:
    desk.does("EA 00 01 00")


END = "EB 02 00000000010000 0000001000 00000000010000 06 00000000000000 00 01 04 00 00000000000000 0000 80"


def test_an_item_takes_its_own_requisites_once(selling: Desk) -> None:
    selling.open_receipt()
    selling.refuses(write(T.UNIT, b"kg"), E.EXTENDED, X.NO_ITEM_BEGUN)
    begin(selling)
    selling.does(write(T.UNIT, b"kg", RequisiteFlags.PRINT))
    selling.refuses(write(T.UNIT, b"kg"), E.EXTENDED, X.REQUISITE_REPEATED)
    selling.refuses(write(T.BUYER_CONTACT, CONTACT), E.EXTENDED, X.ITEM_BEGUN)
    selling.refuses(write(T.USER_NAME, NAME), E.EXTENDED, X.ITEM_BEGUN)
    assert "kg" in " ".join(selling.tape_of(END))
    selling.does(CLOSE)
    item = selling.told().structures(T.ITEM)[0]
    assert (item.text(T.UNIT), item.decimal(T.QUANTITY)) == ("kg", Decimal("1.000"))


def test_without_a_receipt_there_is_no_item(selling: Desk) -> None:
    selling.refuses(write(T.UNIT, b"kg"), E.EXTENDED, X.NO_ITEM_BEGUN)


def test_an_item_has_room_for_so_many_requisites(selling: Desk) -> None:
    selling.open_receipt()
    begin(selling)
    phones = tlv(T.SUPPLIER_PHONE, b"7" * 19) * 20
    selling.does(write(T.SUPPLIER_DATA, phones))
    selling.refuses(
        write(T.AGENT_DATA, tlv(T.TRANSFER_OPERATOR_NAME, b"a" * 64) * 6), E.EXTENDED, X.REQUISITE_BUFFER_FULL
    )
    selling.does(END)


# ---- requisites of the user


def test_texts_of_the_user_are_printed_and_are_in_no_document(selling: Desk) -> None:
    text = write(15000, "Привет".encode("cp866"), RequisiteFlags.USER | RequisiteFlags.PRINT)
    assert selling.tape_of(text) == ["Привет"]
    selling.does(write(15014, b"\x01\x02", RequisiteFlags.USER | RequisiteFlags.PRINT))
    assert selling.does(ReadRequisite(tag=15000))[5:].decode("cp866") == "Привет"
    selling.sell()
    selling.told()
    selling.refuses(ReadRequisite(tag=15014), E.FN_NO_DATA)


@pytest.mark.parametrize("tag", [14999, 15005, 15009, 15015, T.BUYER_CONTACT])
def test_the_user_has_five_texts_and_five_buffers(selling: Desk, tag: int) -> None:
    selling.refuses(write(tag, b"a", RequisiteFlags.USER), E.BAD_FORMAT)
    if tag != T.BUYER_CONTACT:
        selling.refuses(write(tag, b"a"), E.BAD_FORMAT)


# ---- reading

UNSET = {
    "evotor-st2f": b"\x55\x00\x01" + tlv(T.MACHINE_NUMBER, b""),
    "atol-77f": bytes((0x55, E.FN_NO_DATA, 0)),
}


@pytest.mark.parametrize("model", UNSET)
def test_one_that_is_not_set_reads_as_empty_or_as_no_data(make_bench: MakeBench, model: str) -> None:
    assert Desk(make_bench(model=model)).reply(ReadRequisite(tag=T.MACHINE_NUMBER)) == UNSET[model]


@pytest.mark.parametrize("model", UNSET)
def test_a_tag_that_there_is_not_has_no_data(make_bench: MakeBench, model: str) -> None:
    Desk(make_bench(model=model)).refuses(ReadRequisite(tag=9999), E.FN_NO_DATA)


def test_a_flag_that_is_set_to_zero_is_present(bench: Bench) -> None:
    assert Desk(bench).does(ReadRequisite(tag=T.AGENT)) == b"\x01" + tlv(T.AGENT, b"\x00")


def test_there_is_one_block_only(bench: Bench) -> None:
    Desk(bench).refuses(ReadRequisite(tag=T.USER_NAME, block=1), E.FN_NO_DATA)


def test_what_a_driver_asks_at_its_start_is_there_after_registration(bench: Bench) -> None:
    desk = Desk(bench)
    for tag in (1060, 1046, 1048, 1009, 1187, 1018, 1037, 1062, 1057, 1017, 1117):
        assert len(desk.does(ReadRequisite(tag=tag))) > 5
    assert desk.does(ReadRequisite(tag=T.FN_NUMBER))[5:] == desk.bench.state().fn_number.encode()  # type: ignore[union-attr]
    assert desk.does(ReadRequisite(tag=T.SERIAL_NUMBER))[5:] == desk.bench.kkt.model.serial_number.encode()
