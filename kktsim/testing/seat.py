"""A terminal at the till of a scene: it speaks at the scene's port, and sees time and Internet by its witness."""

from collections.abc import Callable

from kktsim.terminal.tablet import TerminalSettings
from kktsim.terminal.terminal import Terminal
from scenarios.playbook import Scene

PATIENT = TerminalSettings(looks=4, pause_seconds=3.0)
"""«Проверка связи с ОФД» is watched until the longest call of diagnostics is over: its slip is whole by then."""


def seat(scene: Scene, rest: Callable[[float], None] | None = None) -> Terminal:
    """A new terminal. ``rest`` lets seconds go by; the hands' world time unless told."""
    return Terminal(scene, scene.witness.world, scene.witness, PATIENT, rest or scene.hands.advance)


def take_over(scene: Scene, twin: Scene) -> None:
    """Let a fork of a scene go on with its notes and its terminal."""
    twin.notes.update(scene.notes)
    if scene.seated is not None:
        assert isinstance(scene.seated, Terminal)
        twin.seated = scene.seated.moved(twin, twin.witness.world, twin.witness, twin.hands.advance)
