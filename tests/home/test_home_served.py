"""`kktsim serve --home`: the till that is served is there after the process, however that ended."""

import json
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from kktsim.cli import main
from kktsim.control.client import ControlClient
from kktsim.host.serial_wire import SerialWire
from kktsim.host.till import Till
from scenarios import routine
from tests.serve.served import Served, kktsim, serve

from .house import new_fn, new_till

AT = ("--at", "2026-11-22T10:00", "--clock", "frozen")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("KKTSIM_HOME", raising=False)
    return tmp_path / "home"


@pytest.fixture
def served_at(home: Path) -> tuple[str, ...]:
    """Options by which a till of the home is served."""
    return ("--home", str(home), "--port", "tcp:0", "--control", "0")


def host_of(served: Served) -> tuple[Till, ControlClient]:
    """A host at the port of a served till, and its operator."""
    port = served.says("ready")
    return Till(SerialWire(f"socket://{port}"), link="v3"), ControlClient(served.says("control"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["asked to end", "killed"])
def test_a_till_is_there_after_its_process(served_at: tuple[str, ...], number: int) -> None:
    served = Served(*served_at, *AT, "--state", "shift-open")
    host, operator = host_of(served)
    routine.sell(host)
    operator.call("clock advance", seconds="1h")
    before = operator.call("state")
    host.close()
    operator.close()
    served.stop(number)

    with serve(*served_at, "--at", "2026-11-22T10:30", "--clock", "frozen") as again:
        host, operator = host_of(again)
        after = operator.call("state")
        kept = ("world", "fn_number", "last_document", "shift_number", "shift_is_open", "cash_kopecks")
        assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
        routine.sell(host)
        routine.close_shift(host)
        assert operator.call("fn documents")["last_document"] == before["last_document"] + 2
        assert "has reached a later time than --at tells" in again.complains()
        host.close()
        operator.close()


def test_the_second_process_on_a_till_is_refused(home: Path, served_at: tuple[str, ...]) -> None:
    with serve(*served_at, *AT) as first:
        first.says("ready")
        second = kktsim("serve", *served_at)
        assert (second.returncode, second.stdout) == (2, "")
        assert second.stderr == (
            "kktsim: the till kkt0 is running in another process: end that one, or name another with --till NAME\n"
        )


def test_the_second_process_on_an_fn_is_refused(home: Path, served_at: tuple[str, ...]) -> None:
    with serve(*served_at, *AT) as first:
        first.says("ready")
        number = "9999078900000001"
        second = kktsim("serve", *served_at, "--till", "other", "--fn", number)
        assert (second.returncode, second.stdout) == (2, "")
        assert f"FN {number} is in use by a running till" in second.stderr
        by_file = kktsim("serve", "--fn", str(home / "fn" / f"{number}.fn"), "--port", "tcp:0", "--state", "factory")
        assert by_file.returncode == 3
        assert "is open in another process" in by_file.stderr


def test_an_fn_lives_from_the_factory_to_phase_15(home: Path, served_at: tuple[str, ...], tmp_path: Path) -> None:
    number = kktsim("fn", "new", "--home", str(home)).stdout.strip()
    with serve(*served_at, *AT, "--fn", number, "--state", "registered") as served:
        host, operator = host_of(served)
        routine.open_shift(host)
        routine.sell(host)
        routine.close_shift(host)
        routine.close_archive(host)
        assert operator.call("fn info")["phase"] == 15
        host.close()
        operator.close()
    told = json.loads(kktsim("fn", "info", number, "--home", str(home), "--json").stdout)
    assert (told["phase"], told["status"]["last_document"]) == (15, 5)
    exported = tmp_path / "it.fnc"
    assert kktsim("fn", "export", number, "--home", str(home), "-o", str(exported)).returncode == 0
    assert exported.stat().st_size > 1000


def test_an_fn_in_a_file_serves_a_till_in_memory(home: Path, tmp_path: Path) -> None:
    number = kktsim("fn", "new", "--home", str(home), "--model", "fn-1-1-36").stdout.strip()
    file = home / "fn" / f"{number}.fn"
    with serve("--fn", str(file), *AT, "--state", "shift-open", "--port", "tcp:0", "--control", "off") as served:
        served.says("ready")
    told = json.loads(kktsim("fn", "info", str(file), "--json").stdout)
    assert (told["phase"], told["model"], told["shift"]["is_open"]) == (3, "fn-1-1-36", True)


def test_the_fn_in_a_running_till_is_asked_by_its_bench(served_at: tuple[str, ...]) -> None:
    with serve(*served_at, *AT, "--state", "shift-open") as served:
        host, operator = host_of(served)
        here = ("--control", operator.url)
        assert kktsim("fn", "info", *here).stdout.startswith("ФН 9999078900000001, fn-1-1-15, фаза / phase 3 ")
        rows = json.loads(kktsim("fn", "documents", "--json", *here).stdout)["documents"]
        assert [row["type"] for row in rows] == [1, 2]
        assert len(kktsim("fn", "documents", *here).stdout.splitlines()) == 2
        shift = json.loads(kktsim("fn", "documents", "2", "--json", *here).stdout)
        assert kktsim("fn", "documents", "2", "--tlv", *here).stdout.strip() == shift["tlv"]
        absent = kktsim("fn", "documents", "3", *here)
        assert (absent.returncode, absent.stderr.count("\n")) == (2, 1)
        assert "has no document 3: its last one is 2" in absent.stderr
        operator.call("fn unplug")
        assert "no FN is plugged in" in kktsim("fn", "info", *here).stderr
        host.close()
        operator.close()


# --- what is refused, before anything is done -------------------------------------------------------------------------


@pytest.fixture
def lived_in(home: Path) -> tuple[Path, str]:
    """A home with a till that is not running and a fresh FN; the number of that."""
    from kktsim.home import Home  # noqa: PLC0415 - beside the path

    place = Home(home)
    new_till(place).close()
    return home, new_fn(place)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--state", "registered"), "comes up as it was left: leave --state out, or name a new till with --till NAME"),
        (("--model", "evotor-st2f"), "leave --model out"),
        (("--model-file", "mine.toml"), "mine.toml cannot be read"),
        (("--fn-model", "fn-1-1-36"), "leave --fn-model out"),
        (("--fn-set", "ofd_sign=any"), "leave --fn-set out"),
        (("--fn", "9999078900000009"), "there is no FN 9999078900000009 in"),
        (("--fn", "/etc/hostname"), "/etc/hostname is no FN of"),
        (("--till", "a/b"), "'a/b' is no name of a till"),
        (("--till", "new", "--fn", "9999078900000001"), "FN 9999078900000001 is in the till kkt0: take it out with"),
        (("--till", "new", "--fn", "9999078900000002", "--fn-model", "fn-1-1-36"), "is an fn-1-1-15: leave --fn-model"),
        (("--till", "new", "--fn", "9999078900000002", "--fn-set", "ofd_sign=any"), "keeps its own settings: leave"),
        (("--till", "new", "--fn-model", "fn-9"), "no FN model 'fn-9'"),
        (("--till", "new", "--state", "bogus"), "there is no state 'bogus'"),
    ],
)
def test_what_cannot_be_gets_one_sentence(lived_in: tuple[Path, str], options: tuple[str, ...], sentence: str) -> None:
    home, _ = lived_in
    before = sorted(path.name for path in home.rglob("*"))
    result = CliRunner().invoke(main, ["serve", "--home", str(home), "--port", "tcp:0", *options])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert sentence in result.stderr
    assert sorted(path.name for path in home.rglob("*")) == before


@pytest.mark.parametrize("option", [("--till", "x"), ("--fn", "9999078900000001")])
def test_names_in_a_home_need_a_home(home: Path, option: tuple[str, str]) -> None:
    result = CliRunner().invoke(main, ["serve", *option])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "say which with --home DIR or KKTSIM_HOME" in result.stderr


def test_a_used_fn_begins_in_the_state_factory_alone(lived_in: tuple[Path, str]) -> None:
    home, _ = lived_in
    kktsim("fn", "remove", "--home", str(home))
    new = ("--home", str(home), "--till", "new", "--fn", "9999078900000001", "--port", "tcp:0", "--control", "0")

    result = CliRunner().invoke(main, ["serve", *new])
    assert result.exit_code == 2
    assert "has been registered, and a new till in the state 'registered' needs a fresh one" in result.stderr

    with serve(*new, "--state", "factory") as served:
        _, operator = host_of(served)
        state = operator.call("state")
        assert (state["fn_number"], state["fn_phase"], state["last_document"]) == ("9999078900000001", 3, 0)
        operator.close()
