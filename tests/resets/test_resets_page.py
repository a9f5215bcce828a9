"""The pages that are generated from the table of resets."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios.resets import organs, resets
from scenarios.translations import Language

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path("tools", "generate_resets_page.py")
PAGES = {Language.ENGLISH: Path("docs", "resets.md"), Language.RUSSIAN: Path("docs", "resets.ru.md")}


def generate(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(root / TOOL), *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )


def test_the_pages_of_resets_are_up_to_date() -> None:
    result = generate(ROOT, "--check")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("language", Language)
def test_an_outdated_page_of_resets_is_noticed_and_written_anew(tmp_path: Path, language: Language) -> None:
    for file in (TOOL, TOOL.with_name("page.py"), *PAGES.values()):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    page = tmp_path / PAGES[language]
    page.write_text("", encoding="utf-8")
    result = generate(tmp_path, "--check")
    assert result.returncode == 1
    assert f"{PAGES[language]} is out of date" in result.stderr
    assert generate(tmp_path).returncode == 0
    assert page.read_text(encoding="utf-8") == (ROOT / PAGES[language]).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", Language)
def test_a_page_has_a_row_for_every_organ_and_a_column_for_every_reset(language: Language) -> None:
    lines = (ROOT / PAGES[language]).read_text(encoding="utf-8").splitlines()
    head = next(line for line in lines if line.startswith("| "))
    names = [reset.words.in_language(language) for reset in resets().values()]
    assert head.strip("| ").split(" | ")[1:] == names
    for organ in organs().values():
        row = next(line for line in lines if line.startswith(f"| {organ.words.in_language(language)} |"))
        assert row.count(" | ") == len(names)
