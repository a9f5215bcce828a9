"""What an operator has received: documents by FN and number, each with the confirmation it got.

A document that comes again is not stored again. Another document under a number that is taken is stored beside the
first, as its next version: an FN whose memory was restored from a copy does that, and nothing is lost here.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from protocol.ofd.container import HEADER_SIZE


class NotStoredError(Exception):
    """A document that could not be kept, which must not be confirmed then. The text is a sentence."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it came. ``received_world``: UTC seconds; ``answer``: 1022 of the ``confirmation``, a container."""

    fn_number: str
    number: int
    type: int
    received_world: float
    container: bytes
    answer: int
    confirmation: bytes

    @property
    def document(self) -> bytes:
        """The STLV: what tells a document from another, while the header around it may vary."""
        size = int.from_bytes(self.container[HEADER_SIZE + 2 : HEADER_SIZE + 4], "little")
        return self.container[HEADER_SIZE : HEADER_SIZE + 4 + size]


class Till(NamedTuple):
    """What is stored of one FN: how many documents with their versions, the first and the last number."""

    fn_number: str
    documents: int
    first: int
    last: int


class Store(Protocol):
    """Where documents are kept."""

    def put(self, document: StoredDocument) -> bool:
        """Keep a document for good before this returns; False: it was there. Raises NotStoredError."""

    def answer_anew(self, document: StoredDocument) -> None:
        """Keep another answer to one of `versions`, for good before this returns; raises NotStoredError."""

    def versions(self, fn_number: str, number: int) -> tuple[StoredDocument, ...]:
        """The documents that came under a number, in order."""

    def before(self, fn_number: str, number: int) -> StoredDocument | None:
        """The last document of an FN with a lower number."""

    def listed(self, fn_number: str, first: int, count: int) -> list[StoredDocument]:
        """Documents of an FN by number from ``first`` on, ``count`` at most, versions as they came."""

    def tills(self) -> list[Till]:
        """What there is of every FN, by its number."""

    def received(self, start: int = 0) -> list[StoredDocument]:
        """Documents in the order of receipt, from index ``start`` on."""

    def __len__(self) -> int:
        """How many documents there are."""

    def fork(self) -> "Store":
        """The same for a fork; what either gets from now on the other does not see."""


def same(versions: Iterable[StoredDocument], document: bytes) -> StoredDocument | None:
    """The version that is this document (STLV), if one is."""
    return next((one for one in versions if one.document == document), None)


@dataclass(slots=True)
class _Numbers:
    """The documents of one FN on a shelf: their numbers in order, and where those lie."""

    numbers: list[int] = field(default_factory=list)
    places: dict[int, list[int]] = field(default_factory=dict)

    def add(self, number: int, place: int) -> None:
        if number not in self.places:
            insort(self.numbers, number)
            self.places[number] = []
        self.places[number].append(place)


class _Shelf:
    """Documents in the order of receipt, shared by forks; each of them sees only so many."""

    __slots__ = ("documents", "tills")

    def __init__(self) -> None:
        self.documents: list[StoredDocument] = []
        self.tills: dict[str, _Numbers] = {}

    def add(self, document: StoredDocument) -> None:
        self.tills.setdefault(document.fn_number, _Numbers()).add(document.number, len(self.documents))
        self.documents.append(document)


class MemoryStore:
    """Documents in memory. A fork costs nothing until both sides go on; then one of them copies its part once."""

    __slots__ = ("_anew", "_length", "_shelf")

    def __init__(self) -> None:
        self._shelf = _Shelf()
        self._length = 0
        self._anew: Mapping[int, StoredDocument] = {}
        """Documents that were answered anew, by where they lie; forks share it until one of them puts another there."""

    def put(self, document: StoredDocument) -> bool:
        """Keep a document; False: it was there."""
        if same(self.versions(document.fn_number, document.number), document.document) is not None:
            return False
        if len(self._shelf.documents) != self._length:
            seen, self._shelf = self._shelf.documents[: self._length], _Shelf()
            for one in seen:
                self._shelf.add(one)
        self._shelf.add(document)
        self._length += 1
        return True

    def answer_anew(self, document: StoredDocument) -> None:
        """Keep another answer to one of `versions`."""
        for place in self._places(document.fn_number, document.number):
            if self._shelf.documents[place].container == document.container:
                self._anew = {**self._anew, place: document}

    def versions(self, fn_number: str, number: int) -> tuple[StoredDocument, ...]:
        """The documents that came under a number, in order."""
        return tuple(map(self._at, self._places(fn_number, number)))

    def before(self, fn_number: str, number: int) -> StoredDocument | None:
        """The last document of an FN with a lower number."""
        numbers = self._numbers(fn_number)
        for lower in reversed(numbers[: bisect_left(numbers, number)]):
            versions = self.versions(fn_number, lower)
            if versions:
                return versions[-1]
        return None

    def listed(self, fn_number: str, first: int, count: int) -> list[StoredDocument]:
        """Documents of an FN by number from ``first`` on, ``count`` at most, versions as they came."""
        numbers = self._numbers(fn_number)
        found: list[StoredDocument] = []
        for number in numbers[bisect_left(numbers, first) :]:
            if len(found) >= count:
                break
            found += self.versions(fn_number, number)
        return found[:count]

    def tills(self) -> list[Till]:
        """What there is of every FN, by its number."""
        numbers: dict[str, list[int]] = {}
        for document in self._shelf.documents[: self._length]:
            numbers.setdefault(document.fn_number, []).append(document.number)
        return [Till(fn, len(mine), min(mine), max(mine)) for fn, mine in sorted(numbers.items())]

    def received(self, start: int = 0) -> list[StoredDocument]:
        """Documents in the order of receipt, from index ``start`` on."""
        return [self._at(place) for place in range(self._length)[start:]]

    def __len__(self) -> int:
        return self._length

    def fork(self) -> "MemoryStore":
        """A second store with the same documents."""
        twin = MemoryStore()
        twin._shelf, twin._length, twin._anew = self._shelf, self._length, self._anew
        return twin

    def _at(self, place: int) -> StoredDocument:
        """As it was answered last."""
        return self._anew.get(place) or self._shelf.documents[place]

    def _places(self, fn_number: str, number: int) -> list[int]:
        """Where the documents under a number lie."""
        till = self._shelf.tills.get(fn_number)
        return [] if till is None else [place for place in till.places.get(number, ()) if place < self._length]

    def _numbers(self, fn_number: str) -> list[int]:
        till = self._shelf.tills.get(fn_number)
        return [] if till is None else till.numbers
