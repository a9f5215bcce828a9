"""Composition of fiscal documents in FFD 1.2, as data; and in FFD 1.1, as far as facts allow.

Source of FFD 1.2: the document structures of a public library, not checked against the order; what stands inside the
structures 1163, 1256, 1260, 1261, 1270 and 1291 follows from the names of the tags. FFD 1.1 is a guess: FFD 1.2
without what came with it (one mask of conditions, marked goods, industry requisites, additional requisites of
reports), with what FFD 1.05 had in its place.
"""

from protocol.ffd.composition import ALLOWED_VALUES, COMPOSITIONS, Composition, row
from protocol.ffd.tags import T

_REGISTRATION_MANDATORY = "1209 1012 1002 1037 1056 1001 1009 1187 1013 1021 1040 1041 1077 1188 1189 1048 1018"
_CONDITIONS = "1221 1110 1108 1207 1109 1193 1126"
_REGISTRATION_OPTIONAL = f"1290 {_CONDITIONS} 1057 1190 1213 1203 1062 1036 1117 1060 1274 1275"
_RECEIPT_MANDATORY = "1209 1042 1012 1038 1054 1055 1037 1020 1031 1081 1215 1216 1217 1040 1041 1077 1059"
_RECEIPT_OPTIONAL = (
    "1009 1187 1048 1018 1036 1008 1102 1103 1104 1105 1106 1107 1108 1125 1117 1057 1075 1044 1073 1074 1026 1005 1016"
    " 1060 1192 2107 1021 1203 1084 1261 1256 1270"
)
_EDITION_2025 = "1115 1234"
"""VAT by rate and electronic payments one by one: requisites of the edition of 2025."""
_TOTALS = "1134 1129 1130 1131 1132 1133"
_OPERATION_TOTALS = "1135 1136 1138 1139 1140 1141 1142 1143 1183 1201 1218 1219 1220"

_RECEIPT = row(_RECEIPT_MANDATORY, optional=f"{_RECEIPT_OPTIONAL} {_EDITION_2025}")
_CORRECTION = row(f"{_RECEIPT_MANDATORY} 1174", optional=f"{_RECEIPT_OPTIONAL} 1173 {_EDITION_2025}")

COMPOSITIONS_1_2: dict[int, Composition] = {
    # registration, re-registration
    1: row(_REGISTRATION_MANDATORY, optional=f"{_REGISTRATION_OPTIONAL} 1046 1017"),
    11: row(f"{_REGISTRATION_MANDATORY} 1046 1017", optional=f"{_REGISTRATION_OPTIONAL} 1205 1101 1157"),
    # shift opening
    2: row(
        "1209 1018 1012 1038 1037 1040 1041 1077 1188 1189",
        optional="1048 1009 1187 1021 1203 1050 1051 1052 1053 1206 1276 1277",
    ),
    # state of settlements
    21: row(
        "1209 1018 1012 1037 1040 1041 1077",
        optional="1213 1048 1009 1187 1038 1002 1116 1097 1098 2104 1280 1281 1157 1158",
    ),
    # receipt, strict form and their corrections
    3: _RECEIPT,
    4: _RECEIPT,
    31: _CORRECTION,
    41: _CORRECTION,
    # shift closing
    5: row(
        "1209 1012 1038 1037 1118 1111 1040 1041 1077 1018",
        optional="1213 1157 1194 1203 1048 1021 1009 1187 1050 1051 1052 1053 1206 1097 1098 2104 2112 2113 1278 1279",
    ),
    # closing of the FN
    6: row("1209 1018 1012 1038 1037 1040 1041 1077", optional="1048 1009 1187 1157 1203 1021 1282 1283"),
    # the operator's confirmation
    7: COMPOSITIONS[7],
    # structures
    T.ITEM: row(
        "1043 1079 1023",
        optional="1030 1214 1212 1191 1222 1197 1226 2108 2115 2102 2106 1230 1231 1198 1229 1199 1200 1162 1163 1224"
        " 1223 1291 1260",
    ),
    T.AGENT_DATA: COMPOSITIONS[T.AGENT_DATA],
    T.SUPPLIER_DATA: COMPOSITIONS[T.SUPPLIER_DATA],
    T.CORRECTION_BASE: row("1178 1179"),
    T.USER_REQUISITE: COMPOSITIONS[T.USER_REQUISITE],
    T.MESSAGE_TO_FN: COMPOSITIONS[T.MESSAGE_TO_FN],
    T.ITEM_CODE: row(optional="1300 1301 1302 1303 1304 1305 1306 1307 1308 1309 1320 1321 1322 1323 1324 1325"),
    T.BUYER: row(optional="1227 1228 1243 1244 1245 1246 1254"),
    T.ITEM_INDUSTRY_REQUISITE: row("1262 1263 1264 1265"),
    T.RECEIPT_INDUSTRY_REQUISITE: row("1262 1263 1264 1265"),
    T.OPERATION_REQUISITE: row("1271 1272 1273"),
    T.FRACTION: row("1292 1293 1294"),
    1234: row("1235"),
    1235: row("1082 1236 1237", optional="1238"),
    # counters that the FN forms
    T.FN_TOTALS: row(optional=_TOTALS),
    T.SHIFT_TOTALS: row(optional=_TOTALS),
    T.UNSENT_TOTALS: row(optional="1134 1144 1145 1146 1232 1233"),
    **dict.fromkeys((1129, 1130, 1131, 1132), row(optional=_OPERATION_TOTALS)),
    1133: row(optional="1144 1145 1146 1232 1233"),
    **dict.fromkeys((1145, 1146, 1232, 1233), row(optional="1135 1144 1201")),
}
"""Composition in FFD 1.2 by the tag of the STLV."""

_SINCE_1_2 = row(
    "1290 1274 1275 1276 1277 1278 1279 1280 1281 1282 1283 1125 1256 1260 1261 1270 1291 1163 2102 2104 2106 2107 2108"
    " 2112 2113 2115 1115 1234"
).known
_UNTIL_1_1: dict[int, Composition] = {
    **dict.fromkeys((1, 11), row(f"{_CONDITIONS} 1056")),
    **dict.fromkeys((3, 4, 31, 41), row(optional="1171 1227 1228")),
}
"""What FFD 1.2 has in another form."""


def _of_1_1(structure: int, newer: Composition) -> Composition:
    older = _UNTIL_1_1.get(structure, Composition())
    optional = (newer.optional - _SINCE_1_2 | older.optional) - older.mandatory
    return Composition(newer.mandatory | older.mandatory, newer.conditional, optional)


COMPOSITIONS_1_1: dict[int, Composition] = {
    structure: _of_1_1(structure, newer) for structure, newer in COMPOSITIONS_1_2.items() if structure not in _SINCE_1_2
}
"""Composition in FFD 1.1 by the tag of the STLV."""

ALLOWED_VALUES_1_2: dict[int, frozenset[int]] = {
    **ALLOWED_VALUES,
    # 27 cash given out, 30..33 excise and other goods without and with a code
    T.ITEM_TYPE: frozenset((*range(1, 28), *range(30, 34))),
    T.MEASURE: frozenset((0, *range(10, 13), *range(20, 23), *range(30, 33), *range(40, 43), 50, 51))
    | frozenset((*range(70, 74), *range(80, 84), 255)),
}
"""Values a number may take since FFD 1.1; those of 1212 and 2108 from a fiscal register's XML protocol."""
