"""Receipts of every kind: discounts, taxes that are told, all forms of payment, purchases, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from . import day, queries, receipts
from .day import SUGAR, TEA
from .documents import document
from .expect import equal, true
from .fptr import Driver, Value
from .receipts import Item, Receipt
from .stage import Stage

COFFEE: Final = Item("Кофе", 380_00, tax="TAX_VAT20", paid_kopecks=300_00, discount_kopecks=80_00)
BOOK: Final = Item("Книга", 450_00, tax="TAX_VAT10", told_tax_kopecks=40_91)
DELIVERY: Final = Item("Доставка", 199_99, tax="TAX_VAT120", requisites={1212: 4, 1214: 4})
DEPOSIT: Final = Item("Аванс", 110_00, tax="TAX_VAT110", requisites={1212: 10, 1214: 3})
ODD_FORMS: Final = {f"PT_{name}": 10_00 for name in ("PREPAID", "CREDIT", "OTHER", "6", "7", "8", "9", "10")}
CORRECTION_REASON: Final[dict[int, Value]] = {1177: "Сбой питания", 1178: datetime(2020, 1, 2), 1179: "77"}


def discounts(driver: Driver, stage: Stage) -> None:
    """A sale of items below their price (EB) with a tax that the program counted itself"""
    day.sell(driver, stage, Receipt((COFFEE, BOOK), given_cash_kopecks=750_00))


def rounding(driver: Driver, stage: Stage) -> None:
    """A total rounded down to whole roubles (43): the kopecks are a discount on the receipt"""
    sold = Receipt((SUGAR, TEA), given_cash_kopecks=255_00, rounding_kopecks=56)
    receipts.begin(driver, sold)
    driver.call("receipt_total", SUM=sold.total_kopecks / 100)
    equal("remainder and change", receipts.pay(driver, sold), (0, 0))
    driver.call("close_receipt")
    day.document_is_closed(driver)
    stage.ledger.book(sold)
    queries.counters_of_the_receipt(driver, stage)


def told_tax(driver: Driver, stage: Stage) -> None:
    """The tax of a whole receipt told by the program (B8) stands in the document"""
    sold = Receipt((DELIVERY,), given_cash_kopecks=199_99)
    receipts.begin(driver, sold)
    driver.call("receipt_tax", TAX_TYPE=driver.names.TAX_VAT120, TAX_SUM=33.00)
    receipts.pay(driver, sold)
    driver.call("close_receipt")
    day.document_is_closed(driver)
    stage.ledger.book(replace(sold, items=(replace(DELIVERY, told_tax_kopecks=33_00),)))
    _, requisites = document(driver, stage.ledger.last_document)
    equal("sum of VAT 20/120", [one.integer for one in requisites if one.tag == 1106], [33_00])


def ten_payments(driver: Driver, stage: Stage) -> None:
    """A sale paid in all ten forms (99), with advance and delivery"""
    items = (DELIVERY, DEPOSIT, TEA)
    day.sell(driver, stage, Receipt(items, 500_00, electronic_kopecks=50_00, other_payments=ODD_FORMS))


def purchase(driver: Driver, stage: Stage) -> None:
    """«Расход» and «возврат расхода» (92 with types 4 and 5)"""
    day.sell(driver, stage, Receipt((SUGAR,), given_cash_kopecks=55_56, type="RT_BUY"))
    day.sell(driver, stage, Receipt((SUGAR,), given_cash_kopecks=60_00, type="RT_BUY_RETURN"))


def agent(driver: Driver, stage: Stage) -> None:
    """Requisites of an agent and of a supplier: taken, or refused for want of the agent's flag at the registration"""
    supplied = replace(TEA, requisites={1222: 64, 1171: "+79000000000", 1226: "123456789047", 1197: "шт"})
    queries.ask_fn(driver, "FNDT_REG_INFO")
    is_agent = bool(driver.integer(1057) & 64)
    sold = Receipt((supplied,), given_cash_kopecks=200_00)
    if is_agent:
        day.sell(driver, stage, sold)
        return
    receipts.begin(driver, sold)
    receipts.pay(driver, sold)
    refused = driver.refusal("close_receipt")
    true("a till registered without agents closes no such receipt", refused is not None)
    driver.call("cancel_receipt")
    stage.ledger.book_cancelled("RT_SELL")


def corrections(driver: Driver, stage: Stage) -> None:
    """«Чек коррекции» of a sale and of a purchase (92 with types 7 and 9, requisites 1173, 1174)"""
    driver.call("util_form_tlv", CORRECTION_REASON)
    reason = driver.octets("TAG_VALUE")
    for kind in ("RT_SELL_CORRECTION", "RT_BUY_CORRECTION"):
        corrected = Receipt(
            (replace(TEA, tax="TAX_VAT20"),), given_cash_kopecks=200_00, type=kind, requisites={1173: 0, 1174: reason}
        )
        day.sell(driver, stage, corrected)
        document_type, requisites = document(driver, stage.ledger.last_document)
        equal("document type", document_type, driver.names.FN_DOC_CORRECTION)
        texts = {one.tag: one.integer for one in requisites}
        equal("sums of the correction", (texts.get(1020), texts.get(1031), texts.get(1102)), (200_00, 200_00, 33_33))


def returns_of_corrections(driver: Driver, stage: Stage) -> None:
    """Types 8 and A of 92 are of FFD 1.2: a till of FFD 1.05 refuses them"""
    for kind in ("RT_SELL_RETURN_CORRECTION", "RT_BUY_RETURN_CORRECTION"):
        driver.call("operator_login", receipts.CASHIER)
        refused = driver.refusal("open_receipt", RECEIPT_TYPE=getattr(driver.names, kind))
        equal("code", refused and refused.code, driver.names.ERROR_INVALID_RECEIPT_TYPE)
