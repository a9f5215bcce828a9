"""Agents and suppliers in receipts: what is written where, and whether the till is registered for it.

In an item the plain tags of an agent or a supplier belong into the structures 1223 and 1224; ATOL's driver 10.8 was
observed to send them one by one between EAh and EBh. Whether a till may sell for an agent is told by tag 1057 of its
last registration report (article agent_receipt_annulled); where it is checked is a named setting.
Source of the structures: FNS order ЕД-7-20/662@, appendix 2, tables 27 and 28.
"""

from kktsim.device import fn_report
from kktsim.device.kkt import Kkt
from kktsim.device.receipt import Item
from kktsim.device.refusal import extended
from protocol.atol.kkt_codes import X
from protocol.ffd.rules import BANK_AGENT_TAGS, BANK_AGENTS
from protocol.ffd.tags import T
from protocol.ffd.tlv import split, tlv

_STRUCTURES: dict[int, tuple[int, ...]] = {
    T.AGENT_DATA: (
        T.TRANSFER_OPERATOR_PHONE,
        T.PAYMENT_AGENT_OPERATION,
        T.PAYMENT_AGENT_PHONE,
        T.RECEIVING_OPERATOR_PHONE,
        T.TRANSFER_OPERATOR_NAME,
        T.TRANSFER_OPERATOR_ADDRESS,
        T.TRANSFER_OPERATOR_INN,
    ),
    T.SUPPLIER_DATA: (T.SUPPLIER_PHONE, T.SUPPLIER_NAME),
}
PLAIN_TAGS = frozenset(tag for tags in _STRUCTURES.values() for tag in tags)
"""Tags of an agent or supplier that may also stand in the receipt itself, supplier's name excepted."""


def nested(requisites: dict[int, bytes]) -> dict[int, bytes]:
    """Requisites of an item with the plain tags put into their structures."""
    if PLAIN_TAGS.isdisjoint(requisites):
        return requisites
    outer = {tag: value for tag, value in requisites.items() if tag not in PLAIN_TAGS}
    for structure, tags in _STRUCTURES.items():
        inner = b"".join(tlv(tag, requisites[tag]) for tag in tags if tag in requisites)
        if inner:
            outer[structure] = outer.get(structure, b"") + inner
    return outer


def check(kkt: Kkt, items: list[Item], at: float) -> None:
    """Raise `Refusal` when the agents told in a receipt cannot be; ``items``: those that its document has.

    EEh/0205h with tag 1057: a kind of agent that the FN's last registration report does not have. EEh/0206h with its
    tag: a requisite that the kind demands.
    """
    in_receipt = _number(kkt.volatile.operation_requisites.get(T.AGENT))
    in_items = [_number(item.requisites.get(T.ITEM_AGENT)) for item in items]
    told = in_receipt
    for kind in in_items:
        told |= kind
    if not told:
        return
    if kkt.settings.agents_checked_at == "4Ah":
        _check_registration(kkt, told, at)
    for item, kind in zip(items, in_items, strict=True):
        if kind and T.SUPPLIER_INN not in item.requisites:
            raise extended(X.REQUISITE_MISSING, T.SUPPLIER_INN)
    if in_receipt & BANK_AGENTS:
        _check_bank_agent(kkt, items)


def check_item(kkt: Kkt, requisites: dict[int, bytes], at: float) -> None:
    """Raise `Refusal`, EEh/0205h with tag 1057, when an item alone tells that the till is not registered for it."""
    told = _number(requisites.get(T.ITEM_AGENT))
    if told and kkt.settings.agents_checked_at == "EBh":
        _check_registration(kkt, told, at)


def _check_registration(kkt: Kkt, told: int, at: float) -> None:
    if told & ~_number(fn_report.requisite(kkt, T.AGENT, at)):
        raise extended(X.REQUISITE_COMBINATION, T.AGENT)


def _check_bank_agent(kkt: Kkt, items: list[Item]) -> None:
    held = set(kkt.volatile.operation_requisites)
    for item in items:
        held.update(tag for tag, _ in split(item.requisites.get(T.AGENT_DATA, b"")))
    for tag in BANK_AGENT_TAGS:
        if tag not in held:
            raise extended(X.REQUISITE_MISSING, tag)


def _number(value: bytes | None) -> int:
    return int.from_bytes(value or b"", "little")
