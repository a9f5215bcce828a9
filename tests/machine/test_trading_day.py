"""A whole day of a shop through the wire: registers, tape, documents and the FN's totals agree with the book.

The book (`kktsim.testing.ledger`) is kept from the commands alone. Every day is the same in every run.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

import pytest

from kktsim import kkt_models
from kktsim.printer.paper import CUT
from kktsim.testing.audit import Auditor, Document
from kktsim.testing.law import wrong_sums
from kktsim.testing.ledger import TYPES
from kktsim.testing.shop import Shop
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.fn import AskFn
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.status import CashInDrawer
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.fn.commands import FnCommand, Operation

CUSTOMERS = 200
OTHER_MODEL = next(name for name in kkt_models.names() if name != kkt_models.DEFAULT_MODEL)
DAYS = ((kkt_models.DEFAULT_MODEL, "v3", 1), (kkt_models.DEFAULT_MODEL, "v2", 2), (OTHER_MODEL, "v3", 3))
OPERATIONS = {
    ReceiptType.SELL: 1,
    ReceiptType.SELL_RETURN: 2,
    ReceiptType.BUY: 3,
    ReceiptType.BUY_RETURN: 4,
    ReceiptType.SELL_CORRECTION: 1,
    ReceiptType.BUY_CORRECTION: 3,
}
RECEIPTS = (DocumentType.RECEIPT, DocumentType.CORRECTION)


def pages(tape: list[str]) -> Iterator[list[str]]:
    """The tape, cut."""
    for is_cut, page in groupby(tape, lambda line: line.startswith(CUT)):
        if not is_cut:
            yield [line.strip() for line in page]


def sums(page: list[str]) -> list[tuple[str, int]]:
    """What a page says a sum is, in kopecks: the words before it and the sum behind ``=``; the QR code apart."""
    lines = [line.rpartition("=") for line in page if "=" in line and not line.startswith("[")]
    return [(words.strip(), round(float(amount) * 100)) for words, _, amount in lines]


def wrong_registers(shop: Shop) -> list[str]:
    """Registers that differ from the book."""
    wrong = []
    for register, values in shop.ledger.registers():
        told = register.read_answer(shop.ask(register).data)
        wrong += [f"{register} tells {told}, not {values}" for name in values if told.get(name) != values[name]]
    return wrong


def documents(shop: Shop) -> list[Document]:
    """The receipts and corrections, read back from the FN by A4h."""
    made, wrong = Auditor(shop.ask, {}).read(by_law=False)
    assert wrong == []
    return [document for document in made if document.found.type in RECEIPTS]


@pytest.mark.parametrize(("model", "link", "seed"), DAYS)
def test_a_day_adds_up_everywhere(model: str, link: str, seed: int) -> None:
    shop = Shop(model, link, seed)
    begun = len(shop.bench.tape())
    shop.open()
    for customer in range(CUSTOMERS):
        shop.serve()
        if customer % 50 == 49:
            shop.x_report()
            assert wrong_registers(shop) == []
    assert {receipt.type for receipt in shop.closed} == set(TYPES)

    # documents
    made = documents(shop)
    assert len(made) == len(shop.closed)
    for document, receipt in zip(made, shop.closed, strict=True):
        assert list(wrong_sums(receipt, document)) == []
        assert document.requisites.number(T.OPERATION) == OPERATIONS[receipt.type]

    # the FN's own count
    by_operation: Counter[int] = Counter()
    for receipt in shop.closed:
        by_operation[OPERATIONS[receipt.type]] += receipt.total
    fn = shop.bench.fn
    assert fn is not None
    shift_totals = fn.state.totals.shift
    both = zip(Operation, shift_totals.receipts, shift_totals.corrections, strict=True)
    counted = {int(operation): receipts[1] + corrections[1] for operation, receipts, corrections in both}
    assert Counter(counted) == by_operation
    shift = shop.ask(AskFn(command=FnCommand.SHIFT_PARAMETERS)).data
    assert (shift[0], int.from_bytes(shift[3:5], "little")) == (1, len(shop.closed))

    # the tape
    printed = [page for page in pages(shop.bench.tape(begun)) if page[0].startswith("КАССОВЫЙ ЧЕК")]
    kept = [dict(sums(page)) for page in printed if "ЧЕК АННУЛИРОВАН" not in page]
    assert len(printed) == len(shop.closed) + sum(shop.ledger.shift.cancelled.values())
    assert [page["ИТОГ"] for page in kept] == [receipt.total for receipt in shop.closed]
    for page in printed:
        before = [sum_ for words, sum_ in sums(page)]
        totals = [place for place, (words, _) in enumerate(sums(page)) if words == "ИТОГ"]
        assert all(sum(before[:place]) == before[place] for place in totals), page
    for told, receipt in zip(kept, shop.closed, strict=True):
        assert told.get("СДАЧА", 0) == receipt.change
        taxes = [sum_ for words, sum_ in told.items() if words.startswith("СУММА ")]
        assert sorted(taxes) == sorted(receipt.vat().values())

    # the night
    registered = shop.ledger.shift.registered
    shop.close()
    assert wrong_registers(shop) == []
    income = registered[ReceiptType.SELL] - registered[ReceiptType.SELL_RETURN]
    assert int(shop.till.send(b"\x58")[2:9].hex()) == max(income, 0)
    assert int(shop.ask(CashInDrawer()).data.hex()) == max(shop.ledger.cash, 0)
    for kind in TYPES:
        assert ReadRegister(register=0x01, first=kind).read_answer(
            shop.ask(ReadRegister(register=0x01, first=kind)).data
        ) == {"sum_kopecks": 0}
