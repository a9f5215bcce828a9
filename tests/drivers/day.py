"""A working day: shift, sales, a refund, a receipt given up, money in and out, reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from . import queries, receipts
from .expect import equal, true
from .fptr import Driver
from .receipts import VAT_BASES, Item, Receipt
from .stage import Stage

TEA: Final = Item("Чай чёрный", 100_00, 2000)
SUGAR: Final = Item("Сахар", 55_56)
SALE: Final = Receipt(items=(TEA, SUGAR), given_cash_kopecks=300_00)
REFUND: Final = Receipt(items=(replace(TEA, quantity_milli=1000),), given_cash_kopecks=100_00, type="RT_SELL_RETURN")
LONG_NAME: Final = "Сыр Российский очень длинное наименование товара более сорока восьми символов"
CHEESE: Final = Item(LONG_NAME, 1234_56, 123, "TAX_VAT10", 2, {1197: "кг", 1212: 1, 1214: 4})
MILK: Final = Item("Молоко", 80_00, tax="TAX_VAT20")
BUYER: Final = "client@example.com"
RICH: Final = Receipt((CHEESE, MILK), given_cash_kopecks=200_00, electronic_kopecks=100_00, requisites={1008: BUYER})
CASH_IN_KOPECKS: Final = 500_00
CASH_OUT_KOPECKS: Final = 50_00


def shift_opens(driver: Driver, stage: Stage) -> None:
    """«Открыть смену» (9A); a new shift has sold nothing"""
    stage.ledger.last_document = queries.last_document(driver)
    driver.call("operator_login", receipts.CASHIER)
    driver.call("open_shift")
    document_is_closed(driver)
    stage.ledger.last_document += 1
    equal("last document", queries.last_document(driver), stage.ledger.last_document)
    queries.ask(driver, "DT_SHIFT_STATE")
    equal("shift", driver.integer("SHIFT_STATE"), driver.names.SS_OPENED)
    stage.ledger.open_shift(driver)


def sale_with_change(driver: Driver, stage: Stage) -> None:
    """A sale of two items for cash with change (92, EA, EB, 99, 4A)"""
    sell(driver, stage, SALE)


def rich_sale(driver: Driver, stage: Stage) -> None:
    """A sale with requisites (E8), taxes, a long name and mixed payments"""
    queries.ask_fn(driver, "FNDT_REG_INFO")
    systems = driver.integer(1062)
    first_system = systems & -systems
    sell(driver, stage, replace(RICH, requisites={**RICH.requisites, 1055: first_system}))


def refund(driver: Driver, stage: Stage) -> None:
    """A refund («возврат прихода»)"""
    sell(driver, stage, REFUND)


def receipt_given_up(driver: Driver, stage: Stage) -> None:
    """A receipt begun and cancelled (59)"""
    receipts.begin(driver, SALE)
    driver.call("cancel_receipt")
    queries.ask(driver, "DT_RECEIPT_STATE")
    equal("receipt", driver.integer("RECEIPT_TYPE"), driver.names.RT_CLOSED)
    stage.ledger.book_cancelled(SALE.type)
    equal("last document", queries.last_document(driver), stage.ledger.last_document)


def cash_in(driver: Driver, stage: Stage) -> None:
    """«Внесение» (49)"""
    driver.call("cash_income", SUM=CASH_IN_KOPECKS / 100)
    stage.ledger.book_cash("cash-in", CASH_IN_KOPECKS)


def cash_out(driver: Driver, stage: Stage) -> None:
    """«Выплата» (4F)"""
    driver.call("cash_outcome", SUM=CASH_OUT_KOPECKS / 100)
    stage.ledger.book_cash("cash-out", CASH_OUT_KOPECKS)


def x_report(driver: Driver, stage: Stage) -> None:
    """«X-отчёт» (67 01), waited for through 45; it makes no document"""
    driver.call("report", REPORT_TYPE=driver.names.RT_X)
    equal("last document", queries.last_document(driver), stage.ledger.last_document)


def z_report(driver: Driver, stage: Stage) -> None:
    """«Z-отчёт» (5A), waited for through 45; the shift is closed and sums for ever stay"""
    queries.ask(driver, "DT_SHIFT_STATE")
    number = driver.integer("SHIFT_NUMBER")
    driver.call("operator_login", receipts.CASHIER)
    driver.call("report", REPORT_TYPE=driver.names.RT_CLOSE_SHIFT)
    document_is_closed(driver)
    stage.ledger.last_document += 1
    equal("last document", queries.last_document(driver), stage.ledger.last_document)
    queries.ask(driver, "DT_SHIFT_STATE")
    equal("shift", driver.integer("SHIFT_STATE"), driver.names.SS_CLOSED)
    equal("its number", driver.integer("SHIFT_NUMBER"), number)
    stage.ledger.compare_lasting(driver)


def same_till_on_the_other_port(driver: Driver, stage: Stage) -> None:
    """The other port leads to the same till: serial number, clock and last document"""
    serial, document = _identity(driver)
    moment = queries.clock(driver)
    driver.call("close")
    other = stage.new_driver()
    other.configure(stage.other_port)
    other.call("open")
    try:
        equal("serial number and last document", _identity(other), (serial, document))
        true("the clock is the same", moment <= queries.clock(other))
    finally:
        other.call("close")
        driver.calls += other.calls
        other.destroy()


def sell(driver: Driver, stage: Stage, receipt: Receipt) -> None:
    """Make a receipt from the first call to the last, check the till's sums on the way, and book it."""
    receipts.begin(driver, receipt)
    queries.ask(driver, "DT_RECEIPT_STATE")
    equal("open receipt", driver.integer("RECEIPT_TYPE"), getattr(driver.names, receipt.type))
    equal("its sum", driver.kopecks("RECEIPT_SUM"), receipt.items_kopecks)
    for tax in VAT_BASES:
        queries.ask(driver, "DT_RECEIPT_TAX_SUM", TAX_TYPE=getattr(driver.names, tax))
        equal(f"its {tax}", driver.kopecks("SUM"), receipt.tax_kopecks(tax))
    driver.call("receipt_total", SUM=receipt.total_kopecks / 100)
    equal("remainder and change", receipts.pay(driver, receipt), (0, receipt.change_kopecks))
    driver.call("close_receipt")
    document_is_closed(driver)
    stage.ledger.book(receipt)
    equal("last document", queries.last_document(driver), stage.ledger.last_document)


def document_is_closed(driver: Driver) -> None:
    """Let the driver judge whether the document was made and printed (3F and register 34h)."""
    driver.call("check_document_closed")
    true("the driver finds the document closed", driver.flag("DOCUMENT_CLOSED"))
    true("the driver finds the document printed", driver.flag("DOCUMENT_PRINTED"))


def _identity(driver: Driver) -> tuple[str, int]:
    queries.ask(driver, "DT_SERIAL_NUMBER")
    return driver.text("SERIAL_NUMBER"), queries.last_document(driver)
