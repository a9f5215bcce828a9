"""Trials by `kill -9`: a till that is served by a process of its own is killed under load, and comes up again.

A home lives through many trials: its till trades at full speed with a driver on a pseudo-terminal until the process is
killed at a random moment, now and then once more while it comes up; then it is judged (`crash_verdict`) and must trade
on. What is chosen by the seed is which home, what the driver does and when the kill is due; what it hits is chance.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from threading import Event
from typing import NamedTuple

from fn_model import load_model
from fn_model.store_file import StoreFileError
from kktsim.home import DEFAULT_TILL, Home, HomeError
from kktsim.host.serial_wire import PortUnavailableError, SerialWire
from kktsim.host.till import NoAnswerError, Till
from kktsim.testing.crash_driver import Driver
from kktsim.testing.crash_verdict import Verdict, Wrong
from kktsim.testing.crash_zygote import PATIENCE_SECONDS, Serving, ServingError, Zygote
from kktsim.testing.ledger_receipt import LedgerError
from protocol.atol.command import Command, CommandError
from scenarios.routine import Refused

TRIALS_OF_A_HOME = 25
MODELS = ("evotor-st2f", "evotor-st3f", "atol-30f", "atol-77f")
FN_MODELS = ("fn-1-1-15", "fn-1-1-36", "fn-1-1m-15", "fn-1-13")
LINKS = ("v3", "v2")
LOAD_SECONDS = 0.4
"""How long a till trades at most before it is killed."""
AT_DOCUMENT_SECONDS = 0.004
"""How long after a command that makes a document is sent it is killed at most, in trials that aim at one."""
START_SECONDS = 0.06
"""How long a till comes up at most until it is killed."""
PAUSE_SECONDS = 0.0005
REPLY_SECONDS = 10.0
_MODEL_FILE = """extends = "{model}"
[settings]
z_printing_seconds = 0.01
z_report_seconds = 0.01
x_report_seconds = 0.01
"""
"""A till that prints as fast as it can: what it waits for is not what is tried."""


_GOES_WRONG = (
    *(Wrong, LedgerError, Refused, NoAnswerError, CommandError),
    *(ServingError, PortUnavailableError, StoreFileError, HomeError),
)


class Hit(StrEnum):
    """What a kill has hit."""

    BETWEEN = "between commands"
    COMMAND = "in a command"
    DOCUMENT = "in a document: made, and not acknowledged"
    START = "during start-up"


class Failure(NamedTuple):
    """A trial that went wrong. ``trial``: its number in the home, 0 before the first kill."""

    home: int
    trial: int
    place: str
    seen: str


@dataclass
class Tally:
    """What trials have come to."""

    trials: int = 0
    hits: Counter[Hit] = field(default_factory=Counter)
    acknowledged: int = 0
    """Documents."""
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take the results of another home."""
        self.trials += other.trials
        self.hits += other.hits
        self.acknowledged += other.acknowledged
        self.failures += other.failures


def homes(trials: int) -> Iterator[tuple[int, int]]:
    """Number of each home, and how many trials it lives through."""
    for number, first in enumerate(range(0, trials, TRIALS_OF_A_HOME)):
        yield number, min(TRIALS_OF_A_HOME, trials - first)


def live(zygote: Zygote, seed: int, number: int, trials: int) -> Tally:
    """One home, from its first start to its end, or to its first failure: then its files stay."""
    place = Path(tempfile.mkdtemp(prefix="kktsim-crash-"))
    life = _Life(zygote, place, Random(f"{seed}:{number}"))
    tally, seen = life.tally, ""
    try:
        life.come_up()
        for _ in range(trials):
            tally.trials += 1
            life.trial()
        life.end()
    except _GOES_WRONG as error:
        seen = f"{type(error).__name__}: {error}"
    finally:
        complaints = life.give_up()
        tally.acknowledged = life.driver.acknowledged
    if seen:
        tally.failures.append(Failure(number, tally.trials, str(place), " ".join(f"{seen} {complaints}".split())))
    else:
        shutil.rmtree(place)
    return tally


class _Life:
    """One home with the driver of its till."""

    def __init__(self, zygote: Zygote, place: Path, random: Random) -> None:
        self.tally = Tally()
        self._zygote = zygote
        self._random = random
        self._home = Home(place / "home")
        self._port = place / "port"
        self._link = random.choice(LINKS)
        model_file = place / "till.toml"
        model_file.write_text(_MODEL_FILE.format(model=random.choice(MODELS)))
        fn_model = load_model(random.choice(FN_MODELS))
        self._new = ("--model-file", str(model_file), "--fn-model", fn_model.name)
        """Options with which the till is made."""
        self.driver = Driver(Random(random.random()), settles_in_shift=fn_model.settings.settlement_in_open_shift)
        self._verdict = Verdict(self.driver)
        self._pause = Event()
        self._serving: Serving | None = None
        self._hit: Command | None = None
        """What the driver was waiting for when the kill came."""

    def come_up(self) -> bool:
        """Start the process, which may be killed once or twice while it starts, and judge the till.

        True: its FN had made a document that was not acknowledged.
        """
        while self._random.random() < 0.2:
            serving = self._start()
            self._wait_for_files()
            serving.kill_in(self._random.uniform(0, START_SECONDS))
            self.tally.hits[Hit.BETWEEN if serving.is_ready() else Hit.START] += 1
            self._end(-9)
        if not self._start().is_ready():
            raise Wrong("the process does not start:")
        wire = SerialWire(str(self._port))
        self.driver.till = Till(wire, link=self._link, timeout_seconds=REPLY_SECONDS)
        was_made = self._verdict.find_out()
        self.driver.begin_again()
        return was_made

    def trial(self) -> None:
        """Trade until the process is killed, come up again, trade on."""
        driver, serving = self.driver, self._served()
        driver.random.seed(self._random.random())  # how far the last trial came is chance
        self._arm(serving)
        try:
            while True:
                driver.work()
        except NoAnswerError:
            if not serving.is_killed:
                raise
        driver.before = None
        driver.hang_up()
        self._end(-9)
        hit = Hit.BETWEEN if self._hit is None else Hit.COMMAND
        self.tally.hits[Hit.DOCUMENT if self.come_up() else hit] += 1

    def end(self) -> None:
        """Stop in good order, and look at what is left."""
        self.driver.hang_up()
        self._served().stop()
        self._end(0)
        with self._home.record(DEFAULT_TILL) as record:
            number = record.fn_number
        self._verdict.read_files(self._home.fn_file(str(number)), self._home.ofd_file(DEFAULT_TILL))

    def give_up(self) -> str:
        """Leave nothing running; what the process has complained of."""
        self.driver.hang_up()
        if self._serving is None:
            return ""
        self._serving.kill()
        serving, self._serving = self._serving, None
        return serving.end()[1]

    # ---- the process

    def _start(self) -> Serving:
        is_new = not self._home.has_till(DEFAULT_TILL)
        always = ("--home", str(self._home.path), "--port", f"pty:{self._port}", "--control", "off")
        self._serving = self._zygote.serve(*always, *(self._new if is_new else ()))
        return self._serving

    def _wait_for_files(self) -> None:
        """A new till is given its history in memory, and then its files."""
        for _ in range(int(PATIENCE_SECONDS / PAUSE_SECONDS)):
            if self._home.path.exists():
                return
            self._pause.wait(PAUSE_SECONDS)
        raise ServingError(f"there is no home after {PATIENCE_SECONDS} s")

    def _served(self) -> Serving:
        assert self._serving is not None
        return self._serving

    def _arm(self, serving: Serving) -> None:
        """Let the kill come: whenever, or about when a document is made."""
        random, driver = self._random, self.driver
        if random.random() < 0.6:
            serving.kill_in(random.uniform(0, LOAD_SECONDS), self._look)
            return
        delay, left = random.uniform(0, AT_DOCUMENT_SECONDS), random.randrange(12)

        def aim(request: Command) -> None:
            nonlocal left
            if driver.book.documents_of(request):
                left -= 1
                if left < 0:
                    serving.kill_in(delay, self._look)

        driver.before = aim

    def _look(self) -> None:
        self._hit = self.driver.unanswered

    def _end(self, expected: int) -> None:
        """Wait for the end of the process, which must be as expected, and in silence."""
        serving, self._serving = self._served(), None
        code, complaints = serving.end()
        if (code, complaints) != (expected, ""):
            raise Wrong(f"the process ended with {code}, not {expected}: {complaints}")
