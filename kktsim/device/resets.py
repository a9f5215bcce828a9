"""Chapter «Обнуления»: 77 clears the counters, 71 the tables, 6B nearly everything.

What each of them keeps: the FN always; 77 tables, requisites, what the till believes of the FN and the sums that no
report resets; 71 all but the tables; 6B the board's number and codes. Sources: ATOL protocol 3.1, commands 77 71 6B;
articles err_minus16, err_3825, err_3905, err_3933, err_3969 and counters_zeroed_fd_restored, whose lists of what is to
be set up again afterwards are lists of what was lost. Named settings tell where they are silent.
"""

from dataclasses import replace

from kktsim.device import restoring, tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.graphics import Graphics
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from kktsim.device.signals import PowerRequest
from kktsim.device.state import ClockRegion, LastReceipt
from kktsim.device.totals import Totals
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.resets import GeneralReset, InitializeTables, TechnologicalReset
from protocol.atol.kkt_codes import E

GENERAL_RESET = 0x63
"""State 3.6 in the mode byte: general reset is running."""
OFD_TABLE, PORT_TABLE = 19, 9
PORT_SPEED_FIELD, SPEED_4800 = 2, b"\x03"


@handles(
    GeneralReset,
    mode=Mode.Z_REPORTS,
    receipt=Need.CLOSED,
    shift=Need.CLOSED,
    prints=Prints.ALWAYS,
    heals_memory=True,
)
def general_reset(kkt: Kkt, request: GeneralReset, at: float) -> bytes:
    """«Общее гашение»: counters, cash, receipt and document numbers begin anew; it counts itself."""
    if kkt.settings.general_reset_without_jumper == "refuse":
        _require_jumper(kkt)
    old = kkt.memory.totals
    kkt.memory.totals = Totals(
        non_nullable=old.non_nullable,
        non_nullable_paid=old.non_nullable_paid,
        general_resets=old.general_resets + 1,
    )
    kkt.memory.last_receipt = LastReceipt()
    kkt.paper.centre("ОБЩЕЕ ГАШЕНИЕ")
    kkt.paper.pair("НОМЕР", str(kkt.memory.totals.general_resets))
    kkt.paper.cut()
    kkt.volatile.general_reset_done = bool(kkt.memory_lock)
    kkt.start_printing(kkt.settings.z_report_seconds, GENERAL_RESET, kkt.volatile.mode)
    return b""


@handles(InitializeTables, mode=Mode.SELECTION, receipt=Need.CLOSED, shift=Need.CLOSED)
def initialize_tables(kkt: Kkt, request: InitializeTables, at: float) -> bytes:
    """«Инициализация таблиц начальными значениями»: that the shift must be closed is a guess."""
    kept = () if kkt.settings.initialization_resets_passwords else (tables.OPERATORS,)
    tables.reset(kkt, (tables.PROTECTION, *kept))
    return b""


@handles(TechnologicalReset, mode=Mode.SELECTION, receipt=Need.CLOSED, without_clock=True, heals_memory=True)
def technological_reset(kkt: Kkt, request: TechnologicalReset, at: float) -> bytes:
    """«Технологическое обнуление ККТ»: answered, then the till is silent for a while and comes up anew.

    A firmware too old for it needs the boot jumper. What the till believes of the FN and its requisites come back from
    the FN at power-up (`restoring`), sums do not. In states 7.9 and 7.10 B0h asks for a general reset first.
    """
    settings, memory = kkt.settings, kkt.memory
    if kkt.memory_lock and settings.general_reset_required_in_7_9 and not kkt.volatile.general_reset_done:
        raise Refusal(E.GENERAL_RESET_NEEDED)
    if kkt.model.build < settings.zeroing_min_build:
        _require_jumper(kkt)
    if memory.mirror.shift_is_open and settings.zeroing_with_open_shift == "refuse":
        raise Refusal(E.SHIFT_OPEN)
    tables.reset(kkt, (tables.PROTECTION,) if settings.zeroing_resets_ofd else (tables.PROTECTION, OFD_TABLE))
    for place, _ in tables.fields(kkt.model):
        if place[0] == PORT_TABLE and place[2] == PORT_SPEED_FIELD:
            memory.tables[place] = SPEED_4800
    old = memory.totals
    kept = {} if settings.zeroing_clears_non_nullable else old.non_nullable
    kept_paid = {} if settings.zeroing_clears_non_nullable else old.non_nullable_paid
    memory.totals = Totals(non_nullable=kept, non_nullable_paid=kept_paid)
    memory.last_receipt = LastReceipt()
    memory.unprinted_report = 0
    memory.left_taxes = {}
    memory.bad_regions = frozenset()
    memory.graphics = Graphics()
    kkt.paper.forget_document()
    restoring.forget(kkt)
    if not settings.zeroing_keeps_codes:
        memory.board = replace(memory.board, protection_codes=frozenset())
    if settings.zeroing_clears_clock:
        memory.clock_region = ClockRegion.NEEDS_DATE
    kkt.volatile.power_request = PowerRequest(settings.zeroing_seconds)
    return b""


def _require_jumper(kkt: Kkt) -> None:
    if not kkt.memory.board.jumper_is_on:
        raise Refusal(E(kkt.settings.zeroing_without_jumper_answer))
