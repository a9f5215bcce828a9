"""Random bytes and damaged frames on both links of a till (see `kktsim.testing.link_fuzz`), for a minute or two.

python tools/fuzz_links.py                                  a million bytes and 100 000 frames on each link
python tools/fuzz_links.py --seed 5 --only v3:frames:17     one batch again, as a failure names it
"""

import argparse
import faulthandler
import sys
import time

from kktsim.testing.link_fuzz import LINKS, Failure, batches, fuzz

HANGS_AFTER_SECONDS = 60
"""Time of one batch after which where it hangs is told, and the program ends."""
SHOWN_EVERY = 0.1
"""Part of the work after which it is told how far it is."""


def main() -> int:
    """The command line; 1 when something was found or nothing came through, 2 when there is nothing to test."""
    parser = argparse.ArgumentParser(description="Random bytes and damaged frames on both links of a till.")
    parser.add_argument("--bytes", type=int, default=1_000_000, help="random bytes on each link")
    parser.add_argument("--frames", type=int, default=100_000, help="damaged frames on each link")
    parser.add_argument("--link", choices=LINKS, help="only this link")
    parser.add_argument("--seed", type=int, default=1, help="another one is another run")
    parser.add_argument("--only", metavar="LINK:KIND:NUMBER", help="one batch, as a failure names it")
    options = parser.parse_args()
    if min(options.bytes, options.frames) < 0:
        return _refuse("--bytes and --frames are numbers from 0 on")
    links = (options.link,) if options.link else LINKS
    work = [one for one in batches(links, options.bytes, options.frames) if options.only in (None, one.name)]
    if not work:
        return _refuse("that leaves nothing to test: give --bytes or --frames, and an --only that a failure named")
    started, shown = time.monotonic(), 0.0

    def tell(part: float) -> None:
        nonlocal shown
        faulthandler.dump_traceback_later(HANGS_AFTER_SECONDS, exit=True)
        if part - shown >= SHOWN_EVERY or part == 1:
            shown = part
            print(f"{part:4.0%}  {time.monotonic() - started:5.1f} s", flush=True)

    print(f"seed {options.seed}: {len(work)} batches")
    tell(0.0)
    try:
        tally = fuzz(work, options.seed, tell)
    except Failure as failure:
        print(failure, file=sys.stderr)
        if options.only:
            raise
        return 1
    print(f"{tally.executed} commands came through, {tally.accepted} of them were done")
    if tally.executed == 0:
        print("nothing came through to the till: nothing was tested", file=sys.stderr)
        return 1
    return 0


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
