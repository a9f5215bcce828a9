"""Hands and eyes on a bench in this process."""

from fn_model import FnFault
from kktsim.bench import Bench
from kktsim.device.printer_state import PrinterFault
from kktsim.device.protection import right_code
from kktsim.device.regions import Region
from kktsim.shelf import troubles


class BenchHands:
    """«Оператор» of a bench. Raises `HandsError` or `ClockError` when something cannot be done now."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def unplug_fn(self) -> str:
        """Pull the FN out; its number."""
        return self.bench.unplug()

    def plug_fn(self, number: str | None = None) -> str:
        """Put an FN from the shelf in, the last one pulled out unless told; its number."""
        return self.bench.plug(number)

    def swap_fn(self) -> str:
        """Replace the FN by a new one, power off meanwhile; the new number."""
        was_on = self.bench.kkt.is_on
        self.power_off()
        number = self.bench.swap()
        if was_on:
            self.power_on()
        return number

    def shelf(self) -> list[str]:
        """Numbers of the FNs that lie beside the till, the last one pulled out last."""
        return self.bench.shelf.numbers()

    def break_fn(self, fault: str) -> None:
        """Give the FN in the till a fault, a value of `FnFault`; ValueError when there is no such fault."""
        self.bench.break_fn(FnFault(fault))

    def mend_fn(self) -> None:
        """Take every fault off the FN in the till."""
        self.bench.mend_fn()

    def damage_document(self, document: int) -> None:
        """Let the FN read the record of the document of this number as zeros from now on."""
        self.bench.damage_document(document)

    def inject_sign(self, document: int, sign: int) -> None:
        """Let the FN give the document of this number this fiscal sign."""
        self.bench.inject_sign(document, sign)

    def cut_cable(self) -> None:
        """The cable between till and FN carries nothing any more."""
        self.bench.cut_cable()

    def make_noise(self, to_fn_percent: int, to_kkt_percent: int, seed: int = 1, times: int | None = None) -> None:
        """Frames on the cable are damaged with these probabilities, at most so many times."""
        self.bench.make_noise(to_fn_percent, to_kkt_percent, seed, times)

    def mend_cable(self) -> None:
        """Put a new cable in."""
        self.bench.mend_cable()

    def power_off(self) -> None:
        """Switch the till off."""
        self.bench.power_off()

    def power_on(self) -> None:
        """Switch the till on."""
        self.bench.power_on()

    def lose_clock(self) -> None:
        """Take the clock's cell out with the power off: the till comes up asking for date and time."""
        self.bench.lose_clock()

    def set_jumper(self, on: bool) -> None:
        """Set the boot jumper of the till's board, or take it off."""
        self.bench.jumper(on)

    def replace_board(self) -> None:
        """Put a board from the spare parts in: neither serial number nor protection codes."""
        self.bench.replace_board()

    def passport_code(self, number: int) -> str:
        """The protection code of this number as the till's passport tells it: 16 digits."""
        return right_code(self.bench.kkt.model.serial_number, number).hex()

    def spoil_memory(self, region: str) -> None:
        """Spoil a region of the till's memory, a value of `Region`; ValueError when there is no such region."""
        self.bench.memory.spoil(Region(region))

    def lose_memory(self) -> None:
        """Let the battery of the till's memory go flat."""
        self.bench.memory.lose()

    def alter_memory(self, region: str, field: str, value: str | None) -> None:
        """Set a field of a region under a good check sum; None takes an entry away."""
        self.bench.memory.alter(Region(region), field, value)

    def paper_out(self, lines: int = 0) -> None:
        """Take the paper out, but for so many lines."""
        self.bench.printer.paper_out(lines)

    def paper_in(self) -> None:
        """Put a new roll of paper in; what has waited for it is printed."""
        self.bench.printer.paper_in()

    def open_cover(self) -> None:
        """Open the printer's cover."""
        self.bench.printer.open_cover()

    def close_cover(self) -> None:
        """Close the printer's cover."""
        self.bench.printer.close_cover()

    def break_printer(self, fault: str) -> None:
        """Give the printer a fault, a value of `PrinterFault`; ValueError when there is no such fault."""
        self.bench.printer.break_down(PrinterFault(fault))

    def mend_printer(self) -> None:
        """Take every fault off the printer."""
        self.bench.printer.mend()

    def ofd_down(self) -> None:
        """Connections to the OFD fail from now on."""
        self.bench.ofd_down()

    def ofd_up(self) -> None:
        """Connections to the OFD succeed again."""
        self.bench.ofd_up()

    def advance(self, seconds: float) -> None:
        """Let the world go ahead by so many seconds."""
        self.bench.advance(seconds)

    def set_world(self, world: float) -> None:
        """Let the world go ahead to this time, in world seconds."""
        self.bench.set_world(world)

    def tape(self) -> list[str]:
        """All lines of the paper so far; cuts begin with ✂."""
        return self.bench.tape()

    def world(self) -> float:
        """World time in seconds."""
        return self.bench.world

    def unsent_documents(self) -> int | None:
        """«Непереданные документы»: how many wait in the FN for the OFD; None when no FN is plugged in."""
        return self.bench.state().unsent_documents

    def abandoned_fns(self) -> list[str]:
        """What is wrong with the FNs on the shelf, a sentence each."""
        return troubles(self.bench.shelf)
