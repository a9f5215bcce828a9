"""Composition of fiscal documents in FFD 1.05, as data: which requisites stand in which document or structure.

Keys are tags: a document is an STLV like any other, its tag is its code. Numbers as in the order, so that a row can be
compared with its table. Source: FNS order ЕД-7-20/662@, appendix 2, tables 15-33 (electronic form).
"""

from dataclasses import dataclass

from protocol.ffd.tags import T


@dataclass(frozen=True, slots=True)
class Composition:
    """Requisites of one STLV. Conditional ones are mandatory in circumstances (those that show are in ``rules``)."""

    mandatory: frozenset[int] = frozenset()
    conditional: frozenset[int] = frozenset()
    optional: frozenset[int] = frozenset()

    @property
    def known(self) -> frozenset[int]:
        """All requisites that may stand there."""
        return self.mandatory | self.conditional | self.optional


def row(mandatory: str = "", conditional: str = "", optional: str = "") -> Composition:
    """A composition of tags that are written as in the tables."""
    return Composition(*(frozenset(map(int, tags.split())) for tags in (mandatory, conditional, optional)))


_REGISTRATION_MANDATORY = (
    "1209 1048 1018 1012 1037 1002 1221 1110 1056 1001 1108 1013 1021 1009 1187 1188 1189 1040 1041 1077"
)
_REGISTRATION_OPTIONAL = "1062 1207 1213 1109 1193 1126 1057 1203 1190"
_RECEIPT_MANDATORY = "1209 1042 1012 1038 1054 1055 1037 1020 1031 1081 1215 1216 1217 1040 1041 1077"
_VAT = "1102 1103 1104 1105 1106 1107"

_RECEIPT = row(
    f"{_RECEIPT_MANDATORY} 1059",
    f"1021 1036 1009 1187 1008 {_VAT} 1117 1057 1044 1026 1005 1016 1060",
    "1048 1018 1227 1228 1203 1108 1073 1074 1075 1171 1192 1084",
)
_CORRECTION = row(
    f"{_RECEIPT_MANDATORY} 1174",
    f"1021 1009 1187 {_VAT}",
    "1048 1018 1227 1228 1203 1173 1036 1008 1059 1108 1117 1057 1073 1074 1075 1044 1026 1005 1016 1171 1060 1192"
    " 1084",
)

COMPOSITIONS: dict[int, Composition] = {
    # registration, re-registration
    1: row(_REGISTRATION_MANDATORY, "1036 1060 1117 1017 1046", _REGISTRATION_OPTIONAL),
    11: row(_REGISTRATION_MANDATORY, "1036 1060 1117 1017 1046 1101", _REGISTRATION_OPTIONAL),
    # shift opening
    2: row("1209 1018 1012 1038 1037 1188 1189 1040 1041 1077", "1021", "1203 1050 1051 1052 1053"),
    # state of settlements
    21: row("1209 1018 1012 1037 1040 1041 1077", "1038 1002 1116 1097 1098"),
    # receipt, strict form and their corrections
    3: _RECEIPT,
    4: _RECEIPT,
    31: _CORRECTION,
    41: _CORRECTION,
    # shift closing
    5: row(
        "1209 1018 1012 1038 1037 1118 1111 1040 1041 1077", "1021 1097 1098 1050 1051 1052 1053", optional="1203 1213"
    ),
    # closing of the FN
    6: row("1209 1048 1018 1012 1038 1037 1040 1041 1077", "1021 1009 1187", "1203"),
    # the operator's confirmation
    7: row("1017 1041 1040 1012 1078", "1068"),
    # structures
    T.ITEM: row("1043", "1214 1226 1030 1162 1079 1023 1199", "1212 1222 1223 1224 1197 1229 1230 1231 1198 1200 1191"),
    T.AGENT_DATA: row(optional="1075 1044 1073 1074 1026 1005 1016"),
    T.SUPPLIER_DATA: row(optional="1171 1225"),
    T.CORRECTION_BASE: row("1179", "1178", "1177"),  # 1177 was there before the order, real drivers still bring it
    T.USER_REQUISITE: row(optional="1085 1086"),
    T.MESSAGE_TO_FN: row("1022"),
}
"""Composition by the tag of the STLV."""

ALLOWED_VALUES: dict[int, frozenset[int]] = {
    **dict.fromkeys((1001, 1002, 1056, 1108, 1109, 1110, 1126, 1193, 1207, 1221, 1173), frozenset((0, 1))),
    # warnings of the FN are written only when they are set
    **dict.fromkeys((1050, 1051, 1052, 1053), frozenset((1,))),
    T.OFD_ANSWER_CODE: frozenset((0, 11, 14)),
    T.OPERATION: frozenset(range(1, 5)),
    T.TAX_SYSTEM: frozenset(1 << bit for bit in range(6)),
    T.TAX_SYSTEMS: frozenset(range(1, 1 << 6)),
    T.RE_REGISTRATION_REASON: frozenset(range(1, 5)),
    T.KKT_FFD_VERSION: frozenset((2, 3, 4)),
    T.FN_FFD_VERSION: frozenset((3, 4)),
    # 7..12 are VAT rates of editions after FFD 1.05 that keep its number
    T.VAT_RATE: frozenset(range(1, 13)),
    T.ITEM_TYPE: frozenset(range(1, 27)),
    T.SETTLEMENT_METHOD: frozenset(range(1, 8)),
}
"""Values a number may take, where the order lists them (appendix 2, tables 12-26, 34)."""
