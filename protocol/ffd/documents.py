"""Fiscal documents: their codes, the check of a finished document, and what is printed from it.

The tables live beside: ``tags`` (names, formats, lengths), ``composition`` (what belongs where), ``rules`` (what must
agree). ``check`` is FFD 1.05: a document whose 1209 says otherwise is checked for structure only.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum

from protocol.ffd.composition import ALLOWED_VALUES, COMPOSITIONS
from protocol.ffd.requisites import Requisites
from protocol.ffd.rules import RULES
from protocol.ffd.tags import TAGS, Kind, T
from protocol.ffd.tlv import MAX_DEPTH, TlvError, Value, decode, split

FFD_1_05 = 2
"""Value of 1209 for FFD 1.05."""


class DocumentType(IntEnum):
    """«Код формы фискального документа»: the tag of the document's outer STLV."""

    REGISTRATION = 1
    SHIFT_OPEN = 2
    RECEIPT = 3
    STRICT_FORM = 4
    SHIFT_CLOSE = 5
    CLOSE_ARCHIVE = 6
    CONFIRMATION = 7
    RE_REGISTRATION = 11
    SETTLEMENT = 21
    CORRECTION = 31
    STRICT_FORM_CORRECTION = 41

    @property
    def name_ru(self) -> str:
        """«Наименование документа»."""
        return TAGS[self].name_ru


def check(document_type: int, data: bytes) -> list[str]:
    """What is wrong with a document, one readable sentence each; empty when nothing is.

    ``data``: the value of the document's STLV, without its header and without the raw signs behind it. Never raises.
    """
    if document_type not in COMPOSITIONS:
        return [f"{document_type} is no document of FFD 1.05"]
    limit = TAGS[document_type].max_len
    violations = [f"the document has {len(data) + 4} bytes, at most {limit} fit"] if len(data) + 4 > limit else []
    try:
        parts = split(data)
    except TlvError as error:
        return [*violations, str(error)]
    decoded = [(tag, value) for tag, raw in parts if (value := _decoded(tag, raw)) is not None]
    document = Requisites(decoded)
    is_ffd_1_05 = document_type == DocumentType.CONFIRMATION or document.number(T.FFD_VERSION) in (0, FFD_1_05)
    violations.extend(_check_structure(document_type, data, "", is_ffd_1_05, MAX_DEPTH))
    if is_ffd_1_05:
        violations.extend(problem for rule in RULES.get(document_type, ()) for problem in rule(document))
    return violations


def qr(at: datetime, total_kopecks: int, fn_number: str, document_number: int, fiscal_sign: int, operation: int) -> str:
    """«QR-код» of a receipt, the text in it. ``fiscal_sign``: the printed number; ``operation``: 1054.

    Source: FNS order ЕД-7-20/662@, appendix 2, paragraphs 14, 15. Minutes without seconds, as in its example.
    """
    rubles, kopecks = divmod(total_kopecks, 100)
    return (
        f"t={at:%Y%m%dT%H%M}&s={rubles}.{kopecks:02}&fn={fn_number}&i={document_number}&fp={fiscal_sign}&n={operation}"
    )


def _decoded(tag: int, raw: bytes) -> Value | None:
    try:
        return decode(tag, raw)
    except TlvError:
        return None


def _check_structure(parent: int, data: bytes, where: str, is_ffd_1_05: bool, depth: int) -> Iterator[str]:
    """Problems of one STLV and of those inside it. ``where``: a prefix that tells the place."""
    try:
        parts = split(data)
    except TlvError as error:
        yield f"{where}{error}"
        return
    if depth == 0:
        yield f"{where}STLVs are nested too deeply"
        return
    composition = COMPOSITIONS.get(parent) if is_ffd_1_05 else None
    seen: dict[int, int] = {}
    for tag, raw in parts:
        seen[tag] = seen.get(tag, 0) + 1
        if composition is not None and tag not in composition.known:
            yield f"{where}{_named(tag)} does not belong to {_named(parent)}"
        yield from _check_value(tag, raw, where, is_ffd_1_05)
        row = TAGS.get(tag)
        if row is not None and row.kind is Kind.STLV:
            inside = f"{where}{tag} no. {seen[tag]}: " if row.repeatable else f"{where}{tag}: "
            yield from _check_structure(tag, raw, inside, is_ffd_1_05, depth - 1)
        if row is not None and not row.repeatable and seen[tag] == 2:
            yield f"{where}{_named(tag)} is repeated"
    if composition is not None:
        for tag in sorted(composition.mandatory - seen.keys()):
            yield f"{where}{_named(tag)} is missing"


def _check_value(tag: int, raw: bytes, where: str, is_ffd_1_05: bool) -> Iterator[str]:
    row = TAGS.get(tag)
    if row is None:
        yield f"{where}tag {tag} is unknown"
        return
    if len(raw) > row.max_len or (row.fixed and len(raw) < row.max_len):
        limit = "exactly" if row.fixed else "at most"
        yield f"{where}{_named(tag)} has {len(raw)} bytes, {limit} {row.max_len} are right"
        return
    if row.kind is Kind.STLV:
        return
    try:
        value = decode(tag, raw)
    except TlvError as error:
        yield f"{where}{error}"
        return
    allowed = ALLOWED_VALUES.get(tag)
    if is_ffd_1_05 and allowed is not None and isinstance(value, int) and value not in allowed:
        yield f"{where}{_named(tag)} may not be {value}"


def _named(tag: int) -> str:
    row = TAGS.get(tag)
    return f"{tag} «{row.name_ru}»" if row is not None else str(tag)
