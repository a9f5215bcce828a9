"""What random lives, or the writing of them, have found wrong once; each told as a short life of its own."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.host.till import Till
from kktsim.testing.presets import open_till
from protocol.atol.command import Answer, Command, parse_answer
from protocol.atol.commands.fn import AskFn
from protocol.atol.commands.items import AddItem, BeginItem, EndItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDateTime
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt, OpenReceipt
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.commands.shift import CloseShift, OpenShift
from protocol.atol.commands.tables import WriteTable
from protocol.atol.kkt_codes import E, X
from protocol.ffd.documents import check
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv

MakeBench = Callable[..., Bench]
ITEM = AddItem(name="Чай", price_kopecks=10_000, tax=6)


def say(till: Till, request: Command) -> Answer:
    """The answer to a command."""
    return parse_answer(type(request).code, till.send(request.to_wire()))


def codes(till: Till, *requests: Command) -> list[int]:
    """The codes of the answers to several commands."""
    return [say(till, request).code for request in requests]


def detail(till: Till) -> tuple[int, int]:
    """Register 37h: the error, and the tag it is about."""
    told = ReadRegister(register=0x37).read_answer(say(till, ReadRegister(register=0x37)).data)
    return told["error"], int.from_bytes(told["data"][:2], "big")


def enter(till: Till, mode: Mode) -> None:
    """Leave the mode, enter another."""
    assert codes(till, LeaveMode(), EnterMode(mode=mode)) == [E.OK, E.OK]


def test_a_receipt_whose_fn_was_pulled_out_is_never_closed(make_bench: MakeBench) -> None:
    bench = make_bench("receipt-open")
    till = open_till(bench)
    bench.unplug()
    bench.plug()
    assert codes(till, CloseReceipt(), CloseReceipt()) == [E.FN_WRONG_STATE, E.FN_WRONG_STATE]
    assert codes(till, CancelReceipt(), OpenReceipt(), ITEM, CloseReceipt()) == [E.OK] * 4


def test_a_receipt_without_items_is_not_closed(make_bench: MakeBench) -> None:
    bench = make_bench("shift-open")
    till = open_till(bench)
    enter(till, Mode.REGISTRATION)
    assert codes(till, OpenReceipt(), CloseReceipt()) == [E.OK, E.EXTENDED]
    assert detail(till) == (X.REQUISITE_MISSING, T.ITEM)
    assert codes(till, ITEM, CloseReceipt()) == [E.OK, E.OK]


def test_what_e8_tells_of_an_item_is_not_told_again_by_eb(make_bench: MakeBench) -> None:
    bench = make_bench("receipt-open")
    till = open_till(bench)
    told = (WriteRequisite(data=tlv(T.ITEM_TYPE, b"\x03")), WriteRequisite(data=tlv(T.SETTLEMENT_METHOD, b"\x01")))
    item = EndItem(price_kopecks=1, cost_kopecks=1, subject=1, method=4, name="Чай")
    assert codes(till, BeginItem(), *told, item, CloseReceipt()) == [E.OK] * 5
    assert bench.fn is not None
    document = bench.fn.archive.tail()
    assert document is not None and check(document.type, document.body) == []
    written = Requisites.parse(document.body).structures(T.ITEM)[1]
    assert (written.number(T.ITEM_TYPE), written.number(T.SETTLEMENT_METHOD)) == (3, 1)


def test_requisites_of_an_item_that_the_fn_could_not_take_are_refused_at_once(make_bench: MakeBench) -> None:
    till = open_till(make_bench("receipt-open"))
    phones = (tlv(tag, tlv(phone, b"+7" + b"0" * 17) * 22) for tag, phone in ((1223, 1075), (1224, 1171)))
    agent, supplier = (WriteRequisite(data=one) for one in phones)
    assert codes(till, BeginItem(), agent) == [E.OK, E.OK]
    assert say(till, supplier).code == E.EXTENDED
    assert detail(till) == (X.REQUISITE_BUFFER_FULL, 1224)
    assert codes(till, EndItem(price_kopecks=1, cost_kopecks=1, name="Чай"), CancelReceipt()) == [E.OK, E.OK]


def test_a_till_without_tax_systems_makes_no_receipt(make_bench: MakeBench) -> None:
    till = open_till(make_bench("registered"))
    enter(till, Mode.FN_ACCESS)
    assert say(till, WriteRequisite(data=tlv(T.TAX_SYSTEMS, b"\x00"))).is_ok
    enter(till, Mode.REGISTRATION)
    assert codes(till, OpenReceipt(), ITEM, CloseReceipt()) == [E.OK, E.OK, E.EXTENDED]
    assert detail(till) == (X.WRONG_TAX_SYSTEM, T.TAX_SYSTEM)


def test_in_the_year_2100_the_till_asks_to_check_its_date(make_bench: MakeBench) -> None:
    bench = make_bench("registered")
    till = open_till(bench)
    last_minute = SetDateTime(parameters=bytes.fromhex("311299235900"))
    assert codes(till, LeaveMode(), last_minute, last_minute) == [E.OK, E.DATE_NOT_CONFIRMED, E.OK]
    bench.advance(120)
    enter(till, Mode.REGISTRATION)
    assert codes(till, OpenShift(), OpenReceipt()) == [E.CHECK_DATE, E.CHECK_DATE]


def test_a_document_that_was_begun_unheard_does_not_stop_the_next(make_bench: MakeBench) -> None:
    bench = make_bench("receipt-open")
    till = open_till(bench)
    bench.cut_cable()
    assert say(till, CancelReceipt()).is_ok
    bench.mend_cable()
    assert bench.fn is not None and bench.fn.volatile.begun is not None
    assert codes(till, OpenReceipt(), ITEM, CloseReceipt()) == [E.OK] * 3


@pytest.mark.parametrize("lost", range(1, 30))
def test_whatever_frame_is_lost_the_till_sells_again_or_says_that_the_two_differ(
    make_bench: MakeBench, lost: int
) -> None:
    bench = make_bench("shift-open")
    till = open_till(bench)
    enter(till, Mode.REGISTRATION)
    bench.make_noise(0, 100, seed=lost, times=4 + lost)
    codes(till, OpenReceipt(), ITEM, CloseReceipt())
    bench.mend_cable()
    say(till, CancelReceipt())
    made = bench.state().last_document
    assert bench.fn is not None
    is_in_step = bench.fn.state.document_number == made
    sold = codes(till, OpenReceipt(), ITEM, CloseReceipt())
    assert sold == [E.OK] * 3 if is_in_step else sold[0] == E.MODE_LOCKED
    enter(till, Mode.Z_REPORTS)
    assert say(till, CloseShift()).is_ok


def test_an_fn_that_has_sent_everything_is_left_in_peace(make_bench: MakeBench) -> None:
    for state in ("archive-closed", "factory"):
        bench = make_bench(state)
        bench.power_off()
        bench.power_on()
        bench.run_due()
        assert (bench.client.next_attempt, bench.client.failed_attempts) == (None, 0)
        assert bench.kkt.volatile.exchange.fn == 0


def test_change_is_taken_off_whichever_form_is_cash(make_bench: MakeBench) -> None:
    till = open_till(make_bench("registered"))
    enter(till, Mode.PROGRAMMING)
    assert say(till, WriteTable(table=12, row=1, field=2, value=b"\x01")).is_ok
    enter(till, Mode.REGISTRATION)
    paid = CloseReceipt(payment_form=2, sum_kopecks=15_000)
    assert codes(till, OpenReceipt(), ITEM, paid) == [E.OK] * 3
    register = ReadRegister(register=0x03, first=1, second=2)
    assert register.read_answer(say(till, register).data)["sum_kopecks"] == 10_000


def test_the_cashier_told_before_92_stands_in_the_shift_report_and_in_the_receipt(make_bench: MakeBench) -> None:
    bench = make_bench("registered")
    till = open_till(bench)
    enter(till, Mode.REGISTRATION)
    name = "Кассир Петрова"
    told = WriteRequisite(data=tlv(T.CASHIER, name.encode("cp866")))
    assert codes(till, told, OpenReceipt(), ITEM, CloseReceipt()) == [E.OK] * 4
    assert bench.fn is not None
    documents = [bench.fn.archive.get(number) for number in (2, 3)]
    assert [Requisites.parse(one.body).text(T.CASHIER) for one in documents if one is not None] == [name, name]


def test_an_fn_that_was_reset_is_not_the_one_that_the_till_knows(make_bench: MakeBench) -> None:
    till = open_till(make_bench("registered"))
    assert say(till, AskFn(command=0x60, data=b"\x16")).is_ok
    assert codes(till, LeaveMode(), EnterMode(mode=Mode.REGISTRATION)) == [E.OK, E.MODE_LOCKED]


def test_documents_go_to_the_ofd_under_the_number_of_their_own_fn(make_bench: MakeBench) -> None:
    bench = make_bench("shift-open")
    till = open_till(bench)
    bench.ofd_down()
    enter(till, Mode.REGISTRATION)
    assert codes(till, OpenReceipt(), ITEM, CloseReceipt()) == [E.OK] * 3
    old = bench.unplug()
    bench.swap()
    enter(till, Mode.FN_ACCESS)
    assert till.send(b"\xa6") == b"\x55\x00\x00"
    bench.unplug()
    bench.plug(old)
    sent = len(bench.network.server.store)
    bench.ofd_up()
    assert [one.fn_number for one in bench.network.server.store.received(sent)] == [old]
