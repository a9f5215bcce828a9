"""The till's side of the exchange with the OFD: one document at a time, tried again by a timer of world time.

The loop: 20h (how many wait), call, 21h(1), 22h, 23h..., 25h, send, the answer by its length, 26h, hang up, 21h(0).
After a failure the message is begun anew. A state machine without clock and sockets: `OfdClient.run` is given the
network and the time. Diagnostics make a call of their own, with a message that has no document.

Sources: FNS, «Описание интерфейса ФН» 1.2, 6.6; ATOL protocol 3.1, table 19 fields 1-4, 12, 13 and registers 2Bh, 39h.
"""

from contextlib import suppress
from enum import Enum

from kktsim.device import Kkt, ofd_slip, tables
from kktsim.device.refusal import Refusal
from kktsim.ofd import diagnosis, message
from kktsim.ofd.events import Closed, Connected, Event, Failed, NetworkTrouble, OfdTrouble, Received
from kktsim.ofd.network import Network
from protocol.atol.kkt_codes import E
from protocol.fn.answers import ConfirmationResult, ExchangeStatus, FnStatus
from protocol.fn.commands import FnCommand, Phase
from protocol.fn.layouts import LayoutError
from protocol.ofd import confirmation
from protocol.ofd.errors import OfdFormatError
from protocol.ofd.stream import MessageReader, SessionMessage

CALL_SECONDS = 30
"""How long a call may take to be answered (a guess)."""
CHECK_SECONDS = 10
"""How long diagnostics wait for the connection, and for an answer (a guess)."""
SHORTEST_PAUSE = 1
DOCUMENTS_A_TURN = 8
"""So many documents are sent before the till's ports are looked at again."""
_UP, _DOWN = b"\x01", b"\x00"
_SENDING = frozenset((Phase.FISCAL, Phase.POST_FISCAL))


class Stage(Enum):
    """What the client does now."""

    IDLE = "idle"
    CALLING = "calling"
    """It waits for the connection."""
    WAITING = "waiting"
    """It has sent, and waits for the answer."""


class OfdClient:
    """«Обмен с ОФД» of one till."""

    __slots__ = (
        *("_attempt_seconds", "_began", "_deadline", "_fn_number", "_goes_on", "_is_check", "_outcome", "_phase"),
        *("_reader", "attempts", "failed_attempts", "next_attempt", "sent", "stage"),
    )

    def __init__(self) -> None:
        self.stage = Stage.IDLE
        self.next_attempt: float | None = None
        """World time of the next attempt; None: nothing is known to wait."""
        self.attempts = 0
        self.failed_attempts = 0
        """Since the last success."""
        self.sent = 0
        """Documents that were confirmed."""
        self._deadline = 0.0
        """World time at which the client loses patience, unless it is idle."""
        self._is_check = False
        """The call is one of diagnostics."""
        self._outcome: tuple[NetworkTrouble, OfdTrouble | None] | None = None
        """What came of diagnostics, until the slip can be printed."""
        self._began = 0.0
        """World time of the last attempt."""
        self._attempt_seconds = 0.0
        """How long the last one that failed took."""
        self._fn_number = ""
        self._phase = Phase.FISCAL
        self._goes_on = False
        """A document was just confirmed: the FN is the one it was, and of the same phase."""
        self._reader = MessageReader()

    def copy(self) -> "OfdClient":
        """An independent client in the same state."""
        twin = OfdClient()
        for name in OfdClient.__slots__:
            setattr(twin, name, getattr(self, name))
        twin._reader = self._reader.copy()
        return twin

    def wake(self, world: float) -> None:
        """A document may wait in the FN, which may be another one: try at once, unless an attempt failed and its pause
        runs.
        """
        self._goes_on = False
        if self.next_attempt is None:
            self.next_attempt = world

    def look_later(self, kkt: Kkt, world: float) -> None:
        """The FN may have made a document of which the till does not know: look behind the pause."""
        if self.next_attempt is None:
            self.next_attempt = world + _pause_seconds(kkt)

    def try_now(self, kkt: Kkt, network: Network, world: float) -> None:
        """Do not wait for the pause to end, nor for what a call under way comes to; diagnostics begin anew."""
        if self.stage is not Stage.IDLE and self._is_check:
            network.hang_up()
            self.stage, kkt.volatile.ofd_check = Stage.IDLE, True
        elif self.stage is not Stage.IDLE:
            self._give_up(kkt, network, world)
        if self.next_attempt is not None:
            self.next_attempt = world

    def forget(self, network: Network) -> None:
        """The till has lost its power."""
        network.hang_up()
        self.stage, self.next_attempt, self._goes_on, self._outcome = Stage.IDLE, None, False, None

    @property
    def has_slip(self) -> bool:
        """Whether a slip of diagnostics waits to be printed."""
        return self._outcome is not None

    def next_event(self, kkt: Kkt, network: Network, world: float) -> float | None:
        """World time at which `run` has something to do; None: never by itself."""
        if kkt.volatile.ofd_check or self._can_print(kkt):
            return world
        if self.stage is Stage.IDLE:
            return self.next_attempt
        coming = network.next_event(world)
        return self._deadline if coming is None else min(coming, self._deadline)

    def run(self, kkt: Kkt, network: Network, world: float, at_most: int | None = None) -> None:
        """Do what is due, and go on until nothing is, or until ``at_most`` documents were sent."""
        sent = self.sent
        while at_most is None or self.sent - sent < at_most:
            if self._can_print(kkt):
                self._print_slip(kkt, world)
            elif kkt.volatile.ofd_check:
                self._begin_check(kkt, network, world)
            elif self.stage is not Stage.IDLE:
                event = network.take(world)
                if event is not None:
                    self._hear(kkt, network, event, world)
                elif self._deadline <= world:
                    self._give_up(kkt, network, world)
                else:
                    return
            elif self.next_attempt is not None and self.next_attempt <= world:
                self._begin(kkt, network, world)
            else:
                return

    def is_held(self, kkt: Kkt) -> bool:
        """Whether documents wait for a driver to carry them: looking again is no attempt then."""
        return self.stage is Stage.IDLE and ofd_slip.channel(kkt) == ofd_slip.THROUGH_DRIVER

    def pause_seconds(self, kkt: Kkt) -> float:
        """World time from one attempt to the next, as the last one that failed went."""
        return _pause_seconds(kkt) + self._attempt_seconds

    def skip(self, kkt: Kkt, until: float) -> None:
        """Count the attempts up to ``until`` that could only fail as the last one did; looking again is none."""
        if self.stage is not Stage.IDLE or self.next_attempt is None or self.next_attempt > until:
            return
        every = self.pause_seconds(kkt)
        missed = int((until - self.next_attempt) // every) + 1
        self.next_attempt += missed * every
        if not self.is_held(kkt):
            self.attempts += missed
            self.failed_attempts += missed

    # ---- a document

    def _begin(self, kkt: Kkt, network: Network, world: float) -> None:
        errors = kkt.volatile.exchange
        try:
            waits = self._waits(kkt, world)
            if waits and not self._goes_on:
                self._fn_number = message.fn_number(kkt, world)
        except (Refusal, LayoutError) as error:
            self.attempts += 1
            self._began = world
            self._fn_failed(kkt, network, error, world)
            return
        if not waits:
            self.failed_attempts, self.next_attempt, self._goes_on = 0, None, False
            return
        if self.is_held(kkt):
            self.next_attempt = world + _pause_seconds(kkt)
            return
        used = ofd_slip.channel(kkt)
        self.attempts += 1
        self._began = world
        if used is None:
            self._failed(kkt, network, world, network_trouble=NetworkTrouble.NO_CHANNEL)
        elif not (ofd_slip.host(kkt) and ofd_slip.port(kkt)):
            self._failed(kkt, network, world, network_trouble=NetworkTrouble.NO_ADDRESS)
        else:
            self._is_check = False
            self._call(kkt, network, errors.document_number, world)

    def _call(self, kkt: Kkt, network: Network, document: int | None, world: float) -> None:
        self._reader = MessageReader()
        self.stage = Stage.CALLING
        self._deadline = world + (CHECK_SECONDS if self._is_check else CALL_SECONDS)
        network.call(ofd_slip.host(kkt), ofd_slip.port(kkt), document, self._fn_number, world)

    def _waits(self, kkt: Kkt, world: float) -> bool:
        """Whether the FN has a document to send; outside the phases in which it sends it is not asked."""
        if not self._goes_on:
            self._phase = FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", world)).phase
        if self._phase not in _SENDING:
            kkt.volatile.exchange.document_number = 0
            return False
        status = ExchangeStatus.parse(kkt.fn.do(FnCommand.EXCHANGE_STATUS, b"", world))
        kkt.volatile.exchange.document_number = status.number
        return status.unsent_documents > 0

    def _hear(self, kkt: Kkt, network: Network, event: Event, world: float) -> None:
        if self._is_check:
            self._hear_of_check(kkt, network, event, world)
            return
        try:
            match event:
                case Connected():
                    self._send(kkt, network, world)
                case Received(data):
                    self._reader.push(data)
                    answer = self._reader.pop()
                    if answer is not None:
                        self._confirm(kkt, network, answer, world)
                case Closed():
                    self._failed(kkt, network, world, ofd_trouble=OfdTrouble.CLOSED)
                case Failed(trouble):
                    self._failed(kkt, network, world, network_trouble=trouble)
        except OfdFormatError:
            self._failed(kkt, network, world, ofd_trouble=OfdTrouble.BAD_ANSWER)
        except (Refusal, LayoutError) as error:
            self._fn_failed(kkt, network, error, world)

    def _send(self, kkt: Kkt, network: Network, world: float) -> None:
        self.stage = Stage.WAITING
        kkt.fn.do(FnCommand.SET_TRANSPORT, _UP, world)
        network.send(message.head(kkt, self._fn_number, world), world)
        self._deadline = world + 60 * tables.number(kkt, ofd_slip.OFD_TABLE, 1, ofd_slip.WAIT_MINUTES)

    def _confirm(self, kkt: Kkt, network: Network, answer: SessionMessage, world: float) -> None:
        if answer.header.fn_number != self._fn_number or not 0 < len(answer.body) <= confirmation.MAX_SIZE:
            self._failed(kkt, network, world, ofd_trouble=OfdTrouble.BAD_ANSWER)
            return
        told = ConfirmationResult.parse(kkt.fn.do(FnCommand.PUT_CONFIRMATION, answer.body, world))
        self._end_call(kkt, network, world)
        errors = kkt.volatile.exchange
        errors.network, errors.ofd, errors.fn = 0, told.ofd_code, 0
        errors.last_sent_at = kkt.clock(world)
        self.sent += 1
        self.failed_attempts, self.next_attempt = 0, world
        self._goes_on = self._phase is Phase.FISCAL  # the last document of a closed archive ends its phase

    # ---- what ends a call

    def _give_up(self, kkt: Kkt, network: Network, world: float) -> None:
        is_calling = self.stage is Stage.CALLING
        if self._is_check:
            self._end_check(kkt, network, world, *((NetworkTrouble.TIMED_OUT, None) if is_calling else _NO_ANSWER))
        elif is_calling:
            self._failed(kkt, network, world, network_trouble=NetworkTrouble.TIMED_OUT)
        else:
            self._failed(kkt, network, world, ofd_trouble=OfdTrouble.NO_ANSWER)

    def _failed(
        self,
        kkt: Kkt,
        network: Network,
        world: float,
        *,
        network_trouble: NetworkTrouble = NetworkTrouble.NONE,
        ofd_trouble: OfdTrouble = OfdTrouble.NONE,
    ) -> None:
        errors = kkt.volatile.exchange
        errors.network, errors.ofd, errors.fn = network_trouble, ofd_trouble, 0
        self._pause(kkt, network, world)

    def _fn_failed(self, kkt: Kkt, network: Network, error: Exception, world: float) -> None:
        errors = kkt.volatile.exchange
        errors.network, errors.ofd = 0, 0
        errors.fn = error.code if isinstance(error, Refusal) else E.FN_BAD_FORMAT
        errors.fn_command = kkt.fn.last_command
        self._pause(kkt, network, world)

    def _pause(self, kkt: Kkt, network: Network, world: float) -> None:
        self._end_call(kkt, network, world)
        self._goes_on = False
        self.failed_attempts += 1
        self._attempt_seconds = world - self._began
        self.next_attempt = world + _pause_seconds(kkt)

    def _end_call(self, kkt: Kkt, network: Network, world: float) -> None:
        """Hang up, and tell the FN; one whose last document was just confirmed does not listen.

        Which command the FN has failed on before, is still known.
        """
        network.hang_up()
        was_waiting, self.stage = self.stage is Stage.WAITING, Stage.IDLE
        if was_waiting:
            asked = kkt.fn.last_command
            with suppress(Refusal):
                kkt.fn.do(FnCommand.SET_TRANSPORT, _DOWN, world)
            kkt.fn.last_command = asked

    # ---- diagnostics

    def _begin_check(self, kkt: Kkt, network: Network, world: float) -> None:
        """A document that is on its way is begun anew behind it."""
        kkt.volatile.ofd_check = False
        if self.stage is not Stage.IDLE:
            self._end_call(kkt, network, world)
            self.next_attempt = world
        self._is_check = True
        used = ofd_slip.channel(kkt)
        if used is None or used == ofd_slip.THROUGH_DRIVER:
            self._end_check(kkt, network, world, NetworkTrouble.NO_CHANNEL, None)
        elif not (ofd_slip.host(kkt) and ofd_slip.port(kkt)):
            self._end_check(kkt, network, world, NetworkTrouble.NO_ADDRESS, None)
        else:
            self._fn_number = kkt.memory.mirror.fn_number
            kkt.volatile.exchange.network = NetworkTrouble.TIMED_OUT  # until it is known better
            self._call(kkt, network, None, world)

    def _hear_of_check(self, kkt: Kkt, network: Network, event: Event, world: float) -> None:
        errors = kkt.volatile.exchange
        try:
            match event:
                case Connected():
                    errors.network, errors.ofd = NetworkTrouble.NONE, OfdTrouble.NO_ANSWER  # until it is known better
                    network.send(message.empty(self._fn_number), world)
                    self.stage, self._deadline = Stage.WAITING, world + CHECK_SECONDS
                case Received(data):
                    self._reader.push(data)
                    if self._reader.pop() is not None:
                        self._end_check(kkt, network, world, NetworkTrouble.NONE, OfdTrouble.NONE)
                case Closed():
                    self._end_check(kkt, network, world, NetworkTrouble.NONE, OfdTrouble.CLOSED)
                case Failed(trouble):
                    self._end_check(kkt, network, world, trouble, None)
        except OfdFormatError:
            self._end_check(kkt, network, world, NetworkTrouble.NONE, OfdTrouble.BAD_ANSWER)

    def _end_check(
        self,
        kkt: Kkt,
        network: Network,
        world: float,
        connection: NetworkTrouble,
        exchange: OfdTrouble | None,
    ) -> None:
        network.hang_up()
        self.stage = Stage.IDLE
        errors = kkt.volatile.exchange
        errors.network, errors.ofd, errors.fn = connection, exchange or 0, 0
        self._outcome = (connection, exchange)
        if self._can_print(kkt):
            self._print_slip(kkt, world)

    def _can_print(self, kkt: Kkt) -> bool:
        """Whether a slip waits, and nobody's receipt would be torn by it."""
        return self._outcome is not None and kkt.memory.receipt is None

    def _print_slip(self, kkt: Kkt, world: float) -> None:
        outcome, self._outcome = self._outcome, None
        if outcome is not None:
            diagnosis.print_slip(kkt, world, *outcome)


_NO_ANSWER = (NetworkTrouble.NONE, OfdTrouble.NO_ANSWER)


def _pause_seconds(kkt: Kkt) -> int:
    """World time between an attempt that failed and the next one: table 19, field 13."""
    return max(tables.number(kkt, ofd_slip.OFD_TABLE, 1, ofd_slip.PAUSE_SECONDS), SHORTEST_PAUSE)
