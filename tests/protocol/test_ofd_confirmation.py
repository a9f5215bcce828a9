"""The operator's confirmation: what the server writes the FN reads, and nothing else passes for one."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ffd.documents import DocumentType, check
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, split, tlv
from protocol.fn.commands import OfdRefusal
from protocol.ofd import confirmation, container
from protocol.ofd.confirmation import OfdAnswer
from protocol.ofd.errors import OfdFormatError

FN = "9999078900005488"
INN = "7704358518"
RECEIVED = 1795354800.0
"""2026-11-22 13:40 UTC, as world seconds."""
OFD_SIGN = bytes(range(18))
SIGN = b"signFPP8"
WHOLE = confirmation.build(FN, 5, INN, RECEIVED, OfdAnswer.ACCEPTED, OFD_SIGN, SIGN)
MANDATORY = [T.OFD_INN, T.FN_NUMBER, T.DOCUMENT_NUMBER, T.DATE_TIME, T.OFD_SIGN]


def refusal(data: bytes) -> OfdRefusal:
    with pytest.raises(OfdFormatError) as caught:
        confirmation.parse(data)
    return caught.value.reason


def rebuilt(parts: list[tuple[int, bytes]], sign: bytes = SIGN) -> bytes:
    document = tlv(DocumentType.CONFIRMATION, b"".join(tlv(tag, value) for tag, value in parts))
    return container.build_document(FN, 5, document, sign)


def requisites() -> list[tuple[int, bytes]]:
    return split(container.parse(WHOLE).document[4:])


def test_a_confirmation_is_read_as_it_was_built() -> None:
    parsed = confirmation.parse(WHOLE)
    assert (parsed.fn_number, parsed.document_number, parsed.inn, parsed.answer) == (FN, 5, INN, OfdAnswer.ACCEPTED)
    assert parsed.received_at == datetime(2026, 11, 22, 13, 40)
    assert (parsed.ofd_sign, parsed.sign) == (OFD_SIGN, SIGN)
    assert parsed.document == confirmation.document(FN, 5, INN, RECEIVED, 0, OFD_SIGN)


@given(
    fn_number=st.text("0123456789", min_size=1, max_size=16),
    document_number=st.integers(0, 2**24 - 1),
    code=st.integers(0, 255),
    ofd_sign=st.binary(min_size=16, max_size=18).filter(lambda data: len(data) != 17),
    sign=st.binary(min_size=8, max_size=10).filter(lambda data: len(data) != 9),
)
def test_every_confirmation_comes_back(
    fn_number: str, document_number: int, code: int, ofd_sign: bytes, sign: bytes
) -> None:
    parsed = confirmation.parse(confirmation.build(fn_number, document_number, INN, RECEIVED, code, ofd_sign, sign))
    assert (parsed.fn_number, parsed.document_number, parsed.answer) == (fn_number, document_number, code)
    assert (parsed.ofd_sign, parsed.sign) == (ofd_sign, sign)


@pytest.mark.parametrize("answer", OfdAnswer)
def test_a_confirmation_fits_its_composition_whatever_the_answer(answer: OfdAnswer) -> None:
    document = confirmation.document(FN, 5, INN, RECEIVED, answer, OFD_SIGN)
    assert check(DocumentType.CONFIRMATION, document[4:]) == []


def test_a_confirmation_may_have_no_message() -> None:
    silent = rebuilt([(tag, value) for tag, value in requisites() if tag != T.MESSAGE_TO_FN])
    assert confirmation.parse(silent).answer == OfdAnswer.ACCEPTED


@pytest.mark.parametrize("missing", MANDATORY)
def test_a_confirmation_without_a_requisite_is_refused_for_its_format(missing: T) -> None:
    assert refusal(rebuilt([(tag, value) for tag, value in requisites() if tag != missing])) is OfdRefusal.FORMAT


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (encode(T.FN_NUMBER, "9999078900005489"), OfdRefusal.FN_NUMBER),
        (encode(T.DOCUMENT_NUMBER, 6), OfdRefusal.DOCUMENT_NUMBER),
        (tlv(T.OFD_SIGN, bytes(17)), OfdRefusal.FORMAT),
        (tlv(T.DATE_TIME, bytes(3)), OfdRefusal.FORMAT),
        (tlv(T.MESSAGE_TO_FN, b"\x01"), OfdRefusal.FORMAT),
    ],
)
def test_a_wrong_requisite_is_refused_with_its_reason(changed: bytes, reason: OfdRefusal) -> None:
    [(changed_tag, changed_value)] = split(changed)
    parts = [(tag, changed_value if tag == changed_tag else value) for tag, value in requisites()]
    assert refusal(rebuilt(parts)) is reason


@pytest.mark.parametrize("sign", [b"", bytes(7), bytes(9), bytes(11)])
def test_a_sign_of_wrong_size_is_refused(sign: bytes) -> None:
    assert refusal(rebuilt(requisites(), sign)) is OfdRefusal.SIGN
    with pytest.raises(OfdFormatError):
        confirmation.build(FN, 5, INN, RECEIVED, 0, OFD_SIGN, sign)


def test_a_document_is_no_confirmation() -> None:
    document = tlv(DocumentType.RECEIPT, encode(T.FN_NUMBER, FN))
    assert refusal(container.build_document(FN, 5, document, SIGN)) is OfdRefusal.FORMAT


def test_a_confirmation_larger_than_an_fn_takes_is_refused_for_its_length() -> None:
    assert refusal(WHOLE + bytes(1024)) is OfdRefusal.LENGTH


@pytest.mark.parametrize(
    ("inn", "world", "code", "ofd_sign"),
    [
        ("7" * 13, RECEIVED, 0, OFD_SIGN),
        (INN, -1.0, 0, OFD_SIGN),
        (INN, RECEIVED, 256, OFD_SIGN),
        (INN, RECEIVED, 0, bytes(17)),
    ],
)
def test_a_value_that_does_not_fit_is_refused(inn: str, world: float, code: int, ofd_sign: bytes) -> None:
    with pytest.raises(OfdFormatError):
        confirmation.build(FN, 5, inn, world, code, ofd_sign, SIGN)


@given(st.data())
def test_damage_raises_only_the_declared_error(data: st.DataObject) -> None:
    parts = requisites()
    index = data.draw(st.integers(0, len(parts) - 1))
    parts[index] = (data.draw(st.sampled_from([*MANDATORY, T.MESSAGE_TO_FN])), data.draw(st.binary(max_size=20)))
    with suppress(OfdFormatError):
        confirmation.parse(rebuilt(parts, data.draw(st.binary(max_size=12))))
