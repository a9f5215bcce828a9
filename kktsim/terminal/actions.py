"""What the items of the menu do: one table from the name in ``menu.toml`` to the action."""

from collections.abc import Mapping, Sequence
from typing import Any

from kktsim.host.till import NoAnswerError
from kktsim.terminal import ofd, pos
from kktsim.terminal.menu import Item
from kktsim.terminal.screen import DONE, NO_INTERNET, Screen, line, words
from kktsim.terminal.tablet import Action, Tablet
from protocol.atol.command import CommandError, parse_answer
from protocol.atol.commands.fn import PrintDocument
from protocol.atol.commands.modes import Mode


def send(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """The commands of the item, in its mode."""
    tablet.driver.enter(item.mode)
    for command in item.commands:
        tablet.driver.ask(command)
    return (DONE,)


def send_typed(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Произвольная команда»: what was typed, in whatever mode the till is; the answer, and the driver's words."""
    (command,) = typed
    reply = tablet.driver.send(command)
    try:
        answer = parse_answer(command[0], reply)
    except CommandError:
        raise NoAnswerError("what came is no answer") from None
    shown = line("Команда", command.hex(" ").upper()), line("Ответ ККМ", reply.hex(" ").upper())
    return (*shown, words(0 if answer.is_ok else answer.code))


def print_document(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Печать документа по номеру»: ABh in mode 6, as ATOL's driver 10.8 sends it."""
    (number,) = typed
    tablet.driver.enter(Mode.FN_ACCESS)
    tablet.driver.ask(PrintDocument(number=number))
    return (DONE,)


def browse(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Браузер»: the till is not asked."""
    (site,) = typed
    return (f"{site}: страница открыта",) if tablet.internet.has_internet() else (NO_INTERNET,)


ACTIONS: Mapping[str, Action] = {
    "send": send,
    "send_typed": send_typed,
    "print_document": print_document,
    "browse": browse,
    "show_ofd": ofd.show,
    "set_up_ofd": ofd.set_up,
    "check_ofd": ofd.check,
    "write_ofd_address": ofd.write_address,
    "sell": pos.sell,
    "edit_card": pos.edit_card,
    "wipe": pos.wipe,
    "restart": pos.restart,
}
"""A name in the column ``does`` to what is done."""
