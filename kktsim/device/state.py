"""Everything a till remembers: what survives power-off (`Memory`) and what does not (`Volatile`).

The non-volatile part is kept in the regions a real till keeps apart, each of which can be lost by itself later:
clock, tables, requisites, totals, mirror of the FN, receipt. All of it is plain and copied by hand.

Money in kopecks, quantities in thousandths, world times in seconds of civil time since 1970-01-01 00:00.
"""

from dataclasses import dataclass, field, replace
from enum import IntEnum

from kktsim.device.board import Board
from kktsim.device.graphics import Dialogue, Graphics
from kktsim.device.printer_state import PrinterState
from kktsim.device.report_counters import ReportCounters
from kktsim.device.signals import PowerRequest, Signal
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.modes import Mode


@dataclass(slots=True)
class Item:
    """«Предмет расчёта» in the open receipt. Requisites: tag to value bytes, as E8h brought them."""

    name: str
    price_kopecks: int
    """Of one unit, as the program told it: without discounts."""
    quantity_milli: int
    cost_kopecks: int
    """«Стоимость» with discounts and surcharges."""
    tax: int
    tax_sum_kopecks: int
    section: int
    subject: int = 0
    """«Признак предмета расчёта», tag 1212; 0: not told."""
    method: int = 0
    """«Признак способа расчёта», tag 1214; 0: not told."""
    requisites: dict[int, bytes] = field(default_factory=dict)
    discount_kopecks: int = 0
    """«Скидка» on this item alone; negative: «надбавка»."""
    discount_refusal: int = 0
    """Extended code that a discount on it is refused with; 0: it may have one."""
    tlv: bytes = b""
    """Tag 1059 as the FN gets it."""


class LastOperation(IntEnum):
    """What was done last to the items of a receipt: decides which discount may follow."""

    NOTHING = 0
    ITEM = 1
    VOID = 2
    ITEM_DISCOUNT = 3
    RECEIPT_DISCOUNT = 4


@dataclass(slots=True)
class Receipt:
    """«Чек» that is open: made by 92h, gone by 4Ah or 59h. Items never change once added, so copies share them."""

    type: ReceiptType
    begun_world: float
    """World time when the FN was told of it."""
    is_in_doubt: bool = False
    """The FN fell silent while the receipt was being closed: what it has of it must be asked."""
    prints: bool = True
    checks_cash: bool = True
    items: list[Item] = field(default_factory=list)
    payments: dict[int, int] = field(default_factory=dict)
    """Payment form to kopecks."""
    sum_kopecks: int = 0
    """«Итог чека»: what the items cost together."""
    bytes_used: int = 0
    """What the items take in the document."""
    discount_kopecks: int = 0
    """«Скидка на чек», which the items have been given their parts of; negative: «надбавка»."""
    told_taxes: dict[int, int] = field(default_factory=dict)
    """Row of table 13 to kopecks: what B8h told instead of what the till reckons."""
    last: LastOperation = LastOperation.NOTHING
    before_discount: tuple[LastOperation, list[Item]] | None = None
    """The operation and the items before the last discount, for 78h; None: there is nothing to cancel."""
    told: dict[int, bool] = field(default_factory=dict)
    """Requisites that E8h has brought since 92h: tag to whether it is printed already."""

    @property
    def paid_kopecks(self) -> int:
        """What has been tendered so far."""
        return sum(self.payments.values())

    def add(self, item: Item) -> None:
        """One more item."""
        self.items.append(item)
        self.sum_kopecks += item.cost_kopecks
        self.bytes_used += len(item.tlv)

    def replace_items(self, items: list[Item]) -> None:
        """Other items instead of these."""
        self.items = items
        self.sum_kopecks = sum(item.cost_kopecks for item in items)
        self.bytes_used = sum(len(item.tlv) for item in items)

    def copy(self) -> "Receipt":
        """An independent receipt."""
        return replace(
            self,
            items=self.items.copy(),
            payments=self.payments.copy(),
            told_taxes=self.told_taxes.copy(),
            told=self.told.copy(),
        )


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
class Totals:
    """«Счётчики»: of the shift, and those that no report resets."""

    cash_kopecks: int = 0
    """What the drawer should hold: below zero when cash control was off."""
    registered: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks, this shift."""
    registrations: dict[int, int] = field(default_factory=dict)
    """Receipt type to number of items, this shift."""
    paid: dict[tuple[int, int], int] = field(default_factory=dict)
    """(Receipt type, payment form) to kopecks, this shift."""
    taxes: dict[tuple[int, int], int] = field(default_factory=dict)
    """(Receipt type, tax row) to kopecks, this shift; of 0 % and no VAT the settled sums."""
    discounts: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks in closed receipts, this shift."""
    surcharges: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks in closed receipts, this shift."""
    receipts: dict[int, int] = field(default_factory=dict)
    """Receipt type to closed receipts, this shift."""
    cancelled: dict[int, int] = field(default_factory=dict)
    """Receipt type to cancelled receipts, this shift."""
    cancelled_sums: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks in the receipts that were cancelled, this shift."""
    cash_in_kopecks: int = 0
    cash_in_count: int = 0
    cash_out_kopecks: int = 0
    cash_out_count: int = 0
    documents_in_shift: int = 0
    shift_opening_document: int = 0
    last_shift_income_kopecks: int = 0
    last_shift_outcome_kopecks: int = 0
    non_nullable: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks since registration."""
    non_nullable_paid: dict[tuple[int, int], int] = field(default_factory=dict)
    """(Receipt type, payment form) to kopecks since registration."""
    running_receipts: int = 0
    """Receipts since the first, not reset by the shift."""
    running_documents: int = 0
    reports: ReportCounters = field(default_factory=ReportCounters)
    general_resets: int = 0
    """«Счётчик общих гашений»."""

    def copy(self) -> "Totals":
        """Independent totals."""
        return replace(
            self,
            registered=self.registered.copy(),
            registrations=self.registrations.copy(),
            paid=self.paid.copy(),
            taxes=self.taxes.copy(),
            discounts=self.discounts.copy(),
            surcharges=self.surcharges.copy(),
            receipts=self.receipts.copy(),
            cancelled=self.cancelled.copy(),
            cancelled_sums=self.cancelled_sums.copy(),
            non_nullable=self.non_nullable.copy(),
            non_nullable_paid=self.non_nullable_paid.copy(),
            reports=self.reports.copy(),
        )

    @property
    def cash_shown_kopecks(self) -> int:
        """«Наличность в кассе» as the till tells it: nothing while there is less (a guess)."""
        return max(self.cash_kopecks, 0)

    def count_cancelled(self, receipt: Receipt) -> None:
        """A receipt was cancelled by 59h or by a power cut."""
        kind = receipt.type
        self.cancelled[kind] = self.cancelled.get(kind, 0) + 1
        self.cancelled_sums[kind] = self.cancelled_sums.get(kind, 0) + receipt.sum_kopecks

    def close_shift(self) -> None:
        """Reset what belongs to the shift; cash stays."""
        sells = self.registered.get(ReceiptType.SELL, 0) - self.registered.get(ReceiptType.SELL_RETURN, 0)
        buys = self.registered.get(ReceiptType.BUY, 0) - self.registered.get(ReceiptType.BUY_RETURN, 0)
        self.last_shift_income_kopecks = sells
        self.last_shift_outcome_kopecks = buys
        for counter in (
            self.registered,
            self.registrations,
            self.paid,
            self.taxes,
            self.discounts,
            self.surcharges,
            self.receipts,
            self.cancelled,
            self.cancelled_sums,
        ):
            counter.clear()
        self.reports.reset()
        self.cash_in_kopecks = self.cash_in_count = self.cash_out_kopecks = self.cash_out_count = 0
        self.documents_in_shift = 0


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
