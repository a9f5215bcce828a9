"""A shop for a day: a till at the other end of a wire, and a cashier who decides by a seeded random generator."""

from datetime import datetime
from random import Random

from kktsim import kkt_models
from kktsim.clock import ClockKind
from kktsim.device.kkt import to_world
from kktsim.testing.ledger import BRINGS_CASH, CORRECTIONS, Ledger
from kktsim.testing.ledger_receipt import CASH, Receipt
from kktsim.testing.presets import build, open_till
from kktsim.testing.strategies import CORRECTION_REASON
from protocol.atol.command import Answer, Command, parse_answer
from protocol.atol.commands.discounts import AddDiscount, CancelDiscount, DiscountArea
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import AddItem, BeginItem, EndItem, ReturnItem, SellItem, VoidItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.commands.taxes import AddTax, VoidTax
from protocol.atol.kkt_codes import E
from protocol.ffd.tlv import tlv

MORNING = datetime(2026, 3, 2, 8, 0)
NAMES = ("Хлеб", "Молоко 3,2 %", "Чай чёрный байховый листовой высшего сорта", "Ёлочная игрушка", "Сыр")
KINDS = (
    *(ReceiptType.SELL,) * 12,
    *(ReceiptType.SELL_RETURN,) * 3,
    *(ReceiptType.BUY, ReceiptType.BUY_RETURN),
    *CORRECTIONS,
)
UNCONTROLLED = CommandFlags.NO_CASH_CONTROL
_PAUSE_SECONDS = 200


class Shop:
    """«Магазин». ``ledger`` is kept from the commands that were accepted; ``closed``: its receipts, in their order."""

    def __init__(self, model: str, link: str, seed: int) -> None:
        self.random = Random(seed)
        self.bench = build(kkt_models.load(model), "registered", to_world(MORNING), ClockKind.FROZEN, virtual=True)
        self.till = open_till(self.bench, link)
        self.ledger = Ledger()
        self.closed: list[Receipt] = []

    # ---- what is said

    def ask(self, request: Command) -> Answer:
        """The answer to a command."""
        return parse_answer(type(request).code, self.till.send(request.to_wire()))

    def tell(self, *requests: Command) -> None:
        """Send commands that must be done, and enter them."""
        for request in requests:
            answer = self.ask(request)
            assert answer.is_ok, f"{request} is answered {E(answer.code).name}, the book has {self.ledger.receipt}"
            self.ledger.accept(request)

    def enter(self, mode: Mode) -> None:
        """Leave the mode, enter another."""
        self.tell(LeaveMode(), EnterMode(mode=mode))

    def open(self) -> None:
        """A new shift with change in the drawer."""
        self.enter(Mode.REGISTRATION)
        self.tell(OpenShift(), CashIn(sum_kopecks=50_000))

    def x_report(self) -> list[str]:
        """The tape of an X report."""
        start = len(self.bench.tape())
        self.enter(Mode.X_REPORTS)
        self.tell(XReport())
        tape = self.bench.tape(start)
        self.enter(Mode.REGISTRATION)
        return tape

    def close(self) -> None:
        """The Z report."""
        self.enter(Mode.Z_REPORTS)
        self.tell(CloseShift())

    # ---- a customer

    def serve(self) -> None:
        """One receipt, with a pause before it; now and then money is brought or taken away."""
        random = self.random
        self.bench.advance(random.randrange(1, _PAUSE_SECONDS))
        if random.random() < 0.05:
            self.tell(CashIn(sum_kopecks=random.randrange(1, 100_000)))
        if random.random() < 0.05 and self.ledger.cash > 0:
            self.tell(CashOut(sum_kopecks=random.randrange(1, self.ledger.cash + 1)))
        kind = random.choice(KINDS)
        self._fill(kind)
        if random.random() < 0.08:
            self.tell(CancelReceipt())
            return
        self._pay()
        assert self.ledger.last is not None
        self.closed.append(self.ledger.last)

    @property
    def receipt(self) -> Receipt:
        """The open receipt in the book."""
        assert self.ledger.receipt is not None
        return self.ledger.receipt

    def _fill(self, kind: ReceiptType) -> None:
        random = self.random
        old = {ReceiptType.SELL: SellItem, ReceiptType.SELL_RETURN: ReturnItem}.get(kind)
        if old is not None and random.random() < 0.1:
            self.tell(old(price_kopecks=self._price(), flags=UNCONTROLLED))
        else:
            self.tell(OpenReceipt(type=kind))
        if kind in CORRECTIONS:
            self.tell(*CORRECTION_REASON, *self._item(kind))
            return
        for _ in range(random.randrange(1, 6)):
            self.tell(*self._item(kind))
            self._discount_item()
        if random.random() < 0.15 and len(self.receipt.lines) > 1:
            line = random.choice(self.receipt.lines)
            self.tell(VoidItem(price_kopecks=line.price, quantity_milli=random.randrange(1, line.quantity + 1)))
        if not self.receipt.lines:
            self.tell(*self._item(kind))
        if random.random() < 0.3:
            self._discount_receipt()
        if random.random() < 0.2:
            self._tell_tax()

    def _price(self) -> int:
        return self.random.randrange(100, 100_000)

    def _item(self, kind: ReceiptType) -> tuple[Command, ...]:
        random = self.random
        price, tax, name = self._price(), random.randrange(1, 7), random.choice(NAMES)
        quantity = random.choice((1000, 1000, 2000, random.randrange(1, 9999)))
        flags = random.choice((UNCONTROLLED, CommandFlags.NONE))
        match random.randrange(4):
            case 0:
                if kind in (ReceiptType.SELL_RETURN, ReceiptType.BUY_RETURN):
                    return (ReturnItem(price_kopecks=price, quantity_milli=quantity, flags=UNCONTROLLED),)
                section = random.randrange(31)
                return (SellItem(price_kopecks=price, quantity_milli=quantity, section=section, flags=flags),)
            case 1:
                by_sum, sign = random.randrange(2), random.randrange(2)
                size = random.choice((0, random.randrange(1, 10))) if by_sum else random.choice((0, 500, 1234))
                sold = {"name": name, "price_kopecks": price, "quantity_milli": quantity, "tax": tax, "flags": flags}
                size = size if price * quantity > 10_000 else 0
                return (AddItem(**sold, discount_type=by_sum, discount_sign=sign, discount_size=size),)  # type: ignore[arg-type]
            case 2:
                cost = max(1, price * quantity // 1000 - random.choice((0, 0, 100)))
                tax_sum = random.choice((0, 1)) if tax < 5 else 0
                end = EndItem(
                    price_kopecks=price,
                    quantity_milli=quantity,
                    cost_kopecks=cost,
                    tax=tax,
                    tax_sum_kopecks=tax_sum,
                    discount_kopecks=random.choice((0, 0, 100)),
                    flags=flags,
                    name=name,
                )
                return (BeginItem(), end)
        requisite = WriteRequisite(data=tlv(1197, "шт".encode("cp866")))
        end = EndItem(price_kopecks=price, cost_kopecks=0, quantity_milli=quantity, tax=tax, flags=flags, name=name)
        return (BeginItem(), requisite, end)

    def _discount_item(self) -> None:
        random, line = self.random, self.receipt.lines[-1]
        if line.discount or line.is_fixed or random.random() < 0.7:
            return
        by_sum = random.randrange(2)
        size = random.randrange(line.cost + 1) if by_sum else random.randrange(0, 5_000)
        area = DiscountArea.LAST_ITEM
        self.tell(AddDiscount(area=area, type=by_sum, sign=random.randrange(2), size=size))
        if random.random() < 0.2:
            self.tell(CancelDiscount())

    def _discount_receipt(self) -> None:
        random = self.random
        size = random.choice((0, random.randrange(1, 100)))
        sign = random.randrange(2) if size else 0
        if sign or size <= self.receipt.total:
            self.tell(AddDiscount(size=size, sign=sign))

    def _tell_tax(self) -> None:
        random = self.random
        tax, sum_ = random.randrange(1, 7), random.randrange(1, self.receipt.total + 2)
        if sum_ > self.receipt.total:
            return
        self.tell(AddTax(tax=tax, sum_kopecks=sum_))
        if random.random() < 0.3:
            self.tell(VoidTax(tax=tax, sum_kopecks=random.randrange(1, sum_ + 1)))

    def _pay(self) -> None:
        random = self.random
        for _ in range(random.choice((0, 0, 1, 2, 4))):
            form = random.randrange(1, 11)
            sum_ = random.randrange(1, self.receipt.rest + 2)
            if form != CASH and sum_ > self.receipt.rest:
                continue
            self.tell(AddPayment(payment_form=form, sum_kopecks=sum_))
            if random.random() < 0.2:
                self.tell(VoidPayment(payment_form=form, sum_kopecks=random.randrange(1, sum_ + 1)))
        form, rest = random.choice((CASH, CASH, 2)), self.receipt.rest
        tendered = random.choice((0, rest, rest + random.randrange(1, 5_000))) if form == CASH else 0
        goes_out = self.receipt.type not in BRINGS_CASH
        self.tell(
            CloseReceipt(
                payment_form=form,
                sum_kopecks=tendered,
                flags=UNCONTROLLED if goes_out else CommandFlags.NONE,
            )
        )
