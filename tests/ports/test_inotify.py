"""Who opens and closes a terminal, as the kernel tells it."""

import os
import tty
from collections.abc import Callable, Iterator, Sequence

import pytest

from kktsim.ports.inotify import Seen, TerminalWatcher
from kktsim.ports.line import PortError

from .fakes import LoopThread

OPENED, CLOSED = Seen.OPENED, Seen.CLOSED


class Terminal:
    """A pseudo-terminal and what was told of it."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)
        self.batches: list[list[Seen]] = []

    def told(self, batch: Sequence[Seen]) -> None:
        self.batches.append(list(batch))

    def open(self) -> int:
        return os.open(self.path, os.O_RDWR | os.O_NOCTTY)

    def close(self) -> None:
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    terminals = [Terminal(), Terminal()]
    yield terminals
    for terminal in terminals:
        terminal.close()


def on_the_loop(loop: LoopThread, do: Callable[[TerminalWatcher], None]) -> None:
    """Nothing is told by the loop itself while ``do`` runs."""

    def run() -> None:
        watcher = TerminalWatcher(loop.loop)
        try:
            do(watcher)
        finally:
            watcher.close()
            watcher.close()

    loop.run(run)


def test_every_opening_and_closing_is_told(loop: LoopThread, terminals: list[Terminal]) -> None:
    def do(watcher: TerminalWatcher) -> None:
        watcher.watch(terminals[0].path, terminals[0].told)
        clients = [terminals[0].open() for _ in range(3)]
        for client in clients:
            os.close(client)
        assert watcher.news(0)
        watcher.tell()
        assert not watcher.news(0)

    on_the_loop(loop, do)
    assert terminals[0].batches == [[OPENED, OPENED, OPENED, CLOSED, CLOSED, CLOSED]]


def test_an_observer_that_asks_again_hears_everything_in_order(loop: LoopThread, terminals: list[Terminal]) -> None:
    first, second = terminals

    def do(watcher: TerminalWatcher) -> None:
        def told(batch: Sequence[Seen]) -> None:
            first.told(batch)
            if batch == [OPENED]:
                os.close(client)
                os.close(other)
                watcher.tell()

        watcher.watch(first.path, told)
        watcher.watch(second.path, second.told)
        client, other = first.open(), second.open()
        watcher.tell()

    on_the_loop(loop, do)
    assert first.batches == second.batches == [[OPENED], [CLOSED]]


def test_a_forgotten_terminal_is_not_told_of(loop: LoopThread, terminals: list[Terminal]) -> None:
    def do(watcher: TerminalWatcher) -> None:
        watch = watcher.watch(terminals[0].path, terminals[0].told)
        os.close(terminals[0].open())
        watcher.forget(watch)
        watcher.forget(watch)
        watcher.tell()

    on_the_loop(loop, do)
    assert terminals[0].batches == []


def test_what_cannot_be_watched_is_refused_with_the_remedy(loop: LoopThread) -> None:
    with pytest.raises(PortError, match=r"cannot be watched: No such file or directory\. Raise fs\.inotify\."):
        on_the_loop(loop, lambda watcher: print(watcher.watch("/dev/pts/none", lambda _: None)))
