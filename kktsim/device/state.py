"""Everything a till remembers: what survives power-off (`Memory`) and what does not (`Volatile`).

The non-volatile part is kept in the regions a real till keeps apart, each of which can be lost by itself later:
clock, tables, requisites, totals, mirror of the FN, receipt. All of it is plain and copied by hand.

Money in kopecks, quantities in thousandths, world times in seconds of civil time since 1970-01-01 00:00.
"""

from dataclasses import dataclass, field, replace
from enum import IntEnum

from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.modes import Mode


@dataclass(slots=True)
class Item:
    """«Предмет расчёта» in the open receipt. Requisites: tag to value bytes, as E8h brought them."""

    name: str
    price_kopecks: int
    quantity_milli: int
    cost_kopecks: int
    tax: int
    tax_sum_kopecks: int
    section: int
    subject: int = 0
    """«Признак предмета расчёта», tag 1212; 0: not told."""
    method: int = 0
    """«Признак способа расчёта», tag 1214; 0: not told."""
    requisites: dict[int, bytes] = field(default_factory=dict)


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

    @property
    def sum_kopecks(self) -> int:
        """«Итог чека»."""
        return sum(item.cost_kopecks for item in self.items)

    @property
    def paid_kopecks(self) -> int:
        """What has been tendered so far."""
        return sum(self.payments.values())

    def copy(self) -> "Receipt":
        """An independent receipt."""
        return replace(self, items=self.items.copy(), payments=self.payments.copy())


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
    archive_is_closed: bool = False
    registration_number: int = 0
    """Document number of the last (re)registration report."""
    registration_world: float = 0.0

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
    registered: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks, this shift."""
    registrations: dict[int, int] = field(default_factory=dict)
    """Receipt type to number of items, this shift."""
    paid: dict[tuple[int, int], int] = field(default_factory=dict)
    """(Receipt type, payment form) to kopecks, this shift."""
    taxes: dict[tuple[int, int], int] = field(default_factory=dict)
    """(Receipt type, tax row) to kopecks, this shift."""
    receipts: dict[int, int] = field(default_factory=dict)
    """Receipt type to closed receipts, this shift."""
    cancelled: dict[int, int] = field(default_factory=dict)
    """Receipt type to cancelled receipts, this shift."""
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
    running_receipts: int = 0
    """Receipts since the first, not reset by the shift."""
    running_documents: int = 0

    def copy(self) -> "Totals":
        """Independent totals."""
        return replace(
            self,
            registered=self.registered.copy(),
            registrations=self.registrations.copy(),
            paid=self.paid.copy(),
            taxes=self.taxes.copy(),
            receipts=self.receipts.copy(),
            cancelled=self.cancelled.copy(),
            non_nullable=self.non_nullable.copy(),
        )

    def close_shift(self) -> None:
        """Reset what belongs to the shift; cash stays."""
        sells = self.registered.get(ReceiptType.SELL, 0) - self.registered.get(ReceiptType.SELL_RETURN, 0)
        buys = self.registered.get(ReceiptType.BUY, 0) - self.registered.get(ReceiptType.BUY_RETURN, 0)
        self.last_shift_income_kopecks = sells
        self.last_shift_outcome_kopecks = buys
        for counter in (self.registered, self.registrations, self.paid, self.taxes, self.receipts, self.cancelled):
            counter.clear()
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

    __slots__ = ("clock_offset", "clock_region", "last_receipt", "mirror", "receipt", "requisites", "tables", "totals")

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
        return twin


class Volatile:
    """What power-off clears."""

    __slots__ = (
        "busy_mode",
        "busy_until",
        "change_kopecks",
        "date_to_confirm",
        "detail",
        "exchange",
        "item_requisites",
        "mode",
        "mode_after",
        "operation_requisites",
        "operator",
        "paying",
        "power_request",
        "requisite_blocks",
    )

    def __init__(self) -> None:
        self.mode = Mode.SELECTION
        self.paying = False
        """Submode 4 of registration: payments are being accepted."""
        self.busy_until: float | None = None
        """Host time in seconds until which a report prints; None: not busy."""
        self.busy_mode = 0
        """Mode byte shown meanwhile."""
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
        self.requisite_blocks = b""
        """Blocks of an E8h requisite that is not whole yet."""
        self.change_kopecks = 0
        self.exchange = ExchangeErrors()
        self.power_request: int | None = None
        """CEh was answered: what to do once the answer is out."""

    def copy(self) -> "Volatile":
        """An independent copy."""
        twin = Volatile()
        for name in Volatile.__slots__:
            setattr(twin, name, getattr(self, name))
        twin.operation_requisites = self.operation_requisites.copy()
        twin.item_requisites = None if self.item_requisites is None else self.item_requisites.copy()
        twin.exchange = replace(self.exchange)
        return twin
