"""The recovery that the manuals know: whatever a shop has been through, its till comes back to selling."""

from kktsim.device.kkt import to_datetime, to_world
from kktsim.testing.inspector import Inspector
from protocol.atol.command import Command
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt, OpenReceipt
from protocol.atol.commands.shift import CloseShift
from protocol.atol.kkt_codes import E
from protocol.fn.commands import Phase
from scenarios.presets import DAY

ITEM = AddItem(name="Чай", price_kopecks=10_000, tax=6)


def put_right(eye: Inspector) -> bool:
    """Do what hands can do, and wait a day; whether a shop could go on with this till and this FN.

    It could not without the till's own FN, with one whose term or archive is over, or with a clock behind the last
    document.
    """
    bench, mirror = eye.bench, eye.bench.kkt.memory.mirror
    bench.power_on()
    bench.mend_cable()
    eye.forget_frames()
    bench.ofd_up()
    if bench.fn is not None and bench.fn.number != mirror.fn_number:
        bench.unplug()
    if bench.fn is None:
        if mirror.fn_number not in bench.shelf.numbers():
            return False
        bench.plug(mirror.fn_number)
    bench.advance(DAY)
    fn, clock = bench.fn, to_datetime(bench.kkt.clock(bench.world))
    if fn is None or fn.phase is not Phase.FISCAL or fn.state.expires_on is None or clock.date() > fn.state.expires_on:
        return False
    last_at = fn.state.last_at
    return last_at is not None and clock >= last_at and to_world(clock) >= mirror.document_world


def cure(eye: Inspector) -> None:
    """59h, a Z report, a sale and its Z report; raises `Violation` when one of them is refused."""
    eye.find_out()
    if eye.ledger.receipt is not None:
        _must(eye, CancelReceipt())
    _must(eye, LeaveMode())
    if eye.bench.kkt.memory.mirror.shift_is_open:
        _must(eye, EnterMode(mode=Mode.Z_REPORTS), CloseShift(), LeaveMode())
    _must(eye, EnterMode(mode=Mode.REGISTRATION), OpenReceipt(), ITEM, CloseReceipt(), LeaveMode())
    _must(eye, EnterMode(mode=Mode.Z_REPORTS), CloseShift())
    eye.demand(*eye.standing_faults())


def _must(eye: Inspector, *requests: Command) -> None:
    for request in requests:
        answer = eye.tell(request)
        eye.demand(*([] if answer.is_ok else [f"{request} does not cure: {E(answer.code).name}"]))
