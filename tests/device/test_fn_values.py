"""«Ошибка ФН 231»: an FN that looks into the requisites, seen through the till; at a sale, and at the registration."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from fn_model import FnModel, load_model
from kktsim.clock import ClockKind
from kktsim.device.kkt import to_world
from kktsim.kkt_models import DEFAULT_MODEL, load
from kktsim.testing.presets import build
from protocol.atol.commands.items import BeginItem, EndItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import OpenReceipt
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.kkt_codes import E
from protocol.ffd.numbers import registration_number
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from scenarios.routine import INN, REQUISITES

from .desk import Desk

AT = to_world(datetime(2026, 3, 2, 12, 0))
CLOSE = "4A 00 01 00 00 00 00 00"
GENERAL, SIMPLIFIED = b"\x01", b"\x02"
GOODS, EXCISE_GOODS, SERVICE, BET = 1, 2, 4, 5
FN_36 = load_model("fn-1-1-36")


def write(tag: int, value: bytes) -> WriteRequisite:
    return WriteRequisite(data=tlv(tag, value))


def factory(fn_model: FnModel, **changed: object) -> Desk:
    """A till from the factory with all requisites written and both tax systems, mode 6."""
    till = load(DEFAULT_MODEL)
    till = replace(till, settings=replace(till.settings, **changed))  # type: ignore[arg-type]
    desk = Desk(build(till, "factory", AT, ClockKind.FROZEN, virtual=True, fn_model=fn_model))
    desk.enter(Mode.FN_ACCESS)
    number = registration_number(7, INN, till.serial_number).encode("ascii")
    told = dict(REQUISITES) | {T.REGISTRATION_NUMBER: number, T.TAX_SYSTEMS: b"\x03"}
    desk.does(*(write(tag, value) for tag, value in told.items()))
    return desk


def trading(fn_model: FnModel, *more: WriteRequisite) -> Desk:
    """The same, registered and with an open shift."""
    desk = factory(fn_model)
    desk.does(*more, "A6")
    desk.open_shift()
    return desk


def begin_sale(desk: Desk, kind: int, tax_system: bytes = GENERAL) -> None:
    """A receipt with one item of that kind."""
    desk.does(
        OpenReceipt(),
        write(T.TAX_SYSTEM, tax_system),
        BeginItem(),
        EndItem(price_kopecks=100_00, cost_kopecks=100_00, subject=kind, name="Чай"),
    )


@pytest.mark.parametrize("kind", [GOODS, EXCISE_GOODS])
def test_goods_under_the_general_tax_system_end_in_231_and_a_service_does_not(kind: int) -> None:
    desk = trading(FN_36, write(T.EXCISE, b"\x01"))
    begin_sale(desk, kind)
    assert "Ошибка ФН 231" in desk.tape_of(CLOSE)
    desk.refuses(CLOSE, E.FN_BAD_VALUE)
    assert "ЧЕК АННУЛИРОВАН" in desk.tape_of("59")
    begin_sale(desk, SERVICE)
    desk.does(CLOSE)
    assert desk.told().structures(T.ITEM)[0].number(T.ITEM_TYPE) == SERVICE


def test_another_tax_system_cures_231() -> None:
    desk = trading(FN_36)
    begin_sale(desk, GOODS, SIMPLIFIED)
    desk.does(CLOSE)


@pytest.mark.parametrize("model", ["fn-1-36", "fn-1-1-15", "fn-1-1m-15"])
def test_another_fn_cures_231(model: str) -> None:
    desk = trading(load_model(model))
    begin_sale(desk, GOODS)
    desk.does(CLOSE)


# ---- the registration


def excise_of_services(desk: Desk) -> None:
    desk.does(write(T.EXCISE, b"\x01"), write(T.SERVICES, b"\x01"))


def number_of_another_till(desk: Desk) -> None:
    desk.does(write(T.REGISTRATION_NUMBER, registration_number(7, INN, "000000000002").encode("ascii")))


def mended(desk: Desk) -> None:
    serial_number = desk.bench.kkt.model.serial_number
    number = registration_number(7, INN, serial_number).encode("ascii")
    desk.does(write(T.REGISTRATION_NUMBER, number), write(T.SERVICES, b"\x00"))


def checking() -> FnModel:
    """An FN that looks at the check digits of the registration number."""
    model = load_model("fn-1-1-15")
    return replace(model, settings=replace(model.settings, registration_number_check="digits"))


@pytest.mark.parametrize("spoil", [excise_of_services, number_of_another_till])
def test_a_registration_that_the_fn_does_not_accept_is_231(spoil: Callable[[Desk], None]) -> None:
    desk = factory(checking(), registration_number_check="digits")
    spoil(desk)
    assert "Ошибка ФН 231" in desk.tape_of("A6")
    desk.refuses("A6", E.FN_BAD_VALUE)
    mended(desk)
    desk.does("A6")


def test_fn_1_takes_such_a_registration() -> None:
    desk = factory(load_model("fn-1-13"))
    excise_of_services(desk)
    desk.does("A6")


@pytest.mark.parametrize(("model", "code"), [("fn-1-1-15", E.OK), ("fn-1-1m-15", E.FN_EXCISE)])
def test_a_bet_that_is_not_registered_is_245_on_fn_1_1m(model: str, code: E) -> None:
    desk = trading(load_model(model))
    begin_sale(desk, BET)
    assert desk.answer(CLOSE).code == code


@pytest.mark.parametrize(("fn_model", "looks"), [("fn-1-13", False), ("fn-1-1-15", False), ("fn-1-1m-15", True)])
def test_a_till_that_does_not_look_at_agents_leaves_them_to_the_fn(fn_model: str, looks: bool) -> None:
    """FNs of the newest generation answer 19h, which is F5h here, and have no text in any driver."""
    desk = factory(load_model(fn_model), agents_checked_at="nowhere")
    desk.does("A6")
    desk.open_shift()
    desk.does(OpenReceipt(), write(T.TAX_SYSTEM, SIMPLIFIED), BeginItem())
    desk.does(write(T.ITEM_AGENT, b"\x40"), write(T.SUPPLIER_INN, b"7704358518  "))
    desk.does(EndItem(price_kopecks=100_00, cost_kopecks=100_00, subject=SERVICE, name="Чай"))
    if looks:
        desk.refuses(CLOSE, E.FN_EXCISE)
    else:
        desk.does(CLOSE)
