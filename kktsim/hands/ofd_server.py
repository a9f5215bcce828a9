"""Hands at an operator of fiscal data that is served alone."""

from kktsim.hands.error import HandsError
from kktsim.ofd.failures import LATE_SECONDS, NETWORK_FAILURES, Failure, Planned
from kktsim.ofd.server import OfdServer

OPERATOR = "operator"
"""Where a failure is that is not on the way."""


class OfdServerHands:
    """«Оператор ОФД». Methods have the meaning that those of `kktsim.hands.bench.BenchHands` have."""

    def __init__(self, server: OfdServer) -> None:
        self.operator = server

    def ofd_fault(
        self,
        failure: str,
        times: int | None = 1,
        from_document: int | None = None,
        percent: int = 100,
        seed: int = 1,
        seconds: float = LATE_SECONDS,
        fn_number: str | None = None,
    ) -> None:
        """Let a failure strike, a value of `Failure`; ValueError when there is no such failure."""
        planned = Planned(Failure(failure), times, from_document, percent, seed, fn_number, seconds)
        if planned.failure in NETWORK_FAILURES:
            raise HandsError(
                f"{failure} is on a till's way to its operator, and this is the operator: ask the till's `kktsim serve`"
            )
        self.operator.failures.add(planned)

    def ofd_clear(self, failure: str | None = None) -> None:
        """End every failure of a kind, or all."""
        self.operator.failures.clear(None if failure is None else Failure(failure))

    def ofd_failures(self) -> list[tuple[str, Planned]]:
        """What is still to come, each with where it is."""
        return [(OPERATOR, planned) for planned in self.operator.failures.entries()]
