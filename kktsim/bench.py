"""The bench: one till with everything around it, and the hands that touch it.

The one assembly: clock, till, cable, FN shelf, OFD. Ports and the in-process host reach the till through the lines
it opens; the operator's hands are its methods. A fork is a whole second bench and costs microseconds.
"""

from collections.abc import Callable
from typing import Any

from fn_model import FiscalStorage, FnFault, FnModel, FnPort, load_model
from kktsim import board_hands
from kktsim.advance import Advance
from kktsim.bench_line import BenchLine
from kktsim.bench_state import BenchState, seen
from kktsim.cable import Cable, Noise
from kktsim.clock import Clock, ClockKind
from kktsim.device import Kkt, comparison
from kktsim.device.model import KktModel
from kktsim.device.signals import Signal
from kktsim.fn_slot import FnSlot, Slot
from kktsim.hands.error import HandsError
from kktsim.memory_hands import MemoryHands
from kktsim.ofd.client import DOCUMENTS_A_TURN, OfdClient
from kktsim.ofd.network import Network
from kktsim.power import PowerCut
from kktsim.printer_hands import PrinterHands
from kktsim.remote_cable import RemoteCable
from kktsim.remote_slot import RemoteSlot
from kktsim.session import Executor, Session
from kktsim.shelf import MemoryShelf, Shelf
from protocol.append_log import AppendLog


class Bench:
    """«Стенд»."""

    __slots__ = (
        *("_advance", "_restart_at", "_seen_documents", "client", "clock", "complain", "executor", "keep_firmware"),
        *("keep_tablet", "kkt", "lines", "network", "shelf", "signals", "tablet"),
    )

    def __init__(
        self,
        model: KktModel,
        world: float,
        kind: ClockKind = ClockKind.REAL,
        *,
        virtual: bool = False,
        fn_model: FnModel | None = None,
        fn: FiscalStorage | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        """``shelf``: where FNs that are not plugged in lie, ``fn`` what is plugged in, None: nothing.

        Without a shelf there is one in memory, and a new FN of ``fn_model`` is plugged in unless ``fn`` is given.
        """
        self.clock = Clock(world, kind, virtual=virtual)
        self.shelf: Shelf = MemoryShelf(fn_model or load_model()) if shelf is None else shelf
        """FNs that lie beside the till, without power."""
        if fn is None and shelf is None:
            fn = self.shelf.new([])
        if fn is not None:
            fn.power_on(world)
        self.kkt = Kkt(model, Cable(None if fn is None else FnPort(fn)))
        self.kkt.volatile.started_world = world
        self.executor = Executor(self.kkt)
        self.network = Network()
        self.client = OfdClient()
        self.lines: list[BenchLine] = []
        self.signals: AppendLog[Signal] = AppendLog()
        """What the beeper, the drawer and the ports have got."""
        self._restart_at: float | None = None
        """Host time at which a till that switched itself off comes up again; None: it does not."""
        self._seen_documents = 0
        self._advance = Advance()
        self.complain: Callable[[str], None] | None = None
        """Is told, a sentence each, what a person should know; None: it waits."""
        self.keep_firmware: Callable[[str], None] | None = None
        """Writes down which firmware the till has from now on; None: nobody has to."""
        self.keep_tablet: Callable[[dict[str, Any]], None] | None = None
        """Writes down what the tablet keeps from now on; None: nobody has to."""
        self.tablet: dict[str, Any] | None = None
        """What the terminal at the till keeps, JSON that only it understands; None: no terminal was there yet.

        It is replaced as a whole, never changed in place: forks share it.
        """

    def fork(self, *, virtual: bool | None = None) -> "Bench":
        """A second bench in the same state, without ports. ``virtual``: change the kind of host time.

        Raises `HandsError` when the FN is outside of this process: there is only one such FN.
        """
        if isinstance(self.cable.fn, RemoteCable):
            raise HandsError("a till whose FN is outside of this process cannot be copied: there is only one such FN")
        twin = Bench.__new__(Bench)
        twin.clock = self.clock.copy(virtual=virtual)
        twin.kkt = self.kkt.copy()
        later = 0.0 if virtual is None else twin.clock.now() - self.clock.now()
        if twin.kkt.volatile.busy_until is not None:
            twin.kkt.volatile.busy_until += later
        twin.executor = self.executor.copy_for(twin.kkt)
        twin.shelf = self.shelf.fork()
        twin.network = self.network.copy()
        twin.client = self.client.copy()
        twin.lines = []
        twin.signals = self.signals.fork()
        twin._restart_at = None if self._restart_at is None else self._restart_at + later
        twin._seen_documents = self._seen_documents
        twin._advance = Advance()
        twin.complain = twin.keep_firmware = twin.keep_tablet = None
        twin.tablet = self.tablet
        return twin

    @property
    def cable(self) -> Cable:
        """The cable between till and FN."""
        cable = self.kkt.fn.cable
        assert isinstance(cable, Cable)
        return cable

    @property
    def fn(self) -> FiscalStorage | None:
        """What is plugged in; None: nothing, or an FN outside of this process."""
        port = self.cable.fn
        return port.storage if isinstance(port, FnPort) else None

    @property
    def slot(self) -> Slot:
        """Hands at the FN's place in the till."""
        end = self.cable.fn
        return RemoteSlot(self.kkt, end) if isinstance(end, RemoteCable) else FnSlot(self.kkt, self.shelf)

    @property
    def memory(self) -> MemoryHands:
        """Hands at the till's non-volatile memory."""
        return MemoryHands(self.kkt)

    @property
    def printer(self) -> PrinterHands:
        """Hands at the till's printer."""
        return PrinterHands(self.kkt)

    @property
    def world(self) -> float:
        """World time in seconds."""
        return self.clock.world(self.clock.now())

    def open_line(self, *, is_network: bool = False) -> BenchLine:
        """A new port's end of the till. ``is_network``: it is no serial line, and knows no link v2."""
        line = BenchLine(self, Session(self.executor, is_network=is_network))
        self.lines.append(line)
        return line

    # ---- events of the world

    def after_command(self, now: float) -> None:
        """What a command leaves to the bench: documents to send, power to switch."""
        kkt = self.kkt
        made = kkt.memory.totals.running_documents
        if made != self._seen_documents:
            self._seen_documents = made
            self.client.wake(self.clock.world(now))
        elif kkt.memory.intent is not None:
            self.client.look_later(kkt, self.clock.world(now))
        if kkt.volatile.ofd_check or self.client.has_slip:
            self.client.run(kkt, self.network, self.clock.world(now), DOCUMENTS_A_TURN)
        self._tell_troubles()
        volatile = kkt.volatile
        for signal in volatile.signals:
            self.signals.append(signal)
        volatile.signals.clear()
        request = volatile.power_request
        if request is not None and not any(line.session.is_delivering for line in self.lines):
            self.power_off()
            if request.off_seconds is not None:
                self._restart_at = now + request.off_seconds

    def is_up(self, now: float) -> bool:
        """Whether the till is on; one that restarts comes up when its time has come."""
        if self._restart_at is not None and now >= self._restart_at:
            self.power_on()
        return self.kkt.is_on

    def seconds_to_event(self) -> float | None:
        """Host seconds until `run_due` has something to do; None: never by itself."""
        if self._restart_at is not None:
            return max(self._restart_at - self.clock.now(), 0.0)
        world = self.world
        due = self.client.next_event(self.kkt, self.network, world)
        if due is None or not self.kkt.is_on:
            return None
        seconds = due - world
        if seconds > 0 and self.clock.kind is ClockKind.FROZEN:
            return None
        return max(seconds, 0.0)

    def run_due(self, at_most: int | None = None) -> None:
        """Let everything happen that is due by the world's clock, but send ``at_most`` documents."""
        if self.kkt.is_on:
            self.client.run(self.kkt, self.network, self.world, at_most)
        self._tell_troubles()

    def _tell_troubles(self) -> None:
        """A sentence that comes several times at once is told once."""
        for troubles in (self.kkt.troubles, self.network.troubles):
            if troubles and self.complain is not None:
                for sentence in dict.fromkeys(troubles):
                    self.complain(sentence)
                troubles.clear()

    # ---- hands: time and power

    def advance(self, seconds: float) -> None:
        """Let the world go ahead by so many seconds, stopping at each event that changes something."""
        self.set_world(self.world + seconds)

    def set_world(self, target: float) -> None:
        """Let the world go ahead to ``target``; raises `ClockError` when that lies behind.

        It stops at a call that goes on outside of this process, and goes on by `outside_event` (`is_advancing`).
        """
        self._advance.start(self, target)

    @property
    def is_advancing(self) -> bool:
        """Whether the world is still on its way to where it was told to go."""
        return self._advance.goes_on

    def outside_event(self) -> None:
        """Something has come of a call to another process."""
        self.run_due(DOCUMENTS_A_TURN)
        self._advance.go_on(self)

    def lose_patience(self) -> None:
        """Wait no more for the other process; an advance goes on."""
        self._advance.lose_patience(self)

    def stop_advancing(self) -> None:
        """Let the world stay where it has come."""
        self._advance.stop()

    def power_off(self) -> None:
        """Switch the till off; the FN loses its power with it."""
        self.kkt.settle(self.clock.now())
        self.cut_power()

    def cut_power(self) -> None:
        """The power fails at this instant, in mid-command it may be: what is not kept yet is lost."""
        self.kkt.power_off()
        self.client.forget(self.network)
        self._restart_at = None
        for line in self.lines:
            line.session.reset()
        self.slot.power_off()

    def power_on(self) -> None:
        """Switch the till on; it stays off when the power fails while it comes up."""
        if self.kkt.is_on:
            return
        world = self.world
        self._restart_at = None
        self.slot.power_on(world)
        try:
            self.kkt.power_on(world)
            comparison.at_power_up(self.kkt, world)
            self.kkt.keep_if_it_can()
        except PowerCut:
            self.cut_power()
            return
        self.executor.restart()
        for line in self.lines:
            line.session.reset()
        self.client.wake(world)

    def lose_clock(self) -> None:
        """Take the clock's cell out with the power off, put it back, switch on: the till asks for date and time."""
        self.power_off()
        board_hands.lose_clock(self.kkt)
        self.power_on()

    # ---- hands: the board

    def jumper(self, on: bool) -> None:
        """Set the boot jumper, or take it off."""
        board_hands.set_jumper(self.kkt, on)

    def replace_board(self) -> None:
        """Put a board from the spare parts in: neither serial number nor protection codes.

        A till that was on comes up again, without the mode and the receipt it had; one that was off stays off.
        """
        self._without_power(board_hands.replace_board)

    def flash(self, firmware: str) -> None:
        """Give the till another firmware of its model, its own when that is empty or «usual».

        Of what is kept only settings fields that it lacks are lost; power is as for a new board.
        """
        model = board_hands.other_model(self.kkt, firmware)
        if self.keep_firmware is not None:
            self.keep_firmware(model.firmware)
        self._without_power(lambda kkt: board_hands.flash(kkt, model))

    def _without_power(self, deed: Callable[[Kkt], None]) -> None:
        was_on = self.is_up(self.clock.now())
        self.power_off()
        deed(self.kkt)
        if was_on:
            self.power_on()

    # ---- hands: FN and cable

    def unplug(self) -> str:
        """Pull the FN out; its number."""
        return self.slot.unplug()

    def plug(self, number: str | None = None) -> str:
        """Put an FN from the shelf in, the last one that was pulled out unless told; its number."""
        number = self.slot.plug(number, self.world)
        self.client.wake(self.world)
        return number

    def swap(self, model: FnModel | None = None) -> str:
        """Replace the FN by a new one; the number of the new one. The old one goes to the shelf."""
        number = self.slot.swap(self.world, model)
        self.client.wake(self.world)
        return number

    def cut_cable(self) -> None:
        """The cable carries nothing any more."""
        self.cable.is_cut = True

    def make_noise(self, to_fn_percent: int, to_kkt_percent: int, seed: int = 1, times: int | None = None) -> None:
        """Frames are damaged with these probabilities, at most so many times."""
        self.cable.noise = Noise(to_fn_percent, to_kkt_percent, seed, times)

    def mend_cable(self) -> None:
        """A new cable."""
        self.cable.is_cut = False
        self.cable.noise = None

    def break_fn(self, fault: FnFault) -> None:
        """Give the FN in the till a fault."""
        self.slot.plugged().inject(fault)

    def mend_fn(self) -> None:
        """Take every fault off the FN in the till."""
        self.slot.plugged().mend()

    def damage_document(self, number: int) -> None:
        """Let the FN read the record of a document as zeros from now on; `HandsError` when it has no such document."""
        try:
            self.slot.plugged().damage_document(number)
        except ValueError as error:
            raise HandsError(str(error)) from error

    def inject_sign(self, document: int, sign: int) -> None:
        """Let the FN give the document of this number this fiscal sign."""
        self.slot.plugged().injected_signs[document] = sign

    # ---- hands: the OFD and what the operator sees

    def ofd_down(self) -> None:
        """Connections to the OFD fail from now on."""
        self.network.server_is_up = False

    def ofd_up(self) -> None:
        """Nothing is wrong with the OFD and the way to it any more; the till tries at once."""
        self.network.clear()
        self.try_ofd()

    def try_ofd(self) -> None:
        """Let the till not wait for its timer."""
        self.client.try_now(self.kkt, self.network, self.world)
        self.run_due()

    def put_tablet(self, memory: dict[str, Any]) -> None:
        """Let the terminal's tablet keep that; raises `HandsError` when it cannot be written down."""
        if self.keep_tablet is not None:
            self.keep_tablet(memory)
        self.tablet = memory

    def tape(self, start: int = 0) -> list[str]:
        """Lines of the paper tape from index ``start`` on."""
        return self.kkt.paper.lines(start)

    def state(self) -> BenchState:
        """What the operator sees."""
        self.is_up(self.clock.now())
        self.kkt.settle(self.clock.now())
        return seen(self.kkt, self.cable, self.slot.number, self.shelf, self.network, self.world)
