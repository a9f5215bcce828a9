"""Forks: two FNs with one past."""

import time

from fn_model import FnFault
from protocol.fn.commands import FnCommand
from protocol.fn.frame import ENQ
from tests.fn.fn_till import Till


def fork(till: Till) -> Till:
    twin = Till()
    twin.port = till.port.copy()
    twin.at, twin.skew = till.at, till.skew
    return twin


def test_a_fork_is_equal_and_goes_its_own_way() -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    till.do(FnCommand.BEGIN_MESSAGE)
    till.begin_receipt(100)
    twin = fork(till)
    assert twin.fn.digest() == till.fn.digest()
    assert twin.port.exchange(ENQ, 0.0) == till.port.exchange(ENQ, 0.0)
    before = till.fn.digest()
    twin.do(FnCommand.COMMIT_RECEIPT, twin.receipt(100))
    twin.sell(200)
    twin.do(FnCommand.END_MESSAGE)
    twin.do(FnCommand.PUT_CONFIRMATION, twin.confirmation(1))
    twin.fn.faults.add(FnFault.FAILED)
    twin.fn.injected_signs[9] = 1
    assert till.fn.digest() == before
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt(100))
    assert till.exchange_status().unsent_documents == 3
    assert till.fn.archive.get(4) is None


def test_equal_commands_on_both_sides_give_equal_fns() -> None:
    till = Till()
    till.register()
    twin = fork(till)
    for side in (till, twin):
        side.open_shift()
        side.sell()
        side.send_all()
    assert twin.fn.digest() == till.fn.digest()


def test_a_fork_of_a_begun_document_shares_no_data() -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    twin = fork(till)
    twin.do(FnCommand.ADD_DATA, b"\x1f\x04\x01\x00\x01")
    assert not till.status().has_data
    till.do(FnCommand.ADD_DATA, b"\x1f\x04\x01\x00\x01")


def test_forking_takes_no_longer_with_thousands_of_documents() -> None:
    young, old = Till(), Till()
    for till in (young, old):
        till.register()
        till.open_shift()
    for _ in range(3_000):
        old.sell()
    assert fork(old).fn.digest() == old.fn.digest()
    assert _seconds(old) < 20 * _seconds(young)


def _seconds(till: Till) -> float:
    """The best of many forks: steady on a busy machine."""
    best = float("inf")
    for _ in range(50):
        start = time.perf_counter()
        till.port.copy()
        best = min(best, time.perf_counter() - start)
    return best
