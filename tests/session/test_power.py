"""CEh: the answer goes out first, whatever the link; then the power is switched."""

import pytest

from kktsim.clock import ClockKind, parse_world
from kktsim.kkt_models import load
from kktsim.testing.presets import build, open_till

AT = parse_world("2026-11-22T10:00")


@pytest.mark.parametrize("link", ["v2", "v3"])
def test_a_reboot_is_answered_and_then_done(link: str) -> None:
    bench = build(load(), "receipt-open", AT, ClockKind.FROZEN, virtual=True)
    till = open_till(bench, link)
    assert till.send(b"\xce\x41") == b"\x55\x00\x00"
    bench.clock.wait(bench.kkt.settings.reboot_seconds)
    assert till.send(b"\x45") == b"\x55\x00\x00"
    assert not bench.state().receipt_is_open
    assert "ЧЕК АННУЛИРОВАН" in "\n".join(bench.tape())


@pytest.mark.parametrize("link", ["v2", "v3"])
def test_a_till_that_is_told_to_switch_off_answers_and_is_silent(link: str) -> None:
    bench = build(load(), "registered", AT, ClockKind.FROZEN, virtual=True)
    line = open_till(bench, link)
    assert line.send(b"\xce\x00") == b"\x55\x00\x00"
    line.close()
    assert not bench.state().is_on
