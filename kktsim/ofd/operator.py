"""A minimal operator of fiscal data (ОФД) inside the process: takes messages, stores documents, confirms them.

Its confirmations carry the stand-in signs that our FN can verify; a real operator's keys are secret.
Source: the session and container formats of public OFD libraries and their vectors; FNS order ЕД-7-20/662@.
"""

from fn_model.sign import confirmation_sign, ofd_sign
from protocol.append_log import AppendLog
from protocol.ofd import confirmation, container, session
from protocol.ofd.errors import OfdFormatError

INN = "7700000000"


class OfdOperator:
    """«ОФД». ``is_up``: whether a connection succeeds."""

    __slots__ = ("documents", "is_up")

    def __init__(self) -> None:
        self.is_up = True
        self.documents: AppendLog[container.Message] = AppendLog()
        """What was accepted, in order."""

    def copy(self) -> "OfdOperator":
        """An independent operator that has the same documents."""
        twin = OfdOperator()
        twin.is_up = self.is_up
        twin.documents = self.documents.fork()
        return twin

    def exchange(self, message: bytes, world: float) -> bytes | None:
        """The answer to one message (session header and container); None: the connection is closed without one."""
        try:
            header = session.parse_header(message[: session.HEADER_SIZE])
            body = message[session.HEADER_SIZE :]
            header.check_crc(body)
            document = container.parse(body)
            document.check_numbers()
        except OfdFormatError:
            return None
        self.documents.append(document)
        fn, number = document.fn_number, document.document_number
        proof = ofd_sign(fn, number)
        signed = confirmation.document(fn, number, INN, world, confirmation.OfdAnswer.ACCEPTED, proof)
        reply = confirmation.build(
            fn, number, INN, world, confirmation.OfdAnswer.ACCEPTED, proof, confirmation_sign(fn, signed)
        )
        return session.build_message(fn, reply, header.p_version)
