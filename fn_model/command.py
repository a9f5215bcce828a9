"""How a chapter declares its commands: what does it, and how long its arguments may be."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from protocol.fn.commands import DateTimeError, FnCode, unpack_date_time
from protocol.fn.frame import MAX_DATA
from protocol.fn.layouts import LayoutError

Arguments = TypeVar("Arguments")
Action = Callable[[FiscalStorage, bytes, float], bytes]
"""FN, data of the request, world seconds -> data of the answer; FnRefusal otherwise."""

NOTHING = range(1)
DATE_TIME = (5,)
DOCUMENT_NUMBER = (4,)
ANYTHING = range(1, MAX_DATA + 1)


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``sizes``: lengths of its data in bytes; others are refused with 01h before anything else."""

    action: Action
    sizes: Container[int] = NOTHING


def date_time(data: bytes) -> datetime:
    """The date-time of a request; raises FnRefusal 07h when it is none."""
    try:
        return unpack_date_time(data)
    except DateTimeError:
        raise FnRefusal(FnCode.BAD_DATE) from None


def arguments(parse: Callable[[bytes], Arguments], data: bytes) -> Arguments:
    """The arguments of a request; raises FnRefusal 01h (length), 07h (no date) or 09h (impossible value)."""
    try:
        return parse(data)
    except LayoutError:
        raise FnRefusal(FnCode.BAD_FORMAT) from None
    except DateTimeError:
        raise FnRefusal(FnCode.BAD_DATE) from None
    except ValueError:
        raise FnRefusal(FnCode.BAD_VALUE) from None


def document_number(data: bytes) -> int:
    """The document number of a request."""
    return int.from_bytes(data, "little")
