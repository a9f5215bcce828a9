"""What the articles share that end in a technological zeroing: its steps, and what has to be set up again after it."""

from datetime import datetime, timedelta

from scenarios.at_terminal import (
    DEFAULT_SNO,
    DONE,
    RESTART,
    SET_CLOCK,
    SET_UP,
    ZEROING,
    menu_item,
    menu_item_when,
    screen,
)
from scenarios.by_hand import Words
from scenarios.ofd_cases import HOST, PORT
from scenarios.playbook import Kind, Scene, Step, Weight, hand

TWO_SYSTEMS = "registered-two-sno"
"""The state of a till that is registered for two tax systems, УСН доход and another."""
DEFAULT_SYSTEM = "УСН доход"
ONE_SYSTEM = "Такого пункта нет: касса зарегистрирована на одну СНО"
_CHOOSE_SYSTEM = "Выбрать СНО по умолчанию"
_CHECK_OFD = "Проверить данные (адрес и порт) подключения к ОФД"

ZERO = menu_item(ZEROING, title="Выполнить технологическое обнуление")
SYSTEM_CHOSEN = menu_item(DEFAULT_SNO, DEFAULT_SYSTEM, title=_CHOOSE_SYSTEM)
NO_SYSTEM_TO_CHOOSE = screen(
    DEFAULT_SNO, ONE_SYSTEM, title=_CHOOSE_SYSTEM, reason="the till is registered for one tax system"
)
OFD_CHECKED = menu_item(SET_UP, HOST, PORT, title=_CHECK_OFD)
OFD_FORGOTTEN = (
    menu_item(SET_UP, HOST, PORT, title="enter address and port of the OFD again")
    .undocumented("the zeroing has wiped them out, and nothing leaves for the OFD")
    .weighs(Weight.HARMFUL_TO_OMIT)
)


def together(title: str, *steps: Step, kind: Kind = Kind.HANDS) -> Step:
    """Several steps that the document has as one."""

    def act(scene: Scene) -> None:
        for step in steps:
            step.act(scene)

    def typed(scene: Scene) -> tuple[Words, ...]:
        told = (step.typed(scene) if callable(step.typed) else step.typed for step in steps)
        return tuple(words for lines in told for words in lines)

    return Step(kind, title, act, typed=typed)


def power_cycled(title: str, *meanwhile: Step) -> Step:
    """The till is off while something is done to it; the terminal is not."""
    off, on = hand("power_off", title="switch the till off"), hand("power_on", title="switch the till on")
    return together(title, off, *meanwhile, on)


RESTARTED = menu_item(RESTART, title="the terminal starts")
REBOOTED = together(
    "Через 15 секунд перезагрузите кассу",
    hand("advance", 15, title="15 seconds go by"),
    power_cycled("switch it off and on"),
    RESTARTED,
)
"""Till and terminal are one device: the terminal's driver starts anew, and sets the till's clock."""
BATTERY_LOST = (
    hand("lose_memory", title="the battery is taken out"),
    hand("advance", 120, title="two minutes go by"),
)


def clock_set(title: str, shows: str = DONE) -> Step:
    """The right time is typed into the till's clock."""
    return menu_item_when(SET_CLOCK, _now, title=title, shows=shows)


def _now(scene: Scene) -> tuple[str]:
    return (f"{datetime(1970, 1, 1) + timedelta(seconds=scene.witness.world()):%d.%m.%Y %H:%M}",)


def default_system(preset: str) -> Step:
    """«Выбрать СНО по умолчанию, если кассу зарегистрировали на несколько СНО»: what it is in a state."""
    return SYSTEM_CHOSEN.weighs(Weight.NEEDED) if preset == TWO_SYSTEMS else NO_SYSTEM_TO_CHOOSE
