"""Words for numbers that people meet in several places: modes of the till, phases of the FN. Costs nothing to import.

Sources: ATOL protocol 3.1, «Режим ККТ»; FNS, «Описание интерфейса ФН» 1.2, «Фаза жизни ФН».
"""

MODES = (
    "выбор",
    "регистрация",
    "отчёты без гашения",
    "отчёты с гашением",
    "программирование",
    "ввод ЗН",
    "доступ к ФН",
)
"""«Режим ККТ»: low nibble of the mode byte."""
PHASES = {
    1: "готовность / ready",
    3: "фискальный / fiscal",
    7: "постфискальный / post-fiscal",
    15: "чтение архива / archive",
}
"""«Фаза жизни ФН»."""


def mode(value: int) -> str:
    """``1 регистрация``, ``1.4 регистрация``: mode and submode of a mode byte."""
    number, submode = value & 0x0F, value >> 4
    name = MODES[number] if number < len(MODES) else "дополнительный"
    return f"{number}.{submode} {name}" if submode else f"{number} {name}"


def phase(value: int) -> str:
    """``3 фискальный / fiscal``."""
    return f"{value} {PHASES[value]}" if value in PHASES else str(value)
