"""The catalogue of answer codes and the enumeration say the same."""

from protocol.fn.commands import FnCode
from protocol.fn.errors import fn_errors


def test_every_code_is_described_under_its_own_name() -> None:
    assert {code: row.id for code, row in fn_errors().items()} == {int(code): code.name for code in FnCode}


def test_every_description_is_complete() -> None:
    assert all(row.name_ru and row.name_en and row.when for row in fn_errors().values())
