"""Session level of the OFD exchange: the 30-byte header that the KKT puts before the FN's container, and back.

========  ====  ==============================================================
offset    size  field
========  ====  ==============================================================
0         4     signature ``2A 08 41 0A``
4         2     version of the session protocol, ``81 A2``
6         2     version of the application protocol, by the FFD (tag 1209)
8         16    FN number, ASCII, spaces on the right
24        2     size of the body, little-endian; 0 in a message that only tests the connection
26        2     flags, little-endian
28        2     CRC-16 over the 28 bytes before it [and the body], little-endian; 0 when not used
========  ====  ==============================================================

One message is one document; the answer comes on the same connection and repeats signature, versions and FN number.
The FN never sees this header. The official description is not public: the facts come from independent
implementations of both sides and from messages of test FNs.
"""

import struct
from dataclasses import dataclass
from enum import IntFlag

from protocol.checksums import crc16
from protocol.fn.commands import OfdRefusal
from protocol.ofd.errors import OfdFormatError

HEADER_SIZE = 30
"""Bytes of the header."""
SIGNATURE = b"\x2a\x08\x41\x0a"
S_VERSION = b"\x81\xa2"
P_VERSIONS: dict[int, bytes] = {1: b"\x01\x00", 2: b"\x01\x05", 3: b"\x01\x10", 4: b"\x01\x20"}
"""Version of the application protocol by the FFD version (1209) that the KKT is registered with."""
OLD_P_VERSIONS = frozenset((b"\x00\x01", b"\x00\x02"))
"""Versions of the time of FFD 1.0; a published message of FFD 1.05 has the first one, so do not compare with 1209."""

_HEADER = struct.Struct("<4s2s2s16sHHH")


class Flags(IntFlag):
    """Flags of the header. The two CRC flags exclude each other."""

    CRC_OF_HEADER = 0x01
    CRC_OF_MESSAGE = 0x02
    CONTAINER = 0x04
    ANSWER_EXPECTED = 0x10


USUAL_FLAGS = Flags.CONTAINER | Flags.ANSWER_EXPECTED


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """«Заголовок сообщения сеансового уровня». ``body_size`` in bytes; ``p_version`` two bytes as on the wire."""

    fn_number: str
    body_size: int
    p_version: bytes = P_VERSIONS[2]
    flags: int = USUAL_FLAGS
    crc: int = 0

    def build(self) -> bytes:
        """The 30 bytes, with ``crc`` as it is. Raises OfdFormatError when a field does not fit."""
        try:
            number = self.fn_number.encode("ascii").ljust(16)
            if len(number) > 16 or len(self.p_version) != 2:
                raise OfdFormatError(OfdRefusal.FORMAT, f"a session header does not hold {self}")
            return _HEADER.pack(SIGNATURE, S_VERSION, self.p_version, number, self.body_size, self.flags, self.crc)
        except (UnicodeEncodeError, struct.error) as error:
            raise OfdFormatError(OfdRefusal.FORMAT, f"a session header does not hold {self}: {error}") from None

    def check_crc(self, body: bytes) -> None:
        """Compare the CRC, where the flags say that there is one. Raises OfdFormatError."""
        expected = _crc(self, body)
        if expected != self.crc and self.flags & (Flags.CRC_OF_HEADER | Flags.CRC_OF_MESSAGE):
            raise OfdFormatError(OfdRefusal.CRC, f"session CRC is {self.crc:04X}h, should be {expected:04X}h")


def build_message(
    fn_number: str, container: bytes, p_version: bytes = P_VERSIONS[2], flags: int = USUAL_FLAGS
) -> bytes:
    """A whole message: header and ``container`` (may be empty). The CRC is made if the flags ask for it.

    Raises OfdFormatError.
    """
    header = SessionHeader(fn_number, len(container), p_version, flags)
    return SessionHeader(fn_number, len(container), p_version, flags, _crc(header, container)).build() + container


def parse_header(data: bytes) -> SessionHeader:
    """The header in the first 30 bytes of a message; the body is the ``body_size`` bytes behind it.

    Raises OfdFormatError on a foreign signature or version (a server then closes without an answer). Any flags pass.
    """
    if len(data) != HEADER_SIZE:
        raise OfdFormatError(OfdRefusal.LENGTH, f"a session header has {HEADER_SIZE} bytes, not {len(data)}")
    signature, s_version, p_version, number, body_size, flags, crc = _HEADER.unpack(data)
    if signature != SIGNATURE or s_version != S_VERSION:
        raise OfdFormatError(OfdRefusal.FORMAT, f"no session header of an OFD: begins with {data[:6].hex(' ')}")
    if p_version not in P_VERSIONS.values() and p_version not in OLD_P_VERSIONS:
        raise OfdFormatError(OfdRefusal.FORMAT, f"unknown version of the application protocol: {p_version.hex(' ')}")
    if not number.isascii():
        raise OfdFormatError(OfdRefusal.FN_NUMBER, f"the FN number is not ASCII: {number.hex(' ')}")
    return SessionHeader(number.decode("ascii").rstrip(" "), body_size, p_version, flags, crc)


def _crc(header: SessionHeader, body: bytes) -> int:
    """The CRC that the flags ask for; 0 for none."""
    if not header.flags & (Flags.CRC_OF_HEADER | Flags.CRC_OF_MESSAGE):
        return 0
    crc: int = crc16(header.build()[:28] + (body if header.flags & Flags.CRC_OF_MESSAGE else b""))
    return crc
