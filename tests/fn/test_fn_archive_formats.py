"""What the archive tells of documents of all formats: type bytes, short forms of A3h, 43h, 50h, a file of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from fn_model import FiscalStorage, FnPort
from fn_model.memory_archive import MemoryArchive
from fn_model.sqlite_archive import SqliteArchive
from protocol.ffd.formats import FFD_1_1, FFD_1_2
from protocol.fn.archive_answers import (
    FoundDocument,
    FoundWithFormat,
    FullRegistrationDetails,
    ReceiptDetails,
    RegistrationDetails,
    RegistrationResult,
)
from protocol.fn.commands import ExtendedMode, FnCode, FnCommand, Operation, WorkMode
from tests.fn.fn_till import INN, NUMBER, REGISTRATION_NUMBER, START, Till
from tests.fn.full_till import OFD_INN, FullTill

REGISTERED = FullRegistrationDetails(INN, REGISTRATION_NUMBER, 1, WorkMode.INTERNET, ExtendedMode.EXCISE, OFD_INN)


def number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def full_till(ffd: int) -> FullTill:
    """Registered, with a shift behind it: documents 1 to 4."""
    till = FullTill(ffd=ffd)
    till.register_fully(work_mode=WorkMode.INTERNET, extended_mode=ExtendedMode.EXCISE)
    till.shift_documents()
    return till


@pytest.mark.parametrize(
    ("ffd", "type_bytes"),
    [(FFD_1_1, (0x41, 0x02, 0x83, 0x05)), (FFD_1_2, (0x41, 0x02, 0xC3, 0x05))],
)
def test_the_type_byte_tells_the_format_of_registrations_and_receipts(ffd: int, type_bytes: tuple[int, ...]) -> None:
    till = full_till(ffd)
    told = [till.do(FnCommand.FIND_DOCUMENT, number(which)) for which in range(1, 5)]
    assert tuple(one[0] for one in told) == type_bytes
    found = [FoundDocument.parse(one) for one in told]
    assert [one.type for one in found] == [1, 2, 3, 5]
    assert [one.type | one.format_bits for one in found] == list(type_bytes)
    assert found[0].details == REGISTERED
    assert found[2].details == ReceiptDetails(Operation.SELL, 10_000)
    assert [len(one) for one in told] == [15 + 47, 15 + 2, 15 + 6, 15 + 2]


def test_under_ffd_1_05_the_type_byte_is_the_type_whatever_the_generation() -> None:
    till = Till(FullTill().fn.model)
    till.register()
    till.open_shift()
    till.sell()
    told = [till.do(FnCommand.FIND_DOCUMENT, number(which)) for which in range(1, 4)]
    assert [one[0] for one in told] == [1, 2, 3]
    assert FoundDocument.parse(told[0]).details == RegistrationDetails(INN, REGISTRATION_NUMBER, 1, WorkMode.NONE)
    assert len(till.do(FnCommand.REGISTRATION_RESULT)) == 47


def test_43h_of_a3h_has_60_bytes_and_64_when_asked_by_number() -> None:
    till = full_till(FFD_1_2)
    sign = FoundDocument.parse(till.do(FnCommand.FIND_DOCUMENT, number(1))).sign
    short, long = till.do(FnCommand.REGISTRATION_RESULT), till.do(FnCommand.REGISTRATION_RESULT, b"\1")
    assert (len(short), len(long)) == (60, 64)
    assert RegistrationResult.parse(short) == RegistrationResult(START, REGISTERED, 1, sign)
    assert RegistrationResult.parse(long) == RegistrationResult(START, replace(REGISTERED, reason=0), 1, sign)


def test_a_re_registration_by_a3h_keeps_the_mask_of_its_reasons() -> None:
    till = full_till(FFD_1_2)
    till.send_all()
    till.re_register_fully(tax_systems=3, reasons=0x80000080)
    found = FoundDocument.parse(till.do(FnCommand.FIND_DOCUMENT, number(5)))
    expected = FullRegistrationDetails(
        INN, REGISTRATION_NUMBER, 3, WorkMode.NONE, ExtendedMode.NONE, OFD_INN, 0x80000080
    )
    assert (found.type, found.format_bits, found.details) == (11, 0x40, expected)
    assert RegistrationResult.parse(till.do(FnCommand.REGISTRATION_RESULT, b"\2")).details == expected


def test_50h_tells_the_format_before_the_answer_to_40h() -> None:
    till = full_till(FFD_1_2)
    for which in range(1, 5):
        plain = till.do(FnCommand.FIND_DOCUMENT, number(which))
        told = till.do(FnCommand.FIND_DOCUMENT_WITH_FORMAT, number(which))
        assert told == bytes((FFD_1_2,)) + plain
        assert FoundWithFormat.parse(told) == FoundWithFormat(FFD_1_2, FoundDocument.parse(plain))
    assert till.refused(FnCommand.FIND_DOCUMENT_WITH_FORMAT, number(9)) == FnCode.NO_DATA


@pytest.mark.parametrize("ffd", [FFD_1_1, FFD_1_2])
def test_a_file_keeps_registrations_by_a3h(ffd: int, tmp_path: Path) -> None:
    till = full_till(ffd)
    lived = till.fn.archive
    assert isinstance(lived, MemoryArchive)
    SqliteArchive.create(tmp_path / "one.fn", NUMBER, till.fn.model, contents=lived).close()
    till.fn.power_off()
    till.fn.power_on(0.0)
    digest = till.fn.digest()
    archive = SqliteArchive.open(tmp_path / "one.fn")
    till.port = FnPort(FiscalStorage.opened(archive))
    till.fn.power_on(0.0)
    assert till.fn.digest() == digest
    till.shift_documents()
    assert FoundDocument.parse(till.do(FnCommand.FIND_DOCUMENT, number(1))).details == REGISTERED
    archive.close()
