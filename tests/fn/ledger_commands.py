"""The commands that the ledger knows, and how it is asked."""

from collections.abc import Container
from typing import NamedTuple

from tests.fn import ledger_documents as documents
from tests.fn import ledger_queries as queries
from tests.fn.ledger import ARCHIVE_READ, FISCAL, POST_FISCAL, READY, Action, Ledger, Refused, Told

ALWAYS = (READY, FISCAL, POST_FISCAL, ARCHIVE_READ)
OPEN = (READY, FISCAL, POST_FISCAL)
SENDING = (FISCAL, POST_FISCAL)
REGISTERED = (FISCAL, POST_FISCAL, ARCHIVE_READ)
NO_DATA, DATE, NUMBER, ANY_DATA = (0,), (5,), (4,), range(1, 1025)


class Row(NamedTuple):
    """One command: what it does, lengths of its data, phases it works in."""

    action: Action
    sizes: Container[int]
    phases: tuple[int, ...]


COMMANDS: dict[int, Row] = {
    0x02: Row(documents.begin_registration, (0, 1), (READY, FISCAL)),
    0x03: Row(documents.register, (39, 40), (READY, FISCAL)),
    0x04: Row(documents.begin_close_archive, NO_DATA, (FISCAL,)),
    0x05: Row(documents.close_archive, (25,), (FISCAL,)),
    0x06: Row(documents.cancel, NO_DATA, OPEN),
    0x07: Row(documents.add_data, ANY_DATA, OPEN),
    0x10: Row(queries.shift_parameters, NO_DATA, (FISCAL,)),
    0x11: Row(documents.begin_open_shift, DATE, (FISCAL,)),
    0x12: Row(documents.open_shift, NO_DATA, (FISCAL,)),
    0x13: Row(documents.begin_close_shift, DATE, (FISCAL,)),
    0x14: Row(documents.close_shift, NO_DATA, (FISCAL,)),
    0x15: Row(documents.begin_receipt(3, 0x15), DATE, (FISCAL,)),
    0x16: Row(documents.form_receipt, (11,), (FISCAL,)),
    0x17: Row(documents.begin_receipt(31, 0x17), DATE, (FISCAL,)),
    0x18: Row(documents.begin_settlement, DATE, SENDING),
    0x19: Row(documents.form_settlement, NO_DATA, SENDING),
    0x20: Row(queries.exchange_status, NO_DATA, SENDING),
    0x21: Row(queries.set_transport, (1, 2, 3, 4), SENDING),
    0x22: Row(queries.begin_message, NO_DATA, SENDING),
    0x23: Row(queries.read_message, (4,), SENDING),
    0x24: Row(queries.cancel_message, NO_DATA, SENDING),
    0x25: Row(queries.end_message, NO_DATA, SENDING),
    0x26: Row(queries.put_confirmation, ANY_DATA, SENDING),
    0x30: Row(queries.status, NO_DATA, ALWAYS),
    0x31: Row(queries.fn_number, NO_DATA, ALWAYS),
    0x32: Row(queries.term, NO_DATA, OPEN),
    0x36: Row(queries.totals, (1,), REGISTERED),
    0x37: Row(queries.counts, (1,), REGISTERED),
    0x38: Row(queries.totals_of_one, (2,), REGISTERED),
    0x39: Row(queries.unsent_totals, NO_DATA, REGISTERED),
    0x3A: Row(queries.ffd_versions, NO_DATA, ALWAYS),
    0x3B: Row(queries.days_left, DATE, REGISTERED),
    0x3D: Row(queries.room_left, NO_DATA, ALWAYS),
    0x40: Row(queries.find_document, NUMBER, ALWAYS),
    0x41: Row(queries.find_confirmation, NUMBER, ALWAYS),
    0x42: Row(queries.unsent_count, NO_DATA, ALWAYS),
    0x43: Row(queries.registration_result, (0, 1), REGISTERED),
    0x44: Row(queries.registration_requisite, (2, 3), REGISTERED),
    0x45: Row(queries.begin_document, NUMBER, ALWAYS),
    0xA2: Row(documents.begin_full_registration, (2,), (READY, FISCAL)),
    0xA3: Row(documents.register_fully, (52, 56), (READY, FISCAL)),
    0x60: Row(queries.reset, (1,), ALWAYS),
}
NOT_OF_FN_1 = frozenset({0x36, 0x37, 0x38, 0x39, 0x3A, 0x3B, 0x3D, 0xA2, 0xA3})
SIGNING = frozenset({0x03, 0xA3, 0x05, 0x12, 0x14, 0x16, 0x19})
"""Commands that hang when the FN is silent on signing."""


def ask(ledger: Ledger, command: int, data: bytes, world: float) -> Told:
    """What the FN must answer; the ledger goes on as if it had."""
    row = COMMANDS[command]
    if command in SIGNING and "silent" in ledger.faults:
        return Told(None)
    if (command in NOT_OF_FN_1 and ledger.generation == "FN-1") or len(data) not in row.sizes:
        return Told(0x01)
    phases = row.phases
    if command == 0x10 and ledger.rules["tells_shift_after_closing"]:
        phases = REGISTERED
    if command == 0x32 and ledger.rules["tells_term_after_closing"]:
        phases = ALWAYS
    if command == 0x20 and ledger.rules["tells_exchange_always"]:
        phases = ALWAYS
    if ledger.phase not in phases:
        return Told(ledger.rules["read_only_code"] if ledger.phase == ARCHIVE_READ else 0x02)
    try:
        return Told(0x00, row.action(ledger, data, world))
    except Refused as refused:
        return Told(refused.code, (refused.data,) if refused.data else ())
