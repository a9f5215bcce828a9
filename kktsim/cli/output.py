"""What the commands of the operator print: plain text of what the control API told."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kktsim.printer.paper import roubles
from protocol.atol.words import PHASES, mode

State = Mapping[str, Any]


def as_json(value: object) -> str:
    """JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def state_table(state: State) -> str:
    """What the operator sees, a line each: Russian, English, value."""
    russian_width = max(len(russian) for russian, _, _ in _ROWS)
    english_width = max(len(english) for _, english, _ in _ROWS)
    return "\n".join(
        f"{russian:<{russian_width}}  {english:<{english_width}}  {show(state)}" for russian, english, show in _ROWS
    )


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as a table, the head first."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def passport(told: Mapping[str, Any]) -> str:
    """«Паспорт»: serial number, then a protection code a line."""
    codes = [f"{number:>2}  {code}" for number, code in told["protection_codes"].items()]
    return "\n".join([f"ЗН  {told['serial_number']}", *codes])


def settings_list(settings: Mapping[str, Any]) -> str:
    """Named settings of till and FN with their reasons."""
    return "\n\n".join(part for part in _settings_parts(settings))


def _settings_parts(settings: Mapping[str, Any]) -> Iterator[str]:
    for device, title in (("kkt", "ККТ / till"), ("fn", "ФН / FN")):
        listed = settings[device]
        if listed is None:
            yield f"{title}: нет / none"
            continue
        lines = [f"{title}: {listed['title']}"]
        for one in listed["settings"]:
            lines.append(f"  {one['name']} = {_value(one['value'])}")
            lines.append(f"    {one['about']}")
            lines.append(f"    {one['confidence']} confidence: {one['source']}")
        yield "\n".join(lines)


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fn(state: State) -> str:
    if state["fn_number"] is None:
        return "нет / none"
    return f"{state['fn_number']}, {PHASES.get(state['fn_phase'], state['fn_phase'])}"


def _shift(state: State) -> str:
    return f"{state['shift_number']} {'открыта / open' if state['shift_is_open'] else 'закрыта / closed'}"


def _cable(state: State) -> str:
    if state["cable_is_cut"]:
        return "оборван / cut"
    return "с помехами / noisy" if state["cable_is_noisy"] else "исправен / good"


def _printer(state: State) -> str:
    return ", ".join(state["printer_troubles"]) or "исправен / good"


def _internet(state: State) -> str:
    return f"{_UPLINKS[state['uplink']]}, {'есть / up' if state['has_internet'] else 'нет / down'}"


def _ofd(state: State) -> str:
    """Only of the operator inside the bench it is known whether it is up; hands can let any be down."""
    way = state["ofd_way"]
    told = [_OFD_WAYS.get(way, f"{way}, другой процесс / another process")]
    if not state["ofd_is_up"]:
        told.append("недоступен / down")
    elif way == "inner":
        told.append("доступен / up")
    return ", ".join([*told, *state["ofd_failures"]])


def _ofd_last(state: State) -> str:
    told: str = state["ofd_last"]
    return _OFD_RESULTS.get(told, told)


def _ofd_has(state: State) -> str:
    return str(state["ofd_documents"]) if state["ofd_way"] == "inner" else _NOT_KNOWN


def _unsent(state: State) -> str:
    return "?" if state["unsent_documents"] is None else str(state["unsent_documents"])


_UPLINKS = {"wifi": "Wi-Fi", "sim": "SIM"}
_NOT_KNOWN = "неизвестно / not known"
_NOWHERE = {
    "no_address": "адрес не задан / no address is set",
    "no_channel": "такого канала нет / no such channel",
    "name_unknown": "имя не найдено / name unknown",
    "unreachable": "узел недоступен / unreachable",
    "refused": "соединение отвергнуто / refused",
}
_OFD_WAYS = {
    "inner": "внутри стенда / inside the bench",
    "driver": "через драйвер / through the driver",
    **_NOWHERE,
}
_OFD_RESULTS = {
    "": _NOT_KNOWN,
    "confirmed": "документ подтверждён / document confirmed",
    **_NOWHERE,
    "timed_out": "на вызов не ответили / the call was not answered",
    "no_answer": "нет ответа / no answer",
    "closed": "соединение разорвано / hung up",
    "bad_answer": "негодный ответ / bad answer",
    "not_recognised": "документ не распознан / document not recognised",
    "format_logic_error": "ошибка ФЛК / error of format and logic",
    "fn_error": "ошибка ФН / FN error",
}

_ROWS: tuple[tuple[str, str, Callable[[State], str]], ...] = (
    ("Время стенда", "world", lambda state: str(state["world_iso"])),
    ("Часы ККТ", "till's clock", lambda state: str(state["till_clock_iso"])),
    ("Питание", "power", lambda state: "включено / on" if state["is_on"] else "выключено / off"),
    ("Режим", "mode", lambda state: mode(state["mode"])),
    ("Смена", "shift", _shift),
    ("Чек", "receipt", lambda state: "открыт / open" if state["receipt_is_open"] else "закрыт / closed"),
    ("Последний ФД", "last document", lambda state: str(state["last_document"])),
    ("Наличные", "cash", lambda state: roubles(state["cash_kopecks"])),
    ("ФН", "FN", _fn),
    ("Не передано в ОФД", "unsent", _unsent),
    ("Шлейф ФН", "cable", _cable),
    ("Принтер", "printer", _printer),
    ("ФН рядом с кассой", "shelf", lambda state: ", ".join(state["shelf"]) or "нет / none"),
    ("Интернет", "Internet", _internet),
    ("ОФД", "OFD", _ofd),
    ("Последний обмен", "last exchange", _ofd_last),
    ("Принято ОФД", "OFD has", _ofd_has),
)
