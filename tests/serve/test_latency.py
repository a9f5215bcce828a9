"""While the web stack of the control API is loaded, the till answers as promptly as ever."""

import time
from collections.abc import Iterator
from pathlib import Path

import serial

from protocol.atol.link_v3 import encode

from .served import serve

ABORT, ABORTED = encode(0, b"\xc4"), encode(0, b"\xa3")
EVERY_SECONDS = 0.02
AFTERWARDS = 10
"""Answers still measured when the control API is there."""
LATE_SECONDS = 0.05
"""Kiosk software waits 0.1 s for the answer to Abort."""


def delays(link: str) -> Iterator[float]:
    """Seconds from each Abort to its answer, from the first moment until the control API is there, and a bit longer."""
    with serve("--port", f"pty:{link}", "--control", "0") as served:
        served.says("ready")
        left = None
        with serial.Serial(link, timeout=5) as line:
            while left != 0:
                sent = time.perf_counter()
                line.write(ABORT)
                assert line.read(len(ABORTED)) == ABORTED
                yield time.perf_counter() - sent
                if left is None:
                    rest = max(sent + EVERY_SECONDS - time.perf_counter(), 0.0)
                    left = AFTERWARDS if served.has_said(rest) else None
                else:
                    left -= 1
        served.says("control")


def test_no_answer_is_late_while_the_control_api_is_loaded(tmp_path: Path) -> None:
    """The machine may be busy with something else: one whole measurement may fail."""
    worst = []
    for attempt in range(2):
        measured = list(delays(str(tmp_path / f"kkt{attempt}")))
        assert len(measured) > AFTERWARDS
        worst.append(max(measured))
        if worst[-1] <= LATE_SECONDS:
            break
    assert min(worst) <= LATE_SECONDS
