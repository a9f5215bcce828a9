"""What the terminal says to the till, with its habits: it always leaves a mode before it enters one, and looks at
nothing beforehand; after EEh it reads register 37h. Source: real Evotor log.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from kktsim.host.till import NoAnswerError
from protocol.atol import code_page
from protocol.atol import commands as _declared  # noqa: F401 - fills the table of commands
from protocol.atol.command import Answer, Command, CommandError, parse_answer
from protocol.atol.commands.fn import AskFn
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDate, SetTime
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.requisites import ReadRequisite, WriteRequisite
from protocol.atol.commands.status import FullStatus, StateCode
from protocol.atol.commands.tables import ReadTable, WriteTable
from protocol.atol.kkt_codes import E
from protocol.ffd.tlv import tlv
from protocol.fn.answers import ExchangeStatus, FnStatus
from protocol.fn.commands import FnCommand
from protocol.fn.layouts import LayoutError

Told = TypeVar("Told")

EXTENDED_ERROR = 0x37
"""The register that explains EEh."""
_TLV_HEADER_BYTES = 4


class Till(Protocol):
    """One open port of a till."""

    def send(self, command: bytes) -> bytes:
        """The reply to command byte and parameters; raises `NoAnswerError`."""


class Refused(Exception):
    """The till does not do it. ``code``: wire code; ``detail``, ``tag``: what register 37h tells after EEh."""

    def __init__(self, code: int, detail: int = 0, tag: int = 0) -> None:
        super().__init__(f"{code:02X}h")
        self.code = code
        self.detail = detail
        self.tag = tag


class ProgramDied(Exception):
    """The terminal's program is no more; what it has not noted by now is forgotten."""


class Driver:
    """The terminal's end of the port. Everything raises `Refused` and `NoAnswerError`."""

    __slots__ = ("_till", "answered", "dies_after")

    def __init__(self, till: Till) -> None:
        self._till = till
        self.dies_after: int | None = None
        """The program dies when the till has answered a command with this byte."""
        self.answered: dict[int, None] = {}
        """The bytes of the commands that the till has answered, in the order in which they came first."""

    def send(self, request: bytes) -> bytes:
        """The reply to bytes as they are."""
        reply = self._till.send(request)
        self.answered[request[0]] = None
        if request[0] == self.dies_after:
            self.dies_after = None
            raise ProgramDied
        return reply

    def ask(self, request: Command | bytes) -> Answer:
        """A good answer."""
        wire = request if isinstance(request, bytes) else request.to_wire()
        answer = self._answer(wire)
        if answer.is_ok:
            return answer
        if answer.code != E.EXTENDED:
            raise Refused(answer.code)
        explain = ReadRegister(register=EXTENDED_ERROR)
        told = explain.read_answer(self._answer(explain.to_wire()).data)
        raise Refused(answer.code, told.get("error", 0), int.from_bytes(told.get("data", b"")[:2], "big"))

    def _answer(self, wire: bytes) -> Answer:
        try:
            return parse_answer(wire[0], self.send(wire))
        except CommandError:
            raise NoAnswerError("what came is no answer") from None

    def enter(self, mode: Mode) -> None:
        """Leave whatever mode there is, and enter another."""
        self.ask(LeaveMode())
        if mode is not Mode.SELECTION:
            self.ask(EnterMode(mode=mode))

    def register(self, number: int) -> Mapping[str, Any]:
        """The fields of a register; none when it is as wide as no known one."""
        question = ReadRegister(register=number)
        return question.read_answer(self.ask(question).data)

    def status(self) -> Mapping[str, Any]:
        """The fields of «Запрос состояния ККТ»; raises `NoAnswerError` when they are laid out otherwise."""
        question = FullStatus()
        fields = question.read_answer(self.ask(question).data)
        if not fields:
            raise NoAnswerError("what came is no status of a till")
        return fields

    def table(self, table: int, field: int) -> bytes:
        """A field of row 1."""
        return self.ask(ReadTable(table=table, field=field)).data

    def write_table(self, table: int, field: int, value: bytes) -> None:
        """Write a field of row 1."""
        self.ask(WriteTable(table=table, field=field, value=value))

    def requisite(self, tag: int) -> str:
        """A text; empty when it is not set."""
        return code_page.decode(self.requisite_bytes(tag)).strip()

    def requisite_bytes(self, tag: int) -> bytes:
        """A value, all its blocks; empty when it is not set, which some tills say by DAh."""
        try:
            first = self.ask(ReadRequisite(tag=tag)).data
        except Refused as refused:
            if refused.code == E.FN_NO_DATA:
                return b""
            raise
        if not first:
            raise NoAnswerError("what came is no requisite")
        rest = (self.ask(ReadRequisite(tag=tag, block=block)).data[1:] for block in range(1, first[0]))
        return b"".join((first[1 + _TLV_HEADER_BYTES :], *rest))

    def write_requisite(self, tag: int, value: str | bytes) -> None:
        """Write a text, or bytes as they are, in one block."""
        self.ask(WriteRequisite(data=tlv(tag, code_page.encode(value) if isinstance(value, str) else value)))

    def mode_byte(self) -> int:
        """(submode << 4) | mode."""
        question = StateCode()
        return int(question.read_answer(self.ask(question).data).get("mode", 0))

    def set_clock(self, moment: datetime) -> None:
        """The till's clock by 64h, which is given once more when the till asks for it, and 4Bh."""
        date = SetDate(date=moment.date())
        try:
            self.ask(date)
        except Refused as refused:
            if refused.code != E.DATE_NOT_CONFIRMED:
                raise
            self.ask(date)
        self.ask(SetTime(time=moment.time().replace(microsecond=0)))

    def fn_status(self) -> FnStatus:
        """«Состояние ФН»."""
        return self._ask_fn(FnCommand.STATUS, FnStatus.parse)

    def queue(self) -> ExchangeStatus:
        """«Статус информационного обмена»: what waits for the OFD."""
        return self._ask_fn(FnCommand.EXCHANGE_STATUS, ExchangeStatus.parse)

    def _ask_fn(self, command: FnCommand, parse: Callable[[bytes], Told]) -> Told:
        data = self.ask(AskFn(command=command)).data
        try:
            return parse(data)
        except LayoutError:
            raise NoAnswerError("what came is no answer of an FN") from None
