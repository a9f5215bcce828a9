"""The table of tags is whole and says nothing impossible."""

import pytest

from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FORMATS, Format
from protocol.ffd.tags import TAGS, UNLIMITED, FormedBy, Kind, T

WIDTHS = {Kind.BYTE: {1}, Kind.UINT16: {2}, Kind.UINT32: {4}, Kind.UNIX_TIME: {4}, Kind.BITS: {1, 4}}


def test_every_named_tag_is_in_the_table() -> None:
    assert [tag for tag in T if tag not in TAGS] == []


@pytest.mark.parametrize("ffd", FORMATS.values(), ids=lambda ffd: ffd.name)
def test_every_tag_of_a_composition_is_in_the_table(ffd: Format) -> None:
    assert [tag for row in ffd.compositions.values() for tag in row.known if tag not in TAGS] == []
    assert [tag for tag in ffd.allowed_values if tag not in TAGS] == []
    assert all(TAGS[structure].kind is Kind.STLV for structure in ffd.compositions)


@pytest.mark.parametrize("ffd", FORMATS.values(), ids=lambda ffd: ffd.name)
def test_every_structure_that_may_come_has_a_composition(ffd: Format) -> None:
    """But for requisites that a later edition of the order gives to structures."""
    known = set().union(*(row.known for row in ffd.compositions.values()))
    assert [tag for tag in known if TAGS[tag].kind is Kind.STLV and tag not in ffd.compositions] == []


@pytest.mark.parametrize("ffd", FORMATS.values(), ids=lambda ffd: ffd.name)
def test_values_that_are_listed_fit_numbers_of_fixed_width(ffd: Format) -> None:
    for tag, values in ffd.allowed_values.items():
        assert TAGS[tag].fixed
        assert max(values) < 256 ** TAGS[tag].max_len


@pytest.mark.parametrize("ffd", FORMATS.values(), ids=lambda ffd: ffd.name)
def test_no_tag_has_two_roles_in_one_composition(ffd: Format) -> None:
    for row in ffd.compositions.values():
        assert len(row.known) == len(row.mandatory) + len(row.conditional) + len(row.optional)


@pytest.mark.parametrize("ffd", FORMATS.values(), ids=lambda ffd: ffd.name)
def test_every_document_is_a_structure_with_a_composition(ffd: Format) -> None:
    for document in DocumentType:
        assert TAGS[document].kind is Kind.STLV
        assert document in ffd.compositions
        assert document.name_ru == TAGS[document].name_ru != ""


def test_numbers_are_as_long_as_their_format_says() -> None:
    wrong = [row for row in TAGS.values() if row.kind in WIDTHS and row.max_len not in WIDTHS[row.kind]]
    assert wrong == []


def test_every_row_has_a_russian_name_and_a_sane_length() -> None:
    for number, row in TAGS.items():
        assert row.number == number
        assert row.name_ru
        assert 1 <= row.max_len <= UNLIMITED


@pytest.mark.parametrize("ffd", FORMATS.values(), ids=lambda ffd: ffd.name)
def test_json_names_differ_within_each_composition(ffd: Format) -> None:
    for row in ffd.compositions.values():
        names = [name for tag in row.known if (name := TAGS[tag].json_name)]
        shared = {name for name in names if names.count(name) > 1}
        assert shared == set()


@pytest.mark.parametrize(
    ("tag", "kind", "max_len", "fixed", "repeatable", "formed_by"),
    [
        (T.DATE_TIME, Kind.UNIX_TIME, 4, True, False, FormedBy.FN),
        (T.ITEM, Kind.STLV, 1024, False, True, FormedBy.KKT),
        (T.OFD_INN, Kind.TEXT, 12, True, False, FormedBy.EITHER),
        (T.OFD_SIGN, Kind.BYTES, 18, False, False, FormedBy.OFD),
        (T.QUANTITY, Kind.FVLN, 8, False, False, FormedBy.KKT),
        (T.RE_REGISTRATION_REASON, Kind.BYTE, 1, True, True, FormedBy.FN),
    ],
)
def test_rows_are_read_as_written(
    tag: T, kind: Kind, max_len: int, fixed: bool, repeatable: bool, formed_by: FormedBy
) -> None:
    row = TAGS[tag]
    assert (row.kind, row.max_len, row.fixed, row.repeatable, row.formed_by) == (
        kind,
        max_len,
        fixed,
        repeatable,
        formed_by,
    )


def test_an_unknown_number_is_no_key() -> None:
    assert 999 not in TAGS
    assert TAGS.get(999) is None
    assert len(TAGS) == len(list(TAGS))
