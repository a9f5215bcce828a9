"""The child process with the driver inside: plays one play and writes a line of JSON for each check.

It is a process of its own because the driver keeps its log and settings under HOME, and because a crash of a
foreign library must not take the table with it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Final

from . import plays
from .expect import CheckError
from .fetch import Package
from .fptr import Driver, DriverError
from .report import Result
from .stage import Check, Stage
from .till import Till, TillError
from .wire import FaultyWire

LOG: Final = Path(".atol/drivers10/logs/fptr10.log")
LAST_EXCHANGES: Final = 8
"""How many lines of the driver's own log explain a failure."""


def main(name: str, pty: str, tcp: str, control: str, library: str, header: str) -> None:
    """Play ``name`` against a till at these addresses; the driver's files are already fetched."""
    package = Package(library=Path(library), header=Path(header))
    play = plays.named(name)
    driver = Driver(package)
    settings = _settings(driver, Till(pty, tcp, control))
    other: plays.Port = "tcp" if play.port == "pty" else "pty"
    line = _faulty(settings) if play.has_faulty_wire else None
    stage = Stage(play.model, settings[play.port], settings[other], control, lambda: Driver(package), wire=line)

    def connect(driver: Driver, stage: Stage) -> None:
        """Connect"""
        driver.configure(stage.port)
        driver.call("open")

    for check in (connect, *play.checks):
        print(_result(play.name, check, driver, stage).to_json(), flush=True)
    driver.destroy()


def _settings(driver: Driver, till: Till) -> dict[plays.Port, dict[str, str]]:
    names = driver.names
    common = {"MODEL": str(names.MODEL_ATOL_AUTO), "OFD_CHANNEL": str(names.OFD_CHANNEL_NONE)}
    host, _, port = till.tcp.rpartition(":")
    return {
        "pty": {**common, "PORT": str(names.PORT_COM), "COM_FILE": till.pty, "BAUDRATE": str(names.PORT_BR_115200)},
        "tcp": {**common, "PORT": str(names.PORT_TCPIP), "IPADDRESS": host, "IPPORT": port},
    }


def _faulty(settings: dict[plays.Port, dict[str, str]]) -> FaultyWire:
    """Put a wire with faults before the till's TCP port."""
    tcp = settings["tcp"]
    line = FaultyWire(tcp["IPADDRESS"], int(tcp["IPPORT"]))
    tcp["IPPORT"] = str(line.port)
    return line


def _result(play: str, check: Check, driver: Driver, stage: Stage) -> Result:
    calls, started, log_size = driver.calls, time.monotonic(), _log_size()
    failure = ""
    try:
        check(driver, stage)
    except (CheckError, DriverError, TillError) as error:
        failure = "\n".join([str(error), *_exchanges_since(log_size)])
        _leave_no_receipt(driver, error)
    title = (check.__doc__ or check.__name__).strip()
    return Result(play, title, driver.calls - calls, time.monotonic() - started, failure)


def _leave_no_receipt(driver: Driver, error: Exception) -> None:
    """Cancel the receipt a failed check may have left open, so that one failure is not ten; not on a dead line."""
    dead = driver.names.ERROR_CONNECTION_DISABLED, driver.names.ERROR_NO_CONNECTION, driver.names.ERROR_PORT_BUSY
    if not (isinstance(error, DriverError) and error.code in (*dead, driver.names.ERROR_PORT_NOT_AVAILABLE)):
        driver.refusal("cancel_receipt")


def _log_path() -> Path:
    return Path(os.environ["HOME"]) / LOG


def _log_size() -> int:
    return _log_path().stat().st_size if _log_path().exists() else 0


def _exchanges_since(size: int) -> list[str]:
    """Return what the driver wrote and read last during the check, from its own log: without framing."""
    if not _log_path().exists():
        return []
    with _log_path().open("rb") as log:
        log.seek(size)
        lines = log.read().decode(errors="replace").splitlines()
    exchanges = [line.partition("[Transport] ")[2] for line in lines if "[Transport] " in line]
    return exchanges[-LAST_EXCHANGES:]


if __name__ == "__main__":
    main(*sys.argv[1:])
