"""The causes of «Исчерпан ресурс хранения ФН» that article err_3979 lists, each with what tells it from the others.

The path is the article's: the screen «ОФД», the slip of diagnostics, the address, the browser, another network. One
step cures, the one that fits the cause; the others inform. Each cause comes about by itself and is found a month later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E
from scenarios import routine
from scenarios.at_terminal import (
    BROWSER,
    CHECK,
    IT_PRINTS,
    NO_OFD,
    OFD,
    OFD_REACHED,
    SET_UP,
    menu_item,
    screen,
    slip,
)
from scenarios.health import trade
from scenarios.ofd_cases import (
    DAY_PASSES,
    HOST,
    PORT,
    TAPE,
    TILL_TRIES,
    all_sent,
    thirty_days_with_a_closed_shift,
    thirty_days_with_an_open_shift,
    wait_for_zero,
)
from scenarios.playbook import Alternative, Scenario, Scene, Step, Weight, accepts, hands, informs, reads, refuses, wire
from scenarios.roles import Hands, Till

SITE = "www.evotor.ru"
ADDRESS_OF_OFD = "203.0.113.7"
PAGE, NO_PAGE = f"{SITE}: страница открыта", "Нет подключения к интернету"
FIVE_MINUTES = timedelta(minutes=5)
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
    documented: str = "the cause, how to find it, the cure"
    inferred: str = "the words of the slip"


def _provider_fails(operator: Hands) -> None:
    operator.use_uplink("sim")
    operator.ofd_fault("unreachable", None)


def _clock_back(scene: Scene) -> None:
    routine.set_clock(scene.till, scene.note("last_document") + FIVE_MINUTES)


def _set_clock_back(till: Till) -> None:
    routine.set_clock(till, datetime(2025, 1, 1, 12, 0))


CLOCK_BACK = Alternative(
    "setting the till's clock back to the last document: a violation",
    (
        reads("last_document", ReadRegister(register=0x34), lambda fields: fields["at"], "when the last document was"),
        wire(_clock_back, "set the clock five minutes after the last document"),
    ),
    cures=True,
    harms=True,
)
CLOCK_BACK_WITH_AN_OPEN_SHIFT = Alternative(
    "setting the till's clock back: not with an open shift",
    (refuses(_set_clock_back, E.SHIFT_OPEN, "set the clock"),),
    cures=False,
)
OTHER_NETWORK = Alternative(
    "another network",
    (hands(lambda operator: operator.use_uplink("sim"), "a SIM card"),),
    cures=False,
)

CAUSES = (
    Cause(
        "no_internet",
        "нет связи с интернетом",
        arises=hands(lambda operator: operator.ofd_fault("no_internet", None), "the Internet goes"),
        slip={"Имя": "НЕ НАЙДЕНО", "Соединение": "НЕ БЫЛО"},
        page=NO_PAGE,
        cures=hands(lambda operator: operator.ofd_clear("no_internet"), "Восстановите связь с интернетом"),
        found_with_an_open_shift=False,
        alternatives=(CLOCK_BACK,),
    ),
    Cause(
        "blocked",
        "ограничен доступ к хосту и порту ОФД по Wi-Fi",
        arises=hands(
            lambda operator: operator.ofd_fault("blocked", None), "the Wi-Fi begins to drop what goes to the OFD"
        ),
        slip={"Имя": "НАЙДЕНО", "Соединение": "ТАЙМ-АУТ"},
        cures=hands(
            lambda operator: operator.ofd_clear("blocked"), "Проверьте доступ к хосту и порту ОФД: откройте его"
        ),
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
        cures=menu_item(SET_UP, HOST, None),
        retyping=False,
        alternatives=(OTHER_NETWORK,),
    ),
    Cause(
        "wrong_port",
        "неверно указан порт ОФД",
        arises=menu_item(SET_UP, None, "7778"),
        slip={"Порт": "7778", "Имя": "НАЙДЕНО", "Соединение": "ОТКАЗ"},
        cures=menu_item(SET_UP, None, PORT),
        retyping=False,
        alternatives=(OTHER_NETWORK,),
    ),
    Cause(
        "name",
        "имя ОФД не находится",
        arises=hands(lambda operator: operator.ofd_fault("dns", None), "the name server forgets the OFD"),
        slip={"Имя": "НЕ НАЙДЕНО", "Соединение": "НЕ БЫЛО"},
        cures=menu_item(SET_UP, ADDRESS_OF_OFD, None, title="Попробуйте вместо доменного имени вписать IP-адрес"),
        alternatives=(Alternative("another network", OTHER_NETWORK.steps, cures=True),),
        inferred="that a name server is what fails; the words of the slip",
    ),
    Cause(
        "tariff",
        "не оплачен тариф ОФД",
        arises=hands(lambda operator: operator.ofd_fault("tariff", None), "the tariff is not paid"),
        slip={"Имя": "НАЙДЕНО", "Соединение": "УСТАНОВЛЕНО", "Обмен": "НЕТ ОТВЕТА"},
        screen=OFD_REACHED,
        cures=hands(lambda operator: operator.ofd_clear("tariff"), "Проверьте оплату в личном кабинете ОФД: оплатите"),
        alternatives=(OTHER_NETWORK,),
        inferred="what an operator does to a till that is not paid for: it takes the call and never answers",
    ),
    Cause(
        "provider",
        "неполадки у оператора связи, интернет через SIM-карту",
        arises=hands(_provider_fails, "the shop is on a SIM card, and its provider loses the way to the OFD"),
        slip={"Имя": "НАЙДЕНО", "Соединение": "УЗЕЛ НЕДОСТУПЕН"},
        cures=hands(
            lambda operator: operator.use_uplink("wifi"), "Сделайте точку доступа wi-fi из мобильного устройства"
        ),
    ),
)


def _scenario(cause: Cause) -> Scenario:
    retyped = menu_item(SET_UP, HOST, PORT, title=RETYPED).weighs(Weight.SUPERFLUOUS)
    return Scenario(
        id=f"err_3979_{cause.id}",
        article="err_3979",
        title=f"Исчерпан ресурс хранения ФН: {cause.title}",
        preset="registered",
        error=E.FN_STORAGE_EXHAUSTED,
        tape=TAPE,
        reproduce=(
            hands(lambda operator: operator.ofd_host(ADDRESS_OF_OFD, "inner"), "the OFD has an address too"),
            cause.arises,
            DAY_PASSES,
            *(
                thirty_days_with_an_open_shift()
                if cause.found_with_an_open_shift
                else thirty_days_with_a_closed_shift()
            ),
        ),
        fix=(
            screen(OFD, cause.screen),
            screen(CHECK, cause.screen, reason=IT_PRINTS),
            slip(cause.slip),
            screen(BROWSER, cause.page, typed=(SITE,)),
            informs("Проверьте ИНН, номера ККТ и ФН в личном кабинете ОФД, ККМ должна быть «онлайн»", "they are right"),
            *((retyped,) if cause.retyping else ()),
            cause.cures.weighs(Weight.NEEDED),
            wait_for_zero().weighs(Weight.SUPERFLUOUS),
            all_sent(),
        ),
        prove=(TILL_TRIES, accepts(trade, "a sale and a Z")),
        alternatives=cause.alternatives,
        documented=cause.documented,
        inferred=cause.inferred,
    )


FAMILY = tuple(_scenario(cause) for cause in CAUSES)
