"""Chapter «Позиции чека»: E6 EA EB, and what every item goes through: `check`, then `put`.

How a discounted item is told to the FN (tag 1059): the cost, 1043, is exact, so that the total is the sum of them; the
price, 1079, is the price told by the program when it gives the cost, else the cost of one unit to the nearest kopeck,
so that 1043 and 1079 x 1023 differ by half a kopeck of price a unit at most. Discounts themselves are not told.
"""

from dataclasses import replace

from kktsim.device import agents, corrections, requisite_prints, tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.forming import WIDEST_SUM, open_receipt
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.receipt import Item, LastOperation, Receipt
from kktsim.device.refusal import Refusal, extended
from kktsim.device.taxes import SUMS_OF_COST, TAGS, tax_of
from kktsim.printer import paper as printed
from kktsim.printer.paper import roubles
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.items import TAX_IS_PER_UNIT, AddItem, BeginItem, EndItem
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T
from protocol.ffd.tlv import byte_tlv, quantity, text, tlv, vln_tlv

SECTIONS = 30
WIDEST_NAME = 128
"""Bytes of an item's name in a document (tag 1030)."""
RECEIPT_DISCOUNTS, ITEM_DISCOUNTS = 1, 2
"""Bits of table 4: what discounts (row 1) and surcharges (row 2) are allowed on."""
METHODS = range(8)
"""«Признак способа расчёта» (tag 1214); 0: not told."""
_EXCISE_GOODS = 2
"""«Подакцизный товар», a value of tag 1212."""
_MOST_WITH_CODES = 10
_BEGIN_LENGTHS = (2, 3)


def cost_of(price_kopecks: int, quantity_milli: int) -> int:
    """Price by quantity in kopecks, halves up."""
    return (price_kopecks * quantity_milli + 500) // 1000


def percent_of(sum_kopecks: int, hundredths: int) -> int:
    """So many hundredths of a percent of a sum, halves up."""
    return (sum_kopecks * hundredths + 5000) // 10_000


def unit_price(item: Item) -> int:
    """«Цена за единицу с учётом скидок» (tag 1079): the price told when it gives the cost, else the cost's share."""
    if cost_of(item.price_kopecks, item.quantity_milli) == item.cost_kopecks:
        return item.price_kopecks
    return (2 * item.cost_kopecks * 1000 + item.quantity_milli) // (2 * item.quantity_milli)


def encode(item: Item) -> bytes:
    """Tag 1059."""
    parts = [
        tlv(T.ITEM_NAME, text(item.name)[:WIDEST_NAME]),
        vln_tlv(T.PRICE, unit_price(item)),
        tlv(T.QUANTITY, quantity(item.quantity_milli)),
        vln_tlv(T.ITEM_SUM, item.cost_kopecks),
        byte_tlv(T.VAT_RATE, item.tax),
    ]
    if item.tax not in SUMS_OF_COST:
        parts.append(vln_tlv(T.ITEM_VAT, item.tax_sum_kopecks))
    if item.method and T.SETTLEMENT_METHOD not in item.requisites:
        parts.append(byte_tlv(T.SETTLEMENT_METHOD, item.method))
    if item.subject and T.ITEM_TYPE not in item.requisites:
        parts.append(byte_tlv(T.ITEM_TYPE, item.subject))
    parts += [tlv(tag, value) for tag, value in item.requisites.items()]
    return tlv(T.ITEM, b"".join(parts))


def check(kkt: Kkt, receipt: Receipt | None, item: Item) -> None:
    """Raise `Refusal` when ``item`` cannot be added; ``receipt`` None: one is going to be opened for it.

    08h: a price wider than any sum. 0Ah, 7Dh, EEh/0104h: quantity, section, tax row. 7Fh, 81h: a cost, a total that
    does not fit. 7Ch: the receipt has its discount already. DFh: a tax above the cost. 3Fh: the buffer is full.
    """
    if kkt.paying:
        raise Refusal(E.WRONG_MODE)
    if item.quantity_milli == 0:
        raise Refusal(E.BAD_QUANTITY)
    if item.tax not in TAGS:
        raise extended(X.WRONG_VAT_RATE)
    if item.section > SECTIONS:
        raise Refusal(E.WRONG_SECTION)
    if item.price_kopecks > WIDEST_SUM:
        raise Refusal(E.BAD_PRICE)
    if item.cost_kopecks > WIDEST_SUM:
        raise Refusal(E.MULTIPLICATION_OVERFLOW)
    if item.tax_sum_kopecks > item.cost_kopecks:
        raise Refusal(E.TAX_EXCEEDS_SUM)
    item.tlv = encode(item)
    used = 0
    if receipt is not None:
        if receipt.last is LastOperation.RECEIPT_DISCOUNT:
            raise Refusal(E.NOT_AFTER_DISCOUNT)
        if receipt.sum_kopecks + item.cost_kopecks > WIDEST_SUM:
            raise Refusal(E.RECEIPT_OVERFLOW)
        used = receipt.bytes_used
    corrections.check_item(kkt, receipt)
    _check_registration(kkt, [] if receipt is None else receipt.items, item)
    if used + len(item.tlv) > kkt.settings.receipt_buffer_bytes:
        raise Refusal(E.RECEIPT_BUFFER_OVERFLOW)


def _check_registration(kkt: Kkt, others: list[Item], item: Item) -> None:
    """Raise `Refusal` when the till is not registered for such an item.

    EEh/0107h: excise goods without tag 1207. EEh/0102h: more than ten items, one of them with an item code (1162), in
    a till that is registered as autonomous.
    """
    registered = kkt.memory.requisites
    told = item.requisites.get(T.ITEM_TYPE)
    subject = item.subject if told is None else int.from_bytes(told, "little")
    if subject == _EXCISE_GOODS and not any(registered.get(T.EXCISE, b"")):
        raise extended(X.EXCISE_NOT_ALLOWED, T.ITEM_TYPE)
    if len(others) < _MOST_WITH_CODES or not any(registered.get(T.AUTONOMOUS_MODE, b"")):
        return
    if any(T.PRODUCT_CODE in one.requisites for one in (*others, item)):
        raise extended(X.TOO_MANY_CODED_ITEMS, T.PRODUCT_CODE)


def put(kkt: Kkt, receipt: Receipt, item: Item, flags: CommandFlags) -> None:
    """Add and print an item that was checked."""
    receipt.add(item)
    receipt.last = LastOperation.ITEM
    receipt.before_discount = None
    if CommandFlags.NO_CASH_CONTROL in flags:
        receipt.checks_cash = False
    kkt.volatile.item_requisites = None
    kkt.paper.line(item.name)


def print_cost(kkt: Kkt, price_kopecks: int, quantity_milli: int, cost_kopecks: int) -> None:
    """The line below the name: quantity by price, and what it comes to."""
    kkt.paper.pair(f"{printed.quantity(quantity_milli)} x {roubles(price_kopecks)}", f"={roubles(cost_kopecks)}")


def print_discount(kkt: Kkt, discount_kopecks: int, where: str = "") -> None:
    """What is taken off a sum, or added when it is negative."""
    kkt.paper.pair(("СКИДКА" if discount_kopecks >= 0 else "НАДБАВКА") + where, f"={roubles(-discount_kopecks)}")


def recosted(
    kkt: Kkt, item: Item, cost_kopecks: int, quantity_milli: int | None = None, discount_kopecks: int | None = None
) -> Item:
    """``item`` at another cost. Its tax is reckoned anew, or keeps its share of the cost when the program told it."""
    if item.tax_sum_kopecks == tax_of(kkt, item.tax, item.cost_kopecks) or not item.cost_kopecks:
        tax_sum = tax_of(kkt, item.tax, cost_kopecks)
    else:
        tax_sum = (2 * item.tax_sum_kopecks * cost_kopecks + item.cost_kopecks) // (2 * item.cost_kopecks)
    other = replace(
        item,
        cost_kopecks=cost_kopecks,
        tax_sum_kopecks=tax_sum,
        quantity_milli=item.quantity_milli if quantity_milli is None else quantity_milli,
        discount_kopecks=item.discount_kopecks if discount_kopecks is None else discount_kopecks,
    )
    other.tlv = encode(other)
    return other


def section_tax(kkt: Kkt, section: int) -> int:
    """Tax number of a section (table 7, field 2); sections without a row are taxed as the first."""
    return tables.number(kkt, 7, section if 1 <= section <= 16 else 1, 2)


def check_allowed(kkt: Kkt, discount_kopecks: int, where: int, *, is_surcharge: bool) -> None:
    """Raise `Refusal` when table 4 forbids a discount or a surcharge (80h) there."""
    if discount_kopecks and not tables.number(kkt, 4, 2 if is_surcharge else 1, 1) & where:
        raise Refusal(E.FORBIDDEN_BY_TABLE)


@handles(AddItem, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True, prints=Prints.OF_RECEIPT)
def add_item(kkt: Kkt, request: AddItem, at: float) -> bytes:
    """«Регистрация позиции»: with its name, and a discount or surcharge in percent hundredths or kopecks."""
    receipt = open_receipt(kkt)
    full = cost_of(request.price_kopecks, request.quantity_milli)
    size = request.discount_size if request.discount_type else percent_of(full, request.discount_size)
    discount = -size if request.discount_sign else size
    check_allowed(kkt, discount, ITEM_DISCOUNTS, is_surcharge=discount < 0)
    cost = full - discount
    if cost < 0:
        raise Refusal(E.BAD_DISCOUNT)
    tax = request.tax or section_tax(kkt, request.section)
    item = Item(
        name=request.name,
        price_kopecks=request.price_kopecks,
        quantity_milli=request.quantity_milli,
        cost_kopecks=cost,
        tax=tax,
        tax_sum_kopecks=tax_of(kkt, tax, cost),
        section=request.section,
        discount_kopecks=discount,
    )
    check(kkt, receipt, item)
    put(kkt, receipt, item, request.flags)
    print_cost(kkt, item.price_kopecks, item.quantity_milli, full)
    if discount:
        print_discount(kkt, discount)
    return b""


@handles(BeginItem, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True)
def begin_item(kkt: Kkt, request: BeginItem, at: float) -> bytes:
    """«Начать формирование позиции»: requisites written from now on belong to the item."""
    if len(request.parameters) not in _BEGIN_LENGTHS:
        raise Refusal(E.BAD_LENGTH)
    if open_receipt(kkt).last is LastOperation.RECEIPT_DISCOUNT:
        raise Refusal(E.NOT_AFTER_DISCOUNT)
    kkt.volatile.item_requisites = {}
    return b""


@handles(EndItem, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True, prints=Prints.OF_RECEIPT)
def end_item(kkt: Kkt, request: EndItem, at: float) -> bytes:
    """«Завершить формирование позиции»; without EAh before it: EEh, register 37h tells 0207h.

    The cost may differ from price by quantity: that is how drivers sell below the price. Cost 0 means price by quantity
    (a guess: programs that know no discounts leave the field empty, as taxSum is left for the till to reckon), so an
    item is given away by price 0. The discount in the command
    is printed and counted in register 2Ah (a guess), and forbids another by 43h (0109h); a tax told per unit forbids
    any (0108h).
    """
    requisites = kkt.volatile.item_requisites
    if requisites is None:
        raise extended(X.NO_ITEM_BEGUN)
    if request.method not in METHODS:
        raise extended(X.WRONG_PAYMENT_METHOD, T.SETTLEMENT_METHOD)
    receipt = open_receipt(kkt)
    cost = request.cost_kopecks or cost_of(request.price_kopecks, request.quantity_milli)
    discount = -request.discount_kopecks if request.discount_sign else request.discount_kopecks
    tax = request.tax or section_tax(kkt, request.section)
    tax_sum, refusal = request.tax_sum_kopecks, int(X.DISCOUNT_ALREADY_PRINTED) if discount else 0
    if tax_sum and request.flags & TAX_IS_PER_UNIT:
        if discount:
            raise extended(X.DISCOUNT_WITH_TAX_PER_UNIT)
        tax_sum, refusal = cost_of(tax_sum, request.quantity_milli), int(X.DISCOUNT_WITH_TAX_PER_UNIT)
    item = Item(
        name=request.name,
        price_kopecks=request.price_kopecks,
        quantity_milli=request.quantity_milli,
        cost_kopecks=cost,
        tax=tax,
        tax_sum_kopecks=tax_sum or tax_of(kkt, tax, cost),
        section=request.section,
        subject=request.subject,
        method=request.method,
        requisites=agents.nested(requisites),
        discount_kopecks=discount,
        discount_refusal=refusal,
    )
    agents.check_item(kkt, requisites, at)
    check(kkt, receipt, item)
    put(kkt, receipt, item, request.flags)
    print_cost(kkt, item.price_kopecks, item.quantity_milli, cost)
    if discount:
        kkt.paper.pair("В Т.Ч. СКИДКА" if discount > 0 else "В Т.Ч. НАДБАВКА", roubles(abs(discount)))
    requisite_prints.of_item(kkt, requisites)
    return b""
