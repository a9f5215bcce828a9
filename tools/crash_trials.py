"""A served till is killed by `kill -9` at random moments, a thousand times (see `kktsim.testing.crash_trials`).

python tools/crash_trials.py                        1 000 trials
python tools/crash_trials.py --seed 5 --only 17     one home again, as a failure names it; what a kill hits is chance
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing

from kktsim.testing.crash_trials import Hit, Tally, homes, live
from kktsim.testing.crash_zygote import Zygote


def main() -> int:
    """The command line; 1 when a trial failed, 2 when there is nothing to try."""
    parser = argparse.ArgumentParser(description="Kill a served till at random moments and see what it has lost.")
    parser.add_argument("--trials", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1, help="another one is another run")
    parser.add_argument("--jobs", type=int, default=2, help="so many homes at a time")
    parser.add_argument("--only", type=int, metavar="HOME", help="one home, as a failure names it")
    options = parser.parse_args()
    work = [home for home in homes(options.trials) if options.only in (None, home[0])]
    if not work or options.jobs < 1:
        print("that leaves nothing to try: give --trials and --jobs from 1 on, and a home there is", file=sys.stderr)
        return 2
    total = Tally()
    with (
        tempfile.TemporaryDirectory() as place,
        closing(Zygote(environment={"XDG_RUNTIME_DIR": place})) as zygote,
        ThreadPoolExecutor(options.jobs) as pool,
    ):
        running = [pool.submit(live, zygote, options.seed, *home) for home in work]
        try:
            for done in as_completed(running):
                total.add(done.result())
                _tell(options.seed, done.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    print(f"{total.trials} trials, {total.hits.total()} kills: " + ", ".join(f"{total.hits[hit]} {hit}" for hit in Hit))
    print(f"{total.acknowledged} documents acknowledged, {total.hits[Hit.DOCUMENT]} completed silently")
    print(f"{len(total.failures)} trials failed")
    return 1 if total.failures else 0


def _tell(seed: int, tally: Tally) -> None:
    for failure in tally.failures:
        print(
            f"seed {seed}, home {failure.home}, trial {failure.trial}: {failure.seen}"
            f" (its files are in {failure.place}; again: --seed {seed} --only {failure.home})",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
