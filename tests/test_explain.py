"""Explaining a code in any spelling, and the catalogue of articles behind it."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterable

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kktsim.cli.explain import explain as explain_command
from kktsim.code_spelling import Kind, spellings
from kktsim.device.fn_link import KKT_CODES
from kktsim.explain import Explanation, Reading, UnknownCodeError, explain
from protocol.atol.errors import EXTENDED, catalogue
from protocol.atol.kkt_codes import E, X
from protocol.fn.errors import fn_errors
from scenarios.catalogue import articles


def told(spelling: str) -> Explanation:
    return explain(spelling, articles().values())


def readings(spelling: str) -> dict[tuple[Kind, int | None], Reading]:
    return {(one.kind, one.code): one for one in told(spelling).readings}


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(explain_command, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    "spelling",
    ["0xEA", "0xea", "EAh", "EA", "eah", "ЕА", "234", "ФН 234", "фн234", "FN 234", "Ошибка ФН 234", "байт 234"],
)
def test_a_wire_byte_is_known_in_every_spelling(spelling: str) -> None:
    assert readings(spelling)[Kind.WIRE, E.FN_RESOURCE_EXHAUSTED].text_ru == "Исчерпан ресурс КС ФН"


@pytest.mark.parametrize("spelling", ["-3978", "3978", "(-3978)", "Ошибка 3978:", "−3978", "driver -3978"])
def test_a_driver_code_is_known_with_and_without_its_minus(spelling: str) -> None:
    reading = readings(spelling)[Kind.DRIVER, -3978]
    assert [error.wire_code for error in reading.errors] == [E.FN_RESOURCE_EXHAUSTED]


@pytest.mark.parametrize("spelling", ["0x0206", "0206", "206h", "55:0206", "EE/0206", "238.0206", "register 55 206"])
def test_a_code_of_register_55_is_known_in_every_spelling(spelling: str) -> None:
    assert (Kind.DETAIL, X.REQUISITE_MISSING) in readings(spelling)


def test_a_number_that_is_two_things_is_told_as_both() -> None:
    found = readings("136")
    assert found[Kind.WIRE, 136].name == "SHIFT_TOO_LONG"
    assert [error.wire_code for error in found[Kind.LIBFPTR10, 136].errors] == [E.FN_RESOURCE_EXHAUSTED]


def test_a_word_narrows_a_number_down() -> None:
    assert list(readings("libfptr10 136")) == [(Kind.LIBFPTR10, 136)]
    assert list(readings("байт 136")) == [(Kind.WIRE, 136)]


def test_a_small_number_of_the_fn_is_its_answer_code_decimal_or_hexadecimal() -> None:
    assert list(readings("ФН 12h")) == [(Kind.FN, 0x12)]
    assert list(readings("ФН 12")) == [(Kind.FN, 12), (Kind.FN, 0x12)]


def test_an_answer_code_of_the_fn_leads_to_the_byte_of_the_till() -> None:
    assert [error.wire_code for error in readings("ФН 14h")[Kind.FN, 0x14].errors] == [E.FN_STORAGE_EXHAUSTED]


def test_a_minus_is_for_the_driver_alone() -> None:
    assert list(readings("-16")) == [(Kind.DRIVER, -16)]


def test_the_third_byte_of_a_reply_is_told_apart_from_register_55() -> None:
    assert readings("246.1")[Kind.THIRD_BYTE, 1].name == "WRONG_FFD"


def test_a_requisite_leads_to_the_article_that_calls_it_an_error() -> None:
    assert [note.id for note in readings("1057")[Kind.TAG, 1057].articles] == ["err_1057"]


def test_constants_and_articles_have_names() -> None:
    assert (Kind.WIRE, E.RECEIPT_OPEN) in readings("RECEIPT_OPEN")
    assert (Kind.DETAIL, X.REQUISITE_MISSING) in readings("requisite_missing")
    assert (Kind.LIBFPTR10, 55) in readings("LIBFPTR_ERROR_BUSY")
    assert readings("fn_210")[Kind.ARTICLE, None].errors[0].wire_code == E.FN_NO_ANSWER


def test_a_name_of_two_protocols_is_told_as_both() -> None:
    assert {kind for kind, _ in readings("BAD_FORMAT")} == {Kind.WIRE, Kind.FN}


def test_a_reading_names_its_articles_and_their_scenarios() -> None:
    notes = readings("-3978")[Kind.DRIVER, -3978].articles
    assert [(note.id, note.scenarios) for note in notes] == [
        ("err_3978", ("err_3978_shift_closed", "err_3978_fn_1", "err_3978_shift_open"))
    ]


def test_a_code_that_an_article_prints_by_mistake_is_marked() -> None:
    notes = {note.id: note.misprint for note in readings("-3975")[Kind.DRIVER, -3975].articles}
    assert notes == {"err_3975": False, "fn_231": False, "fn_211": True}


def test_a_detail_leads_to_its_own_article_only() -> None:
    assert [note.id for note in readings("EE/0103")[Kind.DETAIL, 0x0103].articles] == ["unknown_error_default_sno"]


@given(st.sampled_from(E))
def test_every_byte_is_found_by_each_of_its_numbers(code: E) -> None:
    for spelling in (str(int(code)), f"0x{code:02x}", f"{code:02X}h", code.name):
        assert (Kind.WIRE, code) in readings(spelling)


@given(st.sampled_from(sorted(catalogue().driver)))
def test_every_driver_code_is_found(code: int) -> None:
    assert (Kind.DRIVER, code) in readings(f"driver {code}")


@given(st.sampled_from(sorted(fn_errors())))
def test_every_answer_code_of_the_fn_is_found(code: int) -> None:
    assert list(readings(f"ФН {code:02X}h")) == [(Kind.FN, code)]


@given(st.text() | st.from_regex(r"[ФФfn ]*[-(]?[0-9a-fxh./:]{1,8}\)?", fullmatch=True))
def test_any_text_is_explained_or_refused_in_one_way(text: str) -> None:
    with contextlib.suppress(UnknownCodeError):
        assert told(text).readings


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-3978", "EA"], ["-3978", "EA"]),
        (["ФН", "234", "9B"], ["ФН 234", "9B"]),
        (["Ошибка", "ФН", "234"], ["Ошибка ФН 234"]),
        (["register", "55", "0206"], ["register 55 0206"]),
        (["55"], ["55"]),
        (["ФН"], ["ФН"]),
    ],
)
def test_words_of_a_command_line_are_put_together(words: Iterable[str], expected: list[str]) -> None:
    assert spellings(words) == expected


def test_the_catalogue_knows_each_byte_that_the_till_makes_of_an_fn_code() -> None:
    for fn_code, wire_code in KKT_CODES.items():
        assert fn_code in catalogue().wire[wire_code].fn_codes


# --- articles ---------------------------------------------------------------------------------------------------------


def test_articles_name_only_known_codes() -> None:
    for article in articles().values():
        assert set(article.wire_codes) <= catalogue().wire.keys()
        assert set(article.driver_codes) | set(article.misprinted_codes) <= catalogue().driver.keys()
        assert set(article.fn_codes) <= fn_errors().keys()
        assert {(EXTENDED, detail) for detail in article.details} <= catalogue().details.keys()


def test_a_driver_code_of_an_article_belongs_to_one_of_its_bytes() -> None:
    for article in articles().values():
        errors = [error for error in catalogue().every() if error.wire_code in article.wire_codes]
        assert set(article.driver_codes) <= {error.driver_code for error in errors}


def test_an_article_that_points_to_another_shares_its_codes() -> None:
    aliases = [article for article in articles().values() if article.same_as]
    assert {article.id for article in aliases} == {"err_235", "fn_231"}
    for article in aliases:
        assert article.wire_codes == articles()[str(article.same_as)].wire_codes


def test_a_scenario_belongs_to_one_article() -> None:
    names = [name for article in articles().values() for name in article.scenarios]
    assert len(names) == len(set(names))


# --- command line -----------------------------------------------------------------------------------------------------


def test_the_command_takes_a_code_with_a_minus() -> None:
    code, out, err = run("-3802")
    assert (code, err) == (0, "")
    assert "driver code -3802: Чек открыт - операция невозможна" in out
    assert "wire byte 9Bh (155)" in out
    assert "err_3802" in out


def test_the_command_shows_what_the_screen_says_where_it_differs() -> None:
    _, out, _ = run("210")
    assert "Ошибка обмена с ФН на уровне интерфейса I2C" in out
    assert "On the screen: Ошибка интерфейса ЭКЛЗ/ФН" in out


def test_the_command_speaks_json() -> None:
    code, out, _ = run("--json", "ФН", "234", "-3802")
    listed = json.loads(out)
    assert code == 0
    assert [one["spelling"] for one in listed] == ["ФН 234", "-3802"]
    assert listed[0]["readings"][0]["kind"] == "wire byte"
    assert listed[0]["readings"][0]["errors"][0]["driver_code"] == -3978


def test_an_unknown_code_is_one_sentence_and_exit_code_2() -> None:
    code, out, err = run("zzz")
    assert (code, out) == (2, "")
    assert err.startswith("kktsim: nothing is known about 'zzz': give a driver code (-3978)")
    assert err.count("\n") == 1


def test_known_codes_are_told_beside_an_unknown_one() -> None:
    code, out, err = run("-3978", "zzz")
    assert code == 2
    assert "Исчерпан ресурс КС ФН" in out
    assert "'zzz'" in err


def test_a_code_without_any_published_text_is_told_too() -> None:
    assert "no text is published" in run("libfptr10 270")[1]


def test_the_command_is_imported_without_the_tables() -> None:
    late = ("kktsim.explain", "scenarios.catalogue", "protocol.atol.errors")
    code = f"import sys, kktsim.cli.explain; sys.exit(not sys.modules.keys().isdisjoint({late}))"
    subprocess.run([sys.executable, "-c", code], check=True)
