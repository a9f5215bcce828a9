"""What may stand in the data of 07h, as a table of tags for each document: built once, read by ``requisites``.

A book is made of the composition tables of the format, of what the FN forms itself, and of what the KKT is registered
for. Sources: lists of answer codes 0Bh-0Eh, 18h, 19h in public clients of FN-1.1 and FN-1.2; a till vendor's notes
(the tag follows the code; 19h was one of excise goods first); FNS order ЕД-7-20/662@, appendix 2. Which requisites
feed the counters is an inference from the layout of 36h.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from fn_model.composition import FORMED_TAGS
from fn_model.composition_1_1 import FORMED_TAGS_1_1
from fn_model.state import RegistrationReport
from protocol.ffd.composition import Composition
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_05, FFD_1_2, FORMATS, Format
from protocol.ffd.tags import TAGS, Kind, T
from protocol.fn.commands import ExtendedMode, FnCode

KIND_CONDITIONS: dict[ExtendedMode, tuple[int, ...]] = {
    ExtendedMode.EXCISE: (2, 30, 31),
    ExtendedMode.GAMBLING: (5, 6),
    ExtendedMode.LOTTERY: (7, 8),
    ExtendedMode.MARKED_GOODS: (31, 33),
}
"""Kinds of item (1212) by what the KKT must be registered for."""
MARKING_TAGS = frozenset((T.ITEM_CODE, T.FRACTION, 2102, 2106, 2115))
"""Requisites of an item of goods with a code, in FFD 1.2."""

_RECEIPTS = (
    *(DocumentType.RECEIPT, DocumentType.STRICT_FORM),
    *(DocumentType.CORRECTION, DocumentType.STRICT_FORM_CORRECTION),
)
COUNTED: dict[int, tuple[int, ...]] = {
    **dict.fromkeys(_RECEIPTS, (T.TAX_SYSTEM, T.CASH, T.ELECTRONIC, T.PREPAID, T.CREDIT, T.OTHER)),
    T.ITEM: (T.ITEM_SUM,),
}
"""Requisites that a document or structure must bring for the FN's counters (0Dh), by its tag."""

_EVERYWHERE = frozenset((T.USER_NAME, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE, T.CASHIER, T.CASHIER_INN))
"""Of every document in one edition of a format or another."""
_TOLERATED: dict[int, frozenset[int]] = dict.fromkeys(_RECEIPTS, frozenset((T.AUTONOMOUS_MODE,)))
"""In no table, yet a public client that works with real FNs brings it."""
_AGENTS = frozenset(range(1 << 7))
"""Values of 1057 and 1222: one bit for each kind of agent."""
_ALL_BUT_EXCISE = 0xFF & ~int(ExtendedMode.EXCISE)


class Special(NamedTuple):
    """What is right for a tag besides its length.

    ``refusal``: code for its mere presence, 0 when it may come. ``values``: code by value, for tags whose values are
    listed; a value that is not there is 18h. ``inside``: the book of a structure.
    """

    refusal: int
    values: Mapping[bytes, int] | None
    inside: "Book | None"
    repeats: bool


Row: TypeAlias = tuple[int, int, Special | None]
"""Smallest and largest length of a value, and what else there is to the tag."""
_PLAIN = Special(FnCode.OK, None, None, repeats=False)


class Book(NamedTuple):
    """Rows of the tags that belong there, and which of them must not be missing."""

    rows: Mapping[int, Row]
    needed: tuple[int, ...]


class Registered(NamedTuple):
    """What the KKT is registered for, as far as requisites can contradict it: masks, as plain numbers.

    ``conditions``: of `ExtendedMode`; ``agents``: None when they are not judged.
    """

    tax_systems: int
    conditions: int
    agents: int | None

    @classmethod
    def of(cls, report: RegistrationReport, watched: Literal["excise", "all"]) -> "Registered":
        """By the last report; what is not ``watched`` counts as registered. FFD 1.2 registers no agents."""
        told, tax_systems = int(report.conditions), report.request.tax_systems
        if watched == "all":
            return cls(tax_systems, told, report.agents if report.ffd < FFD_1_2 else None)
        return cls(tax_systems, told | _ALL_BUT_EXCISE, None)


@lru_cache(maxsize=256)
def book(document_type: DocumentType, ffd: int, registered: Registered | None) -> Book:
    """The book of a document. ``registered``: None when nothing can contradict it."""
    may_be_marked = ffd < FFD_1_2 or registered is None or registered.conditions & ExtendedMode.MARKED_GOODS
    makes = _Maker(FORMATS[ffd], registered, frozenset() if may_be_marked else MARKING_TAGS)
    tolerated = _EVERYWHERE | _TOLERATED.get(document_type, frozenset())
    formed = FORMED_TAGS if ffd == FFD_1_05 else FORMED_TAGS_1_1
    return makes.book(document_type, tolerated, formed[document_type])


class _Maker(NamedTuple):
    """Makes the books of one document; ``unregistered``: tags whose presence contradicts the registration."""

    ffd: Format
    registered: Registered | None
    unregistered: frozenset[int]

    def book(
        self, structure: int, tolerated: frozenset[int] = frozenset(), formed: frozenset[int] = frozenset()
    ) -> Book:
        composition = self.ffd.compositions.get(structure, Composition())
        allowed = (composition.known | tolerated) - formed
        return Book({tag: self._row(tag) for tag in allowed}, tuple(map(int, COUNTED.get(structure, ()))))

    def _row(self, tag: int) -> Row:
        row = TAGS[tag]
        refusal = int(FnCode.CONTRADICTS_REGISTRATION) if tag in self.unregistered else 0
        has_inside = row.kind is Kind.STLV and tag in self.ffd.compositions
        special = Special(refusal, self._values(tag), self.book(tag) if has_inside else None, row.repeatable)
        return row.max_len if row.fixed else 0, row.max_len, None if special == _PLAIN else special

    def _values(self, tag: int) -> Mapping[bytes, int] | None:
        allowed = _AGENTS if tag in (T.AGENT, T.ITEM_AGENT) else self.ffd.allowed_values.get(tag)
        if allowed is None:
            return None
        width = TAGS[tag].max_len
        return {value.to_bytes(width, "little"): int(self._code(tag, value)) for value in allowed}

    def _code(self, tag: int, value: int) -> FnCode:
        now = self.registered
        contradicts = now is not None and any(rule(now, tag, value) for rule in CONTRADICTIONS)
        return FnCode.CONTRADICTS_REGISTRATION if contradicts else FnCode.OK


def _tax_system(now: Registered, tag: int, value: int) -> bool:
    return tag == T.TAX_SYSTEM and not value & now.tax_systems


def _agent(now: Registered, tag: int, value: int) -> bool:
    return tag in (T.AGENT, T.ITEM_AGENT) and now.agents is not None and bool(value & ~now.agents)


def _kind(now: Registered, tag: int, value: int) -> bool:
    missing = [flag for flag in KIND_CONDITIONS if not flag & now.conditions]
    return tag == T.ITEM_TYPE and any(value in KIND_CONDITIONS[flag] for flag in missing)


CONTRADICTIONS = (_tax_system, _agent, _kind)
"""Whether a value of a tag contradicts the registration (19h)."""
