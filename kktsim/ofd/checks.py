"""What an operator looks at before it takes a message: what is wrong is one sentence, and then the call is over.

Header, signature, versions and sizes are judged where messages are read (`protocol.ofd.stream`). Not judged: the sign
of the message, which only a real operator can check, and what the requisites say.
"""

from fn_model.number import TEST_PREFIX
from protocol.ffd.documents import DocumentType
from protocol.fn.commands import OfdRefusal
from protocol.ofd import container
from protocol.ofd.container import Message
from protocol.ofd.errors import OfdFormatError
from protocol.ofd.stream import SessionMessage

SIGN_BYTES = 10
"""Bytes of «ФПС» in every published message of a till."""
FROM_TILLS = frozenset(DocumentType) - {DocumentType.CONFIRMATION}
"""Documents that go to an operator."""


def document_of(message: SessionMessage) -> Message | None:
    """The document in a message, None when it has none; raises OfdFormatError."""
    header = message.header
    if not (header.fn_number.isdigit() and header.fn_number.startswith(TEST_PREFIX)):
        raise OfdFormatError(
            OfdRefusal.FN_NUMBER,
            f"that is no number of a test FN, only those that begin with {TEST_PREFIX} are served",
        )
    header.check_crc(message.body)
    if not message.body:
        return None
    document = container.parse(message.body)
    if document.fn_number != header.fn_number:
        raise OfdFormatError(
            OfdRefusal.FN_NUMBER, f"FN {header.fn_number} in the session header, {document.fn_number} in the container"
        )
    if document.document_type not in FROM_TILLS:
        raise OfdFormatError(OfdRefusal.FORMAT, f"no till sends documents of type {document.document_type}")
    if document.document_number == 0:
        raise OfdFormatError(OfdRefusal.DOCUMENT_NUMBER, "document 0: an FN numbers its documents from 1")
    if len(document.sign) != SIGN_BYTES:
        raise OfdFormatError(
            OfdRefusal.LENGTH, f"{len(document.sign)} bytes behind the document, its sign has {SIGN_BYTES}"
        )
    try:
        document.requisites()
    except OfdFormatError as error:
        raise OfdFormatError(
            error.reason, f"the document cannot be decoded ({error}); encrypted ones are not taken"
        ) from None
    document.check_numbers()
    return document
