"""The wheel that people install: built from a copy of the sources, put into an environment that knows no checkout."""

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.serve.served import kktsim, serve

ROOT = Path(__file__).parent.parent
PACKAGES = ("protocol", "fn_model", "kktsim", "scenarios")
BESIDE = ("pyproject.toml", "README.md", "LICENSE")


def run(*command: str | Path, cwd: Path) -> None:
    """Run a tool; its words are the failure."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the sources as they are."""
    folder = tmp_path_factory.mktemp("wheel")
    sources = folder / "sources"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, sources / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BESIDE:
        shutil.copy(ROOT / name, sources)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, sources, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path) -> Path:
    """A virtual environment with the wheel in it; the libraries it needs are lent by the running one."""
    folder = wheel.parent / "venv"
    venv.create(folder)
    python = folder / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    # A path in a .pth file is searched last, and the .pth files behind it (the checkout's own) are not read.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, "--disable-pip-version-check", wheel, cwd=wheel.parent)
    return folder


def test_the_wheel_holds_all_code_and_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}
        notes = {name.partition(".dist-info/")[2] for name in opened.namelist()} - {""}
    suffixes = {".py", ".toml", ".typed"}
    wanted = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in suffixes
    }
    assert held == wanted
    assert {"entry_points.txt", "licenses/LICENSE", "METADATA"} <= notes


def test_every_package_says_that_it_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        assert {f"{package}/py.typed" for package in PACKAGES} <= set(opened.namelist())


def test_far_from_the_checkout_the_installed_program_serves_a_till(
    environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    program, link = environment / "bin" / "kktsim", str(tmp_path / "kkt")
    where = "import kktsim, protocol, fn_model, scenarios; print(kktsim, protocol, fn_model, scenarios)"
    told = subprocess.run([environment / "bin" / "python", "-c", where], capture_output=True, text=True, check=True)
    assert told.stdout.count(str(environment)) == len(PACKAGES) and str(ROOT) not in told.stdout
    with serve("--state", "registered", "--port", f"pty:{link}", "--control", "off", program=program) as served:
        assert served.says("ready") == link
        asked = kktsim("send", "--port", link, "45", program=program)
        assert (asked.returncode, asked.stderr) == (0, "")
        assert asked.stdout.splitlines()[1:3] == ["< 55 00 00", "(0) Нет ошибок"]


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), ("explain", "-3978"), ("scenario", "list"), ("menu",)]
)
def test_the_installed_program_finds_what_it_tells_of(environment: Path, arguments: tuple[str, ...]) -> None:
    done = kktsim(*arguments, program=environment / "bin" / "kktsim")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
