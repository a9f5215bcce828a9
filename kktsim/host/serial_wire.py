"""A wire that is a serial port or a pyserial URL (`socket://127.0.0.1:PORT`, `rfc2217://...`)."""

import os
import time

import serial

from kktsim.host.till import NoAnswerError

BAUD = 115_200


class PortUnavailableError(Exception):
    """The port cannot be opened; the message names the remedy."""


class MisnamedPortError(PortUnavailableError):
    """What was named is no port, whatever there is outside."""


class SerialWire:
    """One opened port."""

    def __init__(self, port: str) -> None:
        self._name = port
        try:
            self._serial = serial.serial_for_url(port, baudrate=BAUD, timeout=0.1, do_not_open=True)
            self._serial.open()
        except serial.SerialException as error:
            if port.startswith("kkt://"):
                raise MisnamedPortError(str(error)) from None
            raise PortUnavailableError(_reason(port, error)) from None
        except ValueError as error:
            raise MisnamedPortError(f"{port} is no port: {error}") from None

    def write(self, data: bytes) -> None:
        """Send bytes; raises `NoAnswerError` when the port is gone."""
        try:
            self._serial.write(data)
        except serial.SerialException as error:
            raise NoAnswerError(f"{self._name} was closed by the other side: {error}") from None

    def read(self, seconds: float) -> bytes:
        """What is there, after waiting for the first byte."""
        try:
            self._serial.timeout = seconds
            first = self._serial.read(1)
            return bytes(first + self._serial.read(self._serial.in_waiting)) if first else b""
        except (serial.SerialException, OSError) as error:
            raise NoAnswerError(f"{self._name} was closed by the other side: {error}") from None

    def now(self) -> float:
        """Host time in seconds."""
        return time.monotonic()

    def close(self) -> None:
        """Let go of the port."""
        self._serial.close()


def _reason(port: str, error: Exception) -> str:
    if "://" in port:
        return f"{port} cannot be opened: {error}; is the till serving there?"
    if not os.path.exists(port):
        return f"{port} does not exist: start `kktsim serve --port pty:{port}` or name another port"
    return f"{port} cannot be opened: {error}"
