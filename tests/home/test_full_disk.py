"""A till whose file cannot be written answers its host correctly, tells its operator, and loses nothing."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fn_model.store_file import StoreFileError
from kktsim.clock import ClockKind
from kktsim.control.client import ControlClient, RefusedError
from kktsim.device.refusal import INTERNAL_ERROR, NotKeptError
from kktsim.hands.error import HandsError
from kktsim.home import Home
from kktsim.home_till import HomeTill, come_up
from kktsim.host.serial_wire import SerialWire
from kktsim.host.till import Till
from kktsim.testing.presets import open_till
from protocol.atol.commands.modes import EnterMode, Mode
from protocol.atol.commands.receipt import CloseReceipt
from scenarios import routine
from tests.nvram.memories import values
from tests.serve.served import serve

from .house import WORLD, new_till, up_again

DONE = b"\x55\x00\x00"
MAKE_ROOM = "was not written (database or disk is full): make room for it"
CLOSE = CloseReceipt().to_wire()
WRITES_OF_AN_INTENT = 2
"""Regions that an intent to close a receipt changes: MIRROR, and RECEIPT with the receipt as it is paid."""
CASH_IN = bytes.fromhex("49 00 00 00 01 00 00")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[HomeTill]:
    """A till of a home with an open shift, and somebody who hears its complaints: `heard`."""
    till = new_till(Home(tmp_path / "home"), "shift-open")
    yield till
    till.close()


def heard(till: HomeTill) -> list[str]:
    """What the bench tells a person from now on."""
    told: list[str] = []
    till.bench.complain = told.append
    return told


def fill_up(till: HomeTill, monkeypatch: pytest.MonkeyPatch, after: int = 0) -> None:
    """Let no write to the till's file succeed any more, once so many have."""
    left = [after]

    def full(run: Callable[..., sqlite3.Cursor]) -> Callable[..., sqlite3.Cursor]:
        def tried(statement: str, *values: object) -> sqlite3.Cursor:
            if statement.startswith("INSERT"):
                left[0] -= 1
                if left[0] < 0:
                    raise sqlite3.OperationalError("database or disk is full")
            return run(statement, *values)

        return tried

    nvram = till.bench.kkt.nvram
    monkeypatch.setattr(nvram, "run", full(nvram.run))  # type: ignore[attr-defined]
    monkeypatch.setattr(till.record, "_run", full(till.record._run))


def begin_receipt(host: Till) -> None:
    """A receipt with one item of 1000.00 that can be closed."""
    routine.open_receipt(host)
    routine.add_item(host)


def test_a_command_that_cannot_be_kept_has_not_happened(till: HomeTill, monkeypatch: pytest.MonkeyPatch) -> None:
    host, told = open_till(till.bench), heard(till)
    host.send(EnterMode(mode=Mode.REGISTRATION).to_wire())
    before = values(till.bench.kkt.memory.copy())
    with monkeypatch.context() as patch:
        fill_up(till, patch)
        assert host.send(CASH_IN) == INTERNAL_ERROR
    assert values(till.bench.kkt.memory) == before
    assert len(told) == 1 and told[0].endswith(MAKE_ROOM)
    assert host.send(CASH_IN) == DONE
    assert till.bench.state().cash_kopecks == 10_000
    assert len(told) == 1


def test_a_receipt_whose_intent_cannot_be_kept_is_not_made_and_can_be_closed_later(
    till: HomeTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, told, fn = open_till(till.bench), heard(till), till.bench.fn
    assert fn is not None
    begin_receipt(host)
    number = fn.state.document_number
    with monkeypatch.context() as patch:
        fill_up(till, patch)
        assert host.send(CLOSE) == INTERNAL_ERROR
    assert fn.state.document_number == number
    assert (len(told), till.bench.kkt.memory.intent) == (1, None)
    assert host.send(CLOSE) == DONE
    assert till.bench.state().last_document == fn.state.document_number == number + 1


@pytest.mark.parametrize("is_restarted", [False, True], ids=["the host tries again", "the till is started again"])
def test_a_receipt_that_was_made_but_not_booked_is_booked_once(
    till: HomeTill, monkeypatch: pytest.MonkeyPatch, is_restarted: bool
) -> None:
    host, fn = open_till(till.bench), till.bench.fn
    assert fn is not None
    begin_receipt(host)
    before = till.bench.state()
    twin = till.bench.fork()
    assert open_till(twin).send(CLOSE) == DONE
    with monkeypatch.context() as patch:
        fill_up(till, patch, after=WRITES_OF_AN_INTENT)
        assert host.send(CLOSE) == INTERNAL_ERROR
    assert fn.state.document_number == before.last_document + 1
    assert till.bench.state().cash_kopecks == before.cash_kopecks
    if is_restarted:
        till.bench.power_off()
        till.bench.power_on()
    else:
        assert host.send(CLOSE) == DONE
    after, expected = till.bench.state(), twin.state()
    assert (after.last_document, after.cash_kopecks) == (expected.last_document, expected.cash_kopecks)
    assert after.cash_kopecks > before.cash_kopecks
    assert till.bench.kkt.memory.intent is None


def test_a_till_comes_up_on_a_full_disk_and_keeps_what_came_of_it_later(
    till: HomeTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, told = open_till(till.bench), heard(till)
    begin_receipt(host)
    with monkeypatch.context() as patch:
        fill_up(till, patch)
        till.bench.power_off()
        till.bench.power_on()
        till.bench.run_due()
    assert till.bench.state().is_on and not till.bench.state().receipt_is_open
    assert len(told) == 1
    routine.sell(host)
    memory = till.bench.kkt.memory
    assert values(till.bench.kkt.nvram.load()) == values(memory)


def test_time_goes_on_and_the_operator_is_told_once_that_it_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    new_till(home).close()
    till = come_up(home, "kkt0", WORLD, ClockKind.FROZEN, virtual=True)
    told, line = heard(till), till.bench.open_line()
    kept = till.record.world
    with monkeypatch.context() as patch:
        fill_up(till, patch)
        assert line.receive(b"\x05") == b"\x06"
        till.bench.advance(60)
        assert line.tick() == b""
        till.bench.advance(60)
        assert (till.bench.world, till.record.world) == (WORLD + 120, kept)
        assert till.record.ofd_is_up
    line.tick()
    assert [sentence.endswith("until then a restart loses how late it is") for sentence in told] == [True]
    assert till.record.world == WORLD + 120
    with monkeypatch.context() as patch:
        fill_up(till, patch)
        till.bench.advance(60)
        line.tick()
        assert len(told) == 2
        till.bench.ofd_down()
        till.close()
    again = up_again(home)
    assert again.bench.world == WORLD + 120
    again.close()


def test_hands_hear_what_could_not_be_written(till: HomeTill, monkeypatch: pytest.MonkeyPatch) -> None:
    number = till.bench.fn.number if till.bench.fn is not None else ""
    with monkeypatch.context() as patch:
        fill_up(till, patch)
        with pytest.raises(StoreFileError, match="make room for it"):
            till.bench.unplug()
        with pytest.raises(NotKeptError, match="make room for it"):
            till.bench.jumper(True)
    assert till.bench.state().fn_number == number
    assert till.bench.kkt.troubles == []
    routine.sell(open_till(till.bench))
    till.bench.unplug()
    with monkeypatch.context() as patch:
        fill_up(till, patch)
        with pytest.raises(HandsError, match="make room for it"):
            till.bench.plug()
    assert till.bench.plug() == number
    routine.sell(open_till(till.bench))


def test_a_served_till_says_on_stderr_why_it_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process may write no byte to a file for a while."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    arguments = ("--home", str(tmp_path / "home"), "--port", "tcp:0", "--control", "0", "--state", "shift-open")
    with serve(*arguments, "--at", "2026-11-22T10:00", "--clock", "frozen") as served:
        host = Till(SerialWire(f"socket://{served.says('ready')}"), link="v3")
        operator = ControlClient(served.says("control"))
        routine.sell(host)
        begin_receipt(host)
        before = operator.call("state")
        _, most = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (1, most))
        assert host.send(CLOSE) == INTERNAL_ERROR
        complaint = served.complains()
        with pytest.raises(RefusedError, match="make room for it"):
            operator.call("jumper on")
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (most, most))
        assert str(tmp_path / "home" / "tills" / "kkt0.till") in complaint and "make room for it" in complaint
        assert "Traceback" not in complaint and "bug" not in complaint
        assert operator.call("state")["last_document"] == before["last_document"]
        assert host.send(CLOSE) == DONE
        assert operator.call("state")["last_document"] == before["last_document"] + 1
        host.close()
        operator.close()


def test_a_firmware_that_cannot_be_written_down_is_not_given(till: HomeTill, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_up(till, monkeypatch)
    with pytest.raises(StoreFileError, match="the till's file was not written"):
        till.bench.flash("4543")
    assert (till.bench.kkt.model.firmware, till.bench.kkt.is_on) == ("", True)
