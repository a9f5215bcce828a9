"""What of the protocol a till answers, found out by sending: every command, register and field of the settings tables.

A command is tried with the example of the catalogue in the state in which it is legal. It is modelled when its answer
tells something or when anything of the till, its paper or its FN is different afterwards. A field is read, written with
another value, read again; it is used when the till looked at it while it did all the commands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.kkt import DAY_SECONDS
from kktsim.host.till import Till
from kktsim.kkt_models import DEFAULT_MODEL, load
from kktsim.testing.presets import build, open_till
from kktsim.testing.snapshot import differences, snapshot
from protocol.atol.command import COMMANDS, Answer, Command, parse_answer
from protocol.atol.command_catalogue import CataloguedCommand, catalogue
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.registers import REGISTERS, ReadRegister
from protocol.atol.commands.tables import ReadTable, WriteTable
from protocol.atol.fields import to_bcd
from protocol.atol.kkt_codes import E
from protocol.atol.settings_tables import NUMBERS, Field, Kind, Place

AT = 1_772_452_800.0
"""World time of all tries: 2 March 2026, noon."""
MODELS = (DEFAULT_MODEL, "atol-77f")
"""The models whose registers and fields are told side by side."""
LAST_REGISTER = 0x47
ACCESS_PASSWORD = {"table": 2, "row": 1, "field": 23}
"""Once written it is wanted at once: reading it back with the old one is refused."""
_TELLS_NOTHING_NEW = frozenset({"kkt.volatile.detail"})
_SETTINGS = frozenset((ReadTable.code, WriteTable.code))
_MORE = (
    *((2, f"67 {kind}") for kind in ("02", "03", "05", "07", "08", "10", "13", "14", "15")),
    *((0, f"82 01 {kind} 00") for kind in ("00", "01", "02", "03", "06")),
    *((mode, "45") for mode in (1, 2, 3, 4, 6)),
    *((2, command) for command in ("4C 97 A0 A9", "6C", "73", "75 00", "87 00 01 01 03 00 00 01 01 00 00 00 97 A0 A9")),
)
"""Mode and command: what else a till is made to do, so that it looks at its settings."""


class Outcome(StrEnum):
    """What became of a command."""

    MODELLED = "modelled"
    WITHOUT_EFFECT = "accepted without effect"
    NOT_IN_REACH = "modelled, refused in every state that commands can reach"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CommandCoverage:
    """One command of the catalogue and what sending it has shown."""

    command: CataloguedCommand
    outcome: Outcome
    answer: Answer


@dataclass(frozen=True, slots=True)
class RegisterCoverage:
    """One number of 91h. ``widths``: model to bytes of the value; a model that refuses it is missing."""

    register: int
    name: str
    widths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """One field of the settings tables, in the first of its rows."""

    field: Field
    models: tuple[str, ...]
    """Models that have it."""
    is_kept: bool
    """Another value was written and read back."""
    refusal: E | None
    """What writing it was answered, when not done."""
    is_used: bool
    """The till has looked at it."""


@cache
def _built(state: str, model: str) -> Bench:
    return build(load(model), state, AT, ClockKind.FROZEN, virtual=True)


def bench_in(state: str, model: str = DEFAULT_MODEL) -> Bench:
    """A bench of one's own in a named state."""
    return _built(state, model).fork()


def prepare(till: Till, command: CataloguedCommand) -> None:
    """Bring the till where the example of a command is legal."""
    if not command.stands_in_mode:
        enter(till, command.mode)
    for one in command.before:
        _do(till, one)


def enter(till: Till, mode: Mode) -> None:
    """Leave whatever mode there is and enter another."""
    _do(till, LeaveMode().to_wire())
    if mode is not Mode.SELECTION:
        _do(till, EnterMode(mode=mode).to_wire())


def _do(till: Till, command: bytes) -> bytes:
    answer = parse_answer(command[0], till.send(command))
    if not answer.is_ok:
        raise AssertionError(f"{command.hex(' ')} is answered {E(answer.code).name}")
    return answer.data


def _ask(till: Till, command: Command) -> Answer:
    return parse_answer(type(command).code, till.send(command.to_wire()))


# ---- commands


def commands() -> list[CommandCoverage]:
    """Every command of the catalogue, tried."""
    return [_try(command) for command in catalogue().values()]


def _try(command: CataloguedCommand) -> CommandCoverage:
    bench = bench_in(command.state, command.model or DEFAULT_MODEL)
    if command.state == "registered":
        bench.set_world(AT + DAY_SECONDS)  # so that setting the clock to the day of the example changes it
    till = open_till(bench)
    prepare(till, command)
    before = snapshot(bench)
    answer = parse_answer(command.code, till.send(command.example))
    changed = differences(before, snapshot(bench), _TELLS_NOTHING_NEW) or bench.kkt.volatile.busy_until is not None
    return CommandCoverage(command, _outcome(command, answer, bool(changed)), answer)


def _outcome(command: CataloguedCommand, answer: Answer, changed: bool) -> Outcome:
    if answer.is_ok:
        return Outcome.MODELLED if answer.data or changed else Outcome.WITHOUT_EFFECT
    is_handled = command.code in COMMANDS and answer.code != E.UNKNOWN_COMMAND
    return Outcome.NOT_IN_REACH if is_handled else Outcome.REFUSED


# ---- registers


def registers() -> list[RegisterCoverage]:
    """Every number that 91h may be asked for, on each of the models, with an open receipt."""
    tills = {model: open_till(bench_in("receipt-open", model)) for model in MODELS}
    return [_read(register, tills) for register in range(1, LAST_REGISTER + 1)]


def _read(register: int, tills: Mapping[str, Till]) -> RegisterCoverage:
    asked = ReadRegister(register=register, first=1, second=1)
    answers = {model: _ask(till, asked) for model, till in tills.items()}
    widths = {model: len(answer.data) for model, answer in answers.items() if answer.is_ok}
    return RegisterCoverage(register, REGISTERS[register].name if register in REGISTERS else "", widths)


# ---- fields of the settings tables


def fields() -> list[FieldCoverage]:
    """Every field that one of the models has."""
    owners: dict[Field, list[str]] = {}
    for model in MODELS:
        for field in dict.fromkeys(load(model).tables.fields.values()):
            owners.setdefault(field, []).append(model)
    used = {(table, field) for model in MODELS for table, _, field in _used(model)}
    order = sorted(owners, key=lambda field: (field.table, field.number, field.rows.start))
    return [_written(field, tuple(owners[field]), used) for field in order]


def _written(field: Field, models: tuple[str, ...], used: set[tuple[int, int]]) -> FieldCoverage:
    till = open_till(bench_in("registered", models[0]))
    enter(till, Mode.PROGRAMMING)
    row = field.rows.start
    place = {"table": field.table, "row": row, "field": field.number}
    held = _ask(till, ReadTable(**place))
    if not held.is_ok:
        raise AssertionError(f"{place} cannot be read: {E(held.code).name}")
    refusal, is_kept = None, False
    for wanted in others(field, held.data):
        answer = _ask(till, WriteTable(**place, value=wanted))
        if answer.is_ok:
            refusal, is_kept = None, place == ACCESS_PASSWORD or _ask(till, ReadTable(**place)).data != held.data
            break
        refusal = E(answer.code)
    return FieldCoverage(field, models, is_kept, refusal, (field.table, field.number) in used)


def others(field: Field, held: bytes) -> Iterator[bytes]:
    """Legal values that are not ``held``."""
    return (value for value in _values(field) if value != held and field.is_legal(value))


def _values(field: Field) -> Iterator[bytes]:
    width = field.width
    if field.kind in NUMBERS:
        numbers = sorted(field.values) or [field.low, *(field.low + 2**bit for bit in range(8))]
        yield from (
            number.to_bytes(width, "big") if field.kind is Kind.BIN else _bcd(field, number) for number in numbers
        )
    yield from (filler * width for filler in (b"1", b"2", b"\x01", b"\x02"))
    yield bytes.fromhex("010126")[:width]


def _bcd(field: Field, number: int) -> bytes:
    if field.kind is Kind.HEAD:
        return to_bcd(number, 1).ljust(field.width, b"\x00")
    return to_bcd(number, field.width)


class _Watched(dict[Place, bytes]):
    """Written fields of a till that remember which places were looked for."""

    def __init__(self, held: Mapping[Place, bytes], seen: set[Place]) -> None:
        super().__init__(held)
        self.seen = seen

    def get(self, key: Place, default: Any = None) -> Any:
        self.seen.add(key)
        return super().get(key, default)

    def copy(self) -> "_Watched":
        return _Watched(self, self.seen)


@cache
def _used(model: str) -> frozenset[Place]:
    """Places that a till looks at while it does what can be told it, questions about the tables apart."""
    seen: set[Place] = set()
    for command in catalogue().values():
        if command.code not in _SETTINGS and command.refusal is None and command.model in ("", model):
            till = _watched(command.state, model, seen)
            prepare(till, command)
            till.send(command.example)
    for mode, text in _MORE:
        till = _watched("shift-open", model, seen)
        enter(till, Mode(mode))
        till.send(bytes.fromhex(text))
    return frozenset(seen)


def _watched(state: str, model: str, seen: set[Place]) -> Till:
    bench = bench_in(state, model)
    bench.kkt.memory.tables = _Watched(bench.kkt.memory.tables, seen)
    return open_till(bench)
