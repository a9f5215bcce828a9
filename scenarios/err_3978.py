"""«Исчерпан ресурс КС ФН»: wire EAh (234), driver -3978, paper «Ошибка ФН 234». Article err_3978, both branches.

The FN's term is judged by the date the till sends. With a closed shift the till's clock can be set back, the archive
closed and the FN replaced. With an open one nothing closes the shift, and the clock cannot be set: a closed circle.
"""

from datetime import datetime, timedelta
from typing import Any

from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E
from scenarios import routine
from scenarios.health import trade
from scenarios.playbook import (
    Scenario,
    Scene,
    Variant,
    Verdict,
    Weight,
    accepts,
    hands,
    reads,
    refuses,
    sees,
    wire,
)
from scenarios.roles import Till

FIVE_MINUTES = timedelta(minutes=5)
TAPE = "Ошибка ФН 234"
SET_CLOCK = "Установите дату и время последнего отчёта о закрытии смены, плюс пять минут"


def _ends_at(fields: Any) -> datetime:
    """Register 12h with a closed shift: when the last one was closed."""
    moment: datetime = fields["ends_at"]
    return moment


def _set_clock_after_z(scene: Scene) -> None:
    routine.set_clock(scene.till, scene.note("last_z") + FIVE_MINUTES)


def _set_clock_right(scene: Scene) -> None:
    routine.set_clock(scene.till, datetime(1970, 1, 1) + timedelta(seconds=scene.witness.world()))


def _set_clock_after_last_document(scene: Scene) -> None:
    routine.set_clock(scene.till, scene.note("last_document") + FIVE_MINUTES, leaves_mode=False)


def _set_clock_ahead(till: Till) -> None:
    routine.set_clock(till, datetime(2030, 1, 1, 12, 0))


def _all_sent(scene: Scene) -> bool:
    return scene.witness.unsent_documents() == 0


SHIFT_CLOSED = Scenario(
    id="err_3978_shift_closed",
    article="err_3978",
    title="Исчерпан ресурс КС ФН, смена закрыта",
    preset="fn-expired-offline",
    error=E.FN_RESOURCE_EXHAUSTED,
    tape=TAPE,
    reproduce=(refuses(routine.open_shift, E.FN_RESOURCE_EXHAUSTED, "open a shift"),),
    fix=(
        reads(
            "last_z",
            ReadRegister(register=0x12),
            _ends_at,
            "Запишите дату и время последнего отчёта о закрытии смены",
        ).weighs(Weight.NEEDED),
        hands(lambda operator: operator.ofd_up(), "Подключите смарт-терминал к интернету").weighs(Weight.NEEDED),
        sees(_all_sent, "Убедитесь, что все фискальные документы ушли в ОФД"),
        wire(_set_clock_after_z, SET_CLOCK).weighs(Weight.NEEDED),
        accepts(routine.close_archive, "Закройте архив фискального накопителя").weighs(Weight.HARMFUL_TO_OMIT),
        sees(_all_sent, "Убедитесь, что информация о закрытии отправлена в ОФД"),
        hands(lambda operator: operator.swap_fn(), "Замените фискальный накопитель").weighs(Weight.NEEDED),
        wire(_set_clock_right, "set the till's clock right again")
        .undocumented("the new FN's term would begin in the past, and its documents would be misdated")
        .weighs(Weight.HARMFUL_TO_OMIT),
        accepts(routine.register_again, "Зарегистрируйте новый накопитель").weighs(Weight.NEEDED),
    ),
    prove=(accepts(trade, "a sale and a Z"),),
    variants=(
        Variant(
            "ФН-1 by the interface document: the archive closes after the term",
            fn_settings={"expiry_blocks_shift_close": False, "expiry_blocks_archive_close": False},
            weights={
                SET_CLOCK: Weight.SUPERFLUOUS,
                "Запишите дату и время последнего отчёта о закрытии смены": Weight.NEEDED,
                "set the till's clock right again": Weight.HARMFUL_TO_OMIT,
            },
        ),
    ),
    documented="the errors, and every step but the one marked",
    inferred="that the FN judges its term by the date it is sent; that the network was down before",
)

SHIFT_OPEN = Scenario(
    id="err_3978_shift_open",
    article="err_3978",
    title="Исчерпан ресурс КС ФН, смена открыта",
    preset="fn-expired-shift-open",
    at="2026-03-02T10:00",
    error=E.FN_RESOURCE_EXHAUSTED,
    tape=TAPE,
    verdict=Verdict.NO_DOCUMENTED_FIX,
    reproduce=(refuses(routine.sell, E.FN_RESOURCE_EXHAUSTED, "sell"),),
    fix=(
        refuses(routine.close_shift, E.FN_RESOURCE_EXHAUSTED, "close the shift: the FN refuses"),
        refuses(_set_clock_ahead, E.SHIFT_OPEN, "set the clock: not with an open shift"),
        refuses(routine.close_archive, E.SHIFT_OPEN, "close the archive: not with an open shift"),
    ),
    prove=(accepts(trade, "a sale and a Z"),),
    beyond_title="what an engineer can do: a till without a clock takes any date, even with an open shift",
    beyond=(
        reads(
            "last_document",
            ReadRegister(register=0x34),
            lambda fields: fields["at"],
            "read date and time of the last document",
        ),
        hands(lambda operator: operator.lose_clock(), "take the clock's cell out and put it back"),
        wire(_set_clock_after_last_document, "set the clock five minutes after the last document"),
        accepts(routine.close_shift, "close the shift"),
        accepts(routine.close_archive, "close the archive"),
        hands(lambda operator: operator.swap_fn(), "replace the FN"),
        wire(_set_clock_right, "set the clock right"),
        accepts(routine.register_again, "register the new FN"),
    ),
    documented="that there is no way without support",
    inferred="the circle: the FN refuses to close the shift by its term, the till to set its clock; the engineer's way",
)
