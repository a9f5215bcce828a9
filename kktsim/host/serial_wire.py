"""A wire that is a serial port or a pyserial URL (`socket://127.0.0.1:PORT`, `rfc2217://...`)."""

import errno
import os
import time
from pathlib import Path

import serial

from kktsim.host.till import NoAnswerError
from kktsim.ports.link_record import LinkRecord

BAUD = 115_200


class PortUnavailableError(Exception):
    """The port cannot be opened; the message names the remedy."""


class MisnamedPortError(PortUnavailableError):
    """What was named is no port, whatever there is outside."""


class SerialWire:
    """One opened port."""

    def __init__(self, port: str, served_by: str = "kktsim serve", *, is_alone: bool = False) -> None:
        """``served_by``: what command would serve such a port, for who names one that is not there.

        ``is_alone``: no other program that wants to be alone can open the terminal at the same time.
        """
        self._name = port
        _refuse_orphan(port)
        try:
            self._serial = serial.serial_for_url(port, baudrate=BAUD, timeout=0.1, do_not_open=True)
            self._serial.exclusive = is_alone or None
            self._serial.open()
        except serial.SerialException as error:
            if port.startswith("kkt://"):
                raise MisnamedPortError(str(error)) from None
            raise PortUnavailableError(_reason(port, error, served_by)) from None
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
            if self._serial.timeout != seconds:  # to set it sets all attributes of the port anew
                self._serial.timeout = seconds
            first = self._serial.read(1)
            return bytes(first + self._serial.read(self._serial.in_waiting)) if first else b""
        except (serial.SerialException, OSError) as error:
            raise NoAnswerError(f"{self._name} was closed by the other side: {error}") from None

    def discard(self) -> None:
        """Throw away what has come and was not read; raises `NoAnswerError` when the port is gone."""
        try:
            while waiting := self._serial.in_waiting:
                self._serial.read(waiting)
        except (serial.SerialException, OSError) as error:
            raise NoAnswerError(f"{self._name} was closed by the other side: {error}") from None

    def now(self) -> float:
        """Host time in seconds."""
        return time.monotonic()

    def close(self) -> None:
        """Let go of the port."""
        self._serial.close()


def _refuse_orphan(port: str) -> None:
    """A link of ours whose process was killed leads to no terminal, or by now to somebody else's."""
    if "://" in port or not os.path.islink(port):
        return
    try:
        record = LinkRecord.read(Path(f"{port}.json"))
    except ValueError:
        return
    if record is not None and record.device == os.readlink(port) and not record.is_live():
        raise PortUnavailableError(f"{port} was left behind by process {record.pid}, which was killed: start it again")


def _reason(port: str, error: Exception, served_by: str) -> str:
    if "://" in port:
        return f"{port} cannot be opened: {error}; does `{served_by}` run there?"
    if getattr(error, "errno", None) in (errno.EAGAIN, errno.EBUSY):
        return f"{port} is held by another program: wait until it is done and try again"
    if not os.path.exists(port):
        return f"{port} does not exist: start `{served_by} --port pty:{port}` or name another port"
    return f"{port} cannot be opened: {error}"
