"""What hands do to a till's network and to the operator inside the bench: failures, names, the way out."""

from kktsim.device import Kkt
from kktsim.hands.error import HandsError
from kktsim.hands.ofd_server import OPERATOR
from kktsim.ofd.failures import NETWORK_FAILURES, Failure, Planned
from kktsim.ofd.hosts import Kind, Place, place_of, spelled, split_peer
from kktsim.ofd.network import Network
from kktsim.ofd.way import INNER, peer, way


class OfdHands:
    """«Оператор у сети кассы»."""

    __slots__ = ("_kkt", "_network")

    def __init__(self, kkt: Kkt, network: Network) -> None:
        self._kkt = kkt
        self._network = network

    def plan(self, planned: Planned) -> None:
        """Let a failure strike: on the way into the Internet that is in use, or at the operator inside the bench."""
        if planned.failure in NETWORK_FAILURES:
            self._network.failures[self._network.uplink].add(planned)
            return
        elsewhere = self._operator_elsewhere()
        if elsewhere is not None:
            raise HandsError(
                f"the operator of this till is another process, at {elsewhere}: ask that one, with `kktsim ofd fault"
                f" {planned.failure} --control URL` and the URL that its `kktsim ofd serve` has printed"
            )
        self._network.server.failures.add(planned)

    def clear(self, failure: Failure | None) -> None:
        """End every failure of a kind, wherever it is; None: everything is as it should be again."""
        if failure is None:
            self._network.clear()
            return
        if failure is Failure.REFUSED:
            self._network.server_is_up = True
        for plan in (*self._network.failures.values(), self._network.server.failures):
            plan.clear(failure)

    def planned(self) -> list[tuple[str, Planned]]:
        """What is still to come, each with where it is; an operator that takes no calls is one of them."""
        network = self._network
        down = [] if network.server_is_up else [(OPERATOR, Planned(Failure.REFUSED, times=None))]
        plans = {**{uplink.value: plan for uplink, plan in network.failures.items()}, OPERATOR: network.server.failures}
        return down + [(place, one) for place, plan in plans.items() for one in plan.entries()]

    def expected(self) -> tuple[str, ...]:
        """What may strike the next call, a word each; what is planned at an operator elsewhere is not known."""
        plans = [self._network.failures[self._network.uplink]]
        if way(self._kkt, self._network.hosts) == INNER:
            plans.append(self._network.server.failures)
        return tuple(dict.fromkeys(one.failure.value for plan in plans for one in plan.entries()))

    def set_host(self, name: str, place: str) -> None:
        """Let ``HOST`` or ``HOST:PORT`` lead to ``inner``, ``unknown``, ``unreachable`` or a ``HOST:PORT`` of this
        machine; raises ValueError with a sentence.
        """
        host, port = split_peer(name)
        self._network.hosts.set(host, place_of(place) if port is None else place_of(place, port))

    def forget_host(self, name: str) -> None:
        """Take a host out of the table."""
        if not self._network.hosts.forget(name):
            known = ", ".join(self._network.hosts.places) or "none"
            raise HandsError(f"there is no host {name} in the table: it has {known}")

    def hosts(self) -> list[dict[str, object]]:
        """The table, a row each: the host, the port at which tills find it, and where that leads."""
        return [
            {
                "host": host,
                "port": place.port,
                "place": spelled(place.host, place.to_port) if place.kind is Kind.TCP else place.kind.value,
            }
            for host, place in self._network.hosts.places.items()
        ]

    def _operator_elsewhere(self) -> str | None:
        """The address of the process that the till calls; None: it calls nobody, or the operator inside the bench."""
        place = peer(self._kkt, self._network.hosts)
        if isinstance(place, Place) and place.kind is Kind.TCP:
            return spelled(place.host, place.to_port)
        return None
