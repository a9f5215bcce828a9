"""What the items of the menu do: one table from the name in the registry to the action."""

from collections.abc import Mapping, Sequence
from typing import Any

from kktsim.terminal import clock, ofd, pos, registration, service
from kktsim.terminal.menu import NOT_MODELLED, Item
from kktsim.terminal.screen import NO_INTERNET, Screen
from kktsim.terminal.screen import NOT_MODELLED as NOTHING_THERE
from kktsim.terminal.tablet import Action, Tablet


def browse(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Браузер»: the till is not asked."""
    (site,) = typed
    return (f"{site}: страница открыта",) if tablet.internet.has_internet() else (NO_INTERNET,)


def say_so(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """A place that articles name and that does nothing here."""
    return (NOTHING_THERE,)


ACTIONS: Mapping[str, Action] = {
    "send": service.send,
    "report": service.report,
    "send_typed": service.send_typed,
    "print_document": service.print_document,
    "open_section": service.open_section,
    "enter_code": service.enter_code,
    "choose_tax_system": service.choose_tax_system,
    "set_encashment": service.set_encashment,
    "set_till_clock": clock.set_till_clock,
    "set_tablet_clock": clock.set_tablet_clock,
    "register": registration.register,
    "browse": browse,
    "show_ofd": ofd.show,
    "set_up_ofd": ofd.set_up,
    "check_ofd": ofd.check,
    "write_ofd_address": ofd.write_address,
    "sell": pos.sell,
    "edit_card": pos.edit_card,
    "wipe": pos.wipe,
    "restart": pos.restart,
    NOT_MODELLED: say_so,
}
"""A name in the column ``does`` to what is done."""
