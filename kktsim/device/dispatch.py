"""The way of a request through the till, and which function does which command: the table of preconditions.

`execute` is the only door: message in, reply out. It checks the access password, finds the command, parses it, checks
the preconditions and calls the chapter's handler; a `Refusal` becomes ``55 code detail`` here and nowhere else. A
request in check-only mode is tried on a copy of the whole till, so it cannot change anything.

    @handles(OpenReceipt, mode=Mode.REGISTRATION, receipt=Need.CLOSED, registered=True)
    def open_receipt(kkt, request, at): ...

What stands in the decorator is checked in one order by `guard`, so a refusal is the same for every command that
shares the condition. Handlers get the till, the request and the world time; they return the answer's data.

Source: ATOL protocol 3.1, modes and their commands; the order of checks is a guess consistent with real dialogues.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import Enum, auto
from typing import Any, TypeVar

from kktsim.device import printing
from kktsim.device.board import REGISTRATION_CODE, Board
from kktsim.device.fn_link import is_fn_code
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Judge, Prints
from kktsim.device.refusal import INTERNAL_ERROR, NotKeptError, Refusal
from kktsim.device.state import ClockRegion
from protocol.atol.command import ANSWER_MARK, PASSWORD_BYTES, Command, CommandError
from protocol.atol.commands.flags import FLAGS, OPTIONAL_FLAGS, CommandFlags
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E
from protocol.fn.layouts import LayoutError

Handler = Callable[[Kkt, Any, float], bytes]
H = TypeVar("H", bound=Callable[..., bytes])


_SHORTEST = PASSWORD_BYTES + 1
_CHECK_ONLY = int(CommandFlags.CHECK_ONLY)
_FLAGS = (FLAGS, OPTIONAL_FLAGS)
_OF_BOARD: Mapping[Mode, tuple[Callable[[Board], bool], E]] = {
    Mode.REGISTRATION: (lambda board: REGISTRATION_CODE in board.protection_codes, E.PROTECTION_CODE_NEEDED),
    Mode.FN_ACCESS: (lambda board: board.has_serial_number, E.NO_SERIAL),
}
"""What the commands of a mode demand of the board, and how they are refused without it."""


class Need(Enum):
    """What a command demands of the receipt or the shift."""

    ANY = auto()
    OPEN = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of preconditions."""

    command: type[Command]
    handler: Handler
    modes: tuple[Mode, ...]
    """Legal modes; empty: any."""
    receipt: Need
    shift: Need
    registered: bool
    """The till must be registered."""
    within_24_hours: bool
    """An open shift must not be older than 24 hours."""
    while_printing: bool
    """A question: it prints nothing, and is answered while a report prints; other commands wait."""
    acts_with: frozenset[int]
    """First parameters with which a question is none, and waits as other commands do."""
    prints: Prints | Judge
    """Whether it wants paper; a function: with some parameters, or in some state."""
    makes_document: bool
    """A failure on an FN code is printed: «Ошибка ФН NNN»."""
    without_clock: bool
    """It is done even when the till has lost its clock; other commands but queries are refused then."""
    heals_memory: bool
    """It is done when the till's memory is lost (states 7.9 and 7.10); other commands but queries are 66h then."""
    without_memory: bool
    """So is this one, although it heals nothing."""
    can_be_tried: bool
    """The command has a flags byte, and so the check-only bit."""


HANDLERS: dict[int, Row] = {}
"""Command byte to row; filled when the chapters of `kktsim.device` are imported."""


def handles(  # noqa: PLR0913 - a keyword for every column
    command: type[Command],
    *,
    mode: Mode | Iterable[Mode] = (),
    receipt: Need = Need.ANY,
    shift: Need = Need.ANY,
    registered: bool = False,
    within_24_hours: bool = False,
    while_printing: bool = False,
    prints: Prints | Judge = Prints.NEVER,
    acts_with: Iterable[int] = (),
    makes_document: bool = False,
    without_clock: bool = False,
    heals_memory: bool = False,
    without_memory: bool = False,
) -> Callable[[H], H]:
    """Declare the function that does ``command`` and what must hold before it."""

    def declare(handler: H) -> H:
        modes = (mode,) if isinstance(mode, Mode) else tuple(mode)
        if command.code in HANDLERS:
            raise ValueError(f"{command.__name__} is handled twice")
        HANDLERS[command.code] = Row(
            command=command,
            handler=handler,
            modes=modes,
            receipt=receipt,
            shift=shift,
            registered=registered,
            within_24_hours=within_24_hours,
            while_printing=while_printing,
            prints=prints,
            acts_with=frozenset(acts_with),
            makes_document=makes_document,
            without_clock=without_clock,
            heals_memory=heals_memory,
            without_memory=without_memory,
            can_be_tried=any(part.metadata.get("layout") in _FLAGS for part in fields(command)),  # type: ignore[arg-type]
        )
        return handler

    return declare


def guard(kkt: Kkt, row: Row, at: float) -> None:
    """Raise the `Refusal` of the first precondition that does not hold.

    What is done in spite of a lost memory is done whatever else that memory says.
    """
    memory = kkt.memory
    if kkt.memory_lock and not row.while_printing:
        if not (row.heals_memory or row.without_memory):
            raise Refusal(E.WRONG_MODE)
        return
    if not (row.while_printing or row.without_clock):
        if memory.clock_region is not ClockRegion.GOOD:
            raise Refusal(E(kkt.settings.lost_clock_answer))
        if memory.printer.is_locked:
            raise Refusal(E.WRONG_MODE)
    if row.modes:
        mode = kkt.volatile.mode
        if mode not in row.modes:
            raise Refusal(E.WRONG_MODE)
        needed = _OF_BOARD.get(mode)
        if needed is not None and not needed[0](memory.board):
            raise Refusal(needed[1])
    if row.registered and not kkt.is_registered:
        raise Refusal(E.NOT_REGISTERED)
    if row.receipt is not Need.ANY and (memory.receipt is not None) is not (row.receipt is Need.OPEN):
        raise Refusal(E.RECEIPT_CLOSED if row.receipt is Need.OPEN else E.RECEIPT_OPEN)
    if row.shift is not Need.ANY and memory.mirror.shift_is_open is not (row.shift is Need.OPEN):
        raise Refusal(E.SHIFT_CLOSED if row.shift is Need.OPEN else E.SHIFT_OPEN)
    if row.within_24_hours and kkt.shift_is_too_long(at):
        raise Refusal(E.SHIFT_TOO_LONG)


def needs_turn(message: bytes) -> bool:
    """Whether this request must wait for a report that prints and for the command before it; questions need not."""
    if len(message) < _SHORTEST:
        return False
    row = HANDLERS.get(message[PASSWORD_BYTES])
    return row is not None and not (row.while_printing and row.acts_with.isdisjoint(message[_SHORTEST:][:1]))


def execute(kkt: Kkt, message: bytes, now: float, at: float) -> tuple[bytes, bool]:
    """The reply to one application message (password, command, parameters), and whether it is a refusal.

    What a command has changed is kept before there is a reply; a question changes nothing. What cannot be kept has not
    happened, but on paper.
    """
    kkt.settle(now)
    answer = _answer(kkt, message, at)
    if needs_turn(message):
        try:
            kkt.keep()
        except NotKeptError as error:
            kkt.take_back()
            kkt.troubles.append(str(error))
            return INTERNAL_ERROR, True
    return answer


def _answer(kkt: Kkt, message: bytes, at: float) -> tuple[bytes, bool]:
    try:
        return _do(kkt, message, at), False
    except NotKeptError as error:
        kkt.troubles.append(str(error))
        return INTERNAL_ERROR, True
    except Refusal as refusal:
        if refusal.detail:
            kkt.volatile.detail = (message[PASSWORD_BYTES], refusal.detail, refusal.data or bytes(4))
        return bytes((ANSWER_MARK, refusal.code, 0)), True
    except CommandError as error:
        return bytes((ANSWER_MARK, error.code, 0)), True
    except LayoutError:
        return bytes((ANSWER_MARK, E.FN_BAD_FORMAT, 0)), True


def _do(kkt: Kkt, message: bytes, at: float) -> bytes:
    if len(message) < _SHORTEST:
        raise Refusal(E.BAD_LENGTH)
    if not message.startswith(kkt.access_password):
        raise Refusal(E(kkt.settings.wrong_access_password))
    code = message[PASSWORD_BYTES]
    row = HANDLERS.get(code)
    if row is None or code in kkt.model.unsupported_commands:
        raise Refusal(E.UNKNOWN_COMMAND)
    request = row.command.from_wire(message[_SHORTEST:])
    guard(kkt, row, at)
    if row.while_printing:
        return row.command.answer.head + row.handler(kkt, request, at)
    prints = printing.judged(kkt, row.prints, request)
    if prints is Prints.ALWAYS:
        printing.check(kkt)
    if row.can_be_tried and int(request.flags) & _CHECK_ONLY:  # type: ignore[attr-defined]
        return row.command.answer.head + row.handler(kkt.copy(), request, at)
    if prints is Prints.ON_NOTHING:
        with printing.elsewhere(kkt):
            return row.command.answer.head + _handle(kkt, row, request, at)
    return row.command.answer.head + _handle(kkt, row, request, at)


def _handle(kkt: Kkt, row: Row, request: Command, at: float) -> bytes:
    """Do a command that changes something; what goes wrong with a document is told on the paper."""
    if not row.makes_document:
        return row.handler(kkt, request, at)
    before = printing.standing(kkt)
    try:
        data = row.handler(kkt, request, at)
    except Refusal as refusal:
        if kkt.settings.reports_fn_error_on_paper and is_fn_code(refusal.code):
            kkt.paper.line(f"Ошибка ФН {int(refusal.code)}")
            kkt.paper.cut()
        raise
    printing.interrupt(kkt, before)
    return data
