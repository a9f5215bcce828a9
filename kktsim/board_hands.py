"""What hands do to the till's board, its power off meanwhile: the cell of its clock, another board, other firmware."""

from dataclasses import replace

from kktsim.device import Kkt
from kktsim.device.board import SPARE_PART
from kktsim.device.model import KktModel
from kktsim.device.state import ClockRegion
from kktsim.hands.error import HandsError
from kktsim.kkt_models import UnknownModelError, with_firmware


def set_jumper(kkt: Kkt, on: bool) -> None:
    """Set the boot jumper, or take it off; the power may be on."""
    kkt.memory.board = replace(kkt.memory.board, jumper_is_on=on)
    kkt.keep()


def lose_clock(kkt: Kkt) -> None:
    """Take the clock's cell out and put it back."""
    kkt.memory.clock_region = ClockRegion.NEEDS_DATE
    kkt.keep()


def replace_board(kkt: Kkt) -> None:
    """Put a board from the spare parts in: neither serial number nor protection codes."""
    kkt.memory.board = replace(SPARE_PART, jumper_is_on=kkt.memory.board.jumper_is_on)
    kkt.keep()


def other_model(kkt: Kkt, firmware: str) -> KktModel:
    """The till's model with another firmware; raises `HandsError` when there is none of that name."""
    try:
        return with_firmware(replace(kkt.model, settings=kkt.settings), firmware)
    except UnknownModelError as error:
        raise HandsError(str(error)) from None


def flash(kkt: Kkt, model: KktModel) -> None:
    """Let the till be of ``model``: what it keeps stays, but for settings fields that the new firmware lacks.

    What is new comes with its defaults. That nothing else is lost is a guess.
    """
    kkt.model, kkt.settings = model, model.settings
    kkt.memory.tables = {place: data for place, data in kkt.memory.tables.items() if place in model.tables.fields}
    kkt.keep()
