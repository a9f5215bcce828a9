"""The names and addresses that a till's network knows. Nothing else is ever looked up, unless a person allows a peer.

A bench comes with one name, that of the operator inside it; a till elsewhere on this machine is reached by its
loopback address.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from kktsim.ofd.events import NetworkTrouble

OFD_NAME, OFD_PORT = "ofd.example", 7777
"""Where the tills of the presets find their operator."""
LOCALHOST = "localhost"


class Kind(StrEnum):
    """What a name or an address leads to."""

    INNER = "inner"
    """The operator inside the bench."""
    TCP = "tcp"
    """A peer that is called by a real connection."""
    UNKNOWN = "unknown"
    """No such name."""
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where calls to a host go. ``port``: at which the till finds it; ``host``, ``to_port``: the real peer of TCP."""

    kind: Kind
    port: int = OFD_PORT
    host: str = ""
    to_port: int = 0


class UnknownHostError(Exception):
    """Nothing is there for this host and port. ``trouble``: what a call to it comes to."""

    def __init__(self, trouble: NetworkTrouble) -> None:
        super().__init__(trouble.name)
        self.trouble = trouble


_NOWHERE = {Kind.UNKNOWN: NetworkTrouble.NAME_UNKNOWN, Kind.UNREACHABLE: NetworkTrouble.UNREACHABLE}


class HostTable:
    """«Таблица имён» of one bench. Host names are compared as they are written, but for the case of letters."""

    __slots__ = ("_allowed", "_places")

    def __init__(self) -> None:
        self._places: dict[str, Place] = {OFD_NAME: Place(Kind.INNER)}
        self._allowed: set[tuple[str, int | None]] = set()

    def copy(self) -> "HostTable":
        """An independent table."""
        twin = HostTable()
        twin._places = self._places.copy()
        twin._allowed = self._allowed.copy()
        return twin

    @property
    def places(self) -> dict[str, Place]:
        """Every host with where it leads."""
        return self._places.copy()

    def set(self, host: str, place: Place) -> None:
        """Let ``host`` lead there from now on."""
        self._places[host.lower()] = place

    def forget(self, host: str) -> bool:
        """Take a host out of the table; whether it was there."""
        return self._places.pop(host.lower(), None) is not None

    def allow(self, host: str, port: int | None = None) -> None:
        """Let a peer that is not this machine be called, at one port or at any."""
        self._allowed.add((host.lower(), port))

    def find(self, host: str, port: int) -> Place:
        """Where a call goes; raises `UnknownHostError`.

        Loopback addresses are called as they are, other addresses and names only when they stand in the table or are
        allowed.
        """
        name = host.lower()
        place = self._places.get(name)
        if place is not None:
            if place.kind in _NOWHERE:
                raise UnknownHostError(_NOWHERE[place.kind])
            if place.port != port:
                raise UnknownHostError(NetworkTrouble.REFUSED)
            return place
        if is_loopback(name) or (name, port) in self._allowed or (name, None) in self._allowed:
            return Place(Kind.TCP, port, "127.0.0.1" if name == LOCALHOST else name, port)
        raise UnknownHostError(NetworkTrouble.UNREACHABLE if is_address(name) else NetworkTrouble.NAME_UNKNOWN)


def is_address(host: str) -> bool:
    """Whether it is an IP address, which needs no name server."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether it is this machine by itself."""
    return host == LOCALHOST or (is_address(host) and ip_address(host).is_loopback)


def split_peer(text: str) -> tuple[str, int | None]:
    """Host and port of ``HOST:PORT``, ``[ADDRESS]:PORT`` or ``HOST`` alone; raises ValueError with a sentence."""
    host, colon, digits = text.rpartition(":")
    if not colon or text.endswith("]") or (text.count(":") > 1 and not host.endswith("]")):
        host, digits = text, ""
    elif not (digits.isascii() and digits.isdecimal() and len(digits) < 6 and 0 < int(digits) < 65_536):
        raise ValueError(f"{digits!r} in {text!r} is no port: write a number from 1 to 65535 behind the colon")
    if host.startswith("[") is host.endswith("]"):
        host = host.removeprefix("[").removesuffix("]")
    is_name = host.isprintable() and not any(letter.isspace() or letter in "[]" for letter in host)
    if not (host and is_name) or (":" in host and not is_address(host)):
        raise ValueError(f"{text!r} names no host: write HOST:PORT, as 127.0.0.1:7777 or [::1]:7777")
    return host, int(digits) if digits else None


def spelled(host: str, port: int) -> str:
    """Host and port as `split_peer` reads them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def place_of(text: str, port: int = OFD_PORT) -> Place:
    """Where ``inner``, ``unknown``, ``unreachable`` or the ``HOST:PORT`` of a process on this machine leads.

    ``port``: at which the till finds it. Raises ValueError with a sentence.
    """
    if text in (Kind.INNER, Kind.UNKNOWN, Kind.UNREACHABLE):
        return Place(Kind(text), port)
    host, to_port = split_peer(text)
    if not is_loopback(host.lower()):
        raise ValueError(f"{host} is not this machine: `serve --allow-host {text}` lets the till call it by that name")
    if to_port is None:
        raise ValueError(f"{text!r} tells no port: write HOST:PORT, as 127.0.0.1:7777")
    return Place(Kind.TCP, port, "127.0.0.1" if host.lower() == LOCALHOST else host, to_port)
