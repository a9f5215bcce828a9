"""«Ресурс печатающего устройства»: how far the mechanism has worn, from what it has really printed.

A line of text is 24 rows of dots and 2 between lines; a cut feeds the paper from the head to the knife (guesses).
Nothing that is modelled resets the resettable counters, so they equal those since manufacture.
"""

from kktsim.device.kkt import Kkt

ROWS_OF_A_LINE = 24
ROWS_BETWEEN_LINES = 2
ROWS_TO_THE_KNIFE = 120


def head_cycles(kkt: Kkt) -> int:
    """Times that the thermal head was fired: rows of dots."""
    return kkt.paper.printed_lines * ROWS_OF_A_LINE


def motor_steps(kkt: Kkt) -> int:
    """Steps of the paper motor, a row of dots each; it never turns backwards."""
    return kkt.paper.printed_lines * (ROWS_OF_A_LINE + ROWS_BETWEEN_LINES) + kkt.paper.cuts * ROWS_TO_THE_KNIFE


def cuts(kkt: Kkt) -> int:
    """«Количество отрезов»."""
    return kkt.paper.cuts
