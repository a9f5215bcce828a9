"""The cable to an FN outside of this process: a real test FN on a USB-UART, or one that another process serves.

A command waits for the FN as long as a KKT does, and with it everything in this process: such a till gets a process of
its own. Only test FNs are spoken to. The number and the version are asked for when the port was opened, after every
silence, and the number before every command that begins something: between two commands another FN may have been put
there.
"""

from collections.abc import Callable
from typing import Final

from kktsim.device.fn_link import ATTEMPTS
from kktsim.fn_trial import FnTrial
from kktsim.hands.error import HandsError
from kktsim.host.fn_wire import FnWire
from kktsim.host.serial_wire import PortUnavailableError
from protocol.fn.answers import Version
from protocol.fn.commands import WARNING_BIT, FnCode, FnCommand
from protocol.fn.frame import ENQ, FrameError, build_request, parse_answer
from protocol.fn.layouts import LayoutError

TEST_PREFIX: Final = b"9999"
"""Numbers of test FNs («МГМ») begin so."""
BEGUN: Final = frozenset((0x03, 0x05, 0x06, 0x07, 0x12, 0x14, 0x16, 0x19, *range(0x22, 0x26), 0xA3))
"""Commands that go on with what was begun."""
QUESTIONS: Final = frozenset((0x10, 0x20, *range(0x30, 0x60)))
"""Commands that only ask."""
_UNASKED = BEGUN | QUESTIONS


class UnfitFnError(HandsError):
    """The FN at the other end is none to emulate a till with; the message says why and what to do."""


class RemoteCable:
    """«Шлейф ФН», the rest of which lies outside."""

    def __init__(self, wire: FnWire, complain: Callable[[str], None]) -> None:
        """``complain`` is told, a sentence, when the FN turns out to be none to speak to; it is silent from then on."""
        self._wire = wire
        self._complain = complain
        self._checked: tuple[int, bytes] | None = None
        """Which opening of the port, and the number of the FN that was found fit then."""
        self._is_refused = False
        self.is_plugged = False

    @property
    def number(self) -> str | None:
        """The number of the FN that answered last, if it is still thought to be there."""
        return None if self._checked is None else self._checked[1].decode("ascii")

    def plug(self) -> str:
        """Open the port and look what is there; its number. Raises `UnfitFnError`, `HandsError` when nobody is."""
        if self.is_plugged:
            raise HandsError(f"the FN at {self._wire.port} is plugged in: pull it out with `fn unplug` first")
        self._is_refused = False
        try:
            self._wire.open()
            self._check()
        except PortUnavailableError as error:
            raise HandsError(str(error)) from None
        except UnfitFnError:
            self._wire.close()
            raise
        if self.number is None:
            self._wire.close()
            raise HandsError(f"no FN answers at {self._wire.port}: is it connected, and powered?")
        self.is_plugged = True
        return self.number

    def unplug(self) -> str | None:
        """Let go of the port; the number of the FN that was there."""
        if not self.is_plugged:
            raise HandsError("no FN is plugged in: put it back with `fn plug`")
        number = self.number
        self._wire.close()
        self.is_plugged = False
        self._checked = None
        return number

    def copy(self) -> FnTrial:
        """There is no second such FN: what a fork of the till finds there does nothing."""
        return FnTrial(self.exchange, QUESTIONS)

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """What comes back for ``frame``; None: nothing, or nothing that may be spoken to."""
        if not self.is_plugged or self._is_refused or not self._may_send(frame):
            return None
        answer = self._wire.exchange(frame)
        if answer is None:
            self._checked = None
        return answer

    def _may_send(self, frame: bytes) -> bool:
        try:
            self._wire.open()
            if self._checked is None or self._checked[0] != self._wire.opened:
                if frame == ENQ:
                    return False
                self._check()
            elif len(frame) > 3 and frame[3] not in _UNASKED:
                number = self._told_number()
                if number is None:
                    self._checked = None
                elif number != self._checked[1]:
                    self._check()
        except PortUnavailableError:
            self._checked = None
        except UnfitFnError as error:
            self._is_refused = True
            self._checked = None
            self._complain(str(error))
        return self._checked is not None

    def _check(self) -> None:
        """Find out who is there; raises `UnfitFnError`. A silent FN stays unknown."""
        self._checked = None
        number = self._told_number()
        if number is None:
            return
        told = self._ask(FnCommand.VERSION)
        if told is None:
            return
        who = f"the FN {number.decode('ascii', 'replace')!r} at {self._wire.port}"
        remedy = "only test FNs (МГМ), whose numbers begin with 9999, may be driven: connect one, or `kktsim fn serve`"
        if not (number.startswith(TEST_PREFIX) and number.isdigit()):
            raise UnfitFnError(f"{who} is no test FN by its number; {remedy}")
        code, data = told
        try:
            is_serial = Version.parse(data).is_serial if code == FnCode.OK else None
        except LayoutError:
            is_serial = None
        if is_serial is None:
            raise UnfitFnError(f"{who} does not tell whether it is a test FN; {remedy}")
        if is_serial:
            raise UnfitFnError(f"{who} says that it is a serial one; {remedy}")
        self._checked = (self._wire.opened, number)

    def _told_number(self) -> bytes | None:
        """What the FN says that its number is; None: it is silent, or says nothing of the kind."""
        told = self._ask(FnCommand.NUMBER)
        return None if told is None or told[0] != FnCode.OK else told[1]

    def _ask(self, command: FnCommand) -> tuple[int, bytes] | None:
        """Code without the warning bit, and data; None: no readable answer."""
        frame = build_request(command)
        for _ in range(ATTEMPTS):
            answer = self._wire.exchange(frame)
            if answer is None:
                break
            try:
                code, data = parse_answer(answer)
            except FrameError:
                frame = ENQ
                continue
            return code & ~WARNING_BIT, data
        return None
