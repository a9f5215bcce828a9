"""The till's side of the exchange with the OFD: one document at a time, retried by a timer of world time.

The loop: 20h (how many wait), connection, 21h(1), 22h, 23h..., 25h, send, receive, 26h, 21h(0).
Sources: FNS, «Описание интерфейса ФН» 1.2, 6.6; ATOL protocol 3.1, table 19 field 13 and register 2Bh.
"""

from contextlib import suppress
from typing import Protocol

from kktsim.device import Kkt, tables
from kktsim.device.refusal import Refusal
from protocol.atol.kkt_codes import E
from protocol.fn.answers import ExchangeStatus, FnStatus, parse_word
from protocol.fn.commands import FnCommand, Phase
from protocol.fn.layouts import FN_NUMBER_SIZE, LayoutError
from protocol.ofd import session
from protocol.ofd.errors import OfdFormatError

BLOCK_BYTES = 1024
NETWORK_DOWN = 1
"""Register 2Bh, network error: no connection (the number is a guess)."""
NO_ANSWER = 2
"""Register 2Bh, OFD error: connected, but no answer or a wrong one (the number is a guess)."""
_UP, _DOWN = b"\x01", b"\x00"
_SENDING = frozenset((Phase.FISCAL, Phase.POST_FISCAL))


class Peer(Protocol):
    """Whoever is at the other end of the network."""

    @property
    def is_up(self) -> bool:
        """Whether a connection succeeds."""

    def exchange(self, message: bytes, world: float) -> bytes | None:
        """The answer to a message; None: none came."""


class OfdClient:
    """«Обмен с ОФД» of one till."""

    __slots__ = ("attempts", "failed_attempts", "next_attempt")

    def __init__(self) -> None:
        self.next_attempt: float | None = None
        """World time of the next attempt; None: nothing is known to wait."""
        self.attempts = 0
        self.failed_attempts = 0
        """Since the last success."""

    def copy(self) -> "OfdClient":
        """An independent client in the same state."""
        twin = OfdClient()
        twin.next_attempt = self.next_attempt
        twin.attempts = self.attempts
        twin.failed_attempts = self.failed_attempts
        return twin

    def wake(self, world: float) -> None:
        """A document may wait in the FN: try at once, unless an attempt failed and its pause runs."""
        if self.next_attempt is None:
            self.next_attempt = world

    def run(self, kkt: Kkt, peer: Peer, world: float) -> None:
        """Send everything that waits, or find out that it does not go; sets the time of the next attempt."""
        self.attempts += 1
        try:
            while self._waits(kkt, world):
                if not self._send_one(kkt, peer, world):
                    self._failed(kkt, world)
                    return
        except (Refusal, LayoutError) as error:
            kkt.volatile.exchange.fn = error.code if isinstance(error, Refusal) else E.FN_BAD_FORMAT
            kkt.volatile.exchange.fn_command = kkt.fn.last_command
            self._failed(kkt, world)
            return
        self.failed_attempts = 0
        self.next_attempt = None

    def skip(self, kkt: Kkt, until: float) -> None:
        """Count the attempts up to ``until`` that could only fail as the last one did."""
        if self.next_attempt is None or self.next_attempt > until:
            return
        pause = _pause_seconds(kkt)
        missed = int((until - self.next_attempt) // pause) + 1
        self.attempts += missed
        self.failed_attempts += missed
        self.next_attempt += missed * pause

    def _failed(self, kkt: Kkt, world: float) -> None:
        self.failed_attempts += 1
        self.next_attempt = world + _pause_seconds(kkt)

    def _waits(self, kkt: Kkt, world: float) -> bool:
        """Whether the FN has a document to send; outside the phases in which it sends it is not asked."""
        phase = FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", world)).phase
        if phase not in _SENDING:
            kkt.volatile.exchange.document_number = 0
            return False
        status = ExchangeStatus.parse(kkt.fn.do(FnCommand.EXCHANGE_STATUS, b"", world))
        kkt.volatile.exchange.document_number = status.number
        return status.unsent_documents > 0

    def _send_one(self, kkt: Kkt, peer: Peer, world: float) -> bool:
        errors, fn = kkt.volatile.exchange, kkt.fn
        if not peer.is_up:
            errors.network = NETWORK_DOWN
            return False
        errors.network = 0
        fn.do(FnCommand.SET_TRANSPORT, _UP, world)
        try:
            answer = peer.exchange(self._message(kkt, world), world)
            body = _body(answer)
            if body is None:
                errors.ofd = NO_ANSWER
                return False
            fn.do(FnCommand.PUT_CONFIRMATION, body, world)
        finally:
            self._hang_up(kkt, world)
        errors.ofd = errors.fn = 0
        errors.last_sent_world = kkt.clock(world)
        return True

    def _hang_up(self, kkt: Kkt, world: float) -> None:
        """Tell the FN that the connection is over; one whose last document was just confirmed does not listen.

        Which command the FN has failed on before, is still known.
        """
        asked = kkt.fn.last_command
        with suppress(Refusal):
            kkt.fn.do(FnCommand.SET_TRANSPORT, _DOWN, world)
        kkt.fn.last_command = asked

    def _message(self, kkt: Kkt, world: float) -> bytes:
        """The head of the FN's queue, with the session header that the till adds."""
        fn = kkt.fn
        length = parse_word(fn.do(FnCommand.BEGIN_MESSAGE, b"", world))
        parts: list[bytes] = []
        offset = 0
        while offset < length:
            ask = min(BLOCK_BYTES, length - offset)
            where = offset.to_bytes(2, "little") + ask.to_bytes(2, "little")
            part = fn.do(FnCommand.READ_MESSAGE, where, world)
            if not part:
                break
            parts.append(part)
            offset += len(part)
        fn.do(FnCommand.END_MESSAGE, b"", world)
        number = fn.do(FnCommand.NUMBER, b"", world)
        if len(number) != FN_NUMBER_SIZE or not number.isdigit():
            raise LayoutError(f"{number!r} is no number of an FN")
        return session.build_message(number.decode("ascii"), b"".join(parts))


def _pause_seconds(kkt: Kkt) -> int:
    """World time between an attempt that failed and the next one: table 19, field 13."""
    return tables.number(kkt, 19, 1, 13)


def _body(answer: bytes | None) -> bytes | None:
    """The container of an operator's answer; None when it is none."""
    if answer is None:
        return None
    try:
        header = session.parse_header(answer[: session.HEADER_SIZE])
    except OfdFormatError:
        return None
    body = answer[session.HEADER_SIZE :]
    return body if len(body) == header.body_size else None
