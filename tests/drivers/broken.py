"""Tills handed over broken: each must fail under the name that ATOL's driver has for it, and be cured as documented.

The driver's codes are those of its header: 68 ERROR_SHIFT_EXPIRED, 82 ERROR_DENIED_IN_OPENED_RECEIPT,
115 ERROR_FN_EXCHANGE, 136 ERROR_FN_CRYPTO_HAS_EXPIRED, 137 ERROR_FN_RESOURCE_HAS_EXPIRED.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from . import day, queries, receipts
from .day import SALE
from .expect import CheckError, equal, true
from .fptr import Driver, DriverError
from .stage import Stage

INSIDE_RECEIPT: Final = ("registration", "payment", "close_receipt")
"""Methods that leave an open receipt behind when they are refused."""


def receipt_left_open(driver: Driver, stage: Stage) -> None:
    """A receipt left open by another program: 82 on opening one; cancelling (59) cures it"""
    refused_with(driver, "ERROR_DENIED_IN_OPENED_RECEIPT", methods=("open_receipt",))
    driver.call("cancel_receipt")
    sale_passes(driver, stage)


def term_is_over(driver: Driver, stage: Stage) -> None:
    """The FN's term is over: 136"""
    refused_with(driver, "ERROR_FN_CRYPTO_HAS_EXPIRED")


def thirty_days_without_ofd(driver: Driver, stage: Stage) -> None:
    """Thirty days without the OFD: the driver sees the oldest document unsent, and a sale gives 137"""
    queries.ofd_queue_ends_with_the_last_document(driver, stage)
    true("there are documents to send", queries.unsent(driver)[0])
    oldest = queries.answered_moment(driver)
    true("the oldest of them is older than thirty days", queries.clock(driver) - oldest > timedelta(days=30))
    refused_with(driver, "ERROR_FN_RESOURCE_HAS_EXPIRED")


def shift_of_25_hours(driver: Driver, stage: Stage) -> None:
    """A shift of 25 hours: the driver sees it, opening a receipt gives 68; a Z and a new shift cure it"""
    queries.ask(driver, "DT_SHIFT_STATE")
    equal("shift", driver.integer("SHIFT_STATE"), driver.names.SS_EXPIRED)
    refused_with(driver, "ERROR_SHIFT_EXPIRED", methods=("open_receipt",))
    driver.call("report", REPORT_TYPE=driver.names.RT_CLOSE_SHIFT)
    day.document_is_closed(driver)
    sale_passes(driver, stage)


def fn_pulled_out(driver: Driver, stage: Stage) -> None:
    """The FN pulled out by hand: 115; plugged back, the till sells again"""
    open_shift_if_closed(driver)
    stage.hands("fn", "unplug")
    refused_with(driver, "ERROR_FN_EXCHANGE")
    stage.hands("fn", "plug")
    sale_passes(driver, stage)


def refused_with(driver: Driver, error: str, methods: tuple[str, ...] = ()) -> None:
    """Try to sell; the first refusal must have this code, and come from one of these methods if any are named."""
    refused = first_refusal(driver)
    if refused is None:
        raise CheckError(f"the sale passed, wanted {error}")
    if refused.code != getattr(driver.names, error) or (methods and refused.method not in methods):
        raise CheckError(f"{refused}, wanted {error} from {' or '.join(methods) or 'any method'}")


def first_refusal(driver: Driver) -> DriverError | None:
    """Open a shift if there is none, sell, and return what the driver was refused first; None if nothing was.

    A receipt that was refused half-way is given up, so that the cure starts from a till without one of ours.
    """
    try:
        open_shift_if_closed(driver)
        receipts.begin(driver, SALE)
        receipts.pay(driver, SALE)
        driver.call("close_receipt")
    except DriverError as refused:
        if refused.method in INSIDE_RECEIPT:
            driver.refusal("cancel_receipt")
        return refused
    return None


def open_shift_if_closed(driver: Driver) -> None:
    """Open a shift unless there is one, expired or not."""
    queries.ask(driver, "DT_SHIFT_STATE")
    if driver.integer("SHIFT_STATE") == driver.names.SS_CLOSED:
        driver.call("operator_login", receipts.CASHIER)
        driver.call("open_shift")


def sale_passes(driver: Driver, stage: Stage) -> None:
    """The cure worked: the till sells as any other."""
    open_shift_if_closed(driver)
    stage.ledger.last_document = queries.last_document(driver)
    day.sell(driver, stage, SALE)
