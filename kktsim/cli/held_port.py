"""A terminal that a program has open must not be spoken into."""

import os
import stat
from pathlib import Path

from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.ports.link_record import LinkRecord


def refuse_a_held_port(port: str) -> None:
    """End the command when the terminal is held, and say by whom; also when it is none."""
    if "://" in port or not os.path.exists(port):
        return
    if (not os.path.isdir(port) and not stat.S_ISCHR(os.stat(port).st_mode)) or os.path.realpath(port) == os.devnull:
        fail(f"{port} is no till's port: name a serial device, a link made by `kktsim serve`, or a TCP port")
    device = os.path.realpath(port)
    try:
        record = LinkRecord.read(Path(port + ".json"))
    except ValueError:
        record = None  # whoever left that file, it tells nothing of who serves the port
    server = None if record is None else record.pid
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal() or int(process.name) in (os.getpid(), server):
            continue
        try:
            held = any(os.readlink(fd) == device for fd in (process / "fd").iterdir())
        except OSError:
            continue
        if held:
            name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
            fail(f"{port} is held by process {process.name} ({name}): stop it, or add a second --port", ENVIRONMENT)
