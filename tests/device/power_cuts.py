"""The power fails, or an answer gets lost, while a command from the desk is done."""

from kktsim.power import PowerCut
from kktsim.testing.outages import CutNvram, Moment, answers_get_lost, power_will_fail

from .desk import Asked, Desk


def power_fails(desk: Desk, command: Asked, moment: Moment) -> CutNvram:
    """Let the power fail during ``command``; the till is off afterwards."""
    with power_will_fail(desk.bench, moment) as nvram:
        try:
            answer = desk.reply(command)
        except PowerCut:
            desk.bench.cut_power()
            return nvram
    raise AssertionError(f"{command} was answered {answer.hex()}")


def answer_is_lost(desk: Desk, command: Asked) -> int:
    """Let the FN make the document of ``command`` unheard; the wire code of the answer."""
    with answers_get_lost(desk.bench):
        return desk.answer(command).code
