"""Write docs/articles, a page in English and in Russian for every support article that a till can show, by playing all.

``python tools/generate_article_pages.py`` writes the pages; with ``--check`` it only tells whether they are up to date
and ends with code 1 if they are not.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script, it must find the product beside it

from kktsim.testing.articles.catalogue import pages  # noqa: E402

FOLDER = ROOT / "docs" / "articles"


def outdated(wanted: dict[str, str]) -> list[str]:
    """Names of the files that are missing, or another text, or no page at all."""
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description="the pages of the support articles")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is out of date")
    check = parser.parse_args().check
    wanted = pages()
    changed = outdated(wanted)
    if check:
        for name in changed:
            print(f"docs/articles/{name} is out of date; run: python tools/generate_article_pages.py", file=sys.stderr)
        return 1 if changed else 0
    FOLDER.mkdir(exist_ok=True)
    for name in changed:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
