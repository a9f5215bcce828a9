"""Finds the bench that is meant: the one that is named, else the only one running."""

from collections.abc import Iterable
from pathlib import Path

from kktsim.control.client import ControlUrlError, control_url
from kktsim.ports.line import PortError
from kktsim.ports.link_record import BENCH_RECORDS, LinkRecord, links_directory


class NoBenchError(ControlUrlError):
    """No bench is running, and none was named."""


def find_control(named: str | None) -> str:
    """URL of the control API; raises `ControlUrlError` when none is named and not exactly one is running."""
    if named:
        return control_url(named)
    try:
        benches = running(links_directory())
    except PortError as error:
        raise ControlUrlError(str(error)) from None
    urls = [bench.control for bench in benches if bench.control is not None]
    if len(urls) == 1 and len(benches) == 1:
        return urls[0]
    if not benches:
        raise NoBenchError(
            "no bench is running: start one with `kktsim serve`, or name one with --control or KKTSIM_CONTROL"
        )
    if len(benches) == 1:
        raise ControlUrlError(f"the only running bench has no control API to ask:\n{_listed(benches)}")
    raise ControlUrlError(
        f"several benches are running: choose one with --control or KKTSIM_CONTROL\n{_listed(benches)}"
    )


def running(directory: Path) -> list[LinkRecord]:
    """The benches of living processes, by their records; one for each process and control API."""
    found: dict[tuple[int, str | None], LinkRecord] = {}
    for path in sorted(directory.glob(BENCH_RECORDS)):
        try:
            record = LinkRecord.read(path)
        except ValueError:
            continue  # somebody else's file, or one that cannot be read
        if record is not None and record.is_live():
            found.setdefault((record.pid, record.control), record)
    return list(found.values())


def _listed(benches: Iterable[LinkRecord]) -> str:
    return "\n".join(
        f"  {'--control ' + bench.control if bench.control else 'no control API'}: process {bench.pid},"
        f" {', '.join(bench.ports)}"
        for bench in benches
    )
