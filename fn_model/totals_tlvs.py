"""The FN's counters as requisites of its documents: 1157, 1158 and 1194 of FFD 1.1 and later.

Documents under FFD 1.05 have none of them. Sources: FNS order ЕД-7-20/662@, appendix 2 (1129-1146, 1201, 1218-1220,
1232, 1233); which stands in which, public clients of FN-1.2 and of the FFD. That counters of 0 are written is a guess.
"""

from collections.abc import Iterator
from struct import Struct

from fn_model.totals import ByOperation, Counters, Sums, Totals
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv, vln_tlv

_number = Struct("<HHI").pack

_COUNT = 1135
_SUMS = (1201, 1136, 1138, 1218, 1219, 1220, 1139, 1140, 1143, 1183, 1141, 1142)
"""Total, payments and taxes, in the order of `Counters.receipts`."""
_RECEIPTS = (1129, 1130, 1131, 1132)
_CORRECTIONS = (1145, 1232, 1146, 1233)
"""By operation: the counters of receipts; those of corrections, or of what is not confirmed."""
_ALL_CORRECTIONS, _CORRECTION_COUNT, _RECEIPT_COUNT = 1133, 1144, 1134


def fn_totals(totals: Totals) -> bytes:
    """«Счётчики итогов ФН», 1157."""
    return _counters(T.FN_TOTALS, totals.fn)


def shift_totals(totals: Totals) -> bytes:
    """«Счётчики итогов смены», 1194."""
    return _counters(T.SHIFT_TOTALS, totals.shift)


def unsent_totals(totals: Totals) -> bytes:
    """«Счётчики итогов непереданных ФД», 1158."""
    return tlv(T.UNSENT_TOTALS, b"".join(_amounts(totals.unsent)))


def _counters(tag: int, counters: Counters) -> bytes:
    receipts = (tlv(tag, _sums(sums)) for tag, sums in zip(_RECEIPTS, counters.receipts, strict=True))
    corrections = tlv(_ALL_CORRECTIONS, b"".join(_amounts(counters.corrections)))
    return tlv(tag, b"".join((_number(_RECEIPT_COUNT, 4, counters.document_count), *receipts, corrections)))


def _amounts(amounts: ByOperation) -> Iterator[bytes]:
    yield _number(_CORRECTION_COUNT, 4, sum(one[0] for one in amounts))
    for tag, one in zip(_CORRECTIONS, amounts, strict=True):
        yield tlv(tag, _sums(one))


def _sums(sums: Sums) -> bytes:
    """A count and as many sums as there are."""
    count, *rest = sums
    return _number(_COUNT, 4, count) + b"".join(map(vln_tlv, _SUMS, rest))
