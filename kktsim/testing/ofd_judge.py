"""What must hold between an FN and its operator, whatever is wrong on the way: every document once, in order, as it is.

A judge looks again and again; of a document that was thirty days old when it was sent the FN has nothing to compare.
"""

from fn_model import FiscalStorage
from fn_model.ofd_queue import message
from kktsim.ofd.store import Store, StoredDocument
from protocol.fn.archive_answers import OFD_SIGN_SIZE
from protocol.ofd import confirmation


class Judge:
    """Looks at the documents of one FN in transfer mode, from its first one on, and at an operator that has them."""

    def __init__(self, fn: FiscalStorage, store: Store) -> None:
        self._fn = fn
        self._store = store
        self._received = 0
        self.stored = 0
        """Number of the last document that the operator has."""
        self.confirmed = 0
        """Number of the last document that the FN knows to be there."""

    def look(self) -> list[str]:
        """What is wrong with what has come since the last look, a sentence each."""
        return [*self._received_since(), *self._confirmed_since()]

    def at_rest(self) -> list[str]:
        """What is wrong when everything should have been sent."""
        unsent = self._fn.archive.unsent_count()
        return [*self.look(), *([f"{unsent} documents are still to be sent"] if unsent else [])]

    def _received_since(self) -> list[str]:
        wrong: list[str] = []
        for stored in self._store.received(self._received):
            self._received += 1
            if stored.fn_number != self._fn.number:
                continue
            document = self._fn.archive.get(stored.number)
            if document is None:
                wrong.append(f"the operator has document {stored.number}, which nobody made")
            elif document.body and message(self._fn.number, document) != stored.container:
                wrong.append(f"document {stored.number} came to the operator as another one")
            if stored.number <= self.stored:
                wrong.append(f"document {stored.number} is stored again behind {self.stored}")
            elif stored.number > self.stored + 1:
                wrong.append(f"document {stored.number} is stored behind {self.stored}")
            self.stored = max(self.stored, stored.number)
        return wrong

    def _confirmed_since(self) -> list[str]:
        archive, wrong = self._fn.archive, list[str]()
        head = archive.head()
        confirmed = self._fn.state.document_number if head is None else head.number - 1
        for number in range(self.confirmed + 1, confirmed + 1):
            versions = self._store.versions(self._fn.number, number)
            if len(versions) != 1:
                wrong.append(f"the FN has document {number} confirmed, and the operator has it {len(versions)} times")
            elif not self._is_confirmed_by(versions[0]):
                wrong.append(f"the FN has another confirmation of document {number} than the operator gave")
        self.confirmed = confirmed
        return wrong

    def _is_confirmed_by(self, stored: StoredDocument) -> bool:
        kept = self._fn.archive.confirmation(stored.number)
        given = confirmation.parse(stored.confirmation)
        sign = given.ofd_sign[:OFD_SIGN_SIZE].ljust(OFD_SIGN_SIZE, b"\0")
        return kept is not None and (kept.at, kept.sign) == (given.received_at, sign)
