"""What the operator sees of a bench."""

from dataclasses import dataclass

from fn_model import FnPort
from kktsim.cable import Cable
from kktsim.device import Kkt
from kktsim.ofd.network import Network
from kktsim.ofd.way import last_result, way
from kktsim.ofd_hands import OfdHands
from kktsim.printer_hands import PrinterHands
from kktsim.shelf import Shelf


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
    ofd_way: str
    """Whom the till would call: ``inner``, ``HOST:PORT`` of another process, ``driver``, or why nobody."""
    ofd_last: str
    """What came of the last exchange, a word as `kktsim.ofd.way.last_result`; empty: not known."""
    ofd_is_up: bool
    """Whether operators accept calls at all, as far as hands at the bench can tell."""
    ofd_failures: tuple[str, ...]
    """What is planned on the way in use, a word each, by `kktsim.ofd.failures.Failure`, and at the operator inside the
    bench when it is the one called.
    """
    ofd_documents: int
    """What the operator inside the bench has, whoever is called."""
    cash_kopecks: int


def seen(kkt: Kkt, cable: Cable, fn_number: str | None, shelf: Shelf, network: Network, world: float) -> BenchState:
    """All of it; of an FN outside of this process only its number is seen."""
    fn = cable.fn.storage if isinstance(cable.fn, FnPort) else None
    mirror = kkt.memory.mirror
    return BenchState(
        world=world,
        till_clock=kkt.clock(world),
        is_on=kkt.is_on,
        mode=kkt.mode_byte,
        receipt_is_open=kkt.memory.receipt is not None,
        shift_is_open=mirror.shift_is_open,
        shift_number=mirror.shift_number,
        last_document=mirror.document_number,
        fn_number=fn_number,
        fn_phase=None if fn is None else int(fn.phase),
        unsent_documents=None if fn is None else fn.archive.unsent_count(),
        shelf=tuple(shelf.numbers()),
        cable_is_cut=cable.is_cut,
        cable_is_noisy=cable.noise is not None,
        printer_troubles=PrinterHands(kkt).troubles(),
        uplink=network.uplink.value,
        has_internet=network.has_internet,
        ofd_way=way(kkt, network.hosts),
        ofd_last=last_result(kkt),
        ofd_is_up=network.server_is_up,
        ofd_failures=OfdHands(kkt, network).expected(),
        ofd_documents=len(network.server.store),
        cash_kopecks=kkt.memory.totals.cash_kopecks,
    )
