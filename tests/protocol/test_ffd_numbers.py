"""Check digits of the INN and of the registration number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ffd.numbers import inn_is_right, registration_number, registration_number_is_right

INN, SERIAL = "7702203276", "000000000002"
PUBLISHED = "0000000005008570"
"""Registration number 5 of that owner and till, in a registration report published with an OFD library."""


def test_the_published_registration_number_is_the_one_that_the_rule_gives() -> None:
    assert registration_number(5, INN, SERIAL) == PUBLISHED
    assert registration_number_is_right(PUBLISHED, INN, SERIAL)


def test_spaces_that_pad_the_numbers_do_not_count() -> None:
    assert registration_number_is_right(PUBLISHED, INN + "  ", SERIAL + " " * 8)


@pytest.mark.parametrize(
    ("number", "inn", "serial"),
    [
        ("0000000005008571", INN, SERIAL),
        ("0000000006008570", INN, SERIAL),
        (PUBLISHED, "7704358518", SERIAL),
        (PUBLISHED, INN, "000000000003"),
        (PUBLISHED[:-1], INN, SERIAL),
        (PUBLISHED + "0", INN, SERIAL),
        ("000000000500857A", INN, SERIAL),
        ("", INN, SERIAL),
    ],
)
def test_a_number_of_another_owner_or_till_is_wrong(number: str, inn: str, serial: str) -> None:
    assert not registration_number_is_right(number, inn, serial)


@given(st.integers(0, 10**10 - 1), st.sampled_from((INN, "123654789507")), st.integers(0, 10**14 - 1))
def test_a_number_that_was_given_is_right(sequence: int, inn: str, serial: int) -> None:
    assert registration_number_is_right(registration_number(sequence, inn, str(serial)), inn, str(serial))


@pytest.mark.parametrize("inn", [INN, "7704358518", "123654789507", "500100732259"])
def test_a_right_inn(inn: str) -> None:
    assert inn_is_right(inn)


@pytest.mark.parametrize(
    "inn", ["7702203277", "7702203376", "123654789508", "123654789517", "77022032", "", "77022A3276"]
)
def test_a_wrong_inn(inn: str) -> None:
    assert not inn_is_right(inn)


@given(st.sampled_from((INN, "500100732259")), st.integers(0, 11), st.integers(1, 9))
def test_one_digit_that_differs_is_noticed(inn: str, place: int, by: int) -> None:
    """Eleven is prime, so each digit moves the remainder; only remainders 0 and 10 are written alike."""
    place %= len(inn) - 2
    other = inn[:place] + str((int(inn[place]) + by) % 10) + inn[place + 1 :]
    assert not inn_is_right(other)
