"""Whose a link is, and when it may be replaced."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kktsim.ports.line import PortError
from kktsim.ports.link_record import LinkRecord, links_directory
from kktsim.ports.parse import PtyAddress
from kktsim.ports.pty_link import PtyLink

OTHER_PROCESS = """
import sys
from kktsim.ports.parse import PtyAddress
from kktsim.ports.pty_link import PtyLink
PtyLink(PtyAddress(sys.argv[1])).claim("/dev/pts/of-the-other")
print(flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till"


@pytest.fixture
def link(path: Path) -> PtyLink:
    return PtyLink(PtyAddress(str(path)))


def claim_in_another_process(path: Path) -> "subprocess.Popen[str]":
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdout.readline() == "\n"
    return other


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def test_a_claimed_link_leads_to_the_terminal_and_names_its_process(path: Path, link: PtyLink) -> None:
    link.claim("/dev/pts/7")
    assert os.readlink(path) == "/dev/pts/7"
    record = LinkRecord.read(link.record_path)
    assert record is not None and record.is_live()
    assert (record.pid, record.ports, record.control) == (os.getpid(), (f"pty:{path}",), None)


def test_the_record_tells_where_the_bench_is_controlled(link: PtyLink) -> None:
    link.claim("/dev/pts/7")
    link.announce(["pty:till", "tcp:127.0.0.1:5555"], "http://127.0.0.1:8080")
    assert json.loads(link.record_path.read_text()) == {
        "pid": os.getpid(),
        "started_ticks": LinkRecord.of_this_process("", [], None).started_ticks,
        "device": "/dev/pts/7",
        "ports": ["pty:till", "tcp:127.0.0.1:5555"],
        "control": "http://127.0.0.1:8080",
    }
    link.release()
    assert not link.record_path.exists()


def test_a_released_link_leaves_nothing(tmp_path: Path, link: PtyLink) -> None:
    link.claim("/dev/pts/7")
    link.release()
    link.release()
    assert list(tmp_path.iterdir()) == []


def test_the_link_of_a_living_process_is_refused_with_its_pid(path: Path, link: PtyLink) -> None:
    other = claim_in_another_process(path)
    try:
        with pytest.raises(PortError, match=rf"till is served by process {other.pid}\. Stop it or choose another name"):
            link.claim("/dev/pts/7")
        link.release()
        assert os.readlink(path) == "/dev/pts/of-the-other"
        assert link.record_path.exists()
    finally:
        end(other)


def test_the_link_of_a_dead_process_is_replaced(path: Path, link: PtyLink) -> None:
    end(claim_in_another_process(path))
    assert os.readlink(path) == "/dev/pts/of-the-other"
    link.claim("/dev/pts/7")
    assert os.readlink(path) == "/dev/pts/7"


def test_an_unburied_process_is_dead(path: Path, link: PtyLink) -> None:
    other = claim_in_another_process(path)
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has taken its status yet
    link.claim("/dev/pts/7")
    end(other)


def test_a_later_process_with_the_same_pid_is_another_one(path: Path, link: PtyLink) -> None:
    mine = LinkRecord.of_this_process("/dev/pts/3", [], None)
    LinkRecord(mine.pid, mine.started_ticks - 1, mine.device, (), None).write(link.record_path)
    os.symlink("/dev/pts/3", path)
    link.claim("/dev/pts/7")
    assert os.readlink(path) == "/dev/pts/7"


def test_one_process_does_not_serve_a_name_twice(path: Path, link: PtyLink) -> None:
    link.claim("/dev/pts/7")
    with pytest.raises(PortError, match=r"till is given twice\. Give every port a name of its own"):
        PtyLink(PtyAddress(str(path))).claim("/dev/pts/8")
    assert os.readlink(path) == "/dev/pts/7"


def stale_record_of_another_terminal(path: Path) -> None:
    LinkRecord(1, 0, "/dev/pts/3", (), None).write(path.with_name("till.json"))
    os.symlink("/dev/pts/4", path)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("mine"),
        lambda path: path.mkdir(),
        lambda path: os.symlink("/dev/ttyS0", path),
        lambda path: os.symlink("/nowhere", path),
        lambda path: path.with_name("till.json").write_text("{}"),
        lambda path: path.with_name("till.json").write_text("not json"),
        lambda path: path.with_name("till.json").write_bytes(b"\xff\xfe"),
        lambda path: path.with_name("till.json").write_text("[1]"),
        lambda path: path.with_name("till.json").mkdir(),
        stale_record_of_another_terminal,
    ],
)
def test_what_is_not_ours_is_refused_untouched(path: Path, link: PtyLink, make: Callable[[Path], object]) -> None:
    make(path)
    before = {entry: (entry.lstat().st_ino, entry.lstat().st_mtime_ns) for entry in path.parent.iterdir()}
    with pytest.raises(PortError, match=r"was not made by kktsim\. Remove it or choose another name\."):
        link.claim("/dev/pts/7")
    link.release()
    assert {entry: (entry.lstat().st_ino, entry.lstat().st_mtime_ns) for entry in path.parent.iterdir()} == before


def test_a_link_that_somebody_else_took_over_is_left_to_him(path: Path, link: PtyLink) -> None:
    link.claim("/dev/pts/7")
    path.unlink()
    os.symlink("/dev/pts/8", path)
    link.record_path.write_text("not ours")
    link.release()
    assert os.readlink(path) == "/dev/pts/8"
    assert link.record_path.read_text() == "not ours"


def test_a_name_lives_in_a_private_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert PtyLink(PtyAddress("till")).path == tmp_path / "kktsim" / "till"
    assert (tmp_path / "kktsim").stat().st_mode & 0o777 == 0o700


def test_without_a_runtime_directory_the_links_are_under_tmp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    assert links_directory() == Path(f"/tmp/kktsim-{os.getuid()}")


def test_a_directory_that_others_may_enter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "kktsim").mkdir()
    (tmp_path / "kktsim").chmod(0o755)
    with pytest.raises(PortError, match=r"not a private directory of yours\. Remove it, or chmod 700"):
        PtyLink(PtyAddress("till"))


def test_a_link_in_place_of_the_directory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "kktsim").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PortError, match="not a private directory"):
        links_directory()
