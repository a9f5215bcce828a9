"""The file beside a port's link that tells whose the link is and where the bench is controlled."""

import json
import os
import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kktsim.ports.line import PortError

# Fields of /proc/PID/stat after the command's closing bracket, counted from 0 (proc(5): fields 3 and 22).
_STATE = 0
_START_TIME = 19
_DEAD = frozenset("ZX")

BENCH_RECORDS = "bench-*.json"
"""Records of benches among the links. What has a link and no such record is an FN that is served alone."""


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """Who serves a link: the process, its terminal, all ports of its bench, the URL of its control API."""

    pid: int
    #: When the process started, in clock ticks since boot: with the pid it names one process, not a later namesake.
    started_ticks: int
    device: str
    ports: tuple[str, ...]
    control: str | None

    @classmethod
    def of_this_process(cls, device: str, ports: Sequence[str], control: str | None) -> "LinkRecord":
        """The record of a link that this process serves."""
        pid = os.getpid()
        return cls(pid, _started_ticks(pid) or 0, device, tuple(ports), control)

    @classmethod
    def read(cls, path: Path) -> "LinkRecord | None":
        """The record in the file; None when there is no file. Raises ValueError when it is no record."""
        try:
            fields = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ValueError(f"{path}: {error.strerror}") from error
        try:
            record = cls(**{**fields, "ports": tuple(fields["ports"])})
        except (TypeError, KeyError) as error:
            raise ValueError(f"{path} is no record of a link") from error
        return record

    def write(self, path: Path) -> None:
        """Put the record into the file; a reader sees the old one or the new one, never a part."""
        draft = path.with_name(f".{path.name}.{self.pid}")
        try:
            draft.write_text(json.dumps(asdict(self), ensure_ascii=False) + "\n", encoding="utf-8")
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)

    def is_live(self) -> bool:
        """The process that wrote the record is still running."""
        started = _started_ticks(self.pid)
        return started is not None and started == self.started_ticks

    def is_same_owner(self, other: "LinkRecord | None") -> bool:
        """The other record is of the same process and the same terminal, whatever else it says."""
        return other is not None and (other.pid, other.started_ticks, other.device) == (
            self.pid,
            self.started_ticks,
            self.device,
        )


def links_directory() -> Path:
    """The user's private directory of links, made on first use: ``$XDG_RUNTIME_DIR/kktsim``, else ``/tmp/kktsim-UID``.

    Raises PortError when somebody else could write there.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    directory = Path(runtime, "kktsim") if os.path.isdir(runtime) else Path(f"/tmp/kktsim-{os.getuid()}")
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        status = directory.lstat()
    except OSError as error:
        raise PortError(f"{directory} cannot be used: {error.strerror}", "Remove it or set XDG_RUNTIME_DIR") from error
    is_private = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077
    if not is_private:
        raise PortError(f"{directory} is not a private directory of yours", f"Remove it, or chmod 700 {directory}")
    return directory


def _started_ticks(pid: int) -> int | None:
    """When a running process started; None when there is no such process or it has ended unburied."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = status.rpartition(")")[2].split()
    return None if fields[_STATE] in _DEAD else int(fields[_START_TIME])
