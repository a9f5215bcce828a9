"""Numbers with check digits: the taxpayer's INN and the registration number of a KKT.

Source: FNS order ЕД-7-20/662@, appendix 2, paragraph 16; checked against a registration published with an OFD library.
"""

from protocol.checksums import crc16

REGISTRATION_NUMBER_DIGITS = 16
_SEQUENCE_DIGITS, _CHECK_DIGITS = 10, 6
_INN_DIGITS, _SERIAL_DIGITS = 12, 20
_WEIGHTS: dict[int, tuple[tuple[int, ...], ...]] = {
    10: ((2, 4, 10, 3, 5, 9, 4, 6, 8),),
    12: ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)),
}
"""Length of an INN to the weights of the digits before each of its check digits."""


def inn_is_right(inn: str) -> bool:
    """Whether ``inn`` has 10 or 12 digits and the right check digits."""
    if not (inn.isascii() and inn.isdigit()):
        return False
    return len(inn) in _WEIGHTS and all(_checks(inn, weights) for weights in _WEIGHTS[len(inn)])


def _checks(inn: str, weights: tuple[int, ...]) -> bool:
    told = sum(weight * int(digit) for weight, digit in zip(weights, inn, strict=False))
    return told % 11 % 10 == int(inn[len(weights)])


def registration_number(sequence: int, inn: str, serial_number: str) -> str:
    """«Регистрационный номер ККТ»: a number in the tax office's register, and six digits that tie it to its till."""
    head = f"{sequence:0{_SEQUENCE_DIGITS}d}"
    covered = head + inn.strip().zfill(_INN_DIGITS) + serial_number.strip().zfill(_SERIAL_DIGITS)
    return f"{head}{crc16(covered.encode('ascii')):0{_CHECK_DIGITS}d}"


def registration_number_is_right(number: str, inn: str, serial_number: str) -> bool:
    """Whether ``number`` is one that this owner was given for this till."""
    if len(number) != REGISTRATION_NUMBER_DIGITS or not (number.isascii() and number.isdigit()):
        return False
    return number == registration_number(int(number[:_SEQUENCE_DIGITS]), inn, serial_number)
