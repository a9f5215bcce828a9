"""A preset is a recipe, nothing more: played on a new bench it gives the same till to the last byte."""

import pytest

from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.kkt import to_world
from kktsim.hands.bench import BenchHands
from kktsim.testing.history import AT
from kktsim.testing.inspector import Inspector
from kktsim.testing.ledger import Ledger
from kktsim.testing.presets import build, open_till
from kktsim.testing.snapshot import differences, digest, snapshot
from scenarios.presets import DAY, PRESETS


def replayed(model: str, preset: str, link: str) -> Bench:
    """The recipe played on a fresh bench over a link."""
    at, recipe = to_world(AT), PRESETS[preset]
    bench = Bench(kkt_models.load(model), at - recipe.history_days * DAY, ClockKind.FROZEN, virtual=True)
    till = open_till(bench, link)
    recipe.recipe(till, BenchHands(bench), at)
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


def test_the_digest_tells_states_apart() -> None:
    model = kkt_models.load()
    digests = [digest(build(model, preset, to_world(AT), ClockKind.FROZEN, virtual=True)) for preset in PRESETS]
    assert len(set(digests)) == len(PRESETS)
    other = build(model, "registered", to_world(AT) + DAY, ClockKind.FROZEN, virtual=True)
    assert digest(other) not in digests
