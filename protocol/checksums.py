"""Check sums of the wires: CRC-8 of ATOL's link v3, CRC-16 of the FN's and the OFD's frames.

Sources: ATOL protocol 3.1, lower level v3 (polynomial 31h, initial FFh); FNS, «Описание интерфейса ФН» 1.2
(polynomial 1021h); the initial value FFFFh of the latter by independent implementations.
"""

import crcmod

crc8 = crcmod.mkCrcFun(0x131, initCrc=0xFF, rev=False, xorOut=0x00)
"""CRC-8 of bytes: polynomial x8+x5+x4+1, initial FFh, most significant bit first, no final inversion."""

crc16 = crcmod.mkCrcFun(0x11021, initCrc=0xFFFF, rev=False, xorOut=0x0000)
"""CRC-16 «CCITT-FALSE» of bytes: polynomial 1021h, initial FFFFh, not reflected; of ``123456789`` it is 29B1h."""
