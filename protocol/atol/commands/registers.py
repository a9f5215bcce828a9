"""Chapter «Регистры»: 91h and the layout of every register we know. Source: ATOL protocol 3.1, command 91.

A register has one or more layouts: the manual's first, then those that real models were seen to answer (they differ
in width). A model's data file names the width it uses; a reader of an answer takes the layout of its length.
"""

from collections.abc import Mapping
from typing import Any

from construct import Byte, Bytes, Const, Construct, ConstructError, Int16ub, Struct

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.fields import BYTE, FieldError, bcd, optional_date_time

SUM7 = Struct("sum_kopecks" / bcd(7))
SUM6 = Struct("sum_kopecks" / bcd(6))
FORMATS = ("kkt_ffd" / Byte, "fn_ffd" / Byte, "ffd" / Byte)
EXCHANGE = ("network_error" / Byte, "ofd_error" / Byte, "fn_error" / Byte)

REGISTERS: dict[int, tuple[str, tuple[Construct, ...]]] = {
    0x01: ("Сумма регистраций", (SUM6,)),
    0x03: ("Сумма платежей", (SUM6, SUM7)),
    0x04: ("Сумма внесений", (SUM6, SUM7)),
    0x05: ("Сумма выплат", (SUM6, SUM7)),
    0x06: ("Количество регистраций", (Struct("count" / bcd(2)),)),
    0x08: ("Количество внесений", (Struct("count" / bcd(2)),)),
    0x09: ("Количество выплат", (Struct("count" / bcd(2)),)),
    0x0A: ("Наличность в кассе", (SUM7,)),
    0x0B: ("Выручка", (Struct("sign" / Byte, "sum_kopecks" / bcd(6)),)),
    0x0C: ("Сменный итог", (SUM7,)),
    0x11: ("Дата и время", (Struct("at" / optional_date_time(6)),)),
    0x12: ("Состояние и конец смены", (Struct("shift_is_open" / Byte, "ends_at" / optional_date_time(6)),)),
    0x13: (
        "Состояние чека",
        (Struct("mode" / Byte, "receipt_state" / Byte, "receipt_number" / bcd(2), "document_number" / bcd(4)),),
    ),
    0x14: (
        "Сумма чека",
        (Struct("sum_kopecks" / bcd(5), "remainder_kopecks" / bcd(5), "change_kopecks" / bcd(5)),),
    ),
    0x15: ("Номер закрытой смены", (Struct("closed_shifts" / bcd(2)),)),
    0x16: ("Заводской номер", (Struct("serial_number" / bcd(7)),)),
    0x17: ("Модель", (Struct("model" / Byte, "version" / bcd(1), "subversion" / bcd(1)),)),
    0x18: (
        "Ширина ленты",
        (
            Struct(
                "characters" / bcd(1),
                "pixels" / bcd(2),
                "reserve" / Bytes(3),
                "slip_characters" / bcd(1),
                "slip_pixels" / bcd(2),
            ),
        ),
    ),
    0x19: ("Размер пакета", (Struct("bytes" / Int16ub),)),
    0x1A: (
        "Перерегистрации",
        (Struct("registration_number" / bcd(1), "left" / bcd(1), "fn_term_ends" / optional_date_time(3)),),
    ),
    0x24: ("Версия модуля", (Struct("version" / bcd(1), "subversion" / bcd(1), "build" / bcd(2)),)),
    0x28: ("Необнуляемая сумма", (SUM7,)),
    0x2B: (
        "Ошибки обмена с ОФД",
        (
            Struct(*EXCHANGE, "document_number" / bcd(5), "fn_command" / Byte),
            Struct(*EXCHANGE, "document_number" / bcd(4), "fn_command" / Byte),
        ),
    ),
    0x2C: ("Непереданные документы", (Struct("unsent_documents" / bcd(3)),)),
    0x2D: ("Дата первого непереданного", (Struct("first_unsent_at" / optional_date_time(5)),)),
    0x2F: ("Номер и состояние ФН", (Struct("fn_number" / Bytes(16), "fn_phase" / Byte),)),
    0x30: ("Последняя регистрация", (Struct("document_number" / bcd(5), "at" / optional_date_time(5)),)),
    0x33: (
        "Последний чек",
        (
            Struct(
                "document_number" / bcd(5),
                "receipt_type" / Byte,
                "sum_kopecks" / bcd(7),
                "at" / optional_date_time(5),
                "fiscal_sign" / bcd(5),
                "reserve" / Const(bytes(3)),
            ),
        ),
    ),
    0x34: (
        "Последний фискальный документ",
        (Struct("document_number" / bcd(5), "at" / optional_date_time(5), "fiscal_sign" / bcd(5)),),
    ),
    0x35: ("Чеки и номер смены", (Struct("receipts" / bcd(3), "shift_number" / bcd(3)),)),
    0x36: (
        "Версии ФФД",
        (
            Struct(*FORMATS, "since" / optional_date_time(3), "minimum_kkt" / Byte, "minimum_fn" / Byte),
            Struct(*FORMATS, "since" / optional_date_time(3)),
            Struct(*FORMATS),
        ),
    ),
    0x37: (
        "Расширенный код ошибки",
        (Struct("command" / Int16ub, "error" / Int16ub, "data" / Bytes(4)),),
    ),
    0x39: ("Последний переданный документ", (Struct("last_sent_at" / optional_date_time(6)),)),
    0x3A: (
        "Документы",
        (Struct("since_reset" / bcd(5), "in_shift" / bcd(5), "shift_opening_document" / bcd(5)),),
    ),
    0x3B: ("Флаги ККТ", (Struct("flags" / Byte),)),
    0x3C: ("Сумма налога за смену", (SUM6,)),
    0x3D: ("Сумма налога чека", (Struct("sum_kopecks" / bcd(5)),)),
    0x41: ("Количество чеков", (Struct("closed_receipts" / bcd(5), "cancelled_receipts" / bcd(5)),)),
}
"""Number: (official name, layouts). Sums in kopecks; dates DD MM YY [hh mm [ss]] in BCD."""


def layout(register: int, width: int | None = None) -> Construct | None:
    """The layout of ``register`` that takes ``width`` bytes (None: the manual's); None when there is none."""
    if register not in REGISTERS:
        return None
    layouts = REGISTERS[register][1]
    if width is None:
        return layouts[0]
    return next((one for one in layouts if one.sizeof() == width), None)


@command(0x91, DATA)
class ReadRegister(Command):
    """«Считать регистр»."""

    register: int = on_wire(BYTE)
    first: int = on_wire(BYTE, default=0)
    second: int = on_wire(BYTE, default=0)

    def read_answer(self, data: bytes) -> Mapping[str, Any]:
        """Fields of the register by the layout that has this many bytes; empty for an unknown one."""
        fitting = layout(self.register, len(data))
        if fitting is None:
            return {}
        try:
            parsed = fitting.parse(data)
        except (ConstructError, FieldError):
            return {}
        return {name: value for name, value in parsed.items() if not name.startswith("_")}
