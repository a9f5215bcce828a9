"""Chapter «Позиции чека»: 52 E6 EA EB. All of them end in `add`, which checks, adds and prints the item."""

from kktsim.device import tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal, extended
from kktsim.device.state import Item, Receipt
from kktsim.printer.paper import quantity, roubles
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.items import AddItem, BeginItem, EndItem, SellItem
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E, X

WIDEST_SUM = 10**10 - 1
"""Kopecks: five BCD bytes, the width of a receipt's sum."""
TAX_ROWS = 6
SECTIONS = 30
_BEGIN_LENGTHS = (2, 3)
_TAX_BASES = {1: (20, 120), 2: (10, 110), 3: (20, 120), 4: (10, 110)}
"""Row of table 13 to the part of the price that is tax."""


def open_receipt(kkt: Kkt) -> Receipt:
    """The open receipt; the guard has seen that there is one."""
    receipt = kkt.memory.receipt
    if receipt is None:
        raise Refusal(E.RECEIPT_CLOSED)
    return receipt


def cost_of(price_kopecks: int, quantity_milli: int) -> int:
    """Price by quantity in kopecks, halves up."""
    return (price_kopecks * quantity_milli + 500) // 1000


def tax_of(tax: int, cost_kopecks: int) -> int:
    """«Сумма НДС» inside a price, in kopecks, halves up."""
    part, whole = _TAX_BASES.get(tax, (0, 1))
    return (2 * cost_kopecks * part + whole) // (2 * whole)


def add(kkt: Kkt, item: Item, flags: CommandFlags) -> None:
    """Put an item into the open receipt; raises `Refusal`: quantity, tax, section, overflow."""
    receipt = open_receipt(kkt)
    if kkt.volatile.paying:
        raise Refusal(E.WRONG_MODE)
    if item.quantity_milli == 0:
        raise Refusal(E.BAD_QUANTITY)
    if not 1 <= item.tax <= TAX_ROWS:
        raise extended(X.WRONG_VAT_RATE)
    if item.section > SECTIONS:
        raise Refusal(E.WRONG_SECTION)
    if item.cost_kopecks > WIDEST_SUM:
        raise Refusal(E.MULTIPLICATION_OVERFLOW)
    if item.tax_sum_kopecks > item.cost_kopecks:
        raise Refusal(E.TAX_EXCEEDS_SUM)
    if receipt.sum_kopecks + item.cost_kopecks > WIDEST_SUM:
        raise Refusal(E.RECEIPT_OVERFLOW)
    receipt.items.append(item)
    if CommandFlags.NO_CASH_CONTROL in flags:
        receipt.checks_cash = False
    kkt.volatile.item_requisites = None
    paper = kkt.paper
    paper.line(item.name)
    paper.pair(f"{quantity(item.quantity_milli)} x {roubles(item.price_kopecks)}", f"={roubles(item.cost_kopecks)}")


def _section_tax(kkt: Kkt, section: int) -> int:
    """Tax number of a section (table 7, field 2); sections without a row are taxed as the first."""
    return int(tables.value(kkt, 7, section if 1 <= section <= 16 else 1, 2).hex())


@handles(SellItem, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True)
def sell_item(kkt: Kkt, request: SellItem, at: float) -> bytes:
    """«Регистрация»: an item of the receipt's own type, named after its section."""
    tax = _section_tax(kkt, request.section)
    name = tables.text(kkt, 7, request.section, 1) if 1 <= request.section <= 16 else "ТОВАР"
    cost = cost_of(request.price_kopecks, request.quantity_milli)
    add(
        kkt,
        Item(
            name=name,
            price_kopecks=request.price_kopecks,
            quantity_milli=request.quantity_milli,
            cost_kopecks=cost,
            tax=tax,
            tax_sum_kopecks=tax_of(tax, cost),
            section=request.section,
        ),
        request.flags,
    )
    return b""


@handles(AddItem, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True)
def add_item(kkt: Kkt, request: AddItem, at: float) -> bytes:
    """«Регистрация позиции»: with its name, and a discount or surcharge in percent hundredths or kopecks."""
    full = cost_of(request.price_kopecks, request.quantity_milli)
    change = request.discount_size
    if request.discount_type == 0:
        change = (full * request.discount_size + 5000) // 10_000
    cost = full + change if request.discount_sign else full - change
    if cost < 0:
        raise Refusal(E.BAD_DISCOUNT)
    tax = request.tax or _section_tax(kkt, request.section)
    add(
        kkt,
        Item(
            name=request.name,
            price_kopecks=_unit_price(request.price_kopecks, request.quantity_milli, cost),
            quantity_milli=request.quantity_milli,
            cost_kopecks=cost,
            tax=tax,
            tax_sum_kopecks=tax_of(tax, cost),
            section=request.section,
        ),
        request.flags,
    )
    return b""


@handles(BeginItem, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True)
def begin_item(kkt: Kkt, request: BeginItem, at: float) -> bytes:
    """«Начать формирование позиции»: requisites written from now on belong to the item."""
    if len(request.parameters) not in _BEGIN_LENGTHS:
        raise Refusal(E.BAD_LENGTH)
    kkt.volatile.item_requisites = {}
    return b""


@handles(EndItem, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True)
def end_item(kkt: Kkt, request: EndItem, at: float) -> bytes:
    """«Завершить формирование позиции»; without EAh before it: EEh, register 37h tells 0207h."""
    requisites = kkt.volatile.item_requisites
    if requisites is None:
        raise extended(X.NO_ITEM_BEGUN)
    cost = request.cost_kopecks or cost_of(request.price_kopecks, request.quantity_milli)
    tax = request.tax or _section_tax(kkt, request.section)
    add(
        kkt,
        Item(
            name=request.name,
            price_kopecks=_unit_price(request.price_kopecks, request.quantity_milli, cost),
            quantity_milli=request.quantity_milli,
            cost_kopecks=cost,
            tax=tax,
            tax_sum_kopecks=request.tax_sum_kopecks or tax_of(tax, cost),
            section=request.section,
            subject=request.subject,
            method=request.method,
            requisites=requisites,
        ),
        request.flags,
    )
    return b""


def _unit_price(price_kopecks: int, quantity_milli: int, cost_kopecks: int) -> int:
    """«Цена за единицу с учётом скидок» (tag 1079): the price asked when it gives the cost, else the cost's share."""
    if quantity_milli == 0 or cost_of(price_kopecks, quantity_milli) == cost_kopecks:
        return price_kopecks
    return (2 * cost_kopecks * 1000 + quantity_milli) // (2 * quantity_milli)
