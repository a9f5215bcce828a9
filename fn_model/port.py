"""The FN's end of its wire: frames in, frames out. The only place of the FN where frames are parsed.

A command passes: known to this generation, length of its data, life phase, then the command itself (``limits.Check``
has the whole order). Nothing that comes over the wire raises.
"""

from fn_model import (
    archive_queries,
    documents,
    marking,
    marking_goods,
    marking_keys,
    marking_queue,
    ofd_queue,
    receipts,
    registration,
    settlement,
    shift,
    status,
    totals_queries,
)
from fn_model.archive import ArchiveError
from fn_model.command import Command
from fn_model.faults import SIGNING, FnFault
from fn_model.phases import is_known, works_in
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from protocol.fn.commands import WARNING_BIT, FnCode, FnCommand, Phase
from protocol.fn.frame import ENQ, FrameError, build_answer, parse_request

COMMANDS: dict[FnCommand, Command] = {
    **registration.COMMANDS,
    **documents.COMMANDS,
    **shift.COMMANDS,
    **receipts.COMMANDS,
    **settlement.COMMANDS,
    **ofd_queue.COMMANDS,
    **status.COMMANDS,
    **archive_queries.COMMANDS,
    **totals_queries.COMMANDS,
    **marking.COMMANDS,
    **marking_goods.COMMANDS,
    **marking_queue.COMMANDS,
    **marking_keys.COMMANDS,
}
"""All commands of all generations; ``phases`` tells which of them a generation has."""

_BY_NUMBER: dict[int, tuple[FnCommand, Command]] = {int(name): (name, command) for name, command in COMMANDS.items()}
_BAD_FRAME_CODES = {"01": FnCode.BAD_FORMAT, "03": FnCode.FAILURE, "execute": FnCode.BAD_FORMAT}


class FnPort:
    """«Интерфейс ФН»: what the cable is plugged into."""

    __slots__ = ("storage",)

    def __init__(self, storage: FiscalStorage) -> None:
        self.storage = storage

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """The answer to one request frame, or to ENQ; None: the FN is silent. ``world``: seconds of world time."""
        fn = self.storage
        if not fn.is_powered or FnFault.SILENT in fn.faults:
            return None
        if frame == ENQ:
            return fn.volatile.last_answer
        fn.volatile.last_answer = answer = self._answer(frame, world)
        return answer

    def copy(self) -> "FnPort":
        """A port with a fork of the FN."""
        return FnPort(self.storage.copy())

    def _answer(self, frame: bytes, world: float) -> bytes | None:
        fn = self.storage
        try:
            number, data = parse_request(frame, sum_matters=fn.settings.bad_crc_answer != "execute")
        except FrameError:
            code = _BAD_FRAME_CODES.get(fn.settings.bad_crc_answer)
            return None if code is None else self._built(code, b"")
        if number in SIGNING and FnFault.SILENT_ON_SIGNING in fn.faults:
            return None
        answer = self._done(number, data, world)
        return None if number in SIGNING and FnFault.UNHEARD_ON_SIGNING in fn.faults else answer

    def _done(self, number: int, data: bytes, world: float) -> bytes:
        try:
            return self._built(FnCode.OK, self._executed(number, data, world))
        except FnRefusal as refusal:
            return self._built(refusal.code, refusal.data)
        except ArchiveError:
            return self._built(FnCode.FAILURE, b"")

    def _executed(self, number: int, data: bytes, world: float) -> bytes:
        fn = self.storage
        known = _BY_NUMBER.get(number)
        if known is None:
            raise FnRefusal(FnCode.BAD_FORMAT)
        name, command = known
        if not is_known(fn.model, name) or len(data) not in command.sizes:
            raise FnRefusal(FnCode.BAD_FORMAT)
        if not works_in(fn.model, name, fn.phase):
            is_read_only = fn.phase is Phase.ARCHIVE_READ
            raise FnRefusal(FnCode(fn.settings.archive_read_phase_answer) if is_read_only else FnCode.WRONG_STATE)
        return command.action(fn, data, world)

    def _built(self, code: FnCode, data: bytes) -> bytes:
        return build_answer(code | WARNING_BIT if self.storage.warnings() else code, data)
