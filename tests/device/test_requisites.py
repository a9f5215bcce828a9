"""Requisites: where a written one goes, by blocks or whole, and what reading one gives on each model."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import ReadRequisite, WriteRequisite
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv

from .desk import Desk

MakeBench = Callable[..., Bench]
NAME = "ООО ВЕКТОР".encode("cp866")


def write(tag: int, value: bytes) -> WriteRequisite:
    return WriteRequisite(data=tlv(tag, value))


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    desk = Desk(make_bench("factory"))
    desk.enter(Mode.FN_ACCESS)
    return desk


@pytest.mark.parametrize("mode", [Mode.FN_ACCESS, Mode.PROGRAMMING])
def test_a_registration_requisite_is_kept_and_read_back(desk: Desk, mode: Mode) -> None:
    desk.enter(mode)
    desk.does(write(T.USER_NAME, NAME))
    desk.bench.power_off()
    desk.bench.power_on()
    assert desk.does(ReadRequisite(tag=T.USER_NAME)) == b"\x01" + tlv(T.USER_NAME, NAME)


def test_a_text_of_a_fixed_length_is_kept_with_its_spaces(desk: Desk) -> None:
    desk.does(write(T.USER_INN, b"7702203276"))
    assert desk.does(ReadRequisite(tag=T.USER_INN)) == b"\x01" + tlv(T.USER_INN, b"7702203276  ")


@pytest.mark.parametrize("size", [1, 3, 5, 100])
def test_a_requisite_may_come_in_blocks(desk: Desk, size: int) -> None:
    data = tlv(T.SETTLEMENT_ADDRESS, "г. Москва, ул. Тестовая, д. 1".encode("cp866"))
    parts = [data[: 4 + size], *(data[start : start + size] for start in range(4 + size, len(data), size))]
    for number, part in enumerate(parts):
        desk.does(WriteRequisite(blocks=len(parts), block=number, data=part))
    assert desk.does(ReadRequisite(tag=T.SETTLEMENT_ADDRESS)) == b"\x01" + data


REGISTRATION_TAGS = (
    *(1001, 1002, 1009, 1013, 1017, 1018, 1036, 1037, 1046, 1048, 1056, 1057, 1060, 1062),
    *(1108, 1109, 1110, 1117, 1126, 1187, 1193, 1205, 1207, 1209, 1221),
)


@pytest.mark.parametrize("tag", REGISTRATION_TAGS)
def test_every_requisite_of_the_registration_report_outlives_the_power(desk: Desk, tag: int) -> None:
    desk.does(write(tag, b"1"))
    desk.bench.power_off()
    desk.bench.power_on()
    assert desk.does(ReadRequisite(tag=tag))[5:].strip() == b"1"


def test_a_block_without_its_first_one_is_no_requisite(desk: Desk) -> None:
    desk.does(WriteRequisite(blocks=2, block=0, data=tlv(T.USER_NAME, NAME)[:6]))
    desk.does(WriteRequisite(blocks=2, block=1, data=tlv(T.USER_NAME, NAME)[6:]))
    desk.refuses(WriteRequisite(blocks=2, block=1, data=b"OOO"), E.BAD_LENGTH)


WRONG = {
    "no blocks": (WriteRequisite(blocks=0, data=tlv(1048, NAME)), E.BAD_FORMAT, 0),
    "block behind the last": (WriteRequisite(blocks=1, block=1, data=tlv(1048, NAME)), E.BAD_FORMAT, 0),
    "no header": (WriteRequisite(data=b"\x18\x04\x01"), E.BAD_LENGTH, 0),
    "length too large": (WriteRequisite(data=b"\x18\x04\x05\x00abcd"), E.BAD_LENGTH, 0),
    "length too small": (WriteRequisite(data=b"\x18\x04\x03\x00abcd"), E.BAD_LENGTH, 0),
    "unknown tag": (WriteRequisite(data=tlv(9999, b"a")), E.BAD_FORMAT, 0),
    "value too long": (WriteRequisite(data=tlv(T.USER_INN, bytes(13))), E.BAD_FORMAT, 0),
    "more than the buffer": (WriteRequisite(data=tlv(1048, bytes(1024))), E.EXTENDED, X.REQUISITE_BUFFER_FULL),
}


@pytest.mark.parametrize(("request_", "code", "detail"), WRONG.values(), ids=WRONG)
def test_a_malformed_requisite_is_refused(desk: Desk, request_: WriteRequisite, code: E, detail: int) -> None:
    desk.refuses(request_, code, detail)


def test_registration_requisites_are_fixed_while_a_shift_is_open(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.FN_ACCESS)
    desk.refuses(write(T.USER_NAME, NAME), E.SHIFT_OPEN)


@pytest.mark.parametrize("mode", [Mode.SELECTION, Mode.REGISTRATION, Mode.PROGRAMMING, Mode.Z_REPORTS])
def test_the_cashier_is_taken_in_any_mode_for_the_next_document(make_bench: MakeBench, mode: Mode) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(mode)
    desk.does(write(T.CASHIER, "Петрова".encode("cp866")))
    desk.enter(Mode.REGISTRATION)
    desk.open_receipt(100)
    assert "КАССИР Петрова" in desk.bench.tape()
    desk.does("4A 00 01 00 00 00 00 00")
    desk.sell()
    assert desk.bench.tape().count("КАССИР Петрова") == 1


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
