"""«Канал связи: ДТО» and «Ошибка» on the slip of 82 01 06 00: table 19 field 4. Article ofd_diag_channel_dto.

With channel 5 the till leaves the exchange to the driver's package, with one that its board does not have it has no way
out: either way documents stay in the FN until the channel is set to 1 again.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import CHECK, OFD_REACHED, TRADES, raw_command, screen, sells, slip, trade_day
from scenarios.ofd_cases import MADE, TILL_TRIES, all_sent, waiting
from scenarios.playbook import Alternative, Scenario, Step, Weight, hand

WITHOUT_WIFI = ("evotor-st2f", "evotor-st3f", "atol-11f", "atol-30f")
_ENTER, _WRITE, _LEAVE = "56 04 00 00 00 30", "50 13 00 01 04 01", "48"
_PROOF = (
    screen(CHECK, OFD_REACHED),
    slip({"Канал связи": "EthernetOverUSB", "Результат": "УСПЕШНО"}),
    TILL_TRIES,
    all_sent(),
    *TRADES,
)


def _set_channel(number: int) -> tuple[Step, ...]:
    return tuple(raw_command(typed) for typed in (_LEAVE, _ENTER, f"50 13 00 01 04 0{number}", _LEAVE))


def _symptom(shown: str) -> tuple[Step, ...]:
    return (raw_command("82010600"), slip({"Канал связи": shown, "Соединение": "НЕТ КАНАЛА"}))


def _cure(first: Weight) -> tuple[Step, ...]:
    """The article's four lines, each typed by itself. ``first``: what the first of them is worth."""
    return (
        raw_command(_LEAVE).weighs(first),
        raw_command(_ENTER).weighs(Weight.NEEDED),
        raw_command(_WRITE).weighs(Weight.NEEDED),
        raw_command(_LEAVE).weighs(Weight.SUPERFLUOUS),
    )


DRIVER = Scenario(
    id="ofd_diag_channel_dto",
    article="ofd_diag_channel_dto",
    case="dto",
    title="Канал связи: ДТО, обмен с ОФД отдан драйверу",
    preset="registered",
    reproduce=(*_set_channel(5), trade_day("a day's trade: shift, sale, Z"), *_symptom("ДТО"), waiting(MADE)),
    fix=_cure(Weight.SUPERFLUOUS),
    prove=_PROOF,
    alternatives=(
        Alternative(
            "waiting for the OFD",
            (hand("try_ofd", title="let the till try at once"),),
            cures=False,
        ),
    ),
    documented="the slip and the commands",
    inferred="that the queue does not leave meanwhile; that the channel takes effect at once; the slip's other lines",
)

NO_SUCH_CHANNEL = Scenario(
    id="ofd_diag_channel_error",
    article="ofd_diag_channel_dto",
    case="error",
    title="Канал связи: Ошибка, такого модуля в кассе нет",
    preset="registered",
    models=WITHOUT_WIFI,
    reproduce=(
        *_set_channel(3),
        *_symptom("Ошибка"),
        sells(),
        waiting(MADE - 1),
    ),
    fix=_cure(Weight.NEEDED),
    prove=_PROOF,
    alternatives=(
        Alternative(
            "the four lines without the first: registration mode is still on",
            (raw_command(_ENTER, refusal=E.WRONG_MODE), raw_command(_WRITE, refusal=E.WRONG_MODE)),
            cures=False,
        ),
    ),
    documented="the slip and the commands",
    inferred="which channel: Wi-Fi in a till that has none",
)

FAMILY = (DRIVER, NO_SUCH_CHANNEL)
