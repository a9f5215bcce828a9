"""`kktsim send`: application commands to a till, typed as hex, answers decoded."""

import json
from collections.abc import Mapping
from typing import Any

import click

from kktsim.cli.fail import EXPECTATION, fail
from kktsim.cli.held_port import refuse_a_held_port
from kktsim.cli.port_name import exit_code, openable, port_option
from kktsim.decode import app
from kktsim.decode.piece import told_fields, values
from kktsim.host.serial_wire import PortUnavailableError, SerialWire
from kktsim.host.till import LINKS, NoAnswerError, Till
from protocol.atol import commands as _declared  # noqa: F401 - fills the table of commands
from protocol.atol.command import COMMANDS, CommandError, parse_answer
from protocol.atol.errors import driver_line
from protocol.typed_hex import parse_hex

LONGEST: Mapping[str, int] = {"auto": 2048, "v3": 2048, "v2": 253}
"""Bytes of a command without its password; of v2 the frame's limit, of v3 more than any known command needs."""
LONGEST_TIMEOUT = 3600
DONE = (0, 1)


@click.command()
@port_option
@click.option(
    "--link",
    type=click.Choice(LINKS),
    default="auto",
    show_default=True,
    help="Lower level to speak; auto: v3, or v2 with a till that does not answer v3.",
)
@click.option("--password", default="0000", show_default=True, help="Access password, four digits.")
@click.option("--timeout", default=30.0, show_default=True, help="Seconds to wait for each answer.")
@click.option("--check", is_flag=True, help="End with exit code 1 when a command is refused.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
@click.argument("commands", nargs=-1, required=True, metavar="HEX...")
def send(
    port: str | None, link: str, password: str, timeout: float, check: bool, as_json: bool, commands: tuple[str, ...]
) -> None:
    """Send application commands: command byte and parameters; password and framing are added."""
    if port is None:
        fail("which till? name its port with --port or in KKTSIM_PORT")
    if len(password) != 4 or not password.isdecimal():
        fail(f"--password {password!r}: an access password has four digits, as 0000")
    if not 0 < timeout <= LONGEST_TIMEOUT:
        fail(f"--timeout {timeout}: wait more than 0 and at most {LONGEST_TIMEOUT} seconds")
    requests = [_request(text) for text in commands]
    _refuse_long_commands(requests, link)
    path = openable(port)
    refuse_a_held_port(path)
    rows: list[dict[str, Any]] = []
    try:
        till = Till(
            SerialWire(path, is_alone=True), link=link, password=bytes.fromhex(password), timeout_seconds=timeout
        )
        _refuse_long_commands(requests, till.link)
        for request in requests:
            rows.append(_row(request, till.send(request)))
            if not as_json:
                _show(rows[-1])
        till.close()
    except (PortUnavailableError, NoAnswerError) as error:
        if as_json and rows:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        fail(str(error), exit_code(error))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    if check and any(row["code"] not in DONE for row in rows):
        raise SystemExit(EXPECTATION)


def _refuse_long_commands(requests: list[bytes], link: str) -> None:
    longest = max(len(request) for request in requests)
    if longest > LONGEST[link]:
        fail(f"a command of {longest} bytes: link {link} carries at most {LONGEST[link]}; divide it")


def _request(text: str) -> bytes:
    try:
        data, had_cyrillic = parse_hex(text)
    except ValueError as error:
        fail(str(error))
    if had_cyrillic:
        click.echo(f"{text}: Cyrillic letters taken for the digits they look like: {data.hex(' ').upper()}", err=True)
    return data


def _row(request: bytes, reply: bytes) -> dict[str, Any]:
    """What was sent and what came, for people and programs."""
    declared = COMMANDS.get(request[0])
    row: dict[str, Any] = {
        "request": request.hex(" ").upper(),
        "command": None if declared is None else declared.__name__,
        "reply": reply.hex(" ").upper(),
    }
    try:
        answer = parse_answer(request[0], reply)
    except CommandError:
        return row | {"code": None, "words": "the reply has no form we know", "fields": {}}
    fields = values(app.answer(reply, request, has_password=False)) if answer.is_ok and declared is not None else {}
    return row | {"code": answer.code, "words": driver_line(answer.code, answer.detail), "fields": fields}


def _show(row: dict[str, Any]) -> None:
    name = f"   {row['command']}" if row["command"] else ""
    click.echo(f"> {row['request']}{name}")
    click.echo(f"< {row['reply']}")
    click.echo(row["words"])
    if row["fields"]:
        answer = app.answer(bytes.fromhex(row["reply"]), bytes.fromhex(row["request"]), has_password=False)
        for line in told_fields(answer, "    "):
            click.echo(line)
