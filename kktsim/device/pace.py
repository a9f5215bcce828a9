"""«Темп»: how long a till takes for each command, and for bytes on a serial line. Off by default: all is done at once.

`Pace.duration` tells of a message and its outcome for how long the reply is held back, and for how long after the
reply the paper still moves. A refusal needs no printing and no FN and is quick; a command that an FN let down is not.

Sources: a real Evotor's log (seven hours of trade, 2021) for what is in `LOGGED`; `GUESSED` are orders of magnitude by
comparison with those. The speeds of the line: ATOL protocol 3.1, table 9 field 2; 8N1 is what observed drivers set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kktsim.device.fn_link import is_fn_code
from protocol.atol.command import PASSWORD_BYTES
from protocol.atol.kkt_codes import E

BITS_PER_BYTE: Final = 10
"""On a serial line: start bit, eight bits, stop bit."""
USUAL_BAUD: Final = 115_200
BAUDS: Final[Mapping[int, int]] = {
    1: 1200,
    2: 2400,
    3: 4800,
    4: 9600,
    5: 14_400,
    6: 38_400,
    7: 57_600,
    8: USUAL_BAUD,
    9: 19_200,
}
"""Value of table 9 field 2 to bits a second."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds of host time. ``reply``: until the reply; ``printing``: from the reply until the paper stands still."""

    reply: float
    printing: float = 0.0


QUESTION: Final = Duration(0.005)
FN_QUESTION: Final = Duration(0.01)
LOGGED: Final[Mapping[int, Duration]] = {
    **dict.fromkeys((0x3F, 0x45, 0x46, 0x4D, 0x58, 0x74, 0x9D, 0xA5), QUESTION),  # 0.001 to 0.02
    **dict.fromkeys((0x91, 0xA4, 0xE9), FN_QUESTION),  # 0.005 to 0.02
    0x4A: Duration(2.4),
    0x56: Duration(0.02),
    0x73: Duration(0.9),
    0x92: Duration(0.4),
    0x99: Duration(1.5),  # 0.8 to 2.2
    0xEB: Duration(0.31, 0.01),  # 0.25 to 0.37; an Add right behind it is answered A1, and a few ms later A6
}
GUESSED: Final[Mapping[int, Duration]] = {
    0x49: Duration(0.9),
    0x4C: Duration(0.02, 0.05),
    0x4F: Duration(0.9),
    0x52: Duration(0.31, 0.01),
    0x57: Duration(0.31, 0.01),
    0x59: Duration(0.9),
    0x5A: Duration(0.1),  # the report itself prints while state 7.1 is shown
    0x67: Duration(0.1),
    0x6B: Duration(4.0),  # articles: up to ten seconds, of which the restart takes the setting `zeroing_seconds`
    0x6C: Duration(0.9),
    0x71: Duration(2.0),
    0x75: Duration(0.5),
    0x77: Duration(3.0),
    0x82: Duration(2.0),
    0x87: Duration(0.02, 0.05),
    0x9A: Duration(2.4),
    0xA6: Duration(8.0),
    0xA7: Duration(6.0),
    0xA8: Duration(3.0),
    0xAB: Duration(3.0),
    0xE6: Duration(0.31, 0.01),
}
OTHER: Final = Duration(0.02)
"""A command that neither prints nor asks the FN for a document (guess)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """One profile of durations. ``slows_lines``: bytes on a serial line take their time too."""

    name: str
    durations: Mapping[int, Duration]
    other: Duration
    slows_lines: bool

    def duration(self, message: bytes, reply: bytes, failed: bool) -> Duration:
        """How long this message (password, command, parameters) took that had this reply."""
        if len(message) <= PASSWORD_BYTES or (failed and not is_fn_code(E(reply[1]))):
            return self.other
        return self.durations.get(message[PASSWORD_BYTES], self.other)


OFF: Final = "off"
PACES: Final[Mapping[str, Pace | None]] = {
    OFF: None,
    "real": Pace("real", {**GUESSED, **LOGGED}, OTHER, slows_lines=True),
}
"""Profiles by name; None: everything is done at once."""
