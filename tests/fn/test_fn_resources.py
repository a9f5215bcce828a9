"""What an FN can run out of: room, fiscal signs, registrations, bytes of a document; and its lasting warnings."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from fn_model import FnFault, load_model, model_names
from fn_model.model import DataLimits
from protocol.ffd.tlv import tlv
from protocol.fn.answers import Term
from protocol.fn.commands import FnCode, FnCommand, FnWarning, WorkMode
from tests.fn.fn_till import START, Till
from tests.fn.matrix import Matrix

AUTONOMOUS = WorkMode.AUTONOMOUS
CRITICAL = FnWarning.CRITICAL


def registered(mode: WorkMode = WorkMode.NONE, model: str = "fn-1-1-15", **changes: Any) -> Till:
    till = Till(replace(load_model(model), **changes))
    till.register(mode)
    return till


# ---- forming commands, each ready to be given


def opening(till: Till) -> tuple[FnCommand, bytes]:
    till.begin_open_shift()
    return FnCommand.OPEN_SHIFT, b""


def receipt(till: Till) -> tuple[FnCommand, bytes]:
    till.open_shift()
    till.begin_receipt()
    return FnCommand.COMMIT_RECEIPT, till.receipt()


def settlement(till: Till) -> tuple[FnCommand, bytes]:
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    return FnCommand.COMMIT_SETTLEMENT, b""


def shift_close(till: Till) -> tuple[FnCommand, bytes]:
    till.open_shift()
    till.begin_close_shift()
    return FnCommand.CLOSE_SHIFT, b""


def archive_close(till: Till) -> tuple[FnCommand, bytes]:
    till.begin_close_archive()
    return FnCommand.CLOSE_ARCHIVE, till.closing()


FORMED: dict[str, tuple[int, Callable[[Till], tuple[FnCommand, bytes]]]] = {
    "opening": (1, opening),
    "receipt": (2, receipt),
    "settlement": (1, settlement),
    "shift close": (2, shift_close),
    "archive close": (1, archive_close),
}
"""Documents by how many there are before them, the registration report included."""
STOPPED = {
    "archive": frozenset({"opening", "receipt", "settlement"}),
    "storage": frozenset({"opening", "receipt", "settlement", "shift close"}),
    "signs": frozenset({"opening", "receipt", "settlement"}),
}


@pytest.mark.parametrize("what", FORMED)
def test_a_full_archive_is_14_with_bit_2_and_can_be_closed(what: str) -> None:
    documents, prepare = FORMED[what]
    till = registered(AUTONOMOUS, archive_documents=documents)
    command, data = prepare(till)
    assert till.status().warnings == FnWarning.ARCHIVE_NEARLY_FULL
    if what in STOPPED["archive"]:
        assert till.refused(command, data) == FnCode.STORAGE_EXHAUSTED
    else:
        till.do(command, data)
    with_room = registered(AUTONOMOUS, archive_documents=documents + 1)
    with_room.do(*prepare(with_room))


@pytest.mark.parametrize("what", FORMED)
def test_unsent_documents_that_fill_the_storage_are_14_without_a_flag_until_one_is_sent(what: str) -> None:
    documents, prepare = FORMED[what]
    measured = registered()
    prepare(measured)
    room = measured.fn.state.unsent_bytes
    till = registered(storage_bytes=room)
    command, data = prepare(till)
    assert till.status().warnings == FnWarning.NONE
    if what in STOPPED["storage"]:
        assert till.refused(command, data) == FnCode.STORAGE_EXHAUSTED
        till.send_one()
    till.do(command, data)
    with_room = registered(storage_bytes=room + 1)
    with_room.do(*prepare(with_room))
    assert documents


@pytest.mark.parametrize("model", ["fn-1-13", "fn-1-1-15"])
@pytest.mark.parametrize("what", FORMED)
def test_fiscal_signs_used_up_are_12_whatever_the_clock_says_and_can_only_be_closed(what: str, model: str) -> None:
    documents, prepare = FORMED[what]
    till = registered(model=model, crypto_resource_signs=documents)
    command, data = prepare(till)
    assert till.status().warnings == FnWarning.URGENT_REPLACEMENT
    if what not in STOPPED["signs"]:
        till.do(command, data)
        return
    assert till.refused(command, data) == FnCode.RESOURCE_EXHAUSTED
    till.cancel()
    if what == "receipt":
        till.close_shift()
    till.set_clock(START)
    till.close_archive()
    with_signs = registered(model=model, crypto_resource_signs=documents + 1)
    with_signs.do(*prepare(with_signs))


@pytest.mark.parametrize(
    ("model", "documents", "flags"),
    [
        ("fn-1-1-15", 98, FnWarning.NONE),
        ("fn-1-1-15", 99, FnWarning.ARCHIVE_NEARLY_FULL),
        ("fn-1-1m-15", 98, FnWarning.NONE),
        ("fn-1-1m-15", 99, FnWarning.ARCHIVE_NEARLY_FULL),
    ],
)
def test_an_archive_full_to_99_percent_is_announced(model: str, documents: int, flags: FnWarning) -> None:
    till = registered(AUTONOMOUS, model=model, archive_documents=100)
    while till.status().last_document < documents:
        till.settle()
    assert till.status().warnings == flags


@pytest.mark.parametrize(("model", "count"), [("fn-1-13", 12), ("fn-1-1-15", 30), ("fn-1-1-36", 72)])
def test_so_many_registrations_are_made_and_no_more(model: str, count: int) -> None:
    till = registered(model=model)
    for made in range(1, count):
        assert Term.parse(till.do(FnCommand.TERM)).registrations_left == count - made
        till.re_register()
    assert till.refused(FnCommand.BEGIN_REGISTRATION, b"\2") == FnCode.RESOURCE_EXHAUSTED
    assert Term.parse(till.do(FnCommand.TERM)).registrations_left == 0


# ---- bytes of 07h

LIMITED = {
    "registration": ("Du", "Dr"),
    "shift": ("Do", "Dc"),
    "receipt": ("De", "Dk"),
    "settlement": ("Ds",),
    "close_archive": ("Da",),
}
"""Places of the matrix with a begun document that nothing was told about, by the limit it has."""


@pytest.mark.parametrize("model", model_names())
@pytest.mark.parametrize("limit", LIMITED)
def test_a_document_takes_its_bytes_and_not_one_more(model: str, limit: str) -> None:
    for place in LIMITED[limit]:
        till = Till(load_model(model), composition_checked=False)
        Matrix(till).bring(place)
        room = getattr(load_model(model).data_limits, limit)
        while room > 512:
            till.do(FnCommand.ADD_DATA, tlv(1084, bytes(508)))
            room -= 512
        assert till.refused(FnCommand.ADD_DATA, tlv(1084, bytes(room - 3))) == FnCode.TLV_TOO_LARGE
        till.do(FnCommand.ADD_DATA, tlv(1084, bytes(room - 4)))
        assert till.refused(FnCommand.ADD_DATA, tlv(1084, b"")) == FnCode.TLV_TOO_LARGE


def test_every_limit_is_tried() -> None:
    assert {one.name for one in fields(DataLimits)} == LIMITED.keys()


# ---- warnings that last


def test_a_failure_of_the_fn_is_remembered_after_it_was_mended() -> None:
    till = registered()
    till.fn.inject(FnFault.FAILED)
    assert till.status().warnings == CRITICAL
    till.fn.mend()
    till.open_shift()
    assert till.status().warnings == CRITICAL
    till.fn.power_off()
    till.fn.power_on(till.world)
    assert till.status().warnings == CRITICAL
    till.do(FnCommand.RESET, b"\x16")
    assert till.status().warnings == FnWarning.NONE


@pytest.mark.parametrize("fault", [fault for fault in FnFault if fault is not FnFault.FAILED])
def test_other_faults_leave_no_mark(fault: FnFault) -> None:
    till = registered()
    till.fn.inject(fault)
    if fault is not FnFault.SILENT:
        assert till.status().warnings == FnWarning.NONE
    till.fn.mend()
    till.open_shift()
    assert till.status().warnings == FnWarning.NONE


FORMAT, SETUP, ANNULLED = FnWarning.OFD_FORMAT_REFUSAL, FnWarning.OFD_SETUP_REQUIRED, FnWarning.OFD_ANNULLED


@pytest.mark.parametrize(
    ("code", "message", "flags"),
    [
        (0, 0, FnWarning.NONE),
        (11, 0, FORMAT),
        (14, 0, FORMAT),
        (0, 0x02, FORMAT),
        (0, 0x40, SETUP),
        (0, 0x80, ANNULLED),
        (14, 0xC0, FORMAT | SETUP | ANNULLED),
    ],
)
def test_a_confirmation_sets_the_flags_of_the_ofd_until_the_next_one(code: int, message: int, flags: FnWarning) -> None:
    till = registered()
    till.settle()
    till.send_one(code, message)
    assert till.status().warnings == flags
    till.fn.power_off()
    till.fn.power_on(till.world)
    assert till.status().warnings == flags
    till.send_one()
    assert till.status().warnings == FnWarning.NONE


def test_an_fn_of_the_first_generation_has_no_flags_of_the_ofd() -> None:
    till = registered(model="fn-1-13")
    till.send_one(14, 0xC0)
    assert till.status().warnings == FnWarning.NONE
