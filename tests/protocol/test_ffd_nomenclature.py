"""Product codes of tag 1162."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ffd.nomenclature import TYPES, ProductCode, parse


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("45 08 00 00 02 C0 EE D8", ProductCode("EAN-8", "46198488")),
        ("45 0D 04 30 77 19 57 61", ProductCode("EAN-13", "4606203090785")),
        ("49 0E 0D 47 9D 66 52 D2", ProductCode("ITF-14", "14601234567890")),
        ("44 4D 04 30 77 19 57 61 41 62 31", ProductCode("GS1 DataMatrix", "(01)04606203090785(21)Ab1")),
        ("52 46 " + "41 " * 20, ProductCode("меховое изделие", "A" * 20)),
        ("C5 14 " + "31 " * 23, ProductCode("ЕГАИС-2.0", "1" * 23)),
        ("C5 1E " + "32 " * 14, ProductCode("ЕГАИС-3.0", "2" * 14)),
    ],
)
def test_a_code_is_read_as_its_type_says(data: str, code: ProductCode) -> None:
    assert parse(bytes.fromhex(data)) == code


@pytest.mark.parametrize(
    "data",
    [
        "",
        "45",
        "00 00 31 32",
        "45 08 00 00 02 C0 EE",
        "45 08 FF 00 02 C0 EE D8",
        "44 4D 00 00 00 12 34",
        "52 46 FF",
    ],
)
def test_what_is_not_recognised_is_told_as_bytes(data: str) -> None:
    assert parse(bytes.fromhex(data)) is None


@given(st.sampled_from([b"\0\0", *TYPES]), st.binary(max_size=30))
def test_garbage_never_raises(kind: bytes, data: bytes) -> None:
    code = parse(kind + data)
    assert code is None or str(code).startswith(TYPES[kind][0])
