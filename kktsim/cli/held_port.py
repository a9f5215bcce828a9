"""A terminal that a program has open must not be spoken into.

Other users' programs cannot be seen; of two of ours that open it at the same moment one gets it (`SerialWire`).
"""

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
            name, remedy = _who(process)
            fail(f"{port} is held by process {process.name} ({name}): {remedy}", ENVIRONMENT)


_SOON_DONE = ("menu", "send", "replay", "scenario")
"""Commands of ours that let go of the terminal by themselves."""


def _who(process: Path) -> tuple[str, str]:
    """What a process is called, and what to do about it."""
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "it has just ended", "try again"
    ours = [at for at, word in enumerate(words) if os.path.basename(word) == "kktsim"]
    if ours and words[ours[0] + 1] in _SOON_DONE:
        return f"kktsim {words[ours[0] + 1]}", "wait until it is done and try again"
    return name, "wait until it is done and try again, stop it, or serve a second --port"
