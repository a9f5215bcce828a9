"""The driver's JSON tasks (``process_json``): the way in which programs that know no C API use it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from . import queries
from .expect import CheckError, equal, true
from .fptr import Driver
from .receipts import Item, Receipt
from .stage import Stage

Task = dict[str, Any]

OPERATOR: Final = {"name": "Иванов И. И.", "vatin": "123456789047"}
BANANAS: Final = Item("Бананы", 73_15, tax="TAX_VAT20", requisites={1197: "кг"})
QUERIES: Final = {
    "getDeviceStatus": "deviceStatus",
    "getFnInfo": "fnInfo",
    "getRegistrationInfo": "organization",
    "ofdExchangeStatus": "status",
    "getShiftStatus": "shiftStatus",
    "getShiftTotals": "shiftTotals",
    "getOverallTotals": "overallTotals",
    "getFnStatus": "fnStatus",
    "getCashDrawerStatus": "cashDrawerStatus",
}
"""Type of a task that asks to a key its answer must have."""


def do(driver: Driver, task: Task) -> Task:
    """Run a task; return what it answered, an empty dictionary when nothing."""
    driver.call("process_json", JSON_DATA=json.dumps({"operator": OPERATOR, **task}, ensure_ascii=False))
    answer = driver.text("JSON_DATA")
    return dict(json.loads(answer)) if answer else {}


def shift_opens(driver: Driver, stage: Stage) -> None:
    """openShift tells number, sign and shift of the document"""
    stage.ledger.last_document = queries.last_document(driver)
    _made(stage, do(driver, {"type": "openShift"}))
    stage.ledger.open_shift(driver)


def sale(driver: Driver, stage: Stage) -> None:
    """sell: an item with a unit, a text line, a barcode, a total in whole roubles, cash with change"""
    sold = Receipt((BANANAS,), given_cash_kopecks=100_00, requisites={1008: "a@b.ru"}, rounding_kopecks=15)
    extras = [{"type": "text", "text": "---"}, {"type": "barcode", "barcode": "123", "barcodeType": "QR"}]
    contact = {"emailOrPhone": sold.requisites[1008]}
    task = _receipt("sell", driver, sold) | {"total": sold.total_kopecks / 100, "clientInfo": contact}
    task["items"] += extras
    _made(stage, do(driver, task))
    stage.ledger.last_document -= 1
    cheaper = replace(BANANAS, paid_kopecks=sold.total_kopecks)  # the discount is the only item's
    stage.ledger.book(replace(sold, items=(cheaper,), rounding_kopecks=0))


def refund(driver: Driver, stage: Stage) -> None:
    """sellReturn, back to the card"""
    returned = Receipt((BANANAS,), electronic_kopecks=73_15, type="RT_SELL_RETURN")
    _made(stage, do(driver, _receipt("sellReturn", driver, returned)))
    stage.ledger.last_document -= 1
    stage.ledger.book(returned)


def correction(driver: Driver, stage: Stage) -> None:
    """sellCorrection: no items, only sums and taxes"""
    corrected = Receipt((BANANAS,), given_cash_kopecks=73_15, type="RT_SELL_CORRECTION")
    task = _receipt("sellCorrection", driver, corrected)
    del task["items"]
    reason = {"correctionBaseDate": "2020.01.02", "correctionBaseNumber": "1", "correctionBaseName": "Сбой"}
    taxes = [{"type": "vat20", "sum": BANANAS.tax_kopecks / 100}]
    _made(stage, do(driver, task | reason | {"correctionType": "self", "taxes": taxes}))
    stage.ledger.last_document -= 1
    stage.ledger.book(corrected)


def money_moves(driver: Driver, stage: Stage) -> None:
    """cashIn and cashOut tell what is in the drawer then"""
    before = driver_cash(driver)
    stage.ledger.book_cash("cash-in", 100_00)
    equal("after cashIn", do(driver, {"type": "cashIn", "cashSum": 100.0})["counters"]["cashSum"], before + 100)
    stage.ledger.book_cash("cash-out", 30_00)
    equal("after cashOut", do(driver, {"type": "cashOut", "cashSum": 30.0})["counters"]["cashSum"], before + 70)


def driver_cash(driver: Driver) -> float:
    """What getCashDrawerStatus tells, in roubles."""
    return float(do(driver, {"type": "getCashDrawerStatus"})["counters"]["cashSum"])


def questions(driver: Driver, stage: Stage) -> None:
    """Every task that only asks is answered with what it is about"""
    for kind, key in QUERIES.items():
        if kind == "ofdExchangeStatus" and stage.model.is_evotor:
            _is_too_short(driver, {"type": kind})
            continue
        true(f"{kind} tells {key}", key in do(driver, {"type": kind}))
    info = do(driver, {"type": "getFnInfo"})["fnInfo"]
    equal("phase", info["livePhase"], "fiscalMode")
    totals = do(driver, {"type": "getShiftTotals"})["shiftTotals"]
    sells = totals["receipts"]["sell"]
    equal("sells of the shift", round(sells["sum"] * 100), stage.ledger.figures["RT_SELL total"])
    equal("cash", round(totals["cashDrawer"]["sum"] * 100), stage.ledger.figures["cash"])


def papers(driver: Driver, stage: Stage) -> None:
    """nonFiscal, reportX, copies, a document of the FN in JSON and on paper"""
    do(
        driver,
        {"type": "nonFiscal", "items": [{"type": "text", "text": "x", "doubleWidth": True}], "printFooter": True},
    )
    for kind in ("reportX", "printLastReceiptCopy", "continuePrint"):
        do(driver, {"type": kind})
    number = stage.ledger.last_document
    true("document", do(driver, {"type": "getFnDocument", "fiscalDocumentNumber": number, "withRawData": False}))
    do(driver, {"type": "printFnDocument", "fiscalDocumentNumber": number})
    equal("last document", queries.last_document(driver), number)


def settlement_state(driver: Driver, stage: Stage) -> None:
    """reportOfdExchangeStatus makes a document"""
    if stage.model.is_evotor:
        _is_too_short(driver, {"type": "reportOfdExchangeStatus"})
        return
    _made(stage, do(driver, {"type": "reportOfdExchangeStatus"}))


def shift_closes(driver: Driver, stage: Stage) -> None:
    """closeShift, and the figures of the whole day are the ledger's"""
    stage.ledger.compare(driver)
    _made(stage, do(driver, {"type": "closeShift"}))


def _is_too_short(driver: Driver, task: Task) -> None:
    """The driver does not understand register 2Bh of eight bytes."""
    refused = driver.refusal("process_json", JSON_DATA=json.dumps({"operator": OPERATOR, **task}))
    equal("code", refused and refused.code, driver.names.ERROR_INTERNAL)


def _receipt(kind: str, driver: Driver, receipt: Receipt) -> Task:
    queries.ask_fn(driver, "FNDT_REG_INFO")
    systems = driver.integer(1062)
    system = {1: "osn", 2: "usnIncome", 4: "usnIncomeOutcome", 32: "patent"}[systems & -systems]
    payments = [
        {"type": {"PT_CASH": "cash", "PT_ELECTRONICALLY": "electronically"}[form], "sum": kopecks / 100}
        for form, kopecks in receipt.payments.items()
    ]
    return {
        "type": kind,
        "taxationType": system,
        "items": [_item(item) for item in receipt.items],
        "payments": payments,
    }


def _item(item: Item) -> Task:
    roubles = {"price": item.price_kopecks / 100, "amount": item.total_kopecks / 100}
    kinds = {"paymentMethod": "fullPayment", "paymentObject": "commodity", "tax": {"type": "vat20"}}
    told = {"quantity": item.quantity_milli / 1000, "measurementUnit": item.requisites[1197], "department": 1}
    return {"type": "position", "name": item.name, **roubles, **told, **kinds}


def _made(stage: Stage, answer: Task) -> None:
    if "fiscalParams" not in answer:
        raise CheckError(f"no document: {answer}")
    stage.ledger.last_document += 1
    equal("document", answer["fiscalParams"]["fiscalDocumentNumber"], stage.ledger.last_document)
    true("it was printed", not answer.get("warnings", {}).get("notPrinted"))
