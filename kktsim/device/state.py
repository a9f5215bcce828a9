"""Everything a till remembers: what survives power-off (`Memory`) and what does not (`Volatile`).

The non-volatile part is kept in the regions a real till keeps apart, each of which can be lost by itself later:
clock, tables, requisites, totals, mirror of the FN, receipt. All of it is plain and copied by hand.

Money in kopecks, quantities in thousandths, world times in seconds of civil time since 1970-01-01 00:00.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

from kktsim.device.board import Board
from kktsim.device.graphics import Dialogue, Graphics
from kktsim.device.printer_state import PrinterState
from kktsim.device.receipt import Receipt
from kktsim.device.signals import PowerRequest, Signal
from kktsim.device.totals import Totals
from protocol.atol.commands.modes import Mode


@dataclass(slots=True)
class Mirror:
    """What the till believes of the FN: number, last document, shift. The FN is the second witness."""

    fn_number: str = ""
    """Empty until registration."""
    document_number: int = 0
    document_world: float = 0.0
    document_sign: int = 0
    shift_number: int = 0
    shift_is_open: bool = False
    shift_opened_world: float = 0.0
    shift_closed_world: float = 0.0
    previous_opened_world: float = 0.0
    """When the shift before the open one was opened."""
    registration_number: int = 0
    """Document number of the last (re)registration report."""
    registration_world: float = 0.0
    registered_inn: bytes = b""
    registered_number: bytes = b""
    """«РНМ» of the last registration, as 1037 has it; empty: not known."""

    def copy(self) -> "Mirror":
        """An independent mirror."""
        return replace(self)


@dataclass(frozen=True, slots=True)
class LastReceipt:
    """The last closed receipt, as register 33h tells it."""

    document_number: int = 0
    type: int = 0
    sum_kopecks: int = 0
    world: float = 0.0
    sign: int = 0


@dataclass(slots=True)
class ExchangeErrors:
    """What register 2Bh tells of the exchange with the OFD, and 39h of the last document sent."""

    network: int = 0
    ofd: int = 0
    fn: int = 0
    document_number: int = 0
    fn_command: int = 0
    last_sent_world: float | None = None


class ClockRegion(IntEnum):
    """Whether the till knows what time it is; the value is the mode byte it shows (7.5 and 7.6)."""

    GOOD = 0x00
    NEEDS_DATE = 0x57
    NEEDS_TIME = 0x67


class Memory:
    """Non-volatile memory, by region."""

    __slots__ = (
        "board",
        "clock_offset",
        "clock_region",
        "graphics",
        "last_receipt",
        "mirror",
        "mirror_is_lost",
        "printer",
        "receipt",
        "requisites",
        "tables",
        "totals",
        "unprinted_report",
    )

    def __init__(self) -> None:
        self.clock_offset = 0.0
        """CLOCK: the till's clock is world time plus this, in seconds."""
        self.clock_region = ClockRegion.GOOD
        self.tables: dict[tuple[int, int, int], bytes] = {}
        """TABLES and PASSWORDS: (table, row, field) to value where it differs from the default."""
        self.requisites: dict[int, bytes] = {}
        """REQUISITES: registration tags to value bytes."""
        self.totals = Totals()
        self.mirror = Mirror()
        self.receipt: Receipt | None = None
        self.last_receipt = LastReceipt()
        self.printer = PrinterState()
        self.graphics = Graphics()
        self.board = Board()
        self.mirror_is_lost = False
        """MIRROR and REQUISITES are to be taken from the FN at the next power-up."""
        self.unprinted_report = 0
        """Number of the report that is in the FN but was not printed to its end; 0: none."""

    def copy(self) -> "Memory":
        """Independent memory."""
        twin = Memory()
        twin.clock_offset = self.clock_offset
        twin.clock_region = self.clock_region
        twin.tables = self.tables.copy()
        twin.requisites = self.requisites.copy()
        twin.totals = self.totals.copy()
        twin.mirror = self.mirror.copy()
        twin.receipt = None if self.receipt is None else self.receipt.copy()
        twin.last_receipt = self.last_receipt
        twin.printer = self.printer
        twin.graphics = self.graphics.copy()
        twin.board = self.board
        twin.mirror_is_lost = self.mirror_is_lost
        twin.unprinted_report = self.unprinted_report
        return twin


class Volatile:
    """What power-off clears."""

    __slots__ = (
        "busy_document",
        "busy_modes",
        "busy_until",
        "change_kopecks",
        "date_to_confirm",
        "detail",
        "drawing",
        "exchange",
        "item_requisites",
        "mode",
        "mode_after",
        "operation_requisites",
        "operator",
        "power_request",
        "requisite_blocks",
        "requisites_to_print",
        "signals",
        "started_world",
        "user_requisites",
    )

    def __init__(self) -> None:
        self.mode = Mode.SELECTION
        self.busy_until: float | None = None
        """Host time in seconds until which a report prints; None: not busy."""
        self.busy_document = 0
        """Number of the document that prints; 0: it is none."""
        self.busy_modes: tuple[tuple[float, int], ...] = ()
        """Mode bytes shown meanwhile, in order, each with the seconds before ``busy_until`` at which it ends."""
        self.mode_after = Mode.SELECTION
        self.operator = 0
        """Row of table 3 whose password opened the mode."""
        self.date_to_confirm: tuple[int, bytes] | None = None
        """The clock command, byte and parameters, that was answered 16h and must come again."""
        self.detail = (0, 0, bytes(4))
        """Register 37h: command, error, data."""
        self.operation_requisites: dict[int, bytes] = {}
        """Requisites of the next document, by tag."""
        self.item_requisites: dict[int, bytes] | None = None
        """Requisites of the item that EAh began; None: no item is being formed."""
        self.requisite_blocks: tuple[bytes, ...] = ()
        """Blocks of an E8h requisite that is not whole yet."""
        self.requisites_to_print: frozenset[int] = frozenset()
        """Tags among the requisites of the next receipt that are to be printed in it."""
        self.user_requisites: dict[int, bytes] = {}
        """Texts and buffers of the user, by tag: until the next document."""
        self.change_kopecks = 0
        self.started_world = 0.0
        """World time of the last power-up."""
        self.exchange = ExchangeErrors()
        self.power_request: PowerRequest | None = None
        """CEh or 6Bh was answered: what to do once the answer is out."""
        self.drawing = Dialogue()
        self.signals: list[Signal] = []
        """What has left the till and was not collected yet."""

    def copy(self) -> "Volatile":
        """An independent copy."""
        twin = Volatile()
        for name in Volatile.__slots__:
            setattr(twin, name, getattr(self, name))
        twin.operation_requisites = self.operation_requisites.copy()
        twin.user_requisites = self.user_requisites.copy()
        twin.item_requisites = None if self.item_requisites is None else self.item_requisites.copy()
        twin.exchange = replace(self.exchange)
        twin.signals = self.signals.copy()
        return twin
