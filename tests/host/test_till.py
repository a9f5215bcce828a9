"""A till as its host sees it: which link is spoken, and what happens when nobody answers."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device.pace import PACES
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import LINKS, PROBE_SECONDS, NoAnswerError, Till
from protocol.atol import link_v3

MakeBench = Callable[..., Bench]
STATE, DONE = b"\x45", b"\x55\x00\x00"


def speaking(bench: Bench, value: bytes) -> Bench:
    """The till, told by its table what to speak, and restarted."""
    bench.kkt.memory.tables[2, 1, 85] = value
    bench.power_off()
    bench.power_on()
    return bench


def open_port(bench: Bench, link: str) -> Till:
    return Till(LoopWire(bench.open_line(), bench.clock), link=link, timeout_seconds=5.0)


@pytest.mark.parametrize("link", LINKS)
def test_a_till_that_speaks_both_is_spoken_to_as_asked(make_bench: MakeBench, link: str) -> None:
    till = open_port(make_bench("factory"), link)
    assert till.send(STATE) == DONE
    assert till.link == ("v3" if link == "auto" else link)


@pytest.mark.parametrize(("value", "link"), [(b"\x00", "v2"), (b"\x02", "v3")])
def test_the_link_of_a_till_is_found_out(make_bench: MakeBench, value: bytes, link: str) -> None:
    bench = speaking(make_bench("factory"), value)
    began = bench.clock.now()
    till = open_port(bench, "auto")
    assert till.link == link
    assert bench.clock.now() - began == (PROBE_SECONDS if link == "v2" else 0.0)
    assert till.send(STATE) == till.send(b"\x48") == DONE


@pytest.mark.parametrize(("value", "link"), [(b"\x00", "v3"), (b"\x02", "v2")])
def test_the_wrong_link_gets_no_answer_and_the_message_says_what_to_try(
    make_bench: MakeBench, value: bytes, link: str
) -> None:
    till = open_port(speaking(make_bench("factory"), value), link)
    with pytest.raises(NoAnswerError, match="--link v2 or v3"):
        till.send(STATE)


@pytest.mark.parametrize("link", LINKS)
def test_a_till_without_power_answers_on_no_link(make_bench: MakeBench, link: str) -> None:
    bench = make_bench("factory")
    bench.power_off()
    with pytest.raises(NoAnswerError, match="switched on"):
        open_port(bench, link).send(STATE)


def test_a_command_that_no_till_takes_is_not_asked_for_again_and_again() -> None:
    class Refusing:
        """A wire to a till that calls every task illegal."""

        def __init__(self) -> None:
            self.said = b""

        def write(self, data: bytes) -> None:
            self.said += b"".join(link_v3.encode(number, b"\xb4\x01") for number, _ in link_v3.Decoder().feed(data))

        def read(self, seconds: float) -> bytes:
            said, self.said = self.said, b""
            return said

        def now(self) -> float:
            return 0.0

        def close(self) -> None:
            pass

    with pytest.raises(NoAnswerError):
        Till(Refusing()).send(STATE)


@pytest.mark.parametrize("link", ["v2", "v3"])
def test_a_long_command_is_waited_for(make_bench: MakeBench, link: str) -> None:
    bench = make_bench("shift-open")
    bench.executor.pace = PACES["real"]
    till = Till(LoopWire(bench.open_line(), bench.clock), link=link)
    assert till.send(b"\x48") == till.send(bytes.fromhex("56 03 00 00 00 30")) == DONE
    began = bench.clock.now()
    assert till.send(b"\x5a") == DONE
    assert till.send(b"\x45")[1] in (0x23, 0x17), "the report is seen while it prints"
    assert till.send(bytes.fromhex("82 01 01 00")) == DONE
    assert bench.clock.now() - began > 2.0
