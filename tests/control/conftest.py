"""A bench, its control API served over TCP, and a directory of links of its own."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind

from .served import LoopThread, Served

WORLD = 1_795_356_000.0
"""2026-11-22 14:00."""


@pytest.fixture
def bench() -> Bench:
    """A till as it comes, on 2026-11-22 at 14:00, where time stands."""
    return Bench(kkt_models.load(), WORLD, ClockKind.FROZEN)


@pytest.fixture(scope="session")
def loop() -> Iterator[LoopThread]:
    """A running loop in a thread of its own."""
    thread = LoopThread()
    yield thread
    thread.stop()


@pytest.fixture
def served(bench: Bench, loop: LoopThread) -> Iterator[Served]:
    """The bench, served on a free port. Closing it takes a moment, so it is waited for only at the very end."""
    api = loop.run(Served.begin(bench))
    api.wait_until_answering()
    yield api
    asyncio.run_coroutine_threadsafe(api.server.close(), loop.loop)


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's directory of links, empty, and no bench named by the environment."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("KKTSIM_CONTROL", raising=False)
    directory = tmp_path / "kktsim"
    directory.mkdir(mode=0o700)
    return directory
