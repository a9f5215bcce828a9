"""«Исчерпан ресурс хранения ФН»: wire EBh (235), driver -3979, paper «Ошибка ФН 235». Articles err_3979, err_235.

The oldest document that the OFD has not confirmed is more than thirty days old by the date of the command. An FN of
the 1.1 family says so when a document is committed, so the receipt is on paper already when it is refused; its
warning flag 08h tells this cause of code 14h from the others.
"""

from protocol.atol.command import parse_answer
from protocol.atol.commands.fn import AskFn
from protocol.atol.kkt_codes import E
from protocol.fn.answers import FnStatus
from protocol.fn.commands import FnCommand, FnWarning
from scenarios.at_terminal import TRADES, driver_says, sells
from scenarios.ofd_cases import NOT_IN_FN_1, REFUSED, waiting
from scenarios.playbook import Alternative, Scenario, Scene, Weight, hand, informs, sees

SLOW_SECONDS = 60
PATIENCE_SECONDS = 225
"""Enough for all documents of the day 31 days ago, and not for the one of yesterday."""


def _waits_for_ofd(scene: Scene) -> bool:
    """Warning bit 3 in the answer to 30h."""
    asked = AskFn(command=FnCommand.STATUS)
    answer = parse_answer(asked.code, scene.till.send(asked.to_wire()))
    return answer.is_ok and FnWarning.OFD_TIMEOUT in FnStatus.parse(answer.data).warnings


def _receipt_was_printed(scene: Scene) -> bool:
    """The item stands on the paper above the error."""
    tape = scene.witness.tape()
    return "Чай чёрный" in tape[-12:]


def _all_sent(scene: Scene) -> bool:
    return scene.witness.unsent_documents() == 0


SCENARIO = Scenario(
    id="err_3979",
    article="err_3979",
    case="ofd_unreachable",
    title="Исчерпан ресурс хранения ФН: 31 день без ОФД",
    preset="ofd-30-days",
    at="2026-03-02T10:00",
    error=E.FN_STORAGE_EXHAUSTED,
    tape="Ошибка ФН 235",
    screens=(REFUSED,),
    reproduce=(sells(shows=REFUSED),),
    fix=(
        sees(_receipt_was_printed, "the refused receipt is on the paper"),
        sees(_waits_for_ofd, "А4 30: the FN's warning flag 08h is set"),
        informs("Проверить связь с ОФД", "address and port are right here"),
        hand("ofd_up", title="Если связь есть, обратитесь в техническую поддержку ОФД").weighs(Weight.NEEDED),
        sees(_all_sent, "Подождать, пока все неотправленные документы примут значение «0»"),
    ),
    prove=TRADES,
    alternatives=(
        Alternative(
            "not waiting for «0» while the OFD is slow: the oldest have left, one still waits",
            (
                hand("ofd_fault", "slow", None, seconds=SLOW_SECONDS, title="the OFD gets slow"),
                hand("ofd_clear", "refused", title="Если связь есть, обратитесь в техническую поддержку ОФД"),
                hand("advance", PATIENCE_SECONDS, title="not quite four minutes go by"),
                waiting(1),
            ),
            cures=True,
        ),
    ),
    variants=(NOT_IN_FN_1,),
    documented="the thirty days, the paper, the cure; that the error comes at a sale or at closing the shift",
    inferred="that the FN refuses at the commit (notes of a till maker on FN-1.1), and so after the items are printed",
)

_REFUSED_BY_FN_1 = driver_says(E.FN_SEND_WAIT_EXCEEDED)

FN_1 = Scenario(
    id="err_3979_fn_1",
    article="err_3979",
    case="ofd_unreachable",
    title="ФН-1: 31 день без ОФД",
    preset="ofd-30-days",
    at="2026-03-02T10:00",
    fn="fn-1-13",
    generations=(),
    error=E.FN_SEND_WAIT_EXCEEDED,
    tape="Ошибка ФН 239",
    screens=(_REFUSED_BY_FN_1,),
    reproduce=(sells(shows=_REFUSED_BY_FN_1),),
    fix=SCENARIO.fix[2:],
    prove=TRADES,
    documented="the thirty days and the cure; the article's codes are those of the next generation",
    inferred="that a first-generation FN has a code of its own, and refuses to begin a document (its description)",
)

FAMILY = (SCENARIO, FN_1)
