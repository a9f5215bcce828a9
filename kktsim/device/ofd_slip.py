"""«Диагностика соединения с ОФД»: the slip of 82 01 06 00.

It is printed when the call is over, and not into a receipt. Lines and words are a guess but for
«Канал связи» and its values «ДТО» and «Ошибка» (article ofd_diag_channel_dto), and that it tells host, port and a
result (article err_3979).
"""

from collections.abc import Sequence

from kktsim.device import tables
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from protocol.fn.answers import parse_word
from protocol.fn.commands import FnCommand

OFD_TABLE = 19
HOST, PORT, NAME_SERVER, CHANNEL, WAIT_MINUTES, PAUSE_SECONDS = 1, 2, 3, 4, 12, 13
"""Fields of table 19."""
USB, THROUGH_DRIVER = 1, 5
"""«EthernetOverUSB», «EthernetOverTransport»: values of the channel."""
CHANNELS = {USB: "EthernetOverUSB", 2: "Ethernet", 3: "WiFi", 4: "GSM", THROUGH_DRIVER: "ДТО"}
"""Table 19 field 4, as the slip names it; 5: through the driver (article ofd_diag_channel_dto)."""
NO_CHANNEL = "Ошибка"


def channel(kkt: Kkt) -> int | None:
    """The way out that the till is told to take; None when it has no such way."""
    number = tables.number(kkt, OFD_TABLE, 1, CHANNEL)
    return number if number in kkt.model.ofd_channels or number == THROUGH_DRIVER else None


def host(kkt: Kkt) -> str:
    """«Адрес ОФД»; empty: none is set. What a person typed too much stays in it."""
    text = tables.text(kkt, OFD_TABLE, 1, HOST)
    return "" if text == "0.0.0.0" else text


def port(kkt: Kkt) -> int:
    """«Порт ОФД»; 0: none is set."""
    return tables.number(kkt, OFD_TABLE, 1, PORT)


def ask(kkt: Kkt, at: float) -> None:
    """Diagnostics are wanted: the slip is printed when it is known how the call came out."""
    kkt.volatile.ofd_check = True


def print_slip(kkt: Kkt, at: float, outcome: Sequence[tuple[str, str]]) -> None:
    """The whole slip. ``outcome``: what came of the call, titles and values."""
    paper = kkt.paper
    paper.centre("ДИАГНОСТИКА СОЕДИНЕНИЯ С ОФД")
    paper.pair("Адрес", tables.text(kkt, OFD_TABLE, 1, HOST))
    paper.pair("Порт", str(port(kkt)))
    paper.pair("DNS", ".".join(str(byte) for byte in tables.value(kkt, OFD_TABLE, 1, NAME_SERVER)))
    used = channel(kkt)
    paper.pair("Канал связи", NO_CHANNEL if used is None else CHANNELS[used])
    try:
        paper.pair("Не передано", str(parse_word(kkt.fn.do(FnCommand.UNSENT_COUNT, b"", at))))
    except Refusal as refusal:
        paper.pair("ФН", f"ОШИБКА {int(refusal.code)}")
    for title, value in outcome:
        paper.pair(title, value)
    paper.cut()
