"""How a user spells a port: ``pty:NAME``, ``pty:/ABS/PATH``, ``tcp:PORT``, ``tcp:HOST:PORT``, ``rfc2217:`` as tcp."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from kktsim.ports.line import PortError

LOOPBACK = "127.0.0.1"
SPELLINGS = "Write pty:NAME, pty:/ABSOLUTE/PATH, or tcp or rfc2217 with :PORT or :HOST:PORT"

_LINK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TCP = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/\[\]]+):)?(?P<port>[0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class PtyAddress:
    """A pseudo-terminal behind a link: a name in the user's private directory, or an absolute path."""

    link: str


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A TCP endpoint to listen on; port 0 lets the system choose a free one."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """No other machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Rfc2217Address(TcpAddress):
    """A TCP endpoint that is a COM port to its clients."""


Address = PtyAddress | TcpAddress


def parse_address(text: str, *, allow_remote: bool = False) -> Address:
    """Read a port as the user spells it.

    The till obeys whoever connects, so a TCP host that other machines reach is refused unless ``allow_remote``.
    Raises PortError.
    """
    kind, _, rest = text.partition(":")
    parse = _KINDS.get(kind)
    if parse is None:
        raise PortError(f"{text!r} is not a port", SPELLINGS)
    address = parse(rest, text)
    if isinstance(address, TcpAddress) and not (allow_remote or address.is_loopback):
        raise PortError(
            f"{text!r} can be reached from other machines, and a till obeys whoever connects",
            f"Use {kind}:{address.port}",
        )
    return address


def _parse_pty(rest: str, text: str) -> PtyAddress:
    is_path = rest.startswith("/") and not rest.endswith("/") and "\0" not in rest
    if not is_path and not _LINK_NAME.fullmatch(rest):
        raise PortError(f"{text!r} names no link", "Write pty:NAME with letters, digits and ._-, or pty:/ABSOLUTE/PATH")
    if rest.endswith(".json"):
        raise PortError(f"{text!r} would hide the record of another link", "Choose a name that does not end in .json")
    return PtyAddress(rest)


def _parse_tcp(rest: str, text: str) -> TcpAddress:
    return TcpAddress(*_endpoint("tcp", rest, text))


def _parse_rfc2217(rest: str, text: str) -> TcpAddress:
    return Rfc2217Address(*_endpoint("rfc2217", rest, text))


def _endpoint(kind: str, rest: str, text: str) -> tuple[str, int]:
    match = _TCP.fullmatch(rest)
    if match is None or int(match["port"]) > 0xFFFF:
        remedy = f"Write {kind}:PORT or {kind}:HOST:PORT with a port from 0 to 65535"
        raise PortError(f"{text!r} names no TCP port", remedy)
    return (match["host"] or LOOPBACK).strip("[]"), int(match["port"])


_KINDS: dict[str, Callable[[str, str], Address]] = {"pty": _parse_pty, "tcp": _parse_tcp, "rfc2217": _parse_rfc2217}
