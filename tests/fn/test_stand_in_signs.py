"""The stand-in signs are what `docs/ofd.md` says, so that others' servers can make them."""

import hmac
import re
from pathlib import Path
from typing import Any

import pytest

from fn_model import sign
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode

PAGE = (Path(__file__).parents[2] / "docs" / "ofd.md").read_text("utf-8")
FN = "9999078900000001"
DOCUMENT = bytes.fromhex("07 00 04 00 01 02 03 04")


def mac(data: bytes) -> bytes:
    """The computation that the page describes."""
    key = hmac.digest(b"kktsim test fiscal storage", FN.encode(), "sha256")
    return hmac.digest(key, data, "sha256")


@pytest.fixture
def printed() -> dict[str, Any]:
    """The functions of the program on the page."""
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(program, names)
    return names


def test_the_program_on_the_page_makes_signs_that_the_fn_takes(printed: dict[str, Any]) -> None:
    assert printed["tag_1078"](FN, 5) == sign.ofd_sign(FN, 5)
    assert printed["behind_the_confirmation"](FN, DOCUMENT) == sign.confirmation_sign(FN, DOCUMENT)


def test_the_example_on_the_page_is_right() -> None:
    [told] = re.findall(r"FN 9999078900000001 and document 5, 1078 is `([0-9A-F ]+)`", PAGE)
    assert bytes.fromhex(told) == sign.ofd_sign(FN, 5)


def test_a_message_is_signed_as_the_page_says() -> None:
    assert sign.message_sign(FN, DOCUMENT) == b"\x81\x06" + mac(b"message" + DOCUMENT)[:6] + bytes(2)


def test_the_page_tells_what_the_sign_of_each_document_covers() -> None:
    rows = {
        int(kind): tuple(map(int, tags.split(", ")))
        for kinds, tags in re.findall(r"^\| ([\d, ]+) [a-z, ]+ \| ((?:\d{4}(?:, )?)+) \|$", PAGE, re.MULTILINE)
        for kind in kinds.split(", ")
    }
    assert rows == {int(kind): tags for kind, tags in sign.SIGNED_TAGS.items()}


def test_an_absent_requisite_is_left_out_of_what_is_signed() -> None:
    tlvs: dict[int, bytes] = {T.FN_NUMBER: encode(T.FN_NUMBER, FN), T.DOCUMENT_NUMBER: encode(T.DOCUMENT_NUMBER, 5)}
    signed = bytes((DocumentType.CLOSE_ARCHIVE,)) + tlvs[T.DOCUMENT_NUMBER] + tlvs[T.FN_NUMBER]
    told = sign.fiscal_sign(FN, DocumentType.CLOSE_ARCHIVE, tlvs)
    assert told == int.from_bytes(mac(signed)[:4], "big")
