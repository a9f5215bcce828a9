"""Scenarios on a till that is already running: the whole fix is played, nothing can be forked.

With the control API of a bench its hands act; otherwise a person is asked to. World time needs a bench.
"""

import sys
from collections.abc import Sequence
from typing import Any

import click

from kktsim.cli.fail import ENVIRONMENT, EXPECTATION, fail
from kktsim.hands.control import ControlHands
from kktsim.hands.person import BenchOnlyError, NoPersonError, PersonHands
from kktsim.host.recording import RecordingTill
from kktsim.host.serial_wire import PortUnavailableError, SerialWire
from kktsim.host.till import NoAnswerError, Till
from protocol.atol.errors import driver_line
from scenarios.playbook import Kind, Scenario, Scene
from scenarios.plays import perform


def run_remote(port: str, control: str | None, chosen: Sequence[Scenario]) -> None:
    """Play reproduction, fix and proof of each scenario on the till at ``port``, step by step."""
    talk: list[str] = []

    def connect() -> RecordingTill:
        return RecordingTill(Till(SerialWire(port)), talk)

    operator: Any = PersonHands() if control is None else ControlHands(control)
    failed = 0
    try:
        for one in chosen:
            click.echo(f"{one.id}: {one.title}; the till must be in state {one.preset}")
            scene = Scene(connect(), operator, operator, connect)
            steps = [step for step in (*one.reproduce, *one.fix, *one.prove) if step.documented]
            if control is None and any(step.kind is Kind.WORLD for step in steps):
                fail(f"{one.id} needs world time to go by: run it on a bench (--wire pty)", ENVIRONMENT)
            told, wrong = perform(scene, steps)
            for result in told:
                words = "" if result.code is None else f" {driver_line(result.code)}"
                click.echo(f"  {'ok  ' if result.ok else 'FAIL'} [{result.step.kind}] {result.step.title}{words}")
            if wrong is not None:
                failed += 1
                click.echo(f"  ! {wrong.trouble}")
                for line in talk[-12:]:
                    click.echo(f"    {line}")
            scene.till.close()
    except (PortUnavailableError, NoAnswerError, NoPersonError, BenchOnlyError) as error:
        fail(str(error), ENVIRONMENT)
    if failed:
        sys.exit(EXPECTATION)
