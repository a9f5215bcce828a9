"""How a call of diagnostics came out, in the words of the slip. They are a guess (see `kktsim.device.ofd_slip`)."""

from kktsim.device import Kkt, ofd_slip
from kktsim.ofd.events import NetworkTrouble, OfdTrouble
from kktsim.ofd.hosts import is_address

CONNECTION = {
    NetworkTrouble.NONE: "УСТАНОВЛЕНО",
    NetworkTrouble.NO_ADDRESS: "АДРЕС НЕ ЗАДАН",
    NetworkTrouble.NO_CHANNEL: "НЕТ КАНАЛА",
    NetworkTrouble.NAME_UNKNOWN: "НЕ БЫЛО",
    NetworkTrouble.UNREACHABLE: "УЗЕЛ НЕДОСТУПЕН",
    NetworkTrouble.REFUSED: "ОТКАЗ",
    NetworkTrouble.TIMED_OUT: "ТАЙМ-АУТ",
}
EXCHANGE = {
    OfdTrouble.NONE: "ЕСТЬ ОТВЕТ",
    OfdTrouble.NO_ANSWER: "НЕТ ОТВЕТА",
    OfdTrouble.CLOSED: "СОЕДИНЕНИЕ РАЗОРВАНО",
    OfdTrouble.BAD_ANSWER: "ОТВЕТ НЕ ПОНЯТ",
}
NOT_TRIED = "НЕ БЫЛО"
_BEFORE_THE_NAME = frozenset((NetworkTrouble.NO_ADDRESS, NetworkTrouble.NO_CHANNEL))


def print_slip(kkt: Kkt, at: float, connection: NetworkTrouble, exchange: OfdTrouble | None) -> None:
    """The slip of a call that is over. ``exchange``: None when there was no connection."""
    if connection in _BEFORE_THE_NAME:
        name = NOT_TRIED
    elif is_address(ofd_slip.host(kkt)):
        name = "НЕ НУЖНО"
    else:
        name = "НЕ НАЙДЕНО" if connection is NetworkTrouble.NAME_UNKNOWN else "НАЙДЕНО"
    is_good = connection is NetworkTrouble.NONE and exchange is OfdTrouble.NONE
    told = NOT_TRIED if exchange is None else EXCHANGE[exchange]
    result = "УСПЕШНО" if is_good else "ОШИБКА"
    outcome = (("Имя", name), ("Соединение", CONNECTION[connection]), ("Обмен", told), ("Результат", result))
    ofd_slip.print_slip(kkt, at, outcome)
