"""`kktsim scenario`: which scenarios are for which model, and what an outcome says."""

import json

import pytest
from click.testing import CliRunner, Result

from kktsim.cli import main
from kktsim.testing.presets import UnreachablePresetError
from scenarios.library import SCENARIOS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["scenario", *arguments])


def test_a_scenario_that_is_for_other_models_is_refused_by_name() -> None:
    result = run("run", "--model", "atol-77f", "ofd_diag_channel_error")
    assert result.exit_code == 2
    assert "atol-77f cannot get into ofd_diag_channel_error: choose one of evotor-st2f," in result.stderr


def test_it_is_left_out_of_a_run_of_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    some = ("err_3802", "ofd_diag_channel_error", "err_3841", "fn_210_unplugged")
    monkeypatch.setattr("kktsim.cli.scenario.SCENARIOS", {name: SCENARIOS[name] for name in some})
    result = run("run", "--model", "atol-77f", "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert {row["id"] for row in rows} == {"err_3802", "fn_210_unplugged"}
    assert {row["fn"] for row in rows} == {"fn-1-1-15", "fn-1-13", "fn-1-1m-15"}
    assert all(row["passed"] for row in rows)


def test_a_cure_that_does_harm_is_told_with_the_harm() -> None:
    result = run("run", "err_3979_no_internet")
    line = next(line for line in result.stdout.splitlines() if "clock back" in line)
    assert "cures, but 9 documents stay unsent; the till's clock is off by -" in line


def test_what_is_seen_of_a_trouble_without_an_error_is_told() -> None:
    result = run("run", "ofd_banner_server_down")
    assert "reproduced: «(!) ОФД» stands above the screen" in result.stdout
    assert "fix 1. Перейдите в «Настройки → ОФД»: «Нет связи с ОФД»" in result.stdout


@pytest.mark.parametrize(("id", "article"), [("ofd_failure_lost_ack", None), ("err_3979_tariff", "err_3979")])
def test_a_scenario_tells_its_article_if_it_has_one(id: str, article: str | None) -> None:
    assert json.loads(run("show", id, "--json").stdout)["article"] == article
    assert ("  article " in run("show", id).stdout) is (article is not None)


def test_a_variant_is_told_with_the_settings_that_make_it() -> None:
    title, setting = "zeroing keeps the clock: the reboot does nothing", "zeroing_clears_clock = false"
    assert f"  variant: {title} [{setting}]" in run("show", "err_3825").stdout.splitlines()
    assert json.loads(run("show", "err_3825", "--json").stdout)["variants"] == [
        {"title": title, "model": None, "fn": None, "kkt_settings": {"zeroing_clears_clock": False}, "fn_settings": {}}
    ]
    told = run("run", "err_3825").stdout
    assert f"PASS err_3825 [{title}; {setting}]: " in told
    assert "variant: ФН-1: its own code for the end of the term, -3915 [fn-model fn-1-13]" in (
        run("show", "err_3978_shift_closed").stdout
    )


def test_a_scenario_about_a_firmware_is_run_with_it() -> None:
    result = run("run", "err_3841")
    assert result.exit_code == 0, result.output
    assert "PASS err_3841" in result.stdout


def test_inside_the_process_every_generation_is_run_and_the_fewest_steps_are_told() -> None:
    result = run("run", "fn_210_cable")
    titles = [line.partition(":")[0] for line in result.stdout.splitlines() if line.startswith("PASS")]
    assert titles == ["PASS fn_210_cable", "PASS fn_210_cable [fn-1-13]", "PASS fn_210_cable [fn-1-1m-15]"]
    assert "  enough: Обратитесь в поддержку, чтобы заменить шлейф или ФН\n" in result.stdout


def test_over_a_pty_it_is_run_as_it_is() -> None:
    result = run("run", "--wire", "pty", "fn_210_unplugged")
    assert result.exit_code == 0, result.output
    assert "1 as declared, 0 not, over pty" in result.stdout
    assert "enough" not in result.stdout


def test_a_screen_of_the_terminal_is_told() -> None:
    line = "screen: Ошибка при работе с кассой: (-3910) Ошибка интерфейса ЭКЛЗ/ФН"
    assert f"    {line}\n" in run("run", "fn_210_unplugged").stdout


def test_a_state_that_cannot_be_reached_is_a_failure_and_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise UnreachablePresetError("no way")

    monkeypatch.setattr("kktsim.cli.scenario.bench_with", unreachable)
    result = run("run")
    assert result.exit_code == 1
    assert "FAIL fn_210_unplugged: " in result.stdout
    assert result.stdout.count("  ! no way\n") > len(SCENARIOS)
    named = run("run", "fn_210_unplugged")
    assert (named.exit_code, named.stderr.splitlines()[-1]) == (2, "kktsim: no way")


def test_a_case_in_which_the_error_does_not_arise_tells_why() -> None:
    result = run("run", "fn_211_archive_closed")
    assert result.exit_code == 0, result.output
    assert "  does not arise: sell at the terminal: «Касса → Продажа» does not show" in result.stdout


def test_what_is_worse_after_the_fix_is_told() -> None:
    assert (
        "  after the fix, worse than before the error: FN 9999078900000001 lies on the shelf with its archive open\n"
        in run("run", "fn_210_faulty").stdout
    )
