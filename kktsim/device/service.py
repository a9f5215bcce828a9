"""Chapter «Печать и сервис»: 4C 47 73 75 80 82 CE."""

from kktsim.device import tables
from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.refusal import Refusal
from protocol.atol import code_page
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.service import (
    Beep,
    CutPaper,
    OpenDrawer,
    PowerControl,
    PrintFooter,
    PrintText,
    ServicePrint,
)
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
from protocol.fn.answers import FnStatus, parse_word
from protocol.fn.commands import FnCommand, Phase

INFORMATION, OFD_DIAGNOSTICS = 1, 6
FOOTER_ROWS = 3
CHANNELS = {1: "EthernetOverUSB", 2: "Ethernet", 3: "WiFi", 4: "GSM", 5: "ДТО"}
"""Table 19 field 4, as the diagnostics slip names it; 5: through the driver (article ofd_diag_channel_dto)."""


@handles(PrintText)
def print_text(kkt: Kkt, request: PrintText, at: float) -> bytes:
    """«Печать строки»: longer than the line is answered 14h."""
    if len(request.text) > max(kkt.model.characters, 57):
        raise Refusal(E.BAD_LENGTH)
    kkt.paper.line(request.text)
    return b""


@handles(Beep)
def beep(kkt: Kkt, request: Beep, at: float) -> bytes:
    """«Гудок»."""
    return b""


@handles(PrintFooter, mode=(Mode.REGISTRATION, Mode.X_REPORTS))
def print_footer(kkt: Kkt, request: PrintFooter, at: float) -> bytes:
    """«Печать нижней части чека»: the first rows of table 6."""
    for row in range(1, FOOTER_ROWS + 1):
        kkt.paper.centre(tables.text(kkt, 6, row, 1))
    return b""


@handles(CutPaper)
def cut_paper(kkt: Kkt, request: CutPaper, at: float) -> bytes:
    """«Отрезать чек»."""
    kkt.paper.cut()
    return b""


@handles(OpenDrawer)
def open_drawer(kkt: Kkt, request: OpenDrawer, at: float) -> bytes:
    """«Открыть денежный ящик»: nothing is attached to the socket."""
    return b""


@handles(ServicePrint, mode=Mode.SELECTION)
def service_print(kkt: Kkt, request: ServicePrint, at: float) -> bytes:
    """«Демонстрационная печать»: 1 information on the till, 6 diagnostics of the OFD link; others 13h."""
    slip = _SLIPS.get(request.type)
    if request.group != 1 or slip is None:
        raise Refusal(E.BAD_FORMAT)
    slip(kkt, at)
    kkt.paper.cut()
    return b""


def _information(kkt: Kkt, at: float) -> None:
    paper, model = kkt.paper, kkt.model
    paper.centre("ИНФОРМАЦИЯ О ККТ")
    paper.line(model.title)
    paper.pair("ЗН ККТ", model.serial_number)
    paper.pair("ID серии", f"{model.build:04d}")
    paper.pair("РН ККТ", code_page.decode(kkt.memory.requisites.get(T.REGISTRATION_NUMBER, b"")).strip())
    paper.pair("Дата и время", to_datetime(kkt.clock(at)).strftime("%d.%m.%y %H:%M"))
    try:
        status = FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", at))
    except Refusal as refusal:
        paper.pair("ФН", f"НЕТ ОТВЕТА ({int(refusal.code)})")
        return
    paper.pair("ФН", status.number)
    paper.pair("Последний ФД", str(status.last_document))
    paper.pair("Фиск. режим закрыт", "ДА" if status.phase > Phase.FISCAL else "НЕТ")


def _diagnostics(kkt: Kkt, at: float) -> None:
    paper, errors = kkt.paper, kkt.volatile.exchange
    paper.centre("ДИАГНОСТИКА СОЕДИНЕНИЯ С ОФД")
    paper.pair("Адрес", tables.text(kkt, 19, 1, 1))
    paper.pair("Порт", str(tables.number(kkt, 19, 1, 2)))
    paper.pair("Канал связи", CHANNELS.get(tables.number(kkt, 19, 1, 4), "Ошибка"))
    try:
        unsent = parse_word(kkt.fn.do(FnCommand.UNSENT_COUNT, b"", at))
    except Refusal as refusal:
        paper.pair("ФН", f"ОШИБКА {int(refusal.code)}")
        return
    paper.pair("Не передано", str(unsent))
    if errors.network or errors.ofd or errors.fn:
        outcome = "ОШИБКА СЕТИ" if errors.network else "ОШИБКА"
    else:
        outcome = "НЕ БЫЛО" if errors.last_sent_world is None else "УСПЕШНО"
    paper.pair("Последний обмен", outcome)


_SLIPS = {INFORMATION: _information, OFD_DIAGNOSTICS: _diagnostics}


@handles(PowerControl)
def power_control(kkt: Kkt, request: PowerControl, at: float) -> bytes:
    """«Выключить или перезагрузить ККТ»: the answer goes out first, the bench does the rest."""
    kkt.volatile.power_request = request.action
    return b""
