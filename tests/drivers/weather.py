"""The driver's own handling of a bad line: answers that are dropped, damaged, doubled or late, a till that vanishes.

The faults are made by a wire between the two. Whatever happens, a command must be done once, and the driver must find
the till again.
"""

from __future__ import annotations

from . import broken, day, queries, receipts, wire
from .day import SALE
from .expect import equal, true
from .fptr import Driver
from .stage import Stage


def damaged_answers(driver: Driver, stage: Stage) -> None:
    """Damaged answers: the driver asks for the result (C3), and the shift is opened once"""
    _opens_once(driver, stage, wire.damage, wire.damage)


def dropped_answers(driver: Driver, stage: Stage) -> None:
    """A dropped answer: the driver polls after five seconds, and the shift is opened once"""
    _opens_once(driver, stage, wire.drop)


def doubled_answers(driver: Driver, stage: Stage) -> None:
    """Answers that come twice do not confuse the driver or the till"""
    _opens_once(driver, stage, *[wire.repeat] * 40)
    broken.sale_passes(driver, stage)


def late_answers(driver: Driver, stage: Stage) -> None:
    """Answers that come late are waited for"""
    _opens_once(driver, stage, wire.late, wire.late)


def till_vanishes(driver: Driver, stage: Stage) -> None:
    """The connection is cut in the middle of a receipt: afterwards the same receipt is open, and can be given up"""
    broken.open_shift_if_closed(driver)
    receipts.begin(driver, SALE)
    line = _line(stage)
    line.cut()
    refused = driver.refusal("payment", PAYMENT_TYPE=driver.names.PT_CASH, PAYMENT_SUM=300.0)
    if refused is not None:
        driver.refusal("close")
        driver.call("open")
    queries.ask(driver, "DT_RECEIPT_STATE")
    equal("open receipt", driver.integer("RECEIPT_TYPE"), driver.names.RT_SELL)
    equal("its sum", driver.kopecks("RECEIPT_SUM"), SALE.total_kopecks)
    driver.call("cancel_receipt")
    broken.sale_passes(driver, stage)


def _opens_once(driver: Driver, stage: Stage, *spoils: wire.Spoil) -> None:
    number = queries.last_document(driver)
    line = _line(stage)
    before = line.spoiled
    line.spoil(*spoils)
    driver.call("open_shift")
    true("answers were spoiled", line.spoiled > before)
    equal("last document", queries.last_document(driver), number + 1)
    day.document_is_closed(driver)


def _line(stage: Stage) -> wire.FaultyWire:
    true("the driver speaks through a faulty wire", stage.wire is not None)
    assert stage.wire is not None
    return stage.wire
