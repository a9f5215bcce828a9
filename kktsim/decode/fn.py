"""What goes between till and FN: frames ``04 len cmd data crc``, and the commands inside them or inside A4h.

Documents for the OFD (23h) and its confirmations (26h) go there in the container in which they travel on.

Source: FNS, «Описание интерфейса ФН» 1.2; for the commands after it, public clients of the FN.
"""

from collections.abc import Mapping
from typing import Any

from kktsim.decode import ofd, tlv
from kktsim.decode.piece import Field, Piece, Side, hexes
from kktsim.decode.values import fields
from protocol.checksums import crc16
from protocol.fn.commands import WARNING_BIT, FnCommand
from protocol.fn.errors import fn_errors
from protocol.fn.frame import ENQ, START
from protocol.fn.layouts import LayoutError
from protocol.fn.reading import TLVS, parse_answer, parse_request
from protocol.fn.requests import ReadMessage
from protocol.fn.russian import RUSSIAN

_OVERHEAD = 6
"""Bytes of a frame beside its data."""
_HEAD = 4


def name(command: int) -> str:
    """``STATUS «Запрос статуса ФН»``."""
    if command not in RUSSIAN:
        return "неизвестная команда / unknown command"
    return f"{FnCommand(command).name} «{RUSSIAN[command]}»"


def request(command: int, data: bytes, side: Side | None = None, offset: int = 0) -> Piece:
    """A command with its arguments. ``offset``: where ``data`` begins in what is shown."""
    if command == FnCommand.PUT_CONFIRMATION and ofd.looks_like_container(data):
        title = f"ФН {command:02X}h {name(command)}"
        return Piece("fn request", title, data, (), (ofd.piece(data, start=offset),), "", side)
    told, inside, trouble = _read(parse_request, command, data, command == FnCommand.ADD_DATA, offset)
    return Piece("fn request", f"ФН {command:02X}h {name(command)}", data, told, inside, trouble, side)


def answer(command: int | None, data: bytes, side: Side | None = None, offset: int = 0) -> Piece:
    """The data of a good answer to ``command``; None: nobody knows to what."""
    if command is None:
        return Piece("fn answer", "ответ ФН / answer of the FN", data, _raw(data), (), "", side)
    title = f"ответ ФН на / answer to {command:02X}h {name(command)}"
    if command == FnCommand.READ_MESSAGE and ofd.looks_right(data):
        return Piece("fn answer", title, data, (), (ofd.piece(data, start=offset),), "", side)
    told, inside, trouble = _read(parse_answer, command, data, command in TLVS, offset)
    return Piece("fn answer", title, data, told, inside, trouble, side)


def frame(data: bytes, side: Side | None, asked: int | None) -> Piece:
    """A whole frame, or what there is of it. ``side``: HOST for the till's request; ``asked``: the last command."""
    if data == ENQ and side is not Side.TILL:
        return Piece("fn frame", "ENQ: повторите ответ / repeat your answer", data, side=Side.HOST)
    trouble = _damage(data)
    if len(data) < _HEAD:
        return Piece("fn frame", "кадр ФН / frame of the FN", data, _raw(data), trouble=trouble, side=side)
    first, body = data[3], data[_HEAD:-2] if not trouble else data[_HEAD : 3 + int.from_bytes(data[1:3], "little")]
    if side is Side.HOST:
        inner = request(first, body, offset=_HEAD)
        return Piece("fn frame", "запрос к ФН / request to the FN", data, (), (inner,), trouble, side)
    code = first & ~WARNING_BIT
    inside = (answer(asked, body, offset=_HEAD),) if code == 0 else ()
    told = Field("code", "код ответа", first, code_text(first))
    more = _raw(body) if code else ()
    return Piece("fn frame", "ответ ФН / answer of the FN", data, (told, *more), inside, trouble, side)


class MessageBlocks:
    """A message for the OFD that the till reads in several blocks, each behind the one before."""

    def __init__(self) -> None:
        self._read = b""

    def heard(self, asked: bytes, answered: bytes) -> Piece | None:
        """The whole message when the frame ``answered`` brings the last of its blocks, and not the only one."""
        if not (is_frame(asked) and is_frame(answered)) or asked[3] != FnCommand.READ_MESSAGE:
            return None
        try:
            block = ReadMessage.parse(asked[_HEAD:-2])
        except LayoutError:
            return None
        follows = block.offset <= len(self._read) and not answered[3] & ~WARNING_BIT
        self._read = self._read[: block.offset] + answered[_HEAD:-2] if follows else b""
        return ofd.piece(self._read) if block.offset and ofd.looks_right(self._read) else None


def code_text(code: int) -> str:
    """``08h Нет запрошенных данных``; whether the FN warns."""
    number = code & ~WARNING_BIT
    known = fn_errors().get(number)
    words = "успешно / done" if not number else known.name_ru if known is not None else "неизвестный код / unknown code"
    warns = ", есть предупреждение / a warning is set" if code & WARNING_BIT else ""
    return f"{number:02X}h {words}{warns}"


def is_frame(data: bytes) -> bool:
    """Whether ``data`` is one frame with a good check sum."""
    return not _damage(data)


def has_length(data: bytes) -> bool:
    """Whether ``data`` is one frame but for its check sum."""
    return len(data) >= _OVERHEAD and data[0] == START and int.from_bytes(data[1:3], "little") == len(data) - 5


def _damage(data: bytes) -> str:
    """What is wrong with the frame, and at which byte."""
    if not data or data[0] != START:
        return f"byte 0: a frame of the FN begins with 04, not {hexes(data[:1]) or 'nothing'}"
    if len(data) < _OVERHEAD:
        return f"byte {len(data)}: the frame ends here, the shortest has {_OVERHEAD} bytes"
    length = int.from_bytes(data[1:3], "little")
    whole = length + _OVERHEAD - 1
    if length == 0:
        return "byte 1: the length is 0, and counts the command too"
    if whole != len(data):
        return f"byte 1: the length {length} makes a frame of {whole} bytes, there are {len(data)}"
    expected = crc16(data[1:-2]).to_bytes(2, "little")
    if data[-2:] != expected:
        return f"byte {len(data) - 2}: the check sum is {hexes(data[-2:])}, it should be {hexes(expected)}"
    return ""


def _read(parse: Any, command: int, data: bytes, is_tlv: bool, offset: int) -> tuple[Any, tuple[Piece, ...], str]:
    if is_tlv:
        parts, trouble = tlv.tree(data, offset)
        return parts, (), trouble
    try:
        values: Mapping[str, Any] | None = parse(command, data)
    except ValueError as error:
        return _raw(data), (), f"byte {offset}: {error}"
    if values is None:
        return _raw(data), (), ""
    return fields(values), (), ""


def _raw(data: bytes) -> tuple[Field, ...]:
    return fields({"data": data}) if data else ()
