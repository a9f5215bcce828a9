"""What stands on the terminal's screen, line by line.

Documented (support articles): «Нет связи с ОФД», «Ожидают отправки», «Соединение с ОФД установлено», «Операция
невозможна», «Нет связи с кассой», «Ошибка при работе с кассой: (код) текст», «NNNN: не задан реквизит», «Неопознанная
ошибка», «(0) Нет ошибок», «Ответ ККМ». The rest is a guess.
"""

from datetime import datetime

from kktsim.terminal.driver import Refused
from protocol.atol.errors import describe, driver_line
from protocol.atol.kkt_codes import E, X

Screen = tuple[str, ...]
"""Lines from top to bottom."""

NO_OFD = "Нет связи с ОФД"
OFD_REACHED = "Соединение с ОФД установлено"
WAITING = "Ожидают отправки"
IMPOSSIBLE = "Операция невозможна"
NO_TILL = "Нет связи с кассой"
UNKNOWN_ERROR = "Неопознанная ошибка"
BANNER = "(!) ОФД"
DONE = "Операция выполнена"
SOLD = "Продажа проведена"
CLOCKS_DIFFER = "Расхождение времени в ККТ и планшете"
DEAD = "Приложение остановлено"
NO_INTERNET = "Нет подключения к интернету"
NOT_MODELLED = "Этот раздел меню пока не моделируется"
ONE_TAX_SYSTEM = "Такого пункта нет: касса зарегистрирована на одну СНО"
NO_TAX_SYSTEM = "Такого пункта нет: касса не зарегистрирована"


def refused(refusal: Refused) -> Screen:
    """How an operation ends that the till does not do; what the driver has no text for is not recognised.

    Of the extended codes the articles show one in words of its own.
    """
    if refusal.code == E.EXTENDED:
        if refusal.detail == X.REQUISITE_MISSING:
            return (f"{refusal.tag}: не задан реквизит",)
        return (UNKNOWN_ERROR,)
    told = words(refusal.code)
    return (told if told == UNKNOWN_ERROR else f"Ошибка при работе с кассой: {told}",)


def words(code: int) -> str:
    """``(-3979) Исчерпан ресурс хранения ФН``: a wire code in the driver's words, 0 being success."""
    return UNKNOWN_ERROR if describe(code).driver_code is None else driver_line(code)


def line(title: str, value: object) -> str:
    """``Порт: 7777``; of what is not set the title alone."""
    return f"{title}: {value}".rstrip()


def moment(at: datetime) -> str:
    """``02.03.2026 12:00``."""
    return at.strftime("%d.%m.%Y %H:%M")
