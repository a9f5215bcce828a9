"""Scenarios on a till that is already running: the whole fix is played, nothing can be forked.

With the control API of a bench its hands act; otherwise a person is asked to. World time needs a bench.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from kktsim.cli.fail import ENVIRONMENT, EXPECTATION, fail
from kktsim.clock import present
from kktsim.hands.control import ControlHands
from kktsim.hands.person import BenchOnlyError, NoPersonError, PersonHands
from kktsim.host.recording import RecordingTill
from kktsim.host.serial_wire import PortUnavailableError, SerialWire
from kktsim.host.till import NoAnswerError, Till
from protocol.atol.command import parse_answer
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.errors import driver_line
from scenarios.playbook import Kind, Scenario, Scene
from scenarios.plays import perform
from scenarios.roles import Witness


class _NoWitness:
    """A person's eyes are not ours: no paper is read, the queue is asked for by the port, time is this machine's."""

    def __init__(self, connect: Callable[[], RecordingTill]) -> None:
        self._connect = connect

    def tape(self) -> list[str]:
        """Nothing is seen of the paper."""
        return []

    def world(self) -> float:
        """The machine's own time, in world seconds."""
        return present()

    def unsent_documents(self) -> int | None:
        """Register 2Ch."""
        register = ReadRegister(register=0x2C)
        till = self._connect()
        answer = parse_answer(register.code, till.send(register.to_wire()))
        till.close()
        return int(register.read_answer(answer.data)["unsent_documents"]) if answer.is_ok else None

    def abandoned_fns(self) -> list[str]:
        """What lies beside a real till is not known."""
        return []


def run_remote(port: str, control: str | None, chosen: Sequence[Scenario]) -> None:
    """Play reproduction, fix and proof of each scenario on the till at ``port``, step by step."""
    talk: list[str] = []

    def connect() -> RecordingTill:
        return RecordingTill(Till(SerialWire(port)), talk)

    operator: Any = PersonHands() if control is None else ControlHands(control)
    witness: Witness = _NoWitness(connect) if control is None else operator
    failed = 0
    try:
        for one in chosen:
            click.echo(f"{one.id}: {one.title}; the till must be in state {one.preset}")
            scene = Scene(connect(), operator, witness, connect)
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
