"""The loop that the ports of a test live on."""

from collections.abc import Iterator

import pytest

from .fakes import LoopThread


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    """A running loop."""
    thread = LoopThread()
    yield thread
    thread.stop()
