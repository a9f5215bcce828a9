"""Documents read out of the FN's archive through the driver, down to the requisites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .expect import equal, true
from .fptr import Driver, DriverError
from .queries import answered_moment, ask_fn
from .receipts import CASHIER, Item, Receipt
from .stage import Stage

GROUPS: Final = {1215: "PT_PREPAID", 1216: "PT_CREDIT", 1217: "PT_OTHER"}
"""Sums of a document by form of payment."""
MOST_TAGS: Final = 200
"""A receipt has about twenty; a till that never says "no more data" must not hang the run."""


@dataclass(frozen=True, slots=True)
class Requisite:
    """One TLV as the driver decodes it: as text, as an unsigned integer and as bytes."""

    tag: int
    text: str
    integer: int
    octets: bytes


def document(driver: Driver, number: int) -> tuple[int, list[Requisite]]:
    """Read a document from the archive (A4 45, 46): its type and its requisites."""
    records_type = driver.names.RT_FN_DOCUMENT_TLVS
    driver.call("begin_read_records", RECORDS_TYPE=records_type, DOCUMENT_NUMBER=number)
    document_type = driver.integer("FN_DOCUMENT_TYPE")
    return document_type, list(_records(driver))


def inside(driver: Driver, value: bytes) -> list[Requisite]:
    """Take a structured requisite (STLV) apart, by the driver's own parser."""
    driver.call("begin_read_records", RECORDS_TYPE=driver.names.RT_PARSE_COMPLEX_ATTR, TAG_VALUE=value)
    return list(_records(driver))


def _records(driver: Driver) -> Iterator[Requisite]:
    records = driver.text("RECORDS_ID")
    for _ in range(MOST_TAGS):
        refused = driver.refusal("read_next_record", RECORDS_ID=records)
        if refused is not None:
            _only_the_end(refused, driver)
            driver.call("end_read_records", RECORDS_ID=records)
            return
        value = driver.text("TAG_VALUE"), driver.integer("TAG_VALUE"), driver.octets("TAG_VALUE")
        yield Requisite(driver.integer("TAG_NUMBER"), *value)
    true(f"a document has fewer than {MOST_TAGS} requisites", False)


def _only_the_end(refused: DriverError, driver: Driver) -> None:
    if refused.code != driver.names.ERROR_NO_MORE_DATA:
        raise refused


def last_receipt_is_in_the_archive(driver: Driver, stage: Stage) -> None:
    """The receipt in the FN's archive (A4 40): type, date and fiscal sign"""
    number = stage.ledger.last_document
    ask_fn(driver, "FNDT_LAST_DOCUMENT")
    moment, sign = answered_moment(driver), driver.integer("FISCAL_SIGN")
    ask_fn(driver, "FNDT_DOCUMENT_BY_NUMBER", DOCUMENT_NUMBER=number)
    equal("document type", driver.integer("FN_DOCUMENT_TYPE"), driver.names.FN_DOC_RECEIPT)
    equal("date", answered_moment(driver), moment)
    equal("fiscal sign", driver.integer("FISCAL_SIGN"), sign)


def last_receipt_reads_back(driver: Driver, stage: Stage) -> None:
    """The receipt's TLV (A4 45, 46): sums, items and requisites are those that were sold"""
    sold = stage.ledger.sold
    document_type, requisites = document(driver, stage.ledger.last_document)
    equal("document type", document_type, driver.names.FN_DOC_RECEIPT)
    texts = {requisite.tag: requisite.text.strip() for requisite in requisites}
    integers = {requisite.tag: requisite.integer for requisite in requisites}
    for tag, wanted in CASHIER.items():
        equal(f"requisite {tag}", texts.get(tag), wanted)
    sums = {1020: sold.total_kopecks, 1031: sold.cash_kopecks, 1081: sold.group_kopecks("PT_ELECTRONICALLY")}
    sums |= {tag: sold.group_kopecks(form) for tag, form in GROUPS.items()}
    equal("sums", {tag: integers.get(tag) for tag in sums}, sums)
    for tag, wanted in sold.requisites.items():
        equal(f"requisite {tag}", texts.get(tag) if isinstance(wanted, str) else integers.get(tag), wanted)
    _items_are(driver, [requisite.octets for requisite in requisites if requisite.tag == 1059], sold)


def _items_are(driver: Driver, values: list[bytes], sold: Receipt) -> None:
    equal("items", len(values), len(sold.items))
    for value, item in zip(values, sold.items, strict=True):
        _item_is({requisite.tag: requisite for requisite in inside(driver, value)}, item)


def _item_is(got: dict[int, Requisite], item: Item) -> None:
    true(f"{item.name!r} has name, price, quantity and sum", {1030, 1079, 1023, 1043} <= got.keys())
    equal("name", got[1030].text.strip(), item.name.strip())
    equal(f"price of {item.name!r}", got[1079].integer, item.price_kopecks)
    equal(f"sum of {item.name!r}", got[1043].integer, item.total_kopecks)


def every_document_reads_back(driver: Driver, stage: Stage) -> None:
    """Every document of the till, from the registration on, can be read out (A4 45, 46)"""
    for number in range(1, stage.ledger.last_document + 1):
        _, requisites = document(driver, number)
        true(f"document {number} has requisites", requisites)
