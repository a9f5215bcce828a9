"""What a step of a fix is worth, which steps are enough, and what of a till counts as worse than before."""

from dataclasses import replace
from typing import Any

import pytest

from kktsim.testing.cases import bench_for
from kktsim.testing.theatre import InProcess
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.tables import WriteTable
from protocol.atol.kkt_codes import E
from scenarios import routine
from scenarios.at_terminal import (
    GENERAL_RESET,
    REGISTER,
    REPLACE_FN,
    SELL,
    SET_CLOCK,
    TRADES,
    ZEROING,
    driver_says,
    menu_item,
    raw_command,
    sells,
    terminal_restarts,
    till_is_switched_off_and_on,
)
from scenarios.cases import Case, as_it_is
from scenarios.health import UNSET, Books, Harm, Health, examine, read_books, worse
from scenarios.library import SCENARIOS
from scenarios.outcome import Outcome
from scenarios.playbook import Step, Verdict, Weight, accepts, hand, informs
from scenarios.roles import Till
from scenarios.running import run
from scenarios.weighing import ANOTHER_DOES_IT, NOTHING_DIFFERS

REFUSED = driver_says(E.FN_NO_ANSWER)
PULLED_OUT = (hand("unplug_fn", title="pull the FN out"), menu_item(SELL, shows=REFUSED))
PLUG = hand("plug_fn", title="put it in")
ZERO = menu_item(ZEROING, title="zero")
CLOCK = terminal_restarts("the driver sets the clock")
OFD_HOST = (19, 1, 1)


def played(*fix: Step, reproduce: tuple[Step, ...] = PULLED_OUT, **change: Any) -> Outcome:
    """A till whose FN was pulled out, after a fix."""
    shop = {"preset": "registered", "prove": TRADES, "alternatives": (), "variants": (), "verdict": Verdict.CURED}
    scenario = replace(SCENARIOS["fn_210_unplugged"], fix=fix, reproduce=reproduce, **{**shop, **change})
    case = as_it_is(scenario)
    return run(case, InProcess().stage(bench_for(case)), finds_smallest=True)


def weights(outcome: Outcome) -> dict[str, Weight]:
    return {one.step.title: one.weight for one in outcome.weighings}


def because(outcome: Outcome, title: str) -> str:
    return next(one.because for one in outcome.weighings if one.step.title == title)


# --- weights ----------------------------------------------------------------------------------------------------------


def test_a_step_without_which_the_till_does_not_sell_is_needed() -> None:
    outcome = played(PLUG)
    assert weights(outcome) == {"put it in": Weight.NEEDED}
    assert because(outcome, "put it in").startswith("without it «sell at the terminal» ends in «Касса → Продажа»")


def test_a_step_that_only_informs_is_not_weighed() -> None:
    assert weights(played(informs("look at it", "it only looks"), PLUG)) == {"put it in": Weight.NEEDED}


def test_a_step_without_which_everything_is_the_same_is_superfluous() -> None:
    outcome = played(PLUG, till_is_switched_off_and_on("off and on"))
    assert weights(outcome)["off and on"] is Weight.SUPERFLUOUS
    assert because(outcome, "off and on") == NOTHING_DIFFERS


def test_a_step_that_only_destroys_is_harmful_and_its_harm_is_told() -> None:
    outcome = played(PLUG, ZERO, CLOCK, reproduce=(*TRADES, *PULLED_OUT))
    assert weights(outcome) == {
        "put it in": Weight.NEEDED,
        "zero": Weight.HARMFUL,
        "the driver sets the clock": Weight.NEEDED,
    }
    told = because(outcome, "zero").split("; ")
    assert "with it the address of the OFD is no longer set" in told
    assert "with it the till has forgotten how much cash is in the drawer" in told
    assert all(piece.startswith("with it ") for piece in told)


def test_a_general_reset_that_nobody_needed_is_harmful() -> None:
    outcome = played(PLUG, menu_item(GENERAL_RESET, title="reset"), reproduce=(*TRADES, *PULLED_OUT))
    assert because(outcome, "reset") == "with it the till has forgotten how much cash is in the drawer"


def test_a_step_that_does_good_and_harm_is_told_to_do_both() -> None:
    def forget_ofd(till: Till) -> None:
        routine.enter(till, Mode.PROGRAMMING)
        routine.ask(till, WriteTable(table=19, field=1, value=b"0.0.0.0".ljust(64)))

    def set_ofd_and_channel(till: Till) -> None:
        routine.set_ofd(till)
        routine.ask(till, WriteTable(table=19, field=4, value=bytes((2,))))

    outcome = played(
        PLUG,
        accepts(set_ofd_and_channel, "set up the OFD, and its channel wrongly"),
        reproduce=(accepts(forget_ofd, "forget the OFD"), *PULLED_OUT),
    )
    (weighing,) = outcome.weighings[1:]
    assert weighing.weight is Weight.HARMFUL_TO_OMIT
    assert "without it the address of the OFD is no longer set" in weighing.because
    assert "with it the channel to the OFD is another than before" in weighing.because


def test_an_undocumented_step_is_weighed_too() -> None:
    sets_clock = CLOCK.undocumented("the zeroing loses it")
    outcome = played(PLUG, ZERO, sets_clock, verdict=Verdict.FIX_DOES_NOTHING)
    assert weights(outcome)["the driver sets the clock"] is Weight.NEEDED
    assert outcome.cure is outcome.complete


# --- the fewest steps -------------------------------------------------------------------------------------------------


def test_the_fewest_steps_are_those_that_are_needed() -> None:
    outcome = played(informs("look", "-"), PLUG, till_is_switched_off_and_on(), raw_command("А4 20"))
    assert outcome.smallest == (PLUG,)


def test_of_two_steps_that_cure_each_by_itself_one_is_enough() -> None:
    annul, reboot = raw_command("59"), till_is_switched_off_and_on()
    looks = raw_command("91 34 00 00")
    scenario = replace(SCENARIOS["err_3802"], fix=(looks, annul, reboot), alternatives=())
    outcome = run(as_it_is(scenario), InProcess().stage(bench_for(as_it_is(scenario))), finds_smallest=True)
    assert list(weights(outcome).values()) == [Weight.SUPERFLUOUS, Weight.SUFFICIENT, Weight.SUFFICIENT]
    assert because(outcome, annul.title) == ANOTHER_DOES_IT
    assert outcome.smallest == (annul,)


def test_a_documented_fix_that_cures_is_enough_without_what_the_document_lacks() -> None:
    more = till_is_switched_off_and_on().undocumented("to see what it does")
    assert played(PLUG, more).smallest == (PLUG,)


def test_steps_that_the_document_lacks_count_when_it_does_not_cure_without_them() -> None:
    plug = PLUG.undocumented("nobody says so")
    outcome = played(ZERO, plug, CLOCK.undocumented("the clock is lost"), verdict=Verdict.FIX_DOES_NOTHING)
    assert outcome.smallest is not None
    assert plug in outcome.smallest


@pytest.mark.parametrize("verdict", [Verdict.FIX_DOES_NOTHING, Verdict.PROCEDURE])
def test_where_nothing_cures_or_nothing_is_wrong_there_are_none(verdict: Verdict) -> None:
    if verdict is Verdict.PROCEDURE:
        assert played(sells(), reproduce=(), error=None, tape=None, screens=(), verdict=verdict).smallest is None
    else:
        assert played(till_is_switched_off_and_on(), verdict=verdict).smallest is None


# --- harm -------------------------------------------------------------------------------------------------------------


def test_a_fix_that_spoils_nothing_does_no_harm() -> None:
    assert played(PLUG).harm == ""


def test_sums_of_the_open_shift_that_a_fix_loses_are_harm_though_the_proof_closes_it() -> None:
    outcome = played(PLUG, ZERO, CLOCK, reproduce=(sells(), sells(), *PULLED_OUT))
    assert "2 receipts of the shift are in no sum of the till" in outcome.harm


def test_an_fn_that_is_registered_in_the_past_is_harm() -> None:
    outcome = played(
        PLUG,
        menu_item(SET_CLOCK, "24.11.2026 12:00", title="set the clock back"),
        menu_item(REPLACE_FN, title="close the archive"),
        hand("swap_fn", title="swap the FN"),
        menu_item(REGISTER, "нет", title="register the new FN"),
        CLOCK,
        reproduce=(hand("advance", 40 * 86_400, title="forty days go by"), *PULLED_OUT),
    )
    assert outcome.harm == "the FN is registered with a date that is off by -37.9 days"
    assert weights(outcome)["set the clock back"] is Weight.HARMFUL


def test_the_harm_of_the_documented_fix_is_told_although_more_steps_undo_it() -> None:
    set_up = accepts(routine.set_ofd, "type the address").undocumented("the zeroing has wiped it out")
    outcome = played(PLUG, ZERO, CLOCK, set_up)
    assert "the address of the OFD is no longer set" in outcome.harm
    assert weights(outcome)["type the address"] is Weight.HARMFUL_TO_OMIT


@pytest.fixture(scope="module")
def well() -> Health:
    """A till that nothing is wrong with."""
    stage = InProcess().stage(bench_for(Case(SCENARIOS["fn_210_unplugged"], "fn-1-1-15")))
    return examine(stage.scene, read_books(stage.scene.till))


def test_a_till_that_is_well_is_no_worse_than_itself(well: Health) -> None:
    assert well.trades
    assert well.harms(well) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"trades": False}, "a sale and a Z do not go through"),
        ({"unsent_documents": 3}, "3 documents stay unsent"),
        ({"clock_error_seconds": None}, "the till has no date and time"),
        ({"clock_error_seconds": -86_400.0 * 2.5}, "the till's clock is off by -2.5 days"),
        ({"abandoned": ("FN 1 lies there",)}, "FN 1 lies there"),
        ({"uncounted_receipts": 2}, "2 receipts of the shift are in no sum of the till"),
    ],
)
def test_what_is_wrong_by_itself_is_harm_unless_it_was_so(well: Health, change: dict[str, Any], told: str) -> None:
    ill = replace(well, **change)
    assert [one.text for one in ill.harms(well)] == [told]
    assert ill.harms(ill) == ()
    assert well.harms(ill) == ()


def test_a_setting_that_is_no_longer_set_is_harm_and_one_that_is_set_now_is_not(well: Health) -> None:
    empty = replace(well, settings={**well.settings, OFD_HOST: b"0.0.0.0 \x00"})
    assert [one.text for one in empty.harms(well)] == ["the address of the OFD is no longer set"]
    assert well.harms(empty) == ()
    other = replace(well, settings={**well.settings, OFD_HOST: b"other.example"})
    assert other.harms(well) == ()
    assert OFD_HOST in UNSET


def test_cash_that_is_taken_out_at_the_end_of_the_shift_is_not_forgotten(well: Health) -> None:
    rich = replace(well, books=Books(cash=10_000, since_registration=10_000))
    poor = replace(well, books=Books(cash=0, since_registration=10_000))
    assert [one.about for one in poor.harms(rich)] == ["cash"]
    assert poor.harms(replace(rich, takes_cash_out=True))[0].about == "cash at Z"
    assert replace(poor, takes_cash_out=True).harms(replace(rich, takes_cash_out=True)) == ()


def test_sums_of_a_shift_that_was_closed_since_are_not_lost(well: Health) -> None:
    before = replace(well, books=Books(10_000, 10_000, shift=4, receipts=2))
    lost = replace(well, books=Books(10_000, 10_000, shift=4, receipts=0))
    assert [one.text for one in lost.harms(before)] == ["2 receipts of the shift are in no sum of the till"]
    for shift in (None, 5):
        assert replace(well, books=Books(10_000, 10_000, shift=shift)).harms(before) == ()


@pytest.mark.parametrize(("days", "is_harm"), [(-3, True), (-1, True), (0, False), (2, True)])
def test_an_fn_with_a_date_of_another_day_is_misdated(well: Health, days: int, *, is_harm: bool) -> None:
    dated = replace(well, registered_at=well.world + days * 86_400)
    found = [one.text for one in dated.harms(replace(well, registered_at=1.0))]
    assert found == [f"the FN is registered with a date that is off by {days}.0 days"] * is_harm


def test_the_same_harm_in_other_words_is_the_same_harm() -> None:
    mine, other = (Harm("unsent", "9 documents"), Harm("clock", "a day")), (Harm("unsent", "3 documents"),)
    assert worse(mine, other) == "a day"
    assert worse(other, mine) == ""
