"""Marks that stand in each other's way: every one of them needs a till of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.resets.marked import ACCESS_PASSWORD, ADMINISTRATOR, ATOL, EVOTOR, PASSWORDS, Stage, day, evening, factory

Mark = Callable[[Stage], None]


def _open_receipt(stage: Stage) -> None:
    asker = stage.asker
    asker.does("56 01 00000030", "92 00 01", "52 00 0000010000 0000001000 00")


def _other_passwords(stage: Stage) -> None:
    asker = stage.asker
    asker.does("56 04 00000030", f"50 03 001E 01 {ADMINISTRATOR}", f"50 02 0001 17 {ACCESS_PASSWORD.hex()}")
    assert stage.bench.kkt.access_password != PASSWORDS[0]
    stage.asker.does("48")


def _stale_taxes(stage: Stage) -> None:
    """Damage under a good check sum: article err_3969."""
    stage.hands.alter_memory("receipt", "left_taxes", '{"1": 633}')


def _elsewhere(stage: Stage) -> None:
    """The same in what the till knows of the FN: article err_3933."""
    _move(stage, -1)


def _back(stage: Stage) -> None:
    _move(stage, 1)


def _move(stage: Stage, documents: int) -> None:
    known = stage.bench.kkt.memory.mirror.document_number
    stage.hands.alter_memory("mirror", "document_number", str(known + documents))


def _lost_without_fn(stage: Stage) -> None:
    stage.hands.unplug_fn()
    stage.hands.spoil_memory("totals")
    stage.restart()


def _plug(stage: Stage) -> None:
    stage.hands.plug_fn()


def _programming(stage: Stage) -> None:
    stage.asker.does("56 04 00000030")


def _half_a_report(stage: Stage) -> None:
    """The power fails while a Z report prints."""
    stage.asker.does("56 01 00000030", "9A 00", "48", "56 03 00000030", "5A")
    stage.restart()


def _falsified(stage: Stage) -> None:
    """The till remembers an address and a sign that the FN does not have."""
    stage.hands.alter_memory("requisites", "1009", '"C0"')
    stage.hands.alter_memory("mirror", "document_sign", "17")


@dataclass(frozen=True, slots=True)
class Special:
    """How an organ is marked. ``mark``: on top of the evening or the day; ``heals``: takes the cause away again, with
    the power off; ``on``: what it is on top of, unless the reset wants a closed shift; ``model``: of the till."""

    mark: Mark | None = None
    heals: Mark | None = None
    on: Mark = day
    model: str = EVOTOR


SPECIAL: Mapping[str, Special] = {
    "receipt": Special(_open_receipt),
    "fn_document": Special(_open_receipt),
    "passwords": Special(_other_passwords),
    "access_password": Special(_other_passwords),
    "left_taxes": Special(_stale_taxes, on=evening),
    "latch": Special(_elsewhere, _back, on=evening),
    "memory_lock": Special(_lost_without_fn, _plug, on=evening),
    "mode": Special(_programming),
    "unprinted_report": Special(_half_a_report, on=evening),
    "requisites": Special(_falsified),
    "fn_view": Special(_falsified),
    "general_resets": Special(on=evening),
    "mac_address": Special(model=ATOL),
    "buffered_reports": Special(model=ATOL),
}
"""Organs that a day's work and settings do not mark, or not in any till."""
HEALTHY = Special()


@cache
def _built(on: Mark, mark: Mark | None, model: str, settings: tuple[tuple[str, Any], ...]) -> Stage:
    stage = factory(model, **dict(settings))
    on(stage)
    if mark is not None:
        mark(stage)
    return stage


def before(organ: str, *, closed: bool, settings: Mapping[str, Any], marked: bool = True) -> Stage:
    """A till in which this organ is marked. ``closed``: its shift is; ``marked``: False leaves the trouble away."""
    special = SPECIAL.get(organ, HEALTHY)
    on = evening if closed else special.on
    mark = special.mark if marked else None
    return _built(on, mark, special.model, tuple(sorted(settings.items()))).fork()
