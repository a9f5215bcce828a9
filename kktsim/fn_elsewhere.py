"""Wiring a till to an FN outside of its process."""

from kktsim.bench import Bench
from kktsim.device import restoring
from kktsim.remote_cable import RemoteCable


def wire(bench: Bench, cable: RemoteCable) -> None:
    """Put the end of ``cable``, which is plugged in, in the place of the FN of a till that has made no document.

    The power is off meanwhile; what that FN was registered for, the till takes from it when it comes up.
    """
    restoring.forget(bench.kkt)
    bench.kkt.keep()
    bench.power_off()
    bench.cable.fn = cable
    bench.power_on()
