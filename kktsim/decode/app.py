"""Application messages: what the till is asked, and what it answers to that.

The layouts are those of the declared commands (`protocol.atol.commands`); an answer is laid out as its request says.
What a field means beyond its type (a register's name, the field of a table, bits of flags) is in `meanings`.
"""

from dataclasses import fields as declared_fields
from io import BytesIO
from typing import Any, NamedTuple

from construct import Construct, ConstructError, SizeofError, StreamError, Struct

from kktsim.decode import fn, meanings, tlv
from kktsim.decode.piece import Field, Piece, Side, hexes
from kktsim.decode.values import field, fields
from protocol.atol import commands as _declared  # noqa: F401 - fills the table of commands
from protocol.atol.command import ANSWER_MARK, COMMANDS, PASSWORD_BYTES, Answer, Command, CommandError, parse_answer
from protocol.atol.command_catalogue import catalogue
from protocol.atol.commands.fn import AskFn
from protocol.atol.commands.registers import REGISTERS, ReadRegister
from protocol.atol.commands.requisites import ReadRequisite, WriteRequisite
from protocol.atol.errors import describe, driver_line
from protocol.atol.fields import FieldError

_TLV_HEADER = 4


class _Read(NamedTuple):
    """What could be read of a message: values by name, where it went wrong, the command when it is whole."""

    values: dict[str, Any]
    trouble: str
    command: Command | None = None


def name(command: int) -> str:
    """``92h OpenReceipt «Открыть чек»``; of a command that no till here has: ``EFh «Лицензии и журнал»``."""
    declared = COMMANDS.get(command)
    if declared is None:
        known = catalogue().get(command)
        return f"{command:02X}h " + (f"«{known.name_ru}»" if known else "неизвестная команда / unknown command")
    russian = russian_name(declared)
    return f"{command:02X}h {declared.__name__}" + (f" «{russian}»" if russian else "")


def russian_name(declared: type[Command]) -> str:
    """The official name: what the command's docstring begins with."""
    return (declared.__doc__ or "").partition("«")[2].partition("»")[0]


def request(message: bytes, side: Side | None = Side.HOST, *, has_password: bool = True) -> Piece:
    """An application message: access password, command, parameters."""
    start = PASSWORD_BYTES if has_password else 0
    told = fields({"access_password": message[:start].hex()}) if any(message[:start]) else ()
    if len(message) <= start:
        trouble = "" if len(message) == start else f"byte {len(message)}: the password is not whole"
        return Piece("request", "пустая команда / empty command", message, told, trouble=trouble, side=side)
    read = _read_request(message[start], message[start + 1 :], start + 1)
    inside: tuple[Piece, ...] = ()
    command = read.command
    values = dict(read.values)
    if isinstance(command, AskFn):
        inside = (fn.request(command.command, command.data, offset=start + 2),)
        values.clear()
    elif isinstance(command, WriteRequisite) and command.block == 0:
        inside = (_block(command.blocks, command.data, start + 4),)
        del values["data"]
    told += tuple(_field(message[start], key, value, command) for key, value in values.items())
    return Piece("request", name(message[start]), message, told, inside, read.trouble, side)


def answer(reply: bytes, message: bytes | None, side: Side | None = Side.TILL, *, has_password: bool = True) -> Piece:
    """A reply. ``message``: what it answers; None: nobody knows, so only its code is told."""
    start = PASSWORD_BYTES if has_password else 0
    if message is None or len(message) <= start:
        return _unasked(reply, side)
    code = message[start]
    try:
        read = parse_answer(code, reply)
    except CommandError:
        return Piece("answer", f"ответ на / answer to {name(code)}", reply, _raw(reply), (), _no_form(reply), side)
    title = f"ответ на / answer to {name(code)}: {words(read)}"
    if not read.is_ok or not read.data:
        return Piece("answer", title, reply, _detail(read), side=side)
    command = _read_request(code, message[start + 1 :], start + 1).command
    told, inside, trouble = _answer_fields(code, command, read.data, len(reply) - len(read.data))
    return Piece("answer", title, reply, told, inside, trouble, side)


def words(answer: Answer) -> str:
    """What the driver would show: code, driver's code and text."""
    if answer.is_ok:
        return "выполнено / done"
    error = describe(answer.code, answer.detail or None)
    return f"{answer.code:02X}h {error.identifier} {driver_line(answer.code, answer.detail or None)}"


# ---- requests


def _read_request(code: int, parameters: bytes, offset: int) -> _Read:
    declared = COMMANDS.get(code)
    if declared is None:
        return _Read({"parameters": parameters} if parameters else {}, "")
    layouts = [(part.name, part.metadata["layout"]) for part in declared_fields(declared)]  # type: ignore[arg-type]
    values, trouble = _walk(layouts, parameters, offset)
    if trouble:
        return _Read(values, trouble)
    try:
        return _Read(values, "", declared.from_wire(parameters))
    except CommandError as error:
        return _Read(values, f"byte {offset}: {describe(error.code).text_en}")


def _walk(layouts: list[tuple[str, Construct]], data: bytes, offset: int) -> tuple[dict[str, Any], str]:
    """Fields in wire order, as far as they can be read; what is wrong and at which byte."""
    stream = BytesIO(data)
    values: dict[str, Any] = {}
    for key, layout in layouts:
        at = stream.tell()
        try:
            value = layout.parse_stream(stream)
        except FieldError as error:
            wrong = hexes(data[at : stream.tell()])
            return values, f"byte {offset + at}: {key} is {wrong}: {describe(error.code).text_en}"
        except StreamError:
            return values, f"byte {offset + len(data)}: ends before {key} is whole"
        except ConstructError:
            return values, f"byte {offset + at}: {key} cannot be {hexes(data[at:])}"
        if key and not key.startswith("_"):
            values[key] = value
    rest = data[stream.tell() :]
    if rest:
        return values, f"byte {offset + stream.tell()}: {len(rest)} more than the layout has: {hexes(rest)}"
    return values, ""


def _field(code: int, key: str, value: Any, command: Command | None) -> Field:
    return field(key, value, meanings.of(code, key, value, command))


def _block(blocks: int, data: bytes, offset: int) -> Piece:
    """Block 0 begins with tag and length; of several blocks it holds only the beginning of the value."""
    if blocks < 2 or len(data) <= _TLV_HEADER:
        return tlv.piece(data, title="реквизит / requisite", offset=offset)
    length = int.from_bytes(data[2:_TLV_HEADER], "little")
    begun = data[:2] + (len(data) - _TLV_HEADER).to_bytes(2, "little") + data[_TLV_HEADER:]
    return tlv.piece(begun, title=f"начало реквизита из {length} байт / the beginning of {length} bytes", offset=offset)


# ---- answers


def _answer_fields(
    code: int, command: Command | None, data: bytes, offset: int
) -> tuple[tuple[Field, ...], tuple[Piece, ...], str]:
    if isinstance(command, AskFn):
        return (), (fn.answer(command.command, data, offset=offset),), ""
    if isinstance(command, ReadRequisite) and command.block == 0 and len(data) > 1:
        return fields({"blocks": data[0]}), (_block(data[0], data[1:], offset + 1),), ""
    values = {} if command is None else dict(command.read_answer(data))
    trouble = ""
    layout = None if command is None else type(command).answer_layout
    if isinstance(command, ReadRegister) and not values:
        trouble = _no_width(command.register, len(data), offset)
    elif isinstance(layout, Struct):
        walked, trouble = _walk([(part.name, part) for part in layout.subcons], data, offset)
        values = values if values and not trouble else walked
    if not values:
        return _raw(data), (), trouble
    return tuple(_field(code, key, value, command) for key, value in values.items()), (), trouble


def _no_width(register: int, size: int, offset: int) -> str:
    if register not in REGISTERS:
        return ""
    known = sorted({layout.sizeof() for layout in REGISTERS[register][1]})
    return f"byte {offset}: {size} bytes, the register has {' or '.join(map(str, known))}"


def _unasked(reply: bytes, side: Side | None) -> Piece:
    """A reply whose request was not seen."""
    title = "ответ / answer"
    if len(reply) > 1 and reply[0] == ANSWER_MARK:
        if reply[1] > 1:
            title += ": " + words(Answer(reply[1], reply[2] if len(reply) > 2 else 0))
        return Piece("answer", title, reply, _raw(reply[2:]), side=side)
    asked = _only_question(reply)
    if asked is not None:
        return answer(reply, bytes(PASSWORD_BYTES) + bytes((asked,)), side)
    return Piece("answer", title, reply, _raw(reply), side=side)


def looks_like_answer(data: bytes) -> bool:
    """Whether ``data`` is an answer that begins with a mark of its own and has the length of its layout."""
    return _only_question(data) is not None


def _only_question(reply: bytes) -> int | None:
    """The command that alone is answered with this mark and this length."""
    for code, declared in COMMANDS.items():
        form, layout = declared.answer, declared.answer_layout
        if form.has_code or form.head == bytes((ANSWER_MARK,)) or reply[:1] != form.head or layout is None:
            continue
        try:
            if layout.sizeof() == len(reply) - 1:
                return code
        except SizeofError:
            continue
    return None


def _no_form(reply: bytes) -> str:
    if not reply:
        return "byte 0: the answer is empty"
    return f"byte 0: an answer to this does not begin with {reply[0]:02X}"


def _detail(read: Answer) -> tuple[Field, ...]:
    return fields({"detail": read.detail}) if read.detail else ()


def _raw(data: bytes) -> tuple[Field, ...]:
    return fields({"data": data}) if data else ()
