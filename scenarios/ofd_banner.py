"""«(!) ОФД», «Касса не может связаться с ОФД»: documents have waited for over 24 hours. Article ofd_banner.

No command fails: only the terminal tells of it. Table 19 can be written with an open shift, the OFD's name and INN
cannot: so the dialog «Адрес ОФД», which writes both, says «Операция невозможна» and has cured the till.
"""

from scenarios.at_terminal import (
    ADDRESS,
    BANNER,
    CHECK,
    CLOSE_SHIFT,
    IMPOSSIBLE,
    IT_PRINTS,
    NO_OFD,
    OFD,
    OFD_REACHED,
    SET_UP,
    TRADES,
    ZEROING,
    banner,
    menu_item,
    opens_shift,
    screen,
    slip,
    terminal_of,
    terminal_restarts,
)
from scenarios.ofd_cases import DAY_PASSES, HOST, MADE, PORT, TILL_TRIES, all_sent, on_day, waiting
from scenarios.playbook import Alternative, Scenario, Step, Verdict, Weight, hand, informs

NAME, INN = "ТЕСТОВЫЙ ОФД", "7700000000"
WAITS = f"Ожидают отправки: {MADE}"
_PROOF = (TILL_TRIES, all_sent(), banner(""), *TRADES)
_DAYS_PASS = (DAY_PASSES, waiting(MADE), banner(""), on_day(2, 10), banner(BANNER))
LOOK = "Перейдите в «Настройки → ОФД»: «Нет связи с ОФД» и количество неотправленных чеков"
_SET_UP = menu_item(SET_UP, HOST, PORT, title="Нажмите «Настроить ОФД» и впишите адрес и порт")
_SET_UP_AFTER = menu_item(SET_UP, HOST, PORT, title="Ввести адрес и порт ОФД в разделе «Настройки-ОФД»")
_ZEROING = menu_item(ZEROING, title="Выполнить технологическое обнуление")
_CLOCK_COMES_BACK = terminal_restarts("restart the terminal: its driver sets the clock that the zeroing has lost")


_EMPTY_ROWS = (
    hand("alter_memory", "tables", "19/1/1", None, title="the OFD's address is lost from the till's memory"),
    hand("alter_memory", "requisites", "1046", None, title="the OFD's name is lost"),
    hand("alter_memory", "requisites", "1017", None, title="the OFD's INN is lost"),
)


SETTINGS_EMPTY = Scenario(
    id="ofd_banner_settings_empty",
    article="ofd_banner",
    case="settings_empty",
    title="(!) ОФД: настройки ОФД не прописаны",
    preset="registered",
    reproduce=(_ZEROING, _CLOCK_COMES_BACK, *_DAYS_PASS),
    fix=(
        screen(OFD, NO_OFD, WAITS, "Адрес:", title=LOOK),
        _SET_UP.weighs(Weight.NEEDED),
    ),
    prove=_PROOF,
    alternatives=(
        Alternative("typing the address, then zeroing", (_SET_UP, _ZEROING, _CLOCK_COMES_BACK), cures=False),
        Alternative("zeroing, then typing the address", (_ZEROING, _CLOCK_COMES_BACK, _SET_UP), cures=True, harms=True),
    ),
    documented="the banner, the 24 hours, the screen, the cure",
    inferred="how the settings came to be empty: by a technological zeroing, after which nobody typed them again",
)

DIALOG = Scenario(
    id="ofd_banner_dialog",
    article="ofd_banner",
    case="rows_empty",
    title="(!) ОФД: пустые строки в «Адрес ОФД», смена открыта",
    preset="registered",
    reproduce=(
        *_EMPTY_ROWS,
        *_DAYS_PASS,
        opens_shift(),
    ),
    fix=(
        screen(
            ADDRESS, "Наименование ОФД:", "ИНН ОФД:", "Адрес:", title="Зайти в «Адрес ОФД», обнаружить пустые строки"
        ),
        menu_item(
            ADDRESS,
            NAME,
            INN,
            HOST,
            PORT,
            shows=IMPOSSIBLE,
            title="Заполнить наименование ОФД, адрес и порт — нажать ОК; ошибку «Операция невозможна» проигнорировать",
        ).weighs(Weight.NEEDED),
        TILL_TRIES.weighs(Weight.SUPERFLUOUS),
        screen(
            OFD,
            OFD_REACHED,
            "Ожидают отправки: 0",
            title="Вернуться в «Настройки — ОФД», убедиться, что связь восстановилась и чеки уходят",
        ),
        screen(ADDRESS, "Наименование ОФД:", "ИНН ОФД:", f"Адрес: {HOST}", title="name and INN are missing as before"),
    ),
    prove=_PROOF,
    alternatives=(
        Alternative(
            "closing the shift first: name and INN are written too",
            (
                menu_item(CLOSE_SHIFT, title="close the shift"),
                menu_item(ADDRESS, NAME, INN, HOST, PORT),
                screen(ADDRESS, f"Наименование ОФД: {NAME}", f"ИНН ОФД: {INN}"),
            ),
            cures=True,
        ),
        Alternative("«Настроить ОФД»: address and port alone", (_SET_UP,), cures=True),
    ),
    documented="the empty rows, the dialog, the error that may be ignored, that the documents then leave",
    inferred="why: the dialog writes table 19 first, then requisites of registration, which an open shift forbids",
)

LAST_RESORT = Scenario(
    id="ofd_banner_zeroing",
    article="ofd_banner",
    case="zeroing",
    title="(!) ОФД: технологическое обнуление как последнее средство",
    preset="registered",
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(menu_item(SET_UP, "", None, title="the address of the OFD is wiped out"), *_DAYS_PASS),
    fix=(
        _ZEROING.weighs(Weight.HARMFUL),
        _CLOCK_COMES_BACK.undocumented("the zeroing loses the clock").weighs(Weight.NEEDED),
        _SET_UP_AFTER.weighs(Weight.NEEDED),
    ),
    prove=_PROOF,
    alternatives=(Alternative("typing the address without any zeroing", (_SET_UP,), cures=True),),
    documented="the zeroing, and that the address is to be typed after it",
    inferred="what the zeroing destroys, the clock too: so nothing works after it (articles err_minus16, err_3905)",
)


def _stray(id: str, typed: str, what: str) -> Scenario:
    return Scenario(
        id=f"ofd_banner_stray_{id}",
        article="ofd_banner",
        case="does_not_send",
        title=f"(!) ОФД: {what} в адресе ОФД",
        preset="registered",
        reproduce=(menu_item(SET_UP, typed, None), *_DAYS_PASS),
        fix=(
            screen(OFD, NO_OFD, WAITS, f"Адрес: {typed}", title=LOOK),
            screen(CHECK, NO_OFD, reason=IT_PRINTS),
            slip({"Имя": "НЕ НАЙДЕНО", "Соединение": "НЕ БЫЛО"}),
            menu_item(SET_UP, HOST, None, title="Нажмите «Настроить ОФД» и впишите адрес и порт").weighs(Weight.NEEDED),
        ),
        prove=_PROOF,
        alternatives=(Alternative("typing the port anew", (menu_item(SET_UP, None, PORT),), cures=False),),
        documented="the banner; stray characters, and the address typed anew: article err_3979",
        inferred="the lines of the slip",
    )


STRAY = (
    _stray("letter", "оfd.example", "русская буква вместо латинской"),
    _stray("space", " ofd.example", "пробел перед именем"),
    _stray("inner_space", "ofd. example", "пробел внутри имени"),
)


def _looked_at() -> tuple[Step, ...]:
    return (
        screen(OFD, NO_OFD, WAITS, f"Адрес: {HOST}", title=LOOK),
        screen(CHECK, NO_OFD, reason=IT_PRINTS),
        slip({"Соединение": "ОТКАЗ"}),
    )


SERVER_DOWN = Scenario(
    id="ofd_banner_server_down",
    article="ofd_banner",
    case="server_down",
    title="(!) ОФД: недоступен сервер ОФД",
    preset="registered",
    reproduce=(hand("ofd_down", title="the OFD's server goes down"), *_DAYS_PASS),
    fix=(
        *_looked_at(),
        _SET_UP.weighs(Weight.SUPERFLUOUS),
        informs(
            "Если сервер ОФД работает, но Эвотор не отправляет чеки, обратитесь в саппорт Эвотор", "the server is down"
        ),
        hand("ofd_up", title="Свяжитесь с техподдержкой вашего ОФД").weighs(Weight.NEEDED),
    ),
    prove=_PROOF,
    documented="the banner, the cause, whom to ask",
    inferred="the lines of the slip",
)

STALE = Scenario(
    id="ofd_banner_stale",
    article="ofd_banner",
    case="stale_banner",
    title="(!) ОФД: сообщение осталось, хотя всё отправлено",
    preset="registered",
    verdict=Verdict.NO_DOCUMENTED_FIX,
    reproduce=(
        terminal_of("3.9.0"),
        hand("ofd_down", title="the OFD's server goes down"),
        *_DAYS_PASS,
        hand("ofd_up", title="the OFD's server is up again"),
        all_sent(),
        banner(BANNER),
    ),
    fix=(
        screen(
            OFD,
            OFD_REACHED,
            "Ожидают отправки: 0",
            title="Следите за полем «Ожидают отправки»: если неотправленных документов нет, всё в порядке",
        ),
        informs("everything is in order", "the banner is all that is wrong, and it is the terminal's"),
    ),
    beyond=(terminal_of("3.9.1"),),
    beyond_title="the banner goes with the firmware that shows it",
    prove=_PROOF,
    alternatives=(Alternative("restarting the terminal", (terminal_restarts(),), cures=True),),
    documented="that firmware before 3.9.1 may show the banner although nothing waits, and where to look",
    inferred="that it stays until the terminal restarts",
)

FAMILY = (SETTINGS_EMPTY, DIALOG, LAST_RESORT, *STRAY, SERVER_DOWN, STALE)
