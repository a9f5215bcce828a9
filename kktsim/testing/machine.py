"""Random lives of a till with its FN and OFD, in process and through the wire, and what must hold all along.

`TillMachine` is a Hypothesis state machine. A user of the package runs it as it is, or with rules of his own::

    class WithMyPosProgram(TillMachine):
        @rule()
        def my_sale(self): ...

    TestMyTill = WithMyPosProgram.TestCase

It begins in one of the named states; `inspector` checks every command, this file only decides what happens. At the end
the documented recovery must lead to a till that sells.
"""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fn_model import FnFault
from kktsim import kkt_models
from kktsim.device.kkt import to_datetime
from kktsim.testing import strategies
from kktsim.testing.cure import cure, put_right
from kktsim.testing.history import handed_over
from kktsim.testing.ledger import CASH
from protocol.atol.command import Answer, Command
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.fn import CloseArchive, Register
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDate, SetDateTime, SetTime
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.commands.service import Power, PowerControl
from protocol.atol.commands.shift import CloseShift
from protocol.atol.commands.status import StateCode
from protocol.atol.fields import date_time_to_bcd
from protocol.atol.kkt_codes import E
from protocol.ffd.tlv import tlv
from scenarios import routine
from scenarios.presets import DAY, PRESETS

MINUTE, HOUR = 60, 3600
LAST_YEAR = 2099
"""The FN counts no further."""

spans = st.one_of(
    st.integers(1, 90).map(lambda minutes: minutes * MINUTE),
    st.integers(1, 30).map(lambda hours: hours * HOUR),
    st.integers(1, 40).map(lambda days: days * DAY),
)
"""Seconds of world time."""
ready = st.sampled_from((True, True, True, True, True, False))
"""Whether the host goes to the right mode first."""
amounts = st.sampled_from(("exactly", "exactly", "half", "more", "any"))
percents = st.sampled_from((0, 0, 5, 30, 100))
noise = st.tuples(percents, percents, st.integers(1, 50), st.integers(1, 8))
"""Percent of the frames to the FN and of those to the till, seed, times."""
meanwhile = st.lists(strategies.any_command, max_size=3)
"""What a host says during a disturbance."""


FRUITFUL = ("registered", "shift-open", "receipt-open", "ofd-30-days", "archive-closed")
"""States in which much can happen, or something must not: lives begin there more often."""


class TillMachine(RuleBasedStateMachine):
    """A till's life. ``model``: name of the till's model; ``link``: what its host speaks, v2 or v3; ``presets``: the
    named states that it may begin in.
    """

    model = kkt_models.DEFAULT_MODEL
    link = "v3"
    presets: tuple[str, ...] = (*PRESETS, *FRUITFUL, *FRUITFUL)

    @initialize(preset=st.runner().flatmap(lambda machine: st.sampled_from(machine.presets)))
    def begin(self, preset: str) -> None:
        """The till is handed over in a named state."""
        self.eye = handed_over(self.model, preset, self.link)
        self.bench = self.eye.bench

    # ---- the host

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

    @precondition(lambda self: self.is_on)
    @rule(mode=st.sampled_from(Mode), leaves=st.booleans(), there=strategies.in_passing)
    def change_mode(self, mode: Mode, leaves: bool, there: Command) -> None:
        """Modes, in order or not, and something that is done in one of them."""
        self.tell(*([LeaveMode()] if leaves else []), EnterMode(mode=mode))
        self.go(strategies.IN_PASSING[type(there)])
        self.tell(there)

    @precondition(lambda self: self.is_on)
    @rule(ready=ready, looks=st.booleans())
    def close_shift(self, ready: bool, looks: bool) -> None:
        """5Ah; the till answers questions while it prints."""
        self.go(Mode.Z_REPORTS, ready)
        if self.tell(CloseShift()).is_ok and looks:
            printing = StateCode().read_answer(self.eye.ask(StateCode()).data)
            self.eye.demand(*([] if printing["mode"] == 0x17 else [f"state {printing} behind a Z report"]))

    @precondition(lambda self: self.is_on)
    @rule(kind=strategies.types, flags=strategies.flags, ready=ready)
    def open_receipt(self, kind: Any, flags: CommandFlags, ready: bool) -> None:
        """92h."""
        self.go(Mode.REGISTRATION, ready)
        self.tell(OpenReceipt(type=kind, flags=flags))

    @precondition(lambda self: self.is_on and self.has_receipt)
    @rule(item=strategies.items)
    def add_item(self, item: tuple[Command, ...]) -> None:
        """52h, E6h, or EAh and EBh."""
        self.tell(*item)

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
    @rule(price=st.integers(1, 100_000), tax=st.integers(1, 6), tendered=st.integers(0, 1_000_000))
    def sale(self, price: int, tax: int, tendered: int) -> None:
        """One item for cash, with change."""
        self.go(Mode.REGISTRATION)
        item = AddItem(name="Хлеб", price_kopecks=price, tax=tax)
        self.tell(OpenReceipt(), item, CloseReceipt(sum_kopecks=max(price, tendered)))

    @precondition(lambda self: self.is_on)
    @rule(command=st.sampled_from((CashIn, CashOut)), sum_=strategies.kopecks, flags=strategies.flags, ready=ready)
    def move_cash(self, command: Any, sum_: int, flags: CommandFlags, ready: bool) -> None:
        """49h and 4Fh."""
        self.go(Mode.REGISTRATION, ready)
        self.tell(command(sum_kopecks=sum_, flags=flags))

    @precondition(lambda self: self.is_on)
    @rule(request=st.one_of(strategies.any_command, strategies.requisites))
    def anything(self, request: Command) -> None:
        """A well-formed command at any time."""
        self.tell(request)

    @precondition(lambda self: self.is_on)
    @rule(message=strategies.garbage)
    def garbage(self, message: bytes) -> None:
        """A message that is no command, or only a question."""
        self.eye.tell_garbage(message)

    @precondition(lambda self: self.is_on)
    @rule(junk=strategies.junk, request=strategies.any_command)
    def junk_on_the_line(self, junk: bytes, request: Command) -> None:
        """Bytes below any message; the command behind them is answered all the same.

        FE begins a frame of link v3, and whatever follows it belongs to that frame: a host of v2 does not send it.
        """
        self.eye.wire.write(junk if self.link == "v3" else junk.replace(b"\xfe", b""))
        self.eye.wire.read(0.0)
        self.tell(request)

    @precondition(lambda self: self.is_on)
    @rule(how=st.sampled_from(("again", "with requisites", "close", "close all")))
    def change_registration(self, how: str) -> None:
        """A6h, with the requisites of the shop or with those that the till has, or A7h."""
        if how == "close all":
            self.close_shift(ready=True, looks=False)
        self.go(Mode.FN_ACCESS)
        if how == "with requisites" and not self.has_receipt:
            for tag, value in routine.REQUISITES:
                self.eye.ask(WriteRequisite(data=tlv(tag, value)))
        self.tell(CloseArchive() if how.startswith("close") else Register())

    # ---- time

    @precondition(lambda self: self.is_on)
    @rule(span=spans, is_back=st.booleans(), at_once=st.booleans(), confirms=st.booleans(), ready=ready)
    def set_clock(self, span: int, is_back: bool, at_once: bool, confirms: bool, ready: bool) -> None:
        """64h and 4Bh, or EDh; a date ahead is asked to be confirmed."""
        if ready and self.bench.kkt.memory.mirror.shift_is_open:
            self.close_shift(ready=True, looks=False)
        self.eye.ask(LeaveMode())
        shown = to_datetime(self.bench.kkt.clock(self.bench.world))
        wanted = shown + timedelta(seconds=-span if is_back else span)
        if wanted.year > LAST_YEAR:
            return
        date: Command = SetDateTime(parameters=date_time_to_bcd(wanted, 6)) if at_once else SetDate(date=wanted.date())
        if self.tell(date).code == E.DATE_NOT_CONFIRMED and confirms:
            self.tell(date)
        if not at_once:
            self.tell(SetTime(time=wanted.time()))

    @rule(span=spans)
    def time_goes_on(self, span: int) -> None:
        """Minutes to forty days."""
        self.bench.advance(span)

    # ---- hands

    @rule(is_up=st.booleans())
    def reach_ofd(self, is_up: bool) -> None:
        """The OFD answers, or it does not."""
        if is_up:
            self.bench.ofd_up()
        else:
            self.bench.ofd_down()

    @precondition(lambda self: self.is_on and self.bench.fn is not None)
    @rule(meanwhile=meanwhile, how=st.sampled_from(("puts back", "puts back", "leaves out")))
    def pull_fn_out(self, meanwhile: list[Command], how: str) -> None:
        """The FN is out for a while: it forgets what was begun."""
        self.bench.unplug()
        self.try_all(meanwhile)
        if how == "puts back":
            self.bench.plug()

    @precondition(lambda self: self.is_on and self.bench.fn is not None and not self.bench.shelf)
    @rule(meanwhile=meanwhile, how=st.sampled_from(("registers", "registers", "puts back", "leaves in")))
    def replace_fn(self, meanwhile: list[Command], how: str) -> None:
        """A new FN, until it is registered or the old one comes back."""
        old = self.bench.unplug()
        self.bench.swap()
        self.try_all(meanwhile)
        if how == "registers":
            if self.has_receipt:
                self.tell(CancelReceipt())
            self.go(Mode.FN_ACCESS)
            self.tell(Register())
        elif how == "puts back":
            self.bench.unplug()
            self.bench.plug(old)

    @precondition(lambda self: self.is_on and self.bench.fn is not None)
    @rule(meanwhile=meanwhile, fault=st.sampled_from(FnFault), sells=st.booleans())
    def break_fn(self, meanwhile: list[Command], fault: FnFault, sells: bool) -> None:
        """The FN does not sign for a while."""
        self.bench.break_fn(fault)
        self.try_all(meanwhile)
        if sells and not self.has_receipt:
            self.sale(price=100, tax=6, tendered=0)
        self.bench.mend_fn()

    @rule(request=strategies.any_command, how=st.sampled_from(("off and on", "reboots", "off")))
    def power(self, request: Command, how: str) -> None:
        """Without power the till is silent, and a receipt is annulled; CEh 41h reboots.

        Not over link v2, where the host fetches the answer of CEh from a till that is already down.
        """
        if how == "reboots" and self.is_on and self.link == "v3":
            self.eye.ask(PowerControl(action=Power.REBOOT))
            self.eye.drop_receipt()
            return
        self.bench.power_off()
        self.eye.drop_receipt()
        self.eye.speak_in_vain(request)
        if how == "off and on":
            self.bench.power_on()

    @precondition(lambda self: self.is_on and not self.bench.cable.is_cut)
    @rule(meanwhile=meanwhile, noise=noise, how=st.sampled_from(("is shaken", "is shaken", "is cut", "stays cut")))
    def disturb_cable(self, meanwhile: list[Command], noise: tuple[int, int, int, int], how: str) -> None:
        """Frames between till and FN are damaged, or nothing passes at all."""
        self.eye.may_be_half_made = True
        if how == "is shaken":
            self.bench.make_noise(*noise)
            self.eye.was_noisy = True
        else:
            self.bench.cut_cable()
        self.try_all(meanwhile)
        if how != "stays cut":
            self.mend()

    @precondition(lambda self: not self.is_on or self.bench.fn is None or self.bench.cable.is_cut)
    @rule()
    def mend(self) -> None:
        """Power, a new cable, and an FN in its place."""
        self.bench.power_on()
        self.bench.mend_cable()
        self.eye.forget_frames()
        if self.bench.fn is None:
            self.bench.plug()

    def try_all(self, requests: list[Command]) -> None:
        """Send commands, whatever becomes of them."""
        for request in requests:
            self.tell(request)

    # ---- what holds

    @invariant()
    def nothing_is_wrong(self) -> None:
        """What the inspector finds."""
        self.bench.run_due()
        self.eye.demand(*self.eye.standing_faults())

    def teardown(self) -> None:
        """However the life went, a till whose FN can still work is brought back to selling."""
        if hasattr(self, "eye") and self.eye.is_content and put_right(self.eye):
            cure(self.eye)
