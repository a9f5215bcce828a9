"""Declaring application commands: one class a command, its fields in wire order, its answer.

    @command(0x92)
    class OpenReceipt(Command):
        flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)

A class knows both directions: the till parses the request and builds the answer, the host builds the request and
reads the answer. The layouts are `construct` structs, compiled when a command is first met.

Source: ATOL protocol 3.1, application level: a request is password (2 BCD), command, parameters; an answer is
``55 Err Ext`` without data, ``55 00 data`` with data, and a few forms of their own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from io import BytesIO
from typing import Any, ClassVar, Self, TypeVar, cast, dataclass_transform

from construct import Construct, ConstructError, SizeofError, Struct

from protocol.atol.fields import FieldError
from protocol.atol.kkt_codes import E

ANSWER_MARK = 0x55
PASSWORD_BYTES = 2


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """How a command is answered when it succeeds.

    ``head`` stands before the data; ``has_code`` says that the byte behind it is the error code.
    """

    head: bytes
    has_code: bool = True


PLAIN = AnswerForm(b"\x55\x00\x00")
"""``55 00 00``: done, nothing to tell; the last byte is the extended code."""
DATA = AnswerForm(b"\x55\x00")
"""``55 00 data``: no extended code in between."""
BARE_DATA = AnswerForm(b"\x55", has_code=False)
"""``55 data``: no error code at all (45h)."""
LEADING_CODE = AnswerForm(b"\x00")
"""``00 data``: the error code comes first, no mark (A5h)."""


def mark(letter: int) -> AnswerForm:
    """``letter data``: a mark of its own instead of 55 (3Fh, 4Dh)."""
    return AnswerForm(bytes((letter,)), has_code=False)


class CommandError(Exception):
    """A request cannot be understood; ``code`` is what the till answers."""

    def __init__(self, code: E) -> None:
        super().__init__(f"{code.name} ({int(code):02X}h)")
        self.code = code


def on_wire(layout: Construct, *, default: Any = MISSING) -> Any:
    """A field of a command, in wire order."""
    return field(default=default, metadata={"layout": layout})


class Command:
    """What all declared commands have. Subclasses are made by `command`."""

    __slots__ = ()
    code: ClassVar[int]
    answer: ClassVar[AnswerForm]
    answer_layout: ClassVar[Construct | None]

    def to_wire(self) -> bytes:
        """Command byte and parameters, without the password."""
        shape = _shape(type(self))
        if shape.layout is None:
            return bytes((self.code,))
        return bytes((self.code,)) + bytes(shape.layout.build({name: getattr(self, name) for name in shape.names}))

    @classmethod
    def from_wire(cls, parameters: bytes) -> Self:
        """The command with these parameters; raises `CommandError`: wrong length, or a field that is no value."""
        shape = _shape(cls)
        if shape.alone is not None:
            if parameters:
                raise CommandError(E.BAD_LENGTH)
            return cast(Self, shape.alone)
        if len(parameters) < shape.shortest or (shape.is_fixed and len(parameters) != shape.shortest):
            raise CommandError(E.BAD_LENGTH)
        try:
            return cast(Self, shape.parse(BytesIO(parameters), None))
        except FieldError as error:
            raise CommandError(error.code) from None
        except ConstructError:
            raise CommandError(E.BAD_FORMAT) from None

    @classmethod
    def wire_fields(cls) -> list[tuple[str, int | None]]:
        """Name and bytes of each parameter in wire order; None: as many bytes as there are."""
        return [(part.name, _size(part.metadata["layout"])) for part in fields(cls)]  # type: ignore[arg-type]

    def read_answer(self, data: bytes) -> Mapping[str, Any]:
        """Fields of the data of a good answer to this very request; empty when they are not laid out."""
        layout = type(self).answer_layout
        if layout is None:
            return {}
        try:
            parsed = layout.parse(data)
        except (ConstructError, FieldError):
            return {}
        return {name: value for name, value in parsed.items() if not name.startswith("_")}


C = TypeVar("C", bound=Command)
COMMANDS: dict[int, type[Command]] = {}
"""Every declared command by its byte; filled when `protocol.atol.commands` is imported."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(on_wire,))
def command(
    code: int, answer: AnswerForm = PLAIN, answer_layout: Construct | None = None
) -> Callable[[type[C]], type[C]]:
    """Declare a command: its byte, the form of its answer, the layout of the answer's data."""

    def declare(cls: type[C]) -> type[C]:
        # the type checker forbids assignments; forbidding them at run time would double what making one costs
        declared = dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)
        declared.code = code
        declared.answer = answer
        declared.answer_layout = answer_layout
        if code in COMMANDS:
            raise ValueError(f"{code:02X}h is declared twice: {COMMANDS[code].__name__} and {cls.__name__}")
        COMMANDS[code] = declared
        return declared

    return declare


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as a host reads it. ``code``: wire code; ``detail``: extended code; ``data``: what follows."""

    code: int
    detail: int = 0
    data: bytes = b""

    @property
    def is_ok(self) -> bool:
        """Codes 0 and 1 both mean done (1: the journal was processed without errors)."""
        return self.code < 2


def parse_answer(request_code: int, reply: bytes) -> Answer:
    """What ``reply`` says to the command byte ``request_code``; raises `CommandError` when it is no answer to it."""
    declared = COMMANDS.get(request_code)
    form = declared.answer if declared is not None else DATA
    if not reply:
        raise CommandError(E.BAD_LENGTH)
    if form is LEADING_CODE and reply[0] != ANSWER_MARK:
        return Answer(reply[0], data=reply[1:])
    if not form.has_code and (form is not BARE_DATA or len(reply) == 3) and reply[0] == form.head[0]:
        return Answer(0, data=reply[1:])
    if reply[0] != ANSWER_MARK or len(reply) < 2:
        raise CommandError(E.BAD_FORMAT)
    code = reply[1]
    if code > 1 or form is PLAIN:
        return Answer(code, reply[2] if len(reply) > 2 else 0)
    return Answer(code, data=reply[2:])


class _Parameters(Struct):  # type: ignore[misc]
    """The fields of a command in wire order. Compiled, it parses them straight into the command.

    Construct's own source for parsing fills two containers, so that fields can look at each other; ours never do.
    """

    def __init__(self, declared: type[Command], parts: Iterable[Construct]) -> None:
        super().__init__(*parts)
        self.declared = declared

    def _emitparse(self, code: Any) -> str:
        self._compileinstance(code)
        arguments = ", ".join(f"{part.name}={part._compileparse(code)}" for part in self.subcons)
        return f"linkedinstances[{id(self)}].declared({arguments})"


class _Shape:
    """What parsing a command needs, worked out when it is first met."""

    __slots__ = ("alone", "is_fixed", "layout", "names", "parse", "shortest")

    def __init__(self, cls: type[Command]) -> None:
        parts = fields(cls)  # type: ignore[arg-type]
        self.names = tuple(part.name for part in parts)
        self.alone: Command | None = None if parts else cls()
        """The only value of a command without fields."""
        self.layout: Any = None
        self.parse: Any = None
        """The compiled function itself: `Construct.parse` spends as long again on making a context."""
        sizes = [_size(part.metadata["layout"]) for part in parts]
        self.shortest = sum(size or 0 for size in sizes)
        """Fewest bytes of the parameters. Checked beforehand: a compiled layout takes what there is."""
        self.is_fixed = None not in sizes
        if parts:
            self.layout = _Parameters(cls, [part.name / part.metadata["layout"] for part in parts]).compile()
            self.parse = self.layout.parsefunc


def _size(layout: Construct) -> int | None:
    """Bytes of a field, None when they vary."""
    try:
        return int(layout.sizeof())
    except SizeofError:
        return None


_SHAPES: dict[int, _Shape] = {}


def _shape(cls: type[Command]) -> _Shape:
    shape = _SHAPES.get(cls.code)
    if shape is None:
        shape = _SHAPES[cls.code] = _Shape(cls)
    return shape
