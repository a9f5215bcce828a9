"""An auditor: reads every document of an FN back through the till (A4h 30h, 32h, 20h, 40h, 45h, 46h) and checks it.

What a row of documents must be like stands in ``LAWS``, and is told without a look at how the FN decides it. Source
of the laws: FNS, «Описание интерфейса ФН» 1.2, sections 5 and 6.3 (order, dates, 24 hours, numbers), command codes
05h, 14h and 15h (term, 30 days); FNS order ЕД-7-20/662@, appendix 2 (numbers begin with 1 and have no gaps).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from protocol.atol.command import Answer, Command
from protocol.atol.commands.fn import AskFn
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType, check
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.fn.answers import ExchangeStatus, FnStatus, Term
from protocol.fn.archive_answers import FoundDocument, ReceiptDetails, ShiftDetails
from protocol.fn.commands import FnCommand

UNSENT_DAYS = 30
SHIFT_HOURS = timedelta(hours=24)
OPENING_LAG = timedelta(hours=1)
"""How much earlier than the document before it a shift may be opened."""
_RECEIPTS = frozenset({DocumentType.RECEIPT, DocumentType.CORRECTION})
_STOPPED_BY_QUEUE = _RECEIPTS | {DocumentType.SHIFT_OPEN, DocumentType.SHIFT_CLOSE}
_DATED_BY_TERM = _STOPPED_BY_QUEUE | {DocumentType.SETTLEMENT, DocumentType.CLOSE_ARCHIVE}

Ask = Callable[[Command], Answer]


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it was read back. ``body``: its TLVs; None when only the short form is kept."""

    number: int
    found: FoundDocument
    body: bytes | None

    @property
    def requisites(self) -> Requisites:
        """The requisites of the whole form; none of the short one."""
        return Requisites.parse(self.body or b"")


@dataclass(slots=True)
class Archive:
    """What has been read of one FN. ``shift``: number of the last shift."""

    documents: list[Document] = field(default_factory=list)
    shift: int = 0
    opened_at: datetime | None = None
    """When the open shift was opened; None: it is closed."""
    receipts: int = 0
    """In the last shift."""
    unsent_since: datetime | None = None
    """Date of the first document that waited for the OFD when the FN was last looked at."""
    expires_on: date | None = None
    is_closed: bool = False
    """The closing report was read."""

    def copy(self) -> "Archive":
        """An independent archive."""
        return replace(self, documents=self.documents.copy())

    @property
    def last(self) -> Document | None:
        """The last document."""
        return self.documents[-1] if self.documents else None

    def take(self, document: Document) -> None:
        """Go on to the next document."""
        self.documents.append(document)
        match document.found.type:
            case DocumentType.SHIFT_OPEN:
                self.shift += 1
                self.receipts = 0
                self.opened_at = document.found.at
            case DocumentType.SHIFT_CLOSE:
                self.opened_at = None
            case DocumentType.RECEIPT | DocumentType.CORRECTION:
                self.receipts += 1
            case DocumentType.CLOSE_ARCHIVE:
                self.is_closed = True


class Auditor:
    """«Ревизор». ``ask``: sends a question to the till; ``archives``: what has been read already."""

    def __init__(self, ask: Ask, archives: Mapping[str, Archive]) -> None:
        self._ask = ask
        self.archives = {number: archive.copy() for number, archive in archives.items()}
        """FN number to what was read of it."""

    def look(self) -> Archive | None:
        """Read what the law needs to know *before* a document is made: queue and term; None without an FN."""
        status = self._status()
        if status is None:
            return None
        archive = self.archives.setdefault(status.number, Archive())
        exchange, term = self._ask(AskFn(command=FnCommand.EXCHANGE_STATUS)), self._ask(AskFn(command=FnCommand.TERM))
        archive.unsent_since = ExchangeStatus.parse(exchange.data).at if exchange.is_ok else None
        archive.expires_on = Term.parse(term.data).expires_on if term.is_ok else None
        return archive

    def read(self, *, by_law: bool = True) -> tuple[list[Document], list[str]]:
        """The documents that are new, and what is wrong with them. ``by_law`` False: of history before `look`."""
        status = self._status()
        if status is None:
            return [], []
        archive = self.archives.setdefault(status.number, Archive())
        fresh: list[Document] = []
        wrong: list[str] = []
        for number in range(len(archive.documents) + 1, status.last_document + 1):
            document = self._document(number)
            if isinstance(document, str):
                return fresh, [*wrong, document]
            laws = LAWS if by_law else LAWS_OF_HISTORY
            wrong += [f"document {number}: {problem}" for law in laws for problem in law(archive, document)]
            archive.take(document)
            fresh.append(document)
        if status.last_document < len(archive.documents):
            wrong.append(f"the FN had {len(archive.documents)} documents, and now tells of {status.last_document}")
        return fresh, wrong

    def _status(self) -> FnStatus | None:
        answer = self._ask(AskFn(command=FnCommand.STATUS))
        return FnStatus.parse(answer.data) if answer.is_ok else None

    def _document(self, number: int) -> Document | str:
        name = number.to_bytes(4, "little")
        short = self._ask(AskFn(command=FnCommand.FIND_DOCUMENT, data=name))
        if not short.is_ok:
            return f"document {number}: the FN does not find it, {E(short.code).name}"
        whole = self._ask(AskFn(command=FnCommand.BEGIN_DOCUMENT_TLV, data=name))
        body = None
        if whole.is_ok:
            body = b""
            while (part := self._ask(AskFn(command=FnCommand.NEXT_DOCUMENT_TLV))).is_ok:
                body += part.data
            if len(body) != int.from_bytes(whole.data[2:4], "little"):
                return f"document {number}: {len(body)} bytes were read, told were {whole.data.hex()}"
        return Document(number, FoundDocument.parse(short.data), body)


# ---- the laws: what is wrong with a new document behind those that were read

Law = Callable[[Archive, Document], Iterator[str]]


def _is_well_formed(archive: Archive, new: Document) -> Iterator[str]:
    if new.body is not None:
        yield from check(new.found.type, new.body)


def _is_numbered_without_gaps(archive: Archive, new: Document) -> Iterator[str]:
    told = {new.found.number, new.requisites.number(T.DOCUMENT_NUMBER) if new.body is not None else new.number}
    if told != {new.number}:
        yield f"it has the number {sorted(told)}"


def _begins_with_registration(archive: Archive, new: Document) -> Iterator[str]:
    is_report = new.found.type in (DocumentType.REGISTRATION, DocumentType.RE_REGISTRATION)
    if archive.last is None and not is_report:
        yield f"the first document is of type {new.found.type}"


def _nothing_follows_the_closing(archive: Archive, new: Document) -> Iterator[str]:
    if archive.is_closed and new.found.type != DocumentType.SETTLEMENT:
        yield f"type {new.found.type} was made after the archive was closed"


def _shifts_alternate(archive: Archive, new: Document) -> Iterator[str]:
    if new.found.type == DocumentType.SETTLEMENT:
        return
    needs_open = new.found.type in _RECEIPTS | {DocumentType.SHIFT_CLOSE}
    if needs_open is not (archive.opened_at is not None):
        yield f"type {new.found.type} was made in {'a closed' if needs_open else 'an open'} shift"
    if isinstance(new.found.details, ShiftDetails):
        expected = archive.shift + (new.found.type == DocumentType.SHIFT_OPEN)
        if new.found.details.shift != expected:
            yield f"it is of shift {new.found.details.shift}, not {expected}"


def _receipts_are_numbered(archive: Archive, new: Document) -> Iterator[str]:
    if new.found.type not in _RECEIPTS or new.body is None:
        return
    told = new.requisites
    if (told.number(T.RECEIPT_NUMBER), told.number(T.SHIFT_NUMBER)) != (archive.receipts + 1, archive.shift):
        yield f"it is receipt {told.number(T.RECEIPT_NUMBER)} of shift {told.number(T.SHIFT_NUMBER)}"


def _sums_agree(archive: Archive, new: Document) -> Iterator[str]:
    if isinstance(new.found.details, ReceiptDetails) and new.body is not None:
        whole, short = new.requisites.number(T.TOTAL), new.found.details.total_kopecks
        if whole != short:
            yield f"its total is {whole}, the archive remembers {short}"


def _dates_do_not_go_back(archive: Archive, new: Document) -> Iterator[str]:
    if archive.last is None:
        return
    lag = OPENING_LAG if new.found.type == DocumentType.SHIFT_OPEN else timedelta(0)
    if new.found.at < archive.last.found.at - lag:
        yield f"it is dated {new.found.at}, the one before it {archive.last.found.at}"


def _receipts_are_made_in_24_hours(archive: Archive, new: Document) -> Iterator[str]:
    opened_at = archive.opened_at
    if new.found.type in _RECEIPTS and opened_at is not None and new.found.at > opened_at + SHIFT_HOURS:
        yield f"it is dated {new.found.at}, the shift was opened at {opened_at}"


def _the_queue_is_younger_than_30_days(archive: Archive, new: Document) -> Iterator[str]:
    since = archive.unsent_since
    if since is not None and new.found.type in _STOPPED_BY_QUEUE:
        days = (new.found.at.date() - since.date()).days
        if days > UNSENT_DAYS:
            yield f"it was made {days} days after the first document that the OFD has not got"


def _the_term_is_not_over(archive: Archive, new: Document) -> Iterator[str]:
    end = archive.expires_on
    if end is not None and new.found.type in _DATED_BY_TERM and new.found.at.date() > end:
        yield f"it is dated {new.found.at}, the term of the FN ended on {end}"


LAWS_OF_HISTORY: tuple[Law, ...] = (
    _is_well_formed,
    _is_numbered_without_gaps,
    _begins_with_registration,
    _nothing_follows_the_closing,
    _shifts_alternate,
    _receipts_are_numbered,
    _sums_agree,
    _dates_do_not_go_back,
    _receipts_are_made_in_24_hours,
)
"""Laws that the documents alone show."""
LAWS: tuple[Law, ...] = (*LAWS_OF_HISTORY, _the_queue_is_younger_than_30_days, _the_term_is_not_over)
"""All laws."""
