"""Reports, copies and service prints: what ``report`` can ask of a till, and what of it makes a document."""

from __future__ import annotations

from typing import Final

from . import queries, receipts
from .documents import document
from .expect import equal
from .fptr import Driver
from .stage import Stage

OF_COUNTERS: Final = (
    *("RT_X", "RT_QUANTITY", "RT_DEPARTMENTS", "RT_OPERATORS", "RT_HOURS", "RT_START_SERVICE"),
    *("RT_COMMODITIES_BY_TAXATION_TYPES", "RT_COMMODITIES_BY_DEPARTMENTS", "RT_COMMODITIES_BY_SUMS"),
)
"""67h with types 01, 07, 02, 03, 05, 08, 13, 14, 15."""
OF_FN_COUNTERS: Final = (
    *("RT_FN_SHIFT_TOTAL_COUNTERS", "RT_FN_TOTAL_COUNTERS", "RT_FN_NOT_SENT_DOCUMENTS_COUNTERS", "RT_DISCOUNTS"),
)
"""67h with types 10, 11, 12 and 16: a till of this age may say that it has no such report."""
OF_SERVICE: Final = ("RT_KKT_DEMO", "RT_KKT_INFO", "RT_OFD_TEST", "RT_FN_REGISTRATIONS")


def reports_of_counters(driver: Driver, stage: Stage) -> None:
    """Reports on the shift's counters (67 01-15), waited for through 45; none makes a document"""
    for name in OF_COUNTERS:
        driver.call("report", REPORT_TYPE=getattr(driver.names, name))
    equal("last document", queries.last_document(driver), stage.ledger.last_document)


def reports_of_fn_counters(driver: Driver, stage: Stage) -> None:
    """Reports on the FN's counters and on discounts (67 10-12, 16): printed, or no such report"""
    permitted = {driver.names.OK, driver.names.ERROR_NOT_SUPPORTED, driver.names.ERROR_NO_MORE_REPORTS}
    for name in OF_FN_COUNTERS:
        refused = driver.refusal("report", REPORT_TYPE=getattr(driver.names, name))
        equal(f"{name} is printed or not there ({refused})", (refused.code if refused else 0) in permitted, True)


def service_prints(driver: Driver, stage: Stage) -> None:
    """Demonstration, information, OFD diagnostics (82), registration summary (A8)"""
    for name in OF_SERVICE:
        driver.call("report", REPORT_TYPE=getattr(driver.names, name))
    equal("last document", queries.last_document(driver), stage.ledger.last_document)


def copies(driver: Driver, stage: Stage) -> None:
    """Copy of the last document (95), a document of the FN by its number (AB)"""
    driver.call("report", REPORT_TYPE=driver.names.RT_LAST_DOCUMENT)
    for number in (1, stage.ledger.last_document):
        driver.call("report", REPORT_TYPE=driver.names.RT_FN_DOC_BY_NUMBER, DOCUMENT_NUMBER=number)
    refused = driver.refusal("report", REPORT_TYPE=driver.names.RT_FN_DOC_BY_NUMBER, DOCUMENT_NUMBER=99_999)
    equal("a document that is not there", refused and refused.code, driver.names.ERROR_FN_NO_MORE_DATA)


def settlement_state(driver: Driver, stage: Stage) -> None:
    """«Отчёт о состоянии расчётов» (67 09) is a fiscal document"""
    driver.call("operator_login", receipts.CASHIER)
    driver.call("report", REPORT_TYPE=driver.names.RT_OFD_EXCHANGE_STATUS)
    stage.ledger.last_document += 1
    equal("last document", queries.last_document(driver), stage.ledger.last_document)
    document_type, _ = document(driver, stage.ledger.last_document)
    equal("document type", document_type, driver.names.FN_DOC_EXCHANGE_STATUS)
