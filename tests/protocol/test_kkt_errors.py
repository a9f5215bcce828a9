"""The catalogue of the till's errors and what is generated from it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.atol.errors import EXTENDED, catalogue, describe, driver_line
from protocol.atol.kkt_codes import E, X
from protocol.fn.errors import fn_errors

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path("tools", "generate_codes.py")
TABLE = Path("protocol", "data", "kkt_errors.toml")
CODES = Path("protocol", "atol", "kkt_codes.py")


def check(root: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(root / TOOL), "--check"], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_generated_codes_are_up_to_date() -> None:
    result = check(ROOT)
    assert result.returncode == 0, result.stderr


def test_a_changed_table_is_noticed(tmp_path: Path) -> None:
    for file in (TOOL, TOOL.with_name("page.py"), TABLE, CODES):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    table = tmp_path / TABLE
    table.write_text(table.read_text(encoding="utf-8").replace('"NO_PAPER"', '"PAPER_OUT"'), encoding="utf-8")
    result = check(tmp_path)
    assert result.returncode == 1
    assert "run: python tools/generate_codes.py" in result.stderr


def test_importing_the_catalogue_reads_no_table() -> None:
    code = "import sys, protocol.atol.errors; sys.exit('tomllib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_every_byte_has_one_name_and_every_name_one_byte() -> None:
    assert {code: error.identifier for code, error in catalogue().wire.items()} == {code: code.name for code in E}


def test_every_code_of_register_55_has_a_name() -> None:
    known = {detail: error.identifier for (byte, detail), error in catalogue().details.items() if byte == EXTENDED}
    assert known == {code: code.name for code in X}


def test_every_code_that_an_error_refers_to_is_in_its_own_table() -> None:
    for error in catalogue().every():
        assert error.driver_code is None or error.driver_code in catalogue().driver
        assert error.libfptr10 is None or error.libfptr10 in catalogue().libfptr10
        assert set(error.fn_codes) <= fn_errors().keys()


def test_every_error_has_both_texts() -> None:
    assert all(error.text_ru and error.text_en and error.screen_text for error in catalogue().every())


def test_remarks_are_about_known_bytes_and_are_sentences() -> None:
    remarks = [error.when for error in catalogue().every() if error.when]
    assert len(remarks) > 80
    assert all(remark.endswith((".", ").")) for remark in remarks)


@pytest.mark.parametrize(
    ("code", "driver_code", "libfptr10"),
    [
        (E.RECEIPT_CLOSED, -3801, 81),
        (E.RECEIPT_OPEN, -3802, 82),
        (E.SHIFT_TOO_LONG, -3822, 68),
        (E.WRONG_PASSWORD, -3825, 71),
        (E.WRONG_MODE, -16, 12),
        (E.FN_NO_ANSWER, -3910, 115),
        (E.FN_RESOURCE_EXHAUSTED, -3978, 136),
        (E.FN_STORAGE_EXHAUSTED, -3979, 137),
        (E.FN_UNSENT_DOCUMENTS, -3981, 139),
        (E.FN_EXCISE, None, None),
        (E.EXTENDED, None, None),
    ],
)
def test_a_byte_has_its_driver_codes(code: E, driver_code: int | None, libfptr10: int | None) -> None:
    assert (describe(code).driver_code, describe(code).libfptr10) == (driver_code, libfptr10)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (E.OK, "(0) Нет ошибок"),
        (E.RECEIPT_OPEN, "(-3802) Чек открыт - операция невозможна"),
        (E.TAX_EXCEEDS_SUM, "(-3969) Сумма налога больше суммы регистраций по чеку и/или итога"),
        (E.FN_NO_ANSWER, "(-3910) Ошибка интерфейса ЭКЛЗ/ФН"),
        (E.FN_BAD_VALUE, "(-3975) Некорректное значение параметров команды ФН"),
        (E.FN_RESOURCE_EXHAUSTED, "(-3978) Исчерпан ресурс КС ФН"),
        (E.FN_STORAGE_EXHAUSTED, "(-3979) Исчерпан ресурс хранения ФН"),
        (E.FN_EXCISE, "(byte 245, no driver code) Продажа подакцизного товара"),
    ],
)
def test_the_screen_says_it_in_the_words_of_the_driver(code: E, line: str) -> None:
    assert driver_line(code) == line


def test_the_manual_and_the_driver_word_one_error_differently() -> None:
    error = describe(E.FN_STORAGE_EXHAUSTED)
    assert (error.text_ru, error.screen_text) == (
        "Исчерпан ресурс хранения ФД для отправки ОФД",
        "Исчерпан ресурс хранения ФН",
    )


def test_a_detail_gives_the_extended_error_its_driver_code() -> None:
    assert driver_line(E.EXTENDED, X.WRONG_TAX_SYSTEM) == "(-4021) Некорректная СНО"
    assert driver_line(E.RECEIPT_TOO_LARGE, 4) == "(-4036) Параметр доступен только для чтения"


def test_an_unknown_detail_leaves_the_byte_as_it_is() -> None:
    assert describe(E.RECEIPT_OPEN, 0x0206) == describe(E.RECEIPT_OPEN)


@given(st.integers(0, 0xFF), st.none() | st.integers(0, 0xFFFF))
def test_every_byte_has_a_line(wire_code: int, detail: int | None) -> None:
    error = describe(wire_code, detail)
    assert error.wire_code == wire_code
    assert driver_line(wire_code, detail).endswith(f") {error.screen_text}")
