"""What a person names beside tills and FNs: places to write to, homes that are none, names that are too long."""

import subprocess
import sys
from pathlib import Path

import pytest

LONG = "9" * 100_000


def kktsim(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("kktsim"), *words], capture_output=True, text=True, check=False, timeout=60
    )


def expect_one_sentence(told: subprocess.CompletedProcess[str], code: int) -> None:
    assert told.returncode == code, told.stderr
    assert told.stderr.count("\n") == 1 and told.stderr.startswith("kktsim: "), told.stderr
    assert len(told.stderr) < 1000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert kktsim("fn", "new", "--home", str(tmp_path)).returncode == 0
    return tmp_path


@pytest.mark.parametrize("place", ["fn/9999078900000001.fn", "fn/9999078900000002.fn", "tills/kkt0.till", "copy"])
def test_nothing_is_written_where_tills_and_fns_live(home: Path, place: str) -> None:
    fn = home / "fn" / "9999078900000001.fn"
    (home / "copy").write_bytes(fn.read_bytes())
    before = fn.read_bytes()
    expect_one_sentence(kktsim("fn", "export", "9999078900000001", "--home", str(home), "-o", str(home / place)), 2)
    assert fn.read_bytes() == before
    assert (home / "copy").read_bytes() == before
    expect_one_sentence(kktsim("serve", "--trace", str(home / place), "--port", "tcp:0"), 2)
    assert (home / "copy").read_bytes() == before


def test_a_directory_that_is_no_home_is_not_listed_as_an_empty_one(tmp_path: Path) -> None:
    expect_one_sentence(kktsim("fn", "list", "--home", str(tmp_path / "nowhere")), 2)
    expect_one_sentence(kktsim("fn", "list", "--home", str(tmp_path)), 2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("fn", "list", "--home", f"/tmp/{LONG}"), 3),
        (("fn", "new", "--home", f"/tmp/{LONG}"), 3),
        (("serve", "--home", f"/tmp/{LONG}", "--port", "tcp:0"), 3),
        (("fn", "info", LONG), 3),
        (("send", "--port", LONG, "3F"), 3),
    ],
)
def test_a_name_of_any_length_is_refused_with_one_sentence(words: tuple[str, ...], code: int) -> None:
    expect_one_sentence(kktsim(*words), code)


def test_a_code_of_any_length_is_unknown() -> None:
    told = kktsim("explain", LONG)
    assert told.returncode == 2 and told.stderr.startswith("kktsim: nothing is known about")
