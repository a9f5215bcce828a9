"""What a command that speaks to a port asks of the bench that serves it: time, Internet, paper."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import click

from kktsim.cli.port_name import openable
from kktsim.clock import present
from kktsim.control.client import ControlClient, control_url
from kktsim.control.discover import running
from kktsim.ports.line import PortError
from kktsim.ports.link_record import links_directory

_END_OF_TAPE = 10**9


class PortBench:
    """What the bench knows that the till's port does not tell; None: there is no bench to ask."""

    def __init__(self, client: ControlClient | None) -> None:
        self._client = client

    def world(self) -> float:
        """World seconds by the tablet's clock; without a bench this machine's."""
        if self._client is None:
            return present()
        world: float = self._client.call("state")["world"]
        return world

    def has_internet(self) -> bool:
        """Whether the browser shows a page; without a bench it is taken for granted."""
        return self._client is None or bool(self._client.call("state")["has_internet"])

    def tablet(self) -> dict[str, Any]:
        """What the terminal's tablet has kept; nothing on a new one."""
        return {} if self._client is None else self._client.call("tablet")

    def keep_tablet(self, memory: Mapping[str, Any]) -> None:
        """Keep it until the terminal is used again."""
        if self._client is not None:
            self._client.put("tablet keep", memory)

    def length_of_tape(self) -> int:
        """How many lines there are by now."""
        if self._client is None:
            return 0
        length: int = self._client.call("tape", since=_END_OF_TAPE)["next"]
        return length

    def tape(self, since: int) -> list[str]:
        """The lines since."""
        if self._client is None:
            return []
        lines: list[str] = self._client.call("tape", since=since)["lines"]
        return lines


def bench_of(port: str, control: str | None, timeout: float, held: ExitStack) -> PortBench:
    """The bench that is named, else the one that serves the port."""
    if control:
        url: str | None = control_url(control)
    else:
        url = _serving(port)
    if url is None:
        click.echo(
            "no bench is known to serve this port: no paper is shown, the Internet is taken for granted", err=True
        )
    return PortBench(None if url is None else held.enter_context(ControlClient(url, timeout)))


def _serving(port: str) -> str | None:
    """The control API of the bench that serves the port."""
    meant = _place(port)
    try:
        benches = running(links_directory())
    except PortError:
        return None
    return next((one.control for one in benches if one.control and meant in map(_place, one.ports)), None)


def _place(port: str) -> str:
    """The same text for the same port, however it is spelled."""
    return os.path.abspath(openable(port).rpartition("//")[2])
