"""The operator's commands against a bench that is really served."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from kktsim.bench import Bench
from kktsim.cli import COMMANDS, fn, main, ofd
from kktsim.cli.lazy import Places
from kktsim.control.actions import ACTIONS
from kktsim.control.tablet_actions import TABLET_ACTIONS
from kktsim.ports.link_record import LinkRecord
from kktsim.shelf import FIRST_FN_NUMBER

from .served import Served


def run(command: str, *options: str) -> Result:
    """Run ``kktsim COMMAND`` with more options."""
    return CliRunner().invoke(main, [*command.split(), *options])


def good(command: str, *options: str) -> str:
    """Its output on stdout; it must go well, without a word on stderr."""
    result = run(command, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def record(links: Path, name: str, control: str | None) -> LinkRecord:
    """A record of a bench in this process."""
    one = LinkRecord.of_this_process("/dev/pts/0", [f"pty:{name}"], control)
    one.write(links / f"bench-{name}.json")
    return one


@pytest.fixture
def named(served: Served, links: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The served bench, named by the environment."""
    monkeypatch.setenv("KKTSIM_CONTROL", served.url)
    return served


# --- what each command does -------------------------------------------------------------------------------------------


def test_the_state_is_a_table_in_two_languages(named: Served) -> None:
    lines = good("state").splitlines()

    assert lines[0] == "Время стенда       world          2026-11-22T14:00:00"
    assert f"ФН                 FN             {FIRST_FN_NUMBER}, готовность / ready" in lines
    assert "Смена              shift          0 закрыта / closed" in lines


def test_the_table_follows_what_is_done(named: Served) -> None:
    for command in ("power off", "ofd down", "cable cut", "fn unplug"):
        good(command)

    table = good("state")
    for shown in ("выключено / off", "недоступен / down", "оборван / cut", "нет / none", FIRST_FN_NUMBER):
        assert shown in table


def test_the_state_as_json_is_what_the_api_tells(named: Served, bench: Bench) -> None:
    told = json.loads(good("state", "--json"))

    assert (told["world"], told["fn_number"]) == (bench.world, FIRST_FN_NUMBER)


def test_the_tape_is_printed_line_by_line(named: Served, bench: Bench) -> None:
    assert good("tape") == ""
    bench.kkt.paper.line("ЧЕК")
    bench.kkt.paper.line("ИТОГ")

    assert good("tape") == "ЧЕК\nИТОГ\n"
    assert good("tape --since 1") == "ИТОГ\n"
    assert json.loads(good("tape --since 1 --json")) == {"lines": ["ИТОГ"], "next": 2}


def test_moving_the_world_prints_its_new_time(named: Served) -> None:
    assert good("clock advance 1w2d") == "2026-12-01T14:00:00\n"
    assert good("clock set 2027-01-01") == "2027-01-01T00:00:00\n"


def test_fn_commands_print_the_number_of_the_fn(named: Served) -> None:
    assert good("fn shelf") == ""
    assert good("fn unplug") == f"{FIRST_FN_NUMBER}\n"
    assert good("fn shelf") == f"{FIRST_FN_NUMBER}\n"
    assert json.loads(good("fn shelf --json"))["shelf"] == [FIRST_FN_NUMBER]
    assert good(f"fn plug {FIRST_FN_NUMBER}") == f"{FIRST_FN_NUMBER}\n"
    second = good("fn swap").strip()
    assert second != FIRST_FN_NUMBER
    assert good("fn unplug").strip() == good("fn plug").strip() == second


def test_faults_are_set_and_mended_without_a_word(named: Served, bench: Bench) -> None:
    fn = bench.fn
    assert fn is not None

    assert good("fn break silent_on_signing") == good("fn sign 5 77") == ""
    assert ([fault.value for fault in fn.faults], fn.injected_signs) == (["silent_on_signing"], {5: 77})
    assert good("fn mend") == ""
    assert fn.faults == set()

    assert good("cable noise --to-fn 20 --to-kkt 30 --seed 4 --times 5") == ""
    noise = bench.cable.noise
    assert noise is not None
    assert (noise.to_fn_percent, noise.to_kkt_percent, noise.seed, noise.left) == (20, 30, 4, 5)
    assert (
        good("cable mend")
        == good("power off")
        == good("power on")
        == good("clock lose")
        == good("ofd down")
        == good("ofd up")
        == ""
    )


def test_settings_are_those_of_the_bench(named: Served) -> None:
    assert "ККТ / till: Эвотор СТ2Ф\n  result_delivery = async\n" in good("settings")
    good("fn unplug")
    assert good("settings").endswith("ФН / FN: нет / none\n")


def test_settings_of_a_model_need_no_bench(links: Path) -> None:
    told = json.loads(good("settings --json --model atol-77f"))

    assert (told["kkt"]["model"], told["kkt"]["title"]) == ("atol-77f", "АТОЛ 77Ф")
    assert told["fn"]["settings"]


def test_settings_are_those_of_the_default_model_when_no_bench_is_running(links: Path) -> None:
    result = run("settings")

    assert result.exit_code == 0
    assert "model evotor-st2f" in result.stderr
    assert "ФН / FN: ФН-1.1" in result.stdout


def test_an_unknown_model_is_told_with_those_there_are(links: Path) -> None:
    result = run("settings --model abacus")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "atol-77f" in result.stderr


OF_THE_TERMINAL = {action.name for action in TABLET_ACTIONS}
"""What `kktsim menu` asks, and nobody else."""


def test_every_action_has_a_command_of_its_name(links: Path) -> None:
    for name in ACTIONS.keys() - OF_THE_TERMINAL:
        command: click.Command = main
        for word in name.split():
            assert isinstance(command, click.Group)
            found = command.get_command(click.Context(command), word)
            assert found is not None, name
            command = found
        assert command.get_short_help_str()


@pytest.mark.parametrize("places", [COMMANDS, fn.COMMANDS, ofd.COMMANDS], ids=["kktsim", "kktsim fn", "kktsim ofd"])
def test_the_listed_commands_are_where_they_are_said_to_be(places: Places) -> None:
    for name, (module, attribute, _) in places.items():
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        assert found.name == name


# --- which bench ------------------------------------------------------------------------------------------------------


def test_the_only_running_bench_is_found_by_its_record(served: Served, links: Path) -> None:
    record(links, "till", served.url)
    record(links, "till-tablet", served.url)

    assert FIRST_FN_NUMBER in good("state")


def test_no_running_bench_is_told_with_the_remedy(links: Path) -> None:
    result = run("state")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "no bench is running: start one with `kktsim serve`" in result.stderr


def test_several_running_benches_are_listed(served: Served, links: Path) -> None:
    record(links, "one", served.url)
    record(links, "two", "http://127.0.0.1:1")

    result = run("power off")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "choose one with --control or KKTSIM_CONTROL" in result.stderr
    assert f"--control {served.url}: process" in result.stderr
    assert "pty:two" in result.stderr
    assert served.changes == 0


def test_a_running_bench_without_a_control_api_is_told(links: Path) -> None:
    record(links, "till", None)

    result = run("state")

    assert result.exit_code == 2
    assert "has no control API to ask" in result.stderr


def test_records_of_dead_benches_and_other_files_do_not_count(served: Served, links: Path) -> None:
    alive = record(links, "alive", served.url)
    LinkRecord(alive.pid, alive.started_ticks + 1, "/dev/pts/1", ("pty:dead",), "http://127.0.0.1:1").write(
        links / "bench-dead.json"
    )
    (links / "bench-notes.json").write_text("[]", encoding="utf-8")
    (links / "bench-broken.json").write_text("{", encoding="utf-8")

    assert FIRST_FN_NUMBER in good("state")


def test_an_fn_that_is_served_beside_is_no_bench(served: Served, links: Path) -> None:
    record(links, "till", served.url)
    LinkRecord.of_this_process("/dev/pts/1", ["pty:fn0"], None).write(links / "fn0.json")

    assert FIRST_FN_NUMBER in good("state")


def test_a_directory_of_links_that_others_can_write_is_not_trusted(served: Served, links: Path) -> None:
    record(links, "till", served.url)
    links.chmod(0o777)

    result = run("state")

    assert result.exit_code == 2
    assert "chmod 700" in result.stderr


def test_a_named_bench_goes_before_the_environment_and_before_the_records(
    served: Served, links: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(links, "other", "http://127.0.0.1:1")
    monkeypatch.setenv("KKTSIM_CONTROL", "http://127.0.0.1:1")

    assert FIRST_FN_NUMBER in good(f"state --control {served.port}")


def test_an_empty_name_in_the_environment_is_no_name(
    served: Served, links: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(links, "till", served.url)
    monkeypatch.setenv("KKTSIM_CONTROL", "")

    assert FIRST_FN_NUMBER in good("state")


# --- exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("fn plug", "pull it out with `fn unplug` first"),
        ("fn break tired", "give one of silent"),
        ("fn damage 1", "there is no document 1 to damage: the last one is 0"),
        ("fn damage 0", "give a whole number from 1"),
        ("clock advance soon", "a span like 31d"),
        ("clock set 2000-01-01", "never goes back"),
        ("cable noise", "give to_fn_percent or to_kkt_percent"),
        ("cable noise --to-fn 200", "--to-fn"),
        ("tape --since -1", "--since"),
        ("state --control till", "give its URL"),
        ("state --timeout 0", "--timeout"),
    ],
)
def test_what_must_be_asked_differently_ends_in_2(named: Served, command: str, told: str) -> None:
    result = run(command)

    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_bench_that_does_not_answer_ends_in_3(links: Path) -> None:
    result = run("state --control 1")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "is it still running?" in result.stderr


def test_asking_a_bench_loads_neither_bench_nor_loop() -> None:
    program = (
        "import sys, kktsim.cli.hands, kktsim.cli.fn_hands, kktsim.cli.ofd_hands, kktsim.cli.ofd_content\n"
        "import kktsim.hands.control, kktsim.control.discover\n"
        "print([name for name in ('kktsim.bench', 'fn_model', 'construct', 'asyncio', 'starlette', 'uvicorn')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
