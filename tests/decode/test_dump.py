r"""Hex in any usual spelling, and logs."""

import pytest

from kktsim.decode import Side
from kktsim.decode.dump import Chunk, NotHexError, read

SPELLINGS = (
    "FE 01 00",
    "fe0100",
    "0xFE, 0x01, 0x00",
    "0xFE0100",
    r"\xFE\x01\x00",
    r'"\xfe\x01\x00"',
    r"b'\xfe\x01\x00'",
    "FEh 01h 00h",
    "FE-01-00",
    "FE:01:00",
    "[FE, 01, 00]",
    "  FE 01 00  # a comment",
    "12:30:45.123 FE 01 00",
    "[2026.03.02 12:30:45] FE 01 00",
    "2026-03-02T12:30:45Z FE 01 00",
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_gives_the_same_bytes(text: str) -> None:
    assert read(text) == [Chunk(None, b"\xfe\x01\x00")]


def test_printable_bytes_of_a_literal_are_bytes() -> None:
    assert read(r"b'\xfe\x01A'") == [Chunk(None, b"\xfe\x01A")]


LOGS = {
    "  0.4 >> FE 01   ; Abort\n  0.5 # said\n  0.9 << FE A3": "arrows with times and comments",
    "[12:00:01] -> FE 01\n[12:00:02] <- FE A3": "thin arrows",
    "12:00:01 => FE 01\n12:00:02 <= FE A3": "double arrows",
    "> FE 01\n< FE A3": "single arrows",
    "TX: FE 01\nrx: FE A3": "TX and RX",
    "INFO send (2): FE 01\nINFO recv [2]: FE A3": "words with lengths",
    "kkt0 >> FE 01\nkkt0 == 45h StateCode -> 55 00\nkkt0 << FE A3": "prose with an arrow of another kind",
}


@pytest.mark.parametrize("text", LOGS, ids=LOGS.values())
def test_a_log_tells_who_spoke(text: str) -> None:
    assert read(text) == [Chunk(Side.HOST, b"\xfe\x01"), Chunk(Side.TILL, b"\xfe\xa3")]


WRONG = {
    "GG": "line 1: 'GG' is not hexadecimal",
    "FE\n\nFE 0": "line 3: '0' has an odd number of digits: a byte has two",
    "FE010": "line 1: 'FE010' has an odd number of digits: a byte has two",
    "b'\\xg'": "line 1: \"b'\\\\xg'\" is no literal of bytes",
    "": "there are no bytes in it",
    "# only a comment": "there are no bytes in it",
    "Z" * 100: "line 1: '" + "Z" * 60 + "…' is not hexadecimal",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_what_is_no_hex_is_said_in_one_sentence(text: str, told: str) -> None:
    with pytest.raises(NotHexError) as caught:
        read(text)
    assert str(caught.value) == told
