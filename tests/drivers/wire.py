"""A wire with faults between the driver and the till: TCP in, TCP out, and a hand that spoils what passes."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

Spoil = Callable[[bytes], bytes]
"""What becomes of one piece of the till's answers."""
LATE_SECONDS: Final = 1.5


def drop(data: bytes) -> bytes:
    """Nothing arrives."""
    return b""


def damage(data: bytes) -> bytes:
    """The last byte, a check sum, arrives wrong."""
    return data[:-1] + bytes((data[-1] ^ 1,))


def repeat(data: bytes) -> bytes:
    """Everything arrives twice."""
    return data + data


def late(data: bytes) -> bytes:
    """It arrives later than anybody expects."""
    time.sleep(LATE_SECONDS)
    return data


class FaultyWire:
    """One listening port on loopback in front of the till's; a client at a time, in a thread of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._till = host, port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._spoils: deque[Spoil] = deque()
        self._ends: list[socket.socket] = []
        self.spoiled = 0
        """Pieces that have been spoiled so far."""
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Where the driver connects."""
        return int(self._listener.getsockname()[1])

    def spoil(self, *spoils: Spoil) -> None:
        """Do this to the next pieces of what the till answers, one after the other."""
        self._spoils.extend(spoils)

    def cut(self) -> None:
        """Both ends see the connection closed; the next one is served as the first was."""
        _shut(*self._ends)

    def _serve(self) -> None:
        while True:
            driver, _ = self._listener.accept()
            with driver, socket.create_connection(self._till) as till:
                for end in (driver, till):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._ends = [driver, till]
                back = threading.Thread(target=self._back, args=(till, driver), daemon=True)
                back.start()
                _pump(driver, till, lambda data: data)
                back.join()
                self._ends = []

    def _back(self, till: socket.socket, driver: socket.socket) -> None:
        _pump(till, driver, self._pass)

    def _pass(self, data: bytes) -> bytes:
        if not self._spoils:
            return data
        self.spoiled += 1
        return self._spoils.popleft()(data)


def _pump(source: socket.socket, sink: socket.socket, change: Spoil) -> None:
    """Carry bytes one way until an end is closed; then close the other."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(change(data))
    _shut(source, sink)


def _shut(*ends: socket.socket) -> None:
    """Close connections that may be closed already."""
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
