"""What tells one model of till from another: numbers in its replies, widths, reply forms. Data, no behaviour.

The values of a model are in ``kktsim/models/NAME.toml``; `kktsim.kkt_models` loads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kktsim.device.settings import KktSettings


@dataclass(frozen=True, slots=True)
class KktModel:
    """«Модель ККТ»."""

    name: str
    title: str
    """As A5h tells it and the paper prints it."""
    model: int
    """Model byte of A5h and 3Fh."""
    protocol: int
    """Protocol version byte of A5h."""
    modes: bytes
    """Two bytes of A5h whose meaning is not established."""
    version: tuple[int, int, int]
    """Major, minor, language."""
    build: int
    """Four digits of the main firmware."""
    bootloader_build: int
    serial_number: str
    """14 digits, register 16h."""
    unit_number: str
    """8 digits in the serial field of 3Fh."""
    characters: int
    """Characters in a line of paper."""
    pixels: int
    flags_shift_closed: int
    """Flags byte of 3Fh of a healthy registered till with a closed shift."""
    flags_shift_open: int
    interface: int
    """Last byte of 3Fh."""
    running_receipt_numbers: bool
    """Receipt numbers are not reset by the shift."""
    last_total_has_outcome: bool
    """58h answers two sums."""
    selection_by_56: int
    """Wire code for 56h with mode 0."""
    unset_requisite: str
    """E9h of a requisite that is not set: ``empty`` (length 0) or ``no_data`` (code DAh)."""
    ffd: tuple[int, int, int]
    """Register 36h: highest FFD of the till, of the FN, the one in use (2: 1.05, 3: 1.1)."""
    register_widths: Mapping[int, int] = field(default_factory=dict)
    """Register number to bytes, where it is not the manual's width."""
    max_packet_bytes: int = 1024
    settings: KktSettings = field(default_factory=KktSettings)
