"""No reset touches more than the table of resets tells: the whole memory of the till, field by field."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from kktsim.device.state import Memory
from protocol.atol.settings_tables import Place
from scenarios.resets import organs, resets
from tests.resets.marked import MAC_ADDRESS, OPERATORS, Stage
from tests.resets.test_resets_table import READY, WANT_A_CLOSED_SHIFT, WAYS
from tests.resets.troubled import before

OF_PLACES: Mapping[Place, str] = {
    (2, 1, 18): "cash_at_z",
    (2, 1, 23): "access_password",
    (2, 1, 110): "default_tax_system",
    MAC_ADDRESS: "mac_address",
    (9, 1, 2): "port_speed",
    (9, 2, 2): "port_speed",
    (19, 1, 1): "ofd_address",
    (19, 1, 2): "ofd_address",
    (19, 1, 4): "ofd_channel",
}
OF_TABLES = {OPERATORS: "passwords", 10: "protection_codes"}
OF_TOTALS: Mapping[str, str] = {
    "cash_kopecks": "cash",
    "last_shift_income_kopecks": "last_shift_total",
    "last_shift_outcome_kopecks": "last_shift_total",
    "non_nullable": "non_nullable",
    "non_nullable_paid": "non_nullable",
    "running_receipts": "receipt_numbers",
    "running_documents": "receipt_numbers",
    "general_resets": "general_resets",
}
OF_MEMORY: Mapping[str, str] = {
    "bad_regions": "memory_lock",
    "clock_offset": "clock",
    "clock_region": "clock",
    "closing": "receipt",
    "intent": "fn_view",
    "kept_intent": "fn_view",
    "last_receipt": "last_receipt",
    "left_taxes": "left_taxes",
    "mirror": "fn_view",
    "mirror_is_lost": "fn_view",
    "receipt": "receipt",
    "unprinted_report": "unprinted_report",
}
MECHANISM = ("board.jumper_is_on", "printer")
"""No memory, and so no row: hands alone change it."""


def told(stage: Stage) -> dict[str, tuple[Any, str]]:
    """Every field of the memory: its value, and the organ that it belongs to."""
    memory = stage.bench.kkt.memory.copy()
    found: dict[str, tuple[Any, str]] = {name: (getattr(memory, name), organ) for name, organ in OF_MEMORY.items()}
    for place, value in memory.tables.items():
        organ = OF_PLACES.get(place) or OF_TABLES.get(place[0]) or "tables"
        found["tables {}/{}/{}".format(*place)] = (value, organ)
    for one in fields(memory.totals):
        found[f"totals.{one.name}"] = (getattr(memory.totals, one.name), OF_TOTALS.get(one.name, "shift_totals"))
    for tag, data in memory.requisites.items():
        found[f"requisite {int(tag)}"] = (data, "other_requisites" if tag == 1036 else "requisites")
    for what in ("pictures", "added_rows", "barcodes"):
        organ = "barcodes" if what == "barcodes" else "pictures"
        found[f"graphics.{what}"] = (getattr(memory.graphics, what), organ)
    board = memory.board
    found["board.protection_codes"] = (board.protection_codes, "protection_codes")
    found["board.has_serial_number"] = (board.has_serial_number, "serial_number")
    return found


def mechanism(stage: Stage) -> tuple[object, ...]:
    memory = stage.bench.kkt.memory
    return memory.board.jumper_is_on, memory.printer


def test_every_field_of_the_memory_belongs_to_a_row() -> None:
    stage = before("cash", closed=False, settings={})
    known = {name.split()[0].split(".")[0] for name in (*told(stage), *MECHANISM)}
    assert {name.replace("requisite", "requisites") for name in known} >= set(Memory.__slots__)
    assert {organ for _, organ in told(stage).values()} <= organs().keys()
    board = {one.name for one in fields(stage.bench.kkt.memory.board)}
    assert {f"board.{name}" for name in board} <= told(stage).keys() | set(MECHANISM)


@pytest.mark.parametrize("reset", resets())
@pytest.mark.parametrize("organ", ["cash", "receipt", "unprinted_report"])
def test_what_is_kept_by_the_table_is_kept_in_the_memory(reset: str, organ: str) -> None:
    stage = before(organ, closed=reset in WANT_A_CLOSED_SHIFT, settings={})
    is_ready = READY[reset](stage) if reset in READY else True
    was, stood = told(stage), mechanism(stage)
    if not (is_ready and WAYS[reset][0](stage)):
        assert organ == "receipt"
        assert told(stage) == was
        return
    now = told(stage)
    changed = {organ for name in was.keys() | now.keys() for _, organ in _differs(was.get(name), now.get(name))}
    of_the_receipt = {"shift_totals", "receipt_numbers"} if organ == "receipt" else set()
    kept = {row.id for row in organs().values() if row.cells[reset].effect.id == "kept"} - of_the_receipt
    assert changed & kept == set()
    assert mechanism(stage) == stood


def _differs(was: tuple[Any, str] | None, now: tuple[Any, str] | None) -> list[tuple[Any, str]]:
    return [] if was == now else [one for one in (was, now) if one is not None]
