"""The file that `fn export` writes, read by what docs/fn-export.md says and nothing else."""

import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pytest

from fn_model import FiscalStorage, load_model
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.fn_export import export
from kktsim.testing.presets import build, open_till
from scenarios import routine

from .house import WORLD

HEADER_BYTES = 326


class Header(NamedTuple):
    title: str
    program: str
    registration_number: str
    fn_number: str
    ffd: int
    shifts: int
    documents: int
    check_sum: int


def header_of(data: bytes) -> Header:
    return Header(
        data[:21].decode("cp866"),
        data[21:277].decode("cp866").rstrip(),
        data[277:297].decode("cp866").rstrip(),
        data[297:313].decode("cp866"),
        data[313],
        *struct.unpack("<III", data[314:326]),
    )


def tlvs(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        tag, length = struct.unpack("<HH", data[:4])
        assert len(data) >= 4 + length
        yield tag, data[4 : 4 + length]
        data = data[4 + length :]


def containers(data: bytes) -> list[tuple[int, dict[int, dict[int, bytes]]]]:
    """Code of each container, and its documents by code as values by tag."""
    return [
        (code, {inner: dict(tlvs(body)) for inner, body in tlvs(value)}) for code, value in tlvs(data[HEADER_BYTES:])
    ]


def moment(value: bytes) -> datetime:
    return datetime(1970, 1, 1) + timedelta(seconds=int.from_bytes(value, "little"))


def bench_in(state: str) -> Bench:
    return build(kkt_models.load(), state, WORLD, ClockKind.FROZEN, virtual=True)


@pytest.fixture
def closed() -> FiscalStorage:
    """An FN in phase 15 with one of each: registration, shift opened, receipt, shift closed, archive closed."""
    return bench_in("archive-closed").slot.plugged()


def test_the_header_tells_whose_documents_they_are(closed: FiscalStorage) -> None:
    data = export(closed, "a program 1.0")
    header = header_of(data)

    assert header == (
        *("Отчет о считывании ФД", "a program 1.0", closed.state.reports[-1].request.registration_number),
        *(closed.number, 2, 1, 5, header.check_sum),
    )
    assert header.check_sum == crc32(data[:322] + data[326:])


def test_documents_that_must_be_kept_are_whole_and_the_others_short(closed: FiscalStorage) -> None:
    told = containers(export(closed, ""))

    assert [code for code, _ in told] == [65002] * 5
    assert [list(documents) for _, documents in told] == [[1, 107], [102, 107], [103, 107], [105, 107], [6, 107]]
    registration = told[0][1][1]
    assert registration[1018] == b"7702203276  "
    assert len(registration[301]) == 10


def test_a_short_form_tells_date_number_sign_and_sum(closed: FiscalStorage) -> None:
    receipt = containers(export(closed, ""))[2][1][103]
    document = closed.archive.get(3)

    assert document is not None
    assert set(receipt) == {1012, 1040, 1077, 1054, 1020}
    assert (moment(receipt[1012]), int.from_bytes(receipt[1040], "little")) == (document.at, 3)
    assert int.from_bytes(receipt[1077][2:], "big") == document.sign
    assert (receipt[1054], int.from_bytes(receipt[1020], "little")) == (b"\x01", 10000)


def test_a_short_form_of_a_shift_tells_its_number(closed: FiscalStorage) -> None:
    told = containers(export(closed, ""))

    assert [int.from_bytes(told[index][1][code][1038], "little") for index, code in ((1, 102), (3, 105))] == [1, 1]


def test_a_confirmation_stands_behind_its_document(closed: FiscalStorage) -> None:
    for number, (_, documents) in enumerate(containers(export(closed, "")), 1):
        stored = closed.archive.confirmation(number)
        assert stored is not None
        confirmation = documents[107]
        assert (moment(confirmation[1012]), confirmation[1078]) == (stored.at, stored.sign)
        assert int.from_bytes(confirmation[1040], "little") == number


def test_what_waits_for_the_ofd_is_alone_in_its_container() -> None:
    bench = bench_in("registered")
    bench.ofd_down()
    till = open_till(bench)
    routine.open_shift(till)

    told = containers(export(bench.slot.plugged(), ""))

    assert [(code, list(documents)) for code, documents in told] == [(65002, [1, 107]), (65001, [102])]


def test_everything_that_is_kept_whole_is_written_whole_when_asked(closed: FiscalStorage) -> None:
    told = containers(export(closed, "", whole=True))

    assert [next(iter(documents)) for _, documents in told] == [1, 2, 3, 5, 6]
    receipt = told[2][1][3]
    assert dict(tlvs(receipt[1059]))[1030].decode("cp866") == "Чай чёрный"


def test_a_fresh_fn_has_a_header_alone() -> None:
    fn = FiscalStorage.new(load_model(), "9999078900000001")
    data = export(fn, "")

    assert len(data) == HEADER_BYTES
    assert header_of(data)[2:7] == ("", "9999078900000001", 0, 0, 0)


def test_a_damaged_record_is_left_out(closed: FiscalStorage) -> None:
    closed.damage_document(3)
    data = export(closed, "")

    assert [next(iter(documents)) for _, documents in containers(data)] == [1, 102, 105, 6]
    assert header_of(data).documents == 4


def test_the_program_in_the_documentation_reads_it(closed: FiscalStorage, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "fn-export.md").read_text("utf-8")
    program = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "it.fnc"
    file.write_bytes(export(closed, "x"))

    told = subprocess.run([sys.executable, "-c", *program, file], capture_output=True, text=True, check=True).stdout

    lines = told.splitlines()
    assert lines[0] == f"Отчет о считывании ФД {closed.number} 1 5"
    assert [line.split()[:2] for line in lines[1::2]] == [["65002", code] for code in ("1", "102", "103", "105", "6")]
