"""Agents: what an item of an agent is in the document, and when a till may not sell for one."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv

from .desk import Desk

MakeBench = Callable[..., Bench]
CLOSE = "4A 00 01 00 00 00 00 00"
END = "EB 02 00000000010000 0000001000 00000000010000 06 00000000000000 00 01 04 00 00000000000000 0000 80"
AGENT, COMMISSIONER, BANK_AGENT = b"\x40", b"\x20", b"\x01"
SUPPLIER_INN = tlv(T.SUPPLIER_INN, b"7704358518")
BANK_REQUISITES = (
    *(tlv(1044, b"PAY"), tlv(1026, b"BANK"), tlv(1005, b"TVER")),
    tlv(1016, b"7704358518"),
)


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """A till registered as an agent and as a bank's agent, shift open, mode 1."""
    desk = Desk(make_bench())
    desk.enter(Mode.FN_ACCESS)
    desk.does(WriteRequisite(data=tlv(T.AGENT, b"\x41")), "A6")
    desk.open_shift()
    return desk


def sell(desk: Desk, *of_item: bytes, of_receipt: tuple[bytes, ...] = ()) -> None:
    """A receipt with one item, ready to be closed."""
    desk.does("92 00 01", *[WriteRequisite(data=one) for one in of_receipt], "EA 00 01 00")
    desk.does(*[WriteRequisite(data=one) for one in of_item], END)


def test_a_till_registered_for_agents_sells_for_one(desk: Desk) -> None:
    sell(desk, tlv(T.ITEM_AGENT, AGENT), SUPPLIER_INN, of_receipt=(tlv(T.AGENT, AGENT),))
    desk.does(CLOSE)
    told = desk.told()
    assert told.number(T.AGENT) == 0x40
    item = told.structures(T.ITEM)[0]
    assert (item.number(T.ITEM_AGENT), item.text(T.SUPPLIER_INN)) == (0x40, "7704358518")


@pytest.mark.parametrize("where", ["item", "receipt"])
def test_a_till_registered_without_agents_closes_no_such_receipt(make_bench: MakeBench, where: str) -> None:
    """Article on annulled agent receipts: everything is on paper already, and nothing but 59h helps."""
    desk = Desk(make_bench("shift-open"))
    if where == "item":
        sell(desk, tlv(T.ITEM_AGENT, AGENT), SUPPLIER_INN)
    else:
        sell(desk, of_receipt=(tlv(T.AGENT, AGENT),))
    desk.refuses(CLOSE, E.EXTENDED, X.REQUISITE_COMBINATION)
    assert desk.register(0x37)["data"] == b"\x04\x21\0\0"
    desk.does("59")
    desk.sell()


def test_a_till_registered_for_one_kind_of_agent_is_not_another(desk: Desk) -> None:
    sell(desk, tlv(T.ITEM_AGENT, COMMISSIONER), SUPPLIER_INN)
    desk.refuses(CLOSE, E.EXTENDED, X.REQUISITE_COMBINATION)


def test_a_till_may_refuse_the_item_itself(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", agents_checked_at="EBh"))
    desk.does(
        "92 00 01", "EA 00 01 00", *[WriteRequisite(data=one) for one in (tlv(T.ITEM_AGENT, AGENT), SUPPLIER_INN)]
    )
    desk.refuses(END, E.EXTENDED, X.REQUISITE_COMBINATION)
    desk.does("59", "92 00 01", "EA 00 01 00", END, CLOSE)


def test_it_is_the_registered_sign_that_counts_not_the_written_one(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.does(WriteRequisite(data=tlv(T.AGENT, AGENT)))
    desk.open_shift()
    sell(desk, tlv(T.ITEM_AGENT, AGENT), SUPPLIER_INN)
    desk.refuses(CLOSE, E.EXTENDED, X.REQUISITE_COMBINATION)
    desk.does("59")
    desk.close_shift()
    desk.enter(Mode.FN_ACCESS)
    desk.does("A6")
    desk.open_shift()
    sell(desk, tlv(T.ITEM_AGENT, AGENT), SUPPLIER_INN)
    desk.does(CLOSE)


def test_an_agents_item_names_the_suppliers_inn(desk: Desk) -> None:
    sell(desk, tlv(T.ITEM_AGENT, AGENT))
    desk.refuses(CLOSE, E.EXTENDED, X.REQUISITE_MISSING)
    assert desk.register(0x37)["data"] == b"\x04\xca\0\0"


@pytest.mark.parametrize("missing", range(len(BANK_REQUISITES)))
def test_a_banks_agent_names_the_operator_of_the_transfer(desk: Desk, missing: int) -> None:
    told = [one for number, one in enumerate(BANK_REQUISITES) if number != missing]
    sell(desk, of_receipt=(tlv(T.AGENT, BANK_AGENT), *told))
    desk.refuses(CLOSE, E.EXTENDED, X.REQUISITE_MISSING)
    desk.does(WriteRequisite(data=BANK_REQUISITES[missing]), CLOSE)
    assert desk.told().text(T.TRANSFER_OPERATOR_NAME) == "BANK"


def test_a_banks_agent_may_name_it_in_an_item(desk: Desk) -> None:
    sell(desk, *BANK_REQUISITES, of_receipt=(tlv(T.AGENT, BANK_AGENT),))
    desk.does(CLOSE)


def test_plain_tags_of_an_item_are_put_into_their_structures(desk: Desk) -> None:
    """ATOL's driver 10.8 sends 1171, 1073, 1074 and the others one by one between EAh and EBh."""
    plain = (tlv(1171, b"+71"), tlv(1225, b"OOO"), tlv(1073, b"+72"), tlv(1074, b"+73"), tlv(1075, b"+74"))
    sell(desk, tlv(T.ITEM_AGENT, AGENT), SUPPLIER_INN, *plain, *BANK_REQUISITES)
    desk.does(CLOSE)
    item = desk.told().structures(T.ITEM)[0]
    supplier, agent = item.structures(T.SUPPLIER_DATA)[0], item.structures(T.AGENT_DATA)[0]
    assert (supplier.text(1171), supplier.text(1225)) == ("+71", "OOO")
    assert [agent.text(tag) for tag in (1073, 1074, 1075, 1026, 1005)] == ["+72", "+73", "+74", "BANK", "TVER"]


def test_plain_tags_join_a_structure_that_was_told(desk: Desk) -> None:
    sell(desk, tlv(T.ITEM_AGENT, AGENT), SUPPLIER_INN, tlv(T.SUPPLIER_DATA, tlv(1225, b"OOO")), tlv(1171, b"+71"))
    desk.does(CLOSE)
    supplier = desk.told().structures(T.ITEM)[0].structures(T.SUPPLIER_DATA)[0]
    assert (supplier.text(1225), supplier.text(1171)) == ("OOO", "+71")


def test_a_sign_that_says_no_agent_needs_nothing(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    sell(desk, tlv(T.ITEM_AGENT, b"\x00"), of_receipt=(tlv(T.AGENT, b"\x00"),))
    desk.does(CLOSE)


def test_an_fn_that_is_silent_about_the_registration_is_told_as_silent(desk: Desk) -> None:
    sell(desk, tlv(T.ITEM_AGENT, AGENT), SUPPLIER_INN)
    desk.bench.cut_cable()
    desk.refuses(CLOSE, E.FN_NO_ANSWER)
    desk.bench.mend_cable()
    desk.does(CLOSE)
