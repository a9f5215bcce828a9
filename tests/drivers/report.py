"""Results of checks, as they travel from a child process to the table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One check of one play: how many methods of the driver it ran, how long it took, why it failed if it did."""

    play: str
    check: str
    calls: int
    seconds: float
    failure: str = ""

    def to_json(self) -> str:
        """Return one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(line: str) -> Result:
        """Read the line back."""
        return Result(**json.loads(line))


def table(results: Iterable[Result]) -> Iterable[str]:
    """Format one line a check; the reason of a failure follows it, indented."""
    yield f"{'play':<42} {'calls':>5} {'s':>6}  check"
    for result in results:
        verdict = "FAILED  " if result.failure else ""
        yield f"{result.play:<42} {result.calls:>5} {result.seconds:>6.2f}  {verdict}{result.check}"
        yield from (f"    {line}" for line in result.failure.splitlines())


def summary(results: Sequence[Result]) -> str:
    """Return the last line: ``N passed, M failed``."""
    failed = sum(1 for result in results if result.failure)
    return f"{len(results) - failed} passed, {failed} failed"
