"""An FN for 36 months looks into the items: goods under «ОСН» are 09h at 16h, on FN-1.1 and FN-1.1M alone."""

from decimal import Decimal
from typing import Any

import pytest

from fn_model import load_model, model_names
from protocol.ffd.formats import FFD_1_1, FFD_1_2
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode
from protocol.fn.commands import FnCode, FnCommand
from tests.fn.fn_till import REGISTRATION_DATA, Till, receipt_data
from tests.fn.full_till import FullTill, item

LONG = ("fn-1-1-36", "fn-1-1m-36")
GENERAL, SIMPLIFIED = 1, 2
EXCISE_FLAG = encode(T.EXCISE, 1)


def begun(model: str, *kinds: int | None, tax_system: int = GENERAL, **settings: Any) -> Till:
    """A receipt with an item of each kind, up to its 16h."""
    till = Till(load_model(model), **settings)
    till.register(tax_systems=GENERAL | SIMPLIFIED, data=REGISTRATION_DATA + EXCISE_FLAG)
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    till.do(FnCommand.ADD_DATA, receipt_data(tax_system=tax_system))
    for kind in kinds:
        told = encode(1059, [(1030, "Чай"), (1079, 1), (1023, Decimal(1)), (1043, 1)])
        till.do(FnCommand.ADD_DATA, told if kind is None else item(t1212=kind))
    return till


@pytest.mark.parametrize("model", LONG)
@pytest.mark.parametrize("kinds", [(1,), (2,), (4, 1), (1, 4), (None, 2)])
def test_goods_under_the_general_tax_system_are_09(model: str, kinds: tuple[int | None, ...]) -> None:
    till = begun(model, *kinds)
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt()) == FnCode.BAD_VALUE
    till.cancel()
    till.sell()


@pytest.mark.parametrize("model", LONG)
@pytest.mark.parametrize("kinds", [(), (None,), (3,), (4,), (10, 13)])
def test_services_and_items_of_no_kind_pass(model: str, kinds: tuple[int | None, ...]) -> None:
    till = begun(model, *kinds)
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


@pytest.mark.parametrize("model", LONG)
@pytest.mark.parametrize("kind", [1, 2])
def test_another_tax_system_passes(model: str, kind: int) -> None:
    till = begun(model, kind, tax_system=SIMPLIFIED)
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


@pytest.mark.parametrize("model", [name for name in model_names() if name not in LONG])
@pytest.mark.parametrize("kind", [1, 2])
def test_another_fn_passes(model: str, kind: int) -> None:
    till = begun(model, kind)
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


def test_that_the_fn_looks_is_a_setting() -> None:
    till = begun("fn-1-1-36", 1, kind_check_36_months=False)
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


@pytest.mark.parametrize(("ffd", "code"), [(FFD_1_1, FnCode.BAD_VALUE), (FFD_1_2, FnCode.OK)])
def test_under_ffd_1_2_goods_are_sold_for_a_shorter_term(ffd: int, code: FnCode) -> None:
    till = FullTill("fn-1-1m-36", ffd)
    till.register_fully()
    till.open_shift()
    till.begin_sale(item(t1212=1))
    assert till.ask(FnCommand.COMMIT_RECEIPT, till.receipt())[0] == code
