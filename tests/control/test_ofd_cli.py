"""`kktsim ofd` against a bench that is really served, an operator that is served alone, and what one has kept."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kktsim.bench import Bench
from kktsim.cli import main
from kktsim.control import serve
from kktsim.control.controlled import Controlled
from kktsim.control.ofd_actions import OPERATOR_ACTIONS
from kktsim.hands.ofd_server import OfdServerHands
from kktsim.ofd.failures import Failure
from kktsim.ofd.server import OfdServer
from kktsim.ofd.sqlite_store import FILE_NAME, SqliteStore
from protocol.ffd.documents import DocumentType
from tests.device.desk import Desk

from .served import LoopThread, Served


def run(command: str) -> Result:
    return CliRunner().invoke(main, ["ofd", *command.split()])


def good(command: str) -> str:
    """Its output on stdout; it must go well, without a word on stderr."""
    result = run(command)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A till in trade; its operator has the two documents that it has made."""
    bench = make_bench("shift-open")
    bench.run_due()
    return bench


@pytest.fixture
def named(served: Served, links: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The served bench, named by the environment."""
    monkeypatch.setenv("KKTSIM_CONTROL", served.url)
    return served


@pytest.fixture
def kept(bench: Bench, tmp_path: Path) -> Path:
    """A directory with what the operator has."""
    store = SqliteStore.open(tmp_path / "ofd" / FILE_NAME)
    for document in bench.network.server.store.received():
        store.put(document)
    store.close()
    return tmp_path / "ofd"


# ---- failures


def test_every_failure_is_in_the_help_with_what_it_does() -> None:
    shown = good("fault --help")
    for failure in Failure:
        assert f"{failure.value} " in shown and failure.about in shown


def test_failures_are_planned_listed_and_ended(named: Served) -> None:
    for command in (
        "fault silence --until-cleared",
        "fault garbage --times 2 --percent 50 --seed 7 --from-document 4 --fn 9999078900000001",
        "fault slow --seconds 5m",
        "fault blocked",
    ):
        assert good(command) == ""

    assert [line.split("  ")[0] for line in good("faults").splitlines()] == [
        "failure",
        "blocked",
        "silence",
        "garbage",
        "slow",
    ]
    table = good("faults")
    assert "silence  operator  until cleared  100" in table
    assert "garbage  operator  2              50       4     9999078900000001" in table
    assert "blocked  wifi      1 " in table and table.endswith("answers late (300 s)\n")
    assert "silence, garbage, slow" in CliRunner().invoke(main, ["state"]).stdout

    good("clear silence")
    assert [one["failure"] for one in json.loads(good("faults --json"))["failures"]] == ["blocked", "garbage", "slow"]
    good("clear")
    assert good("faults").splitlines()[1:] == []


def test_the_way_and_the_operator_are_taken_and_given_back(named: Served, bench: Bench) -> None:
    good("down")
    Desk(bench).sell()
    bench.run_due()
    assert bench.state().unsent_documents == 1
    assert "refused  operator  until cleared" in good("faults")

    good("up")
    assert bench.state().unsent_documents == 0


def test_a_till_that_is_told_to_try_does_not_wait(named: Served, bench: Bench) -> None:
    good("fault close_after")
    Desk(bench).sell()
    bench.run_due()
    assert bench.state().unsent_documents == 1
    good("try")
    assert bench.state().unsent_documents == 0


def test_hosts_are_listed_led_elsewhere_and_forgotten(named: Served) -> None:
    assert good("hosts") == "host         port  place\nofd.example  7777  inner\n"

    good("host ofd.example unknown")
    good("host k-server.example:7779 127.0.0.1:7001")

    assert [one["place"] for one in json.loads(good("hosts --json"))["hosts"]] == ["unknown", "127.0.0.1:7001"]
    good("forget ofd.example")
    assert good("hosts").splitlines()[1:] == ["k-server.example  7779  127.0.0.1:7001"]


def test_the_way_into_the_internet_is_seen_in_the_state(named: Served) -> None:
    good("fault no_internet --until-cleared")
    assert "Wi-Fi, нет / down" in CliRunner().invoke(main, ["state"]).stdout
    good("uplink sim")
    assert "SIM, есть / up" in CliRunner().invoke(main, ["state"]).stdout


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("fault tired", "give one of no_internet, "),
        ("fault silence --times 2 --until-cleared", "give times or until_cleared"),
        ("fault silence --percent 0", "--percent"),
        ("clear tired", "give one of no_internet, "),
        ("host ofd.example 10.0.0.1:7777", "serve --allow-host 10.0.0.1:7777"),
        ("forget a.example", "there is no host a.example"),
        ("uplink pigeon", "give one of wifi, sim"),
        ("documents 9", "the operator has no document 9"),
        ("documents 1 --json --hex", "give one of them"),
        ("documents --hex", "say its number"),
        ("documents --fn 1", "give 16 digits"),
    ],
)
def test_what_must_be_asked_differently_ends_in_2(named: Served, command: str, told: str) -> None:
    result = run(command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


# ---- documents


@pytest.fixture(params=["of a bench", "of a directory"])
def where(request: pytest.FixtureRequest) -> str:
    """How the operator is named."""
    if request.param == "of a bench":
        request.getfixturevalue("named")
        return ""
    return f" --store {request.getfixturevalue('kept')}"


def test_the_documents_are_listed_by_till(where: str, bench: Bench) -> None:
    assert bench.fn is not None
    lines = good(f"documents{where}").splitlines()

    assert lines[0] == f"ФН {bench.fn.number}: 2, 1..2"
    assert lines[1].split("  ")[-1].startswith(DocumentType.REGISTRATION.name_ru)
    assert lines[2].split("  ")[-1].startswith(DocumentType.SHIFT_OPEN.name_ru)
    assert len(lines) == 3
    told = json.loads(good(f"documents --json{where}"))
    assert (told["total"], [one["number"] for one in told["documents"]]) == (2, [1, 2])
    assert good(f"documents --fn 9999078999999999{where}") == ""


def test_one_document_is_shown_for_people_for_programs_and_as_it_came(where: str, bench: Bench) -> None:
    assert bench.fn is not None
    (stored,) = bench.network.server.store.versions(bench.fn.number, 2)

    assert good(f"documents 2 --hex{where}") == f"{stored.container.hex().upper()}\n"
    (version,) = json.loads(good(f"documents 2 --json --fn {bench.fn.number}{where}"))["versions"]
    assert version["container"] == stored.container.hex().upper()
    text = good(f"documents 2{where}")
    assert "квитанция / confirmation" in text
    assert text == good(f"documents 2 --text{where}")


def test_a_store_that_a_process_has_open_is_told(kept: Path) -> None:
    store = SqliteStore.open(kept / FILE_NAME)
    result = run(f"documents --store {kept}")
    store.close()

    assert (result.exit_code, result.stdout) == (3, "")
    assert "ask that one, by --control URL without --store" in result.stderr


def test_the_file_of_a_till_of_a_home_is_a_store_too(kept: Path, bench: Bench) -> None:
    assert bench.fn is not None
    file = (kept / FILE_NAME).rename(kept / "kkt0.ofd")
    assert good(f"documents --store {file}").startswith(f"ФН {bench.fn.number}: 2, 1..2\n")

    store = SqliteStore.open(file)
    result = run(f"documents --store {file}")
    store.close()
    assert (result.exit_code, "ask that one" in result.stderr) == (3, True)


@pytest.mark.parametrize(
    ("name", "code", "told"), [("none.ofd", 2, "there is no ofd.sqlite3 in"), ("x" * 300, 3, "File name too long")]
)
def test_a_store_that_is_not_there_is_told(tmp_path: Path, name: str, code: int, told: str) -> None:
    result = run(f"documents --store {tmp_path / name}")

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert told in result.stderr and not (tmp_path / name[:200]).exists()


@pytest.mark.parametrize("is_named", [False, True], ids=["its directory", "the file"])
@pytest.mark.parametrize(("content", "code"), [(None, 2), (b"no database", 3)])
def test_a_store_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, code: int, is_named: bool) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    result = run(f"documents --store {tmp_path / FILE_NAME if is_named else tmp_path}")

    assert (result.exit_code, result.stdout) == (code, "")
    assert FILE_NAME in result.stderr
    assert content is not None or not (tmp_path / FILE_NAME).exists()


# ---- an operator that is served alone


@pytest.fixture
def alone(links: Path, loop: LoopThread) -> Iterator[OfdServer]:
    """An operator with a control API of its own, which no record tells of; its URL in the environment."""
    server = OfdServer()

    async def begin() -> serve.ControlServer:
        controlled = Controlled(OPERATOR_ACTIONS, OfdServerHands(server))
        return serve.start(controlled, 0, loop.loop, lambda url: None)

    api = loop.run(begin())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KKTSIM_CONTROL", api.url)
        yield server
    loop.run(api.close())


def test_an_operator_alone_is_asked_by_the_same_commands(alone: OfdServer) -> None:
    good("fault silence --times 3")
    assert "silence  operator  3" in good("faults")
    good("clear")
    assert alone.failures.entries() == []
    alone.connect().receive(bytes(100), 0.0)
    assert good("documents") == ""
    assert good("state").splitlines()[2:] == [
        "Отвергнуто сообщений / messages refused: 1",
        f"  {alone.refusals[0]}",
    ]
    assert json.loads(good("state --json"))["refused"] == 1


def test_an_operator_alone_has_no_till(alone: OfdServer) -> None:
    for command in ("down", "hosts", "uplink sim"):
        result = run(command)
        assert (result.exit_code, "there is no action" in result.stderr) == (2, True)
