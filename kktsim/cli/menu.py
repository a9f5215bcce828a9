"""`kktsim menu`: the terminal's service menu, listed, or one place of it done on a till that is served."""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import click

from kktsim.cli import output
from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.cli.held_port import refuse_a_held_port
from kktsim.cli.on_bench import bench_options, json_option, told_as_exit_codes
from kktsim.cli.port_bench import PortBench, bench_of
from kktsim.cli.port_name import exit_code, openable
from kktsim.host.serial_wire import PortUnavailableError, SerialWire
from kktsim.host.till import LINKS, NoAnswerError, Till
from kktsim.terminal.banner import sticks_in
from kktsim.terminal.form import FormError, filled
from kktsim.terminal.menu import Item, MenuError
from kktsim.terminal.menu import menu as registry
from kktsim.terminal.screen import NO_TILL, Screen
from kktsim.terminal.memory import FIRMWARE, TabletMemory
from kktsim.terminal.terminal import Terminal

Typed = list[str | None]


@click.command()
@click.argument("path", nargs=-1)
@click.option("--port", metavar="PATH|URL", help="The till's port: a path, tcp:N, rfc2217:N or kkt://.")
@click.option("--link", type=click.Choice(LINKS), default="auto", show_default=True, help="Lower level to speak.")
@click.option(
    "--set", "given", multiple=True, metavar="FIELD=VALUE", help="What to type into a field; else you are asked."
)
@click.option("--restart", is_flag=True, help="Restart the terminal first: its driver sets the till's clock.")
@click.option(
    "--firmware",
    default=FIRMWARE,
    show_default=True,
    metavar="VERSION",
    help="Of the terminal: before 3.9.1 its banner sticks, once it was shown.",
)
@json_option
@bench_options
def menu(
    path: tuple[str, ...],
    port: str | None,
    link: str,
    given: tuple[str, ...],
    restart: bool,
    firmware: str,
    control: str | None,
    timeout: float,
    as_json: bool,
) -> None:
    """List the terminal's service menu, or go to PATH on a running till: the screen and what was printed are shown.

    Any separator will do (Настройки / ОФД), so will words cut short («Доп. операции») and the end of a path. Fields
    that --set does not name are asked for. The bench that serves the port tells the time, whether there is Internet,
    and what was printed.

    Each call is a terminal that has just been switched on. So a banner that is stuck (--firmware) shows only within
    one call, when what waits at its beginning is sent by its end; the next call begins without it.
    """
    if not path:
        if port is not None or given or restart:
            fail(f"which place of the menu? name its path, as «{registry().items[0]}»; without arguments it is listed")
        click.echo(output.as_json([_told(item) for item in registry().items]) if as_json else _listing())
        return
    item, typed = _meant(" / ".join(path), given)
    memory = _memory(firmware)
    if port is None:
        fail(f"«{item}» is done on a till: name its port with --port")
    with ExitStack() as held:
        held.enter_context(told_as_exit_codes())
        bench = bench_of(port, control, timeout, held)
        _do(item, typed, _till(openable(port), link), bench, memory, restart=restart, as_json=as_json)


def _meant(text: str, given: Sequence[str]) -> tuple[Item, Typed]:
    """The place, and what is typed into its fields from top to bottom."""
    try:
        item = registry().find(text)
        typed = _typed(item, given)
        if given or not _is_asked():
            filled(item, typed)
    except (MenuError, FormError) as error:
        fail(str(error))
    return item, typed


def _memory(firmware: str) -> TabletMemory:
    try:
        sticks_in(firmware)
    except ValueError as error:
        fail(f"--firmware: {error}")
    return TabletMemory(firmware=firmware)


def _typed(item: Item, given: Sequence[str]) -> Typed:
    titles = [_plain(field.title) for field in item.fields]
    typed: Typed = [None] * len(titles)
    for one in given:
        title, equals, value = one.partition("=")
        if not equals or _plain(title) not in titles:
            known = " or ".join(f"--set «{field.title}=…»" for field in item.fields) or "nothing"
            raise FormError(f"--set {one!r}: «{item}» takes {known}")
        typed[titles.index(_plain(title))] = value
    return typed


def _plain(title: str) -> str:
    return title.strip().casefold().replace("ё", "е")


def _is_asked() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty()


def _till(path: str, link: str) -> Till:
    refuse_a_held_port(path)
    try:
        return Till(SerialWire(path), link=link)
    except (PortUnavailableError, NoAnswerError) as error:
        fail(str(error), exit_code(error))


def _do(
    item: Item,
    typed: Typed,
    till: Till,
    bench: PortBench,
    memory: TabletMemory,
    *,
    restart: bool,
    as_json: bool,
) -> None:
    printed = bench.length_of_tape()
    terminal = Terminal(till, bench.world, bench, rest=time.sleep, memory=memory)
    if restart:
        terminal.restart()
    if sticks_in(memory.firmware):
        terminal.look()  # what stands above the screen now will not go
    screen = _screen(terminal, item, typed)
    has_till = NO_TILL not in screen
    banner = terminal.banner() if has_till else ""
    if has_till:
        till.close()
    else:
        till.drop()
    tape = bench.tape(printed)
    if as_json:
        click.echo(output.as_json({"path": item.path, "banner": banner, "screen": screen, "tape": tape}))
    else:
        _show(banner, screen, tape)
    if not has_till:
        raise SystemExit(ENVIRONMENT)


def _screen(terminal: Terminal, item: Item, typed: Typed) -> Screen:
    """What comes of it; a form is shown before it is filled in by a person."""
    if item.fields and not any(value is not None for value in typed) and _is_asked():
        if not any(field.required for field in item.fields):
            click.echo("\n".join(terminal.choose(str(item))), err=True)
        typed = [_ask(field.title, required=field.required) for field in item.fields]
    try:
        return terminal.choose(str(item), *typed)
    except FormError as error:
        fail(str(error))


def _ask(title: str, *, required: bool) -> str | None:
    """What a person types; an empty line leaves a field as it is."""
    answer: str = click.prompt(title, default=None if required else "", show_default=False, err=True)
    return answer or None


def _show(banner: str, screen: Screen, tape: Sequence[str]) -> None:
    for text in (banner, *screen):
        if text:
            click.echo(text)
    if tape:
        click.echo("--- ЛЕНТА / TAPE")
        click.echo("".join(f"{text}\n" for text in tape), nl=False)


def _listing() -> str:
    """Every path with what it does and asks for."""
    lines: list[str] = []
    for item in registry().items:
        lines += [str(item), f"    {item.about}"]
        if item.fields:
            lines.append("    " + ", ".join(f"«{field.title}»" for field in item.fields))
    return "\n".join(lines)


def _told(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "path": item.path,
        "printed": item.printed,
        "about": item.about,
        "fields": [{"title": field.title, "required": field.required} for field in item.fields],
        "articles": item.articles,
        "guess": item.guess,
    }
