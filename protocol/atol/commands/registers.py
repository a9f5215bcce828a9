"""Chapter «Регистры»: 91h and the layout of every register of 01h..47h. Source: ATOL protocol 3.1, command 91.

A register has one or more layouts: the manual's first, then those that real models were seen to answer (they differ
in width). A model's data file names the width it uses, 0 for a register it lacks; a reader of an answer takes the
layout of its length. Numbers between 01h and 47h that are not here are reserved: they are answered 6Ch.

Sums are in kopecks, numbers packed BCD, dates DD MM YY [hh mm [ss]] BCD. What ATOL's driver 10.8 reads decides where
the manual is silent: counters of wear and the temperature are binary, counters of wear little-endian (a real Evotor's
log agrees). Of its header: «CounterDimension», totals of 7 or of 9 bytes.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from construct import Byte, Bytes, Construct, ConstructError, Int16ub, Int32ul, Padding, Struct

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.fields import BYTE, FieldError, bcd, optional_date_time


class Register(NamedTuple):
    """«Регистр»: official name, layouts."""

    name: str
    layouts: tuple[Construct, ...]


RESERVED = frozenset(
    (0x02, 0x07, 0x0D, 0x0E, 0x0F, 0x10, *range(0x1C, 0x21), 0x25, 0x29, 0x31, 0x32, 0x3E, 0x40, 0x44, 0x45)
)
"""Numbers between 01h and 47h without a register: reserved, or of tills before the FN."""


def _sums(*widths: int) -> tuple[Construct, ...]:
    return tuple(Struct("sum_kopecks" / bcd(width)) for width in widths)


def _date_time(width: int, name: str = "at") -> Construct:
    return name / optional_date_time(width)


_MONEY = _sums(6, 7, 9)
_TOTAL = _sums(7, 9)
_COUNT = (Struct("count" / bcd(2)),)
_WEAR = (Struct("count" / Int32ul),)
_FORMATS = ("kkt_ffd" / Byte, "fn_ffd" / Byte, "ffd" / Byte)
_EXCHANGE = ("network_error" / Byte, "ofd_error" / Byte, "fn_error" / Byte)
_RECEIPT = ("mode" / Byte, "receipt_state" / Byte, "receipt_number" / bcd(2))
_POWER = ("flags" / Byte, "centivolts" / bcd(2))
_CHARACTERS = ("characters" / bcd(1), "pixels" / bcd(2))

REGISTERS: Mapping[int, Register] = {
    0x01: Register("Сумма регистраций", _MONEY),
    0x03: Register("Сумма платежей", _MONEY),
    0x04: Register("Сумма внесений", _MONEY),
    0x05: Register("Сумма выплат", _MONEY),
    0x06: Register("Количество регистраций", _COUNT),
    0x08: Register("Количество внесений", _COUNT),
    0x09: Register("Количество выплат", _COUNT),
    0x0A: Register("Наличность в кассе", _TOTAL),
    0x0B: Register("Выручка", tuple(Struct("sign" / Byte, "sum_kopecks" / bcd(width)) for width in (6, 8))),
    0x0C: Register("Сменный итог", _TOTAL),
    0x11: Register("Дата и время", (Struct(_date_time(6)),)),
    0x12: Register("Состояние и конец смены", (Struct("shift_is_open" / Byte, _date_time(6, "ends_at")),)),
    0x13: Register("Состояние чека", (Struct(*_RECEIPT, "document_number" / bcd(4)), Struct(*_RECEIPT))),
    0x14: Register(
        "Сумма чека",
        (Struct("sum_kopecks" / bcd(5), "remainder_kopecks" / bcd(5), "change_kopecks" / bcd(5)),),
    ),
    0x15: Register("Номер закрытой смены", (Struct("closed_shifts" / bcd(2)),)),
    0x16: Register("Заводской номер", (Struct("serial_number" / bcd(7)), Struct("serial_number" / bcd(4)))),
    0x17: Register("Модель", (Struct("model" / Byte, "version" / bcd(1), "subversion" / bcd(1)),)),
    0x18: Register(
        "Ширина ленты",
        (
            Struct(*_CHARACTERS, Padding(3), "slip_characters" / bcd(1), "slip_pixels" / bcd(2)),
            Struct(*_CHARACTERS),
        ),
    ),
    0x19: Register("Размер пакета", (Struct("bytes" / Int16ub),)),
    0x1A: Register(
        "Перерегистрации",
        (Struct("registration_number" / bcd(1), "left" / bcd(1), _date_time(3, "fn_term_ends")),),
    ),
    0x1B: Register("Дата регистрации", (Struct(Padding(13), _date_time(3, "registered_on")),)),
    0x21: Register("Количество отрезов", _WEAR),
    0x22: Register("Количество шагов двигателя", _WEAR),
    0x23: Register("Ресурс термоголовки", _WEAR),
    0x24: Register("Версия модуля", (Struct("version" / bcd(1), "subversion" / bcd(1), "build" / bcd(2)),)),
    0x26: Register("Состояние источника питания", (Struct(*_POWER, "charge_percent" / bcd(2)), Struct(*_POWER))),
    0x27: Register("Температура термоголовки", (Struct("celsius" / Byte),)),
    0x28: Register("Необнуляемая сумма", _TOTAL),
    0x2A: Register(
        "Скидки и надбавки за смену",
        tuple(Struct("discounts_kopecks" / bcd(width), "surcharges_kopecks" / bcd(width)) for width in (6, 7)),
    ),
    0x2B: Register(
        "Ошибки обмена с ОФД",
        tuple(Struct(*_EXCHANGE, "document_number" / bcd(width), "fn_command" / Byte) for width in (5, 4)),
    ),
    0x2C: Register("Непереданные документы", (Struct("unsent_documents" / bcd(3)),)),
    0x2D: Register("Дата первого непереданного", (Struct(_date_time(5, "first_unsent_at")),)),
    0x2E: Register("Сумма аннулирований", _TOTAL),
    0x2F: Register("Номер и состояние ФН", (Struct("fn_number" / Bytes(16), "fn_phase" / Byte),)),
    0x30: Register("Последняя регистрация", (Struct("document_number" / bcd(5), _date_time(5)),)),
    0x33: Register(
        "Последний чек",
        (
            Struct(
                "document_number" / bcd(5),
                "receipt_type" / Byte,
                "sum_kopecks" / bcd(7),
                _date_time(5),
                "fiscal_sign" / bcd(5),
                Padding(3),
            ),
        ),
    ),
    0x34: Register(
        "Последний фискальный документ",
        (Struct("document_number" / bcd(5), _date_time(5), "fiscal_sign" / bcd(5)),),
    ),
    0x35: Register("Чеки и номер смены", (Struct("receipts" / bcd(3), "shift_number" / bcd(3)),)),
    0x36: Register(
        "Версии ФФД",
        (
            Struct(*_FORMATS, _date_time(3, "since"), "minimum_kkt" / Byte, "minimum_fn" / Byte),
            Struct(*_FORMATS, _date_time(3, "since")),
            Struct(*_FORMATS),
        ),
    ),
    0x37: Register(
        "Расширенный код ошибки",
        (Struct("command" / Int16ub, "error" / Int16ub, "data" / Bytes(4)),),
    ),
    0x38: Register("Необнуляемая сумма по форме расчёта", _TOTAL),
    0x39: Register("Последний переданный документ", (Struct(_date_time(6, "last_sent_at")),)),
    0x3A: Register(
        "Документы",
        (Struct("since_reset" / bcd(5), "in_shift" / bcd(5), "shift_opening_document" / bcd(5)),),
    ),
    0x3B: Register("Флаги ККТ", (Struct("flags" / Byte),)),
    0x3C: Register("Сумма налога за смену", _MONEY),
    0x3D: Register("Сумма налога чека", _sums(5, 6, 7)),
    0x3F: Register("Отчёты в буфере", (Struct("reports" / bcd(1)),)),
    0x41: Register("Количество чеков", (Struct("closed_receipts" / bcd(5), "cancelled_receipts" / bcd(5)),)),
    0x42: Register("Размер открытого чека", (Struct("bytes" / bcd(5)),)),
    0x43: Register("Время работы ККТ", (Struct("seconds" / bcd(5)),)),
    0x46: Register("Предыдущая смена", (Struct(_date_time(6, "opened_at"), _date_time(6, "closed_at")),)),
    0x47: Register("Состояние мастера настройки", (Struct("state" / Byte),)),
}


def layout(register: int, width: int | None = None) -> Construct | None:
    """The layout of ``register`` that takes ``width`` bytes (None: the manual's); None when there is none."""
    if register not in REGISTERS:
        return None
    layouts = REGISTERS[register].layouts
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
