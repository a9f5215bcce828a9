"""Hands and eyes on a bench in this process."""

from fn_model import FnFault, load_model
from kktsim.bench import Bench
from kktsim.device.printer_state import PrinterFault
from kktsim.device.protection import right_code
from kktsim.device.regions import Region
from kktsim.ofd.failures import LATE_SECONDS, Failure, Planned
from kktsim.ofd.network import Uplink
from kktsim.ofd.server import OfdServer
from kktsim.ofd_hands import OfdHands
from kktsim.shelf import troubles


class BenchHands:
    """«Оператор» of a bench. Raises `HandsError` or `ClockError` when something cannot be done now."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._ofd = OfdHands(bench.kkt, bench.network)

    def unplug_fn(self) -> str:
        """Pull the FN out; its number."""
        return self.bench.unplug()

    def plug_fn(self, number: str | None = None) -> str:
        """Put an FN from the shelf in, the last one pulled out unless told; its number."""
        return self.bench.plug(number)

    def swap_fn(self, model: str | None = None) -> str:
        """Replace the FN by a new one, power off meanwhile; the new number. ``model``: another one than before."""
        was_on = self.bench.kkt.is_on
        self.power_off()
        number = self.bench.swap(None if model is None else load_model(model))
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

    def flash(self, firmware: str) -> None:
        """Give the till another firmware of its model, its own when that is empty or «usual»; what it keeps stays."""
        self.bench.flash(firmware)

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
        """Nothing is wrong with the OFD and the way to it any more; the till tries at once."""
        self.bench.ofd_up()

    def ofd_fault(
        self,
        failure: str,
        times: int | None = 1,
        from_document: int | None = None,
        percent: int = 100,
        seed: int = 1,
        seconds: float = LATE_SECONDS,
        fn_number: str | None = None,
    ) -> None:
        """Let a failure strike, a value of `Failure`; ValueError when there is no such failure.

        The numbers are those of `Planned`.
        """
        self._ofd.plan(Planned(Failure(failure), times, from_document, percent, seed, fn_number, seconds))

    def ofd_clear(self, failure: str | None = None) -> None:
        """End every failure of a kind; all of them, and ``ofd_down``, unless told."""
        self._ofd.clear(None if failure is None else Failure(failure))

    def ofd_failures(self) -> list[tuple[str, Planned]]:
        """What is still to come, each with where it is."""
        return self._ofd.planned()

    def ofd_host(self, name: str, place: str) -> None:
        """Let ``HOST`` or ``HOST:PORT`` lead to ``inner``, ``unknown``, ``unreachable`` or ``127.0.0.1:PORT``.

        Raises ValueError.
        """
        self._ofd.set_host(name, place)

    def forget_host(self, name: str) -> None:
        """Take a host out of the table of names."""
        self._ofd.forget_host(name)

    def hosts(self) -> list[dict[str, object]]:
        """The table of names."""
        return self._ofd.hosts()

    def use_uplink(self, uplink: str) -> None:
        """Let the terminal get into the Internet by a value of `Uplink`; ValueError when there is no such way."""
        self.bench.network.uplink = Uplink(uplink)

    def try_ofd(self) -> None:
        """Let the till not wait for its timer."""
        self.bench.try_ofd()

    @property
    def operator(self) -> OfdServer:
        """The operator inside the bench."""
        return self.bench.network.server

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

    def has_internet(self) -> bool:
        """Whether the terminal's browser shows a page."""
        return self.bench.network.has_internet

    def ofd_documents(self) -> list[int]:
        """Numbers of the documents of the FN in the till that the operator inside the bench has."""
        store, number = self.operator.store, self.bench.slot.number
        return [] if number is None else [one.number for one in store.listed(number, 1, len(store))]

    def abandoned_fns(self) -> list[str]:
        """What is wrong with the FNs on the shelf, a sentence each."""
        return troubles(self.bench.shelf)
