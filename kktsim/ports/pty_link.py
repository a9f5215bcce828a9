"""The link at which drivers find a pseudo-terminal, whose own name changes with every start."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kktsim.ports.line import PortError
from kktsim.ports.link_record import LinkRecord, links_directory
from kktsim.ports.parse import PtyAddress


class PtyLink:
    """A symbolic link and its record NAME.json beside it.

    A link is ours to replace when its record names it and the process of the record is dead. A link of a living process
    and everything that is not a link of this program stay untouched.
    """

    def __init__(self, address: PtyAddress) -> None:
        """Raises PortError when there is no private directory for a name that needs one."""
        is_path = address.link.startswith("/")
        self.path = Path(address.link) if is_path else links_directory() / address.link
        self.record_path = self.path.with_name(self.path.name + ".json")
        self._record: LinkRecord | None = None

    def claim(self, device: str) -> None:
        """Point the link at the terminal. Raises PortError when the name is taken."""
        try:
            with _locked(self.path.parent):
                self._clear_stale()
                record = LinkRecord.of_this_process(device, [f"pty:{self.path}"], None)
                record.write(self.record_path)
                self._record = record
                os.symlink(device, self.path)
        except OSError as error:
            raise PortError(f"The link {self.path} cannot be made: {error.strerror}", "Choose another place") from error

    def announce(self, ports: Sequence[str], control: str | None) -> None:
        """Tell through the record which ports the bench has and where it is controlled."""
        if self._record is not None:
            self._record = LinkRecord.of_this_process(self._record.device, ports, control)
            self._record.write(self.record_path)

    def release(self) -> None:
        """Remove link and record, each only if it is still ours."""
        record, self._record = self._record, None
        if record is None or not self.path.parent.is_dir():
            return
        with _locked(self.path.parent):
            if _target(self.path) == record.device:
                self.path.unlink()
            try:
                is_ours = record.is_same_owner(LinkRecord.read(self.record_path))
            except ValueError:
                is_ours = False
            if is_ours:
                self.record_path.unlink()

    def _clear_stale(self) -> None:
        try:
            record = LinkRecord.read(self.record_path)
        except ValueError:
            raise _foreign(self.record_path) from None
        if record is not None and record.is_live():
            if record.pid == os.getpid():
                raise PortError(f"{self.path} is given twice", "Give every port a name of its own")
            raise PortError(f"{self.path} is served by process {record.pid}", "Stop it or choose another name")
        if os.path.lexists(self.path):
            if record is None or _target(self.path) != record.device:
                raise _foreign(self.path)
            self.path.unlink()


def _foreign(path: Path) -> PortError:
    return PortError(f"{path} exists and was not made by kktsim", "Remove it or choose another name")


def _target(path: Path) -> str | None:
    try:
        return os.readlink(path)
    except OSError:
        return None


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Two processes that start at once claim names here one after the other."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
