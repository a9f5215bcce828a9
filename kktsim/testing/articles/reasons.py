"""What the plays tell of a step and of a harm, in either language.

They tell it in English, by a few forms; here is each form in Russian. What is of no form is looked up among the
translations.
"""

import re
from collections.abc import Callable, Mapping

from kktsim.terminal.menu import ARROW
from scenarios.at_terminal import RAW_COMMAND
from scenarios.translations import Language, in_language, language_of

_RAW_COMMAND = RAW_COMMAND.split(ARROW)[-1]


def short(title: str, language: Language) -> str:
    """Title of a step; of a place of the menu its last words, and what is typed there."""
    if language_of(title) is not None or ARROW not in title:
        return in_language(title, language)
    path, _, typed = title.partition(": ")
    place = path.split(ARROW)[-1]
    told = f"`{typed}`" if place == _RAW_COMMAND else typed
    return f"«{place}»: {told}" if typed else f"«{place}»"


def _quoted(title: str, language: Language) -> str:
    """Title of a step in a sentence; of one that has quotes of its own these are enough."""
    told = short(title, language)
    return told if told.startswith("«") else f"«{told}»"


def because(text: str, language: Language) -> str:
    """Why a step is worth what it is worth."""
    if language is Language.RUSSIAN:
        return _russian(text)
    found = _WITHOUT_IT.fullmatch(_SCREEN.sub(r"«\1» on the screen", text))
    if found is None:
        return text
    if (not_so := _NOT_SO.fullmatch(found[2])) is not None:
        return f"without it this is not so: {in_language(not_so[1], language)}"
    if _NO_VALUE.fullmatch(found[2]):
        return f"without it nobody knows what to type at {_quoted(found[1], language)}"
    return f"without it {_quoted(found[1], language)} ends in {found[2]}"


_WITHOUT_IT = re.compile(r"without it «(.+)» ends in (.+)")
_NOT_SO = re.compile(r"it is not so: (.+)")
_NO_VALUE = re.compile(r"the value \S+ is not known")
_SCREEN = re.compile(r"«[^»]*» does not show «[^»]*», but: (.+)")


def _without_it(title: str, end: str) -> str:
    step = _quoted(title, Language.RUSSIAN)
    if (not_so := _NOT_SO.fullmatch(end)) is not None:
        return f"без него не так: {in_language(not_so[1], Language.RUSSIAN)}"
    if _NO_VALUE.fullmatch(end):
        return f"без него неизвестно, что вводить в {step}"
    return f"без него {step} кончается отказом: {_russian(end)}"


_THINGS: Mapping[str, str] = {
    "the address of the OFD": "адрес ОФД",
    "the port of the OFD": "порт ОФД",
    "the channel to the OFD": "канал связи с ОФД",
    "the default tax system": "СНО по умолчанию",
    "the access password": "пароль доступа",
    "the password that the terminal uses (table 3, row 30)": "пароль терминала (таблица 3, ряд 30)",
    "the requisite 1057, the agent flags": "реквизит 1057, признаки агента",
    "the requisite 1062, the tax systems": "реквизит 1062, системы налогообложения",
    "the requisite 1048, the user": "реквизит 1048, пользователь",
    "the requisite 1018, the user's INN": "реквизит 1018, ИНН пользователя",
    "the requisite 1037, the registration number": "реквизит 1037, регистрационный номер",
    "the requisite 1009, the address": "реквизит 1009, адрес расчётов",
    "the requisite 1187, the place": "реквизит 1187, место расчётов",
    "the requisite 1017, the INN of the OFD": "реквизит 1017, ИНН ОФД",
    "the requisite 1036, the number of the machine": "реквизит 1036, номер автомата",
}
"""What a till can lose, as `scenarios.health` calls it."""


def _thing(told: str) -> str:
    name = told.removesuffix(",")
    return _THINGS.get(name) or in_language(name, Language.RUSSIAN)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (r"without it everything is the same", lambda found: "без него всё так же"),
        (_WITHOUT_IT.pattern, lambda found: _without_it(found[1], found[2])),
        (r"without it (.+)", lambda found: f"без него {_russian(found[1])}"),
        (r"with it (.+)", lambda found: f"с ним {_russian(found[1])}"),
        (_SCREEN.pattern, lambda found: f"на экране «{found[1]}»"),
        (r"[A-Z_0-9]+ \(\d+\)", lambda found: found[0]),
        (r"the till does not answer", lambda found: "касса не отвечает"),
        (r"a sale and a Z do not go through", lambda found: "продажа и Z-отчёт не проходят"),
        (r"(\d+) documents stay unsent", lambda found: f"остаются неотправленными документы: {found[1]}"),
        (r"the till has no date and time", lambda found: "у кассы нет даты и времени"),
        (r"the till's clock is off by (\S+) days", lambda found: f"часы кассы ошибаются на {found[1]} сут."),
        (
            r"(\d+) receipts of the shift are in no sum of the till",
            lambda found: f"в итоги кассы не вошли чеки смены: {found[1]}",
        ),
        (r"(.+) is no longer set", lambda found: f"больше не задан: {_thing(found[1])}"),
        (r"(.+) is another than before", lambda found: f"стал другим: {_thing(found[1])}"),
        (r"(.+) is gone", lambda found: f"пропал: {_thing(found[1])}"),
        (
            r"the cash is no longer taken out at the end of the shift",
            lambda found: "при закрытии смены больше не изымаются наличные",
        ),
        (
            r"the till has forgotten how much cash is in the drawer",
            lambda found: "касса забыла, сколько наличных в ящике",
        ),
        (
            r"the sums since the registration begin with zero again",
            lambda found: "суммы с начала регистрации снова идут с нуля",
        ),
        (
            r"the FN is registered with a date that is off by (\S+) days",
            lambda found: f"ФН зарегистрирован с датой, ошибочной на {found[1]} сут.",
        ),
        (
            r"FN (\d+) lies on the shelf with its archive open",
            lambda found: f"ФН {found[1]} лежит на полке с открытым архивом",
        ),
        (
            r"FN (\d+) lies on the shelf with (\d+) unsent documents",
            lambda found: f"ФН {found[1]} лежит на полке с неотправленными документами: {found[2]}",
        ),
    )
)


def _russian(text: str) -> str:
    return "; ".join(_one_russian(part) for part in text.split("; "))


def _one_russian(text: str) -> str:
    for pattern, told in _FORMS:
        found = pattern.fullmatch(text)
        if found is not None:
            return told(found)
    return in_language(text, Language.RUSSIAN)
