"""Rules between the requisites of one document, as far as the document alone shows them.

A rule is a function of the document's requisites that yields what is wrong; ``RULES`` says which documents of FFD 1.05
it is for, ``RULES_1_1`` the same of the later formats. Source: FNS order ЕД-7-20/662@, appendix 2, notes to tables
15-33; that the later formats keep them is a guess.
"""

from collections.abc import Callable, Iterator

from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T

BANK_AGENTS = 0b11
"""Bits of 1057 and 1222: bank payment agent, its subagent."""
GENERAL_TAX_SYSTEM = 1
"""Bit of 1055: «ОСН», who pays VAT."""
NO_OFD_INN = "0" * 12
"""What an autonomous KKT gives as the INN of the OFD."""

_VAT_SUMS = (T.VAT_20, T.VAT_10, T.VAT_0, T.VAT_NONE, T.VAT_20_120, T.VAT_10_110)
_PAYMENTS = (T.CASH, T.ELECTRONIC, T.PREPAID, T.CREDIT, T.OTHER)
BANK_AGENT_TAGS = (
    T.PAYMENT_AGENT_OPERATION,
    T.TRANSFER_OPERATOR_NAME,
    T.TRANSFER_OPERATOR_ADDRESS,
    T.TRANSFER_OPERATOR_INN,
)


Rule = Callable[[Requisites], Iterator[str]]


def _automatic_mode(document: Requisites) -> Iterator[str]:
    if document.number(T.AUTOMATIC_MODE) and T.MACHINE_NUMBER not in document:
        yield "1001 = 1, so 1036 must be there"


def _autonomous_mode(document: Requisites) -> Iterator[str]:
    if not document.number(T.AUTONOMOUS_MODE):
        if T.AUTONOMOUS_MODE in document and T.OFD_INN not in document:
            yield "1002 = 0, so 1017 must be there"
        return
    if document.number(T.ENCRYPTION):
        yield "1002 = 1, so 1056 must be 0"
    if T.OFD_INN in document and document.text(T.OFD_INN) != NO_OFD_INN:
        yield f"1002 = 1, so 1017 must be {NO_OFD_INN}"


def _first_document(document: Requisites) -> Iterator[str]:
    if document.number(T.DOCUMENT_NUMBER) != 1:
        yield "the first document of an FN has the number 1 (1040)"


def _first_document_after_replacement(document: Requisites) -> Iterator[str]:
    if 1 in document.numbers(T.RE_REGISTRATION_REASON):
        yield from _first_document(document)


def _settlement_mode(document: Requisites) -> Iterator[str]:
    if not document.number(T.AUTONOMOUS_MODE) and T.UNSENT_DOCUMENTS not in document:
        yield "neither 1002 = 1 (autonomous) nor 1097 (data transfer) is there"


def _payments(document: Requisites) -> Iterator[str]:
    total, paid = document.number(T.TOTAL), sum(document.number(tag) for tag in _PAYMENTS)
    if total != paid:
        yield f"1020 = {total}, but 1031 + 1081 + 1215 + 1216 + 1217 = {paid} kopecks"


def _items_total(document: Requisites) -> Iterator[str]:
    total, items = document.number(T.TOTAL), document.structures(T.ITEM)
    of_items = sum(item.number(T.ITEM_SUM) for item in items)
    if total != of_items:
        yield f"1020 = {total}, but the sum of 1043 is {of_items} kopecks"


def _item_sums(document: Requisites) -> Iterator[str]:
    """1043 = 1079 x 1023: the sum rounded to the kopeck, or, after a discount, the price."""
    for index, item in enumerate(document.structures(T.ITEM), 1):
        if T.PRICE in item and T.QUANTITY in item:
            exact = item.number(T.PRICE) * item.decimal(T.QUANTITY)
            difference = abs(item.number(T.ITEM_SUM) - exact)
            if difference >= 1 and difference > item.decimal(T.QUANTITY) / 2:
                yield f"1059 no. {index}: 1043 = {item.number(T.ITEM_SUM)}, but 1079 x 1023 = {exact:f} kopecks"


def _vat(document: Requisites) -> Iterator[str]:
    if document.number(T.TAX_SYSTEM) == GENERAL_TAX_SYSTEM and not any(tag in document for tag in _VAT_SUMS):
        yield "1055 = 1 (ОСН), so one of 1102..1107 must be there"


def _agents(document: Requisites) -> Iterator[str]:
    items = document.structures(T.ITEM)
    agent = document.number(T.AGENT)
    if agent.bit_count() > 1:
        yield f"1057 = {agent}: a receipt has one kind of agent"
    if agent & BANK_AGENTS:
        holders = [document, *(data for item in items for data in item.structures(T.AGENT_DATA))]
        for tag in BANK_AGENT_TAGS:
            if not any(tag in holder for holder in holders):
                yield f"1057 = {agent} (bank agent), so {tag} must be there"
    for index, item in enumerate(items, 1):
        if item.number(T.ITEM_AGENT).bit_count() > 1:
            yield f"1059 no. {index}: 1222 = {item.number(T.ITEM_AGENT)}: an item has one kind of agent"
        if item.number(T.ITEM_AGENT) and T.SUPPLIER_INN not in item:
            yield f"1059 no. {index}: 1222 is set, so 1226 must be there"


def _correction_operation(document: Requisites) -> Iterator[str]:
    if document.number(T.OPERATION) in (2, 4):
        yield f"1054 = {document.number(T.OPERATION)}: a correction is 1 or 3"


_REGISTRATION: tuple[Rule, ...] = (_automatic_mode, _autonomous_mode)
_RECEIPT: tuple[Rule, ...] = (_items_total, _item_sums, _payments, _vat, _agents)
_CORRECTION: tuple[Rule, ...] = (_correction_operation, _item_sums, _payments, _vat, _agents)

RULES: dict[int, tuple[Rule, ...]] = {
    1: (*_REGISTRATION, _first_document),
    11: (*_REGISTRATION, _first_document_after_replacement),
    21: (_settlement_mode,),
    3: _RECEIPT,
    4: _RECEIPT,
    31: _CORRECTION,
    41: _CORRECTION,
}
"""Rules of FFD 1.05 by the code of the document."""

_RECEIPT_1_1: tuple[Rule, ...] = (_items_total, _item_sums, _payments, _agents)
RULES_1_1: dict[int, tuple[Rule, ...]] = RULES | dict.fromkeys((3, 4, 31, 41), _RECEIPT_1_1)
"""Rules of FFD 1.1 and 1.2: corrections have items and any operation, VAT may stand under the tags of 2025."""
