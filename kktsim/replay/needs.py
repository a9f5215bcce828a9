"""What a driver needs of an answer: a pattern of bytes, or, of a recorded answer, whatever is of the same kind.

Patterns are written as the frame's data in hex, with ``?`` for any digit, ``09/29`` for a byte whose bits 29h are 09h,
and a final ``*`` for any bytes more; ``A | B`` is either. Two answers are of the same kind when both are done, or both
refused with the same code, and the data fit the layout that is declared for the request; where none is declared, when
they are equally long.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from protocol.atol import commands as _declared  # noqa: F401 - fills the table of commands
from protocol.atol.command import COMMANDS, PASSWORD_BYTES, Command, CommandError, parse_answer

_DIGITS = re.compile(r"[0-9A-Fa-f?]{2}")
_BITS = re.compile(r"([0-9A-Fa-f]{2})/([0-9A-Fa-f]{2})")
ANY_MORE = "*"


class PatternError(ValueError):
    """A pattern cannot be read; the message says which part."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Bytes with holes. ``text``: as it was written."""

    text: str
    _choices: tuple[re.Pattern[bytes], ...]

    @classmethod
    def parse(cls, text: str) -> "Pattern":
        """Raises `PatternError`."""
        return cls(text, tuple(_compiled(choice) for choice in text.split("|")))

    def matches(self, data: bytes) -> bool:
        """Whether the whole of ``data`` is so."""
        return any(choice.fullmatch(data) for choice in self._choices)


def _compiled(text: str) -> re.Pattern[bytes]:
    tokens = text.split()
    more = bool(tokens) and tokens[-1] == ANY_MORE
    parts = [_token(token) for token in (tokens[:-1] if more else tokens)]
    return re.compile(b"".join(parts) + (b".*" if more else b""), re.DOTALL)


@cache
def _token(token: str) -> bytes:
    fitting = [byte for byte in range(256) if _fits(token, byte)]
    if not fitting:
        raise PatternError(f"{token!r}: no byte is so, a bit stands on the left that is not on the right")
    return b"[" + b"".join(re.escape(bytes((byte,))) for byte in fitting) + b"]"


def _fits(token: str, byte: int) -> bool:
    bits = _BITS.fullmatch(token)
    if bits is not None:
        return byte & int(bits[2], 16) == int(bits[1], 16)
    if not _DIGITS.fullmatch(token):
        raise PatternError(f"{token!r}: a byte of a pattern is two digits, ? for any of them, or bits as 09/29")
    return all(digit in ("?", there) for digit, there in zip(token.upper(), f"{byte:02X}", strict=True))


def is_same_kind(message: bytes, recorded: bytes, got: bytes) -> bool:
    """Whether an answer to ``message`` (password, command, parameters) is of the kind that was recorded."""
    if len(message) <= PASSWORD_BYTES:
        return len(recorded) == len(got)
    code = message[PASSWORD_BYTES]
    try:
        before, now = parse_answer(code, recorded), parse_answer(code, got)
    except CommandError:
        return recorded[:1] == got[:1] and len(recorded) == len(got)
    if not before.is_ok or not now.is_ok:
        return before.code == now.code
    return _have_one_layout(_command(message), before.data, now.data)


def _have_one_layout(command: Command | None, recorded: bytes, got: bytes) -> bool:
    if command is None:
        return len(recorded) == len(got)
    before, now = _names(command.read_answer(recorded)), _names(command.read_answer(got))
    if not before and not now:
        return len(recorded) == len(got)
    return bool(now) and (before <= now or now <= before or not before)


def _names(fields: Iterable[Any]) -> set[str]:
    return {str(name) for name in fields}


def _command(message: bytes) -> Command | None:
    declared = COMMANDS.get(message[PASSWORD_BYTES])
    if declared is None:
        return None
    try:
        return declared.from_wire(message[PASSWORD_BYTES + 1 :])
    except CommandError:
        return None
