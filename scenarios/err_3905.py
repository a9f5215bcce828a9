"""«Неверный формат или значение»: wire 13h (19), driver -3905. Article err_3905.

Before each sale the terminal reads font, brightness and spacing from table 2 and sends them back with each line. A
damaged value is refused at the first line, and the receipt is annulled. Writing that one field is all it needs.
"""

from dataclasses import dataclass

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import CLOSE_SHIFT, driver_says, menu_item, raw_command, sells
from scenarios.ofd_cases import TILL_TRIES
from scenarios.playbook import Alternative, Scenario, Variant, Weight, hand, sends
from scenarios.zeroing_cases import OFD_FORGOTTEN, REBOOTED, TWO_SYSTEMS, ZERO, default_system

_REFUSED = driver_says(E.BAD_FORMAT)
_TO_PROGRAMMING = (raw_command("48"), raw_command("56 04 00 00 00 30"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of table 2 that the terminal sends back. ``bad``: its damaged value; ``good``: 50h that writes it."""

    id: str
    title: str
    number: int
    bad: str
    good: str


BRIGHTNESS = Field("", "яркость печати", 19, "FF", "50 02 00 01 13 12")
FONT = Field("_font", "шрифт", 32, "1F", "50 02 00 01 20 02")
SPACING = Field("_spacing", "межстрочный интервал", 30, "99", "50 02 00 01 1E 03")


def _scenario(field: Field, preset: str = "registered") -> Scenario:
    several = preset == TWO_SYSTEMS
    return Scenario(
        id=f"err_3905{field.id}{'_two_sno' if several else ''}",
        article="err_3905",
        case="inferred_bad_value",
        title=f"Неверный формат или значение: {field.title}{', несколько СНО' if several else ''}",
        preset=preset,
        error=E.BAD_FORMAT,
        screens=(_REFUSED,),
        reproduce=(
            sells(),
            hand("alter_memory", "tables", f"2/1/{field.number}", field.bad, title="a byte of table 2 is damaged"),
            sells(shows=_REFUSED),
        ),
        fix=(
            ZERO.weighs(Weight.NEEDED),
            REBOOTED.weighs(Weight.NEEDED),
            default_system(preset),
            OFD_FORGOTTEN,
        ),
        prove=(sells(title="Повторите продажу"), TILL_TRIES),
        alternatives=(
            Alternative(
                "writing the one field by raw commands",
                (*_TO_PROGRAMMING, raw_command(field.good), raw_command("48")),
                cures=True,
            ),
            Alternative(
                "closing the shift and initialising the tables: that resets the address of the OFD as well",
                (menu_item(CLOSE_SHIFT), sends("48", "71", title="initialise the tables")),
                cures=not several,
                harms=not several,
            ),
            Alternative("the reboot without the zeroing", (REBOOTED,), cures=False),
        ),
        variants=(
            Variant(
                "zeroing keeps the clock: the reboot does nothing",
                kkt_settings={"zeroing_clears_clock": False},
                weights={REBOOTED.title: Weight.SUPERFLUOUS},
            ),
        ),
        documented="the error, and every step but the one marked",
        inferred="which value is wrong and who sends it back; that zeroing loses the clock",
    )


FAMILY = (_scenario(BRIGHTNESS), _scenario(BRIGHTNESS, TWO_SYSTEMS), _scenario(FONT), _scenario(SPACING))
