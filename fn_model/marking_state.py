"""What an FN remembers of goods with codes: values, nothing is changed in place.

`Marking` survives a power cut, `MarkingSession` does not, `ReceiptMarking` belongs to a begun receipt.
"""

import json
from datetime import date, datetime
from typing import NamedTuple

from protocol.fn.marking_codes import CodeState

MOST_CODES = 128
"""Codes whose results are kept for one receipt (public clients of FN-1.2)."""
_NUMBERS = 0xFFFFFF
"""The largest number of a message; the next one is 1 again (a guess: a container has three bytes for it)."""


class Notification(NamedTuple):
    """«Уведомление о реализации маркированного товара». ``message``: the whole container."""

    number: int
    at: datetime
    message: bytes


class Marking(NamedTuple):
    """Durable: numbers of the last request and notification, when the keys were updated, what is not yet handed over.

    ``keys_on``: None while there are no keys.
    """

    requests: int = 0
    notifications: int = 0
    keys_on: date | None = None
    queue: tuple[Notification, ...] = ()

    @property
    def size_bytes(self) -> int:
        """What the notifications take of their area."""
        return sum(len(one.message) for one in self.queue)

    def with_request(self) -> "Marking":
        """After one request more, about a code or for keys."""
        return self._replace(requests=self.requests % _NUMBERS + 1)

    @property
    def next_notification(self) -> int:
        """The number that `with_notification` is to be given."""
        return self.notifications % _NUMBERS + 1

    def with_notification(self, one: Notification) -> "Marking":
        """After one notification more."""
        return self._replace(notifications=one.number, queue=(*self.queue, one))

    def without_head(self) -> "Marking":
        """After the first notification was taken over."""
        return self._replace(queue=self.queue[1:])

    def pack(self) -> str:
        """As text for a database."""
        queue = [(number, at.isoformat(), message.hex()) for number, at, message in self.queue]
        keys_on = None if self.keys_on is None else self.keys_on.isoformat()
        return json.dumps((self.requests, self.notifications, keys_on, queue))

    @classmethod
    def unpack(cls, text: str) -> "Marking":
        """From that text; ValueError or TypeError when it holds none."""
        requests, notifications, keys_on, queue = json.loads(text)
        return cls(
            requests,
            notifications,
            None if keys_on is None else date.fromisoformat(keys_on),
            tuple(Notification(number, datetime.fromisoformat(at), bytes.fromhex(data)) for number, at, data in queue),
        )


class CheckedCode(NamedTuple):
    """A code given by B1h. ``result``: bits of 2106; ``request``: number of the request about it, 0 before B5h."""

    code: bytes
    state: CodeState
    result: int
    request: int = 0


class MarkingSession(NamedTuple):
    """Volatile: the code under check, the codes kept, and what is being handed over.

    ``message``: the notification being read; ``is_waiting``: for the answer to it; ``dumped``: number of the
    notification selected by D3h and D4h, 0: none; ``keys_asked``: number of the request for keys, 0: none;
    ``keys_asked_on``: its day.
    """

    code: CheckedCode | None = None
    kept: tuple[CheckedCode, ...] = ()
    message: bytes | None = None
    is_waiting: bool = False
    dumped: int = 0
    keys_asked: int = 0
    keys_asked_on: date | None = None

    def forgetting_codes(self) -> "MarkingSession":
        """Without any result of a check."""
        return self._replace(code=None, kept=()) if self.code or self.kept else self


class ReceiptMarking(NamedTuple):
    """What B7h has brought to a begun receipt.

    ``goods``: TLVs 2007; ``more``: TLVs of the notification besides; ``size_bytes``: of all three kinds of data;
    ``awaits_item``: the item of the last goods has not come.
    """

    goods: tuple[bytes, ...] = ()
    more: bytes = b""
    size_bytes: int = 0
    awaits_item: bool = False
