"""Scenarios on a till that is already running: the whole fix is played, nothing can be forked.

With the control API of a bench its hands act; otherwise a person is asked to. World time needs a bench.
"""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from typing import Any

import click

from kktsim.cli.fail import ENVIRONMENT, EXPECTATION, fail
from kktsim.cli.port_name import exit_code, openable
from kktsim.clock import ClockKind, present
from kktsim.control.client import ControlError
from kktsim.hands.control import ControlHands
from kktsim.hands.person import BenchOnlyError, NoPersonError, PersonHands
from kktsim.host.recording import RecordingTill
from kktsim.host.serial_wire import PortUnavailableError, SerialWire
from kktsim.host.till import NoAnswerError, Till
from kktsim.kkt_models import load
from kktsim.testing.presets import build, open_till
from kktsim.testing.seat import seat
from protocol.atol.command import parse_answer
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.errors import driver_line
from protocol.fn.commands import FnCommand
from scenarios.judging import KEPT_LINES
from scenarios.playbook import Kind, Scenario, Scene, Step, Verdict
from scenarios.plays import Told, perform
from scenarios.roles import Till as TillOnWire
from scenarios.roles import Witness


def _require_state(till: TillOnWire, preset: str) -> None:
    """End the command when the till differs from the preset in what can be asked, before anything is done to it."""
    wanted = open_till(build(load(), preset, present(), ClockKind.FROZEN, virtual=True))
    for question, what in _STATE.items():
        asked = bytes.fromhex(question)
        if _flags(asked, till.send(asked)) != _flags(asked, wanted.send(asked)):
            fail(f"the till is not in state {preset}, {what} differs: serve one with `--state {preset}`")


_STATE = {
    "91 12 00 00": "whether a shift is open",
    "91 13 00 00": "whether a receipt is open",
    "A4 30": "the FN's phase",
    "A4 42": "whether documents wait for the OFD",
}
"""What is compared: a question and what its answer tells."""


def _flags(asked: bytes, reply: bytes) -> object:
    """The part of an answer that tells the state, without numbers and times."""
    data = parse_answer(asked[0], reply).data
    return any(data[:2]) if asked[1] == FnCommand.UNSENT_COUNT else data[1:2] if asked[1] == 0x13 else data[:1]


class _NoWitness:
    """A person's eyes are not ours: no paper is read, the queue is asked for by the port, time is this machine's."""

    def __init__(self, connect: Callable[[], RecordingTill], person: PersonHands) -> None:
        """``person``: who can look."""
        self._connect = connect
        self._person = person

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

    def has_internet(self) -> bool:
        """As the person sees it."""
        return self._person.has_internet()

    def ofd_documents(self) -> list[int]:
        """What a real operator has is not known; raises BenchOnlyError."""
        return self._person.ofd_documents()

    def abandoned_fns(self) -> list[str]:
        """What lies beside a real till is not known."""
        return []


def _played(scene: Scene, one: Scenario) -> str:
    """Play reproduction, documented fix and proof: what is not as declared; nothing when all is.

    Of a fix that is declared not to cure something fails, at the latest in the proof.
    """
    reproduced = _told(scene, one.reproduce)
    if reproduced is not None:
        _refuse_silence(reproduced)
        return reproduced.trouble
    fixed = _told(scene, [step for step in (*one.fix, *one.prove) if step.documented])
    if one.verdict in _WORKS:
        if fixed is not None:
            _refuse_silence(fixed)
            return fixed.trouble
        click.echo(f"  verdict: {one.verdict}")
        return ""
    if fixed is None:
        return f"declared {one.verdict}, and the proof has passed"
    click.echo(f"  verdict: {one.verdict}, as declared: {fixed.trouble}")
    if one.beyond:
        click.echo(f"  what helps though no document says so: {one.beyond_title}; `kktsim scenario show {one.id}`")
    return ""


_WORKS = (Verdict.CURED, Verdict.CURES_ITSELF, Verdict.PROCEDURE)
"""After these the proof passes."""


def _told(scene: Scene, steps: Iterable[Step]) -> Told | None:
    """Play steps and tell each: the one that was not as declared."""
    told, wrong = perform(scene, steps)
    for result in told:
        words = "" if result.code is None else f" {driver_line(result.code)}"
        click.echo(f"  {'ok  ' if result.ok else 'FAIL'} [{result.step.kind}] {result.step.title}{words}")
    return wrong


def _refuse_silence(wrong: Told) -> None:
    if wrong.answers is False:
        click.echo(f"  ! {wrong.trouble}")
        fail("the till did not answer: is it switched on, and is it a till?", ENVIRONMENT)


def _refuse_world_time(one: Scenario, *, is_bench: bool) -> None:
    steps = [step for step in (*one.reproduce, *one.fix, *one.prove) if step.documented]
    if not is_bench and any(step.kind is Kind.WORLD for step in steps):
        fail(f"{one.id} needs world time to go by: run it on a bench (--wire pty)", ENVIRONMENT)


def _tell(trouble: str, talk: Sequence[str]) -> None:
    click.echo(f"  ! {trouble}")
    for line in talk[-KEPT_LINES:]:
        click.echo(f"    {line}")


def run_remote(port: str, control: str | None, chosen: Sequence[Scenario]) -> None:
    """Play reproduction, fix and proof of each scenario on the till at ``port``, step by step."""
    talk: list[str] = []
    port = openable(port)

    def connect() -> RecordingTill:
        return RecordingTill(Till(SerialWire(port)), talk)

    failed = 0
    try:
        with ExitStack() as held:
            operator: Any = PersonHands() if control is None else held.enter_context(closing(ControlHands(control)))
            rest = time.sleep if control is None else operator.advance
            witness: Witness = _NoWitness(connect, operator) if control is None else operator
            for one in chosen:
                click.echo(f"{one.id}: {one.title}; the till must be in state {one.preset}")
                _refuse_world_time(one, is_bench=control is not None)
                scene = Scene(connect(), operator, witness, connect, partial(seat, rest=rest))
                try:
                    _require_state(scene.till, one.preset)
                    trouble = _played(scene, one)
                finally:
                    scene.till.close()
                if trouble:
                    failed += 1
                    _tell(trouble, talk)
    except (PortUnavailableError, NoAnswerError, NoPersonError, BenchOnlyError, ControlError) as error:
        fail(str(error), exit_code(error))
    if failed:
        sys.exit(EXPECTATION)
