"""What comes from the network to the till's exchange with the OFD, and what may be wrong there.

The numbers are those of register 2Bh. Source: ATOL protocol 3.1, register 2Bh; which number means what is a guess.
"""

from dataclasses import dataclass
from enum import IntEnum


class NetworkTrouble(IntEnum):
    """«Ошибка сети» of register 2Bh: why there was no connection."""

    NONE = 0
    NO_ADDRESS = 1
    """Table 19 tells no host, or no port."""
    NO_CHANNEL = 2
    """The till has no such way out as table 19 field 4 tells."""
    NAME_UNKNOWN = 3
    UNREACHABLE = 4
    REFUSED = 5
    TIMED_OUT = 6
    """Nobody answers the call."""


class OfdTrouble(IntEnum):
    """«Ошибка ОФД» of register 2Bh: what went wrong on a connection; the operator's answer codes stand there too."""

    NONE = 0
    NO_ANSWER = 1
    CLOSED = 2
    """The operator hung up before its answer was whole."""
    BAD_ANSWER = 3
    """What came is no answer to this till: signature, version or FN number are others, or it has no body."""
    NOT_RECOGNISED = 11
    """«Документ не распознан», tag 1022; the document is confirmed all the same."""
    FORMAT_LOGIC_ERROR = 14
    """«Ошибка форматно-логического контроля», tag 1022; likewise."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The connection stands."""


@dataclass(frozen=True, slots=True)
class Received:
    """Some bytes from the other end."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """The other end hung up."""


@dataclass(frozen=True, slots=True)
class Failed:
    """There will be no connection."""

    trouble: NetworkTrouble


Event = Connected | Received | Closed | Failed
