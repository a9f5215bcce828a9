"""Who looks on at an operator that is served alone: one who tells of each message on stderr, and a recorder."""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import click

from kktsim.cli.output_file import TraceFile
from kktsim.clock import Clock
from kktsim.decode.piece import Side
from kktsim.ofd.tcp_server import Onlooker
from protocol.ffd.documents import DocumentType
from protocol.ofd import confirmation, container
from protocol.ofd.errors import OfdFormatError
from protocol.ofd.stream import MessageReader, SessionMessage

if TYPE_CHECKING:
    from kktsim.ofd_trace import ConnectionRecorder

UNANSWERED_KEPT = 16
"""Messages of one connection that wait for an answer and are told of when none comes."""


class Onlookers:
    """Whoever is wanted, for every connection that is made."""

    def __init__(self, verbose: bool, trace: str | None, clock: Clock) -> None:
        self._verbose = verbose
        self._clock = clock
        self._trace = None if trace is None else TraceFile(trace)
        self._name = ""
        self._started = 0.0
        self._recorded = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._trace is not None:
            self._trace.close()

    def begin(self, name: str) -> None:
        """The operator answers at ``name``: the recording starts."""
        from kktsim.control.times import iso  # noqa: PLC0415 - few operators are recorded
        from kktsim.trace import Header, write_header  # noqa: PLC0415 - the same

        self._name, self._started = name, self._clock.now()
        if self._trace is not None:
            write_header(self._trace, Header(at=iso(self._clock.world(self._started)), ports=(f"ofd {name}",)))

    def at(self, peer: str) -> Sequence[Onlooker]:
        """Those of the connection with a till, ``HOST:PORT``."""
        found: list[Onlooker] = [Watch(peer)] if self._verbose else []
        if self._trace is not None:
            found.append(self._recorder(peer, self._trace))
        return found

    def _recorder(self, peer: str, out: TraceFile) -> Onlooker:
        from kktsim.ofd_trace import ConnectionRecorder, connection_name  # noqa: PLC0415 - few operators are recorded

        host, _, port = self._name.rpartition(":")
        self._recorded += 1
        name = connection_name(host, int(port), self._recorded)
        return Recording(ConnectionRecorder(out, name, self._clock.now, self._started), peer)


class Recording:
    """Writes one connection into a trace."""

    def __init__(self, recorder: "ConnectionRecorder", peer: str) -> None:
        self._recorder = recorder
        recorder.became(f"opened from {peer}")

    def heard(self, data: bytes) -> None:
        """Bytes came from the till."""
        self._recorder.said(Side.TILL, data)

    def said(self, data: bytes) -> None:
        """Bytes go to the till."""
        self._recorder.said(Side.OFD, data)

    def ended(self, *, by_operator: bool) -> None:
        """The connection is no more."""
        self._recorder.became(f"closed by {Side.OFD if by_operator else Side.TILL}")


class Watch:
    """Tells on stderr, a line each, which messages come over one connection and what they are answered."""

    def __init__(self, peer: str) -> None:
        self._peer = peer
        self._till: MessageReader | None = MessageReader()
        self._operator: MessageReader | None = MessageReader()
        self._asked: deque[str] = deque(maxlen=UNANSWERED_KEPT)
        self._last = "nobody"

    def heard(self, data: bytes) -> None:
        """Bytes came from the till."""
        if self._till is None:
            return
        try:
            self._asked.extend(map(_asked, self._till.feed(data)))
        except OfdFormatError as error:
            self._till = None
            self._tell(f"no message of a till: {error}")

    def said(self, data: bytes) -> None:
        """Bytes go to the till."""
        if self._operator is None:
            return
        try:
            answers = self._operator.feed(data)
        except OfdFormatError:
            self._operator = None
            self._tell(f"{self._next()}: garbage")
            return
        for answer in answers:
            self._tell(f"{self._next()}: {_answered(answer)}")

    def ended(self, *, by_operator: bool) -> None:
        """The connection is no more."""
        who = "the operator" if by_operator else "the till"
        if self._till is not None and not self._till.is_between:
            self._asked.append("half a message")
        for asked in self._asked:
            self._tell(f"{asked}: no answer, {who} hung up")

    def _next(self) -> str:
        """What is answered now; an answer too many is one to the last message."""
        if self._asked:
            self._last = self._asked.popleft()
            return self._last
        return f"{self._last} again"

    def _tell(self, words: str) -> None:
        click.echo(f"{self._peer} {words}", err=True)


def _asked(message: SessionMessage) -> str:
    fn_number = message.header.fn_number
    whose = f"FN {fn_number}" if fn_number.isdigit() else f"FN {fn_number!r}"
    if not message.body:
        return f"{whose}, no document"
    try:
        document = container.parse(message.body)
        name = DocumentType(document.document_type).name_ru
    except (OfdFormatError, ValueError) as error:
        return f"{whose}, no sound document ({error})"
    return f"{whose}, document {document.document_number} «{name}»"


def _answered(message: SessionMessage) -> str:
    if not message.body:
        return "a header without a confirmation"
    try:
        told = confirmation.parse(message.body)
    except OfdFormatError as error:
        return f"a damaged confirmation ({error})"
    return f"confirmation of FN {told.fn_number}, document {told.document_number}, answer {told.answer}"
