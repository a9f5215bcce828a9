"""A till on a COM port over the network (RFC 2217): ``serial.serial_for_url("rfc2217://127.0.0.1:5555")``.

For programs that need a COM port and cannot have a PTY: on Windows, in a container, on another machine. The client
sets speed, parity and control lines; the server keeps and confirms them. A wrong speed does not garble anything, and
flow control by XON/XOFF or RTS stops nothing: a till answers a request and needs neither. Both directions are binary
from the first byte, whatever is negotiated.

pyserial's `PortManager` negotiates options and answers for speed, data size, parity, stop bits, modem state and
purging; it neither blocks nor keeps threads. Done here: cutting the stream (its filter raises at a stray SE and keeps
a subnegotiation of any length), checking parameters (it raises at short ones and at an unknown parity), and what it
does not answer: the signature, the masks, requests for the state of a control line, flow control towards the client.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import cast

from serial import rfc2217

from kktsim import __version__
from kktsim.ports.line import Line
from kktsim.ports.parse import TcpAddress
from kktsim.ports.tcp import TcpPort
from kktsim.ports.telnet import Piece, TelnetDecoder, escape, subnegotiation

_SIGNATURE, _SERVER_SIGNATURE = b"\x00", b"\x64"
_OUR_SIGNATURE = f"kktsim {__version__}".encode()
_HELD_BYTES = 65_536
"""What is kept for a client that has suspended the flow; a device server's buffer overruns likewise."""

_SETTINGS: Mapping[bytes, tuple[int, range]] = {
    rfc2217.SET_BAUDRATE: (4, range(1, 2**32)),
    rfc2217.SET_DATASIZE: (1, range(5, 9)),
    rfc2217.SET_PARITY: (1, range(1, 6)),
    rfc2217.SET_STOPSIZE: (1, range(1, 4)),
}
"""Bytes of the value and what it may be. Any other value is answered with the present one, as 0 is, which asks."""
_PARAMETER_BYTES: Mapping[bytes, range] = {
    rfc2217.NOTIFY_LINESTATE: range(2),
    rfc2217.NOTIFY_MODEMSTATE: range(2),
    rfc2217.PURGE_DATA: range(1, 2),
}
_MASKS: Mapping[bytes, bytes] = {
    rfc2217.SET_LINESTATE_MASK: rfc2217.SERVER_SET_LINESTATE_MASK,
    rfc2217.SET_MODEMSTATE_MASK: rfc2217.SERVER_SET_MODEMSTATE_MASK,
}

_FLOW, _BREAK, _DTR, _RTS, _FLOW_IN = 0, 4, 7, 10, 13
_CONTROLS: Mapping[int, range] = {
    _FLOW: range(1, 4),
    _BREAK: range(5, 7),
    _DTR: range(8, 10),
    _RTS: range(11, 13),
    _FLOW_IN: range(14, 17),
}
"""SET-CONTROL: the value that asks to the values that set."""
_FIRST_CONTROLS: Mapping[int, int] = {_FLOW: 1, _BREAK: 6, _DTR: 9, _RTS: 12, _FLOW_IN: 14}
"""No flow control, no break, DTR and RTS off until the client raises them."""


class _ComPort:
    """The serial port that `PortManager` manages: the till's end of the cable."""

    def __init__(self, has_power: Callable[[], bool], purge: Callable[[], None]) -> None:
        self.baudrate = 115_200
        self.bytesize = 8
        self.parity = "N"
        self.stopbits: float = 1
        self.ri = False
        self.reset_input_buffer = purge
        self._has_power = has_power

    def reset_output_buffer(self) -> None:
        """Nothing waits: the till has taken every byte."""

    @property
    def cts(self) -> bool:
        """A till raises RTS and DTR while it has power; the cable brings them to CTS, and to DSR and CD."""
        return self._has_power()

    dsr = cd = cts


class _Output:
    """What `PortManager` writes to."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        """Put behind what waits."""
        self._waiting += data

    def take(self) -> bytes:
        """All that waits."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


class Rfc2217Line:
    """The till's line as a COM port: itself a line, whose bytes are a telnet stream."""

    def __init__(self, line: Line, has_power: Callable[[], bool]) -> None:
        self._line = line
        self._has_power = has_power
        self._out = _Output()
        self._begin()

    def _begin(self) -> None:
        self._decoder = TelnetDecoder()
        self._held = bytearray()
        self._is_suspended = False
        self._controls = dict(_FIRST_CONTROLS)
        self._showed_power = self._has_power()
        self.com_port = _ComPort(self._has_power, self._held.clear)
        self._manager = rfc2217.PortManager(cast(rfc2217.Serial, self.com_port), cast(rfc2217.Serial, self._out))

    def greeting(self) -> bytes:
        """What a new client hears first: the options that are offered and asked for."""
        self._out.take()
        self._begin()
        return self._out.take()

    def receive(self, data: bytes, /) -> bytes:
        """Take a part of the stream; return what goes back."""
        for kind, piece in self._decoder.feed(data):
            if kind is Piece.DATA:
                self._tell(self._line.receive(piece))
            elif kind is Piece.OPTION:
                self._manage(piece)
            elif piece[:1] == rfc2217.COM_PORT_OPTION and len(piece) > 1:
                self._command(piece[1:2], piece[2:])
        self._show_power()
        return self._out.take()

    def tick(self) -> bytes:
        """What has become due on the till's line; also when its power has come or gone."""
        self._tell(self._line.tick())
        self._show_power()
        return self._out.take()

    def seconds_to_deadline(self) -> float | None:
        """The line's, and at once when the modem lines have changed."""
        return 0.0 if self._showed_power != self._has_power() else self._line.seconds_to_deadline()

    def dropped(self) -> None:
        """The client has gone."""
        self._line.dropped()

    def _tell(self, answer: bytes) -> None:
        if self._is_suspended:
            self._held += answer[: max(_HELD_BYTES - len(self._held), 0)]
        elif answer:
            self._out.write(escape(answer))

    def _show_power(self) -> None:
        power = self._has_power()
        if power != self._showed_power:
            self._showed_power = power
            self._manager.check_modem_lines()

    # ---- commands of the COM port

    def _command(self, command: bytes, value: bytes) -> None:
        if command in _SETTINGS:
            size, known = _SETTINGS[command]
            if len(value) == size:
                setting = int.from_bytes(value)
                self._manage_command(command, (setting if setting in known else 0).to_bytes(size))
        elif command in _PARAMETER_BYTES:
            if len(value) in _PARAMETER_BYTES[command]:
                self._manage_command(command, value)
        elif command in _OURS:
            _OURS[command](self, command, value)

    def _manage_command(self, command: bytes, value: bytes) -> None:
        self._manage(subnegotiation(rfc2217.COM_PORT_OPTION + command + value))

    def _manage(self, stream: bytes) -> None:
        """Give the manager a whole command, in which there is no data."""
        for _ in self._manager.filter(stream):
            raise AssertionError("a command is no data")

    def _answer(self, command: bytes, value: bytes) -> None:
        self._manager.rfc2217_send_subnegotiation(command, value)

    def _signature(self, _: bytes, value: bytes) -> None:
        """With a text the client has told its own, without one it asks."""
        if not value:
            self._answer(_SERVER_SIGNATURE, _OUR_SIGNATURE)

    def _mask(self, command: bytes, value: bytes) -> None:
        if len(value) == 1:
            self._manage_command(command, value)
            self._answer(_MASKS[command], value)

    def _control(self, _: bytes, value: bytes) -> None:
        """An unknown value, one of the rarer kinds of flow control, is answered with the kind in use."""
        asked = value[0] if len(value) == 1 else _FLOW
        group = next((group for group, settings in _CONTROLS.items() if asked == group or asked in settings), _FLOW)
        if asked in _CONTROLS[group]:
            self._controls[group] = asked
        self._answer(rfc2217.SERVER_SET_CONTROL, bytes((self._controls[group],)))

    def _suspend(self, _: bytes, __: bytes) -> None:
        self._is_suspended = True

    def _resume(self, _: bytes, __: bytes) -> None:
        self._is_suspended = False
        self._out.write(escape(bytes(self._held)))
        self._held.clear()


_OURS: Mapping[bytes, Callable[[Rfc2217Line, bytes, bytes], None]] = {
    _SIGNATURE: Rfc2217Line._signature,
    rfc2217.SET_LINESTATE_MASK: Rfc2217Line._mask,
    rfc2217.SET_MODEMSTATE_MASK: Rfc2217Line._mask,
    rfc2217.SET_CONTROL: Rfc2217Line._control,
    rfc2217.FLOWCONTROL_SUSPEND: Rfc2217Line._suspend,
    rfc2217.FLOWCONTROL_RESUME: Rfc2217Line._resume,
}


class Rfc2217Port(TcpPort):
    """A COM port on the network, one client at a time."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        line: Line,
        address: TcpAddress,
        has_power: Callable[[], bool],
        complain: Callable[[str], None] | None = None,
    ) -> None:
        com_port = Rfc2217Line(line, has_power)
        super().__init__(loop, com_port, address, com_port.greeting, complain)

    @property
    def name(self) -> str:
        """The URL that pyserial opens."""
        return f"rfc2217://{super().name}"
