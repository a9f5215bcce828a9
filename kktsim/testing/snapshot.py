"""What a bench holds, by name, as text that can be compared: for refusals that must leave no trace, forks, replays.

A snapshot names everything that decides what the till, its FNs and the OFD do next. Host time is not in it, and
neither are ports: two tills that stand in the same state are equal whatever was said to bring them there.
"""

import hashlib
from collections.abc import Collection

from fn_model import FiscalStorage
from fn_model.state import BegunDocument, FnState
from fn_model.state import Volatile as FnVolatile
from kktsim.bench import Bench
from kktsim.device.state import Memory, Volatile

Snapshot = dict[str, str]
"""Dotted name to value."""

_PRINTING = frozenset({"busy_document", "busy_modes", "busy_until", "mode", "mode_after"})
_UNTOLD = frozenset({"begun", "flags", "last_answer"})
"""Told apart, worked out anew, or only repeated."""

A_REFUSAL_MAY_CHANGE = frozenset(
    {
        "fn.begun.told_world",  # a commit that the FN refused is begun again by the till, with the same date
        "fn.volatile.told_at",  # what time it is the FN knows from refused documents as well
        "kkt.memory.closing",  # what a silent FN has of the receipt will be asked
        "kkt.memory.intent",  # and of any other document
        "kkt.memory.kept_intent",  # with its own FN, while another one is silent
        "kkt.paper",  # «Ошибка ФН NNN»
        "kkt.paper.has_document",
        "kkt.volatile.date_to_confirm",  # the answer 16h is a question
        "kkt.volatile.detail",  # register 37h tells about refusals
        "kkt.volatile.fn_was_absent",  # an FN that answers is there
        "kkt.volatile.latch",  # the FN is elsewhere, or is not any more
        "ofd.next_attempt",  # a silent FN may have made a document that is to be sent
    }
)
"""Names of what a refused command may leave behind."""

A_QUESTION_MAY_CHANGE = frozenset({"fn.volatile.document_rest", "fn.volatile.registration_rest"})
"""Names of what A4h 44h-47h leave behind: how much of a listing has been read."""


def snapshot(bench: Bench, *, whole: bool = False) -> Snapshot:
    """The state of ``bench``. ``whole``: with every document and every line of paper, not only how many and the last.

    While a report prints, the mode is the one it ends in, and the report is as good as printed.
    """
    kkt = bench.kkt
    volatile = kkt.volatile
    printing = volatile.busy_until is not None
    told = {
        "world": repr(bench.world),
        "kkt.is_on": repr(kkt.is_on),
        "kkt.mode": repr(volatile.mode_after if printing else volatile.mode),
        "kkt.paper": repr(kkt.paper.lines() if whole else len(kkt.paper)),
        "kkt.paper.has_document": repr(kkt.paper.has_document),
        "signals": repr(list(bench.signals) if whole else len(bench.signals)),
        "cable.is_cut": repr(bench.cable.is_cut),
        "ofd.is_up": repr(bench.network.server_is_up),
        "ofd.documents": repr(_received(bench) if whole else len(bench.network.server.store)),
        "ofd.next_attempt": repr(bench.client.next_attempt),
        "ofd.stage": repr(bench.client.stage),
        "ofd.attempts": repr((bench.client.attempts, bench.client.failed_attempts)),
    }
    told.update(_parts("kkt.memory", kkt.memory, Memory.__slots__))
    if printing and volatile.busy_document == kkt.memory.unprinted_report:
        told["kkt.memory.unprinted_report"] = repr(0)
    told.update(_parts("kkt.volatile", volatile, [name for name in Volatile.__slots__ if name not in _PRINTING]))
    if bench.fn is not None:
        told.update(_fn("fn", bench.fn, whole))
    for fn in bench.shelf.fns():
        told.update(_fn(f"shelf.{fn.number}", fn, whole))
    return told


def digest(bench: Bench) -> str:
    """A check sum of the whole state; equal for equal histories."""
    return hashlib.sha256(repr(sorted(snapshot(bench, whole=True).items())).encode()).hexdigest()


def differences(before: Snapshot, after: Snapshot, ignoring: Collection[str] = ()) -> list[str]:
    """What changed, a line each: ``name: before -> after``."""
    return [
        f"{name}: {before.get(name)} -> {after.get(name)}"
        for name in sorted(before.keys() | after.keys())
        if name not in ignoring and before.get(name) != after.get(name)
    ]


def _parts(prefix: str, holder: object, names: Collection[str]) -> Snapshot:
    return {f"{prefix}.{name}": repr(getattr(holder, name)) for name in names}


def _fn(prefix: str, fn: FiscalStorage, whole: bool) -> Snapshot:
    archive, begun = fn.archive, fn.volatile.begun
    count = fn.state.document_number
    told = {
        f"{prefix}.number": fn.number,
        f"{prefix}.is_powered": repr(fn.is_powered),
        f"{prefix}.faults": repr(sorted(fn.faults)),
        f"{prefix}.injected_signs": repr(sorted(fn.injected_signs.items())),
        f"{prefix}.documents": repr([archive.get(number) for number in range(1, count + 1)] if whole else count),
        f"{prefix}.last_document": repr(archive.tail()),
        f"{prefix}.unsent": repr(archive.unsent_count()),
        f"{prefix}.begun": repr(begun is not None),
    }
    told.update(_parts(f"{prefix}.state", fn.state, FnState.__slots__))
    told.update(_parts(f"{prefix}.volatile", fn.volatile, [n for n in FnVolatile.__slots__ if n not in _UNTOLD]))
    if begun is not None:
        told.update(_parts(f"{prefix}.begun", begun, BegunDocument.__slots__))
    return told


def _received(bench: Bench) -> list[tuple[str, int, bytes]]:
    """What the operator has stored, in the order of receipt."""
    return [(one.fn_number, one.number, one.container) for one in bench.network.server.store.received()]
