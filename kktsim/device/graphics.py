"""What the till keeps of pictures and barcodes: two arrays in non-volatile memory, and what is being added or read.

Everything is immutable, so a copy shares it. Numbers of pictures and barcodes begin with 1.
"""

from dataclasses import dataclass, replace

CAPACITY_BYTES = 65_536
"""Room for all pictures together, and as much for all barcodes (guess; a real till tells its own by 7Dh)."""
LAST_NUMBER = 255
"""Pictures and barcodes are numbered by one byte."""


@dataclass(frozen=True, slots=True)
class Picture:
    """«Картинка»: rows of dots from the top, all of one width, eight dots a byte, the left one in the highest bit."""

    rows: tuple[bytes, ...]

    @property
    def width_bytes(self) -> int:
        """Bytes in a row."""
        return len(self.rows[0])

    @property
    def size_bytes(self) -> int:
        """Room that it takes."""
        return self.width_bytes * len(self.rows)


@dataclass(frozen=True, slots=True)
class Barcode:
    """«Штрихкод» as C1h and C2h brought it. ``header``: type and looks, in wire form."""

    header: bytes
    data: bytes

    @property
    def size_bytes(self) -> int:
        """Room that it takes."""
        return len(self.header) + len(self.data)


@dataclass(slots=True)
class Graphics:
    """«Массив картинок и массив штрихкодов»."""

    pictures: tuple[Picture, ...] = ()
    added_rows: tuple[bytes, ...] = ()
    """Rows of the picture that 8Bh is adding and 9Eh has not closed."""
    barcodes: tuple[Barcode, ...] = ()

    def copy(self) -> "Graphics":
        """Independent arrays."""
        return replace(self)

    @property
    def picture_room_bytes(self) -> int:
        """Free room for rows of pictures."""
        return CAPACITY_BYTES - sum(map(len, self.added_rows)) - sum(one.size_bytes for one in self.pictures)

    @property
    def barcode_room_bytes(self) -> int:
        """Free room for barcodes."""
        return CAPACITY_BYTES - sum(one.size_bytes for one in self.barcodes)


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a host is in reading a picture or a barcode out: the next row or block, both from 0."""

    number: int
    next_part: int = 0


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What a host has begun with pictures and barcodes and not ended; power-off ends it."""

    unfinished_barcode: Barcode | None = None
    """What C1h began and C2h is to end."""
    picture_read: Reading | None = None
    barcode_read: Reading | None = None
