"""What can be seen of each organ: answers at the port, lines on the paper, screens of the terminal."""

from collections.abc import Callable, Mapping
from typing import Any

from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import CARD
from scenarios.resets import organs
from scenarios.routine import to_world
from tests.resets.marked import GOODS, LOST_MEMORY, NO_CLOCK, Stage, places

Eye = Callable[[Stage], Any]
NO_TIME = "the till asks for date and time"


def seen(stage: Stage, organ: str) -> Any:
    """The organ as it is; looking at it changes nothing."""
    fork = stage.fork()
    if organ != "clock":
        fork.set_clock()
    return EYES[organ](fork) if organ in EYES else _answers(fork, organ)


def _answers(stage: Stage, organ: str) -> tuple[bytes, ...]:
    asker = stage.asker
    return tuple(asker.send(command) for command in organs()[organ].asked)


def _clock(stage: Stage) -> float | str:
    """Seconds ahead of the world."""
    asker = stage.asker
    if asker.mode_byte in NO_CLOCK:
        return NO_TIME
    register = ReadRegister(register=0x11)
    shown = register.read_answer(asker.send(register.to_wire())[2:])["at"]
    return to_world(shown) - stage.bench.world


def _tables(stage: Stage) -> tuple[bytes, ...]:
    """Every field, not only those that the table of resets asks for as an example."""
    asker = stage.asker
    return tuple(asker.send(bytes((0x46, place[0], 0, place[1], place[2]))) for place in places(stage))


def _mode(stage: Stage) -> int:
    return stage.asker.mode_byte


def _memory_lock(stage: Stage) -> bool:
    return stage.asker.mode_byte in LOST_MEMORY


def _begun(stage: Stage) -> bytes:
    """The FN's byte of the document that is begun."""
    return stage.asker.send(bytes.fromhex("A4 30"))[3:4]


def _left_taxes(stage: Stage) -> bytes:
    """Tax of an empty receipt; a new FN must be registered for one."""
    asker = stage.asker
    asker.enter(1)
    if asker.code("92 00 01") == E.FN_WRONG_STATE:
        asker.enter(6)
        asker.does("A6")
        asker.enter(1)
        asker.does("92 00 01")
    return asker.send(bytes.fromhex("91 3D 01 00"))


def _general_resets(stage: Stage) -> int:
    """The number that the next one prints, less one."""
    asker, start = stage.asker, len(stage.bench.tape())
    asker.enter(3)
    asker.does("77")
    (number,) = [line.split()[1] for line in stage.bench.tape(start) if line.startswith("НОМЕР")]
    return int(number) - 1


EYES: Mapping[str, Eye] = {
    "clock": _clock,
    "tables": _tables,
    "mode": _mode,
    "memory_lock": _memory_lock,
    "fn_document": _begun,
    "left_taxes": _left_taxes,
    "general_resets": _general_resets,
    "goods": lambda stage: stage.terminal.choose(CARD, GOODS, None, None, None, None, None),
    "print_tasks": lambda stage: tuple(stage.tablet.tasks),
    "tablet_clock": lambda stage: stage.tablet.ahead_seconds,
}
"""Organs of which there is more to say than the answers as they come."""
