"""Named states of a till, as recipes: what was done to a new till, when, before it is handed over.

A recipe is made of host commands, hands and world time, and nothing else; so a preset is a state a real till can be
brought into. Its history lies before the moment of handing over.
"""

from collections.abc import Callable
from dataclasses import dataclass

from scenarios import routine
from scenarios.roles import Hands, Till

MINUTE, HOUR, DAY = 60, 3600, 86_400
Recipe = Callable[[Till, Hands, float, int], None]
"""Is given the moment of handing over, and the days from the test shop's registration to the end of the FN's term."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A state by name.

    ``days``: how long before the handing over the till is new; ``is_past_term``: the term of its FN lies between too.
    """

    name: str
    about: str
    days: int
    recipe: Recipe
    is_past_term: bool = False

    def history_days(self, term_days: int) -> int:
        """How long before the handing over the till is new."""
        return self.days + term_days if self.is_past_term else self.days


def midnight(world: float) -> float:
    """The beginning of the day."""
    return world - world % DAY


def _factory(till: Till, hands: Hands, at: float, term_days: int) -> None:
    """Nothing has been done."""


def _registered(till: Till, hands: Hands, at: float, term_days: int) -> None:
    hands.set_world(at - HOUR)
    routine.set_ofd(till)
    routine.register(till)
    routine.leave(till)


def _registered_two_systems(till: Till, hands: Hands, at: float, term_days: int) -> None:
    hands.set_world(at - HOUR)
    routine.set_ofd(till)
    routine.register(till, routine.SIMPLIFIED | routine.PATENT)
    routine.choose_tax_system(till, routine.SIMPLIFIED)
    routine.leave(till)


def _registered_general(till: Till, hands: Hands, at: float, term_days: int) -> None:
    hands.set_world(at - HOUR)
    routine.set_ofd(till)
    routine.register(till, routine.GENERAL)
    routine.leave(till)


def _shift_open(till: Till, hands: Hands, at: float, term_days: int) -> None:
    _registered(till, hands, at, term_days)
    hands.set_world(at - HOUR + 5 * MINUTE)
    routine.open_shift(till)


def _receipt_open(till: Till, hands: Hands, at: float, term_days: int) -> None:
    _shift_open(till, hands, at, term_days)
    hands.set_world(at - 5 * MINUTE)
    routine.open_receipt(till)
    routine.add_item(till)


def _shift_25_hours(till: Till, hands: Hands, at: float, term_days: int) -> None:
    hands.set_world(at - 26 * HOUR)
    routine.set_ofd(till)
    routine.register(till)
    hands.set_world(at - 25 * HOUR)
    routine.open_shift(till)
    hands.set_world(at - 24 * HOUR)
    routine.sell(till)


def _ofd_30_days(till: Till, hands: Hands, at: float, term_days: int) -> None:
    """The oldest unsent document is of the 31st day back; a shift was opened on the last evening that allowed it."""
    hands.set_world(midnight(at) - 40 * DAY + 10 * HOUR)
    routine.set_ofd(till)
    routine.register(till)
    hands.set_world(midnight(at) - 31 * DAY + 12 * HOUR)
    hands.ofd_down()
    routine.open_shift(till)
    routine.sell(till)
    hands.set_world(midnight(at) - 31 * DAY + 18 * HOUR)
    routine.close_shift(till)
    hands.set_world(midnight(at) - MINUTE)
    routine.open_shift(till)


def _fn_expired_offline(till: Till, hands: Hands, at: float, term_days: int) -> None:
    """The term ended yesterday; what was made on the last day waits for the OFD."""
    _fn_expired(till, hands, at, term_days, is_online=False)


def _fn_expired(till: Till, hands: Hands, at: float, term_days: int, *, is_online: bool = True) -> None:
    """The term ended yesterday; the last shift was closed in the evening before."""
    registered_on = midnight(at) - (term_days + 1) * DAY
    hands.set_world(registered_on + 10 * HOUR)
    routine.set_ofd(till)
    routine.register(till)
    hands.set_world(midnight(at) - 2 * DAY + 9 * HOUR)
    if not is_online:
        hands.ofd_down()
    routine.open_shift(till)
    routine.sell(till)
    hands.set_world(midnight(at) - 2 * DAY + 20 * HOUR)
    routine.close_shift(till)


def _fn_expired_shift_open(till: Till, hands: Hands, at: float, term_days: int) -> None:
    """The term ended at midnight; the shift that was opened ten minutes before is still open.

    Handed over after 23:50 it would be older than 24 hours.
    """
    registered_on = midnight(at) - (term_days + 1) * DAY
    hands.set_world(registered_on + 10 * HOUR)
    routine.set_ofd(till)
    routine.register(till)
    hands.set_world(midnight(at) - 10 * MINUTE)
    routine.open_shift(till)


def _archive_closed(till: Till, hands: Hands, at: float, term_days: int) -> None:
    _shift_open(till, hands, at, term_days)
    routine.sell(till)
    routine.close_shift(till)
    routine.close_archive(till)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("factory", "a new till with a fresh FN", 0, _factory),
        Preset("registered", "registered an hour ago, shift closed", 1, _registered),
        Preset("registered-two-sno", "the same for УСН доход, the default, and Патент", 1, _registered_two_systems),
        Preset("registered-osn", "the same for ОСН", 1, _registered_general),
        Preset("shift-open", "registered, shift opened 55 minutes ago", 1, _shift_open),
        Preset("receipt-open", "a receipt with one item was left open", 1, _receipt_open),
        Preset("shift-25h", "the shift has been open for 25 hours", 2, _shift_25_hours),
        Preset("ofd-30-days", "31 days without the OFD, shift open", 41, _ofd_30_days),
        Preset("fn-expired", "the FN's term is over, shift closed", 2, _fn_expired, is_past_term=True),
        Preset(
            "fn-expired-offline",
            "the same, and the last day was not sent",
            2,
            _fn_expired_offline,
            is_past_term=True,
        ),
        Preset(
            "fn-expired-shift-open",
            "the FN's term ended while a shift was open",
            2,
            _fn_expired_shift_open,
            is_past_term=True,
        ),
        Preset("archive-closed", "the FN's archive is closed, everything was sent", 1, _archive_closed),
    )
}
