"""The exchange with the OFD in words: session header, container, document, sign; a till's messages and confirmations.

Unlike `protocol.ofd` nothing is refused: what is wrong is told with its byte, and the rest is told all the same.
Sources: as of `protocol.ofd.session` and `protocol.ofd.container`.
"""

from collections.abc import Iterator
from struct import Struct

from kktsim.decode import tlv
from kktsim.decode.piece import Piece, Side, hexes
from kktsim.decode.values import field, fields, of_bytes
from protocol.checksums import crc16
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import TAGS, T
from protocol.ofd import container, session
from protocol.ofd.confirmation import SIGN_SIZES
from protocol.ofd.session import SIGNATURE, Flags

_SESSION = Struct("<4s2s2s16sHHH")
_CONTAINER = Struct(">BBB2s8s3s12s")
_STLV = Struct("<HH")
_MESSAGE_TYPE, _VERSION = 0xA5, 1
_RIGHT = "верна / right"
_FLAG_WORDS = {
    Flags.CRC_OF_HEADER: "CRC заголовка / of the header",
    Flags.CRC_OF_MESSAGE: "CRC сообщения / of the message",
    Flags.CONTAINER: "есть контейнер / has a container",
    Flags.ANSWER_EXPECTED: "ожидается ответ / an answer is expected",
}


class Splitter:
    """Cuts one side's stream, in whatever pieces it comes, into messages, bare containers and junk.

    What begins neither is held until a message follows it or nothing does.
    """

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What is complete now."""
        self._held += data
        yield from self._cut(is_all=False)

    def finish(self) -> Iterator[bytes]:
        """What is left when nothing more comes."""
        yield from self._cut(is_all=True)

    def _cut(self, *, is_all: bool) -> Iterator[bytes]:
        while size := _first(self._held, is_all=is_all):
            raw, self._held = self._held[:size], self._held[size:]
            yield raw


def _first(held: bytes, *, is_all: bool) -> int:
    """Bytes of the first piece; 0: it is not known yet, or there is none."""
    if not held.startswith(SIGNATURE):
        size = _container_size(held)
        start = held.find(SIGNATURE)
        return size or (start if start > 0 else len(held) if is_all else 0)
    if len(held) >= session.HEADER_SIZE:
        told = session.HEADER_SIZE + int.from_bytes(held[24:26], "little")
        inner = session.HEADER_SIZE + int.from_bytes(held[30:32], "little")
        whole = inner if session.HEADER_SIZE < inner < told and held[inner:].startswith(SIGNATURE) else told
        if whole <= len(held):
            return whole
    again = held.find(SIGNATURE, 1)
    return (again if again > 0 else len(held)) if is_all else 0


def _container_size(data: bytes) -> int:
    """Bytes of the sound container that ``data`` begins with; 0 when it begins with none."""
    size = int.from_bytes(data[:2], "little")
    if not container.HEADER_SIZE + _STLV.size <= size <= len(data) or data[4] != _MESSAGE_TYPE:
        return 0
    return size if int.from_bytes(data[2:4], "little") == crc16(data[:2] + data[4:size]) else 0


def looks_right(data: bytes) -> bool:
    """Whether ``data`` begins with a message, or is a sound container."""
    return data.startswith(SIGNATURE) or _container_size(data) == len(data) > 0


def looks_like_container(data: bytes) -> bool:
    """Whether ``data`` has the marks of a container, sound or not."""
    return len(data) > container.HEADER_SIZE and data[4] == _MESSAGE_TYPE and data[6] == _VERSION


def piece(raw: bytes, side: Side | None = None, start: int = 0) -> Piece:
    """A message, a container or junk. ``side`` None: who must have made it; ``start``: where a container begins."""
    if raw.startswith(SIGNATURE) or (raw and SIGNATURE.startswith(raw)):
        return _message(raw, side)
    if looks_like_container(raw):
        return _container(raw, side or _maker(raw), start, None)
    trouble = f"byte 0: {len(raw)} bytes that begin no message of the exchange with an OFD (2A 08 41 0A)"
    return Piece("junk", "мусор / junk", raw, trouble=trouble, side=side)


def _maker(data: bytes) -> Side:
    """Who makes a container; confirmations are the operator's."""
    return Side.OFD if data[5] == DocumentType.CONFIRMATION else Side.TILL


def _message(raw: bytes, side: Side | None) -> Piece:
    if len(raw) < session.HEADER_SIZE:
        title = "заголовок сообщения ОФД / session header"
        trouble = f"byte {len(raw)}: the header ends here, it has {session.HEADER_SIZE} bytes"
        return Piece("ofd", title, raw, fields({"data": raw}), trouble=trouble, side=side)
    _, s_version, p_version, number, body_size, flags, crc = _SESSION.unpack_from(raw)
    body = raw[session.HEADER_SIZE :]
    crc_words, crc_trouble = _session_crc(raw, flags, crc)
    told = (
        field("session_version", s_version, hexes(s_version)),
        field("protocol_version", p_version, _p_version(p_version)),
        field("session_fn_number", number.decode("ascii", "replace").rstrip(" ")),
        field("body_size", body_size),
        field("flags", flags, _flags(flags)),
        field("session_crc", crc, f"{crc:04X}h, {crc_words}"),
    )
    wrong = [*_session_troubles(raw), crc_trouble]
    if len(body) < body_size:
        wrong.append(f"byte {len(raw)}: the message ends here, its header tells {body_size} bytes behind it")
    if not body:
        maker = side or (Side.TILL if flags & Flags.ANSWER_EXPECTED else Side.OFD)
        title = "сообщение ОФД без документа (проверка связи) / OFD message without a document (tries the connection)"
        return Piece("ofd", title, raw, told, (), _sentence(wrong), maker)
    maker = _maker(body) if len(body) > container.HEADER_SIZE else Side.TILL
    inner = _container(body, None, session.HEADER_SIZE, number)
    return Piece("ofd", _TITLES[maker], raw, told, (inner,), _sentence(wrong), side or maker)


_TITLES = {
    Side.TILL: "сообщение ККТ для ОФД / a till's message to its OFD",
    Side.OFD: "сообщение ОФД для ККТ / an OFD's message to a till",
}


def _session_troubles(raw: bytes) -> Iterator[str]:
    _, s_version, p_version, number, body_size, flags, _crc = _SESSION.unpack_from(raw)
    if s_version != session.S_VERSION:
        expected = hexes(session.S_VERSION)
        yield f"byte 4: the version of the session protocol is {hexes(s_version)}, it should be {expected}"
    if p_version not in session.P_VERSIONS.values() and p_version not in session.OLD_P_VERSIONS:
        yield f"byte 6: {hexes(p_version)} is no known version of the application protocol"
    if not number.rstrip(b" ").isdigit():
        yield f"byte 8: an FN number is ASCII digits with spaces behind them, not {hexes(number)}"
    size = int.from_bytes(raw[30:32], "little")
    if len(raw) >= session.HEADER_SIZE + 2 and size != body_size:
        yield f"byte 24: the size of the body is {body_size}, the container tells {size} (byte 30)"
    if bool(flags & Flags.CONTAINER) != bool(body_size):
        yield f"byte 26: the flags and the size of the body ({body_size}) disagree whether there is a container"


def _session_crc(raw: bytes, flags: int, crc: int) -> tuple[str, str]:
    """Words for the CRC, and what is wrong with it."""
    if not flags & (Flags.CRC_OF_HEADER | Flags.CRC_OF_MESSAGE):
        return "не используется / not used", ""
    covered = raw[:28] + (raw[session.HEADER_SIZE :] if flags & Flags.CRC_OF_MESSAGE else b"")
    return _crc_words(crc, crc16(covered), "session", 28)


def _crc_words(crc: int, expected: int, whose: str, byte: int) -> tuple[str, str]:
    if crc == expected:
        return _RIGHT, ""
    return "неверна / wrong", f"byte {byte}: the {whose} CRC is {crc:04X}h, it should be {expected:04X}h"


def _p_version(version: bytes) -> str:
    if version in session.OLD_P_VERSIONS:
        return f"{hexes(version)}, времени ФФД 1.0 / of the time of FFD 1.0"
    known = version in session.P_VERSIONS.values()
    return f"{hexes(version)}, ФФД {version[0]}.{version[1]:02X}" if known else hexes(version)


def _flags(flags: int) -> str:
    words = [text for flag, text in _FLAG_WORDS.items() if flags & flag]
    rest = flags & ~sum(_FLAG_WORDS)
    return ", ".join((f"{flags:04X}h", *words, *([f"{rest:04X}h"] if rest else [])))


def _container(data: bytes, side: Side | None, start: int, session_number: bytes | None) -> Piece:
    """``start``: the byte of the message at which it begins; ``session_number``: what the session header tells."""
    if len(data) < container.HEADER_SIZE:
        trouble = f"byte {start + len(data)}: the container ends here, its header has {container.HEADER_SIZE} bytes"
        return Piece("ofd container", "контейнер / container", data, fields({"data": data}), trouble=trouble, side=side)
    size, crc = _STLV.unpack_from(data)
    message_type, kind, version, service_1, packed, number_bytes, service_2 = _CONTAINER.unpack_from(data, 4)
    fn_number, number = packed.hex().rstrip("f"), int.from_bytes(number_bytes, "big")
    wrong: list[str] = []
    if size != len(data):
        wrong.append(f"byte {start}: the container tells {size} bytes, there are {len(data)}")
    crc_words = "не проверена / not checked"
    if container.HEADER_SIZE <= size <= len(data):
        expected = crc16(data[:2] + data[4:size])
        crc_words, crc_trouble = _crc_words(crc, expected, "container", start + 2)
        wrong.append(crc_trouble)
    if (message_type, version) != (_MESSAGE_TYPE, _VERSION):
        wrong.append(f"byte {start + 4}: type {message_type:02X}h and version {version}, they should be A5h and 1")
    if not fn_number.isdigit():
        wrong.append(f"byte {start + 9}: {hexes(packed)} is no packed FN number")
    elif session_number is not None and session_number.rstrip(b" ") != fn_number.encode():
        said = session_number.decode("ascii", "replace").rstrip(" ")
        wrong.append(
            f"byte {start + 9}: the container's FN number is {fn_number}, the session header's {said} (byte 8)"
        )
    told = (
        field("container_size", size),
        field("container_crc", crc, f"{crc:04X}h, {crc_words}"),
        field("document_type", kind, f"{kind} {_document_name(kind)}"),
        field("service_1", service_1, hexes(service_1)),
        field("fn_number", fn_number),
        field("document_number", number),
        field("service_2", service_2, hexes(service_2)),
    )
    inside = tuple(_contents(data, start, kind, fn_number, number))
    title = f"контейнер / container: {_document_name(kind)}"
    return Piece("ofd container", title, data, told, inside, _sentence(wrong), side)


def _contents(data: bytes, start: int, kind: int, fn_number: str, number: int) -> Iterator[Piece]:
    """What is behind the container's header: the document and the sign."""
    body = data[container.HEADER_SIZE :]
    at = start + container.HEADER_SIZE
    if len(body) < _STLV.size:
        yield Piece("ofd document", "документ / document", body, trouble=f"byte {at + len(body)}: no document is there")
        return
    tag, size = _STLV.unpack_from(body)
    if tag != kind:
        trouble = f"byte {at}: the document's tag is {tag}, the type in the header is {kind} (byte {start + 5})"
        title = "документ, не в открытом виде? / document, perhaps not in the clear"
        yield Piece("ofd document", title, body, fields({"data": body}), trouble=trouble)
        return
    document, sign = body[: _STLV.size + size], body[_STLV.size + size :]
    value = document[_STLV.size :]
    parts, trouble = tlv.tree(value, at + _STLV.size)
    wrong = [trouble, *_number_troubles(value, at + _STLV.size, fn_number, number)]
    if len(value) < size:
        wrong.insert(0, f"byte {at + 2}: the document tells {size} bytes, {len(value)} are left")
    yield Piece("ofd document", f"{tag} {_document_name(tag)}", document, parts, trouble=_sentence(wrong))
    yield _sign(sign, at + len(document), is_confirmation=kind == DocumentType.CONFIRMATION)


def _sign(sign: bytes, at: int, *, is_confirmation: bool) -> Piece:
    """«ФПС» or «ФПП»: only the FN and its operator can say whether it is right."""
    name, title, sizes = _CONFIRMATION_SIGN if is_confirmation else _MESSAGE_SIGN
    is_right = len(sign) in sizes
    trouble = "" if is_right else f"byte {at}: a sign of {len(sign)} bytes, it has {' or '.join(map(str, sizes))}"
    return Piece("ofd sign", title, sign, (field(name, sign, of_bytes(sign)),), trouble=trouble)


_MESSAGE_SIGN = ("message_sign", "ФПС / sign of the message", (10,))
_CONFIRMATION_SIGN = ("confirmation_sign", "ФПП / sign of the confirmation", SIGN_SIZES)


def _number_troubles(value: bytes, start: int, fn_number: str, number: int) -> Iterator[str]:
    """Where 1041 and 1040 differ from the container's header. ``start``: byte of the message at which ``value`` is."""
    position = 0
    while position + _STLV.size <= len(value):
        tag, size = _STLV.unpack_from(value, position)
        position += _STLV.size
        found = value[position : position + size]
        if tag == T.FN_NUMBER and found.rstrip(b" ") != fn_number.encode():
            said = found.decode("ascii", "replace").rstrip(" ")
            yield f"byte {start + position}: 1041 is {said}, the container's header tells FN {fn_number}"
        if tag == T.DOCUMENT_NUMBER and int.from_bytes(found, "little") != number:
            said = str(int.from_bytes(found, "little"))
            yield f"byte {start + position}: 1040 is {said}, the container's header tells document {number}"
        position += size


def _document_name(kind: int) -> str:
    row = TAGS.get(kind)
    return f"«{row.name_ru}»" if row is not None else "неизвестный документ / unknown document"


def _sentence(wrong: list[str]) -> str:
    return "; ".join(filter(None, wrong))
