"""A preset is a recipe, nothing more: played on a new bench it gives the same till to the last byte."""

import pytest

from fn_model import load_model, model_names
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device import tables
from kktsim.device.kkt import to_world
from kktsim.hands.bench import BenchHands
from kktsim.testing.history import AT
from kktsim.testing.inspector import Inspector
from kktsim.testing.ledger import Ledger
from kktsim.testing.presets import build, open_till
from kktsim.testing.snapshot import differences, digest, snapshot
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
from scenarios import routine
from scenarios.presets import DAY, PRESETS


def replayed(model: str, preset: str, link: str) -> Bench:
    """The recipe played on a fresh bench over a link."""
    at, recipe, term_days = to_world(AT), PRESETS[preset], load_model().term_days
    begin = at - recipe.history_days(term_days) * DAY
    bench = Bench(kkt_models.load(model), begin, ClockKind.FROZEN, virtual=True)
    till = open_till(bench, link)
    recipe.recipe(till, BenchHands(bench), at, term_days)
    till.close()
    bench.set_world(at)
    bench.clock.wait(60.0)
    bench.kkt.settle(bench.clock.now())
    return bench


@pytest.mark.parametrize("link", ["v3", "v2"])
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("model", kkt_models.names())
def test_a_recipe_played_again_gives_the_same_till(model: str, preset: str, link: str) -> None:
    built = build(kkt_models.load(model), preset, to_world(AT), ClockKind.FROZEN, virtual=True)
    again = replayed(model, preset, link)
    assert differences(snapshot(built, whole=True), snapshot(again, whole=True)) == []
    assert digest(built) == digest(again)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("model", kkt_models.names())
def test_the_documents_of_a_preset_are_in_order(model: str, preset: str) -> None:
    bench = build(kkt_models.load(model), preset, to_world(AT), ClockKind.FROZEN, virtual=True)
    eye = Inspector(bench, Ledger())
    made = bench.state().last_document
    assert sum(len(archive.documents) for archive in eye.auditor.archives.values()) == made


AS_NAMED = {
    "factory": (False, False, False),
    "registered": (True, False, False),
    "registered-two-sno": (True, False, False),
    "registered-osn": (True, False, False),
    "shift-open": (True, True, False),
    "receipt-open": (True, True, True),
    "shift-25h": (True, True, False),
    "ofd-30-days": (True, True, False),
    "fn-expired": (True, False, False),
    "fn-expired-offline": (True, False, False),
    "fn-expired-shift-open": (True, True, False),
    "archive-closed": (True, False, False),
}
"""A preset: whether its till is registered, its shift open, a receipt too."""
EXPIRED = {name for name, preset in PRESETS.items() if preset.is_past_term}


@pytest.mark.parametrize("fn_model", model_names())
@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_what_its_name_says_with_every_fn(preset: str, fn_model: str) -> None:
    model, at = load_model(fn_model), to_world(AT)
    bench = build(kkt_models.load(), preset, at, ClockKind.FROZEN, fn_model=model, virtual=True)
    state, fn = bench.state(), bench.fn
    assert fn is not None and fn.model is model
    assert (bench.kkt.is_registered, state.shift_is_open, state.receipt_is_open) == AS_NAMED[preset]
    days_left = 0 if fn.state.expires_on is None else (fn.state.expires_on - AT.date()).days
    assert days_left == -1 if preset in EXPIRED else days_left >= 0
    unsent = {"ofd-30-days": 4, "fn-expired-offline": 3}.get(preset, 0)
    assert state.unsent_documents == unsent


@pytest.mark.parametrize("fn_model", model_names())
@pytest.mark.parametrize("preset", ["fn-expired", "fn-expired-offline"])
def test_an_expired_fn_opens_no_shift(preset: str, fn_model: str) -> None:
    model, at = load_model(fn_model), to_world(AT)
    bench = build(kkt_models.load(), preset, at, ClockKind.FROZEN, fn_model=model, virtual=True)
    with pytest.raises(routine.Refused) as refused:
        routine.open_shift(open_till(bench))
    is_first = model.settings.expired_date_code == 0x05
    assert refused.value.code is (E.FN_TERM_OVER if is_first else E.FN_RESOURCE_EXHAUSTED)


SYSTEMS = {"registered": (0x02, 0), "registered-two-sno": (0x22, 0x02), "registered-osn": (0x01, 0)}
"""A preset: mask of its tax systems, and the one that is the default."""


@pytest.mark.parametrize("preset", SYSTEMS)
def test_a_preset_is_registered_for_its_tax_systems(preset: str) -> None:
    bench = build(kkt_models.load(), preset, to_world(AT), ClockKind.FROZEN, virtual=True)
    mask, default = SYSTEMS[preset]
    assert (bench.kkt.memory.requisites[T.TAX_SYSTEMS][0], tables.number(bench.kkt, 2, 1, 110)) == (mask, default)
    routine.sell(open_till(bench))


def test_the_digest_tells_states_apart() -> None:
    model = kkt_models.load()
    digests = [digest(build(model, preset, to_world(AT), ClockKind.FROZEN, virtual=True)) for preset in PRESETS]
    assert len(set(digests)) == len(PRESETS)
    other = build(model, "registered", to_world(AT) + DAY, ClockKind.FROZEN, virtual=True)
    assert digest(other) not in digests
