"""A fork of a bench is a bench of its own: what is done to one never shows on the other."""

from hypothesis import given
from hypothesis import strategies as st

from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.kkt import to_world
from kktsim.host.till import Till
from kktsim.testing import strategies
from kktsim.testing.history import AT
from kktsim.testing.presets import build, open_till
from kktsim.testing.snapshot import differences, digest, snapshot
from protocol.atol.command import Command
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.receipt import CloseReceipt, OpenReceipt
from protocol.atol.commands.shift import CloseShift
from scenarios.presets import DAY

STATES = ("registered", "shift-open", "receipt-open", "ofd-30-days", "archive-closed")
BENCHES = {name: build(kkt_models.load(), name, to_world(AT), ClockKind.FROZEN, virtual=True) for name in STATES}
SALE: tuple[Command, ...] = (
    *(LeaveMode(), EnterMode(mode=Mode.REGISTRATION)),
    *(OpenReceipt(), AddItem(name="Чай", price_kopecks=100, tax=6), CloseReceipt()),
)
Z_PRINTING = 0x23
"""Mode byte: state 3.2."""
HANDS = ("advance", "down", "up", "unplug", "plug", "off", "on", "swap", "noise", "cut", "mend")
Deed = Command | bytes | str
deeds = st.lists(
    st.one_of(
        strategies.any_command,
        st.sampled_from(SALE),
        st.sampled_from((EnterMode(mode=Mode.Z_REPORTS), CloseShift())),
        strategies.garbage,
        st.sampled_from(HANDS),
    ),
    max_size=12,
)


def touch(bench: Bench, hand: str) -> None:
    """What hands do, where it can be done."""
    match hand:
        case "advance":
            bench.advance(DAY / 7)
        case "down":
            bench.ofd_down()
        case "up":
            bench.ofd_up()
        case "unplug" if bench.fn is not None:
            bench.unplug()
        case "plug" if bench.fn is None:
            bench.plug()
        case "swap":
            bench.swap()
        case "off":
            bench.power_off()
        case "on":
            bench.power_on()
        case "noise":
            bench.make_noise(30, 30, times=5)
        case "cut":
            bench.cut_cable()
        case "mend":
            bench.mend_cable()


def live(bench: Bench, till: Till, done: list[Deed]) -> list[bytes]:
    """Do everything; what the till answered."""
    answers = []
    for deed in done:
        if isinstance(deed, str):
            touch(bench, deed)
        elif bench.kkt.is_on:
            answers.append(till.send(deed if isinstance(deed, bytes) else deed.to_wire()))
            bench.run_due()
    return answers


@given(state=st.sampled_from(STATES), first=deeds, both=deeds)
def test_two_forks_that_live_alike_stay_alike(state: str, first: list[Deed], both: list[Deed]) -> None:
    parent = BENCHES[state].fork()
    live(parent, open_till(parent), first)
    one, other = parent.fork(), parent.fork()
    assert live(one, open_till(one), both) == live(other, open_till(other), both)
    assert differences(snapshot(one, whole=True), snapshot(other, whole=True)) == []
    assert digest(one) == digest(other)


@given(state=st.sampled_from(STATES), first=deeds, his=deeds, hers=deeds)
def test_what_one_fork_lives_through_the_others_never_see(
    state: str, first: list[Deed], his: list[Deed], hers: list[Deed]
) -> None:
    parent = BENCHES[state].fork()
    live(parent, open_till(parent), first)
    alone, child, sibling = parent.fork(), parent.fork(), parent.fork()
    before = snapshot(parent, whole=True)
    live(child, open_till(child), his)
    assert differences(before, snapshot(parent, whole=True)) == []
    expected = live(alone, open_till(alone), hers)
    assert live(sibling, open_till(sibling), hers) == expected
    live(parent, open_till(parent), hers)
    assert digest(parent) == digest(sibling) == digest(alone)


def test_forks_that_both_write_share_only_what_was_before() -> None:
    parent = BENCHES["registered"].fork()
    till = open_till(parent)
    live(parent, till, list(SALE))
    child = parent.fork()
    live(parent, till, [*SALE, *SALE])
    live(child, open_till(child), list(SALE))
    assert (parent.state().last_document, child.state().last_document) == (5, 4)
    assert [one.number for one in parent.network.server.store.received()][:5] == [1, 2, 3, 4, 5]
    assert [one.number for one in child.network.server.store.received()][:4] == [1, 2, 3, 4]
    assert child.tape() != parent.tape()[: len(child.tape())] or len(child.tape()) < len(parent.tape())


def test_a_fork_waits_for_its_own_printer() -> None:
    parent = BENCHES["shift-open"].fork()
    till = open_till(parent)
    live(parent, till, [LeaveMode(), EnterMode(mode=Mode.Z_REPORTS), CloseShift()])
    assert parent.kkt.mode_byte == Z_PRINTING
    child = parent.fork()
    assert open_till(child).send(LeaveMode().to_wire()) == b"\x55\x00\x00"
    assert child.kkt.mode_byte == 0x00
    assert parent.kkt.mode_byte == Z_PRINTING
