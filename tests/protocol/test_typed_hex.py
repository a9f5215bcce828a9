"""Commands as people type them."""

import pytest

from protocol.typed_hex import SHOWN_CHARACTERS, parse_hex


@pytest.mark.parametrize(
    ("text", "wire", "had_cyrillic"),
    [
        ("82010600", "82 01 06 00", False),
        ("82 01 06 00", "82 01 06 00", False),
        (" a4 20 ", "A4 20", False),
        ("А4 20", "A4 20", True),
        ("е9 вс", "E9 BC", True),
    ],
)
def test_spaces_case_and_look_alikes_are_free(text: str, wire: str, had_cyrillic: bool) -> None:
    assert parse_hex(text) == (bytes.fromhex(wire), had_cyrillic)


@pytest.mark.parametrize("text", ["ж", "ж4", "0x48", "48,56"])
def test_what_is_not_hexadecimal_is_told_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="is not hexadecimal: write a command as"):
        parse_hex(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("82 0", "'82 0' has a byte of one digit, a byte is two («0» as «00»): write a command as «91 34 00 00»"),
        ("8200010", "'8200010' has a byte of one digit, a byte is two («0» as «00»)"),
        ("4 8", "'4 8' has a byte of one digit, a byte is two («4» as «04»)"),
        ("А", "'А' has a byte of one digit, a byte is two («A» as «0A»)"),
    ],
)
def test_a_digit_that_is_missing_is_told_as_such(text: str, told: str) -> None:
    with pytest.raises(ValueError) as trouble:  # noqa: PT011 - the sentence is what matters
        parse_hex(text)
    assert str(trouble.value).startswith(told)


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_no_command(text: str) -> None:
    with pytest.raises(ValueError, match="a command is empty"):
        parse_hex(text)


def test_a_long_complaint_is_cut() -> None:
    with pytest.raises(ValueError) as told:  # noqa: PT011 - only its length matters
        parse_hex("z" * 10_000)
    assert len(str(told.value)) < 3 * SHOWN_CHARACTERS
