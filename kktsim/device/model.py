"""What tells one model of till from another: numbers in its replies, widths, reply forms. Data, no behaviour.

The values of a model are in ``kktsim/models/NAME.toml``; `kktsim.kkt_models` loads them, and files like them.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from typing import Any, Literal

from kktsim.device.settings import KktSettings
from kktsim.device.table_layout import TableLayout, layout
from protocol.atol.settings_tables import Value


def fact(
    about: str,
    *,
    low: int | None = None,
    high: int | None = None,
    length: int | None = None,
    longest: int | None = None,
    default: Any = MISSING,
) -> Any:
    """One fact of a model. ``low``, ``high``: its range; ``length``: digits of a text, bytes of hex; ``longest``: most
    characters of a text that is printed.
    """
    limits = {"low": low, "high": high, "length": length, "longest": longest}
    return field(default=default, metadata={"about": about, **limits})


def wire_byte(about: str, *, is_wire_code: bool = False) -> Any:
    """One byte of a reply, written in hexadecimal. ``is_wire_code``: it is a code of a refusal."""
    return field(metadata={"about": about, "low": 0, "high": 255, "hex": True, "is_wire_code": is_wire_code})


@dataclass(frozen=True, slots=True, kw_only=True)
class KktModel:
    """«Модель ККТ»."""

    name: str
    """How it is asked for, with ``@`` and the firmware when that is not its own; not in the file."""
    firmware: str = ""
    """Name of its firmware; empty: its own."""
    firmwares: Mapping[str, "KktModel"] = field(default_factory=dict, compare=False, repr=False)
    """The same till with each firmware there is for it, its own under the empty name."""
    title: str = fact("name in A5h and on paper", longest=32)
    model: int = fact("model byte of A5h and 3Fh", low=0, high=255)
    protocol: int = fact("protocol version byte of A5h", low=0, high=255)
    modes: bytes = fact("two bytes of A5h whose meaning is not established, hex", length=2)
    version: tuple[int, int, int] = fact("major, minor, language of the firmware, a digit each", low=0, high=9)
    build: int = fact("four digits of the main firmware", low=0, high=9999)
    bootloader_build: int = fact("four digits of the bootloader", low=0, high=9999)
    serial_number: str = fact("14 digits, register 16h", length=14)
    unit_number: str = fact("8 digits in the serial field of 3Fh", length=8)
    characters: int = fact("characters in a line of paper", low=16, high=99)
    pixels: int = fact("dots in a line of paper", low=100, high=9999)
    flags_shift_closed: int = wire_byte("flags of 3Fh: a healthy registered till, shift closed")
    flags_shift_open: int = wire_byte("flags of 3Fh: the same, shift open")
    interface: int = fact("last byte of 3Fh: 1 RS-232, 4 USB, 5 Bluetooth, 6 Ethernet, 7 Wi-Fi", low=0, high=255)
    running_receipt_numbers: bool = fact("receipt numbers are not reset by the shift")
    last_total_has_outcome: bool = fact("58h answers two sums")
    selection_by_56: int = wire_byte("wire code for 56h with mode 0", is_wire_code=True)
    undefined_mode: int = wire_byte("wire code for 56h with a number that is no mode", is_wire_code=True)
    unset_requisite: Literal["empty", "no_data"] = fact("E9h of a requisite that is not set: length 0, or code DAh")
    ffd: tuple[int, int, int] = fact(
        "register 36h: FFD of the till, of the FN, in use (1: 1.0, 2: 1.05, 3: 1.1, 4: 1.2)", low=0, high=4
    )
    max_packet_bytes: int = fact("largest packet, register 19h", low=64, high=16_383, default=1024)
    controller_id: bytes = fact("what ED 00 answers, hex; empty: the till has no ED 00 and ED 03", default=b"")
    unsupported_commands: frozenset[int] = fact("command bytes answered 7Ah, hex", default=frozenset())
    missing_fields: tuple[str, ...] = fact("settings fields it lacks, as 2/1/88-91", default=())
    special_fields: tuple[str, ...] = fact("settings fields that only such models have", default=())
    ofd_channels: frozenset[int] = fact(
        "ways to the OFD that it has, as table 19 field 4 numbers them, hex; all have 05", default=frozenset({1})
    )
    register_widths: Mapping[int, int] = field(
        default_factory=dict,
        metadata={"about": "bytes of registers (hex) that differ from the manual's; 0: it has no such register"},
    )
    defaults: Mapping[str, Value] = field(
        default_factory=dict, metadata={"about": "settings fields of a new till that differ from the usual"}
    )
    settings: KktSettings = field(default_factory=KktSettings)
    tables: TableLayout
    """Made of the facts above; not in the file."""

    @staticmethod
    def table_layout(facts: Mapping[str, Any]) -> TableLayout:
        """``tables`` of a model with these facts; raises ValueError."""
        return layout(
            facts.get("missing_fields", ()), facts.get("special_fields", ()), facts.get("defaults", {}), facts
        )
