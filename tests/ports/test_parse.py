"""How ports are spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.cli.port_name import openable
from kktsim.ports.line import PortError
from kktsim.ports.parse import Address, PtyAddress, Rfc2217Address, TcpAddress, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("pty:till", PtyAddress("till")),
        ("pty:till-2.a_b", PtyAddress("till-2.a_b")),
        ("pty:/dev/shm/ttyKKT", PtyAddress("/dev/shm/ttyKKT")),
        ("tcp:5555", TcpAddress("127.0.0.1", 5555)),
        ("tcp:0", TcpAddress("127.0.0.1", 0)),
        ("tcp:127.0.0.2:5555", TcpAddress("127.0.0.2", 5555)),
        ("tcp:localhost:5555", TcpAddress("localhost", 5555)),
        ("tcp:[::1]:5555", TcpAddress("::1", 5555)),
        ("rfc2217:5555", Rfc2217Address("127.0.0.1", 5555)),
        ("rfc2217:localhost:0", Rfc2217Address("localhost", 0)),
    ],
)
def test_a_port_is_read_as_spelled(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "till", "pty", "pty:", "pty:a/b", "pty:../till", "pty:.hidden", "pty:/dir/", "pty:till.json",
        "tcp", "tcp:", "tcp:port", "tcp:-1", "tcp:65536", "tcp:::1:5555", "tcp::5555", "udp:5555", "/dev/ttyS0",
        "rfc2217", "rfc2217:", "rfc2217:65536", "rfc2217://127.0.0.1:5555",
    ],
)  # fmt: skip
def test_a_misspelled_port_is_refused_with_the_right_spelling(text: str) -> None:
    with pytest.raises(PortError, match=r"\. (Write|Choose)") as refusal:
        parse_address(text)
    assert repr(text) in refusal.value.cause


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "till.example", "[::]"])
def test_a_host_that_other_machines_reach_needs_leave(host: str) -> None:
    with pytest.raises(PortError, match=r"Use tcp:5555\.$"):
        parse_address(f"tcp:{host}:5555")
    assert parse_address(f"tcp:{host}:5555", allow_remote=True) == TcpAddress(host.strip("[]"), 5555)


def test_a_com_port_that_other_machines_reach_needs_leave_too() -> None:
    with pytest.raises(PortError, match=r"Use rfc2217:5555\.$"):
        parse_address("rfc2217:0.0.0.0:5555")
    assert parse_address("rfc2217:0.0.0.0:5555", allow_remote=True) == Rfc2217Address("0.0.0.0", 5555)


@pytest.mark.parametrize(
    ("spelled", "opened"),
    [
        ("5555", "socket://127.0.0.1:5555"),
        ("tcp:5555", "socket://127.0.0.1:5555"),
        ("rfc2217:5555", "rfc2217://127.0.0.1:5555"),
        ("rfc2217:till.example:5555", "rfc2217://till.example:5555"),
        ("rfc2217://127.0.0.1:5555", "rfc2217://127.0.0.1:5555"),
        ("kkt://evotor-st2f", "kkt://evotor-st2f"),
        ("/dev/ttyACM0", "/dev/ttyACM0"),
    ],
)
def test_what_is_spelled_for_serve_is_opened_by_send(spelled: str, opened: str) -> None:
    assert openable(spelled) == opened


@given(st.text() | st.text().map("pty:".__add__) | st.text().map("tcp:".__add__))
def test_any_text_is_a_port_or_a_refusal(text: str) -> None:
    remedies = set()
    try:
        parse_address(text)
    except PortError as refusal:
        remedies.add(refusal.remedy)
    assert "" not in remedies
