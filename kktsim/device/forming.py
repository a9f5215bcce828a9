"""The receipt that is being formed, for all chapters that work on it."""

from kktsim.device import tables
from kktsim.device.kkt import Kkt
from kktsim.device.receipt import Receipt
from kktsim.device.refusal import Refusal
from protocol.atol.commands.flags import PaymentGroup
from protocol.atol.kkt_codes import E

WIDEST_SUM = 10**10 - 1
"""Kopecks: five BCD bytes, the width of a receipt's sum."""


def open_receipt(kkt: Kkt) -> Receipt:
    """The open receipt; raises `Refusal` when there is none, which the guard has mostly seen before."""
    receipt = kkt.memory.receipt
    if receipt is None:
        raise Refusal(E.RECEIPT_CLOSED)
    return receipt


def remainder(receipt: Receipt) -> int:
    """Kopecks still to be paid."""
    return max(receipt.sum_kopecks - receipt.paid_kopecks, 0)


def change(receipt: Receipt) -> int:
    """«Сдача» in kopecks."""
    return max(receipt.paid_kopecks - receipt.sum_kopecks, 0)


def by_group(kkt: Kkt, receipt: Receipt) -> dict[int, int]:
    """Payment group to kopecks, the change taken off the cash."""
    groups: dict[int, int] = {}
    for form, paid in receipt.payments.items():
        group = tables.payment_group(kkt, form)
        groups[group] = groups.get(group, 0) + paid
    back = change(receipt)
    if back:
        groups[PaymentGroup.CASH] -= back
    return groups


def share(whole: int, weights: list[int]) -> list[int]:
    """Divide ``whole`` in proportion to ``weights`` by largest remainder: the parts make it up exactly.

    Parts may be negative, as ``whole``. Equal remainders: the first weights come first.
    """
    total, sign = sum(weights), -1 if whole < 0 else 1
    if total == 0:
        return [0] * len(weights)
    divided = [divmod(abs(whole) * weight, total) for weight in weights]
    parts = [part for part, _ in divided]
    by_remainder = sorted(range(len(weights)), key=lambda index: -divided[index][1])
    for index in by_remainder[: abs(whole) - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]
