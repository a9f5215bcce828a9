"""The memory of the terminal's tablet in a home: kept before it is acknowledged, read at the next start."""

import signal
from pathlib import Path
from typing import Any

import pytest

from fn_model.store_file import StoreFileError
from kktsim.control.actions import ACTIONS
from kktsim.hands.bench import BenchHands
from kktsim.hands.error import HandsError
from kktsim.home import DEFAULT_TILL, Home
from kktsim.home_tablet import TabletFile
from tests.control.api import Api
from tests.serve.served import Served, kktsim, serve

from .house import new_till, up_again

KEPT: dict[str, Any] = {"goods": ["Кофе"], "tasks": [], "clock": 1.5}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tablets" / "kkt0.json"


@pytest.mark.parametrize("is_synced", [False, True])
def test_what_was_written_last_is_read(file: Path, is_synced: bool) -> None:
    tablet = TabletFile(file, is_synced=is_synced)
    assert tablet.read() is None
    tablet.write({"older": 1})
    tablet.write(KEPT)
    assert TabletFile(file).read() == KEPT
    assert [path.name for path in file.parent.iterdir()] == ["kkt0.json"]
    tablet.forget()
    assert tablet.read() is None
    tablet.forget()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"goods": [', "no JSON from line 1, column"),
        (b"[1]", "no JSON object"),
        (b'{"clock": NaN}', "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"", "no JSON from line 1"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_a_file_that_is_none_is_told_with_the_remedy(file: Path, text: bytes, why: str) -> None:
    file.parent.mkdir()
    file.write_bytes(text)
    with pytest.raises(StoreFileError) as told:
        TabletFile(file).read()
    assert str(told.value).startswith(f"{file} is not the memory of a terminal's tablet ({why}")
    assert str(told.value).endswith("move it away for a new tablet")


def test_what_cannot_be_written_leaves_the_older_one(file: Path) -> None:
    tablet = TabletFile(file)
    tablet.write(KEPT)
    (file.parent / ".kkt0.json.new").mkdir()
    with pytest.raises(HandsError, match="was not written"):
        tablet.write({"newer": 1})
    assert tablet.read() == KEPT


def test_what_cannot_be_read_is_told(file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(StoreFileError, match="cannot be read"):
        TabletFile(file).read()


def test_a_till_of_a_home_finds_it_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    till = new_till(home)
    assert Api(ACTIONS, BenchHands(till.bench)).ask("PUT", "/tablet", KEPT) == (200, {})
    till.close()
    again = up_again(home)
    assert again.bench.tablet == KEPT
    again.close()


def test_a_new_till_of_that_name_does_not(tmp_path: Path) -> None:
    home = Home(tmp_path)
    TabletFile(home.tablet_file(DEFAULT_TILL)).write(KEPT)
    till = new_till(home)
    assert till.bench.tablet is None
    till.close()
    assert not home.tablet_file(DEFAULT_TILL).exists()


def test_what_cannot_be_kept_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    till = new_till(home)
    api = Api(ACTIONS, BenchHands(till.bench))
    api.ask("PUT", "/tablet", KEPT)
    (tmp_path / "tablets" / f".{DEFAULT_TILL}.json.new").mkdir()
    code, told = api.ask("PUT", "/tablet", {"newer": 1})
    assert code >= 400 and "was not written" in str(told)
    assert till.bench.tablet == KEPT == api.see("/tablet")
    till.close()


def test_a_fork_of_it_writes_nothing(tmp_path: Path) -> None:
    till = new_till(Home(tmp_path))
    till.bench.fork().put_tablet(KEPT)
    assert not (tmp_path / "tablets").exists()
    till.close()


def test_an_unfinished_sale_is_there_after_kill_9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    where = ("--home", str(tmp_path / "home"), "--port", "tcp:0", "--control", "0", "--clock", "frozen")
    killed = Served(*where, "--at", "2026-11-22T10:00")
    assert "Приложение остановлено" in kktsim("menu", "Продажа", "--dies-after", "92", *_options(killed)).stdout
    killed.stop(signal.SIGKILL)
    with serve(*where) as till:
        assert kktsim("menu", "Продажа", *_options(till)).stdout.splitlines()[0] == "Приложение остановлено"


def _options(till: Served) -> tuple[str, ...]:
    return "--port", f"tcp:{till.says('ready').rpartition(':')[2]}", "--control", till.says("control")


def test_a_damaged_one_ends_serve_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    home = Home(tmp_path / "home")
    new_till(home).close()
    home.tablet_file(DEFAULT_TILL).parent.mkdir()
    home.tablet_file(DEFAULT_TILL).write_text("{", "utf-8")
    refused = kktsim("serve", "--home", str(home.path), "--port", "tcp:0")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (3, "", 1)
    assert "is not the memory of a terminal's tablet" in refused.stderr
