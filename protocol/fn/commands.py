"""The vocabulary of the FN exchange protocol: commands, answer codes, phases, flags and the date-time layout.

Sources: FNS, «Описание интерфейса ФН» 1.2; for the generations after it, public clients of the FN. The texts of the
answer codes are in ``errors.py``.
"""

from datetime import datetime, timedelta
from enum import IntEnum, IntFlag

WARNING_BIT = 0x80
"""Bit 7 of an answer's code: the command went as bits 0-6 say, and 30h shows a warning flag."""


class FnCommand(IntEnum):
    """«Команды ФН»: byte 3 of a request frame."""

    BEGIN_REGISTRATION = 0x02
    REGISTER = 0x03
    BEGIN_CLOSE_ARCHIVE = 0x04
    CLOSE_ARCHIVE = 0x05
    CANCEL_DOCUMENT = 0x06
    ADD_DATA = 0x07
    SHIFT_PARAMETERS = 0x10
    BEGIN_OPEN_SHIFT = 0x11
    OPEN_SHIFT = 0x12
    BEGIN_CLOSE_SHIFT = 0x13
    CLOSE_SHIFT = 0x14
    BEGIN_RECEIPT = 0x15
    COMMIT_RECEIPT = 0x16
    BEGIN_CORRECTION = 0x17
    BEGIN_SETTLEMENT = 0x18
    COMMIT_SETTLEMENT = 0x19
    EXCHANGE_STATUS = 0x20
    SET_TRANSPORT = 0x21
    BEGIN_MESSAGE = 0x22
    READ_MESSAGE = 0x23
    CANCEL_MESSAGE = 0x24
    END_MESSAGE = 0x25
    PUT_CONFIRMATION = 0x26
    STATUS = 0x30
    NUMBER = 0x31
    TERM = 0x32
    VERSION = 0x33
    REMAINING_LIFE = 0x34
    DIAGNOSTICS = 0x35
    TOTALS = 0x36
    OPERATION_TOTALS = 0x37
    SETTLEMENT_TOTALS = 0x38
    UNSENT_TOTALS = 0x39
    FFD_VERSIONS = 0x3A
    DAYS_LEFT = 0x3B
    ROOM_LEFT = 0x3D
    EXECUTION = 0x3F
    FIND_DOCUMENT = 0x40
    FIND_CONFIRMATION = 0x41
    UNSENT_COUNT = 0x42
    REGISTRATION_RESULT = 0x43
    REGISTRATION_REQUISITE = 0x44
    BEGIN_DOCUMENT_TLV = 0x45
    NEXT_DOCUMENT_TLV = 0x46
    NEXT_REGISTRATION_TLV = 0x47
    FIND_DOCUMENT_WITH_FORMAT = 0x50
    RESET = 0x60
    BEGIN_FULL_REGISTRATION = 0xA2
    REGISTER_FULLY = 0xA3
    DATA_RECEIVED = 0xA7
    SET_SPEED = 0xAB
    MARKING_STATUS = 0xB0
    CHECK_CODE = 0xB1
    KEEP_CODE = 0xB2
    FORGET_CODES = 0xB3
    BUILD_CODE_REQUEST = 0xB5
    PUT_CODE_ANSWER = 0xB6
    ADD_CODE_DATA = 0xB7
    NOTIFICATION_STATUS = 0xBA
    BEGIN_NOTIFICATION = 0xBB
    READ_NOTIFICATION = 0xBC
    CANCEL_NOTIFICATION = 0xBD
    END_NOTIFICATION = 0xBE
    PUT_NOTIFICATION_ANSWER = 0xBF
    BUILD_KEY_REQUEST = 0xD0
    PUT_KEY_ANSWER = 0xD1
    BEGIN_NOTIFICATION_DUMP = 0xD3
    SELECT_DUMPED_NOTIFICATION = 0xD4
    READ_DUMPED_NOTIFICATION = 0xD5
    CONFIRM_DUMPED_NOTIFICATION = 0xD6
    KEY_SERVICE = 0xD7


class FnCode(IntEnum):
    """«Коды ответа ФН»: bits 0-6 of byte 3 of an answer frame."""

    OK = 0x00
    BAD_FORMAT = 0x01
    WRONG_STATE = 0x02
    FAILURE = 0x03
    CRYPTO_FAILURE = 0x04
    TERM_OVER = 0x05
    ARCHIVE_FULL = 0x06
    BAD_DATE = 0x07
    NO_DATA = 0x08
    BAD_VALUE = 0x09
    WRONG_FFD = 0x0A
    TAG_NOT_ALLOWED = 0x0B
    DUPLICATE_TAG = 0x0C
    DATA_MISSING = 0x0D
    TOO_MANY_ITEMS = 0x0E
    TLV_TOO_LARGE = 0x10
    NO_TRANSPORT = 0x11
    RESOURCE_EXHAUSTED = 0x12
    STORAGE_EXHAUSTED = 0x14
    SEND_WAIT_EXCEEDED = 0x15
    SHIFT_TOO_LONG = 0x16
    BAD_TIME_STEP = 0x17
    BAD_REQUISITE = 0x18
    CONTRADICTS_REGISTRATION = 0x19
    OFD_REFUSED = 0x20
    KEY_SERVICE_REFUSED = 0x23
    KEY_SERVICE_UNKNOWN_ANSWER = 0x24
    KEY_UPDATE_REPEAT = 0x30
    MARKING_FORBIDDEN = 0x32
    MARKING_ORDER = 0x33
    MARKING_BLOCKED = 0x34
    MARKING_TABLE_FULL = 0x35
    MARKING_KEYS_TOO_OLD = 0x36
    MARKING_REQUISITES_MISSING = 0x3C
    MARKING_CODE_UNCHECKED = 0x3E


class OfdRefusal(IntEnum):
    """Data byte of code 20h: why the FN refuses a confirmation (FNS, «Описание интерфейса ФН» 1.2, table 64)."""

    SIGN = 1
    FORMAT = 2
    DOCUMENT_NUMBER = 3
    FN_NUMBER = 4
    CRC = 5
    LENGTH = 7


class Phase(IntEnum):
    """«Фаза жизни ФН»: a bit set, bits are added and never removed."""

    READY = 1
    FISCAL = 3
    POST_FISCAL = 7
    ARCHIVE_READ = 15


class CurrentDocument(IntEnum):
    """«Текущий документ»: byte 1 of the answer to 30h."""

    NONE = 0x00
    REGISTRATION = 0x01
    OPEN_SHIFT = 0x02
    RECEIPT = 0x04
    CLOSE_SHIFT = 0x08
    CLOSE_ARCHIVE = 0x10
    STRICT_FORM = 0x11
    FN_REPLACEMENT = 0x12
    RE_REGISTRATION = 0x13
    CORRECTION = 0x14
    STRICT_FORM_CORRECTION = 0x15
    SETTLEMENT = 0x17


class FnWarning(IntFlag):
    """«Флаги предупреждения»: byte 4 of the answer to 30h. Bits 0-3 are also tags 1051, 1050, 1052, 1053."""

    NONE = 0
    URGENT_REPLACEMENT = 0x01
    REPLACEMENT_30_DAYS = 0x02
    ARCHIVE_NEARLY_FULL = 0x04
    OFD_TIMEOUT = 0x08
    OFD_FORMAT_REFUSAL = 0x10
    OFD_SETUP_REQUIRED = 0x20
    OFD_ANNULLED = 0x40
    CRITICAL = 0x80


class RegistrationType(IntEnum):
    """«Тип отчёта»: argument of 02h."""

    REGISTRATION = 0
    FN_REPLACEMENT = 1
    RE_REGISTRATION = 2


class Operation(IntEnum):
    """«Признак расчёта»: argument of 16h and tag 1054."""

    SELL = 1
    SELL_RETURN = 2
    BUY = 3
    BUY_RETURN = 4


class WorkMode(IntFlag):
    """«Режим работы»: the flags of 03h and A3h (FNS, «Описание интерфейса ФН» 1.2, table 21).

    Bit 6 is bank agents on FN-1 and catering under FFD 1.2, bit 7 wholesale (public clients of FN-1.2).
    """

    NONE = 0
    ENCRYPTION = 0x01
    AUTONOMOUS = 0x02
    AUTOMATIC = 0x04
    SERVICES = 0x08
    STRICT_FORM = 0x10
    INTERNET = 0x20
    BANK_AGENT = 0x40
    CATERING = 0x40
    WHOLESALE = 0x80


class ExtendedMode(IntFlag):
    """«Расширенный режим работы»: the second flags of A3h (public clients of FN-1.2)."""

    NONE = 0
    EXCISE = 0x01
    GAMBLING = 0x02
    LOTTERY = 0x04
    PRINTER_IN_MACHINE = 0x08
    MARKED_GOODS = 0x10
    PAWNSHOP = 0x20
    INSURANCE = 0x40
    HAS_MACHINE = 0x80


class ExchangeFlag(IntFlag):
    """«Статус информационного обмена»: byte 0 of the answer to 20h."""

    NONE = 0
    TRANSPORT = 0x01
    MESSAGE_TO_SEND = 0x02
    WAITING_CONFIRMATION = 0x04
    OFD_COMMAND = 0x08
    OFD_SETTINGS_CHANGED = 0x10
    WAITING_COMMAND_ANSWER = 0x20


DATE_TIME_SIZE = 5
DATE_SIZE = 3
_EPOCH = datetime(1970, 1, 1)
_CENTURY = 2000


class DateTimeError(ValueError):
    """The bytes are no date and time of the FN."""


def pack_date_time(at: float | datetime) -> bytes:
    """DATE_TIME of the FN: YY MM DD hh mm, plain binary, from local civil time. Seconds are cut off.

    ``at``: naive datetime, or seconds since 1970-01-01 00:00 of local civil time; DateTimeError outside 2000..2099.
    """
    when = at if isinstance(at, datetime) else _EPOCH + timedelta(seconds=at)
    year = when.year - _CENTURY
    if not 0 <= year < 100:
        raise DateTimeError(f"the FN counts years 2000..2099, not {when.year}")
    return bytes((year, when.month, when.day, when.hour, when.minute))


def unpack_date_time(data: bytes) -> datetime:
    """Local civil time of DATE_TIME (5 bytes); DateTimeError when the bytes are no date."""
    if len(data) != DATE_TIME_SIZE:
        raise DateTimeError(f"DATE_TIME has 5 bytes, not {len(data)}")
    year, month, day, hour, minute = data
    if year >= 100:
        raise DateTimeError(f"year byte {year} of DATE_TIME is above 99")
    try:
        return datetime(_CENTURY + year, month, day, hour, minute)
    except ValueError as error:
        raise DateTimeError(f"{data.hex(' ')} is no date: {error}") from None
