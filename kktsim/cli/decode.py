"""`kktsim decode`: bytes of any wire, a log or a trace, told in words."""

import json
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from kktsim.cli.fail import fail
from kktsim.decode import Dialogue, Link, Piece, Side, as_json, lines
from kktsim.decode.dialogue import Messages
from kktsim.decode.dump import SHOWN_CHARACTERS, Chunk, NotHexError, joined, read
from kktsim.decode.guess import link_of, pieces
from kktsim.decode.piece import Json
from kktsim.trace import Entry, Trace, TraceError, is_network, is_ofd, is_trace
from kktsim.trace import read as read_trace
from protocol.typed_hex import LOOK_ALIKES

STDIN = "-"
NOTHING = (
    "nothing can be made of it: give frames of link v3 (FE …) or v2 (02 …), an application message, an FN frame "
    "(04 …), a message of the exchange with an OFD (2A 08 41 0A …) or TLVs; --link says which"
)


class Told(NamedTuple):
    """A piece with its time, where that is known, and its port, where there are several."""

    piece: Piece
    at: float | None = None
    port: str = ""


# Hex may begin with a minus of its own, as a log's arrow does.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("sources", nargs=-1, required=True, metavar="HEX|FILE|-")
@click.option("--link", type=click.Choice([link.value for link in Link]), help="What the bytes are. Default: guessed.")
@click.option(
    "--from", "speaker", type=click.Choice([side.value for side in Side]), help="Who sent them. Default: guessed."
)
@click.option("--trace-port", metavar="NAME", help="Of a trace with several ports: this one only.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON array on stdout.")
def decode(
    sources: tuple[str, ...], link: str | None, speaker: str | None, trace_port: str | None, json_wanted: bool
) -> None:
    """Tell what bytes mean: of a till's links, of its FN, of the exchange with an OFD.

    HEX in any spelling (FE 01 00, 0xFE,0x01, \\xFE\\x01); a FILE: a trace of `serve --trace` or `ofd serve --trace`,
    a log with lines such as `>> FE 01 00`, or the bytes themselves; or - for stdin. Several HEX are messages of one
    dialogue, in order.
    Fields are told in Russian and English. The exit code is 2 if nothing can be made of the bytes.
    """
    if not any(source.strip() for source in sources):
        fail("there is nothing to decode: give bytes in hex, a file, or - for stdin")
    told = _told(sources, Link(link) if link else None, Side(speaker) if speaker else None, trace_port)
    if json_wanted:
        click.echo(json.dumps([_row(one) for one in told], ensure_ascii=False, indent=2))
        return
    for one in told:
        head, *rest = lines(one.piece)
        when = "" if one.at is None else f"{one.at:10.3f} "
        click.echo("\n".join((f"{when}{one.port} {head}" if one.port else f"{when}{head}", *rest)))


def _row(one: Told) -> dict[str, Json]:
    row: dict[str, Json] = {} if one.at is None else {"t": one.at}
    if one.port:
        row["port"] = one.port
    return row | as_json(one.piece)


def _told(sources: tuple[str, ...], link: Link | None, side: Side | None, trace_port: str | None) -> list[Told]:
    raw = _file(sources)
    text = None if raw is None else _text(raw)
    if text is not None and is_trace(text):
        try:
            return list(_of_trace(read_trace(text), link, trace_port))
        except TraceError as error:
            fail(f"{sources[0]}: {error}")
    if trace_port is not None:
        fail("--trace-port chooses a port of a trace, and this is none")
    try:
        if raw is None:
            chunks = _typed(source.translate(LOOK_ALIKES) for source in sources)
        else:
            chunks = [Chunk(None, raw)] if text is None else read(text)
    except NotHexError as error:
        if raw is not None:
            fail(f"{_short(sources[0])}: {error}")
        _refuse_what_exists(sources)
        fail(f"{_short(sources[0])}: no such file, and no hex: {error}")
    found = list(_of_chunks(chunks, link, side, are_messages=raw is None and len(chunks) > 1))
    if not any(piece.kind != "junk" for piece in found):
        fail(f"{_short(sources[0])}: {NOTHING}")
    return [Told(piece) for piece in found]


# ---- traces


def _of_trace(trace: Trace, link: Link | None, port: str | None) -> Iterator[Told]:
    ports = trace.ports()
    if port is not None and port not in ports:
        fail(f"--trace-port {port}: the trace has {', '.join(ports) or 'no bytes'}")
    shows_names = port is None and len(ports) > 1
    dialogues: dict[str, Dialogue] = {}
    last = 0.0
    for entry in trace.entries if port is None else trace.port(port).entries:
        last, name = entry.t, entry.port if shows_names else ""
        yield from (Told(piece, entry.t, name) for piece in _expected(entry))
        if entry.connection:
            ended = dialogues.pop(entry.port, None)
            yield from (Told(piece, entry.t, name) for piece in (ended.finish() if ended else ()))
            yield Told(Piece("connection", f"соединение / connection: {entry.connection}", b""), entry.t, name)
        if entry.side is not None and entry.data:
            dialogue = dialogues.setdefault(entry.port, Dialogue(link or _link_of_port(entry.port)))
            yield from (Told(piece, entry.t, name) for piece in dialogue.feed(entry.side, entry.data, entry.t))
    for name, dialogue in dialogues.items():
        yield from (Told(piece, last, name if shows_names else "") for piece in dialogue.finish())
    if trace.cut:
        click.echo("kktsim: the last line of the trace is cut off and was left out", err=True)


def _link_of_port(port: str) -> Link | None:
    """What is spoken there, where the port's name tells it."""
    if is_ofd(port):
        return Link.OFD
    return Link.V3 if is_network(port) else None


def _expected(entry: Entry) -> Iterator[Piece]:
    """What a line says besides bytes."""
    if entry.hands:
        yield Piece("hands", f"оператор / operator: {entry.hands}", b"")
    if entry.other:
        yield Piece("other", f"другой хост / another host: {', '.join(entry.other)}", b"")
    if entry.needs is not None and not entry.data:
        about = "" if entry.id is None else f"id {entry.id:02X}: "
        yield Piece("needs", f"{about}нужно / needs {entry.needs or 'an empty frame'}", b"", side=Side.TILL)


# ---- hex, logs, bytes


def _typed(sources: Iterable[str]) -> list[Chunk]:
    """Arguments as messages; when each is one byte, the shell has cut one message into its words."""
    found = [chunk for source in sources for chunk in read(source)]
    return [Chunk(None, joined(found))] if all(len(chunk.data) == 1 for chunk in found) else found


def _of_chunks(chunks: list[Chunk], link: Link | None, side: Side | None, *, are_messages: bool) -> Iterator[Piece]:
    """Bytes whose speakers a log tells are a dialogue; others are cut and guessed."""
    if all(chunk.side is not None for chunk in chunks):
        kind = link or link_of(joined(chunks))
        dialogue = Dialogue(None if kind in (Link.V2, Link.V3) and link is None else kind)
        for chunk in chunks:
            if chunk.side is not None:
                yield from dialogue.feed(side or chunk.side, chunk.data)
        yield from dialogue.finish()
        return
    kind = link or link_of(chunks[0].data)
    if kind is Link.APP and are_messages:
        messages = Messages()
        yield from (messages.piece(chunk.data, side) for chunk in chunks)
    elif kind is not None:
        yield from pieces(joined(chunks), kind, side)


def _file(sources: tuple[str, ...]) -> bytes | None:
    """The bytes of the one file or of stdin; None: what is given is hex itself."""
    if len(sources) != 1:
        return None
    if sources[0] == STDIN:
        return sys.stdin.buffer.read()
    try:
        path = Path(sources[0])
        return path.read_bytes() if path.is_file() else None
    except ValueError:
        return None
    except OSError as error:
        return fail(f"{_short(sources[0])}: {error.strerror}") if len(sources[0]) < SHOWN_CHARACTERS else None


def _refuse_what_exists(sources: tuple[str, ...]) -> None:
    """A file or folder that cannot be told as it is named."""
    for source in filter(None, sources):
        try:
            path = Path(source)
            if path.is_dir():
                fail(f"{_short(source)} is a folder: name a file")
            if path.exists():
                fail(f"{_short(source)} must be alone: a file is told by itself, not with other arguments")
        except (OSError, ValueError):
            continue


def _text(raw: bytes) -> str | None:
    """A file of text as text, whichever system wrote it; None: its bytes are what is meant."""
    text = _utf16(raw) or "".join(_line(line) for line in raw.removeprefix(BOM_UTF8).splitlines(keepends=True))
    return text if all(character.isprintable() or character in "\r\n\t\xa0" for character in text) else None


def _utf16(raw: bytes) -> str:
    """Empty when there is no mark of UTF-16, or it is none after all."""
    if not raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return ""
    try:
        return raw.decode("utf-16")
    except UnicodeDecodeError:
        return ""


def _line(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1251", errors="replace")


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
