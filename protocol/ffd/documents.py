"""Fiscal documents: their codes, the check of a finished document, and what is printed from it.

The tables live beside: ``tags`` (names, formats, lengths), ``composition`` (what belongs where), ``rules`` (what must
agree), ``formats`` (which of them by FFD). ``check`` chooses the format by tag 1209.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum

from protocol.ffd.formats import FFD_1_05, FORMATS, Format
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import TAGS, Kind, T
from protocol.ffd.tlv import MAX_DEPTH, TlvError, Value, decode, split


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

    ``data``: the value of the document's STLV, without its header and without the raw signs behind it. A document
    without 1209 is taken for FFD 1.05; one of an unknown format is checked for structure only. Never raises.
    """
    if document_type not in FORMATS[FFD_1_05].compositions:
        return [f"{document_type} is no fiscal document"]
    try:
        parts = split(data)
    except TlvError as error:
        return [*_check_size(document_type, data, FORMATS[FFD_1_05]), str(error)]
    document = Requisites([(tag, value) for tag, raw in parts if (value := _decoded(tag, raw)) is not None])
    ffd = FORMATS.get(document.number(T.FFD_VERSION) or FFD_1_05)
    violations = _check_size(document_type, data, ffd)
    violations.extend(_check_structure(document_type, data, "", ffd, MAX_DEPTH))
    if ffd is not None:
        violations.extend(problem for rule in ffd.rules.get(document_type, ()) for problem in rule(document))
    return violations


def qr(at: datetime, total_kopecks: int, fn_number: str, document_number: int, fiscal_sign: int, operation: int) -> str:
    """«QR-код» of a receipt, the text in it. ``fiscal_sign``: the printed number; ``operation``: 1054.

    Source: FNS order ЕД-7-20/662@, appendix 2, paragraphs 14, 15. Minutes without seconds, as in its example.
    """
    rubles, kopecks = divmod(total_kopecks, 100)
    minute = f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}"
    return f"t={minute}&s={rubles}.{kopecks:02}&fn={fn_number}&i={document_number}&fp={fiscal_sign}&n={operation}"


def _check_size(document_type: int, data: bytes, ffd: Format | None) -> list[str]:
    limit = TAGS[document_type].max_len if ffd is None else ffd.sizes.get(document_type, TAGS[document_type].max_len)
    return [f"the document has {len(data) + 4} bytes, at most {limit} fit"] if len(data) + 4 > limit else []


def _decoded(tag: int, raw: bytes) -> Value | None:
    try:
        return decode(tag, raw)
    except TlvError:
        return None


def _check_structure(parent: int, data: bytes, where: str, ffd: Format | None, depth: int) -> Iterator[str]:
    """Problems of one STLV and of those inside it. ``where``: a prefix that tells the place."""
    try:
        parts = split(data)
    except TlvError as error:
        yield f"{where}{error}"
        return
    if depth == 0:
        yield f"{where}STLVs are nested too deeply"
        return
    composition = None if ffd is None else ffd.compositions.get(parent)
    seen: dict[int, int] = {}
    for tag, raw in parts:
        seen[tag] = seen.get(tag, 0) + 1
        if composition is not None and tag not in composition.known:
            yield f"{where}{_named(tag)} does not belong to {_named(parent)}"
        yield from _check_value(tag, raw, where, ffd)
        row = TAGS.get(tag)
        if row is not None and row.kind is Kind.STLV:
            inside = f"{where}{tag} no. {seen[tag]}: " if row.repeatable else f"{where}{tag}: "
            yield from _check_structure(tag, raw, inside, ffd, depth - 1)
        if row is not None and not row.repeatable and seen[tag] == 2:
            yield f"{where}{_named(tag)} is repeated"
    if composition is not None:
        for tag in sorted(composition.mandatory - seen.keys()):
            yield f"{where}{_named(tag)} is missing"


def _check_value(tag: int, raw: bytes, where: str, ffd: Format | None) -> Iterator[str]:
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
    allowed = None if ffd is None else ffd.allowed_values.get(tag)
    if allowed is not None and isinstance(value, int) and value not in allowed:
        yield f"{where}{_named(tag)} may not be {value}"


def _named(tag: int) -> str:
    row = TAGS.get(tag)
    return f"{tag} «{row.name_ru}»" if row is not None else str(tag)
