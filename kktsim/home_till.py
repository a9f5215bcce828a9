"""Tills of a home: how a new one moves in, and how one that is there comes up again."""

from contextlib import ExitStack, suppress
from pathlib import Path

from fn_model import FiscalStorage, load_model
from fn_model.memory_archive import MemoryArchive
from fn_model.sqlite_archive import SqliteArchive
from fn_model.store_file import StoreFileError, StoreInUseError
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.model import KktModel
from kktsim.home import Home, HomeError, made_directory
from kktsim.home_shelf import HomeShelf
from kktsim.home_tablet import TabletFile
from kktsim.nvram import DiskNvram
from kktsim.ofd.sqlite_store import SqliteStore
from kktsim.patience import Patience
from kktsim.till_record import TillRecord, first_rows


class HomeTill:
    """A till of a home that is up. ``bench``: with everything around it."""

    def __init__(self, bench: Bench, nvram: DiskNvram, received: SqliteStore, tablet: TabletFile) -> None:
        """``received``: the documents of the operator inside the bench; ``tablet``: where its tablet's memory goes."""
        self.bench = bench
        self._received = received
        self.record = record = nvram.record
        self._nvram = nvram
        self._keeps_world = True
        bench.clock.keep_by(self._keep_world)
        bench.keep_firmware = self._keep_firmware
        bench.keep_tablet = tablet.write
        record.ofd_is_up = bench.network.server_is_up

    def _keep_world(self, world: float) -> bool:
        """Write down how far world time has come; whether that could be done. What is wrong is told once."""
        could = self._keeps_world
        try:
            self.record.world = world
            self.record.ofd_is_up = self.bench.network.server_is_up
        except StoreFileError as error:
            self._keeps_world = False
            if could:
                self.bench.kkt.troubles.append(f"{error}; until then a restart loses how late it is")
        else:
            self._keeps_world = True
        return self._keeps_world

    def _keep_firmware(self, firmware: str) -> None:
        self.record.firmware = firmware

    def close(self) -> None:
        """Let go of the files; the till finds itself as after a power cut."""
        with suppress(StoreFileError):  # it was told that the file cannot be written
            self.record.ofd_is_up = self.bench.network.server_is_up
        if self.bench.fn is not None:
            self.bench.fn.archive.close()
        self._nvram.close()
        self._received.close()


def come_up(
    home: Home, name: str, world: float, kind: ClockKind, number: str | None = None, *, virtual: bool = False
) -> HomeTill:
    """A till that is there comes up by a power-on.

    ``world``: what time it is, unless the till has reached a later one; ``number``: this FN is put into it first;
    ``virtual``: host time stands until somebody waits.
    """
    with ExitStack() as held:
        try:
            nvram = home.open_till(name, Patience())
        except StoreInUseError:
            raise HomeError(
                f"the till {name} is running in another process: end that one, or name another with --till NAME"
            ) from None
        held.callback(nvram.close)
        record = nvram.record
        model = _model(name, record)
        if number is not None and number != record.fn_number:
            home.refuse_in_other_till(number, name)
            home.open_fn(number).close()
            record.fn_number = number
        fn = None
        if record.fn_number is not None:
            fn = FiscalStorage.opened(home.open_fn(record.fn_number))
            held.callback(fn.archive.close)
        shelf = HomeShelf(home, name, record, load_model() if fn is None else fn.model)
        bench = Bench(model, max(world, record.world), kind, virtual=virtual, fn=fn, shelf=shelf)
        bench.network.server_is_up = record.ofd_is_up
        received = SqliteStore.open(home.ofd_file(name), is_synced=home.is_synced)
        held.callback(received.close)
        bench.network.server.store = received
        bench.kkt.nvram = nvram
        tablet = _tablet(home, name)
        bench.tablet = tablet.read()
        bench.power_off()
        bench.power_on()
        held.pop_all()
        return HomeTill(bench, nvram, received, tablet)


def move_in(home: Home, name: str, bench: Bench, model_file: Path | None, archive: SqliteArchive | None) -> HomeTill:
    """A new till with its FN, so far in memory, lives on in a home as it is; nobody switches it off.

    ``archive``: the file of the FN, where that has lived until now; a new one is made otherwise. The till is written
    before its FN and says which sign it awaits there: who is killed between leaves an FN that nothing has happened to,
    and a till that `Home.open_till` takes away.
    """
    fn = bench.fn
    assert fn is not None
    path = home.till_file(name)
    made_directory(path.parent)
    with ExitStack() as held:
        if archive is None:
            archive = home.new_fn(fn.model, fn.number)
        held.callback(archive.close)
        forget_store(home.ofd_file(name))
        tablet = _tablet(home, name)
        tablet.forget()
        received = SqliteStore.open(home.ofd_file(name), is_synced=home.is_synced)
        held.callback(received.close)
        for document in bench.network.server.store.received():
            received.put(document)
        last = fn.archive.tail()
        awaited_sign = None if last is None or last == archive.tail() else last.sign
        described = None if model_file is None else str(model_file.resolve())
        model = bench.kkt.model
        name_of_model = model.firmwares[""].name
        rows = first_rows(name_of_model, model.firmware, described, fn.number, bench.world, awaited_sign)
        nvram = DiskNvram.create(path, bench.kkt.memory, rows, is_synced=home.is_synced)
        held.callback(nvram.close)
        live_on(bench, archive)
        if awaited_sign is not None:
            nvram.record.move_in()
        bench.kkt.nvram = nvram
        bench.network.server.store = received
        bench.shelf = HomeShelf(home, name, nvram.record, fn.model)
        held.pop_all()
        return HomeTill(bench, nvram, received, tablet)


def forget_store(path: Path) -> None:
    """Take away what a till of that name has left that was cut off while it moved in."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def fn_to_begin_with(archive: SqliteArchive) -> FiscalStorage:
    """The FN of a file in memory, to play a till's history with."""
    return FiscalStorage(archive.model, archive.number, archive.in_memory())


def live_on(bench: Bench, archive: SqliteArchive) -> None:
    """Let the FN in a bench's till, so far in memory, live on in the file it was taken from.

    The file gets the whole history at once: one that is interrupted leaves it as it was.
    """
    fn = bench.fn
    assert fn is not None and isinstance(fn.archive, MemoryArchive)
    if fn.state.document_number == archive.state.document_number:
        archive.commit(fn.state)
    else:
        archive.take_over(fn.archive)
    fn.archive = archive


def _tablet(home: Home, till: str) -> TabletFile:
    return TabletFile(home.tablet_file(till), is_synced=home.is_synced)


def _model(till: str, record: TillRecord) -> KktModel:
    try:
        if record.model_file is not None:
            model = kkt_models.load_file(Path(record.model_file))
        else:
            model = kkt_models.load(record.model or kkt_models.DEFAULT_MODEL)
        return kkt_models.with_firmware(model, record.firmware)
    except (kkt_models.ModelFileError, kkt_models.UnknownModelError) as error:
        raise HomeError(f"the till {till} is of a model that cannot be had: {error}") from None
