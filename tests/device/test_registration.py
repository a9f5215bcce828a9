"""Registering a till: what must be written first, which report it makes, what a replacement needs."""

from collections.abc import Callable

import pytest

from fn_model import load_model
from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import ReadRequisite, WriteRequisite
from protocol.atol.kkt_codes import E, X
from protocol.ffd.documents import DocumentType
from protocol.ffd.numbers import registration_number
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from scenarios.routine import INN, REQUISITES

from .desk import Desk

MakeBench = Callable[..., Bench]
REQUIRED = (
    *(T.USER_INN, T.REGISTRATION_NUMBER, T.TAX_SYSTEMS, T.USER_NAME, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE),
    *(T.AGENT, T.OFD_INN),
)
OTHER_INN = b"7704358518"


def write(tag: int, value: bytes) -> WriteRequisite:
    return WriteRequisite(data=tlv(tag, value))


def number_for(desk: Desk, inn: str = INN) -> bytes:
    return registration_number(7, inn, desk.bench.kkt.model.serial_number).encode("ascii")


def write_all(desk: Desk, but: int = 0) -> None:
    desk.enter(Mode.FN_ACCESS)
    for tag, value in (*REQUISITES, (T.REGISTRATION_NUMBER, number_for(desk))):
        if tag != but:
            desk.does(write(tag, value))


@pytest.fixture
def new(make_bench: MakeBench) -> Desk:
    """A till from the factory with all requisites written, mode 6."""
    desk = Desk(make_bench("factory"))
    write_all(desk)
    return desk


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """A registered till, mode 6."""
    desk = Desk(make_bench())
    desk.enter(Mode.FN_ACCESS)
    return desk


@pytest.mark.parametrize("mode", [Mode.SELECTION, Mode.X_REPORTS, Mode.Z_REPORTS, Mode.PROGRAMMING])
def test_a_till_may_take_the_requisites_of_its_registration_in_mode_6_alone(make_bench: MakeBench, mode: Mode) -> None:
    desk = Desk(make_bench("registered", registration_requisites_in="mode 6"))
    desk.enter(mode)
    desk.refuses(write(T.AGENT, b"\x00"), E.WRONG_MODE)
    desk.enter(Mode.FN_ACCESS)
    desk.does(write(T.AGENT, b"\x00"))


# ---- the first registration


def test_a_new_till_registers_with_its_first_document(new: Desk) -> None:
    assert "ОТЧЁТ О РЕГИСТРАЦИИ" in new.tape_of("A6")
    assert new.does("3F")[8] == 0x5D
    assert new.register(0x34)["document_number"] == 1
    assert new.does("A4 30")[0] == 3
    told = new.told()
    assert new.document().type == DocumentType.REGISTRATION
    assert told.text(T.SERIAL_NUMBER).strip() == new.bench.kkt.model.serial_number
    assert T.RE_REGISTRATION_REASON not in told


@pytest.mark.parametrize("tag", REQUIRED)
def test_a_requisite_that_is_missing_is_named_in_register_37h(make_bench: MakeBench, tag: int) -> None:
    desk = Desk(make_bench("factory"))
    write_all(desk, but=tag)
    desk.refuses("A6", E.EXTENDED, X.REQUISITE_MISSING)
    assert desk.does("91 37 00 00") == bytes.fromhex("00 A6 02 06") + tag.to_bytes(2, "big") + bytes(2)
    value = dict(REQUISITES).get(tag, number_for(desk))
    desk.does(write(tag, value), "A6")


def test_an_automatic_till_needs_the_number_of_its_machine(new: Desk) -> None:
    new.does(write(T.AUTOMATIC_MODE, b"\x01"))
    new.refuses("A6", E.EXTENDED, X.REQUISITE_MISSING)
    new.does(write(T.MACHINE_NUMBER, b"A-17"), "A6")
    assert new.told().text(T.MACHINE_NUMBER) == "A-17"


def test_an_autonomous_till_waits_for_no_ofd_and_encrypts_nothing(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("factory"))
    write_all(desk, but=T.OFD_INN)
    desk.does(write(T.AUTONOMOUS_MODE, b"\x01"), write(T.ENCRYPTION, b"\x01"))
    desk.refuses("A6", E.EXTENDED, X.REQUISITE_COMBINATION)
    desk.does(write(T.ENCRYPTION, b"\x00"), "A6")
    told = desk.told()
    assert (told.number(T.AUTONOMOUS_MODE), told.text(T.OFD_INN)) == (1, "0" * 12)


WRONG_NUMBERS = {
    "INN, last digit": (T.USER_INN, b"7702203277", E.BAD_INN),
    "INN, too short": (T.USER_INN, b"77022032", E.BAD_INN),
    "INN with a letter": (T.USER_INN, b"770220327A", E.BAD_INN),
    "INN of another owner": (T.USER_INN, OTHER_INN, E.BAD_REGISTRATION_NUMBER),
    "number, last digit": (T.REGISTRATION_NUMBER, b"0000000005042915", E.BAD_REGISTRATION_NUMBER),
    "number of another till": (T.REGISTRATION_NUMBER, b"0000000005008570", E.BAD_REGISTRATION_NUMBER),
    "number, too short": (T.REGISTRATION_NUMBER, b"5042914", E.BAD_REGISTRATION_NUMBER),
}


@pytest.mark.parametrize(("tag", "value", "code"), WRONG_NUMBERS.values(), ids=WRONG_NUMBERS)
def test_numbers_with_wrong_check_digits_are_refused(new: Desk, tag: int, value: bytes, code: E) -> None:
    new.does(write(tag, value))
    new.refuses("A6", code)
    new.does(write(T.USER_INN, INN.encode("ascii")), write(T.REGISTRATION_NUMBER, number_for(new)), "A6")


def test_that_the_registration_number_fits_the_till_is_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("factory", registration_number_check="digits"))
    write_all(desk)
    desk.does(write(T.REGISTRATION_NUMBER, b"000000000500857"))
    desk.refuses("A6", E.BAD_REGISTRATION_NUMBER)
    desk.does(write(T.REGISTRATION_NUMBER, b"0000000005008570"), "A6")


def test_requisites_may_be_written_in_whatever_mode_the_till_is(make_bench: MakeBench) -> None:
    """ATOL's driver 10.8 writes them before it enters mode 6."""
    for mode in (Mode.SELECTION, Mode.REGISTRATION, Mode.X_REPORTS, Mode.Z_REPORTS, Mode.PROGRAMMING):
        desk = Desk(make_bench("factory"))
        desk.enter(mode)
        for tag, value in (*REQUISITES, (T.REGISTRATION_NUMBER, number_for(desk)), (1101, b"\x00")):
            desk.does(write(tag, value))
        desk.enter(Mode.FN_ACCESS)
        desk.does("A6")


def test_what_was_not_written_is_registered_and_read_back_as_0(new: Desk) -> None:
    new.does("A6")
    for tag in (T.LOTTERY, T.GAMBLING, T.EXCISE, T.PRINTER_IN_MACHINE):
        assert new.does(ReadRequisite(tag=tag)) == b"\x01" + tlv(tag, b"\x00")
    assert new.does(ReadRequisite(tag=T.FFD_VERSION)) == b"\x01" + tlv(T.FFD_VERSION, b"\x02")


def test_the_report_has_what_ffd_wants(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    data = desk.does("A4 43")
    assert len(data) == 47
    assert data[5:17] == b"7702203276  "
    assert data[17:37] == b"0000000005042914    "


def test_the_term_of_the_fn_counts_from_the_registration(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    assert desk.does("A4 32") == bytes((27, 6, 15, 29, 1))
    assert len(desk.does("A4 30")) == 30


# ---- the same FN again


def test_with_the_same_fn_it_is_a_re_registration_and_the_shift_must_be_closed(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.FN_ACCESS)
    desk.refuses("A6", E.SHIFT_OPEN)
    desk.close_shift()
    desk.enter(Mode.FN_ACCESS)
    assert "ОТЧЁТ О ПЕРЕРЕГИСТРАЦИИ" in desk.tape_of("A6")
    assert desk.does("A4 32")[3:] == bytes((28, 2))


CHANGES = {
    "nothing": ((), 4),
    "the OFD": (((T.OFD_INN, b"7704358518"),), 2),
    "the OFD's name": (((T.OFD_NAME, "ДРУГОЙ ОФД".encode("cp866")),), 2),
    "the owner's name": (((T.USER_NAME, "ООО ВЕКТОР".encode("cp866")),), 3),
    "the address": (((T.SETTLEMENT_ADDRESS, "Тверь".encode("cp866")),), 3),
    "the tax systems": (((T.TAX_SYSTEMS, b"\x06"),), 4),
    "agents": (((T.AGENT, b"\x40"),), 4),
    "address and agents": (((T.AGENT, b"\x40"), (T.SETTLEMENT_PLACE, "Склад".encode("cp866"))), 3),
    "told by 1101": (((T.RE_REGISTRATION_REASON, b"\x02"),), 2),
    "told as none": (((T.RE_REGISTRATION_REASON, b"\x00"), (T.AGENT, b"\x40")), 4),
    "told by 1205": (((T.CHANGE_REASONS, (1 << 2).to_bytes(4, "little")),), 3),
    "told twice by 1205": (((T.CHANGE_REASONS, (1 << 21 | 1 << 1).to_bytes(4, "little")),), 2),
    "1205 rules": (((T.RE_REGISTRATION_REASON, b"\x02"), (T.CHANGE_REASONS, (1 << 31).to_bytes(4, "little"))), 4),
}


@pytest.mark.parametrize(("changed", "reason"), CHANGES.values(), ids=CHANGES)
def test_the_reason_is_what_was_told_or_else_what_changed(
    desk: Desk, changed: tuple[tuple[int, bytes], ...], reason: int
) -> None:
    desk.does(*[write(tag, value) for tag, value in changed], "A6")
    told = desk.told()
    assert desk.document().type == DocumentType.RE_REGISTRATION
    assert told.numbers(T.RE_REGISTRATION_REASON) == [reason]


def test_a_reason_is_of_one_report_only(desk: Desk) -> None:
    desk.does(write(T.RE_REGISTRATION_REASON, b"\x02"), "A6", "A6")
    assert desk.told().numbers(T.RE_REGISTRATION_REASON) == [4]


@pytest.mark.parametrize("told", [tlv(T.RE_REGISTRATION_REASON, b"\x01"), tlv(T.CHANGE_REASONS, b"\x01\0\0\0")])
def test_the_fn_is_not_replaced_when_it_is_the_same(desk: Desk, told: bytes) -> None:
    desk.does(WriteRequisite(data=told))
    desk.refuses("A6", E.EXTENDED, X.WRONG_REASON)


@pytest.mark.parametrize("mask", [1 << 15, 1 << 22, 1 << 30])
def test_a_reason_that_there_is_not_is_refused(desk: Desk, mask: int) -> None:
    desk.does(write(T.CHANGE_REASONS, mask.to_bytes(4, "little")))
    desk.refuses("A6", E.EXTENDED, X.WRONG_REASON)


def test_the_changed_requisite_is_in_the_report_and_in_the_documents_behind_it(desk: Desk) -> None:
    desk.does(write(T.SETTLEMENT_ADDRESS, "Тверь".encode("cp866")), "A6")
    assert desk.told().text(T.SETTLEMENT_ADDRESS) == "Тверь"
    desk.open_shift()
    desk.sell()
    assert desk.told().text(T.SETTLEMENT_ADDRESS) == "Тверь"


def test_when_no_report_is_left_it_is_9f(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.FN_ACCESS)
    for _ in range(load_model().registrations - 1):
        desk.does("A6")
    desk.refuses("A6", E.NO_REGISTRATIONS_LEFT)


def test_an_fn_that_was_registered_unheard_is_registered_again(new: Desk) -> None:
    before = new.bench.fork()
    new.does("A6")
    kkt, lost = new.bench.kkt, before.kkt
    kkt.memory, kkt.volatile = lost.memory, lost.volatile
    new.enter(Mode.REGISTRATION)
    new.refuses("9A 00", E.NOT_REGISTERED)
    new.enter(Mode.FN_ACCESS)
    new.does("A6")
    assert new.document().type == DocumentType.RE_REGISTRATION
    new.open_shift()
    new.sell()


# ---- another FN


def test_a_replaced_fn_begins_anew_and_takes_the_requisites_that_the_till_kept(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    number = desk.bench.swap()
    desk.enter(Mode.FN_ACCESS)
    assert "ОТЧЁТ О ПЕРЕРЕГИСТРАЦИИ" in desk.tape_of("A6")
    state = desk.bench.state()
    assert (state.fn_number, state.last_document, state.shift_is_open, state.shift_number) == (number, 1, False, 0)
    assert desk.told().numbers(T.RE_REGISTRATION_REASON) == [1]
    desk.open_shift()
    assert desk.register(0x35)["shift_number"] == 1


@pytest.mark.parametrize("reason", [b"\x00\0\0\0", b"\x01\0\0\0", b"\x05\0\0\0"])
def test_a_replacement_may_be_told_with_what_changed_besides(desk: Desk, reason: bytes) -> None:
    desk.bench.swap()
    desk.does(write(T.CHANGE_REASONS, reason), "A6")
    assert desk.told().numbers(T.RE_REGISTRATION_REASON) == [1]


def test_a_replacement_has_no_other_reason(desk: Desk) -> None:
    desk.bench.swap()
    desk.does(write(T.CHANGE_REASONS, b"\x04\0\0\0"))
    desk.refuses("A6", E.EXTENDED, X.WRONG_REASON)


def test_a_till_that_gets_another_owner_with_its_new_fn_is_registered_anew(desk: Desk) -> None:
    desk.bench.swap()
    desk.does(write(T.USER_INN, OTHER_INN))
    desk.does(write(T.REGISTRATION_NUMBER, number_for(desk, OTHER_INN.decode())), "A6")
    told = desk.told()
    assert desk.document().type == DocumentType.REGISTRATION
    assert told.text(T.USER_INN) == OTHER_INN.decode()


def test_the_working_fn_of_another_till_cannot_be_activated(make_bench: MakeBench) -> None:
    other = Desk(make_bench(model="atol-77f"))
    number = other.bench.swap()
    other.enter(Mode.FN_ACCESS)
    other.does("A6")
    other.bench.unplug()
    desk = Desk(make_bench())
    own = desk.bench.unplug()
    desk.bench.shelf.put(other.bench.shelf.take(number))
    desk.bench.plug(number)
    desk.enter(Mode.FN_ACCESS)
    assert "Ошибка ФН" not in " ".join(desk.tape_of("A6"))
    desk.refuses("A6", E.FN_ACTIVATION_IMPOSSIBLE)
    desk.bench.unplug()
    desk.bench.plug(own)
    desk.does("A6")


def test_the_old_fn_of_the_same_till_is_not_taken_back(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    old = desk.bench.state().fn_number
    desk.bench.swap()
    desk.enter(Mode.FN_ACCESS)
    desk.does("A6")
    desk.bench.unplug()
    desk.bench.plug(old)
    desk.refuses("A6", E.FN_ACTIVATION_IMPOSSIBLE)


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


# ---- firmware of FFD 1.0 times


def test_firmware_of_ffd_1_0_times_tells_no_format_and_asks_for_no_agent_flag(make_bench: MakeBench) -> None:
    """Article err_3841: the totals tell the format of the last report; it changes when new firmware registers again."""
    desk = Desk(make_bench("factory", model="evotor-st2f@ffd10"))
    write_all(desk, but=T.AGENT)
    desk.does("A6")
    assert format_on_paper(desk) == "1.0"
    desk.open_shift()
    desk.close_shift()
    for number in range(1, 4):
        assert T.FFD_VERSION not in Requisites.parse(desk.document(number).body)
    desk.bench.flash("usual")
    desk.enter(Mode.FN_ACCESS)
    assert format_on_paper(desk) == "1.0"
    desk.refuses("A6", E.EXTENDED, X.REQUISITE_MISSING)
    desk.does(write(T.AGENT, b"\x00"), "A6")
    assert format_on_paper(desk) == "1.05"


def format_on_paper(desk: Desk) -> str:
    desk.print_out()
    return next(line.split()[-1] for line in desk.tape_of("A8") if line.startswith("ФФД ККТ"))
