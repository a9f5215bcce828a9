"""`FnState` as columns of a database row and back: a table of fields, and nothing of it is lost on the way.

Texts are plain: ISO dates, JSON. A registration is kept as the bytes of the command that made it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

from fn_model.counters import ShiftCounters
from fn_model.marking_state import Marking
from fn_model.state import AnyRegistration, FnState, RegistrationReport
from fn_model.totals import Totals
from fn_model.transitions import Stage
from protocol.ffd.formats import FFD_1_05
from protocol.ffd.tags import T
from protocol.fn.commands import ExtendedMode, FnWarning, Phase
from protocol.fn.requests import FullRegistration, Registration

Stored: TypeAlias = int | str | bytes | None
"""What a column holds."""


class Field(NamedTuple):
    """One field of the state. ``pack``: its value to a column; ``unpack``: back, ValueError when it is none."""

    pack: Callable[[Any], Stored]
    unpack: Callable[[Any], Any]


def _pack_time(at: datetime | date | None) -> str | None:
    return None if at is None else at.isoformat()


def _unpack_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _unpack_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _pack_reports(reports: tuple[RegistrationReport, ...]) -> str:
    return json.dumps(
        [
            (one.document_number, one.request.build().hex(), one.reason, one.ffd, one.conditions, one.agents)
            for one in reports
        ]
    )


def _unpack_reports(text: str) -> tuple[RegistrationReport, ...]:
    return tuple(
        RegistrationReport.of(number, _request(bytes.fromhex(data), ffd), reason, ffd, ExtendedMode(mode), agents)
        for number, data, reason, ffd, mode, agents in json.loads(text)
    )


def _request(data: bytes, ffd: int) -> AnyRegistration:
    """03h registers under FFD 1.05, A3h under the later ones."""
    return Registration.parse(data) if ffd == FFD_1_05 else FullRegistration.parse(data)


def _pack_identity(identity: Mapping[int, bytes]) -> str:
    return json.dumps({tag: data.hex() for tag, data in identity.items()})


def _unpack_identity(text: str) -> dict[int, bytes]:
    return {T(int(tag)): bytes.fromhex(data) for tag, data in json.loads(text).items()}


def _pack_shift(shift: ShiftCounters) -> str:
    return json.dumps(shift._replace(opened_at=_pack_time(shift.opened_at)))  # type: ignore[arg-type]


def _unpack_shift(text: str) -> ShiftCounters:
    shift = ShiftCounters(*json.loads(text))
    return shift._replace(opened_at=_unpack_time(shift.opened_at))  # type: ignore[arg-type]


FIELDS: dict[str, Field] = {
    "phase": Field(int, Phase),
    "stage": Field(lambda stage: stage.name, Stage.__getitem__),
    "reports": Field(_pack_reports, _unpack_reports),
    "identity": Field(_pack_identity, _unpack_identity),
    "expires_on": Field(_pack_time, _unpack_day),
    "document_number": Field(int, int),
    "last_at": Field(_pack_time, _unpack_time),
    "shift": Field(_pack_shift, _unpack_shift),
    "totals": Field(Totals.pack, Totals.unpack),
    "unsent_bytes": Field(int, int),
    "has_failed": Field(int, bool),
    "ofd_flags": Field(int, FnWarning),
    "marking": Field(Marking.pack, Marking.unpack),
}
"""Every field of the state, by name."""


def pack(state: FnState) -> dict[str, Stored]:
    """All columns of a state."""
    return {name: field.pack(getattr(state, name)) for name, field in FIELDS.items()}


def changes(old: FnState, new: FnState) -> dict[str, Stored]:
    """The columns in which ``new`` differs from ``old``."""
    changed: dict[str, Stored] = {}
    for name, field in FIELDS.items():
        was, value = getattr(old, name), getattr(new, name)
        if value is not was and value != was:
            changed[name] = field.pack(value)
    return changed


def unpack(columns: Mapping[str, Any]) -> FnState:
    """The state of a row with those columns; ValueError, TypeError or KeyError when it holds none."""
    state = FnState()
    for name, field in FIELDS.items():
        setattr(state, name, field.unpack(columns[name]))
    return state
