"""Requisites of fiscal documents: what each tag is called, how it is encoded, how long it may be.

The table is ``data/ffd_tags.toml`` (its head names the sources). It is read on first use, so that a command line that
never touches a document does not pay for it. ``T`` gives names to the tags that code mentions; the rest are numbers.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

UNLIMITED = 0xFFFF
"""``Tag.max_len`` where no limit is known: the largest length that a TLV header can tell."""


class Kind(StrEnum):
    """Wire format of a value (FNS order ЕД-7-20/662@, appendix 2, tables 1 and 2)."""

    BYTE = "byte"
    UINT16 = "uint16"
    UINT32 = "uint32"
    VLN = "vln"
    FVLN = "fvln"
    UNIX_TIME = "unix_time"
    TEXT = "text"
    BITS = "bits"
    BYTES = "bytes"
    STLV = "stlv"


class FormedBy(StrEnum):
    """Who puts a requisite into a document. EITHER: the KKT or the FN, depending on the registration command."""

    KKT = "kkt"
    FN = "fn"
    OFD = "ofd"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Tag:
    """«Реквизит»: one row of the table. ``max_len`` in bytes; ``fixed`` means exactly that many."""

    number: int
    name_ru: str
    json_name: str
    kind: Kind
    max_len: int
    fixed: bool
    repeatable: bool
    formed_by: FormedBy


@cache
def _table() -> dict[int, Tag]:
    text = files("protocol").joinpath("data", "ffd_tags.toml").read_text(encoding="utf-8")
    return {int(number): _tag(int(number), row) for number, row in tomllib.loads(text).items()}


def _tag(number: int, row: dict[str, Any]) -> Tag:
    return Tag(
        number=number,
        name_ru=row["name"],
        json_name=row.get("json", ""),
        kind=Kind(row["kind"]),
        max_len=row.get("max", UNLIMITED),
        fixed=row.get("fixed", False),
        repeatable=row.get("repeats", False),
        formed_by=FormedBy(row.get("by", FormedBy.KKT)),
    )


class _Tags(Mapping[int, Tag]):
    """The table as a mapping that is loaded when first asked."""

    def __getitem__(self, number: int) -> Tag:
        return _table()[number]

    def __iter__(self) -> Iterator[int]:
        return iter(_table())

    def __len__(self) -> int:
        return len(_table())


TAGS: Mapping[int, Tag] = _Tags()
"""Every known tag by its number, documents (1..41) included; unknown numbers raise KeyError."""


class T(IntEnum):
    """Numbers of the tags that code mentions. The official names are in ``TAGS``."""

    AUTOMATIC_MODE = 1001
    AUTONOMOUS_MODE = 1002
    TRANSFER_OPERATOR_ADDRESS = 1005
    BUYER_CONTACT = 1008
    SETTLEMENT_ADDRESS = 1009
    DATE_TIME = 1012
    SERIAL_NUMBER = 1013
    TRANSFER_OPERATOR_INN = 1016
    OFD_INN = 1017
    USER_INN = 1018
    TOTAL = 1020
    CASHIER = 1021
    OFD_ANSWER_CODE = 1022
    QUANTITY = 1023
    TRANSFER_OPERATOR_NAME = 1026
    ITEM_NAME = 1030
    CASH = 1031
    MACHINE_NUMBER = 1036
    REGISTRATION_NUMBER = 1037
    SHIFT_NUMBER = 1038
    DOCUMENT_NUMBER = 1040
    FN_NUMBER = 1041
    RECEIPT_NUMBER = 1042
    ITEM_SUM = 1043
    PAYMENT_AGENT_OPERATION = 1044
    OFD_NAME = 1046
    USER_NAME = 1048
    FN_EXHAUSTED = 1050
    FN_REPLACE_URGENTLY = 1051
    FN_MEMORY_FULL = 1052
    OFD_TIMEOUT = 1053
    OPERATION = 1054
    TAX_SYSTEM = 1055
    ENCRYPTION = 1056
    AGENT = 1057
    ITEM = 1059
    FNS_SITE = 1060
    TAX_SYSTEMS = 1062
    MESSAGE_TO_FN = 1068
    PAYMENT_AGENT_PHONE = 1073
    RECEIVING_OPERATOR_PHONE = 1074
    TRANSFER_OPERATOR_PHONE = 1075
    FISCAL_SIGN = 1077
    OFD_SIGN = 1078
    PRICE = 1079
    ELECTRONIC = 1081
    USER_REQUISITE = 1084
    USER_REQUISITE_NAME = 1085
    USER_REQUISITE_VALUE = 1086
    UNSENT_DOCUMENTS = 1097
    FIRST_UNSENT_DATE = 1098
    RE_REGISTRATION_REASON = 1101
    VAT_20 = 1102
    VAT_10 = 1103
    VAT_0 = 1104
    VAT_NONE = 1105
    VAT_20_120 = 1106
    VAT_10_110 = 1107
    INTERNET_ONLY = 1108
    SERVICES = 1109
    STRICT_FORM_SYSTEM = 1110
    SHIFT_DOCUMENTS = 1111
    FIRST_UNSENT_NUMBER = 1116
    SENDER_EMAIL = 1117
    SHIFT_RECEIPTS = 1118
    LOTTERY = 1126
    FN_TOTALS = 1157
    UNSENT_TOTALS = 1158
    PRODUCT_CODE = 1162
    ITEM_CODE = 1163
    SUPPLIER_PHONE = 1171
    CORRECTION_TYPE = 1173
    CORRECTION_BASE = 1174
    CORRECTION_DATE = 1178
    CORRECTION_ORDER_NUMBER = 1179
    SETTLEMENT_PLACE = 1187
    KKT_VERSION = 1188
    KKT_FFD_VERSION = 1189
    FN_FFD_VERSION = 1190
    ITEM_REQUISITE = 1191
    RECEIPT_REQUISITE = 1192
    GAMBLING = 1193
    SHIFT_TOTALS = 1194
    UNIT = 1197
    UNIT_VAT = 1198
    VAT_RATE = 1199
    ITEM_VAT = 1200
    CASHIER_INN = 1203
    CHANGE_REASONS = 1205
    OPERATOR_MESSAGE = 1206
    EXCISE = 1207
    RECEIPT_SITE = 1208
    FFD_VERSION = 1209
    ITEM_TYPE = 1212
    KEY_RESOURCE = 1213
    SETTLEMENT_METHOD = 1214
    PREPAID = 1215
    CREDIT = 1216
    OTHER = 1217
    PRINTER_IN_MACHINE = 1221
    ITEM_AGENT = 1222
    AGENT_DATA = 1223
    SUPPLIER_DATA = 1224
    SUPPLIER_NAME = 1225
    SUPPLIER_INN = 1226
    BUYER_NAME = 1227
    BUYER_INN = 1228
    ITEM_EXCISE = 1229
    COUNTRY_CODE = 1230
    CUSTOMS_DECLARATION = 1231
    BUYER = 1256
    ITEM_INDUSTRY_REQUISITE = 1260
    RECEIPT_INDUSTRY_REQUISITE = 1261
    OPERATION_REQUISITE = 1270
    CONDITIONS = 1290
    FRACTION = 1291
    MARKING_CODE = 2000
    REQUEST_NUMBER = 2001
    NOTIFICATION_NUMBER = 2002
    PLANNED_STATUS = 2003
    CODE_CHECK = 2004
    GOODS_DATA = 2007
    CODE_MODE = 2102
    UNSENT_NOTIFICATIONS = 2104
    REQUEST_CODE = 2105
    MEASURE = 2108
    STATUS_ANSWER = 2109
    ASSIGNED_STATUS = 2110
    NOTIFICATION_CODE = 2111
    REQUEST_AT = 2114
