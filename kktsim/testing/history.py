"""Named states for lives of a till: the bench, the book of its money, and the documents that its FN has."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache

from fn_model import load_model
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.kkt import to_world
from kktsim.hands.bench import BenchHands
from kktsim.host.till import Till
from kktsim.testing import presets
from kktsim.testing.audit import Archive
from kktsim.testing.inspector import Inspector
from kktsim.testing.ledger import Ledger
from protocol.atol.command import COMMANDS, parse_answer
from scenarios.presets import DAY, PRESETS

AT = datetime(2026, 3, 2, 12, 0)
"""World time at which a life begins."""


def handed_over(model: str, preset: str, link: str = "v3") -> Inspector:
    """An inspector of a bench of its own in the state ``preset``; ``model``: the till's."""
    bench, ledger, archives = _built(model, preset)
    return Inspector(bench.fork(), deepcopy(ledger), archives, link)


@cache
def _built(model: str, preset: str) -> tuple[Bench, Ledger, Mapping[str, Archive]]:
    till, at = kkt_models.load(model), to_world(AT)
    bench = presets.build(till, preset, at, ClockKind.FROZEN, virtual=True)
    recipe, term_days = PRESETS[preset], load_model().term_days
    scratch = Bench(till, at - recipe.history_days(term_days) * DAY, ClockKind.FROZEN, virtual=True)
    host = Bookkeeper(presets.open_till(scratch))
    recipe.recipe(host, BenchHands(scratch), at, term_days)
    return bench, host.ledger, Inspector(bench.fork(), host.ledger).auditor.archives


class Bookkeeper:
    """A host that enters what the till has accepted into a ledger."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.ledger = Ledger()

    def send(self, command: bytes) -> bytes:
        """The reply to a command."""
        reply = self.till.send(command)
        if parse_answer(command[0], reply).is_ok:
            self.ledger.accept(COMMANDS[command[0]].from_wire(command[1:]))
        return reply

    def close(self) -> None:
        """Close the port."""
        self.till.close()

    def drop(self) -> None:
        """Close the port without a word."""
        self.till.drop()
