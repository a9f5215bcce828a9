"""How long an FN serves by what it is registered for: every row of the table at its edges."""

from datetime import timedelta

import pytest

from fn_model import load_model
from fn_model.state import RegistrationReport
from fn_model.terms import term_days
from protocol.fn.answers import Term
from protocol.fn.commands import ExtendedMode, FnCommand, WorkMode
from protocol.fn.requests import FullRegistration, Registration
from tests.fn.fn_till import INN, REGISTRATION_NUMBER, START, Till

GENERAL, SIMPLIFIED, PATENT = 0x01, 0x02, 0x20
NONE, SERVICES, AUTONOMOUS = WorkMode.NONE, WorkMode.SERVICES, WorkMode.AUTONOMOUS
NOTHING, EXCISE, GAMBLING = ExtendedMode.NONE, ExtendedMode.EXCISE, ExtendedMode.GAMBLING


def report(
    ffd: int, tax_systems: int, mode: WorkMode, conditions: ExtendedMode = NOTHING, agents: int = 0
) -> RegistrationReport:
    if ffd == 2:
        plain = Registration(START, INN, REGISTRATION_NUMBER, tax_systems, mode, None)
        return RegistrationReport.of(1, plain, None, ffd, conditions, agents)
    full = FullRegistration(START, INN, REGISTRATION_NUMBER, tax_systems, mode, conditions, "7704358518")
    return RegistrationReport.of(1, full, None, ffd, conditions, agents)


@pytest.mark.parametrize(
    ("model", "made", "days"),
    [
        # the FN's own term
        ("fn-1-13", report(2, GENERAL, NONE), 410),
        ("fn-1-1-13", report(2, GENERAL, NONE), 410),
        ("fn-1-1-15", report(2, GENERAL, NONE), 470),
        ("fn-1-1m-15", report(4, GENERAL, NONE), 470),
        ("fn-1-1-36", report(2, PATENT, NONE), 1110),
        ("fn-1-1m-36", report(4, SIMPLIFIED, NONE), 1110),
        # goods under the general tax system
        ("fn-1-1-36", report(2, GENERAL, NONE), 560),
        ("fn-1-1-36", report(2, GENERAL | PATENT, NONE), 560),
        ("fn-1-1-36", report(2, GENERAL, SERVICES), 1110),
        ("fn-1-36", report(2, GENERAL, NONE), 560),
        # excise
        ("fn-1-1-36", report(2, SIMPLIFIED, NONE, EXCISE), 410),
        ("fn-1-1-15", report(2, SIMPLIFIED, NONE, EXCISE), 470),
        ("fn-1-1m-15", report(4, SIMPLIFIED, NONE, EXCISE), 410),
        # games, lotteries, loans
        ("fn-1-1m-15", report(4, SIMPLIFIED, SERVICES, GAMBLING), 410),
        ("fn-1-1m-15", report(4, SIMPLIFIED, NONE, ExtendedMode.LOTTERY), 410),
        ("fn-1-1m-15", report(4, SIMPLIFIED, NONE, ExtendedMode.PAWNSHOP), 410),
        ("fn-1-1m-15", report(4, SIMPLIFIED, NONE, ExtendedMode.INSURANCE), 410),
        ("fn-1-1m-15", report(4, SIMPLIFIED, NONE, ExtendedMode.HAS_MACHINE), 470),
        ("fn-1-1-15", report(3, SIMPLIFIED, SERVICES, GAMBLING), 470),
        ("fn-1-1m-36", report(4, SIMPLIFIED, SERVICES, GAMBLING), 1110),
        # autonomous
        ("fn-1-1-15", report(2, SIMPLIFIED, AUTONOMOUS), 410),
        ("fn-1-1-13", report(2, SIMPLIFIED, AUTONOMOUS), 410),
        ("fn-1-1-36", report(2, SIMPLIFIED, AUTONOMOUS), 560),
        ("fn-1-1m-36", report(4, GENERAL, AUTONOMOUS), 410),
        ("fn-1-1m-36", report(4, GENERAL, AUTONOMOUS | SERVICES), 560),
        ("fn-1-1m-36", report(4, SIMPLIFIED, AUTONOMOUS), 560),
        # agents
        ("fn-1-1m-36", report(4, SIMPLIFIED, NONE, agents=0x40), 560),
        ("fn-1-1-36", report(2, SIMPLIFIED, NONE, agents=0x40), 1110),
        ("fn-1-1m-15", report(4, SIMPLIFIED, NONE, agents=0x40), 470),
    ],
)
def test_the_term_is_the_shortest_that_the_registration_leaves(model: str, made: RegistrationReport, days: int) -> None:
    assert term_days(load_model(model), made) == days


@pytest.mark.parametrize(("tax_systems", "days"), [(PATENT, 1110), (GENERAL, 560)])
def test_the_end_of_the_term_is_told_after_the_registration(tax_systems: int, days: int) -> None:
    till = Till(load_model("fn-1-1-36"))
    till.register(tax_systems=tax_systems)
    term = Term.parse(till.do(FnCommand.TERM))
    assert term.expires_on == START.date() + timedelta(days=days)
    assert (term.registrations_made, term.registrations_left) == (1, 71)
