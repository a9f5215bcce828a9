"""Chapter «Реквизиты»: E8 writes, E9 reads.

Where a written requisite goes: the cashier's to the next document, whatever the mode; with an open receipt those of an
item to the item that EAh began, others to the receipt; without one those of a receipt to the next receipt (modes 1 and
4), those of the registration report to the till's memory (closed shift). Tags that belong to both are a receipt's in
mode 1. ATOL's driver 10.8 was observed to write registration requisites in the mode the till happens to be in.

Sources: ATOL protocol 3.1, commands E8 E9 and register 37h, codes 0201h-020Bh by their texts; real Evotor log (the
cashier is written before and after 92h); article err_1057 (registration requisites in mode 6).
"""

from kktsim.device import fn_report, taxes
from kktsim.device.agents import PLAIN_TAGS
from kktsim.device.corrections import OPERATIONS as CORRECTIONS
from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.receipt import Receipt
from kktsim.device.refusal import Refusal, extended
from kktsim.device.registration_rules import REQUIRED
from kktsim.device.requisite_prints import of_receipt
from kktsim.device.requisite_values import check_one_kind, checked
from protocol.atol import code_page
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import ReadRequisite, RequisiteFlags, WriteRequisite
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import TAGS, T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import FnStatus
from protocol.fn.commands import FnCommand, Phase

CASHIER = frozenset((T.CASHIER, T.CASHIER_INN))
ITEM = frozenset((1162, 1191, 1197, 1212, 1214, 1222, 1223, 1224, 1225, 1226, 1229, 1230, 1231))
CORRECTION = frozenset((T.CORRECTION_TYPE, T.CORRECTION_BASE))
RECEIPT = frozenset(
    {
        *(1008, 1009, 1036, 1055, 1057, 1060, 1084, 1117, 1187, 1192, 1227, 1228),
        *(PLAIN_TAGS - {T.SUPPLIER_NAME}),
        *CORRECTION,
    }
)
REGISTRATION = frozenset(
    {
        *(1001, 1002, 1009, 1017, 1018, 1036, 1037, 1046, 1048, 1056, 1057, 1060, 1062, 1101),
        *(1108, 1109, 1110, 1117, 1126, 1187, 1193, 1205, 1207, 1209, 1221),
    }
)
FIXED = frozenset((T.USER_INN, T.REGISTRATION_NUMBER))
"""What a re-registration of the same FN cannot change (0203h)."""
USER_TEXTS = range(15000, 15005)
USER_BUFFERS = range(15010, 15015)
RECEIPT_MODES = frozenset((Mode.REGISTRATION, Mode.PROGRAMMING))
READ_BLOCK_BYTES = 240
"""Bytes of a requisite in one answer of E9h: with its head it fits a frame of link v2 (guess)."""
_OF_CORRECTION = RECEIPT - {T.TAX_SYSTEM}
_OF_SALE = _OF_CORRECTION - CORRECTION
"""What a document of either kind has as it was told; what the till always forms is not there."""
_TAX_ROWS: dict[int, int] = {tag: row for row, tag in taxes.TAGS.items()}
_HEADER_BYTES = 4
_LONGEST = 1024
"""Bytes of one requisite, all blocks together (guess)."""
_ITEM_BUFFER = 800
"""Bytes of an item's requisites: with its name and sums they must fit into one 07h of the FN, 1024 bytes (guess)."""


def _prints(kkt: Kkt, request: WriteRequisite) -> Prints:
    """With its flag, and only what is not kept to be printed in a receipt or below an item that come later."""
    if not request.flags & RequisiteFlags.PRINT or request.block + 1 < request.blocks:
        return Prints.NEVER
    in_receipt = kkt.memory.receipt is not None and kkt.volatile.item_requisites is None
    return Prints.OF_RECEIPT if in_receipt or request.flags & RequisiteFlags.USER else Prints.NEVER


@handles(WriteRequisite, prints=_prints)
def write_requisite(kkt: Kkt, request: WriteRequisite, at: float) -> bytes:
    """«Запись реквизита», whole or block by block, in order."""
    if request.blocks == 0 or request.block >= request.blocks:
        raise Refusal(E.BAD_FORMAT)
    blocks = (request.data,) if request.block == 0 else (*kkt.volatile.requisite_blocks, request.data)
    if len(blocks) != request.block + 1:
        raise Refusal(E.BAD_FORMAT)
    if len(blocks[0]) < _HEADER_BYTES:
        raise Refusal(E.BAD_LENGTH)
    if sum(map(len, blocks)) > _LONGEST + 2 * request.block:
        raise extended(X.REQUISITE_BUFFER_FULL)
    if request.block + 1 < request.blocks:
        kkt.volatile.requisite_blocks = blocks
        return b""
    tag, value = _joined(blocks)
    _store(kkt, tag, value, request.flags, at)
    kkt.volatile.requisite_blocks = ()
    return b""


def _joined(blocks: tuple[bytes, ...]) -> tuple[int, bytes]:
    """Tag and value. The blocks behind the first may begin with the tag once more: sources differ, both are taken."""
    head = blocks[0][:_HEADER_BYTES]
    tag, size = head[:2], int.from_bytes(head[2:], "little")
    value = b"".join(blocks)[_HEADER_BYTES:]
    if len(value) != size:
        value = blocks[0][_HEADER_BYTES:] + b"".join(block.removeprefix(tag) for block in blocks[1:])
    if len(value) != size:
        raise Refusal(E.BAD_LENGTH)
    return int.from_bytes(tag, "little"), value


def _store(kkt: Kkt, tag: int, value: bytes, flags: int, at: float) -> None:
    is_printed = bool(flags & RequisiteFlags.PRINT)
    if flags & RequisiteFlags.USER:
        _write_users(kkt, tag, value, is_printed=is_printed)
        return
    value = checked(tag, value)
    receipt = kkt.memory.receipt
    if tag in CASHIER:
        _note(receipt, tag)
        kkt.volatile.operation_requisites[tag] = value
    elif receipt is not None and kkt.volatile.item_requisites is not None:
        _write_of_item(kkt, tag, value, is_printed=is_printed)
    elif tag in ITEM:
        raise extended(X.NO_ITEM_BEGUN, tag)
    elif tag in _TAX_ROWS:
        _write_tax(receipt, tag, value)
    elif tag in RECEIPT and (receipt is not None or tag not in REGISTRATION or kkt.volatile.mode is Mode.REGISTRATION):
        _write_of_receipt(kkt, tag, value, is_printed=is_printed)
    elif tag in REGISTRATION:
        _write_of_registration(kkt, tag, value, at)
    else:
        raise Refusal(E.BAD_FORMAT)


def _write_tax(receipt: Receipt | None, tag: int, value: bytes) -> None:
    """A sum of tax instead of what the till reckons, as B8h; 0 as well (ATOL's driver 10.8, taxes of a correction)."""
    if receipt is None:
        raise Refusal(E.RECEIPT_CLOSED)
    _note(receipt, tag)
    receipt.told_taxes[_TAX_ROWS[tag]] = int.from_bytes(value, "little")
    receipt.before_discount = None


def _write_users(kkt: Kkt, tag: int, value: bytes, *, is_printed: bool) -> None:
    """«Реквизит пользователя»: five texts, which can be printed, and five buffers; they are in no document."""
    if tag not in USER_TEXTS and tag not in USER_BUFFERS:
        raise Refusal(E.BAD_FORMAT)
    kkt.volatile.user_requisites[tag] = value
    if is_printed and tag in USER_TEXTS:
        kkt.paper.line(code_page.decode(value))


def _write_of_item(kkt: Kkt, tag: int, value: bytes, *, is_printed: bool) -> None:
    if tag not in ITEM and tag not in PLAIN_TAGS:
        raise extended(X.ITEM_BEGUN, tag)
    volatile = kkt.volatile
    held = volatile.item_requisites or {}
    if tag in held:
        raise extended(X.REQUISITE_REPEATED, tag)
    if tag == T.ITEM_AGENT:
        check_one_kind(value)
    if sum(_HEADER_BYTES + len(other) for other in (*held.values(), value)) > _ITEM_BUFFER:
        raise extended(X.REQUISITE_BUFFER_FULL, tag)
    volatile.item_requisites = {**held, tag: value}
    if is_printed:
        volatile.requisites_to_print |= {tag}


def _write_of_receipt(kkt: Kkt, tag: int, value: bytes, *, is_printed: bool) -> None:
    volatile, receipt = kkt.volatile, kkt.memory.receipt
    if receipt is None and volatile.mode not in RECEIPT_MODES:
        raise Refusal(E.WRONG_MODE)
    if tag in CORRECTION and receipt is not None and receipt.type not in CORRECTIONS:
        raise extended(X.REQUISITE_COMBINATION, tag)
    if tag == T.AGENT:
        check_one_kind(value)
    _note(receipt, tag)
    volatile.operation_requisites[tag] = value
    if is_printed and receipt is not None:
        of_receipt(kkt, (tag,))
    elif is_printed:
        volatile.requisites_to_print |= {tag}


def _note(receipt: Receipt | None, tag: int) -> None:
    """Remember what has come since 92h; raises `Refusal` when it comes again, EEh/0209h or EEh/0201h."""
    if receipt is None:
        return
    if tag in receipt.told:
        raise extended(X.REQUISITE_PRINTED if receipt.told[tag] else X.REQUISITE_REPEATED, tag)
    receipt.told[tag] = False


def _write_of_registration(kkt: Kkt, tag: int, value: bytes, at: float) -> None:
    if kkt.settings.registration_requisites_in == "mode 6" and kkt.volatile.mode is not Mode.FN_ACCESS:
        raise Refusal(E.WRONG_MODE)
    status = _working_fn(kkt, tag, at)
    if kkt.memory.mirror.shift_is_open and status.phase is not Phase.READY:
        raise Refusal(E.SHIFT_OPEN)
    is_own = status.phase is Phase.FISCAL and status.number == kkt.memory.mirror.fn_number
    if tag in FIXED and is_own and value != fn_report.requisite(kkt, tag, at):
        raise extended(X.REQUISITE_FIXED, tag)
    if tag in REQUIRED and is_own and not value:
        raise extended(X.REQUISITE_BAD_CHANGE, tag)
    if value:
        kkt.memory.requisites[tag] = value
    else:
        kkt.memory.requisites.pop(tag, None)


def _working_fn(kkt: Kkt, tag: int, at: float) -> FnStatus:
    """The state of an FN that can be registered; raises `Refusal` EEh/0202h when there is none."""
    try:
        status = FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", at))
    except Refusal as refusal:
        if refusal.code is E.FN_NO_ANSWER:
            raise extended(X.REQUISITES_LOCKED, tag) from None
        raise
    if status.phase not in (Phase.READY, Phase.FISCAL):
        raise extended(X.REQUISITES_LOCKED, tag)
    return status


def print_told(kkt: Kkt) -> None:
    """Print in the receipt that was just opened what E8h had brought for it before."""
    due = kkt.volatile.requisites_to_print
    kkt.volatile.requisites_to_print = frozenset()
    of_receipt(kkt, sorted(due))


def of_document(kkt: Kkt, kind: int) -> list[bytes]:
    """TLVs of the requisites that E8h brought for a receipt of ``kind``; what the till always forms is not there."""
    belongs = _OF_CORRECTION if kind in CORRECTIONS else _OF_SALE
    told = kkt.volatile.operation_requisites
    return [tlv(tag, value) for tag, value in told.items() if tag in belongs]


@handles(ReadRequisite, while_printing=True)
def read_requisite(kkt: Kkt, request: ReadRequisite, at: float) -> bytes:
    """«Чтение реквизита», by blocks. Of one that is not set a model answers length 0, or DAh."""
    value = _find(kkt, request.tag)
    if value is None:
        if kkt.model.unset_requisite == "no_data" or request.tag not in TAGS:
            raise Refusal(E.FN_NO_DATA)
        value = b""
    whole = tlv(request.tag, value)
    blocks = [whole[start : start + READ_BLOCK_BYTES] for start in range(0, len(whole), READ_BLOCK_BYTES)]
    if request.block >= len(blocks):
        raise Refusal(E.FN_NO_DATA)
    return bytes((len(blocks),)) + blocks[request.block]


def _find(kkt: Kkt, tag: int) -> bytes | None:
    volatile, memory = kkt.volatile, kkt.memory
    for held in (volatile.user_requisites, volatile.item_requisites or {}, volatile.operation_requisites):
        if tag in held:
            return held[tag]
    if tag == T.FN_NUMBER and kkt.is_registered:
        return memory.mirror.fn_number.encode("ascii")
    if tag == T.SERIAL_NUMBER and memory.board.has_serial_number:
        return kkt.model.serial_number.encode("ascii")
    return memory.requisites.get(tag)
