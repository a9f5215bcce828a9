"""The formats of fiscal documents by number: what each says of compositions, values, rules and sizes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.ffd.composition import ALLOWED_VALUES, COMPOSITIONS, Composition
from protocol.ffd.composition_1_2 import ALLOWED_VALUES_1_2, COMPOSITIONS_1_1, COMPOSITIONS_1_2
from protocol.ffd.rules import RULES, RULES_1_1, Rule

FFD_1_05, FFD_1_1, FFD_1_2 = 2, 3, 4
"""Values of 1209."""


@dataclass(frozen=True, slots=True)
class Format:
    """«ФФД». ``sizes``: limits in bytes of whole documents where they differ from those of the tag table."""

    name: str
    compositions: Mapping[int, Composition]
    allowed_values: Mapping[int, frozenset[int]]
    rules: Mapping[int, tuple[Rule, ...]]
    sizes: Mapping[int, int] = field(default_factory=dict)


FORMATS: Mapping[int, Format] = {
    FFD_1_05: Format("1.05", COMPOSITIONS, ALLOWED_VALUES, RULES),
    FFD_1_1: Format("1.1", COMPOSITIONS_1_1, ALLOWED_VALUES_1_2, RULES_1_1),
    FFD_1_2: Format("1.2", COMPOSITIONS_1_2, ALLOWED_VALUES_1_2, RULES_1_1, {1: 6144, 11: 6144}),
}
"""Formats by value of 1209 (size of reports in FFD 1.2: FNS order ЕД-7-20/662@, appendix 2, table 11)."""
