"""A person at a till that is served: every command line goes through the program's own entry.

The same steps are done on a twin inside the process, which tells what is typed where that hangs on earlier steps, and
what must be seen.
"""

import asyncio
from pathlib import Path

from click.testing import CliRunner, Result

from kktsim.bench import Bench
from kktsim.cli import main
from kktsim.cli.fail import ENVIRONMENT
from kktsim.control import serve
from kktsim.control.actions import ACTIONS
from kktsim.control.controlled import Controlled
from kktsim.hands.bench import BenchHands
from kktsim.ports.parse import PtyAddress
from kktsim.serve import Server
from kktsim.terminal.screen import NO_TILL
from kktsim.testing.theatre import InProcess
from protocol.atol.errors import driver_line
from scenarios.by_hand import Words
from scenarios.playbook import Scene, Step
from scenarios.plays import Told, perform
from tests.control.served import LoopThread


class ServedTill:
    """A bench behind a PTY, with its control API; both end when the loop does."""

    def __init__(self, bench: Bench, folder: Path, thread: LoopThread) -> None:
        self._thread = thread
        self.port, self.control = thread.run(self._begin(bench, folder))

    async def _begin(self, bench: Bench, folder: Path) -> tuple[str, str]:
        loop = asyncio.get_running_loop()
        self._server = Server(bench, loop)
        port = self._server.open(PtyAddress(str(folder / "kkt")))
        controlled = Controlled(ACTIONS, BenchHands(bench), self._server.wake, self._server.settled)
        self._api = serve.start(controlled, 0, loop, lambda url: None)
        return port.name, self._api.url

    def close(self) -> None:
        """Let the till go; the control API hangs up on its own time."""
        self._thread.loop.call_soon_threadsafe(self._server.close)
        asyncio.run_coroutine_threadsafe(self._api.close(), self._thread.loop)


class Person:
    """Does steps by command lines, and notes what is not as on the twin."""

    def __init__(self, bench: Bench, till: ServedTill) -> None:
        self._scene: Scene = InProcess().stage(bench).scene
        self._environment = {"KKTSIM_PORT": till.port, "KKTSIM_CONTROL": till.control}
        self.troubles: list[str] = []

    def does(self, step: Step) -> bool:
        """Do one step here and on the twin; whether it is done there as declared."""
        lines = step.typed(self._scene) if callable(step.typed) else step.typed
        (told,), failed = perform(self._scene, (step,))
        shown = [self._types(words) for words in lines]
        if shown:
            self._compare(told, lines[-1], shown[-1])
        return failed is None

    def _types(self, words: Words) -> Result:
        return CliRunner().invoke(main, list(words), env=self._environment)

    def _compare(self, told: Told, words: Words, shown: Result) -> None:
        """What the last line shows must be what the twin has shown."""
        has_till = NO_TILL not in told.screen
        wanted = list(told.screen) if words[0] == "menu" else []
        if told.step.refusal is not None:
            wanted.append(driver_line(told.step.refusal))
        if shown.exit_code != (0 if has_till else ENVIRONMENT):
            self.troubles.append(f"{words} ends with {shown.exit_code}: {shown.output}{shown.exception or ''}")
        self.troubles += [
            f"{words} does not show «{line}» but {shown.output}" for line in wanted if line not in shown.output
        ]
