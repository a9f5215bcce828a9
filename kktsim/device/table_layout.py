"""Which settings fields a model of till has, and what a new till of it holds in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kktsim.device.refusal import Refusal
from protocol.atol.kkt_codes import E
from protocol.atol.settings_tables import Field, Place, Value, places, span


@dataclass(frozen=True, slots=True)
class TableLayout:
    """«Таблицы настроек» of one model."""

    fields: Mapping[Place, Field]
    defaults: Mapping[Place, bytes]
    tables: frozenset[int]
    rows: frozenset[tuple[int, int]]

    def find(self, place: Place) -> Field:
        """The field at a place; raises `Refusal`: wrong table, row or field, in this order."""
        field = self.fields.get(place)
        if field is not None:
            return field
        if place[0] not in self.tables:
            raise Refusal(E.WRONG_TABLE)
        raise Refusal(E.WRONG_FIELD if place[:2] in self.rows else E.WRONG_ROW)


def spread(pattern: str) -> Iterator[Place]:
    """The places of ``TABLE/ROWS/FIELDS``, as ``2/1/88-91``; raises ValueError when it is none."""
    table, rows, fields = pattern.split("/")
    return ((int(table), row, field) for row in span(rows) for field in span(fields))


def layout(
    missing: Iterable[str], special: Iterable[str], defaults: Mapping[str, Value], facts: Mapping[str, Any]
) -> TableLayout:
    """Every ordinary field but ``missing``, those of ``special``; ``defaults`` by pattern, ``facts`` of the model.

    Raises ValueError, which says why: a pattern names no field, or a default is no value of its field.
    """
    known = places()
    without, wanted = _known(missing), _known(special)
    found = {
        place: field
        for place, field in known.items()
        if place not in without and (place in wanted or not field.is_special)
    }
    values = {
        place: field.encode(facts[field.model_fact]) if field.model_fact else field.default(place[1])
        for place, field in found.items()
    }
    for pattern, value in defaults.items():
        for place in _known((pattern,)):
            values[place] = _default(known[place], pattern, value)
    return TableLayout(
        found, values, frozenset(place[0] for place in found), frozenset((place[0], place[1]) for place in found)
    )


def _known(patterns: Iterable[str]) -> set[Place]:
    found: set[Place] = set()
    for pattern in patterns:
        try:
            named = set(spread(pattern)) & places().keys()
        except ValueError:
            raise ValueError(f"`{pattern}` is no TABLE/ROWS/FIELDS, as 2/1/88-91") from None
        if not named:
            raise ValueError(f"`{pattern}` names no field of the settings tables")
        found |= named
    return found


def _default(field: Field, pattern: str, value: Value) -> bytes:
    try:
        data = field.encode(value)
    except ValueError:
        data = b""
    if len(data) != field.width or not field.is_legal(data):
        raise ValueError(f"{value!r} is no value of `{pattern}`, «{field.name_ru}»")
    return data
