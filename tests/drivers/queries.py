"""Everything the driver asks a till about, read back and compared with what else the till says.

The till has no second witness here, so each answer is held against another answer that must agree with it, against
the ledger, or against what the model is by name.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from .expect import CheckError, equal, true
from .fptr import Driver
from .stage import Stage

CLOCK_TOLERANCE: Final = timedelta(seconds=3)
CLOCK_STEP: Final = timedelta(seconds=60)
"""Inside the five minutes by which the FN lets the till's clock run ahead of its own timer."""
STEADY_FLAGS: Final = (
    "COVER_OPENED",
    "CASHDRAWER_OPENED",
    "PRINTER_CONNECTION_LOST",
    "PRINTER_ERROR",
    "CUT_ERROR",
    "PRINTER_OVERHEAT",
    "INVALID_FN",
    "BLOCKED",
)
FN_WARNINGS: Final = (
    "FN_NEED_REPLACEMENT",
    "FN_RESOURCE_EXHAUSTED",
    "FN_MEMORY_OVERFLOW",
    "FN_OFD_TIMEOUT",
    "FN_CRITICAL_ERROR",
)

REGISTRATION_TEXTS: Final = (1009, 1017, 1018, 1037, 1046, 1048)
"""Address, INN of the OFD, INN of the owner, registration number, name of the OFD, name of the owner."""


def ask(driver: Driver, data_type: str, **parameters: int) -> None:
    """Run ``query_data`` for LIBFPTR_<data_type>; the answer is then in the driver's parameters."""
    driver.call("query_data", DATA_TYPE=getattr(driver.names, data_type), **parameters)


def ask_fn(driver: Driver, data_type: str, **parameters: int) -> None:
    """Run ``fn_query_data`` for LIBFPTR_<data_type>."""
    driver.call("fn_query_data", FN_DATA_TYPE=getattr(driver.names, data_type), **parameters)


def clock(driver: Driver) -> datetime:
    """Read the till's clock (register 11h)."""
    ask(driver, "DT_DATE_TIME")
    return answered_moment(driver)


def answered_moment(driver: Driver) -> datetime:
    """Take the date and time of the last answer; raises CheckError when there is no such date."""
    moment = driver.moment("DATE_TIME")
    if moment is None:
        raise CheckError("the till answered a date that does not exist")
    return moment


def last_document(driver: Driver) -> int:
    """Read the number of the last fiscal document (register 34h)."""
    ask_fn(driver, "FNDT_LAST_DOCUMENT")
    return driver.integer("DOCUMENT_NUMBER")


def model_is_itself(driver: Driver, stage: Stage) -> None:
    """Model number, title and firmware version (A5)"""
    ask(driver, "DT_MODEL_INFO")
    equal("model", driver.integer("MODEL"), stage.model.number)
    equal("title", driver.text("MODEL_NAME"), stage.model.title)
    true("the version is digits and dots", re.fullmatch(r"\d+\.\d+\.\d{4}", driver.text("UNIT_VERSION")))


def clock_is_set(driver: Driver, stage: Stage) -> None:
    """Set the clock (ED, or 64 and 4B) and read it back (register 11h)"""
    wanted = clock(driver) + CLOCK_STEP
    driver.call("write_date_time", DATE_TIME=wanted)
    true("the clock shows what was set", timedelta(0) <= clock(driver) - wanted <= CLOCK_TOLERANCE)


def status_agrees_with_itself(driver: Driver, stage: Stage) -> None:
    """Full status (3F, 45, A5, registers 11h-18h, A4 30) agrees with every single query"""
    ask(driver, "DT_STATUS")
    moment = answered_moment(driver)
    equal("model", driver.integer("MODEL"), stage.model.number)
    equal("title", driver.text("MODEL_NAME"), stage.model.title)
    for name in ("FISCAL", "FN_FISCAL", "FN_PRESENT", "RECEIPT_PAPER_PRESENT"):
        true(f"status says {name}", driver.flag(name))
    for name in STEADY_FLAGS:
        true(f"status does not say {name}", not driver.flag(name))
    said = {name: driver.text(name) for names in _AGREEMENTS.values() for name in names}
    for data_type, names in _AGREEMENTS.items():
        ask(driver, data_type)
        equal(data_type, {name: driver.text(name) for name in names}, {name: said[name] for name in names})
    true("status and clock agree", abs(clock(driver) - moment) <= CLOCK_TOLERANCE)


_AGREEMENTS: Final = {
    "DT_SHORT_STATUS": ("CASHDRAWER_OPENED", "RECEIPT_PAPER_PRESENT", "COVER_OPENED"),
    "DT_SERIAL_NUMBER": ("SERIAL_NUMBER",),
    "DT_RECEIPT_LINE_LENGTH": ("RECEIPT_LINE_LENGTH", "RECEIPT_LINE_LENGTH_PIX"),
    "DT_SHIFT_STATE": ("SHIFT_STATE", "SHIFT_NUMBER"),
    "DT_RECEIPT_STATE": ("RECEIPT_TYPE", "RECEIPT_NUMBER", "DOCUMENT_NUMBER"),
    "DT_MODEL_INFO": ("UNIT_VERSION",),
}


def shift_ends_in_a_day(driver: Driver, stage: Stage) -> None:
    """An open shift ends 24 hours after it began (register 12h)"""
    now = clock(driver)
    ask(driver, "DT_SHIFT_STATE")
    equal("shift", driver.integer("SHIFT_STATE"), driver.names.SS_OPENED)
    ends = answered_moment(driver)
    true("the shift ends within a day from now", timedelta(hours=23) < ends - now <= timedelta(hours=24))


def fn_is_healthy(driver: Driver, stage: Stage) -> None:
    """FN number, version, phase and warnings (A4 31, 33, 30)"""
    ask_fn(driver, "FNDT_FN_INFO")
    true("the FN has a number of 16 digits", re.fullmatch(r"\d{16}", driver.text("SERIAL_NUMBER")))
    true("the FN tells its version", driver.text("FN_VERSION").strip())
    equal("phase", driver.integer("FN_STATE"), driver.names.FNS_FISCAL_MODE)
    for name in FN_WARNINGS:
        true(f"no {name}", not driver.flag(name))


def fn_has_a_term(driver: Driver, stage: Stage) -> None:
    """FN term and re-registrations (register 1Ah, A4 32), FFD versions (register 36h)"""
    now = clock(driver)
    ask_fn(driver, "FNDT_VALIDITY")
    true("the FN's term is not over", answered_moment(driver) > now)
    made = driver.integer("REGISTRATIONS_COUNT")
    true("the till has been registered", made >= 1)
    ask_fn(driver, "FNDT_LAST_REGISTRATION")
    equal("registrations", driver.integer("REGISTRATIONS_COUNT"), made)
    true("the registration is a document", 1 <= driver.integer("DOCUMENT_NUMBER") <= stage.ledger.last_document)
    ask_fn(driver, "FNDT_FFD_VERSIONS")
    equal("FFD in use", driver.integer("FFD_VERSION"), driver.names.FFD_1_0_5)
    equal("FFD of the till", driver.integer("DEVICE_FFD_VERSION"), driver.names.FFD_1_0_5)


def registration_reads_back(driver: Driver, stage: Stage) -> None:
    """Requisites of the registration (E9): all at once and one by one"""
    ask_fn(driver, "FNDT_REG_INFO")
    equal("FFD of the registration", driver.integer(1209), driver.names.FFD_1_0_5)
    true("a tax system is registered", driver.integer(1062))
    said = {tag: driver.text(tag).strip() for tag in REGISTRATION_TEXTS}
    true("the owner has an INN", re.fullmatch(r"\d{10}(\d\d)?", said[1018]))
    true("the till has a registration number", re.fullmatch(r"\d{16}", said[1037]))
    for tag, text in said.items():
        ask_fn(driver, "FNDT_TAG_VALUE", TAG_NUMBER=tag)
        equal(f"requisite {tag}", driver.text("TAG_VALUE").strip(), text)


def ofd_queue_ends_with_the_last_document(driver: Driver, stage: Stage) -> None:
    """Exchange with the OFD (A4 20, register 39h): nothing to send, or everything from some document to the last"""
    ask(driver, "DT_LAST_SENT_OFD_DOCUMENT_DATE_TIME")
    count, first = unsent(driver)
    equal("documents to send", count, last_document(driver) - first + 1 if first else 0)


def unsent(driver: Driver) -> tuple[int, int]:
    """Read how many documents the OFD has not confirmed, and the number of the first (0 if there is none)."""
    ask_fn(driver, "FNDT_OFD_EXCHANGE_STATUS")
    return driver.integer("DOCUMENTS_COUNT"), driver.integer("DOCUMENT_NUMBER")


def documents_of_the_shift(driver: Driver, stage: Stage) -> None:
    """Documents of the shift (register 3Ah): its opening and the receipts at least"""
    ask_fn(driver, "FNDT_DOCUMENTS_COUNT_IN_SHIFT")
    true("the shift has its documents", driver.integer("DOCUMENTS_COUNT") >= stage.ledger.receipts)


def counters_of_the_receipt(driver: Driver, stage: Stage) -> None:
    """The last receipt and the last document (registers 33h, 34h, 35h) are the one just closed"""
    sold = stage.ledger.sold
    ask_fn(driver, "FNDT_LAST_RECEIPT")
    receipt = {name: driver.text(name) for name in ("DOCUMENT_NUMBER", "FISCAL_SIGN")}
    equal("type", driver.integer("RECEIPT_TYPE"), getattr(driver.names, sold.type))
    equal("sum", driver.kopecks("RECEIPT_SUM"), sold.total_kopecks)
    ask_fn(driver, "FNDT_LAST_DOCUMENT")
    equal("last document", {name: driver.text(name) for name in receipt}, receipt)
    equal("its number", driver.integer("DOCUMENT_NUMBER"), stage.ledger.last_document)
    ask_fn(driver, "FNDT_SHIFT")
    equal("receipts in the shift", driver.integer("RECEIPT_NUMBER"), stage.ledger.receipts)
    number = driver.integer("SHIFT_NUMBER")
    ask(driver, "DT_SHIFT_STATE")
    equal("shift of the till", driver.integer("SHIFT_NUMBER"), number)


def figures_are_the_ledgers(driver: Driver, stage: Stage) -> None:
    """Sums and counts of the shift (registers 01h-0Ch, 28h, 3Ch, 41h) equal what was sold"""
    stage.ledger.compare(driver)
