"""Nothing but the loopback interface: ATOL's driver has no business on a network.

The process moves itself into a network namespace of its own (``unshare(2)``); whatever it starts afterwards lives
there too. Call it before the first thread: a user namespace cannot be left with threads around.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from pathlib import Path
from typing import Final

CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWNET: Final = 0x40000000
SIOCGIFFLAGS: Final = 0x8913
SIOCSIFFLAGS: Final = 0x8914
IFF_UP: Final = 0x1
_INTERFACE: Final = struct.Struct("16sH14x")


def enter() -> None:
    """Leave only the loopback interface, and bring it up; raises OSError where the system does not permit it."""
    user, group = os.getuid(), os.getgid()
    try:
        _unshare(CLONE_NEWNET)
    except PermissionError:
        _unshare(CLONE_NEWUSER | CLONE_NEWNET)
        # Without a map of ids the process would be nobody and could not open the till's PTY.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _bring_up("lo")


def _unshare(flags: int) -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(flags):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _bring_up(name: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        answer = fcntl.ioctl(control, SIOCGIFFLAGS, _INTERFACE.pack(name.encode(), 0))
        flags = _INTERFACE.unpack(answer)[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, _INTERFACE.pack(name.encode(), flags | IFF_UP))
