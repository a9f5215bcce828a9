"""The way from a till to its operator: names, what is wrong on the way, and who carries the bytes.

The till has two ways into the Internet, as a terminal has: Wi-Fi and a SIM card. What is wrong with one of them does
not touch the other. Calls go to the operator inside the bench, or over real sockets when somebody has attached them.
The host table is the only name server: the one that table 19 names is not asked.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from kktsim.ofd.events import Event, Failed, NetworkTrouble
from kktsim.ofd.failures import NETWORK_FAILURES, Failure, FailurePlan
from kktsim.ofd.hosts import HostTable, Kind, UnknownHostError, is_address
from kktsim.ofd.inner import InnerCall
from kktsim.ofd.server import OfdServer


class Uplink(StrEnum):
    """How the terminal gets into the Internet."""

    WIFI = "wifi"
    SIM = "sim"


class Carrier(Protocol):
    """Real connections to other processes, one at a time."""

    @property
    def is_busy(self) -> bool:
        """Whether a call goes on: what comes of it is not known here."""

    def open(self, host: str, port: int) -> None:
        """Call; `Connected` or `Failed` comes."""

    def send(self, data: bytes) -> None:
        """Bytes to the peer."""

    def take(self) -> Event | None:
        """The next thing that has come."""

    def has_news(self) -> bool:
        """Whether something has come that was not taken."""

    def close(self) -> None:
        """Hang up, and forget what has come."""


class Watcher(Protocol):
    """Who looks on at a till's calls."""

    def called(self, host: str, port: int) -> None:
        """The till calls; a call before it is over."""

    def said(self, data: bytes) -> None:
        """Bytes to the operator."""

    def heard(self, event: Event) -> None:
        """What came of the call."""

    def hung_up(self) -> None:
        """The till ends the call, if there is one."""


_TROUBLES = {
    Failure.UNREACHABLE: NetworkTrouble.UNREACHABLE,
    Failure.REFUSED: NetworkTrouble.REFUSED,
    Failure.NAME: NetworkTrouble.NAME_UNKNOWN,
}
"""What a failure of the way comes to at once; a blocked call is not heard of again."""


class Network:
    """«Сеть» of one till. ``server``: the operator inside the bench."""

    __slots__ = (
        *("_call", "_failed", "_on_tcp", "_reached", "_told"),
        *("failures", "hosts", "inner", "server", "server_is_up", "tcp", "troubles", "uplink", "watcher"),
    )

    def __init__(self, server: OfdServer | None = None) -> None:
        self.server = OfdServer() if server is None else server
        self.server_is_up = True
        """Whether operators accept calls at all."""
        self.hosts = HostTable()
        self.uplink = Uplink.WIFI
        self.failures: dict[Uplink, FailurePlan] = {uplink: FailurePlan() for uplink in Uplink}
        """What is wrong with each way into the Internet."""
        self.inner: Callable[[OfdServer, float], InnerCall] = InnerCall
        """Makes the connections to the operator inside the bench; a copy of the network has plain ones."""
        self.tcp: Carrier | None = None
        """Real sockets; None: this till has none."""
        self.watcher: Watcher | None = None
        self.troubles: list[str] = []
        """What a person should know, a sentence each: peers that are not called because nobody allowed it."""
        self._told: frozenset[str] = frozenset()
        self._call: InnerCall | None = None
        self._on_tcp = False
        self._reached: Kind | None = Kind.INNER
        """Whom the last call has reached, the operator inside or another process; None: nobody."""
        self._failed: NetworkTrouble | None = None

    def copy(self) -> "Network":
        """The same for a till's fork; it has no sockets, nobody looks on, and a call over sockets is cut."""
        twin = Network(self.server.copy())
        twin.server_is_up = self.server_is_up
        twin.hosts = self.hosts.copy()
        twin.uplink = self.uplink
        twin.failures = {uplink: plan.copy() for uplink, plan in self.failures.items()}
        twin._told, twin._reached = self._told, self._reached
        twin._call = None if self._call is None else self._call.copy(twin.server)
        twin._failed = NetworkTrouble.UNREACHABLE if self._on_tcp else self._failed
        return twin

    # ---- what the till does

    def call(self, host: str, port: int, document: int | None, fn_number: str, world: float) -> None:
        """Call a host. ``document``, ``fn_number``: what is to be sent, by which failures may be chosen."""
        self.hang_up()
        self._reached = None
        if self.watcher is not None:
            self.watcher.called(host, port)
        failure = self._strikes(host, document, fn_number)
        if failure is not None:
            self._fail_by(failure, host)
            return
        try:
            place = self.hosts.find(host, port)
        except UnknownHostError as error:
            self._failed = error.trouble
            self._tell_of(host, port)
            return
        if not self.server_is_up:
            self._failed = NetworkTrouble.REFUSED
        elif place.kind is Kind.INNER:
            self._call, self._reached = self.inner(self.server, world), Kind.INNER
        elif self.tcp is None:
            self._failed = NetworkTrouble.REFUSED
        else:
            self._on_tcp, self._reached = True, Kind.TCP
            self.tcp.open(place.host, place.to_port)

    def send(self, data: bytes, world: float) -> None:
        """Bytes to the operator."""
        if self.watcher is not None:
            self.watcher.said(data)
        if self._call is not None:
            self._call.send(data, world)
        elif self._on_tcp and self.tcp is not None:
            self.tcp.send(data)

    def hang_up(self) -> None:
        """End the call; what would still come is lost."""
        if self.watcher is not None:
            self.watcher.hung_up()
        if self._on_tcp and self.tcp is not None:
            self.tcp.close()
        self._call, self._on_tcp, self._failed = None, False, None

    def take(self, world: float) -> Event | None:
        """The next thing that has come by now."""
        event = self._come(world)
        if event is not None and self.watcher is not None:
            self.watcher.heard(event)
        return event

    def _come(self, world: float) -> Event | None:
        if self._failed is not None:
            trouble, self._failed = self._failed, None
            return Failed(trouble)
        if self._call is not None:
            return self._call.take(world)
        return self.tcp.take() if self._on_tcp and self.tcp is not None else None

    def next_event(self, world: float) -> float | None:
        """World time at which something comes, ``world`` when it has come; None: nothing that is known of."""
        if self._failed is not None or (self._on_tcp and self.tcp is not None and self.tcp.has_news()):
            return world
        return None if self._call is None else self._call.next_event()

    @property
    def is_outside(self) -> bool:
        """Whether a call goes on of which only other processes know what comes."""
        return self._on_tcp and self.tcp is not None and self.tcp.is_busy

    # ---- what others see

    @property
    def is_steady(self) -> bool:
        """Whether a call that failed will fail again in the same way, as long as nobody does anything."""
        is_inner = self._reached is Kind.INNER
        return self.failures[self.uplink].is_steady and (not is_inner or self.server.failures.is_steady)

    @property
    def reached_outside(self) -> bool:
        """Whether the last call went to another process: what becomes of the next one is not known here."""
        return self._reached is Kind.TCP

    @property
    def has_internet(self) -> bool:
        """Whether the terminal's browser shows a page."""
        return not self.failures[self.uplink].has(Failure.NO_INTERNET)

    def clear(self) -> None:
        """Everything is as it should be again."""
        self.server_is_up = True
        for plan in self.failures.values():
            plan.clear()
        self.server.failures.clear()

    def _strikes(self, host: str, document: int | None, fn_number: str) -> Failure | None:
        """What is wrong on the way; names are no matter for a host that is an address."""
        kinds = NETWORK_FAILURES - {Failure.NAME} if is_address(host) else NETWORK_FAILURES
        return self.failures[self.uplink].pick(kinds, document, fn_number)

    def _fail_by(self, failure: Failure, host: str) -> None:
        if failure is Failure.NO_INTERNET:
            self._failed = NetworkTrouble.UNREACHABLE if is_address(host) else NetworkTrouble.NAME_UNKNOWN
        else:
            self._failed = _TROUBLES.get(failure)

    def _tell_of(self, host: str, port: int) -> None:
        is_foreign = host.lower() not in self.hosts.places
        if is_foreign and host not in self._told:
            self._told |= {host}
            self.troubles.append(
                f"the till calls {host}:{port}, which is neither in the bench's host table nor this machine: name it"
                f" with `kktsim ofd host`, or allow it with `serve --allow-host {host}:{port}`"
            )
