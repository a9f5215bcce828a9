"""Marked goods in a receipt: B7h, and the notification that the receipt leaves behind.

For each of them the till brings 2007, then its item (1059), and once what else the notification is to hold; the code
must be kept by B2h. Sources: public clients of FN-1.2. Guesses: 33h for any other order, the requisites that 2007 must
have, 33h of 16h when an item is still to come.
"""

from datetime import datetime

from fn_model import documents
from fn_model.command import ANYTHING, Command
from fn_model.marking_access import for_marked_goods, need_room, requisites
from fn_model.marking_messages import notification
from fn_model.marking_state import Marking, Notification
from fn_model.refusal import FnRefusal
from fn_model.state import BegunDocument, FnState
from fn_model.storage import FiscalStorage
from fn_model.transitions import Stage
from protocol.ffd.tags import T
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.marking_codes import Allowed, GoodsData

GOODS_TAGS = (T.MARKING_CODE, T.ASSIGNED_STATUS)
_RECEIPTS = (Stage.RECEIPT, Stage.CORRECTION)


def add_code_data(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Передать данные о маркированном товаре», B7h: 1 the goods (2007), 2 their item (1059), 3 the rest.

    1 and 3 go to the notification, 2 to the receipt.
    """
    kind, tlvs = data[0], data[1:]
    if kind not in _ADDING:
        raise FnRefusal(FnCode.BAD_FORMAT)
    begun, allowed = fn.volatile.begun, _ADDING[GoodsData(kind)]
    if begun is None or not allowed & allowed_in_receipt(fn):
        raise FnRefusal(FnCode.MARKING_ORDER)
    marking = begun.marking
    if kind == GoodsData.GOODS:
        need_room(fn)
        _judge_goods(fn, tlvs)
        marking = marking._replace(goods=(*marking.goods, tlvs), awaits_item=True)
    elif kind == GoodsData.ITEM:
        requisites(fn, tlvs, (T.ITEM,))
        marking = marking._replace(awaits_item=False)
    else:
        requisites(fn, tlvs, ())
        marking = marking._replace(more=tlvs)
    if kind == GoodsData.ITEM:
        documents.receive(fn, begun, tlvs)
    else:
        documents.need_room(fn, begun, len(tlvs))
        begun.size_bytes += len(tlvs)
    begun.marking = marking._replace(size_bytes=marking.size_bytes + len(tlvs))
    return b""


_ADDING: dict[GoodsData, Allowed] = {
    GoodsData.GOODS: Allowed.ADD_GOODS,
    GoodsData.ITEM: Allowed.ADD_ITEM,
    GoodsData.MORE: Allowed.ADD_MORE,
}


def _judge_goods(fn: FiscalStorage, tlvs: bytes) -> None:
    goods = requisites(fn, tlvs, (T.GOODS_DATA,))[T.GOODS_DATA]
    code = requisites(fn, goods, GOODS_TAGS)[T.MARKING_CODE]
    if code not in {one.code for one in fn.volatile.marking.kept}:
        raise FnRefusal(FnCode.MARKING_CODE_UNCHECKED)


def notified(fn: FiscalStorage, state: FnState, begun: BegunDocument, at: datetime) -> Marking:
    """The durable part once the begun receipt is formed; 33h when the item of its last goods has not come."""
    marking, goods = state.marking, begun.marking.goods
    if begun.marking.awaits_item:
        raise FnRefusal(FnCode.MARKING_ORDER)
    if not goods:
        return marking
    number, parts = marking.next_notification, (*goods, begun.marking.more)
    message = notification(state, fn.number, number, at, state.document_number + 1, parts)
    return marking.with_notification(Notification(number, at, message))


def allowed_in_receipt(fn: FiscalStorage) -> Allowed:
    """Sub-commands of B7h: goods and item in turns, the rest once behind some."""
    begun = fn.volatile.begun
    if begun is None or begun.stage not in _RECEIPTS:
        return Allowed.NONE
    if begun.marking.awaits_item:
        return Allowed.ADD_ITEM
    allowed = Allowed.ADD_GOODS if fn.volatile.marking.kept else Allowed.NONE
    return allowed | Allowed.ADD_MORE if begun.marking.goods and not begun.marking.more else allowed


COMMANDS = {FnCommand.ADD_CODE_DATA: Command(for_marked_goods(add_code_data), ANYTHING)}
