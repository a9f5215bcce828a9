"""Random receipts: the half of `machine` that sells. A host that does as a POS program does, and sometimes does not."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from kktsim.bench import Bench
from kktsim.testing import strategies
from kktsim.testing.inspector import Inspector
from kktsim.testing.ledger import CORRECTIONS
from kktsim.testing.ledger_receipt import CASH
from protocol.atol.command import Answer, Command
from protocol.atol.commands.discounts import DiscountArea
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import AddItem, VoidItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt

ready = st.sampled_from((True, True, True, True, True, False))
"""Whether the host goes to the right mode first."""
amounts = st.sampled_from(("exactly", "exactly", "half", "more", "any"))


class SalesMachine(RuleBasedStateMachine):
    """Receipts of a till. Whoever inherits it sets ``eye`` and ``bench`` when a life begins."""

    eye: Inspector
    bench: Bench

    @property
    def is_on(self) -> bool:
        """Whether the till has power."""
        return self.bench.kkt.is_on

    @property
    def has_receipt(self) -> bool:
        """Whether a receipt is open."""
        return self.eye.ledger.receipt is not None

    def tell(self, *requests: Command) -> Answer:
        """Send commands until one is refused; the last answer."""
        for request in requests:
            answer = self.eye.tell(request)
            if not answer.is_ok:
                break
        return answer

    def go(self, mode: Mode, ready: bool = True) -> None:
        """Enter a mode as terminals do, unless the host is not ``ready``."""
        if ready and not self.has_receipt and self.bench.kkt.mode_byte & 0x0F != mode:
            self.eye.ask(LeaveMode())
            self.eye.ask(EnterMode(mode=mode))

    def amount(self, how: str, free: int) -> int:
        """Kopecks to be paid, by what remains."""
        receipt = self.eye.ledger.receipt
        rest = 0 if receipt is None else receipt.rest
        return {"exactly": rest, "half": rest // 2, "more": rest + free}.get(how, free) % (strategies.WIDEST + 1)

    def try_all(self, requests: list[Command]) -> None:
        """Send commands, whatever becomes of them."""
        for request in requests:
            self.tell(request)

    @precondition(lambda self: self.is_on)
    @rule(kind=strategies.types, flags=strategies.flags, ready=ready)
    def open_receipt(self, kind: Any, flags: CommandFlags, ready: bool) -> None:
        """92h."""
        self.go(Mode.REGISTRATION, ready)
        self.tell(OpenReceipt(type=kind, flags=flags))

    @precondition(lambda self: self.is_on and self.has_receipt)
    @rule(item=strategies.items)
    def add_item(self, item: tuple[Command, ...]) -> None:
        """52h, 57h, E6h, or EAh and EBh."""
        self.tell(*item)

    @precondition(lambda self: self.is_on and self.has_receipt)
    @rule(change=st.one_of(strategies.discounts, strategies.told_taxes))
    def discount_or_tax(self, change: Command) -> None:
        """43h, 78h, B8h, B9h."""
        self.tell(change)

    @precondition(lambda self: self.is_on and self.has_receipt)
    @rule(place=st.integers(0, 3), quantity=st.integers(1, 3000), wholly=st.booleans(), flags=strategies.flags)
    def void_item(self, place: int, quantity: int, wholly: bool, flags: CommandFlags) -> None:
        """4Eh of an item that is there."""
        receipt = self.eye.ledger.receipt
        if receipt is not None and receipt.lines:
            line = receipt.lines[place % len(receipt.lines)]
            sold = line.quantity if wholly else quantity
            self.tell(VoidItem(price_kopecks=line.price % 10**10, quantity_milli=sold, flags=flags))

    @precondition(lambda self: self.is_on and self.has_receipt)
    @rule(form=st.integers(1, 3), wholly=st.booleans(), sum_=strategies.kopecks)
    def void_payment(self, form: int, wholly: bool, sum_: int) -> None:
        """9Bh."""
        receipt = self.eye.ledger.receipt
        paid = 0 if receipt is None else receipt.payments.get(form, 0)
        self.tell(VoidPayment(payment_form=form, sum_kopecks=paid % 10**10 if wholly else sum_))

    @precondition(lambda self: self.is_on and self.has_receipt)
    @rule(form=st.integers(1, 6), how=amounts, free=strategies.kopecks, flags=strategies.flags)
    def pay(self, form: int, how: str, free: int, flags: CommandFlags) -> None:
        """99h: some of it, all, or too much."""
        self.tell(AddPayment(payment_form=form, sum_kopecks=self.amount(how, free), flags=flags))

    @precondition(lambda self: self.is_on and self.has_receipt)
    @rule(form=st.integers(1, 5), how=amounts, free=strategies.kopecks, flags=strategies.flags)
    def close_receipt(self, form: int, how: str, free: int, flags: CommandFlags) -> None:
        """4Ah."""
        self.tell(CloseReceipt(payment_form=form, sum_kopecks=self.amount(how, free), flags=flags))

    @precondition(lambda self: self.is_on and self.has_receipt)
    @rule()
    def cancel_receipt(self) -> None:
        """59h."""
        self.tell(CancelReceipt())

    @precondition(lambda self: self.is_on and not self.has_receipt)
    @rule(kind=strategies.types, several=st.lists(strategies.items, min_size=1, max_size=3), free=strategies.kopecks)
    def whole_receipt(self, kind: Any, several: list[tuple[Command, ...]], free: int) -> None:
        """A receipt from beginning to end: partly by card, the rest in cash with change."""
        self.go(Mode.REGISTRATION)
        if not self.tell(OpenReceipt(type=kind)).is_ok:
            return
        for item in several:
            self.tell(*item)
        self.tell(AddPayment(payment_form=2, sum_kopecks=self.amount("half", 0)))
        self.tell(CloseReceipt(payment_form=CASH, sum_kopecks=self.amount("more", free)))

    @precondition(lambda self: self.is_on and not self.has_receipt)
    @rule(prices=st.lists(st.integers(1, 100_000), min_size=1, max_size=4), tax=st.integers(1, 6), data=st.data())
    def discounted_sale(self, prices: list[int], tax: int, data: Any) -> None:
        """Items with discounts of their own and one on them all, taxes told or reckoned."""
        self.go(Mode.REGISTRATION)
        if not self.tell(OpenReceipt()).is_ok:
            return
        for price in prices:
            self.tell(AddItem(name="Сыр", price_kopecks=price, tax=tax))
            self.try_all(data.draw(strategies.some_discounts(price, DiscountArea.LAST_ITEM)))
        self.try_all(data.draw(strategies.some_discounts(99, DiscountArea.RECEIPT)))
        self.try_all(data.draw(st.lists(strategies.told_taxes, max_size=2)))
        self.tell(CloseReceipt())

    @precondition(lambda self: self.is_on and not self.has_receipt)
    @rule(
        price=st.integers(1, 100_000),
        tax=st.integers(1, 6),
        tendered=st.integers(0, 1_000_000),
        kind=st.sampled_from((ReceiptType.SELL, ReceiptType.SELL, *sorted(CORRECTIONS))),
    )
    def sale(self, price: int, tax: int, tendered: int, kind: ReceiptType = ReceiptType.SELL) -> None:
        """One item for cash, with change; or a correction of one."""
        self.go(Mode.REGISTRATION)
        reason = strategies.CORRECTION_REASON if kind in CORRECTIONS else ()
        item = AddItem(name="Хлеб", price_kopecks=price, tax=tax)
        self.tell(*reason, OpenReceipt(type=kind), item, CloseReceipt(sum_kopecks=max(price, tendered)))

    @precondition(lambda self: self.is_on)
    @rule(command=st.sampled_from((CashIn, CashOut)), sum_=strategies.kopecks, flags=strategies.flags, ready=ready)
    def move_cash(self, command: Any, sum_: int, flags: CommandFlags, ready: bool) -> None:
        """49h and 4Fh."""
        self.go(Mode.REGISTRATION, ready)
        self.tell(command(sum_kopecks=sum_, flags=flags))
