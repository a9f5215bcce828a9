"""What the driver does to paper, drawer and loudspeaker."""

from __future__ import annotations

from .expect import true
from .fptr import Driver
from .stage import Stage


def text_is_printed(driver: Driver, stage: Stage) -> None:
    """Text lines, centred and not (4C)"""
    driver.call("print_text", TEXT="Привет, касса! №1 Ёё", ALIGNMENT=driver.names.ALIGNMENT_CENTER)
    driver.call(
        "print_text", TEXT="Строка длиннее ленты, и драйвер её переносит. " * 3, TEXT_WRAP=driver.names.TW_WORDS
    )


def slip_is_printed(driver: Driver, stage: Stage) -> None:
    """A non-fiscal document with text and the footer (4C, 73)"""
    driver.call("begin_nonfiscal_document")
    driver.call("print_text", TEXT="Не фискальный документ")
    driver.call("end_nonfiscal_document")


def barcode_is_printed_or_refused(driver: Driver, stage: Stage) -> None:
    """A QR code (C1): printed, or "not supported" by a till that cannot"""
    refused = driver.refusal("print_barcode", BARCODE="123", BARCODE_TYPE=driver.names.BT_QR)
    permitted = driver.names.OK, driver.names.ERROR_NOT_SUPPORTED
    true(f"the QR code is printed or not supported ({refused})", (refused.code if refused else 0) in permitted)


def drawer_opens(driver: Driver, stage: Stage) -> None:
    """Beep (47), full cut (75) and the drawer (80)"""
    driver.call("beep")
    driver.call("cut", CUT_TYPE=driver.names.CT_FULL)
    driver.call("open_drawer")
