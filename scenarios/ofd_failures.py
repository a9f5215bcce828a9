"""Every failure of the OFD and of the way to it: a day's trade under it, its end, no document lost, none doubled.

No article: a till gets over all of them by itself, as long as they end within thirty days.
"""

from dataclasses import dataclass

from protocol.atol.kkt_codes import E
from scenarios.health import trade
from scenarios.ofd_cases import DAY_PASSES, MADE, Exchange, all_sent, register_tells, waiting
from scenarios.playbook import Scenario, Scene, Step, Verdict, accepts, hand, sees
from scenarios.presets import HOUR

STRIKES = MADE
"""How often each strikes: no less often than there are documents."""
REGISTRATION = 1
ANSWER_SECONDS = 301
"""Just over what a till waits for an answer: table 19, field 12."""
CALL_SECONDS = 31
"""Just over what a till waits for a connection."""
NETWORK_NAME, NETWORK_UNREACHABLE, NETWORK_REFUSED, NETWORK_TIMED_OUT = 3, 4, 5, 6
OFD_NO_ANSWER, OFD_CLOSED, OFD_BAD_ANSWER, OFD_NOT_RECOGNISED, OFD_LOGIC_ERROR = 1, 2, 3, 11, 14
"""Bytes of register 2Bh."""


NOTHING = Exchange()


@dataclass(frozen=True, slots=True)
class Symptom:
    """What is seen of a failure ``seconds`` after the trade. ``waits``: whether it keeps the documents back."""

    title: str
    exchange: Exchange = NOTHING
    seconds: int = 0
    waits: bool = True


_FN_REFUSES = Exchange(fn=E.FN_OFD_REFUSED)

SYMPTOMS: dict[str, Symptom] = {
    "no_internet": Symptom("нет Интернета", Exchange(network=NETWORK_NAME)),
    "blocked": Symptom("пакеты к ОФД теряются", Exchange(network=NETWORK_TIMED_OUT), CALL_SECONDS),
    "refused": Symptom("соединение отвергается", Exchange(network=NETWORK_REFUSED)),
    "unreachable": Symptom("узел ОФД недоступен", Exchange(network=NETWORK_UNREACHABLE)),
    "dns": Symptom("имя ОФД не находится", Exchange(network=NETWORK_NAME)),
    "silence": Symptom("ОФД молчит", Exchange(ofd=OFD_NO_ANSWER), ANSWER_SECONDS),
    "slow": Symptom("ОФД отвечает поздно"),
    "slow_bytes": Symptom("ОФД отвечает по байту"),
    "close_before": Symptom("ОФД рвёт соединение, не читая", Exchange(ofd=OFD_CLOSED)),
    "close_after": Symptom("ОФД читает и рвёт соединение", Exchange(ofd=OFD_CLOSED)),
    "garbage": Symptom("ОФД отвечает мусором", Exchange(ofd=OFD_BAD_ANSWER)),
    "partial": Symptom("ОФД обрывает ответ", Exchange(ofd=OFD_CLOSED)),
    "header_only": Symptom("ОФД отвечает без квитанции", Exchange(ofd=OFD_BAD_ANSWER)),
    "wrong_fn": Symptom("квитанция чужому ФН", _FN_REFUSES),
    "wrong_fd": Symptom("квитанция на другой ФД", _FN_REFUSES),
    "wrong_crc": Symptom("квитанция с неверной CRC", _FN_REFUSES),
    "wrong_sign": Symptom("квитанция с неверным ФПП", _FN_REFUSES),
    "answer_11": Symptom("ОФД не распознал документ", Exchange(ofd=OFD_NOT_RECOGNISED), waits=False),
    "answer_14": Symptom("ОФД нашёл ошибку ФЛК", Exchange(ofd=OFD_LOGIC_ERROR), waits=False),
    "duplicate": Symptom("квитанция на прежний ФД", _FN_REFUSES),
    "two_answers": Symptom("ОФД отвечает дважды", waits=False),
    "tariff": Symptom("касса не оплачена", Exchange(ofd=OFD_NO_ANSWER), ANSWER_SECONDS),
    "lost_ack": Symptom("квитанция теряется", Exchange(ofd=OFD_CLOSED)),
}
"""Word of a failure to its symptom."""


def _each_once(scene: Scene) -> bool:
    return scene.witness.ofd_documents() == list(range(REGISTRATION, REGISTRATION + MADE + 1))


def _later(seconds: int) -> Step:
    return hand("advance", seconds, title=f"{seconds} seconds go by")


def _scenario(word: str, symptom: Symptom) -> Scenario:
    return Scenario(
        id=f"ofd_failure_{word}",
        article=None,
        title=f"Сбой обмена с ОФД: {symptom.title}",
        preset="registered",
        verdict=Verdict.CURES_ITSELF,
        reproduce=(
            hand("ofd_fault", word, STRIKES, title=f"«{word}» strikes {STRIKES} times"),
            DAY_PASSES,
            *((_later(symptom.seconds),) if symptom.seconds else ()),
            register_tells(symptom.exchange),
            waiting(MADE) if symptom.waits else all_sent(),
        ),
        prove=(
            hand("advance", HOUR, title="an hour goes by"),
            all_sent(),
            sees(_each_once, "the OFD has every document once"),
            accepts(trade, "a sale and a Z"),
        ),
        inferred="everything but that a till tries again by itself",
    )


FAMILY = tuple(_scenario(word, symptom) for word, symptom in SYMPTOMS.items())
