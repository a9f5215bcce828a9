"""What is declared wrongly is found out: causes, codes, screens, verdicts, weights, alternatives."""

from dataclasses import replace
from typing import Any

import pytest

from kktsim.testing.cases import bench_for
from kktsim.testing.theatre import InProcess
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import SELL, driver_says, menu_item, sells, terminal_restarts
from scenarios.cases import Case
from scenarios.library import SCENARIOS
from scenarios.outcome import Outcome
from scenarios.playbook import (
    Alternative,
    Kind,
    NotAsExpected,
    Step,
    Variant,
    Verdict,
    Weight,
    accepts,
    hand,
    informs,
    sends,
)
from scenarios.routine import open_shift, sell
from scenarios.running import run, unreachable

FN = "fn-1-1-15"


def played(id: str, variant: Variant | None = None, **change: Any) -> Outcome:
    """A scenario with something declared differently."""
    scenario = replace(SCENARIOS[id], **change)
    case = Case(scenario, FN, variant)
    return run(case, InProcess().stage(bench_for(case)))


def broken(**change: Any) -> Outcome:
    return played("err_3802", **change)


def test_a_fix_that_does_nothing_is_found_out() -> None:
    outcome = broken(fix=(informs("read the manual", "it is paper"),))
    assert outcome.verdict is Verdict.NO_DOCUMENTED_FIX
    assert not outcome.passed


def test_a_wrong_weight_is_found_out() -> None:
    step = SCENARIOS["err_3802"].fix[0].weighs(Weight.SUPERFLUOUS)
    outcome = broken(fix=(step,))
    assert any("declared superfluous, found needed" in complaint for complaint in outcome.complaints)


def test_harm_that_is_not_declared_is_found_out() -> None:
    alternative = replace(SCENARIOS["err_3979_no_internet"].alternatives[0], harms=False)
    (complaint,) = played("err_3979_no_internet", alternatives=(alternative,)).complaints
    assert "is declared to do no harm: 9 documents stay unsent; the till's clock is off by -" in complaint


def test_harm_that_is_not_done_is_found_out() -> None:
    alternative = replace(SCENARIOS["ofd_banner_stale"].alternatives[0], harms=True)
    assert played("ofd_banner_stale", alternatives=(alternative,)).complaints == [
        "«restarting the terminal» is declared to do harm: nothing is worse than after the fix"
    ]


def test_an_alternative_that_does_not_cure_is_found_out() -> None:
    title = "restarting the terminal"
    outcome = broken(alternatives=(Alternative(title, (terminal_restarts(),), cures=True),))
    assert outcome.complaints == [f"«{title}» is declared to cure"]


def test_an_error_that_does_not_arise_is_found_out() -> None:
    outcome = broken(reproduce=(accepts(sell, "sell"),), screens=(), error=None)
    assert outcome.verdict is Verdict.CURES_ITSELF
    assert not outcome.passed


def test_a_failure_shows_the_conversation() -> None:
    outcome = broken(reproduce=(accepts(open_shift, "open the shift once more"),))
    assert not outcome.reproduced
    assert any("OpenShift 9A 00 -> 55 9C 00" in complaint for complaint in outcome.complaints)


def test_a_till_that_is_silent_when_a_step_is_left_out_is_told() -> None:
    power = hand("power_off", title="switch it off"), hand("power_on", title="switch it on")
    first, last = broken(fix=power, prove=(accepts(sell, "sell"),)).weighings
    assert first.weight is Weight.NEEDED
    assert (last.weight, last.because) == (Weight.NEEDED, "without it «sell» ends in the till does not answer")


def test_a_step_that_raises_is_no_success() -> None:
    def act(scene: object) -> None:
        raise NotAsExpected("it burns")

    outcome = broken(fix=(Step(Kind.HANDS, "burn", act),))
    assert not outcome.passed


# --- the error --------------------------------------------------------------------------------------------------------


def test_the_code_behind_the_screen_of_the_terminal_must_be_the_declared_one() -> None:
    assert broken(error=E.SHIFT_OPEN).complaints == [
        "the till says (-3802) Чек открыт - операция невозможна, not SHIFT_OPEN",
        "without a fix the till says (-3802) Чек открыт - операция невозможна, not SHIFT_OPEN",
    ]


def test_an_error_that_the_till_does_not_tell_is_found_out() -> None:
    outcome = played("fn_210_unplugged", reproduce=(hand("unplug_fn", title="pull it out"),))
    assert outcome.complaints[0] == "the till says nothing, not FN_NO_ANSWER"


def test_every_line_that_the_terminal_is_declared_to_show_must_be_there() -> None:
    shown = driver_says(E.RECEIPT_OPEN)
    outcome = broken(screens=(shown, "Всё пропало"))
    assert outcome.screen == (shown,)
    assert outcome.complaints == [f"the terminal does not show «Всё пропало» but: {shown}"]


def test_the_screen_is_the_last_one_that_there_was() -> None:
    scenario = SCENARIOS["err_3802"]
    outcome = broken(reproduce=(*scenario.reproduce, informs("look at it", "it only looks")))
    assert outcome.screen == scenario.screens
    assert outcome.passed


def test_paper_that_says_nothing_is_found_out() -> None:
    assert broken(tape="Ошибка ФН 210").complaints[0] == "the paper does not say «Ошибка ФН 210» but []"


def test_a_proof_whose_paper_tells_of_an_error_proves_nothing() -> None:
    prove = (hand("unplug_fn", title="pull it out"), menu_item(SELL, shows=driver_says(E.FN_NO_ANSWER)))
    outcome = broken(prove=prove)
    assert outcome.fixed is not None
    assert not outcome.fixed.works
    assert outcome.fixed.trouble == "the paper says «Ошибка ФН 210»"


def test_a_refusal_that_the_terminal_passes_over_ends_no_step() -> None:
    outcome = broken(prove=(sells(), sends("48", title="leave the mode")))
    assert outcome.passed
    assert outcome.fixed is not None
    sale, left = outcome.fixed.told[-2:]
    assert (sale.code, sale.heard) == (None, E.BAD_FORMAT)
    assert (left.code, left.heard) == (None, None)


# --- cases ------------------------------------------------------------------------------------------------------------


def test_a_case_in_which_the_error_does_not_arise_passes_and_tells_why() -> None:
    variant = Variant("the FN stays where it is", arises=False)
    outcome = played("fn_210_unplugged", variant, reproduce=(sells(shows=driver_says(E.FN_NO_ANSWER)),))
    assert outcome.passed
    assert (outcome.reproduced, outcome.verdict, outcome.weighings) == (False, None, [])
    assert outcome.why_not.startswith("sell at the terminal: «Касса → Продажа» does not show")


def test_an_error_that_is_declared_not_to_arise_and_does_is_found_out() -> None:
    assert "declared not to arise, and it does" in played("fn_210_unplugged", Variant("-", arises=False)).complaints


def test_a_state_that_cannot_be_reached_is_a_complaint() -> None:
    outcome = unreachable(Case(SCENARIOS["err_3802"], FN), "it cannot be reached")
    assert (outcome.passed, outcome.complaints) == (False, ["it cannot be reached"])


@pytest.mark.parametrize("verdict", [Verdict.CURED, Verdict.FIX_DOES_NOTHING])
def test_a_variant_may_declare_another_verdict(verdict: Verdict) -> None:
    outcome = played("fn_210_unplugged", Variant("-", verdict=verdict))
    assert outcome.passed is (verdict is Verdict.CURED)
