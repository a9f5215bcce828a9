"""`kktsim menu`: the terminal's service menu, listed, or one place of it done on a till that is served."""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import click

from kktsim.cli import output
from kktsim.cli.fail import ENVIRONMENT, EXPECTATION, fail
from kktsim.cli.held_port import refuse_a_held_port
from kktsim.cli.menu_wish import Wish, takes_wish
from kktsim.cli.on_bench import bench_options, json_option, told_as_exit_codes
from kktsim.cli.port_bench import PortBench, bench_of
from kktsim.cli.port_name import exit_code, is_typed, openable, port_option
from kktsim.host.serial_wire import PortUnavailableError, SerialWire
from kktsim.host.till import LINKS, NoAnswerError, Till
from kktsim.terminal.banner import sticks_in
from kktsim.terminal.form import FormError, filled
from kktsim.terminal.memory import TabletMemory
from kktsim.terminal.menu import Item, MenuError
from kktsim.terminal.menu import menu as registry
from kktsim.terminal.screen import NO_TILL, Screen
from kktsim.terminal.terminal import Terminal
from protocol.atol.command import COMMANDS

Typed = list[str | None]
AS_IT_IS = "-"
"""Typed for a field that is left as it is."""
EXAMPLE = "Настройки / ОФД"


@click.command()
@click.argument("path", nargs=-1)
@port_option
@click.option("--link", type=click.Choice(LINKS), default="auto", show_default=True, help="Lower level to speak.")
@click.option(
    "--set", "given", multiple=True, metavar="FIELD=VALUE", help="What to type into a field; else you are asked."
)
@click.option(
    "--type",
    "texts",
    multiple=True,
    metavar="TEXT",
    help="What to type into the fields from top to bottom, instead of --set; - leaves one as it is.",
)
@takes_wish
@json_option
@bench_options
def menu(
    path: tuple[str, ...],
    port: str | None,
    link: str,
    given: tuple[str, ...],
    texts: tuple[str, ...],
    wish: Wish,
    control: str | None,
    timeout: float,
    as_json: bool,
) -> None:
    """List the terminal's service menu, or go to PATH on a running till: the screen and what was printed are shown.

    Any separator will do (Настройки / ОФД), so will words cut short («Доп. операции») and the end of a path. Fields
    that neither --set nor --type fills in are asked for. The bench that serves the port tells the time, whether there
    is Internet, and what was printed.

    That bench keeps the memory of the terminal's tablet: its clock, goods, unfinished sales, banner and firmware are
    as the call before has left them. Without a bench each call has a new tablet.
    """
    if not path:
        if is_typed("port") or given or texts or wish.is_any:
            fail(f'which place of the menu? name it: kktsim menu "{EXAMPLE}"; `kktsim menu` alone lists them all')
        click.echo(output.as_json([_told(item) for item in registry().items]) if as_json else _listing())
        return
    item, typed = _meant(" / ".join(path), given, texts)
    if port is None:
        fail(f"«{item}» is done on a till: name its port with --port or in KKTSIM_PORT")
    with ExitStack() as held:
        held.enter_context(told_as_exit_codes())
        bench = bench_of(port, control, timeout, held)
        _do(item, typed, _till(openable(port), link), bench, wish, as_json=as_json)


def _meant(text: str, given: Sequence[str], texts: Sequence[str]) -> tuple[Item, Typed]:
    """The place, and what is typed into its fields from top to bottom."""
    try:
        item = registry().find(text)
        if not item.is_modelled:
            fail(f"«{item}» is not modelled yet: it belongs to the tablet, and the till would not notice")
        if given and texts:
            fail("--set and --type both fill in the fields: use one of them")
        typed = [None if one == AS_IT_IS else one for one in texts] if texts else _typed(item, given)
        if given or texts or not _is_asked():
            filled(item, typed)
    except (MenuError, FormError) as error:
        fail(str(error))
    return item, typed


def _memory(bench: PortBench) -> TabletMemory:
    """What the tablet has kept since the last call."""
    try:
        return TabletMemory.from_json(bench.tablet())
    except (AttributeError, KeyError, TypeError, ValueError):
        return fail(
            "what the bench keeps of the terminal's tablet was not put there by `kktsim menu`: `curl -X PUT -d {}"
            " CONTROL/tablet` gives it a new one"
        )


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
        return Till(SerialWire(path, is_alone=True), link=link)
    except (PortUnavailableError, NoAnswerError) as error:
        fail(str(error), exit_code(error))


def _do(item: Item, typed: Typed, till: Till, bench: PortBench, wish: Wish, *, as_json: bool) -> None:
    printed = bench.length_of_tape()
    terminal = Terminal(till, bench.world, bench, rest=time.sleep, memory=_memory(bench))
    if wish.firmware is not None and wish.firmware != terminal.memory.firmware:
        terminal.update(wish.firmware)
    if wish.restart:
        terminal.restart()
    if sticks_in(terminal.memory.firmware):
        terminal.look()  # what stands above the screen now will not go
    if wish.dies_after is not None:
        terminal.die_after(wish.dies_after)
    screen = _screen(terminal, item, typed)
    has_till = NO_TILL not in screen
    is_alive = has_till and not terminal.memory.is_dead
    banner = terminal.banner() if is_alive and wish.dies_after is None else ""
    bench.keep_tablet(terminal.memory.to_json())  # before another terminal may come to this port
    if is_alive:
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
    if terminal.is_about_to_die:
        fail(_did_not_die(wish, was_dead=terminal.memory.is_dead, answered=terminal.answered), EXPECTATION)


def _did_not_die(wish: Wish, *, was_dead: bool, answered: Sequence[int]) -> str:
    """Why the moment that was waited for has not come."""
    wanted = f"--dies-after {wish.dies_after:02X}"
    if was_dead:
        return f"{wanted}: the terminal's program was dead before; --restart starts it first"
    sent = ", ".join(_command(code) for code in answered) or "nothing"
    return f"{wanted}: the program has not died, it does not send {wish.dies_after:02X} there; it has sent {sent}"


def _command(code: int) -> str:
    declared = COMMANDS.get(code)
    return f"{code:02X}" if declared is None else f"{code:02X} {declared.__name__}"


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
        "is_modelled": item.is_modelled,
    }
