"""Random bytes and damaged frames on both links of a till, which must neither crash nor hang nor forget its duty.

The work is cut into batches, each on a fresh till in some state and at some pace, with a seed of its own. After each
batch the till is left alone until it rests, and then a host in good order must get 45h and 3Fh answered on every link
that the till speaks; till and FN must agree, and every document must be whole and in its place.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from kktsim.bench import Bench
from kktsim.bench_line import BenchLine
from kktsim.clock import ClockKind, parse_world
from kktsim.device.pace import PACES
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import Till
from kktsim.kkt_models import load, names
from kktsim.session.executor import V2
from kktsim.testing.audit import Auditor
from kktsim.testing.presets import build
from protocol.atol import link_v2_frame, link_v3
from protocol.atol.command import COMMANDS, Answer, Command, parse_answer
from protocol.atol.link_v3_host import LAST_ID
from protocol.atol.task_buffer import BufferCommand

Link = Literal["v2", "v3"]
Kind = Literal["bytes", "frames"]
LINKS: Final[tuple[Link, ...]] = ("v2", "v3")
AT: Final = parse_world("2026-11-22T10:00")
BATCH_BYTES: Final = 4000
BATCH_FRAMES: Final = 200
STATES: Final = ("factory", "registered", "shift-open", "receipt-open", "shift-25h", "fn-expired", "archive-closed")
RESTS_AFTER: Final = 2000
"""Deadlines after which a till that still has one never comes to rest."""
SILENCE_SECONDS: Final = 3.0
"""Host time in which a frame that was begun is given up."""

TRADE: Final = tuple(
    bytes.fromhex(text)
    for text in (
        *("3F", "45", "A5", "48", "47", "4C 41 42", "73", "75 00", "59", "5A", "9A 00", "67 01", "CE 41", "CE 00"),
        *(f"56 {mode:02X} 00 00 00 30" for mode in (1, 1, 1, 2, 3, 4, 6)),
        *("92 00 01", "92 00 02", "EA 00 01 00", "4A 00 01 00 00 00 00 00", "99 00 01 00 00 99 99 99"),
        "52 00 00 00 00 01 00 00 00 10 00 01",
        "EB 02 00 00 00 00 00 00 01 00 00 00 10 00 00 00 00 00 00 00 01 06" + 20 * " 00" + " 41",
        *("49 00 00 00 00 10 00", "4F 00 00 00 00 00 01", "91 12 00 00", "91 34 00 00", "A4 30", "A4 43", "A4 20"),
        *("46 02 00 01 17", "50 02 00 01 13 12", "50 02 00 01 17 12 34", "50 02 00 01 55 00", "E9 18 04 00"),
        *("E8 01 01 00 FD 03 03 00 41 42 43", "64 23 11 26", "4B 11 00 00", "ED 22 11 26 10 05 00", "82 01 01 00"),
        *("A6 00", "A7 00", "AB 00 00 00 01"),
    )
)
"""Application commands by which a till goes through its states."""
DAY: Final = tuple(
    bytes.fromhex(text)
    for text in (
        *("48", "56 01 00 00 00 30", "9A 00", "92 00 01", "EA 00 01 00"),
        "EB 02 00 00 00 00 00 00 01 00 00 00 10 00 00 00 00 00 00 00 01 06" + 20 * " 00" + " 41",
        *("99 00 01 00 00 99 99 99", "4A 00 01 00 00 00 00 00", "49 00 00 00 00 10 00", "92 00 02"),
        *("52 00 00 00 00 01 00 00 00 10 00 01", "59", "48", "56 02 00 00 00 30", "67 01"),
        *("48", "56 03 00 00 00 30", "5A", "45", "48"),
    )
)
"""A day as it should be."""
CONTROLS: Final = bytes(link_v2_frame.Control) + b"\xfe\xfd\xed\xee\xf0"


class Failure(AssertionError):
    """The till broke its promise; the message says how to see it again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One piece of work. ``size``: bytes, or frames."""

    link: Link
    kind: Kind
    number: int
    size: int

    @property
    def name(self) -> str:
        """As ``--only`` takes it."""
        return f"{self.link}:{self.kind}:{self.number}"


def batches(links: Sequence[Link], total_bytes: int, total_frames: int) -> Iterator[Batch]:
    """All the work, both kinds by turns."""
    totals: tuple[tuple[Kind, int, int], ...] = (
        ("bytes", total_bytes, BATCH_BYTES),
        ("frames", total_frames, BATCH_FRAMES),
    )
    for link in links:
        for kind, total, at_once in totals:
            for number, start in enumerate(range(0, total, at_once)):
                yield Batch(link, kind, number, min(at_once, total - start))


# ---- what is said


def noise(dice: Random, size: int) -> bytes:
    """Bytes of which some batches are rich in those that mean something."""
    share = dice.choice((0.0, 0.2, 0.8))
    plain = dice.randbytes(size)
    return bytes(dice.choice(CONTROLS) if dice.random() < share else byte for byte in plain)


def message(dice: Random, number: int, password: bytes) -> bytes:
    """An application message: the next of the day, or another of trade, or any command with any parameters."""
    way = dice.random()
    if way < 0.6:
        return password + DAY[number % len(DAY)]
    if way < 0.8:
        return password + dice.choice(TRADE)
    return password + bytes((dice.choice(sorted(COMMANDS)),)) + dice.randbytes(dice.choice((0, 1, 3, 5, 12, 40)))


def v3_frames(dice: Random, number: int, password: bytes) -> bytes:
    """What a host says in turn ``number``: the last task acknowledged and another added, or something rarer."""
    one, other = number % (LAST_ID + 1), dice.randrange(LAST_ID + 1)
    add = bytes((BufferCommand.ADD, dice.choice((1, 1, 1, 0, 2, 3, 5)), one)) + message(dice, number, password)
    rare = (
        bytes((BufferCommand.ABORT,)),
        bytes((BufferCommand.REQUEST, other)),
        bytes((BufferCommand.ACK_ADD, other)) + add[1:],
        bytes((BufferCommand.ADD, 5, 0xDE)),
        b"",
        dice.randbytes(dice.randrange(1, 6)),
    )
    said = dice.choice(rare) if dice.random() < 0.3 else add
    ack = bytes((BufferCommand.ACK, (number - 1) % (LAST_ID + 1)))
    return link_v3.encode(other, ack) + link_v3.encode(one, said)


def v2_frames(dice: Random, number: int, password: bytes) -> bytes:
    """A whole exchange as a host says it that does not listen."""
    frame = link_v2_frame.encode(message(dice, number, password))
    return link_v2_frame.ENQ + frame + link_v2_frame.EOT + link_v2_frame.ACK + link_v2_frame.ACK


def damaged(dice: Random, data: bytes) -> bytes:
    """``data`` with up to three of the accidents that happen on a wire."""
    out = bytearray(data)
    for _ in range(dice.randrange(4)):
        at = dice.randrange(len(out) + 1)
        accident = dice.randrange(7)
        if accident == 0 and at < len(out):
            out[at] ^= 1 << dice.randrange(8)
        elif accident == 1:
            del out[at : at + dice.choice((1, 1, 2, 5))]
        elif accident == 2:
            out[at:at] = out[at : at + dice.choice((1, 1, 8))]
        elif accident == 3:
            out[at:at] = dice.randbytes(dice.choice((1, 1, 3)))
        elif accident == 4:
            del out[at:]
        elif accident == 5:
            out += bytes(out)
        else:
            out[at:] = out[at:][::-1]
    return bytes(out)


# ---- one batch


@dataclass(slots=True)
class Tally:
    """Counts what came of the noise; a bug of ours is not answered but raised."""

    executed: int = 0
    accepted: int = 0

    def message(self, request: bytes, reply: bytes) -> None:
        """An application message was executed."""
        self.executed += 1
        self.accepted += reply[:1] != b"\x55" or reply[1:2] == b"\x00"

    def bug(self, request: bytes, error: Exception) -> None:
        """Our own code failed."""
        raise error

    def bytes_in(self, data: bytes) -> None:
        """Of no interest."""

    def bytes_out(self, data: bytes) -> None:
        """Of no interest."""

    def junk(self, data: bytes) -> None:
        """Of no interest."""

    def not_understood(self, data: bytes) -> None:
        """Of no interest."""


class Run:
    """One batch on a till of its own."""

    def __init__(self, batch: Batch, seed: int, benches: Callable[[str, str], Bench], tally: Tally) -> None:
        self._batch = batch
        self._dice = Random(f"{seed}:{batch.name}")
        model, self.state = self._dice.choice(names()), self._dice.choice(STATES)
        self._bench = benches(model, self.state).fork()
        self._bench.executor.pace = PACES[self._dice.choice(sorted(PACES))]
        self._line = self._bench.open_line()
        self._line.session.watcher = tally

    def run(self) -> None:
        """Say everything, then look whether the till is still of use; raises `Failure`, or what the till raised."""
        said = self._noise() if self._batch.kind == "bytes" else self._frames()
        for data in said:
            self._say(data)
        rest(self._bench, self._line)
        self._bench.clock.wait(SILENCE_SECONDS)
        self._bench.power_on()
        for link in LINKS:
            if speaks(self._bench, link):
                self._serves(link)
        self._agrees()

    def _noise(self) -> Iterator[bytes]:
        yield noise(self._dice, self._batch.size)

    def _frames(self) -> Iterator[bytes]:
        for number in range(self._batch.size):
            password = self._bench.kkt.access_password
            if self._batch.link == "v3":
                yield damaged(self._dice, v3_frames(self._dice, number, password))
            else:
                yield damaged(self._dice, v2_frames(self._dice, number, password))

    def _say(self, data: bytes) -> None:
        """Write in pieces, and let time go by now and then."""
        dice = self._dice
        while data:
            size = dice.choice((1, 5, 40, 4096))
            self._line.receive(data[:size])
            data = data[size:]
            if dice.random() < 0.05:
                self._bench.clock.wait(dice.choice((0.01, 0.3, 1.0, 2.5)))
                self._line.tick()
            if dice.random() < 0.002:
                self._line.dropped()
        if not self._bench.kkt.is_on:
            self._bench.power_on()

    def _serves(self, link: Link) -> None:
        wire = LoopWire(self._line, self._bench.clock)
        till = Till(wire, link=link, password=self._bench.kkt.access_password)
        state, status = till.send(b"\x45"), till.send(b"\x3f")
        if len(state) != 3 or state[0] != 0x55 or len(status) != 30 or status[0] != 0x44:
            raise Failure(f"over {link} 45h and 3Fh are answered {state.hex(' ')} and {status.hex(' ')}")

    def _agrees(self) -> None:
        bench = self._bench
        fn, mirror = bench.fn, bench.kkt.memory.mirror
        if fn is not None and fn.number == mirror.fn_number:
            known = (mirror.document_number, mirror.shift_number)
            held = (fn.state.document_number, fn.state.shift.number)
            if known != held:
                raise Failure(f"the till knows of document and shift {known}, its FN of {held}")
        till = Till(LoopWire(bench.open_line(is_network=True), bench.clock), password=bench.kkt.access_password)

        def ask(question: Command) -> Answer:
            return parse_answer(question.code, till.send(question.to_wire()))

        _, wrong = Auditor(ask, {}).read(by_law=False)
        if wrong:
            raise Failure("; ".join(wrong))


def rest(bench: Bench, line: BenchLine) -> None:
    """Let everything come to its end; raises `Failure` when that never happens."""
    for _ in range(RESTS_AFTER):
        deadline = line.session.next_deadline()
        if deadline is None or not bench.kkt.is_on:
            return
        bench.clock.wait(max(deadline - bench.clock.now(), 0.0))
        line.tick()
    raise Failure("the till never comes to rest")


def speaks(bench: Bench, link: Link) -> bool:
    """Whether the till listens to this link: the fuzzing may have told it to speak one only."""
    told = bench.executor.protocol
    return told is None or (told == V2) is (link == "v2")


def fuzz(work: Sequence[Batch], seed: int, tell: Callable[[float], None] = lambda part: None) -> Tally:
    """Do all of ``work``; raises `Failure` at the first batch that goes wrong. ``tell``: how much is done, 0 to 1."""
    tally = Tally()
    built: dict[tuple[str, str], Bench] = {}

    def benches(model: str, state: str) -> Bench:
        if (model, state) not in built:
            built[model, state] = build(load(model), state, AT, ClockKind.FROZEN, virtual=True)
        return built[model, state]

    for index, batch in enumerate(work):
        try:
            Run(batch, seed, benches, tally).run()
        except Exception as error:
            raise Failure(f"{type(error).__name__}: {error}; again: --seed {seed} --only {batch.name}") from error
        tell((index + 1) / len(work))
    return tally
