"""Everything a till remembers: what survives power-off (`Memory`) and what does not (`Volatile`).

The non-volatile part is kept in the regions a real till keeps apart (`Region`), each of which can be lost by itself.
All of it is plain and copied by hand.

Money in kopecks, quantities in thousandths, world times in seconds of civil time since 1970-01-01 00:00.
"""

from dataclasses import dataclass, field, replace
from enum import IntEnum

from kktsim.device.board import Board
from kktsim.device.graphics import Dialogue, Graphics
from kktsim.device.printer_state import PrinterState
from kktsim.device.receipt import Receipt
from kktsim.device.regions import Region
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
class FnShift:
    """The FN's shift, as the till needs it. ``since_world``: when it was opened, or when the last document was made."""

    is_open: bool
    number: int
    since_world: float


@dataclass(frozen=True, slots=True)
class Intent:
    """«Намерение»: a document whose commit is sent, and of which it is not known yet whether the FN has made it.

    ``type``: code of the document in the FFD; ``number``: which it will have in the FN of ``fn_number``; ``world``: its
    date and time, the till's clock to the minute; ``cashier``: as printed.
    """

    type: int
    fn_number: str
    number: int
    shift_number: int
    world: float
    cashier: str = ""
    shift: FnShift | None = None
    """What the document makes the till believe of the FN's shift; None: it is told by the document itself."""
    requisites: dict[int, bytes] = field(default_factory=dict)
    """What a registration report registers, by tag."""
    registration: int = 0
    """«Тип отчёта о регистрации», as 02h of the FN is told it."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A receipt whose commit is sent: what is to be booked when the FN has made it. ``receipt``: with all payments."""

    receipt: Receipt
    tax_system: int
    operator: int
    """Row of table 3."""
    taxes: dict[int, int]
    """Row of table 13 to kopecks."""


@dataclass(frozen=True, slots=True)
class Latch:
    """The last document of an FN that is not where the till left it."""

    document_number: int
    document_world: float
    document_sign: int


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
    last_sent_at: float | None = None
    """The till's clock when the last document was confirmed; None: none was since the power came."""


class ClockRegion(IntEnum):
    """Whether the till knows what time it is; the value is the mode byte it shows (7.5 and 7.6)."""

    GOOD = 0x00
    NEEDS_DATE = 0x57
    NEEDS_TIME = 0x67


class Memory:
    """Non-volatile memory, by region."""

    __slots__ = (
        "bad_regions",
        "board",
        "clock_offset",
        "clock_region",
        "closing",
        "graphics",
        "intent",
        "kept_intent",
        "last_receipt",
        "left_taxes",
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
        self.intent: Intent | None = None
        """MIRROR: the document whose commit is sent; None: of every document it is known what became of it."""
        self.kept_intent: Intent | None = None
        """MIRROR: the intent with the till's own FN, as long as `intent` is one to register another."""
        self.receipt: Receipt | None = None
        self.closing: Closing | None = None
        """RECEIPT: what belongs to an intent to close a receipt. The receipt itself stays as it was until then."""
        self.left_taxes: dict[int, int] = {}
        """RECEIPT: row of table 13 to kopecks that a receipt before has left: every receipt begins with them. A healthy
        till has none."""
        self.last_receipt = LastReceipt()
        self.printer = PrinterState()
        self.graphics = Graphics()
        self.board = Board()
        self.mirror_is_lost = False
        """MIRROR and REQUISITES are to be taken from the FN at the next power-up."""
        self.unprinted_report = 0
        """Number of the report that is in the FN but was not printed to its end; 0: none."""
        self.bad_regions: frozenset[Region] = frozenset()
        """Regions whose check sum was wrong at power-up, and which were not put right since; not stored itself."""

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
        twin.intent = self.intent
        twin.kept_intent = self.kept_intent
        twin.closing = self.closing
        twin.left_taxes = self.left_taxes.copy()
        twin.last_receipt = self.last_receipt
        twin.printer = self.printer
        twin.graphics = self.graphics.copy()
        twin.board = self.board
        twin.mirror_is_lost = self.mirror_is_lost
        twin.unprinted_report = self.unprinted_report
        twin.bad_regions = self.bad_regions
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
        "fn_was_absent",
        "general_reset_done",
        "item_requisites",
        "latch",
        "mode",
        "mode_after",
        "ofd_check",
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
        self.ofd_check = False
        """Diagnostics of the way to the OFD are asked for."""
        self.latch: Latch | None = None
        """The FN is the till's own, but not where the till left it; None: the two agree, as far as is known."""
        self.fn_was_absent = False
        """No FN has answered since the power came."""
        self.general_reset_done = False
        """77h was done in state 7.9."""
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
