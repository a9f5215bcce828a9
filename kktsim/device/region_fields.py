"""The values of a region one by one, for hands that look at them or change them under a good check sum.

A field is named by the way to it, steps with dots between: ``document_number``, ``2/1/19``, ``last_receipt.sign``,
``items.0.tax``. The first part of a region needs no name. A value is JSON: bytes are hex, enums numbers or words.
"""

import json
from functools import cache
from typing import Any

from kktsim.device.region_parts import PARTS
from kktsim.device.regions import Region
from kktsim.device.state import Memory
from kktsim.device.typed_json import Codec, codec

JsonValue = Any


def fields(region: Region, memory: Memory) -> dict[str, JsonValue]:
    """The fields of a region by name, as `alter` knows them."""
    told: dict[str, JsonValue] = {}
    first = PARTS[region][0].name
    for name, value in _packed(region, memory).items():
        if isinstance(value, dict):
            told |= {key if name == first else f"{name}.{key}": one for key, one in value.items()}
        else:
            told[name] = value
    return told


def alter(region: Region, memory: Memory, name: str, value: JsonValue) -> None:
    """Set a field; None takes an entry away, or sets a field to its default. A text may be the value's JSON.

    Raises ValueError: there is no such field, or that is no value of it.
    """
    try:
        _set(region, memory, name, value)
    except ValueError:
        if not isinstance(value, str):
            raise
        try:
            plain = json.loads(value)
        except ValueError:
            plain = value
        _set(region, memory, name, plain)


def _set(region: Region, memory: Memory, name: str, value: JsonValue) -> None:
    values = _packed(region, memory)
    steps = name.split(".")
    if steps[0] not in values:
        steps.insert(0, PARTS[region][0].name)
    place: Any = values
    for step in steps[:-1]:
        place = _step(place, step, f"{region} has no {name}")
    last = steps[-1]
    if isinstance(place, list):
        _step(place, last, f"{region} has no {name}")
        place[int(last)] = value
    elif not isinstance(place, dict):
        raise ValueError(f"{region} has no {name}")
    elif value is not None or place is values:
        place[last] = value
    elif place.pop(last, None) is None:
        raise ValueError(f"{region} has no {name}")
    part = next(part for part in PARTS[region] if part.name == steps[0])
    try:
        part.put(memory, _codec(part.kind).unpack(values[part.name]))
    except ValueError as error:
        told = json.dumps(value, ensure_ascii=False)
        raise ValueError(f"{told} is no value of {name} in {region}: {error}") from None


def _step(place: Any, step: str, trouble: str) -> Any:
    """What lies at one step of the way; raises ValueError."""
    try:
        return place[int(step) if isinstance(place, list) else step]
    except (TypeError, KeyError, IndexError, ValueError):
        raise ValueError(trouble) from None


def _packed(region: Region, memory: Memory) -> dict[str, JsonValue]:
    return {part.name: _codec(part.kind).pack(part.get(memory)) for part in PARTS[region]}


@cache
def _codec(kind: Any) -> Codec:
    return codec(kind)
