"""How long commands take: every one has a duration that a host can bear, and the logged ones are the logged ones."""

import pytest

from kktsim.device import HANDLERS, needs_turn
from kktsim.device.pace import BAUDS, GUESSED, LOGGED, OFF, OTHER, PACES, Pace
from kktsim.device.printing import Prints
from kktsim.device.settings import KktSettings
from protocol.atol.link_v2_host import reply_timeout
from protocol.atol.settings_tables import places

PASSWORD = b"\x00\x00"
DONE = b"\x55\x00\x00"
REAL = Pace("real", {**GUESSED, **LOGGED}, OTHER, slows_lines=True)


@pytest.mark.parametrize("code", sorted(HANDLERS))
def test_a_v2_host_has_the_patience_for_every_command(code: int) -> None:
    message = PASSWORD + bytes((code,))
    took = REAL.duration(message, DONE, failed=False)
    assert 0 < took.reply + took.printing < reply_timeout(message)


@pytest.mark.parametrize("code", sorted(HANDLERS))
def test_a_question_is_quick(code: int) -> None:
    if not needs_turn(PASSWORD + bytes((code,))):
        assert REAL.duration(PASSWORD + bytes((code,)), DONE, failed=False).reply <= OTHER.reply


def test_a_technological_reset_and_its_restart_end_before_drivers_give_up() -> None:
    assert REAL.durations[0x6B].reply + KktSettings().zeroing_seconds < 10


def test_what_is_known_is_not_guessed() -> None:
    assert not LOGGED.keys() & GUESSED.keys()


def test_at_no_pace_nothing_takes_time() -> None:
    assert PACES[OFF] is None and PACES["real"] == REAL


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [("55 00 00", 2.4), ("55 9A 00", OTHER.reply), ("55 EE 00", OTHER.reply), ("55 D2 00", 2.4), ("55 EA 00", 2.4)],
)
def test_a_refusal_is_quick_unless_it_was_the_fn_that_refused(reply: str, seconds: float) -> None:
    answer = bytes.fromhex(reply)
    assert REAL.duration(PASSWORD + b"\x4a", answer, failed=answer[1] != 0).reply == seconds


@pytest.mark.parametrize("message", [b"", b"\x00", PASSWORD])
def test_a_message_without_a_command_is_quick(message: bytes) -> None:
    assert REAL.duration(message, b"\x55\x14\x00", failed=True) == OTHER


def test_what_is_answered_while_the_till_prints_prints_nothing_itself() -> None:
    questions = {code for code, row in HANDLERS.items() if row.while_printing}
    assert {HANDLERS[code].prints for code in questions} == {Prints.NEVER}
    assert not any(HANDLERS[code].makes_document or HANDLERS[code].can_be_tried for code in questions)


def test_every_speed_that_can_be_set_is_one() -> None:
    field = places()[9, 1, 2]
    assert {code for code in range(256) if field.is_legal(bytes((code,)))} == set(BAUDS)
