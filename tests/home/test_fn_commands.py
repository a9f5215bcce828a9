"""`kktsim fn new`, `list`, `info`, `documents`, `export`, `insert`, `remove` as people type them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fn_model.sqlite_archive import SqliteArchive
from kktsim.cli import main
from kktsim.fn_export import TITLE
from kktsim.home import Home
from kktsim.shelf import FIRST_FN_NUMBER

from .house import files, looked_at, new_fn, new_till, up_again

SECOND_FN_NUMBER = str(int(FIRST_FN_NUMBER) + 1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that KKTSIM_HOME names; no bench is running."""
    monkeypatch.setenv("KKTSIM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("KKTSIM_CONTROL", raising=False)
    return Home(tmp_path / "home")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["fn", *arguments])


def good(*arguments: str) -> str:
    """What it prints when it is done."""
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*arguments: str, code: int = 2) -> str:
    """The one sentence it is refused with."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.count("\n") == 1
    return result.stderr


def closed_till(home: Home, state: str = "shift-open") -> str:
    """A till that lives in the home and is not running; the number of its FN."""
    till = new_till(home, state)
    number = till.bench.slot.plugged().number
    till.close()
    return number


# --- new and list -----------------------------------------------------------------------------------------------------


def test_new_fns_get_the_next_number(home: Home) -> None:
    assert good("new") == f"{FIRST_FN_NUMBER}\n"
    assert good("new", "--model", "fn-1-1-36") == f"{SECOND_FN_NUMBER}\n"
    assert good("new", "9999000000000007") == "9999000000000007\n"
    assert home.fn_numbers() == ["9999000000000007", FIRST_FN_NUMBER, SECOND_FN_NUMBER]


def test_a_new_fn_keeps_the_settings_it_was_made_with(home: Home) -> None:
    made = good("new", "--fn-set", "ofd_sign=any", "--fn-set", "unsent_code=15h")
    with closing(SqliteArchive.open(home.fn_file(made.strip()))) as archive:
        assert (archive.model.settings.ofd_sign, archive.model.settings.unsent_code) == ("any", 0x15)
    assert "write it as NAME=VALUE" in refused("new", "--fn-set", "ofd_sign")
    assert "no FN setting 'sign'; there are archive_full" in refused("new", "--fn-set", "sign=any")
    assert "choose one of 14h, 15h" in refused("new", "--fn-set", "unsent_code=09h")
    assert "choose one of true, false" in refused("new", "--fn-set", "last_day_works=")


def test_the_list_tells_what_each_fn_is_and_where(home: Home) -> None:
    number = closed_till(home)
    new_fn(home)

    lines = good("list").splitlines()
    rows = json.loads(good("list", "--json"))["fns"]

    assert "фискальный / fiscal" in lines[0] and lines[0].endswith("в кассе / in till kkt0")
    assert "готовность / ready" in lines[1] and lines[1].endswith("на полке / on the shelf")
    assert rows[0] == {
        "fn_number": number,
        "till": "kkt0",
        "maybe_in": [],
        "trouble": None,
        "model": "fn-1-1-15",
        "phase": 3,
        "last_document": 2,
        "unsent_documents": 0,
    }
    assert rows[1]["till"] is None


def test_the_list_of_a_home_without_fns_is_empty(home: Home) -> None:
    (home.path / "tills").mkdir(parents=True)
    assert good("list") == ""
    assert json.loads(good("list", "--json")) == {"fns": []}


def test_a_damaged_file_is_listed_with_what_to_do(home: Home) -> None:
    new_fn(home)
    home.fn_file(FIRST_FN_NUMBER).write_bytes(b"no FN at all")

    assert f"{FIRST_FN_NUMBER}.fn is not the file of an FN: take one that `kktsim fn new` has made" in good("list")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("new", "--model", "fn-9"), "no FN model 'fn-9'"),
        (("new", "12"), "an FN number has 16 digits, '12' has not: take one like 9999078900000001"),
        (("new", "9282000000000001"), "only test numbers are emulated: begin it with 9999"),
        (("new", FIRST_FN_NUMBER), "take another number, or none for the next one"),
    ],
)
def test_a_number_or_a_model_that_cannot_be_is_refused(home: Home, arguments: tuple[str, ...], sentence: str) -> None:
    new_fn(home)
    before = files(home)
    assert sentence in refused(*arguments)
    assert files(home) == before


def test_without_a_home_the_sentence_says_how_to_name_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KKTSIM_HOME")
    for command in (["new"], ["list"], ["insert", FIRST_FN_NUMBER], ["remove"], ["info", FIRST_FN_NUMBER]):
        assert "with --home DIR or KKTSIM_HOME" in refused(*command)


def test_a_home_that_cannot_be_made_is_refused(home: Home) -> None:
    home.path.write_text("a file, not a directory")
    assert "choose another directory with --home" in refused("new")


# --- info, documents, export ------------------------------------------------------------------------------------------


def test_an_fn_is_named_by_its_number_or_its_file(home: Home) -> None:
    number = closed_till(home)

    by_number, by_file = good("info", number), good("info", str(home.fn_file(number)))

    assert by_number == by_file
    assert by_number.startswith(f"ФН {number}, fn-1-1-15, фаза / phase 3 фискальный / fiscal\n")
    told = json.loads(good("info", number, "--json"))
    assert (told["phase"], told["registration"]["details"]["inn"], "text" in told) == (3, "7702203276", False)


def test_documents_are_listed_and_shown(home: Home) -> None:
    number = closed_till(home, "archive-closed")

    assert [line.split()[0] for line in good("documents", number).splitlines()] == ["1", "2", "3", "4", "5"]
    assert good("documents", number, "3") == good("documents", "3", number) == good("documents", "3", number, "--text")
    assert "1018 ИНН пользователя / userInn: «7702203276»" in good("documents", "1", number)
    listed = json.loads(good("documents", number, "--json"))
    assert [row["number"] for row in listed["documents"]] == [1, 2, 3, 4, 5]
    assert json.loads(good("documents", "3", number, "--json"))["requisites"]["totalSum"] == 10000


def test_a_document_is_given_as_bytes(home: Home, tmp_path: Path) -> None:
    number = closed_till(home)
    file = tmp_path / "document"

    as_hex = good("documents", "2", number, "--tlv")
    assert good("documents", "2", number, "-o", str(file)) == ""

    assert file.read_bytes() == bytes.fromhex(as_hex)
    assert file.read_bytes()[:2] == b"\x02\x00"


def test_an_export_goes_into_a_file_of_its_name(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = closed_till(home, "archive-closed")
    monkeypatch.chdir(tmp_path)

    assert good("export", number) == f"{number}.fnc\n"
    assert good("export", number, "-o", "whole", "--whole") == "whole\n"
    short, whole = (tmp_path / f"{number}.fnc").read_bytes(), (tmp_path / "whole").read_bytes()
    assert short.startswith(TITLE.encode("cp866")) and len(whole) > len(short)
    assert CliRunner().invoke(main, ["fn", "export", number, "-o", "-"]).stdout_bytes == short


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (("documents", "9", FIRST_FN_NUMBER), "has no document 9: its last one is 2", 2),
        (("documents", FIRST_FN_NUMBER, "--tlv"), "say its number", 2),
        (("documents", "1", "2", FIRST_FN_NUMBER), "name one document by its number, and one FN", 2),
        (("documents", "1", FIRST_FN_NUMBER, "--tlv", "--json"), "give one of them", 2),
        (("documents", "1", FIRST_FN_NUMBER, "-o", "/nowhere/x"), "/nowhere/x cannot be written", 3),
        (("info", SECOND_FN_NUMBER), f"there is no FN {SECOND_FN_NUMBER} in", 2),
        (("info", "missing.fn"), "there is no file missing.fn: make one with `kktsim fn new`", 3),
        (("export", "/etc/hostname"), "is not the file of an FN", 3),
    ],
)
def test_what_is_asked_wrongly_gets_one_sentence(
    home: Home, arguments: tuple[str, ...], sentence: str, code: int
) -> None:
    closed_till(home)
    assert sentence in refused(*arguments, code=code)


def test_a_foreign_database_is_refused_untouched(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "other.fn"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE x (y)")
    connection.commit()
    connection.close()
    before = path.read_bytes()

    assert "belongs to another program: look at it with sqlite3" in refused("info", str(path), code=3)
    assert path.read_bytes() == before


def test_an_fn_that_is_in_use_names_the_command_for_a_running_till(home: Home) -> None:
    number = new_fn(home)
    held = SqliteArchive.open(home.fn_file(number))

    for command in ("info", "documents", "export"):
        assert "`kktsim fn info` and `kktsim fn documents` without a number" in refused(command, number, code=3)
    assert good("list") == f"{number}  в работающей кассе / in a running till\n"
    held.close()


def test_without_a_number_and_a_running_bench_the_sentence_says_so(home: Home) -> None:
    closed_till(home)
    for command in ("info", "documents"):
        assert "no bench is running" in refused(command, code=3)


def test_a_till_that_is_damaged_is_named_so_and_may_be_where_the_fn_is(home: Home) -> None:
    number = closed_till(home)
    file = home.till_file("kkt0")
    file.write_bytes(file.read_bytes()[:4096])

    result = run("list")

    assert result.exit_code == 0
    assert result.stdout.endswith("на полке или в кассе / on the shelf or in till kkt0\n")
    assert f"till kkt0: {file} is damaged" in result.stderr
    assert json.loads(run("list", "--json").stdout)["fns"][0]["maybe_in"] == ["kkt0"]
    slots = home.slots()
    assert (slots.of_number, slots.running, [*slots.damaged]) == ({}, [], ["kkt0"])
    assert number in home.fn_numbers()


def test_an_fn_that_somebody_only_looks_at_is_not_said_to_be_in_a_running_till(home: Home) -> None:
    number = new_fn(home)
    with looked_at(home.fn_file(number)):
        assert "на полке / on the shelf" in good("list")
    with looked_at(home.fn_file(number)):
        assert json.loads(good("info", number, "--json"))["phase"] == 1


# --- the slot of a till that is not running ---------------------------------------------------------------------------


def test_an_fn_is_taken_out_of_a_till_and_put_back(home: Home) -> None:
    number = closed_till(home)

    assert good("remove") == f"{number}\n"
    assert "на полке / on the shelf" in good("list")
    assert good("insert", number) == ""

    till = up_again(home)
    assert till.bench.state().fn_number == number
    till.close()


def test_another_fn_is_put_into_a_till(home: Home) -> None:
    closed_till(home)
    fresh = new_fn(home)
    good("remove", "--till", "kkt0")
    good("insert", fresh, "--till", "kkt0")

    till = up_again(home)
    assert (till.bench.state().fn_number, till.bench.state().fn_phase) == (fresh, 1)
    till.close()


def test_a_slot_holds_one_fn_and_an_fn_is_in_one_slot(home: Home) -> None:
    number = closed_till(home)
    fresh = new_fn(home)
    new_till(home, name="other").close()
    good("remove", "--till", "other")

    assert f"FN {number} is in the till kkt0: take it out with" in refused("insert", fresh)
    assert f"FN {number} is in the till kkt0: take it out with" in refused("insert", number, "--till", "other")
    assert f"there is no FN {FIRST_FN_NUMBER[:-1]}9 in" in refused("insert", f"{FIRST_FN_NUMBER[:-1]}9")
    assert "no FN is in the till other: put one in with" in refused("remove", "--till", "other")


def test_a_till_that_is_not_there_is_told_how_to_be_made(home: Home) -> None:
    new_fn(home)
    assert "`kktsim serve --home" in refused("insert", FIRST_FN_NUMBER, "--till", "mine")
    assert "there is no till mine in" in refused("remove", "--till", "mine")
    assert "is no name of a till" in refused("remove", "--till", "../mine")


def test_the_slot_of_a_running_till_is_reached_by_its_bench(home: Home) -> None:
    till = new_till(home)
    fresh = new_fn(home)

    assert "the till kkt0 is running: `kktsim fn plug` does that with a running till" in refused("insert", fresh)
    assert "the till kkt0 is running: `kktsim fn unplug` does that with a running till" in refused("remove")
    till.close()
