"""Chapter «Сервис»: 82 prints slips on the till itself, CE switches it off or restarts it."""

from collections.abc import Callable

from kktsim.device import ofd_slip
from kktsim.device.dispatch import Need, handles
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from kktsim.device.requisite_prints import TAX_SYSTEMS
from kktsim.device.signals import PowerRequest
from protocol.atol import code_page
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.service import Power, PowerControl, ServicePrint, ServiceSlip
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
from protocol.fn.answers import FnStatus
from protocol.fn.commands import FnCommand, Phase

TEST_RUN = 0x27
"""State 7.2 in the mode byte: «прогон»."""
ALPHABET = ("0123456789", "АБВГДЕЁЖЗИЙКЛМНОП", "РСТУФХЦЧШЩЪЫЬЭЮЯ", "абвгдеёжзийклмноп", "рстуфхцчшщъыьэюя")
_EXECUTE, _ASK = 1, 0
RESERVE_BYTES = 1
"""Most bytes of 82h behind the type of the slip (guess)."""


def _slip_prints(kkt: Kkt, request: ServicePrint) -> Prints:
    return Prints.ALWAYS if request.execute == _EXECUTE else Prints.NEVER


@handles(ServicePrint, receipt=Need.CLOSED, prints=_slip_prints, without_memory=True)
def service_print(kkt: Kkt, request: ServicePrint, at: float) -> bytes:
    """«Демонстрационная печать»: samples, information («Прогон-1»), a test run, diagnostics of the way to the OFD.

    Without its memory a till prints them too: article err_minus16 begins with «Прогон-1».
    """
    if kkt.settings.service_print_in == "selection mode" and kkt.volatile.mode != Mode.SELECTION:
        raise Refusal(E.WRONG_MODE)
    if len(request.reserve) > RESERVE_BYTES:
        raise Refusal(E.BAD_LENGTH)
    if request.execute not in (_EXECUTE, _ASK):
        raise Refusal(E.BAD_FORMAT)
    if request.execute == _EXECUTE:
        _SLIPS[request.type](kkt, at)
        if request.type is not ServiceSlip.OFD_DIAGNOSTICS:  # which ends when the call is over
            kkt.paper.cut()
    return b""


def _demonstration(kkt: Kkt, at: float) -> None:
    kkt.paper.centre("ДЕМОНСТРАЦИОННАЯ ПЕЧАТЬ")
    for line in ALPHABET:
        kkt.paper.line(line)
    kkt.paper.line("#" * kkt.paper.width)


def _demonstration_receipt(kkt: Kkt, at: float) -> None:
    kkt.paper.centre("ДЕМОНСТРАЦИОННЫЙ ЧЕК")
    kkt.paper.line("Товар")
    kkt.paper.pair("1 x 1.00", "=1.00")
    kkt.paper.pair("ИТОГ", "=1.00")


def _test_run(kkt: Kkt, at: float) -> None:
    """The till looks at its own parts; state 7.2 meanwhile. Article err_minus16 finds the build on «Прогон-1»."""
    paper = kkt.paper
    paper.centre("ТЕСТОВЫЙ ПРОГОН")
    paper.line("#" * paper.width)
    _build(kkt)
    paper.pair("Часы", to_datetime(kkt.clock(at)).strftime("%d.%m.%y %H:%M"))
    paper.pair("ФН", "ИСПРАВЕН" if isinstance(_fn_status(kkt, at), FnStatus) else "НЕ ОТВЕЧАЕТ")
    kkt.start_printing(kkt.settings.test_run_seconds, TEST_RUN, Mode.SELECTION)


def _information(kkt: Kkt, at: float) -> None:
    paper, model = kkt.paper, kkt.model
    paper.centre("ИНФОРМАЦИЯ О ККТ")
    paper.line(model.title)
    paper.pair("ЗН ККТ", model.serial_number if kkt.memory.board.has_serial_number else "НЕ ЗАДАН")
    _build(kkt)
    paper.pair("Дата и время", to_datetime(kkt.clock(at)).strftime("%d.%m.%y %H:%M"))
    _registration(kkt)
    status = _fn_status(kkt, at)
    if isinstance(status, Refusal):
        paper.pair("ФН", f"НЕТ ОТВЕТА ({int(status.code)})")
        return
    paper.pair("ФН", status.number)
    paper.pair("Последний ФД", str(status.last_document))
    paper.pair("Фиск. режим закрыт", "ДА" if status.phase > Phase.FISCAL else "НЕТ")


def _build(kkt: Kkt) -> None:
    kkt.paper.pair("ID серии", f"{kkt.model.build:04d}")


def _registration(kkt: Kkt) -> None:
    """Registration data as the till holds them."""
    held = kkt.memory.requisites
    for title, tag in (("РН ККТ", T.REGISTRATION_NUMBER), ("ИНН", T.USER_INN), ("ИНН ОФД", T.OFD_INN)):
        kkt.paper.pair(title, code_page.decode(held.get(tag, b"")).strip())
    for tag in (T.USER_NAME, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE, T.OFD_NAME):
        if held.get(tag):
            kkt.paper.line(code_page.decode(held[tag]).strip())
    bits = int.from_bytes(held.get(T.TAX_SYSTEMS, b""), "little")
    kkt.paper.line("СНО: " + ", ".join(name for bit, name in enumerate(TAX_SYSTEMS) if bits >> bit & 1))
    kkt.paper.pair("Регистрация, ФД", str(kkt.memory.mirror.registration_number or ""))


def _fn_status(kkt: Kkt, at: float) -> FnStatus | Refusal:
    try:
        return FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", at))
    except Refusal as refusal:
        return refusal


_SLIPS: dict[ServiceSlip, Callable[[Kkt, float], None]] = {
    ServiceSlip.DEMONSTRATION: _demonstration,
    ServiceSlip.INFORMATION: _information,
    ServiceSlip.DEMONSTRATION_2: _demonstration_receipt,
    ServiceSlip.TEST_RUN: _test_run,
    ServiceSlip.OFD_DIAGNOSTICS: ofd_slip.ask,
}


@handles(PowerControl)
def power_control(kkt: Kkt, request: PowerControl, at: float) -> bytes:
    """«Выключить или перезагрузить ККТ»: the answer goes out first, the bench does the rest."""
    restarts = request.action is Power.REBOOT
    kkt.volatile.power_request = PowerRequest(kkt.settings.reboot_seconds if restarts else None)
    return b""
