"""What the tools that write a file of this repository have in common: ``--check``, and tables in Markdown."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path


def write_or_check(target: Path, text: Callable[[], str], about: str, arguments: list[str] | None = None) -> int:
    """Write what ``text`` returns into ``target``, or with ``--check`` compare them; the exit code."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")
    check = parser.parse_args(arguments).check
    wanted = text()
    if not check:
        target.write_text(wanted, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != wanted:
        file = target.relative_to(Path(__file__).resolve().parent.parent)
        print(f"{file} is out of date; run: python tools/{Path(sys.argv[0]).name}", file=sys.stderr)
        return 1
    return 0


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Lines of a table."""
    names = tuple(head)
    yield _line(names)
    yield _line("---" for _ in names)
    yield from map(_line, rows)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
