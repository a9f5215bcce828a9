"""Whom a till's calls to its operator would reach now, and what came of the last exchange: for people who look on."""

from kktsim.device import Kkt, ofd_slip
from kktsim.ofd.events import NetworkTrouble, OfdTrouble
from kktsim.ofd.hosts import HostTable, Kind, Place, UnknownHostError, spelled

INNER = Kind.INNER.value
DRIVER = "driver"
"""Documents wait for a driver to carry them."""
CONFIRMED, FN_ERROR, NOT_KNOWN = "confirmed", "fn_error", ""
_OFD_TROUBLES = frozenset(map(int, OfdTrouble))


def peer(kkt: Kkt, hosts: HostTable) -> Place | NetworkTrouble:
    """Where the address of table 19 leads, or why it leads nowhere."""
    host, port = ofd_slip.host(kkt), ofd_slip.port(kkt)
    if not (host and port):
        return NetworkTrouble.NO_ADDRESS
    try:
        return hosts.find(host, port)
    except UnknownHostError as error:
        return error.trouble


def way(kkt: Kkt, hosts: HostTable) -> str:
    """`INNER`, `DRIVER`, the ``HOST:PORT`` of another process, or the `NetworkTrouble` that is the end of the way."""
    channel = ofd_slip.channel(kkt)
    if channel == ofd_slip.THROUGH_DRIVER:
        return DRIVER
    found = NetworkTrouble.NO_CHANNEL if channel is None else peer(kkt, hosts)
    if isinstance(found, NetworkTrouble):
        return found.name.lower()
    return INNER if found.kind is Kind.INNER else spelled(found.host, found.to_port)


def last_result(kkt: Kkt) -> str:
    """A `NetworkTrouble` or `OfdTrouble`, as register 2Bh has it, or one of the words above.

    `NOT_KNOWN`: nothing was sent since the power came. Codes in 1022 that nobody knows are ``answer_N``.
    """
    told = kkt.volatile.exchange
    if told.network:
        return NetworkTrouble(told.network).name.lower()
    if told.ofd:
        return OfdTrouble(told.ofd).name.lower() if told.ofd in _OFD_TROUBLES else f"answer_{told.ofd}"
    if told.fn:
        return FN_ERROR
    return NOT_KNOWN if told.last_sent_at is None else CONFIRMED
