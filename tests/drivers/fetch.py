"""Where ATOL's driver comes from: an npm package that ships it, kept in a cache outside the tree.

The package ``node-atol-wrapper`` 0.0.20 carries the Linux build of ATOL's driver 10.8.0 and its C header. The
binary is ATOL's property, so it is fetched by the ordinary ``npm pack`` when a test needs it, checked against the
digests written here, and never committed. A warm cache needs no network.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PACKAGE: Final = "node-atol-wrapper@0.0.20"
TARBALL_SHA512: Final = (
    "f2e380f99cf272c74906636ab413ba7cbb3b76e21a9314eb7c23012902277d7c"
    "eb2ee3d8a5e9858fa8c418235d91771068038275078dd1d0212d155b3a92bd9c"
)
FETCH_SECONDS: Final = 180
"""Twenty megabytes; a registry slower than this is no registry."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the package: its name in the tarball, its name in the cache and its digest."""

    path: str
    name: str
    sha256: str


LIBRARY: Final = Member(
    "package/src/linux-x64/libfptr10.so",
    "libfptr10.so",
    "f31c09bc847dca37bd2923772c7d7b03d67c87409cfbaa73079f51fb5c0b8df9",
)
HEADER: Final = Member(
    "package/src/libfptr10.h",
    "libfptr10.h",
    "c265680af2ec4c28c07253849089277a65bd1c79d45bbd73e9073129f2cff23e",
)


class FetchError(Exception):
    """The driver cannot be had; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Package:
    """The two files of the package that matter, in the cache, with their digests checked."""

    library: Path
    header: Path


def cache_folder() -> Path:
    """Return ``$XDG_CACHE_HOME/kktsim/atol-driver``; a relative value counts as unset (XDG base directories 0.8)."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = configured if configured.is_absolute() else Path.home() / ".cache"
    return base / "kktsim" / "atol-driver"


def fetch(folder: Path | None = None) -> Package:
    """Return the driver from the cache, filling the cache first if it is not whole.

    Raises FetchError when the package is neither cached nor to be had, or is not the one expected.
    """
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise FetchError("ATOL's driver in this package is built for Linux on x86-64 only.")
    folder = folder or cache_folder()
    if not all(_is_whole(folder / member.name, member) for member in (LIBRARY, HEADER)):
        _fill(folder)
    return Package(library=folder / LIBRARY.name, header=folder / HEADER.name)


def _is_whole(path: Path, member: Member) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == member.sha256


def _fill(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder) as name:
        tarball = _pack(Path(name), folder)
        if hashlib.sha512(tarball.read_bytes()).hexdigest() != TARBALL_SHA512:
            raise FetchError(f"What the registry gave as {PACKAGE} is not the package these tests were written for.")
        with tarfile.open(tarball) as archive:
            for member in (LIBRARY, HEADER):
                _extract(archive, member, Path(name), folder)


def _pack(into: Path, folder: Path) -> Path:
    """Run ``npm pack``; its own words are dropped, because they name the registry of this machine."""
    command = ["npm", "pack", PACKAGE, "--silent", "--ignore-scripts", "--fetch-retry-mintimeout=1000"]
    try:
        subprocess.run(command, cwd=into, check=True, capture_output=True, timeout=FETCH_SECONDS)
        return next(into.glob("*.tgz"))
    except (OSError, subprocess.SubprocessError, StopIteration):
        raise FetchError(
            f"ATOL's driver is not in the cache {folder} and `npm pack {PACKAGE}` cannot reach a registry to fetch it."
        ) from None


def _extract(archive: tarfile.TarFile, member: Member, scratch: Path, folder: Path) -> None:
    """Put one member into the cache, whole or not at all: a run that is killed leaves no half of a library."""
    stream = archive.extractfile(member.path)
    if stream is None:
        raise FetchError(f"The package {PACKAGE} holds no {member.path}.")
    (scratch / member.name).write_bytes(stream.read())
    if not _is_whole(scratch / member.name, member):
        raise FetchError(f"The file {member.path} of {PACKAGE} is not the one these tests were written for.")
    (scratch / member.name).replace(folder / member.name)
