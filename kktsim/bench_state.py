"""What the operator sees of a bench."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchState:
    """«Состояние стенда». Times in world seconds."""

    world: float
    till_clock: float
    is_on: bool
    mode: int
    receipt_is_open: bool
    shift_is_open: bool
    shift_number: int
    last_document: int
    fn_number: str | None
    """What is plugged in; None: nothing."""
    fn_phase: int | None
    unsent_documents: int | None
    shelf: tuple[str, ...]
    cable_is_cut: bool
    cable_is_noisy: bool
    printer_troubles: tuple[str, ...]
    """``no_paper``, ``paper_near_end``, ``cover_open`` and the faults; nothing when all is well."""
    uplink: str
    """How the terminal gets into the Internet: ``wifi`` or ``sim``."""
    has_internet: bool
    ofd_is_up: bool
    ofd_failures: tuple[str, ...]
    """What is planned at the operator and on the way in use, a word each, by `kktsim.ofd.failures.Failure`."""
    ofd_documents: int
    cash_kopecks: int
