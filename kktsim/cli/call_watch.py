"""What `kktsim serve -v` tells on stderr of a till's calls to its operator: a line for each message and its answer."""

from collections.abc import Sequence

import click

from kktsim.cli.ofd_watch import Watch
from kktsim.ofd.events import Closed, Connected, Event, Failed, Received
from kktsim.ofd.network import Watcher


class CallWatch:
    """Sees the calls of one till. A watcher of `kktsim.ofd.network`."""

    def __init__(self) -> None:
        self._name = ""
        self._talk: Watch | None = None
        self._is_open = False

    def called(self, host: str, port: int) -> None:
        """The till calls."""
        self._name = f"ofd {host}:{port}"
        self._talk, self._is_open = Watch(self._name), False

    def said(self, data: bytes) -> None:
        """Bytes to the operator."""
        if self._talk is not None:
            self._talk.heard(data)

    def heard(self, event: Event) -> None:
        """What came of the call."""
        match event:
            case Received(data) if self._talk is not None:
                self._talk.said(data)
            case Connected():
                self._is_open = True
            case Closed():
                self._end(by_operator=True)
            case Failed(trouble):
                self._talk = None
                self._tell(f"no connection: {trouble.name.lower().replace('_', ' ')}")

    def hung_up(self) -> None:
        """The till ends the call, if there is one."""
        if self._talk is not None and not self._is_open:
            self._tell("no connection: nobody has answered yet")
        self._end(by_operator=False)

    def _end(self, *, by_operator: bool) -> None:
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.ended(by_operator=by_operator)

    def _tell(self, words: str) -> None:
        click.echo(f"{self._name} {words}", err=True)


class EveryWatch:
    """Several watchers of one till's calls."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        self._watchers = watchers

    def called(self, host: str, port: int) -> None:
        """The till calls."""
        for watcher in self._watchers:
            watcher.called(host, port)

    def said(self, data: bytes) -> None:
        """Bytes to the operator."""
        for watcher in self._watchers:
            watcher.said(data)

    def heard(self, event: Event) -> None:
        """What came of the call."""
        for watcher in self._watchers:
            watcher.heard(event)

    def hung_up(self) -> None:
        """The till ends the call, if there is one."""
        for watcher in self._watchers:
            watcher.hung_up()
