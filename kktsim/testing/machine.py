"""Random lives of a till with its FN and OFD, in process and through the wire, and what must hold all along.

`TillMachine` is a Hypothesis state machine. A user of the package runs it as it is, or with rules of his own::

    class WithMyPosProgram(TillMachine):
        @rule()
        def my_sale(self): ...

    TestMyTill = WithMyPosProgram.TestCase

It begins in one of the named states. The rules of selling stand in `machine_sales`; `inspector` checks every command,
these files only decide what happens. At the end the documented recovery must lead to a till that sells.
"""

from collections.abc import Mapping
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from fn_model import FnFault
from kktsim import kkt_models
from kktsim.device.kkt import to_datetime
from kktsim.testing import strategies
from kktsim.testing.cure import cure, put_right
from kktsim.testing.history import handed_over
from kktsim.testing.law import SETTLEMENT_REPORT
from kktsim.testing.machine_sales import SalesMachine, ready
from kktsim.testing.outages import Moment, answers_get_lost, lose_power
from protocol.atol.command import Command
from protocol.atol.commands.fn import CloseArchive, Register
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDate, SetDateTime, SetTime
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt, OpenReceipt
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.commands.service import Power, PowerControl
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.commands.status import StateCode
from protocol.atol.fields import date_time_to_bcd
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
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
percents = st.sampled_from((0, 0, 5, 30, 100))
noise = st.tuples(percents, percents, st.integers(1, 50), st.integers(1, 8))
"""Percent of the frames to the FN and of those to the till, seed, times."""
meanwhile = st.lists(strategies.any_command, max_size=3)
"""What a host says during a disturbance."""

DOCUMENTS: Mapping[str, tuple[Mode, Command]] = {
    "open a shift": (Mode.REGISTRATION, OpenShift()),
    "open a receipt": (Mode.REGISTRATION, OpenReceipt()),
    "close a shift": (Mode.Z_REPORTS, CloseShift()),
    "report on settlements": (Mode.X_REPORTS, XReport(type=SETTLEMENT_REPORT)),
    "register": (Mode.FN_ACCESS, Register()),
    "close the archive": (Mode.FN_ACCESS, CloseArchive()),
}
"""Where a document is made, and by what."""
documents = st.sampled_from((*DOCUMENTS, "close a receipt", "close a receipt", "close a receipt", "anything"))


FRUITFUL = ("registered", "shift-open", "receipt-open", "ofd-30-days", "archive-closed")
"""States in which much can happen, or something must not: lives begin there more often."""


class TillMachine(SalesMachine):
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
            self.eye.demand(*([] if printing["mode"] in (0x23, 0x17) else [f"state {printing} behind a Z report"]))

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
            number = routine.registration_number(self.eye.till)
            for tag, value in (*routine.REQUISITES, (T.REGISTRATION_NUMBER, number)):
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
            self.eye.must_know()

    @precondition(lambda self: self.is_on and self.bench.fn is not None and not self.bench.shelf.numbers())
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
            self.eye.must_know()

    def about_to(self, what: str, other: Command) -> Command:
        """Go to where a document can be made; the command that makes it."""
        if what == "close a receipt":
            if not self.has_receipt:
                self.go(Mode.REGISTRATION)
                self.tell(OpenReceipt(), AddItem(name="Чай", price_kopecks=10_000, tax=6))
            return CloseReceipt()
        mode, request = DOCUMENTS.get(what, (Mode.SELECTION, other))
        if what in DOCUMENTS:
            self.go(mode)
        return request

    @precondition(lambda self: self.is_on and self.bench.fn is not None and not self.bench.cable.is_cut)
    @rule(what=documents, other=strategies.any_command, meanwhile=meanwhile, how=st.sampled_from(("asks", "waits")))
    def lose_answer(self, what: str, other: Command, meanwhile: list[Command], how: str) -> None:
        """The FN makes a document, and the till does not hear it; the host may ask for it again."""
        request = self.about_to(what, other)
        with answers_get_lost(self.bench):
            self.tell(request)
        if how == "asks":
            self.tell(request)
        self.try_all(meanwhile)

    @precondition(lambda self: self.is_on and self.bench.fn is not None and not self.bench.cable.is_cut)
    @rule(what=documents, other=strategies.any_command, moment=st.sampled_from(Moment))
    def lose_power(self, what: str, other: Command, moment: Moment) -> None:
        """The power fails while a document is made."""
        lose_power(self.eye, self.about_to(what, other), moment)

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
            self.eye.must_know()

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
