"""Chapter «Реквизиты»: E8 writes, E9 reads.

Where a written requisite goes: the cashier's to the next document, whatever the mode; those of an item to the item
that EAh began; registration requisites to the till's memory (modes 4 and 6, closed shift); the rest to the receipt.
Sources: ATOL protocol 3.1; register 37h codes 0207h and 0208h; real drivers' order of commands; article err_1057
(registration requisites are written in mode 6).
"""

from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal, extended
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import ReadRequisite, WriteRequisite
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import TAGS, Kind, T
from protocol.ffd.tlv import tlv

CASHIER = frozenset((T.CASHIER, T.CASHIER_INN))
ITEM = frozenset((1162, 1191, 1197, 1212, 1214, 1222, 1223, 1224, 1225, 1226, 1229, 1230, 1231))
REGISTRATION = frozenset(
    {
        *(1001, 1002, 1009, 1013, 1017, 1018, 1036, 1037, 1046, 1048, 1056, 1057, 1060, 1062, 1101),
        *(1108, 1109, 1110, 1117, 1126, 1187, 1193, 1205, 1207, 1209, 1221),
    }
)
REGISTRATION_MODES = frozenset((Mode.PROGRAMMING, Mode.FN_ACCESS))
_HEADER_BYTES = 4
_LONGEST = 1024
"""Bytes of one requisite, all blocks together (guess)."""
_ITEM_BUFFER = 800
"""Bytes of an item's requisites: with its name and sums they must fit into one 07h of the FN, 1024 bytes (guess)."""


@handles(WriteRequisite)
def write_requisite(kkt: Kkt, request: WriteRequisite, at: float) -> bytes:
    """«Запись реквизита», whole or block by block."""
    if request.blocks == 0 or request.block >= request.blocks:
        raise Refusal(E.BAD_FORMAT)
    data = request.data if request.block == 0 else kkt.volatile.requisite_blocks + request.data
    if len(data) < _HEADER_BYTES:
        raise Refusal(E.BAD_LENGTH)
    if len(data) > _LONGEST:
        raise extended(X.REQUISITE_BUFFER_FULL)
    if request.block + 1 < request.blocks:
        kkt.volatile.requisite_blocks = data
        return b""
    tag = int.from_bytes(data[:2], "little")
    value = data[_HEADER_BYTES:]
    if len(value) != int.from_bytes(data[2:4], "little"):
        raise Refusal(E.BAD_LENGTH)
    _store(kkt, tag, value)
    kkt.volatile.requisite_blocks = b""
    return b""


def _store(kkt: Kkt, tag: int, value: bytes) -> None:
    known = TAGS.get(tag)
    if known is None or len(value) > known.max_len:
        raise Refusal(E.BAD_FORMAT)
    volatile = kkt.volatile
    if tag in CASHIER:
        volatile.operation_requisites[tag] = value
    elif tag in REGISTRATION and volatile.mode in REGISTRATION_MODES:
        if kkt.memory.mirror.shift_is_open:
            raise Refusal(E.SHIFT_OPEN)
        kkt.memory.requisites[tag] = _padded(tag, value)
    elif tag in ITEM:
        if volatile.item_requisites is None:
            raise extended(X.NO_ITEM_BEGUN, tag)
        others = (known for known in volatile.item_requisites if known != tag)
        held = sum(_HEADER_BYTES + len(volatile.item_requisites[known]) for known in others)
        if held + _HEADER_BYTES + len(value) > _ITEM_BUFFER:
            raise extended(X.REQUISITE_BUFFER_FULL, tag)
        volatile.item_requisites[tag] = value
    elif volatile.item_requisites is not None:
        raise extended(X.ITEM_BEGUN, tag)
    else:
        volatile.operation_requisites[tag] = value


def _padded(tag: int, value: bytes) -> bytes:
    """Texts of a fixed length are kept with their spaces."""
    known = TAGS[tag]
    return value.ljust(known.max_len) if known.fixed and known.kind is Kind.TEXT else value


@handles(ReadRequisite, while_printing=True)
def read_requisite(kkt: Kkt, request: ReadRequisite, at: float) -> bytes:
    """«Чтение реквизита»: always one block. Of one that is not set a model answers length 0, or DAh."""
    value = _find(kkt, request.tag)
    if request.block:
        raise Refusal(E.FN_NO_DATA)
    if value is None:
        known = TAGS.get(request.tag)
        if kkt.model.unset_requisite == "no_data" or known is None:
            raise Refusal(E.FN_NO_DATA)
        value = b""
    return b"\x01" + tlv(request.tag, value)


def _find(kkt: Kkt, tag: int) -> bytes | None:
    if tag in kkt.volatile.operation_requisites:
        return kkt.volatile.operation_requisites[tag]
    if tag == T.FN_NUMBER and kkt.is_registered:
        return kkt.memory.mirror.fn_number.encode("ascii")
    return kkt.memory.requisites.get(tag)
