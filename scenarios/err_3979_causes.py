"""The causes of «Исчерпан ресурс хранения ФН» that article err_3979 lists, each with what tells it from the others.

The path is the article's: the screen «ОФД», the slip of diagnostics, the address, the browser, another network. One
step cures, the one that fits the cause; the others inform. Each cause comes about by itself and is found a month later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    BROWSER,
    CHECK,
    IT_PRINTS,
    NO_OFD,
    OFD,
    OFD_REACHED,
    SET_CLOCK,
    SET_UP,
    TABLET_CLOCK,
    TRADES,
    driver_says,
    menu_item,
    menu_item_when,
    screen,
    slip,
)
from scenarios.ofd_cases import (
    DAY_PASSES,
    HOST,
    NOT_IN_FN_1,
    PORT,
    REFUSED,
    TAPE,
    all_sent,
    thirty_days_with_a_closed_shift,
    thirty_days_with_an_open_shift,
    wait_for_zero,
)
from scenarios.playbook import Alternative, Kind, Scenario, Scene, Step, Weight, hand, informs, reads

SITE = "www.evotor.ru"
ADDRESS_OF_OFD = "203.0.113.7"
PAGE, NO_PAGE = f"{SITE}: страница открыта", "Нет подключения к интернету"
FIVE_MINUTES = timedelta(minutes=5)
DIAGNOSE = "Нажмите на «Проверка связи с ОФД»: Эвотор распечатает чек с результатами диагностики"
CHECK_ADDRESS = "Проверьте правильность адреса для подключения и порта ОФД"
RETYPED = "Введите заново адрес для подключения ОФД, даже если изначально он указан верно"


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause. ``slip``: the lines of diagnostics that tell it; ``screen``: what «Настройки → ОФД» says."""

    id: str
    title: str
    arises: Step
    slip: Mapping[str, str]
    cures: Step
    screen: str = NO_OFD
    page: str = PAGE
    found_with_an_open_shift: bool = True
    retyping: bool = True
    """Whether the article's advice to type the address anew is followed first: it is right as it is."""
    alternatives: tuple[Alternative, ...] = ()
    case: str = ""
    """The article's, unless it is ``id``."""
    documented: str = "the cause, how to find it, the cure"
    inferred: str = "the words of the slip"


def _provider_fails(scene: Scene) -> None:
    scene.hands.use_uplink("sim")
    scene.hands.ofd_fault("unreachable", None)


def _after_the_last_document(scene: Scene) -> tuple[str]:
    return ((scene.note("last_document") + FIVE_MINUTES).strftime("%d.%m.%Y %H:%M"),)


_READ_LAST = reads(
    "last_document", ReadRegister(register=0x34), lambda fields: fields["at"], "when the last document was"
).by(("send", "91 34 00 00"))

CLOCK_BACK = Alternative(
    "setting the till's clock back to the last document: a violation",
    (
        _READ_LAST,
        menu_item_when(
            SET_CLOCK, _after_the_last_document, title="set the till's clock five minutes after the last document"
        ),
        menu_item_when(TABLET_CLOCK, _after_the_last_document, title="set the tablet's clock to the same time"),
    ),
    cures=True,
    harms=True,
)
CLOCK_BACK_WITH_AN_OPEN_SHIFT = Alternative(
    "setting the till's clock back: not with an open shift",
    (menu_item(SET_CLOCK, "01.01.2025 12:00", shows=driver_says(E.SHIFT_OPEN)),),
    cures=False,
)
OTHER_NETWORK = Alternative(
    "another network",
    (hand("use_uplink", "sim", title="a SIM card"), wait_for_zero()),
    cures=False,
)

CAUSES = (
    Cause(
        "no_internet",
        "нет связи с интернетом",
        arises=hand("ofd_fault", "no_internet", None, title="the Internet goes"),
        slip={"Имя": "НЕ НАЙДЕНО", "Соединение": "НЕ БЫЛО"},
        page=NO_PAGE,
        cures=hand("use_uplink", "sim", title="Подключитесь к сети интернет альтернативным способом"),
        found_with_an_open_shift=False,
        alternatives=(CLOCK_BACK,),
    ),
    Cause(
        "blocked",
        "ограничен доступ к хосту и порту ОФД по Wi-Fi",
        arises=hand("ofd_fault", "blocked", None, title="the Wi-Fi begins to drop what goes to the OFD"),
        slip={"Имя": "НАЙДЕНО", "Соединение": "ТАЙМ-АУТ"},
        cures=hand("ofd_clear", "blocked", title="Проверьте доступ к хосту/порту ОФД"),
        alternatives=(
            Alternative("another network", OTHER_NETWORK.steps, cures=True),
            CLOCK_BACK_WITH_AN_OPEN_SHIFT,
        ),
    ),
    Cause(
        "wrong_address",
        "неверно указан адрес ОФД",
        arises=menu_item(SET_UP, "ofd.exampel", None),
        slip={"Адрес": "ofd.exampel", "Имя": "НЕ НАЙДЕНО", "Соединение": "НЕ БЫЛО"},
        cures=menu_item(SET_UP, HOST, None, title=CHECK_ADDRESS),
        retyping=False,
        alternatives=(OTHER_NETWORK,),
    ),
    Cause(
        "wrong_port",
        "неверно указан порт ОФД",
        arises=menu_item(SET_UP, None, "7778"),
        slip={"Порт": "7778", "Имя": "НАЙДЕНО", "Соединение": "ОТКАЗ"},
        cures=menu_item(SET_UP, None, PORT, title=CHECK_ADDRESS),
        retyping=False,
        alternatives=(OTHER_NETWORK,),
    ),
    Cause(
        "name",
        "имя ОФД не находится",
        arises=hand("ofd_fault", "dns", None, title="the name server forgets the OFD"),
        slip={"Имя": "НЕ НАЙДЕНО", "Соединение": "НЕ БЫЛО"},
        case="name_not_found",
        cures=menu_item(SET_UP, ADDRESS_OF_OFD, None, title="Попробуйте вместо доменного имени вписать IP-адрес"),
        alternatives=(Alternative("another network", OTHER_NETWORK.steps, cures=True),),
        inferred="that a name server is what fails; the words of the slip",
    ),
    Cause(
        "tariff",
        "не оплачен тариф ОФД",
        arises=hand("ofd_fault", "tariff", None, title="the tariff is not paid"),
        slip={"Имя": "НАЙДЕНО", "Соединение": "УСТАНОВЛЕНО", "Обмен": "НЕТ ОТВЕТА"},
        screen=OFD_REACHED,
        cures=hand("ofd_clear", "tariff", title="Проверьте оплату в личном кабинете ОФД"),
        alternatives=(OTHER_NETWORK,),
        inferred="what an operator does to a till that is not paid for: it takes the call and never answers",
    ),
    Cause(
        "provider",
        "неполадки у оператора связи, интернет через SIM-карту",
        arises=Step(
            Kind.HANDS, "the shop is on a SIM card, and its provider loses the way to the OFD", _provider_fails
        ).by(("ofd", "uplink", "sim"), ("ofd", "fault", "unreachable", "--until-cleared")),
        slip={"Имя": "НАЙДЕНО", "Соединение": "УЗЕЛ НЕДОСТУПЕН"},
        cures=hand("use_uplink", "wifi", title="Подключитесь к сети интернет альтернативным способом"),
    ),
)


def _scenario(cause: Cause) -> Scenario:
    retyped = menu_item(SET_UP, HOST, PORT, title=RETYPED).weighs(Weight.SUPERFLUOUS)
    return Scenario(
        id=f"err_3979_{cause.id}",
        article="err_3979",
        case=cause.case or cause.id,
        title=f"Исчерпан ресурс хранения ФН: {cause.title}",
        preset="registered",
        error=E.FN_STORAGE_EXHAUSTED,
        tape=TAPE,
        screens=(REFUSED,),
        reproduce=(
            hand("ofd_host", ADDRESS_OF_OFD, "inner", title="the OFD has an address too"),
            cause.arises,
            DAY_PASSES,
            *(
                thirty_days_with_an_open_shift()
                if cause.found_with_an_open_shift
                else thirty_days_with_a_closed_shift()
            ),
        ),
        fix=(
            screen(OFD, cause.screen, title="Проверить связь с ОФД"),
            screen(CHECK, cause.screen, title=DIAGNOSE, reason=IT_PRINTS),
            slip(cause.slip),
            screen(BROWSER, cause.page, typed=(SITE,), title="Проверьте связь с интернетом: перейдите на любой сайт"),
            informs("Проверьте ИНН, номера ККТ и ФН в личном кабинете ОФД, ККМ должна быть «онлайн»", "they are right"),
            *((retyped,) if cause.retyping else ()),
            cause.cures.weighs(Weight.NEEDED),
            wait_for_zero().weighs(Weight.NEEDED),
            all_sent(),
        ),
        prove=TRADES,
        alternatives=cause.alternatives,
        variants=(NOT_IN_FN_1,),
        documented=cause.documented,
        inferred=cause.inferred,
    )


FAMILY = tuple(_scenario(cause) for cause in CAUSES)
