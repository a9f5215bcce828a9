"""The operator on real connections: documents, answers that come later, and listening."""

import socket
import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kktsim.ofd.failures import Failure, Planned
from kktsim.ofd.tcp_server import Limits
from kktsim.ports.line import PortError
from kktsim.ports.parse import TcpAddress
from protocol.ofd import confirmation

from .messages import EMPTY, FN, WORLD, answers, message
from .on_loop import on_loop, turns, until
from .tcp_stand import CONFIRMATION_BYTES, Stand, hang_up, is_cut, serving

TILLS = 500


# ---- documents


def test_documents_are_confirmed_and_stored_several_on_one_connection() -> None:
    async def test() -> None:
        async with serving() as stand:
            reader, writer = await stand.connect()
            for number in (1, 2, 3):
                writer.write(message(number))
                [answer] = answers(await reader.readexactly(CONFIRMATION_BYTES))
                assert confirmation.parse(answer).document_number == number
            await hang_up(writer)
            assert [one.number for one in stand.operator.store.received()] == [1, 2, 3]
            assert all(WORLD <= one.received_world < WORLD + 20 for one in stand.operator.store.received())
            await until(lambda: stand.server.connections == 0)

    on_loop(test)


def test_a_message_in_single_bytes_is_one_message() -> None:
    async def test() -> None:
        async with serving() as stand:
            reader, writer = await stand.connect()
            for byte in message(1):
                writer.write(bytes((byte,)))
                await turns(2)
            assert len(await reader.readexactly(CONFIRMATION_BYTES)) == CONFIRMATION_BYTES
            await hang_up(writer)

    on_loop(test)


def test_what_is_no_message_is_hung_up_on_and_told() -> None:
    async def test() -> None:
        async with serving() as stand:
            assert await stand.says(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 1) == b""
            assert len(stand.complaints) == stand.operator.refused == 1
            await stand.is_fine()

    on_loop(test)


def test_five_hundred_tills_at_once_are_all_served() -> None:
    async def test() -> None:
        async with serving() as stand:
            numbers = [f"99990789{till:08}" for till in range(TILLS)]
            clients = [await stand.connect() for _ in numbers]
            for (_, writer), number in zip(clients, numbers, strict=True):
                writer.write(message(1, number))
            for reader, writer in clients:
                await reader.readexactly(CONFIRMATION_BYTES)
                writer.close()
            assert [till.fn_number for till in stand.operator.store.tills()] == numbers
            assert stand.complaints == []
            await until(lambda: stand.server.connections == 0)

    on_loop(test)


@settings(max_examples=30)
@given(st.lists(st.sampled_from([EMPTY, message(2)[:-1], message(3)]) | st.binary(max_size=200), max_size=4))
def test_whatever_a_client_says_the_others_are_served(pieces: list[bytes]) -> None:
    async def test() -> None:
        async with serving() as stand:
            _, writer = await stand.connect()
            for piece in pieces:
                writer.write(piece)
            await stand.is_fine()
            await hang_up(writer)
            await until(lambda: stand.server.connections == 0)

    on_loop(test)


# ---- answers that come later


def test_a_late_answer_comes_when_its_time_has_come() -> None:
    async def test() -> None:
        async with serving() as stand:
            stand.operator.failures.add(Planned(Failure.SLOW, seconds=0.05))
            started = stand.server.loop.time()
            await stand.is_fine()
            assert stand.server.loop.time() - started >= 0.05

    on_loop(test)


def test_an_answer_byte_by_byte_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kktsim.ofd.server.BYTE_SECONDS", 0.0001)

    async def test() -> None:
        async with serving() as stand:
            stand.watched = True
            stand.operator.failures.add(Planned(Failure.SLOW_BYTES))
            await stand.is_fine()
            assert [len(data) for who, data in stand.seen if who == "operator" and isinstance(data, bytes)] == [1] * 157

    on_loop(test)


def test_a_late_answer_dies_with_its_connection() -> None:
    async def test() -> None:
        async with serving() as stand:
            stand.watched = True
            stand.operator.failures.add(Planned(Failure.SLOW, times=2, seconds=0.02))
            _, writer = await stand.connect()
            writer.write(message(1))
            await until(lambda: len(stand.operator.store) == 1)
            at_once = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            await hang_up(writer)
            await until(lambda: stand.server.connections == 0)
            assert stand.seen == [("till", message(1)), ("by operator", False)]
            await stand.is_fine()
            assert [who for who, _ in stand.seen[2:]] == ["till", "operator"]

    on_loop(test)


@pytest.mark.parametrize("failure", [None, Failure.SLOW, Failure.SLOW_BYTES])
def test_who_says_no_more_still_gets_what_is_owed(failure: Failure | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kktsim.ofd.server.BYTE_SECONDS", 0.0001)

    async def test() -> None:
        async with serving() as stand:
            stand.watched = True
            if failure is not None:
                stand.operator.failures.add(Planned(failure, seconds=0.02))
            reader, writer = await stand.connect()
            writer.write(message(1) + message(2))
            writer.write_eof()
            told = [confirmation.parse(one).document_number for one in answers(await reader.read())]
            assert told == [1, 2]
            await until(lambda: stand.server.connections == 0)
            assert stand.seen[-1] == ("by operator", False)
            await hang_up(writer)

    on_loop(test)


@pytest.mark.parametrize("said", [b"", message(1)[:-1]])
def test_who_says_no_more_and_is_owed_nothing_is_let_go(said: bytes) -> None:
    async def test() -> None:
        async with serving() as stand:
            reader, writer = await stand.connect()
            writer.write(said)
            writer.write_eof()
            assert await reader.read() == b""
            await until(lambda: stand.server.connections == 0)
            await hang_up(writer)

    on_loop(test)


def test_the_operator_that_closes_owes_nothing_to_who_says_no_more() -> None:
    async def test() -> None:
        async with serving() as stand:
            stand.operator.failures.add(Planned(Failure.SLOW, seconds=60))
            reader, writer = await stand.connect()
            writer.write(message(1))
            writer.write_eof()
            await until(lambda: len(stand.operator.store) == 1)
            await turns()
            assert stand.server.connections == 1
            stand.server.close()
            await is_cut(reader)
            await hang_up(writer)

    on_loop(test)


@pytest.mark.parametrize(
    ("failure", "size"),
    [(Failure.CLOSE_BEFORE, 0), (Failure.CLOSE_AFTER, 0), (Failure.LOST_ACK, 0), (Failure.PARTIAL, 78)],
)
def test_the_operator_hangs_up_behind_its_last_words(failure: Failure, size: int) -> None:
    async def test() -> None:
        async with serving() as stand:
            stand.watched = True
            stand.operator.failures.add(Planned(failure))
            reader, writer = await stand.connect()
            writer.write(message(1))
            got = b""
            with suppress(ConnectionError):
                got = await reader.read()
            assert len(got) == size
            assert stand.seen[-1] == ("by operator", True)
            await hang_up(writer)
            await stand.is_fine()

    on_loop(test)


# ---- listening


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    async def test() -> None:
        async with serving() as stand:
            port = int(stand.server.name.rpartition(":")[2])
            second = Stand(Limits(), TcpAddress("127.0.0.1", port))
            with pytest.raises(PortError, match=f"127.0.0.1:{port}: Address already in use. Stop the program"):
                second.server.start()
            second.server.close()
            await stand.is_fine()

    on_loop(test)


def test_closing_cuts_everybody_and_a_second_time_does_nothing() -> None:
    async def test() -> None:
        async with serving() as stand:
            stand.watched = True
            clients = [await stand.connect() for _ in range(3)]
            await until(lambda: stand.server.connections == 3)
            stand.server.close()
            stand.server.close()
            for reader, writer in clients:
                await is_cut(reader)
                await hang_up(writer)
            assert stand.seen == [("by operator", True)] * 3
            with pytest.raises(ConnectionRefusedError):
                await stand.connect()

    on_loop(test)


def test_an_address_with_colons_is_spelled_in_brackets() -> None:
    async def test() -> None:
        assert Stand(Limits(), TcpAddress("::1", 7777)).server.name == "[::1]:7777"

    on_loop(test)


def test_an_onlooker_sees_both_sides_and_who_hung_up() -> None:
    async def test() -> None:
        async with serving() as stand:
            stand.watched = True
            answer = await stand.says(message(1), CONFIRMATION_BYTES)
            await until(lambda: len(stand.seen) == 3)
            assert stand.seen == [("till", message(1)), ("operator", answer), ("by operator", False)]
            assert FN.encode() in answer

    on_loop(test)
