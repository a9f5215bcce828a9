"""Each recipe ends in its error; what has no recipe has a reason; what the code can raise has a recipe."""

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kktsim.cli import main
from kktsim.cli.explain import explain
from kktsim.error_overview import ErrorRow, drivers_own, error_rows, libfptr10_own
from kktsim.kkt_models import load_file
from kktsim.testing.error_recipes import RecipeFailed, play
from protocol.atol.errors import catalogue
from protocol.atol.kkt_codes import E, X
from scenarios.catalogue import articles
from scenarios.error_recipes import ErrorRecipe, Hand, Typed, error_recipes
from tests.serve.served import kktsim, serve

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path("tools", "generate_error_page.py")
PAGE = Path("docs", "errors.md")
THE_TILL = ("kktsim/device", "kktsim/session", "protocol/atol")
RECIPES = error_recipes()
ERRORS = {error.identifier: error for error in catalogue().every()}
NO_PATH = {name: error.no_path for name, error in ERRORS.items() if error.no_path}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_the_last_command_of_a_recipe_is_answered_with_its_error(recipe: ErrorRecipe) -> None:
    assert play(recipe).identifier == recipe.error


def test_an_error_has_a_recipe_or_a_reason_why_it_never_comes() -> None:
    assert RECIPES.keys() & NO_PATH.keys() == set()
    assert ERRORS.keys() - RECIPES.keys() - NO_PATH.keys() == {"EXTENDED"}, "EEh is raised with a detail only"
    assert RECIPES.keys() | NO_PATH.keys() <= ERRORS.keys()


def test_how_and_why_not_are_told_in_phrases() -> None:
    for phrase in [*NO_PATH.values(), *(recipe.how for recipe in RECIPES.values())]:
        assert len(phrase) > 10 and not phrase.endswith("."), phrase


def named_by_the_till() -> Iterator[tuple[str, str]]:
    """Members of E and X in the code of the till and of its protocol, and where."""
    for path in [path for folder in THE_TILL for path in sorted((ROOT / folder).rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("E", "X"):
                yield node.attr, f"{path.name}:{node.lineno}"


def test_every_code_that_the_till_names_is_raised_by_a_recipe() -> None:
    """But for the FN's own codes: the till passes on what an FN may answer, and ours is of one generation."""
    of_the_fn = {name for name, error in ERRORS.items() if error.fn_codes}
    missing = [(name, where) for name, where in named_by_the_till() if name not in RECIPES and name != "EXTENDED"]
    assert [one for one in missing if one[0] not in of_the_fn & NO_PATH.keys()] == []
    assert len(set(named_by_the_till())) > 100


def test_a_recipe_that_goes_another_way_fails() -> None:
    wrong_way = ErrorRecipe("RECEIPT_OPEN", "", "registered", (Typed(b"\x59"),), Typed(b"\x45"))
    with pytest.raises(RecipeFailed, match="RECEIPT_OPEN: 59 is answered WRONG_MODE"):
        play(wrong_way)


# ---- what people see of it


def generate(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(root / TOOL), *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )


def test_the_page_of_errors_is_up_to_date() -> None:
    result = generate(ROOT, "--check")
    assert result.returncode == 0, result.stderr


def test_an_outdated_page_is_noticed_and_written_anew(tmp_path: Path) -> None:
    for file in (TOOL, TOOL.with_name("page.py"), PAGE):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    page = tmp_path / PAGE
    page.write_text(page.read_text(encoding="utf-8").replace("RECEIPT_OPEN", "RECEIPT_OPENED"), encoding="utf-8")
    result = generate(tmp_path, "--check")
    assert result.returncode == 1
    assert "docs/errors.md is out of date; run: python tools/generate_error_page.py" in result.stderr
    assert generate(tmp_path).returncode == 0
    assert page.read_text(encoding="utf-8") == (ROOT / PAGE).read_text(encoding="utf-8")


def test_the_page_has_a_line_for_every_code_there_is() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    for error in ERRORS.values():
        code = f"{error.wire_code:02X}" + ("" if error.detail is None else f"/{error.detail:04X}")
        assert f"\n| {code} | `{error.identifier}` | {error.text_ru} |" in page
    for own in drivers_own():
        assert f"\n| {own.code} | {own.text_ru} |" in page
    for library in libfptr10_own():
        assert f"\n| {library.code} | {library.name} |" in page


def test_explain_lists_every_error() -> None:
    rows = error_rows(articles().values(), RECIPES)
    told = CliRunner().invoke(explain, ["--all"]).stdout.splitlines()
    assert len(told) == 1 + len(rows)
    assert re.fullmatch(
        r"9Bh +RECEIPT_OPEN +-3802 +82 +yes +Чек открыт – операция невозможна", told[1 + _at(rows, E.RECEIPT_OPEN)]
    )
    listed = json.loads(CliRunner().invoke(explain, ["--all", "--json"]).stdout)
    assert [row["name"] for row in listed] == [row.name for row in rows]
    assert listed[_at(rows, E.RECEIPT_OPEN)]["articles"] == ["err_3801_3802"]


def _at(rows: list[ErrorRow], code: E) -> int:
    return next(index for index, row in enumerate(rows) if row.code == code)


@pytest.mark.parametrize("arguments", [[], ["--all", "-3802"], ["--json"]])
def test_explain_wants_codes_or_all(arguments: list[str]) -> None:
    result = CliRunner().invoke(explain, arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_explain_tells_how_to_get_an_error_here() -> None:
    told = CliRunner().invoke(explain, ["9Bh"]).stdout
    recipe = RECIPES["RECEIPT_OPEN"]
    assert f"Here: {recipe.how}\n" in told
    assert all(f"        {line}\n" in told for line in recipe.shell())
    assert "Here: never; " in CliRunner().invoke(explain, ["CAh"]).stdout


HANDS = {str(step): step for recipe in RECIPES.values() for step in recipe.steps if isinstance(step, Hand)}


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_the_command_line_knows_every_hand(hand: Hand) -> None:
    command: click.Command | None = main
    words = list(hand.words)
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))
    assert command is not None
    command.make_context(hand.words[0], words)  # raises UsageError when an argument is not as it should be


def test_the_commands_of_a_recipe_can_be_typed(tmp_path: Path) -> None:
    recipe = RECIPES["FN_NO_ANSWER"]
    assert any(isinstance(step, Hand) for step in recipe.steps)
    served_as, *lines = map(shlex.split, recipe.shell())
    link = str(tmp_path / "kkt0")
    with serve(*served_as[2:], "--port", f"pty:{link}", "--control", "0") as served:
        served.says("ready")
        control = served.says("control")
        for words in lines:
            done = kktsim(*_typed(words, link, control))
            assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "(-3910) Ошибка интерфейса ЭКЛЗ/ФН"


WITH_SETTINGS = {name: recipe for name, recipe in RECIPES.items() if recipe.settings}


@pytest.mark.parametrize("recipe", WITH_SETTINGS.values(), ids=WITH_SETTINGS)
def test_the_model_file_that_a_recipe_prints_is_the_till_it_is_played_on(recipe: ErrorRecipe, tmp_path: Path) -> None:
    subprocess.run(["/bin/sh", "-c", next(recipe.shell())], cwd=tmp_path, check=True, timeout=20)
    settings = load_file(tmp_path / "till.toml").settings
    assert {name: getattr(settings, name) for name in recipe.settings} == recipe.settings


def test_a_command_that_is_sent_very_often_goes_through_few_processes(tmp_path: Path) -> None:
    often = ErrorRecipe("CASH_OVERFLOW", "", "shift-open", (Typed(b"\x49\x00", times=600),), Typed(b"\x45"))
    line = list(often.shell())[1]
    assert line.endswith("# 600 commands, this takes a while")
    counting = tmp_path / "kktsim"
    counting.write_text("#!/bin/sh\necho $1 $2 $3 $4 $#\n")
    counting.chmod(0o755)
    told = subprocess.run(
        ["/bin/sh", "-c", f'PATH="{tmp_path}:$PATH"; {line}'], capture_output=True, text=True, check=True, timeout=20
    )
    assert told.stdout == "send --port PORT 49 00 603\n"


def _typed(words: list[str], link: str, control: str) -> list[str]:
    if words[1] == "send":
        return ["send", "--port", link, *words[4:]]
    return [*words[1:], "--control", control]


def test_codes_of_both_tables_are_found_by_their_names() -> None:
    assert {code.name for code in (*E, *X)} <= ERRORS.keys()
