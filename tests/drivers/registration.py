"""Registration, re-registration, replacement of the FN and closing of its archive, by ``fn_operation``."""

from __future__ import annotations

from typing import Final

from protocol.ffd.numbers import registration_number

from . import day, queries, receipts
from .documents import document
from .expect import equal, true
from .fptr import Driver, Value
from .stage import Stage

OWNER: Final[dict[int, Value]] = {
    1009: "г. Москва, ул. Тестовая, д. 1",
    1018: "7702203276",
    1048: 'ООО "РОМАШКА"',
    1187: "Магазин",
    1062: 1,
    1117: "receipt@ofd.example",
    1057: 0,
    1017: "7700000000",
    1046: "ТЕСТОВЫЙ ОФД",
    1060: "www.nalog.gov.ru",
    1036: "",
    1001: False,
    1002: False,
    1056: False,
    1108: False,
    1109: False,
    1110: False,
    1126: False,
    1193: False,
    1207: False,
    1221: False,
    1209: 2,
}
"""Requisites by tag; 1037 depends on the till's serial number."""


def first_registration(driver: Driver, stage: Stage) -> None:
    """A till from the factory is registered (E8, A6), opens a shift and sells"""
    queries.ask(driver, "DT_SERIAL_NUMBER")
    number = registration_number(5, str(OWNER[1018]), driver.text("SERIAL_NUMBER"))
    _operate(driver, stage, "FNOP_REGISTRATION", {**OWNER, 1037: number}, "FN_DOC_REGISTRATION")
    queries.registration_reads_back(driver, stage)
    day.shift_opens(driver, stage)
    day.sale_with_change(driver, stage)
    day.z_report(driver, stage)


def re_registration(driver: Driver, stage: Stage) -> None:
    """Changed parameters (A6 with a reason): the new address is the one registered"""
    _adopt(driver, stage)
    queries.ask_fn(driver, "FNDT_REG_INFO")
    held = {tag: driver.text(tag) for tag in (1018, 1037)}
    changed: dict[int, Value] = {**OWNER, **held, 1009: "г. Тверь, ул. Новая, д. 2", 1101: 4}
    _operate(driver, stage, "FNOP_CHANGE_PARAMETERS", changed, "FN_DOC_REREGISTRATION")
    queries.ask_fn(driver, "FNDT_TAG_VALUE", TAG_NUMBER=1009)
    equal("address", driver.text("TAG_VALUE"), changed[1009])


def archive_closes(driver: Driver, stage: Stage) -> None:
    """«Закрытие архива ФН» (A7): afterwards no shift opens, and the documents can still be read"""
    _adopt(driver, stage)
    _operate(driver, stage, "FNOP_CLOSE_ARCHIVE", {}, "FN_DOC_CLOSE_FN")
    queries.ask_fn(driver, "FNDT_FN_INFO")
    true("the fiscal mode is over", driver.integer("FN_STATE") != driver.names.FNS_FISCAL_MODE)
    true("no shift opens any more", driver.refusal("open_shift") is not None)
    document(driver, 1)


def fn_is_replaced(driver: Driver, stage: Stage) -> None:
    """Another FN in the slot (A6 without a reason): the till trades on with it"""
    archive_closes(driver, stage)
    queries.ask_fn(driver, "FNDT_REG_INFO")
    held = {tag: driver.text(tag) for tag in (1018, 1037)}
    stage.hands("fn", "swap")
    stage.ledger.last_document = 0
    _operate(driver, stage, "FNOP_CHANGE_FN", {**OWNER, **held}, "FN_DOC_REREGISTRATION")
    day.shift_opens(driver, stage)
    day.sale_with_change(driver, stage)


def _adopt(driver: Driver, stage: Stage) -> None:
    stage.ledger.last_document = queries.last_document(driver)


def _operate(driver: Driver, stage: Stage, operation: str, requisites: dict[int, Value], document_type: str) -> None:
    driver.call("operator_login", receipts.CASHIER)
    driver.call("fn_operation", requisites, FN_OPERATION_TYPE=getattr(driver.names, operation))
    stage.ledger.last_document += 1
    equal("last document", queries.last_document(driver), stage.ledger.last_document)
    made, _ = document(driver, stage.ledger.last_document)
    equal("document type", made, getattr(driver.names, document_type))
