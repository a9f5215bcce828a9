"""What real drivers do at their start and in their day, against a whole till: every answer is one they accept.

The data are facts about drivers: what each sends, and what it requires of the answer.
"""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from tests.session.talk import ASYNC, Talk, told

MakeBench = Callable[..., Bench]
ATOL = "atol-77f"

# ---- kiosk software (C++), v2 or v3

Accepts = Callable[[bytes], bool]


def at_least(size: int) -> Accepts:
    return lambda reply: len(reply) >= size


def done(reply: bytes) -> bool:
    """It takes codes below 2 as success."""
    return reply[0] == 0x55 and reply[1] < 2


def healthy(reply: bytes) -> bool:
    """45h: any error flag makes it give up."""
    return len(reply) == 3 and reply[2] == 0


def is_build_with_new_taxes(reply: bytes) -> bool:
    """9Dh 91h: the last two bytes are the build; from 3689 on taxes are numbered as it does it."""
    return int(reply[-2:].hex()) >= 3689


def rate(*allowed: str) -> Accepts:
    return lambda reply: reply[2:].hex() in allowed


def has_registration(reply: bytes) -> bool:
    """A4h 43h: INN at 7, registration number at 19, tax systems at 39, mode at 40 of the whole reply."""
    return reply[7:19].strip().isdigit() and reply[19:39].strip().isdigit() and reply[39] != 0 and len(reply) >= 41


def shift_lasts(reply: bytes) -> bool:
    """91h 12h: an open shift must not end before now."""
    return len(reply) >= 9 and (reply[2] == 0 or reply[3:9] > b"")


def has_serial(reply: bytes) -> bool:
    return len(reply) >= 9 and reply[2:].hex().isdigit() and int(reply[2:].hex()) > 0


def any_reply(reply: bytes) -> bool:
    """A missing requisite is only written into its log."""
    return reply[0] == 0x55


KIOSK_START: tuple[tuple[str, Accepts], ...] = (
    ("A5", lambda reply: reply[0] == 0 and reply[3] == 69),
    ("45", healthy),
    ("9D 91", is_build_with_new_taxes),
    ("48", done),
    ("56 01 00 00 00 30", done),
    ("9D 01", at_least(7)),
    ("9D 03", at_least(7)),
    ("45", healthy),
    ("3F", at_least(30)),
    ("91 16 00 00", has_serial),
    ("91 12 00 00", shift_lasts),
    ("3F", at_least(30)),
    ("91 28 01 00", at_least(9)),
    ("A4 33", at_least(19)),
    ("A4 43", has_registration),
    ("A4 32", at_least(7)),
    ("A4 30", at_least(32)),
    ("91 36 00 00", at_least(8)),
    ("48", done),
    ("56 04 00 00 00 30", done),
    ("46 13 00 01 01", at_least(66)),
    ("46 13 00 01 02", at_least(4)),
    ("50 02 00 01 0B 00", done),
    ("50 02 00 01 18 01", done),
    ("50 02 00 01 33 01", done),
    ("46 02 00 01 12", at_least(3)),
    ("91 18 00 00", at_least(3)),
    *((f"E9 {tag.to_bytes(2, 'little').hex()} 00", any_reply) for tag in (1060, 1046, 1048, 1009, 1187)),
    *((f"E9 {tag.to_bytes(2, 'little').hex()} 00", any_reply) for tag in (1126, 1193, 1207, 1221)),
    ("A4 43 01", has_registration),
    ("E9 21 04 00", any_reply),
    ("48", done),
    ("56 04 00 00 00 30", done),
    ("46 0D 00 01 02", rate("2000")),
    ("46 0D 00 02 02", rate("1000")),
    ("46 0D 00 06 02", rate("0000")),
    ("48", done),
    ("56 01 00 00 00 30", done),
)
KIOSK_POLL: tuple[tuple[str, Accepts], ...] = (
    ("45", healthy),
    ("3F", at_least(30)),
    ("A4 30", at_least(32)),
    ("91 2C 00 00", at_least(5)),
)
KIOSK_LONGEST_FRAME_DATA = 127
"""It takes longer answers for damaged, by an error of its own."""


@pytest.mark.parametrize("state", ["registered", "shift-open"])
def test_kiosk_software_gets_through_its_start_in_v3(make_bench: MakeBench, state: str) -> None:
    talk = Talk(make_bench(state, ATOL))
    assert talk.v3(0, "C4") == [(0, "A3")]
    for number, (command, accepts) in enumerate((*KIOSK_START, *KIOSK_POLL)):
        (frame_id, accepted), (later, result) = talk.add(number, command)
        assert (frame_id, accepted, later) == (number, "A2", ASYNC), command
        reply = bytes.fromhex(result)[2:]
        assert accepts(reply), (command, result)
        assert len(reply) + 2 <= KIOSK_LONGEST_FRAME_DATA
        assert talk.v3(number, bytes((0xC2, number))) == [(number, "A3" if result.startswith("A6") else "A4")]


@pytest.mark.parametrize("state", ["registered", "shift-open"])
def test_kiosk_software_gets_through_its_start_in_v2(make_bench: MakeBench, state: str) -> None:
    talk = Talk(make_bench(state, ATOL))
    for command, accepts in (*KIOSK_START, *KIOSK_POLL):
        assert accepts(bytes.fromhex(talk.v2(command))), command


HEALED_BY = {  # what it does about a code, before it sends the command again
    "66": ("48",),
    "9B": ("59",),
    "88": ("48", "56 03 00 00 00 30", "5A"),
    "9C": ("48", "56 03 00 00 00 30", "5A"),
}


@pytest.mark.parametrize(
    ("state", "refused", "code"),
    [
        ("shift-open", "56 04 00 00 00 30", "66"),
        ("receipt-open", "92 00 01", "9B"),
        ("shift-25h", "92 00 01", "88"),
        ("shift-open", "9A 00", "9C"),
    ],
)
def test_one_round_of_what_kiosk_software_does_about_a_code_is_enough(
    make_bench: MakeBench, state: str, refused: str, code: str
) -> None:
    talk = Talk(make_bench(state, ATOL))
    if talk.v2("45") == "55 00 00":
        talk.v2("56 01 00 00 00 30")
    assert talk.v2(refused) == f"55 {code} 00"
    for command in HEALED_BY[code]:
        assert talk.v2(command) == "55 00 00"
    if "5A" in HEALED_BY[code]:
        talk.waits(1.5)
        talk.v2("56 01 00 00 00 30")
    assert talk.v2(refused) == "55 00 00"


# ---- a client in Java, v3

JAVA_LAST_ID = 0xDF


class JavaClient:
    """Its habits: results only by A6 and A7; every A3 and A4 it cannot place is acknowledged as task FFh."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._number = 0

    def _next(self) -> int:
        self._number = self._number + 1 if self._number < JAVA_LAST_ID else 0
        return self._number

    def sends(self, data: bytes) -> list[tuple[int, str]]:
        """Frames of the till; strange states are acknowledged until the till says that there is no such task."""
        frames = self._talk.v3(self._next(), data)
        for frame_id, state in frames:
            if frame_id != ASYNC and state[:2] in ("A3", "A4"):
                assert self._talk.v3(self._next(), b"\xc2\xff")[0][1] == "B3"
        return frames

    def does(self, command: str) -> str:
        """The result of a task, acknowledged."""
        task = self._next()
        frames = self.sends(bytes((0xC1, 1, task, 0, 0)) + bytes.fromhex(command))
        [result] = [data for frame_id, data in frames if frame_id == ASYNC]
        assert result[:5] in (f"A6 {task:02X}", f"A7 {task:02X}")
        self.sends(bytes((0xC2, task)))
        return result[6:]

    def heals(self) -> None:
        """At its start and after every error: cancel what is open, leave whatever mode there is."""
        self.sends(b"\xc4")
        state = bytes.fromhex(self.does("3F"))
        assert state[0] == 0x44 and state[3:9].hex().isdigit() and state[22] in (0, 1, 2, 4, 5)
        if state[17]:
            if state[22]:
                assert self.does("59") == "55 00 00"
            assert self.does("48") == "55 00 00"
            if state[17] & 0xF0:
                assert self.does("48") == "55 00 00"
        assert self.does("A5").startswith("00")


@pytest.mark.parametrize("state", ["factory", "registered", "shift-open", "receipt-open"])
def test_a_java_client_heals_whatever_it_finds(make_bench: MakeBench, state: str) -> None:
    talk = Talk(make_bench(state))
    if state == "receipt-open":
        talk.does("99 00 01 00 00 00 00 01")
    client = JavaClient(talk)
    client.heals()
    assert client.does("45") == "55 00 00"


def test_a_java_client_sells_and_goes_on_after_errors_past_the_end_of_its_ids(make_bench: MakeBench) -> None:
    client = JavaClient(Talk(make_bench("shift-open")))
    item = "E6 00" + "97A0A9".ljust(128, "0") + "000000010000" + "0000001000" + "0000" + "00" * 6 + "06 01" + "00" * 17
    client.heals()
    for _ in range(12):
        for command in ("56 01 00 00 00 30", "92 00 01", item, "4A 00 01 00 00 00 00 00"):
            assert client.does(command) == "55 00 00", command
        assert client.does("4A 00 01 00 00 00 00 00") == "55 9A 00"
        client.heals()


def test_a_repeated_abort_is_answered_each_time(make_bench: MakeBench) -> None:
    talk = Talk(make_bench())
    frames = b"".join(bytes.fromhex(one) for one in ("FE 01 00 01 C4 F6", "FE 01 00 01 C4 F6"))
    assert told(talk.says(frames)) == [(1, "A3")] * 2
