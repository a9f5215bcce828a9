"""The durable state as columns: nothing is lost, nothing is forgotten to be stored, only what changed is written."""

import sqlite3
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fn_model.counters import ShiftCounters
from fn_model.marking_state import Marking, Notification
from fn_model.state import FnState, RegistrationReport
from fn_model.state_codec import FIELDS, changes, pack, unpack
from fn_model.totals import Totals
from fn_model.transitions import Stage
from protocol.ffd.formats import FFD_1_05, FFD_1_2
from protocol.ffd.tags import T
from protocol.fn.commands import ExtendedMode, FnWarning, Operation, Phase, WorkMode
from protocol.fn.requests import FullRegistration, Registration

AT = datetime(2026, 1, 10, 9, 0)
ANY_TIME = st.integers(0, 50_000_000).map(lambda minutes: datetime(2000, 1, 1) + timedelta(minutes=minutes))
BYTES = st.integers(0, 255)


@st.composite
def reports(draw: st.DrawFn) -> RegistrationReport:
    """A report by 03h or by A3h."""
    number, at = draw(st.integers(1, 1 << 32)), draw(ANY_TIME)
    mode, extended = WorkMode(draw(BYTES)), ExtendedMode(draw(BYTES))
    inn, own_number, taxes = "7702203276", "0000000005008570", draw(st.integers(1, 63))
    if draw(st.booleans()):
        reason = draw(st.none() | st.integers(1, 4))
        request = Registration(at, inn, own_number, taxes, mode, reason)
        return RegistrationReport.of(number, request, reason, FFD_1_05, extended, draw(st.integers(0, 127)))
    mask = draw(st.none() | st.integers(0, (1 << 32) - 1))
    full = FullRegistration(at, inn, own_number, taxes, mode, extended, "7704358518", mask)
    return RegistrationReport.of(number, full, mask, FFD_1_2, extended)


@st.composite
def states(draw: st.DrawFn) -> FnState:
    """Any state, with every field drawn."""
    state = FnState()
    state.phase, state.stage = draw(st.sampled_from(Phase)), draw(st.sampled_from(Stage))
    state.reports = tuple(draw(st.lists(reports(), max_size=3)))
    state.identity = draw(st.dictionaries(st.sampled_from(T), st.binary(max_size=20), max_size=4))
    state.expires_on = draw(st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    state.document_number = draw(st.integers(0, (1 << 32) - 1))
    state.last_at = draw(st.none() | ANY_TIME)
    state.shift = ShiftCounters(draw(st.integers(0, 0xFFFF)), draw(st.none() | ANY_TIME), 3, draw(st.integers(0, 9)))
    operation, total = draw(st.sampled_from(Operation)), draw(st.integers(0, (1 << 40) - 1))
    state.totals = Totals().with_correction(operation, total, is_queued=draw(st.booleans()))
    state.unsent_bytes = draw(st.integers(0, 1 << 40))
    state.has_failed = draw(st.booleans())
    state.ofd_flags = FnWarning(draw(BYTES))
    queue = draw(st.lists(st.builds(Notification, BYTES, ANY_TIME, st.binary(max_size=9)), max_size=2))
    keys_on = draw(st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    state.marking = Marking(draw(BYTES), draw(BYTES), keys_on, tuple(queue))
    return state


def values(state: FnState) -> list[object]:
    return [getattr(state, name) for name in FnState.__slots__]


def test_every_field_of_the_state_is_stored() -> None:
    assert FIELDS.keys() == set(FnState.__slots__)


@given(states())
def test_a_state_comes_back_as_it_was(state: FnState) -> None:
    again = unpack(pack(state))
    assert values(again) == values(state)
    assert repr(values(again)) == repr(values(state)), "the digest of an FN is made of these texts"


@given(states())
def test_columns_are_what_a_database_keeps(state: FnState) -> None:
    columns = pack(state)
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE TABLE state ({', '.join(columns)})")
        database.execute(f"INSERT INTO state VALUES ({', '.join('?' * len(columns))})", tuple(columns.values()))
        (row,) = database.execute("SELECT * FROM state").fetchall()
    database.close()
    assert row == tuple(columns.values())


@given(states(), states())
def test_the_changes_lead_from_one_state_to_the_other(old: FnState, new: FnState) -> None:
    assert values(unpack(pack(old) | changes(old, new))) == values(new)


def test_only_what_changed_is_written() -> None:
    old = FnState()
    old.identity = {1041: b"9999078900000001"}
    new = old.copy()
    assert changes(old, new) == {}
    new.last_at, new.document_number = AT, 1
    new.identity = dict(old.identity)
    assert changes(old, new) == {"document_number": 1, "last_at": "2026-01-10T09:00:00"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phase", 2),
        ("stage", "NOWHERE"),
        ("reports", "[[1]]"),
        ("identity", "no json"),
        ("expires_on", "2026-13-01"),
        ("last_at", 5),
        ("shift", "[1, 2, 3, 4, 5]"),
        ("totals", b"short"),
        ("marking", "[0, 0, null, [[1]]]"),
    ],
)
def test_columns_that_hold_no_state_are_refused(name: str, value: object) -> None:
    columns = pack(FnState()) | {name: value}
    with pytest.raises((ValueError, KeyError, TypeError)):
        unpack(columns)
