"""«Как узнать дату и время последнего фискального документа»: 91 34 00 00. Article last_fd_date_time.

Not an error. A till whose last document is ФД 93 of 17.01.2018 12:44 with the sign 0184610009 answers the seventeen
bytes that the article prints. The documents are really made; only the sign of the last one is injected, because a
sign is the FN's secret.
"""

from datetime import datetime

from scenarios.at_terminal import SELL, menu_words, raw_command, sells
from scenarios.playbook import Kind, Scenario, Scene, Step, Verdict, hand, informs
from scenarios.routine import to_world

LAST_DOCUMENT = 93
SIGN = 184_610_009
MADE_AT = to_world(datetime(2018, 1, 17, 12, 44))
RECEIPTS = LAST_DOCUMENT - 3
"""Registration, opening of the shift, these, and the last one."""


def _sells_all(scene: Scene) -> None:
    for _ in range(RECEIPTS):
        sells().act(scene)


SCENARIO = Scenario(
    id="last_fd_date_time",
    article="last_fd_date_time",
    case="by_command",
    title="Как узнать дату и время последнего фискального документа",
    preset="shift-open",
    at="2018-01-17T10:00",
    verdict=Verdict.PROCEDURE,
    reproduce=(
        hand("inject_sign", LAST_DOCUMENT, SIGN, title=f"let ФД {LAST_DOCUMENT} get the sign of the article"),
        Step(Kind.WIRE, f"{RECEIPTS} receipts", _sells_all).by(*(RECEIPTS * (menu_words(SELL),))),
        hand("set_world", MADE_AT, title="until 17.01.2018 12:44"),
        sells(title=f"one more receipt: ФД {LAST_DOCUMENT}"),
        informs(
            "Дату последней фискальной операции можно узнать из последнего пробитого чека или Z-отчета",
            "it stands on the paper",
        ),
    ),
    prove=(raw_command("91 34 00 00", reply="55 00 00 00 00 00 93 17 01 18 12 44 01 84 61 00 09"),),
    documented="the command and every byte of the answer",
)
