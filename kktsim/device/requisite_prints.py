"""Requisites on paper: those that E8h asks to print, and those of the registration report.

The names are the official ones; what a real till abbreviates them to is not known.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from kktsim.device.kkt import Kkt
from kktsim.device.registration_rules import FLAGS, Held, is_set
from protocol.ffd.tags import TAGS, T
from protocol.ffd.tlv import Value, decode

TAX_SYSTEMS = ("ОСН", "УСН ДОХОД", "УСН ДОХОД-РАСХОД", "ЕНВД", "ЕСХН", "ПАТЕНТ")
"""«СНО» by bit of 1055 and 1062."""
AGENTS = (
    "БАНК. ПЛ. АГЕНТ",
    "БАНК. ПЛ. СУБАГЕНТ",
    "ПЛ. АГЕНТ",
    "ПЛ. СУБАГЕНТ",
    "ПОВЕРЕННЫЙ",
    "КОМИССИОНЕР",
    "АГЕНТ",
)
"""«Признак агента» by bit of 1057 and 1222."""
PRINTED_TAGS = (
    *(T.USER_NAME, T.USER_INN, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE, T.TAX_SYSTEMS, T.AGENT),
    *(T.OFD_NAME, T.OFD_INN, T.FNS_SITE, T.SENDER_EMAIL, T.MACHINE_NUMBER),
)
_MASKS = {
    T.TAX_SYSTEM: ("СНО", TAX_SYSTEMS),
    T.TAX_SYSTEMS: ("СНО", TAX_SYSTEMS),
    T.AGENT: ("ПРИЗНАК АГЕНТА", AGENTS),
    T.ITEM_AGENT: ("ПРИЗНАК АГЕНТА", AGENTS),
}


def lines(tag: int, value: bytes) -> Iterator[str]:
    """What one requisite is on paper; a structure is a line for each requisite in it, an empty one nothing."""
    if not value:
        return
    if tag in _MASKS:
        name, names = _MASKS[T(tag)]
        mask = int.from_bytes(value, "little")
        chosen = [one for bit, one in enumerate(names) if mask >> bit & 1]
        if chosen:
            yield f"{name}: {', '.join(chosen)}"
        return
    yield from _told(tag, decode(tag, value))


def of_registration(kkt: Kkt, held: Held) -> None:
    """Requisites of a registration report; of the flags those that are set."""
    paper = kkt.paper
    for tag in PRINTED_TAGS:
        for line in lines(tag, held.get(tag, b"")):
            paper.line(line)
    for tag in FLAGS:
        if is_set(held, tag):
            for line in lines(tag, held[tag]):
                paper.line(line)
    paper.pair("ФФД ККТ", "1.05" if held.get(T.FFD_VERSION) else "1.0")


def of_receipt(kkt: Kkt, tags: Iterable[int]) -> None:
    """Print requisites of the open receipt, and remember that they are."""
    receipt, told = kkt.memory.receipt, kkt.volatile.operation_requisites
    for tag in tags:
        if receipt is None or tag not in told:
            continue
        receipt.told[tag] = True
        for line in lines(tag, told[tag]):
            kkt.paper.line(line)


def of_item(kkt: Kkt, requisites: dict[int, bytes]) -> None:
    """Print those requisites of an item that E8h asked to print."""
    volatile = kkt.volatile
    if volatile.requisites_to_print.isdisjoint(requisites):
        return
    for tag in sorted(volatile.requisites_to_print & requisites.keys()):
        for line in lines(tag, requisites[tag]):
            kkt.paper.line(line)
    volatile.requisites_to_print -= requisites.keys()


def _told(tag: int, value: Value) -> Iterator[str]:
    if isinstance(value, list):
        for inner, part in value:
            yield from _told(inner, part)
        return
    name = TAGS[tag].name_ru.upper() if tag in TAGS else str(tag)
    yield f"{name}: {_text(value)}"


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%y")
    return value.hex(" ").upper() if isinstance(value, bytes) else str(value)
