"""Which names and addresses a till's network knows, and how they are written."""

import pytest

from kktsim.ofd.events import NetworkTrouble
from kktsim.ofd.hosts import OFD_NAME, OFD_PORT, HostTable, Kind, Place, UnknownHostError, place_of, spelled, split_peer

SPELLINGS = {
    "127.0.0.1:7777": ("127.0.0.1", 7777),
    "ofd.example": ("ofd.example", None),
    "[::1]:7777": ("::1", 7777),
    "[::1]": ("::1", None),
    "::1": ("::1", None),
    "localhost:1": ("localhost", 1),
}


@pytest.mark.parametrize(("text", "peer"), SPELLINGS.items())
def test_a_peer_is_read_as_it_is_written(text: str, peer: tuple[str, int | None]) -> None:
    assert split_peer(text) == peer


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":7777",
        "a b:1",
        "h:0",
        "h:65536",
        "h:٣",
        "h:" + "9" * 5000,
        "[::1",
        "[::1]x:1",
        "a\0b:1",
        "h:x",
        "a:b:1",
        "http://h:80",
    ],
)
def test_what_names_no_peer_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        split_peer(text)


@pytest.mark.parametrize("peer", [("127.0.0.1", 7777), ("::1", 7777), ("ofd.example", 1)])
def test_what_is_shown_of_a_peer_can_be_typed_back(peer: tuple[str, int]) -> None:
    assert split_peer(spelled(*peer)) == peer


@pytest.mark.parametrize("text", ["192.0.2.1:7777", "ofd.example:7777", "127.0.0.1", "nobody"])
def test_only_this_machine_is_a_place_without_leave(text: str) -> None:
    with pytest.raises(ValueError, match=r"--allow-host|tells no port"):
        place_of(text)


def test_places_are_words_or_ports_of_this_machine() -> None:
    assert [place_of(word).kind for word in ("inner", "unknown", "unreachable")] == [
        Kind.INNER,
        Kind.UNKNOWN,
        Kind.UNREACHABLE,
    ]
    assert place_of("localhost:9000") == Place(Kind.TCP, OFD_PORT, "127.0.0.1", 9000)


FOUND = [
    (OFD_NAME.upper(), OFD_PORT, Kind.INNER),
    ("127.0.0.1", 9, Kind.TCP),
    ("::1", 9, Kind.TCP),
    ("LOCALHOST", 9, Kind.TCP),
    (OFD_NAME, 1, NetworkTrouble.REFUSED),
    ("ofd.examplе", OFD_PORT, NetworkTrouble.NAME_UNKNOWN),  # the last letter is Cyrillic
    (" ofd.example", OFD_PORT, NetworkTrouble.NAME_UNKNOWN),
    ("192.0.2.1", OFD_PORT, NetworkTrouble.UNREACHABLE),
]


@pytest.mark.parametrize(("host", "port", "outcome"), FOUND)
def test_a_call_goes_where_the_table_says_or_to_this_machine(
    host: str, port: int, outcome: Kind | NetworkTrouble
) -> None:
    table = HostTable()
    if isinstance(outcome, Kind):
        assert table.find(host, port).kind is outcome
        return
    with pytest.raises(UnknownHostError) as caught:
        table.find(host, port)
    assert caught.value.trouble is outcome


def test_a_peer_elsewhere_is_called_when_a_person_allows_it() -> None:
    table = HostTable()
    table.allow("ofd.real.example", 21101)
    assert table.find("OFD.real.example", 21101) == Place(Kind.TCP, 21101, "ofd.real.example", 21101)
    with pytest.raises(UnknownHostError):
        table.find("ofd.real.example", 21102)
    table.allow("ofd.real.example")
    assert table.find("ofd.real.example", 21102).kind is Kind.TCP


def test_a_copy_of_the_table_is_independent() -> None:
    table = HostTable()
    twin = table.copy()
    twin.set("other", Place(Kind.UNREACHABLE))
    twin.allow("192.0.2.1")
    assert "other" not in table.places and twin.forget("other") and not twin.forget("other")
    with pytest.raises(UnknownHostError):
        table.find("192.0.2.1", 1)
