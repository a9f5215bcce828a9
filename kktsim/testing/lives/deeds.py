"""What may happen in a shop, deed by deed: lives are made of them, and errors come about in lives.

A deed is named and always does the same. What the till refuses of it is passed over, as a shop would; hands that cannot
act now do nothing.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from kktsim.hands.error import HandsError
from kktsim.host.till import NoAnswerError
from scenarios.at_terminal import (
    CARD,
    CLOSE_SHIFT,
    REGISTER,
    REPLACE_FN,
    SELL,
    SET_UP,
    TABLET_CLOCK,
    ZEROING,
)
from scenarios.by_hand import EPOCH
from scenarios.playbook import Scene
from scenarios.presets import DAY, HOUR

Deed = Callable[[Scene], object]


def _chooses(path: str, *typed: str | None) -> Deed:
    return lambda scene: scene.terminal.choose(path, *typed)


def _sends(*commands: str) -> Deed:
    def act(scene: Scene) -> None:
        for command in commands:
            scene.till.send(bytes.fromhex(command))

    return act


def _dies(after: int) -> Deed:
    """The terminal's program dies in a sale, and is started again."""

    def act(scene: Scene) -> None:
        scene.terminal.die_after(after)
        scene.terminal.choose(SELL)
        scene.terminal.restart()

    return act


def _sells_from_a_card(name: str, *card: str | None, price: str | None = None) -> Deed:
    def act(scene: Scene) -> None:
        scene.terminal.choose(CARD, name, *card)
        scene.terminal.choose(SELL, name, None, price)

    return act


def _power(scene: Scene) -> None:
    scene.hands.power_off()
    scene.hands.power_on()


def _spoils(*regions: str) -> Deed:
    """Regions of the memory are found lost when the till is switched on."""

    def act(scene: Scene) -> None:
        for region in regions:
            scene.hands.spoil_memory(region)
        _power(scene)

    return act


def _tablet_ahead(scene: Scene) -> None:
    ahead = EPOCH + timedelta(seconds=scene.witness.world() + 2 * HOUR)
    scene.terminal.choose(TABLET_CLOCK, ahead.strftime("%d.%m.%Y %H:%M"))


def _alters(region: str, field: str, value: str | None) -> Deed:
    return lambda scene: scene.hands.alter_memory(region, field, value)


DEEDS: Mapping[str, Deed] = {
    "sell": _chooses(SELL),
    "close the shift": _chooses(CLOSE_SHIFT),
    "an hour goes by": lambda scene: scene.hands.advance(HOUR),
    "a day goes by": lambda scene: scene.hands.advance(DAY),
    "a month goes by": lambda scene: scene.hands.advance(31 * DAY),
    "the FN's term goes by": lambda scene: scene.hands.advance(471 * DAY),
    "the OFD goes down": lambda scene: scene.hands.ofd_down(),
    "the OFD's address is wiped out": _chooses(SET_UP, "", None),
    "the channel is left to the driver": _sends("48", "56 04 00 00 00 30", "50 13 00 01 04 05", "48"),
    "the FN comes loose": lambda scene: scene.hands.unplug_fn(),
    "a new FN is put in": lambda scene: scene.hands.swap_fn(),
    "the till is registered": _chooses(REGISTER, "нет"),
    "the archive is closed": _chooses(REPLACE_FN),
    "the cable breaks": lambda scene: scene.hands.cut_cable(),
    "the FN hangs when it signs": lambda scene: scene.hands.break_fn("silent_on_signing"),
    "the FN dies": lambda scene: scene.hands.break_fn("silent"),
    "the FN misreads": lambda scene: scene.hands.break_fn("misreads"),
    "the till loses its power": _power,
    "the terminal restarts": lambda scene: scene.terminal.restart(),
    "the program dies before it notes the receipt": _dies(0x92),
    "the program dies with an item rung up": _dies(0xEB),
    "somebody annuls the receipt": _sends("59"),
    "goods with VAT are sold at a discount": _sells_from_a_card("Чай с НДС", "3800", "НДС 20%", price="1"),
    "goods of an agent are sold": _sells_from_a_card("Чай агента", None, None, None, "Агент", "7707083893"),
    "the tablet's clock runs ahead": _tablet_ahead,
    "the till is zeroed": _chooses(ZEROING),
    "the totals are lost": _spoils("totals"),
    "totals, clock and tables are lost": _spoils("totals", "clock", "tables"),
    "the password is changed": _alters("passwords", "3/30/1", "00000031"),
    "the brightness is spoilt": _alters("tables", "2/1/19", "FF"),
    "the last document is remembered wrongly": _alters("mirror", "document_number", "77"),
    "the protection codes are gone": _alters("identity", "protection_codes", "[]"),
}
"""Name of a deed to the deed."""


def live(scene: Scene, life: tuple[str, ...]) -> None:
    """Let a life go by."""
    for name in life:
        with suppress(HandsError, NoAnswerError):
            DEEDS[name](scene)
