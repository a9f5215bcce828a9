"""Random histories of a till and its operator under every failure there is (see `kktsim.testing.ofd_trials`).

python tools/ofd_trials.py                          10 000 histories
python tools/ofd_trials.py --seed 5 --only 17       one again, as a violation names it
"""

import argparse
import faulthandler
import sys
import time

from kktsim.ofd.failures import Failure
from kktsim.testing.ofd_trials import Tally, trial

HANGS_AFTER_SECONDS = 120
"""Time of one history after which where it hangs is told, and the program ends."""
SHOWN_EVERY = 0.1
"""Part of the work after which it is told how far it is."""


def main() -> int:
    """The command line; 1 when a history went wrong, 2 when there is nothing to try."""
    parser = argparse.ArgumentParser(description="Random histories of a till and its operator under failures.")
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="another one is another run")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="one history, as a violation names it")
    options = parser.parse_args()
    numbers = range(options.trials) if options.only is None else range(options.only, options.only + 1)
    if not numbers or numbers[0] < 0:
        print("that leaves nothing to try: give --trials from 1 on, or --only from 0 on", file=sys.stderr)
        return 2
    tally, started, shown = Tally(), time.monotonic(), 0.0
    for done, number in enumerate(numbers, 1):
        faulthandler.dump_traceback_later(HANGS_AFTER_SECONDS, exit=True)
        violation = trial(f"{options.seed}:{number}", tally)
        if violation is not None:
            print(f"{violation.seen}\n{violation.history}\nagain: --seed {options.seed} --only {number}")
            return 1
        if done / len(numbers) - shown >= SHOWN_EVERY:
            shown = done / len(numbers)
            print(f"{shown:4.0%}  {time.monotonic() - started:5.1f} s", flush=True)
    faulthandler.cancel_dump_traceback_later()
    _tell(tally)
    return 0


def _tell(tally: Tally) -> None:
    rows = {
        "histories": tally.histories,
        "deeds": tally.deeds,
        "days of world time": round(tally.days),
        "documents, each stored once": tally.documents,
        "attempts to send": tally.attempts,
        "retries": tally.attempts - tally.sent,
        **{f"struck: {name}": tally.struck[name] for name in (*Failure, "connection cut", "power cut")},
    }
    for name, count in rows.items():
        print(f"{name:<32}{count:>10}")


if __name__ == "__main__":
    sys.exit(main())
