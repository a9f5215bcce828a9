"""Strategies for the fields of declared commands, by the layout of each field; a new kind needs a row here."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from construct import Bytes, FormatField
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from protocol.atol import code_page
from protocol.atol import fields as layouts
from protocol.atol.command import Command
from protocol.atol.commands.flags import FLAGS, OPTIONAL_FLAGS, CommandFlags, ReceiptType
from protocol.atol.commands.modes import SetDate
from protocol.atol.commands.taxes import AddTax

LONGEST_REST = 300
PAGE = code_page.decode(bytes(range(256)))
"""Every character of the till's code page."""


def _text(width: int | None = None) -> SearchStrategy[str]:
    """Text of the code page; of a fixed width: without the padding at its end."""
    text = st.text(PAGE, max_size=LONGEST_REST if width is None else width)
    return text if width is None else text.map(lambda value: value.rstrip("\0 "))


KINDS: Mapping[type[Any], Callable[[Any], SearchStrategy[Any]]] = {
    FormatField: lambda layout: st.integers(0, 256**layout.length - 1),
    Bytes: lambda layout: st.binary(min_size=layout.length, max_size=layout.length),
    type(layouts.REST): lambda layout: st.binary(max_size=LONGEST_REST),
    type(layouts.bcd(1)): lambda layout: st.integers(0, 100 ** layout.sizeof() - 1),
    type(layouts.byte_enum(ReceiptType)): lambda layout: st.sampled_from(list(layout._members)),
    type(FLAGS): lambda layout: st.integers(0, 255).map(CommandFlags),
    type(layouts.TEXT): lambda layout: _text(),
    type(layouts.fixed_text(1)): lambda layout: _text(layout.sizeof()),
    type(layouts.TIME): lambda layout: st.times().map(lambda value: value.replace(microsecond=0)),
    type(fields(SetDate)[0].metadata["layout"]): lambda layout: st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    type(OPTIONAL_FLAGS): lambda layout: st.integers(0, 255).map(CommandFlags),
    type(fields(AddTax)[3].metadata["layout"]): lambda layout: st.integers(0, 10**10 - 1),
}
"""Class of a layout to the strategy for the values it can carry."""


def requests(declared: type[Command]) -> SearchStrategy[Command]:
    """Every request of a command that can be on the wire."""
    values = {
        part.name: KINDS[type(part.metadata["layout"])](part.metadata["layout"])
        for part in fields(declared)  # type: ignore[arg-type]
    }
    return st.builds(declared, **values)
