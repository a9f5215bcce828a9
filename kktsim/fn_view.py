"""What is in an FN, for people and programs: its answers about itself, the list of its documents, one document whole.

Everything is a plain value as JSON has it; ``text`` beside the values is the same as lines for a person.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fn_model import FiscalStorage
from fn_model.archive import Document
from fn_model.phases import COMMAND_PHASES
from fn_model.port import COMMANDS
from fn_model.refusal import FnRefusal
from kktsim.decode import fn as fn_wire
from kktsim.decode import tlv
from kktsim.decode.piece import Piece, told_fields, values
from kktsim.printer.paper import roubles
from protocol.atol.words import PHASES
from protocol.ffd.tlv import tlv as in_tlv
from protocol.ffd.tlv import to_json
from protocol.fn.archive_answers import DETAILS, ReceiptDetails, ShiftDetails
from protocol.fn.commands import FnCommand

Told = dict[str, Any]
"""A JSON object."""

QUESTIONS: Mapping[str, tuple[FnCommand, str]] = {
    "status": (FnCommand.STATUS, "состояние / status"),
    "term": (FnCommand.TERM, "срок / term"),
    "registration": (FnCommand.REGISTRATION_RESULT, "последняя регистрация / last registration"),
    "ffd": (FnCommand.FFD_VERSIONS, "форматы / formats"),
    "shift": (FnCommand.SHIFT_PARAMETERS, "смена / shift"),
    "exchange": (FnCommand.EXCHANGE_STATUS, "обмен с ОФД / exchange with the OFD"),
    "room": (FnCommand.ROOM_LEFT, "свободное место / room left"),
    "version": (FnCommand.VERSION, "версия / version"),
    "execution": (FnCommand.EXECUTION, "исполнение / execution"),
}
"""What `info` asks an FN: a part of its answer, the command, the title."""


def info(fn: FiscalStorage) -> Told:
    """«Сведения о ФН»: its own answers, those that it has."""
    phase = f"{fn.phase:d} {PHASES[fn.phase]}"
    told: Told = {"fn_number": fn.number, "model": fn.model.name, "phase": int(fn.phase)}
    lines = [f"ФН {fn.number}, {fn.model.name}, фаза / phase {phase}"]
    for name, (command, title) in QUESTIONS.items():
        piece = _answer(fn, command)
        if piece is not None:
            told[name] = values(piece)
            lines += [title, *told_fields(piece, "  ")]
    return {**told, "text": lines}


def _answer(fn: FiscalStorage, command: FnCommand) -> Piece | None:
    """The answer, as if the FN were powered and idle on its wire; None: it refuses."""
    if fn.phase not in COMMAND_PHASES[fn.model.generation].get(command, ()):
        return None
    try:
        return fn_wire.answer(command, COMMANDS[command].action(fn, b"", 0.0))
    except FnRefusal:
        return None


def documents(fn: FiscalStorage, first: int, count: int) -> Told:
    """The documents from number ``first`` on, ``count`` at most, and how many there are in all."""
    last = fn.state.document_number
    rows = [_row(fn, one) for one in _documents(fn, first, min(first + count - 1, last))]
    return {"fn_number": fn.number, "last_document": last, "documents": rows, "text": [_line(row) for row in rows]}


def document(fn: FiscalStorage, number: int) -> Told | None:
    """One document: its row in the list, ``tlv`` in hex and ``requisites`` while it is kept whole; None: not there."""
    one = fn.archive.get(number)
    if one is None:
        return None
    row = _row(fn, one)
    lines = [_line(row)]
    if row["is_damaged"]:
        lines.append("  ФН читает нули / the FN reads zeros")
    elif one.body:
        row["tlv"] = in_tlv(one.type, one.body).hex().upper()
        row["requisites"] = to_json(one.body)
        lines += told_fields(tlv.piece(one.body), "  ")
    else:
        lines.append("  хранится только краткая форма / only the short form is kept")
    confirmation = fn.archive.confirmation(number)
    if confirmation is not None:
        row["confirmation"] = {"at": confirmation.at.isoformat(), "ofd_sign": confirmation.sign.hex().upper()}
        lines += [
            "квитанция ОФД / confirmation of the OFD",
            f"  {confirmation.at:%d.%m.%Y %H:%M}, ФПО {confirmation.sign.hex().upper()}",
        ]
    return {"fn_number": fn.number, **row, "text": lines}


def _documents(fn: FiscalStorage, first: int, last: int) -> Iterator[Document]:
    found = (fn.archive.get(number) for number in range(max(first, 1), last + 1))
    return (one for one in found if one is not None)


def _row(fn: FiscalStorage, one: Document) -> Told:
    sent = "confirmed" if one.goes_to_ofd else "stays"
    if fn.archive.is_unsent(one.number):
        sent = "unsent"
    is_damaged = one.number in fn.archive.damaged
    row: Told = {
        "number": one.number,
        "type": int(one.type),
        "name": one.type.name_ru,
        "at": one.at.isoformat(),
        "fiscal_sign": one.sign,
        "sent": sent,
        "is_whole": bool(one.body) and not is_damaged,
        "is_damaged": is_damaged,
    }
    layout = DETAILS[one.type]
    if layout is ReceiptDetails:
        receipt = ReceiptDetails.parse(one.short)
        row |= {"operation": int(receipt.operation), "total_kopecks": receipt.total_kopecks}
    elif layout is ShiftDetails:
        row["shift"] = ShiftDetails.parse(one.short).shift
    return row


_SENT = {"unsent": "не передан / unsent", "confirmed": "передан / confirmed", "stays": "не передаётся / stays"}


def _line(row: Told) -> str:
    what = row["name"]
    if "shift" in row:
        what += f", смена {row['shift']}"
    if "total_kopecks" in row:
        what += f", ={roubles(row['total_kopecks'])}"
    at = f"{row['at'][8:10]}.{row['at'][5:7]}.{row['at'][:4]} {row['at'][11:16]}"
    damage = ", запись повреждена / damaged" if row["is_damaged"] else ""
    return f"{row['number']:>6}  {at}  {what}, ФПД {row['fiscal_sign']:010}, {_SENT[row['sent']]}{damage}"
