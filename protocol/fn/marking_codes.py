"""The vocabulary of the marking commands (B0h-BFh, D0h-D7h): states, flags, kinds of codes and of messages.

Source: public clients of FN-1.2.
"""

from enum import IntEnum, IntFlag


class MarkingMessage(IntEnum):
    """«Код формы» of a message about goods with codes: the tag of its STLV (public readers of FN archives)."""

    CODE_REQUEST = 81
    NOTIFICATION = 82
    CODE_ANSWER = 83
    NOTIFICATION_ANSWER = 84


class CodeState(IntEnum):
    """«Состояние проверки КМ»: byte 0 of the answer to B0h."""

    TABLE_FULL = 0
    NONE = 1
    GIVEN = 2
    ASKED = 3
    ANSWERED = 4


class NotificationState(IntEnum):
    """«Состояние формирования уведомления»: byte 1 of the answer to B0h."""

    NONE = 0
    BEGUN = 1
    BLOCKED = 2


class Allowed(IntFlag):
    """«Разрешённые команды»: byte 2 of the answer to B0h; B7h by its sub-command."""

    NONE = 0
    CHECK_CODE = 0x01
    KEEP_CODE = 0x02
    FORGET_CODES = 0x04
    BUILD_CODE_REQUEST = 0x08
    PUT_CODE_ANSWER = 0x10
    ADD_GOODS = 0x20
    ADD_ITEM = 0x40
    ADD_MORE = 0x80


class CodeType(IntEnum):
    """«Тип кода маркировки», tag 2100 and the first byte of B1h."""

    UNKNOWN = 0
    SHORT = 1
    CHECK_88 = 2
    CHECK_44_NOT_BY_FN = 3
    CHECK_44 = 4
    CHECK_4_NOT_BY_FN = 5


CHECK_CODE_SIZES: dict[int, int] = {CodeType.CHECK_88: 88, CodeType.CHECK_44: 44}
"""Characters of the check code by the types that an FN can check: those that tell where it stands."""


class Unchecked(IntEnum):
    """«Причина, по которой КМ не проверен»: byte 1 of the answer to B1h."""

    CHECKED = 0
    NOT_BY_FN = 1
    NO_KEY = 2
    NO_CHECK_CODE = 3
    OTHER = 4


class CheckFlag(IntFlag):
    """«Результат проверки КМ»: bits 0 and 1 are 2004, all are 2106."""

    NONE = 0
    CHECKED = 0x01
    POSITIVE = 0x02
    ASKED = 0x04
    STATUS_RIGHT = 0x08
    AUTONOMOUS = 0x10


class GoodsData(IntEnum):
    """«Вид данных»: the first byte of B7h."""

    GOODS = 1
    ITEM = 2
    MORE = 3


class ExchangeState(IntEnum):
    """«Состояние обмена с ОИСМ»: byte 0 of the answer to BAh."""

    NONE = 0
    READING = 1
    WAITING = 2


class KeyAnswerKind(IntEnum):
    """What the key service says: here are the keys, no, or ask once more for the rest. A stand-in."""

    KEYS = 0
    REFUSED = 1
    REPEAT = 2
