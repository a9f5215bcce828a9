"""Every data query, FN query and setting the driver knows, asked one after the other.

Nothing is compared here: a figure's value is looked at elsewhere. What matters is that the till answers in a layout
that the driver can read, and that what it does not have it refuses as unknown.
"""

from __future__ import annotations

from typing import Final

from .expect import CheckError, equal
from .fptr import Driver
from .stage import Stage

PARAMETERS: Final = {
    "RECEIPT_TYPE": 1,
    "PAYMENT_TYPE": 0,
    "TAX_TYPE": 7,
    "PICTURE_NUMBER": 1,
    "COUNTER_TYPE": 0,
    "STEP_COUNTER_TYPE": 0,
    "POWER_SOURCE_TYPE": 0,
    "UNIT_TYPE": 0,
    "LICENSE_NUMBER": 1,
}
ANSWERED: Final = (
    *("STATUS", "CASH_SUM", "UNIT_VERSION", "REGISTRATIONS_SUM", "REGISTRATIONS_COUNT", "PAYMENT_SUM", "CASHIN_SUM"),
    *("CASHIN_COUNT", "CASHOUT_SUM", "CASHOUT_COUNT", "REVENUE", "DATE_TIME", "SHIFT_STATE", "RECEIPT_STATE"),
    *("SERIAL_NUMBER", "MODEL_INFO", "RECEIPT_LINE_LENGTH", "ENVD_MODE", "SHIFT_TAX_SUM", "RECEIPT_TAX_SUM"),
    *("NON_NULLABLE_SUM", "RECEIPT_COUNT", "CANCELLATION_COUNT_ALL", "CANCELLATION_SUM", "CANCELLATION_SUM_ALL"),
    *("CANCELLATION_COUNT", "NON_NULLABLE_SUM_BY_PAYMENTS", "PRINTER_TEMPERATURE", "DEVICE_UPTIME"),
    *("RECEIPT_BYTE_COUNT", "DISCOUNT_AND_SURCHARGE_SUM", "LK_USER_CODE", "LAST_SENT_OFD_DOCUMENT_DATE_TIME"),
    *("SHORT_STATUS", "SHIFT_TOTALS", "STEP_RESOURCE", "TERMAL_RESOURCE", "POWER_SOURCE_STATE"),
)
OF_SOME_MODELS: Final = ("CUTTER_RESOURCE", "MAC_ADDRESS", "PICTURE_INFO", "PICTURES_ARRAY_INFO")
NOT_OF_THIS_PLATFORM: Final = (
    *("FATAL_STATUS", "ETHERNET_INFO", "SCRIPTS_INFO", "WIFI_INFO", "FONT_INFO", "SOFTLOCK_STATUS"),
)
"""What the driver itself refuses to ask of a till of this generation."""
FN_ANSWERED: Final = (
    *("TAG_VALUE", "OFD_EXCHANGE_STATUS", "FN_INFO", "LAST_REGISTRATION", "LAST_RECEIPT", "LAST_DOCUMENT", "SHIFT"),
    *("FFD_VERSIONS", "VALIDITY", "REG_INFO", "DOCUMENTS_COUNT_IN_SHIFT", "DOCUMENT_BY_NUMBER"),
)
SETTINGS: Final = range(60)
FEWEST_SETTINGS: Final = 30


def data_queries(driver: Driver, stage: Stage) -> None:
    """Every ``query_data`` is answered; what this generation lacks is refused as unknown"""
    names = driver.names
    wrong = {name: _code(driver, "query_data", DATA_TYPE=getattr(names, f"DT_{name}")) for name in ANSWERED}
    equal("refused queries", {name: code for name, code in wrong.items() if code}, {})
    absent = names.ERROR_PICTURE_NOT_FOUND, names.ERROR_INVALID_FIELD_NUMBER
    for name in OF_SOME_MODELS:
        code = _code(driver, "query_data", DATA_TYPE=getattr(names, f"DT_{name}"))
        if code not in (names.OK, names.ERROR_NOT_SUPPORTED, *absent):
            raise CheckError(f"{name} is answered with {code}")
    got = {name: _code(driver, "query_data", DATA_TYPE=getattr(names, f"DT_{name}")) for name in NOT_OF_THIS_PLATFORM}
    equal("queries of other platforms", got, dict.fromkeys(NOT_OF_THIS_PLATFORM, names.ERROR_NOT_SUPPORTED))


def fn_queries(driver: Driver, stage: Stage) -> None:
    """Every ``fn_query_data`` of this generation is answered"""
    for name in FN_ANSWERED:
        kind = getattr(driver.names, f"FNDT_{name}")
        driver.call("fn_query_data", FN_DATA_TYPE=kind, TAG_NUMBER=1048, DOCUMENT_NUMBER=1)


def settings(driver: Driver, stage: Stage) -> None:
    """Every setting the driver knows of a till (46) is read, or the till has no such field"""
    names = driver.names
    permitted = {names.OK, names.ERROR_NOT_SUPPORTED, names.ERROR_INVALID_FIELD_NUMBER}
    got = {number: _code(driver, "read_device_setting", SETTING_ID=number) for number in SETTINGS}
    equal("settings", {number: code for number, code in got.items() if code not in permitted}, {})
    read = sum(code == names.OK for code in got.values())
    if read < FEWEST_SETTINGS and not stage.model.is_evotor:
        raise CheckError(f"only {read} settings could be read")


def raw_commands(driver: Driver, stage: Stage) -> None:
    """Raw commands: the answer comes back as bytes"""
    for command, answer in (("45", "55"), ("910A0000", "5500"), ("A430", "5500"), ("9D01", "5500")):
        driver.call("run_command", COMMAND_BUFFER=bytes.fromhex(command))
        equal(f"answer to {command}", driver.octets("ANSWER_BUFFER")[: len(answer) // 2].hex(), answer)


def _code(driver: Driver, method: str, **parameters: int) -> int:
    refused = driver.refusal(method, **{**PARAMETERS, **parameters} if method == "query_data" else parameters)
    return refused.code if refused else int(driver.names.OK)
