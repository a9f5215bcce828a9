"""How long an FN serves: its own term, shortened by what the KKT is registered for.

Days count from the first registration report. Source: the practice of a registration service, which an FN tells in tag
1213 of the report; it is no documented rule of the FN.
"""

from collections.abc import Callable
from typing import NamedTuple

from fn_model.model import FnModel
from fn_model.state import RegistrationReport
from protocol.ffd.formats import FFD_1_2
from protocol.fn.commands import ExtendedMode, WorkMode

SHORT_DAYS = 410
"""13 months."""
MIDDLE_DAYS = 560
"""18 months."""

_GENERAL_TAX = 0x01
_GAMES_AND_LOANS = ExtendedMode.GAMBLING | ExtendedMode.LOTTERY | ExtendedMode.PAWNSHOP | ExtendedMode.INSURANCE


class Use(NamedTuple):
    """What an FN of ``months`` is registered for."""

    months: int
    is_ffd_1_2: bool
    is_autonomous: bool
    is_agent: bool
    sells_goods_under_general_tax: bool
    conditions: ExtendedMode


def _excise(use: Use) -> bool:
    return ExtendedMode.EXCISE in use.conditions and (use.is_ffd_1_2 or use.months == 36)


def _games_or_loans(use: Use) -> bool:
    return bool(use.conditions & _GAMES_AND_LOANS) and use.is_ffd_1_2 and use.months == 15


def _autonomous_for_short(use: Use) -> bool:
    return use.is_autonomous and (use.months == 15 or (use.is_ffd_1_2 and use.sells_goods_under_general_tax))


def _autonomous(use: Use) -> bool:
    return use.is_autonomous


def _goods_under_general_tax(use: Use) -> bool:
    return use.months == 36 and use.sells_goods_under_general_tax


def _agents(use: Use) -> bool:
    return use.months == 36 and use.is_agent and use.is_ffd_1_2


LIMITS: tuple[tuple[Callable[[Use], bool], int], ...] = (
    (_excise, SHORT_DAYS),
    (_games_or_loans, SHORT_DAYS),
    (_autonomous_for_short, SHORT_DAYS),
    (_autonomous, MIDDLE_DAYS),
    (_goods_under_general_tax, MIDDLE_DAYS),
    (_agents, MIDDLE_DAYS),
)
"""A use of the FN and the days it leaves; of several the fewest."""


def use_of(model: FnModel, report: RegistrationReport) -> Use:
    """What ``report`` registers an FN of ``model`` for. Without the flag of services a KKT sells goods."""
    request = report.request
    sells_goods = WorkMode.SERVICES not in request.work_mode
    return Use(
        months=model.months,
        is_ffd_1_2=report.ffd >= FFD_1_2,
        is_autonomous=report.is_autonomous,
        is_agent=bool(report.agents),
        sells_goods_under_general_tax=sells_goods and bool(request.tax_systems & _GENERAL_TAX),
        conditions=report.conditions,
    )


def term_days(model: FnModel, report: RegistrationReport) -> int:
    """Days of the term after the day of the registration."""
    use = use_of(model, report)
    return min([model.term_days, *(days for applies, days in LIMITS if applies(use))])
