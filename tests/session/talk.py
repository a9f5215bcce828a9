"""A host that says bytes to one port of a bench and reads what comes, with time standing still unless told."""

from kktsim.bench import Bench
from protocol.atol import link_v2_frame, link_v3

ASYNC = link_v3.ASYNC_ID
PASSWORD = b"\x00\x00"
Frames = list[tuple[int, str]]
"""Id and data in hex of each frame."""


def hexes(data: bytes) -> str:
    return data.hex(" ").upper()


def add(task: int, command: str, flags: int = 1, password: bytes = PASSWORD) -> bytes:
    """Data of a frame that adds a task."""
    return bytes((0xC1, flags, task)) + password + bytes.fromhex(command)


def told(data: bytes) -> Frames:
    """The v3 frames in what the till wrote; there must be nothing else."""
    found = link_v3.Decoder().feed(data)
    assert b"".join(link_v3.encode(number, read or b"") for number, read in found) == data
    return [(number, hexes(read or b"")) for number, read in found]


class Talk:
    """One port. ``says`` gives bytes; the others speak a link."""

    def __init__(self, bench: Bench, *, is_network: bool = False) -> None:
        self.bench = bench
        self.line = bench.open_line(is_network=is_network)

    def says(self, data: bytes | str) -> bytes:
        """What the till writes at once."""
        return self.line.receive(bytes.fromhex(data) if isinstance(data, str) else data)

    def v3(self, frame_id: int, data: bytes | str) -> Frames:
        """Say one frame; the frames that come at once."""
        return told(self.says(link_v3.encode(frame_id, bytes.fromhex(data) if isinstance(data, str) else data)))

    def add(self, task: int, command: str, flags: int = 1, frame_id: int | None = None) -> Frames:
        """Add a task in a frame that has the task's number as its id."""
        return self.v3(task if frame_id is None else frame_id, add(task, command, flags))

    def does(self, command: str, task: int = 0) -> str:
        """The reply to a command that is done at once, in hex; its task is acknowledged."""
        (sync, later) = self.add(task, command)
        assert sync == (task, "A2") and later[0] == ASYNC
        assert self.v3(task, bytes((0xC2, task)))[0][1] in ("A3", "A4")
        return later[1].split(" ", 2)[2]

    def waits(self, seconds: float) -> bytes:
        """What the till writes by itself, once host time has gone on."""
        self.bench.clock.wait(seconds)
        return self.line.tick()

    def asks_v2(self, command: str) -> None:
        """The host's half of an exchange in link v2, up to EOT and what the till says to that."""
        assert self.says("05") == b"\x06"
        assert self.says(link_v2_frame.encode(PASSWORD + bytes.fromhex(command))) == b"\x06"

    def v2(self, command: str) -> str:
        """The reply to a command by a whole exchange in link v2, in hex."""
        self.asks_v2(command)
        assert self.says("04") == b"\x05"
        return self.reads_v2()

    def reads_v2(self) -> str:
        """The till's half of an exchange: its ENQ has come."""
        decoder = link_v2_frame.Decoder()
        [frame] = [frame for byte in self.says("06") if (frame := decoder.feed(byte)) is not None]
        assert frame.data is not None
        assert self.says("06") == b"\x04"
        return hexes(frame.data)
