"""The operator of fiscal data (ОФД): takes tills' messages, stores the documents, confirms them, without any sockets.

A document is stored before its confirmation goes out, and one that comes again gets the same confirmation again, or the
one that a failure makes of it, which it gets from then on. What is wrong with a message is told in a sentence, and the
connection is closed without an answer, as the operators do whose behaviour is known. A header without a document is
answered by a header without one (a guess). Planned failures (`kktsim.ofd.failures`) strike messages that are all right.

Sources: FNS order ЕД-7-20/662@; independent implementations of both sides of the exchange.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kktsim.ofd.checks import document_of
from kktsim.ofd.confirming import ANSWERS, WRONG, confirm, empty_message, garbage, message
from kktsim.ofd.failures import SERVER_FAILURES, Failure, FailurePlan, Planned
from kktsim.ofd.store import MemoryStore, NotStoredError, Store, StoredDocument, same
from protocol.ofd.confirmation import OfdAnswer
from protocol.ofd.container import HEADER_SIZE as CONTAINER_HEADER_SIZE
from protocol.ofd.container import Message, unpack_fn_number
from protocol.ofd.errors import OfdFormatError
from protocol.ofd.session import SessionHeader
from protocol.ofd.stream import MessageReader, SessionMessage

INN = "7700000000"
REFUSALS_KEPT = 100
BYTE_SECONDS = 1.0
"""Between two bytes of an operator that answers byte by byte."""

BEFORE_READING = frozenset((Failure.CLOSE_BEFORE, Failure.TARIFF))
"""Failures that strike when the connection stands, or as soon as it is known which document of which till comes."""
NOT_STORED = frozenset((Failure.SILENCE, Failure.CLOSE_AFTER))
"""Failures by which a document is read and lost; with the others the operator has it."""
WITHOUT_DOCUMENT = frozenset(
    (
        *(Failure.SILENCE, Failure.SLOW, Failure.SLOW_BYTES, Failure.CLOSE_AFTER, Failure.GARBAGE, Failure.PARTIAL),
        Failure.TWO_ANSWERS,
    )
)
"""Failures that a message without a document can meet."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the operator does on a connection, ``after`` so many seconds: send ``data``, then hang up or not."""

    after: float = 0.0
    data: bytes = b""
    closes: bool = False


_HANG_UP = Reply(closes=True)

MANNERS: Mapping[Failure, Callable[[bytes, Planned], list[Reply]]] = {
    Failure.CLOSE_BEFORE: lambda _answer, _planned: [_HANG_UP],
    Failure.TARIFF: lambda _answer, _planned: [],
    Failure.SILENCE: lambda _answer, _planned: [],
    Failure.CLOSE_AFTER: lambda _answer, _planned: [_HANG_UP],
    Failure.LOST_ACK: lambda _answer, _planned: [_HANG_UP],
    Failure.SLOW: lambda answer, planned: [Reply(planned.seconds, answer)],
    Failure.SLOW_BYTES: lambda answer, _planned: [
        Reply(number * BYTE_SECONDS, bytes((byte,))) for number, byte in enumerate(answer)
    ],
    Failure.PARTIAL: lambda answer, _planned: [Reply(data=answer[: len(answer) // 2], closes=True)],
    Failure.TWO_ANSWERS: lambda answer, _planned: [Reply(data=answer), Reply(data=answer)],
    Failure.GARBAGE: lambda _answer, planned: [Reply(data=garbage(planned))],
}
"""How an answer is sent when a failure strikes; with the others at once."""


class OfdServer:
    """«ОФД». ``store``: what it keeps documents in; ``inn``: its own, in confirmations."""

    __slots__ = ("complain", "failures", "inn", "refusals", "refused", "store")

    def __init__(self, store: Store | None = None, inn: str = INN) -> None:
        self.store: Store = MemoryStore() if store is None else store
        self.inn = inn
        self.failures = FailurePlan()
        self.refused = 0
        """How many messages were refused."""
        self.refusals: deque[str] = deque(maxlen=REFUSALS_KEPT)
        """Why, the last ones."""
        self.complain: Callable[[str], None] | None = None
        """Is told of refused messages, and of documents that came under a number that was taken."""

    def copy(self) -> "OfdServer":
        """An independent operator that has the same documents and failures; nobody is told of what it refuses."""
        twin = OfdServer(self.store.fork(), self.inn)
        twin.failures = self.failures.copy()
        twin.refused, twin.refusals = self.refused, self.refusals.copy()
        return twin

    def connect(self) -> "OfdLine":
        """A connection from a till."""
        return OfdLine(self)

    def refuse(self, sentence: str) -> None:
        """Count a message that is not taken, and tell of it."""
        self.refused += 1
        self.refusals.append(sentence)
        self.tell(sentence)

    def tell(self, sentence: str) -> None:
        """Tell whoever listens."""
        if self.complain is not None:
            self.complain(sentence)

    def take(self, document: Message, container: bytes, world: float, answer: OfdAnswer | None) -> StoredDocument:
        """Keep a document, unless it is there; raises NotStoredError. ``answer``: 1022; None: as usual."""
        fn_number, number = document.fn_number, document.document_number
        versions = self.store.versions(fn_number, number)
        known = same(versions, document.document)
        if known is not None and answer in (None, known.answer):
            return known
        code = OfdAnswer.ACCEPTED if answer is None else answer
        if known is not None:
            again = confirm(self.inn, fn_number, number, known.received_world, code)
            known = replace(known, answer=code, confirmation=again)
            self.store.answer_anew(known)
            return known
        confirmation = confirm(self.inn, fn_number, number, world, code)
        new = StoredDocument(fn_number, number, document.document_type, world, container, code, confirmation)
        self.store.put(new)
        if versions:
            self.tell(f"FN {fn_number}: document {number} came with another content, it is version {len(versions) + 1}")
        return new


class OfdLine:
    """One connection. Holds at most one message."""

    __slots__ = ("_free_at", "_is_looked_at", "_listens", "_reader", "_server")

    def __init__(self, server: OfdServer) -> None:
        """`OfdServer.connect` makes one."""
        self._server = server
        self._reader = MessageReader()
        self._listens = True
        self._is_looked_at = False
        """Whether the failures that strike before a message is read had their chance at this one."""
        self._free_at = 0.0
        """World time at which the last answer is out: the next one comes behind it."""

    def copy(self, server: OfdServer) -> "OfdLine":
        """The same connection to the operator's fork."""
        twin = OfdLine(server)
        twin._reader = self._reader.copy()
        twin._listens, twin._is_looked_at, twin._free_at = self._listens, self._is_looked_at, self._free_at
        return twin

    @property
    def listens(self) -> bool:
        """Whether it still takes bytes; others are ignored."""
        return self._listens

    def opened(self, world: float) -> list[Reply]:
        """What the operator does before anything has come."""
        planned = self._server.failures.strike(BEFORE_READING, None, "")
        return [] if planned is None else self._stop(planned, world)

    def receive(self, data: bytes, world: float) -> list[Reply]:
        """What the operator does about bytes from the till, however they are cut."""
        replies: list[Reply] = []
        if self._listens:
            self._reader.push(data)
        while self._listens:
            try:
                whole = self._reader.pop()
            except OfdFormatError as error:
                replies += self._refuse(str(error), world)
                break
            if whole is None:
                replies += self._look_ahead(world)
                break
            replies += self._message(whole, world)
            self._is_looked_at = False
        if not self._listens:
            self._reader = MessageReader()
        return replies

    def _look_ahead(self, world: float) -> list[Reply]:
        """Whether the operator needs no more of a message than its headers."""
        head = self._reader.begun(CONTAINER_HEADER_SIZE)
        if self._is_looked_at or len(head) < CONTAINER_HEADER_SIZE:
            return []
        try:
            fn_number = unpack_fn_number(head[9:17])
        except OfdFormatError:
            return []
        return self._strike_early(int.from_bytes(head[17:20], "big"), fn_number, world)

    def _strike_early(self, number: int | None, fn_number: str, world: float) -> list[Reply]:
        if self._is_looked_at:
            return []
        self._is_looked_at = True
        planned = self._server.failures.strike(BEFORE_READING, number, fn_number, only_scoped=True)
        return [] if planned is None else self._stop(planned, world)

    def _message(self, whole: SessionMessage, world: float) -> list[Reply]:
        header, server = whole.header, self._server
        try:
            document = document_of(whole)
            number = None if document is None else document.document_number
            replies = self._strike_early(number, header.fn_number, world)
            if not self._listens:
                return replies
            kinds = WITHOUT_DOCUMENT if document is None else SERVER_FAILURES - BEFORE_READING
            planned = server.failures.strike(kinds, number, header.fn_number)
            if document is None:
                answer = empty_message(header)
            else:
                answer = self._answer(header, document, whole.body, planned, world)
        except (OfdFormatError, NotStoredError) as error:
            return self._refuse(f"{_name(header.fn_number)}: {error}", world)
        if planned is None or planned.failure not in MANNERS:
            return self._later([Reply(data=answer)], world)
        return self._later(MANNERS[planned.failure](answer, planned), world)

    def _answer(
        self, header: SessionHeader, document: Message, container: bytes, planned: Planned | None, world: float
    ) -> bytes:
        """Keep the document, and make the answer, right or wrong."""
        server, failure = self._server, None if planned is None else planned.failure
        if failure in NOT_STORED:
            return b""
        kept = server.take(document, container, world, None if failure is None else ANSWERS.get(failure))
        if failure is Failure.HEADER_ONLY:
            return empty_message(header)
        if failure is Failure.DUPLICATE:
            kept = server.store.before(kept.fn_number, kept.number) or kept
        wrong = None if failure is None else WRONG.get(failure)
        return message(header, kept.confirmation if wrong is None else wrong(server.inn, kept))

    def _stop(self, planned: Planned, world: float) -> list[Reply]:
        """Hear nothing more."""
        self._listens = False
        return self._later(MANNERS[planned.failure](b"", planned), world)

    def _refuse(self, sentence: str, world: float) -> list[Reply]:
        self._server.refuse(sentence)
        return self._later([_HANG_UP], world)

    def _later(self, replies: list[Reply], world: float) -> list[Reply]:
        """The replies behind those that are not out yet."""
        busy = max(self._free_at - world, 0.0)
        queued = [replace(reply, after=busy + reply.after) for reply in replies] if busy else replies
        if queued:
            self._free_at = world + queued[-1].after
            self._listens = self._listens and not queued[-1].closes
        return queued


def _name(fn_number: str) -> str:
    """Who sends; a stranger may have sent anything."""
    return f"FN {fn_number}" if fn_number.isdigit() else f"FN {fn_number!r}"
