"""What scenarios about the OFD share: the days that pass, the queue, register 2Bh, and how thirty days come about."""

from dataclasses import dataclass

from protocol.atol.command import parse_answer
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E
from scenarios import routine
from scenarios.at_terminal import driver_says, opens_shift, sells, trade_day
from scenarios.by_hand import command_line
from scenarios.playbook import Kind, Scene, Step, Variant, hand, sees
from scenarios.presets import DAY, HOUR, MINUTE, midnight

HOST, PORT = routine.OFD_HOST, str(routine.OFD_PORT)
EXCHANGE_ERRORS = 0x2B
TAPE = "Ошибка ФН 235"
REFUSED = driver_says(E.FN_STORAGE_EXHAUSTED)
NOT_IN_FN_1 = Variant("ФН-1: its own code for the thirty days, -3995", fn="fn-1-13", arises=False)
MADE = 3
"""Documents of a small day: shift opened, receipt, shift closed."""

DAY_PASSES = trade_day("a day's trade: shift, sale, Z")
TILL_TRIES = hand("advance", 5 * MINUTE, title="five minutes go by: the till has tried again")


def on_day(days: int, hour: int) -> Step:
    """World time goes ahead to an hour of a later day."""

    def at(scene: Scene) -> float:
        return midnight(scene.witness.world()) + days * DAY + hour * HOUR

    return Step(
        Kind.WORLD,
        f"{days} days later, {hour}:00" if days > 1 else f"the next day, {hour}:00",
        lambda scene: scene.hands.set_world(at(scene)),
        typed=lambda scene: (command_line("set_world", (at(scene),), {}),),
    )


def wait_for_zero() -> Step:
    """The article's «wait until nothing is unsent»."""
    return hand("advance", HOUR, title="Подождать, пока все неотправленные документы примут значение «0»")


def all_sent(title: str = "nothing waits for the OFD") -> Step:
    """The queue is empty."""
    return sees(lambda scene: scene.witness.unsent_documents() == 0, title)


def waiting(documents: int) -> Step:
    """So many documents wait."""
    return sees(lambda scene: scene.witness.unsent_documents() == documents, f"{documents} documents wait for the OFD")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Register 2Bh: what was wrong with the last attempt. ``fn`` is a wire code."""

    network: int = 0
    ofd: int = 0
    fn: int = 0


def exchange(scene: Scene) -> Exchange:
    """Ask for register 2Bh."""
    register = ReadRegister(register=EXCHANGE_ERRORS)
    fields = register.read_answer(parse_answer(register.code, scene.till.send(register.to_wire())).data)
    return Exchange(fields["network_error"], fields["ofd_error"], fields["fn_error"])


def register_tells(wanted: Exchange) -> Step:
    """Register 2Bh tells this of the last attempt."""
    told = f"network {wanted.network}, OFD {wanted.ofd}, FN {wanted.fn}"
    return sees(lambda scene: exchange(scene) == wanted, f"91 2B: {told}")


def thirty_days_with_an_open_shift() -> tuple[Step, ...]:
    """From a day whose documents did not leave to the sale that is refused: the shift was opened the evening before."""
    return (
        on_day(30, 20),
        opens_shift(),
        on_day(1, 10),
        sells(shows=REFUSED),
    )


def thirty_days_with_a_closed_shift() -> tuple[Step, ...]:
    """The same, noticed in the morning."""
    return (on_day(31, 10), sells(shows=REFUSED))
