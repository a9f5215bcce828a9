"""The JSON of plain values: nothing is lost on the way, and only what was written is read."""

import json
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.device.typed_json import Codec, codec


class Colour(IntEnum):
    RED = 1
    GREEN = 2


class Word(StrEnum):
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    number: int = 0


@dataclass(slots=True)
class Thing:
    name: str
    data: bytes = b""
    weight: float = 0.0
    colour: Colour = Colour.RED
    word: Word = Word.YES
    is_there: bool = False
    by_number: dict[int, bytes] = field(default_factory=dict)
    by_place: dict[tuple[int, int, int], str] = field(default_factory=dict)
    by_key: dict[Key, Key] = field(default_factory=dict)
    parts: list[Key] = field(default_factory=list)
    lines: tuple[tuple[str, ...], ...] = ()
    pair: tuple[Colour, list[int]] | None = None
    colours: frozenset[Colour] = frozenset()


things = st.builds(
    Thing,
    name=st.text(),
    data=st.binary(),
    weight=st.floats(-62e9, 253e9),
    colour=st.sampled_from(Colour),
    is_there=st.booleans(),
    by_number=st.dictionaries(st.integers(), st.binary()),
    by_place=st.dictionaries(st.tuples(st.integers(), st.integers(), st.integers()), st.text()),
    by_key=st.dictionaries(st.builds(Key, st.text(), st.integers()), st.builds(Key, st.text())),
    parts=st.lists(st.builds(Key, st.text(), st.integers())),
    lines=st.lists(st.lists(st.text()).map(tuple)).map(tuple),
    pair=st.none() | st.tuples(st.sampled_from(Colour), st.lists(st.integers())),
    colours=st.frozensets(st.sampled_from(Colour)),
)


@given(things)
def test_what_was_written_is_read(thing: Thing) -> None:
    own = codec(Thing)
    read = own.unpack(json.loads(json.dumps(own.pack(thing), allow_nan=False)))
    assert read == thing
    assert type(read.colour) is Colour


def test_json_is_what_a_person_would_write() -> None:
    thing = Thing("чай", b"\x0f", by_number={1057: b"\x00"}, by_place={(2, 1, 19): "x"}, by_key={Key("a"): Key("b", 1)})
    told = codec(Thing).pack(thing)
    assert told["data"] == "0f"
    assert (told["by_number"], told["by_place"]) == ({"1057": "00"}, {"2/1/19": "x"})
    assert told["by_key"] == [[{"name": "a", "number": 0}, {"name": "b", "number": 1}]]
    assert (told["colour"], told["word"], told["pair"]) == (1, "yes", None)


def test_a_field_that_is_not_told_has_its_default() -> None:
    assert codec(Thing).unpack({"name": "x"}) == Thing("x")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Thing, {}),
        (Thing, {"name": "x", "price": 1}),
        (Thing, []),
        (Thing, {"name": 1}),
        (Thing, {"name": "x", "data": "0"}),
        (Thing, {"name": "x", "colour": 3}),
        (Thing, {"name": "x", "is_there": 1}),
        (Thing, {"name": "x", "pair": [1]}),
        (Thing, {"name": "x", "lines": ["ab"]}),
        (int, True),
        (int, 1.0),
        (float, True),
        (dict[int, int], {"x": 1}),
        (dict[int, int], {"²": 1}),
        (dict[tuple[int, int], int], {"1/2/3": 1}),
        (dict[Key, int], {"a": 1}),
        (frozenset[int], {"1": 1}),
        (Word, "no"),
    ],
)
def test_what_cannot_have_been_written_is_refused(kind: Any, data: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which of the sentences is for people
        codec(kind).unpack(data)


@pytest.mark.parametrize("kind", [complex, int | str, object])
def test_a_type_that_json_cannot_tell_is_refused_at_once(kind: Any) -> None:
    with pytest.raises(TypeError, match="cannot be written as JSON"):
        codec(kind)


def test_a_type_can_be_written_in_a_way_of_its_own() -> None:
    reverse = Codec(lambda key: key.name[::-1], lambda data: Key(data[::-1]))
    own = codec(list[Key], {Key: reverse})
    assert own.pack([Key("abc")]) == ["cba"]
    assert own.unpack(["cba"]) == [Key("abc")]
