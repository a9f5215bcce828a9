"""Random histories of a till and its operator: nothing is lost, nothing is there twice, and mutants are found out."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fn_model import ofd_queue
from fn_model.archive import Document
from kktsim.device import Kkt
from kktsim.ofd import confirming
from kktsim.ofd.client import OfdClient
from kktsim.ofd.events import Closed, Event
from kktsim.ofd.failures import Failure
from kktsim.ofd.network import Network
from kktsim.ofd.server import INN
from kktsim.ofd.store import MemoryStore, StoredDocument
from kktsim.testing.ofd_life import DEEDS, Deed
from kktsim.testing.ofd_trials import History, Tally, history, live, shortest, trial
from protocol.ofd.confirmation import OfdAnswer
from protocol.ofd.session import SessionHeader
from protocol.ofd.stream import SessionMessage

TOOL = Path(__file__).parent.parent.parent / "tools" / "ofd_trials.py"
TRIALS = 200
HUNTED = 60
"""Histories by which a mutant must be found."""
LEFT = 12
"""Deeds that a history which shows a mutant has at most, when it is as short as it can be."""


def test_whatever_fails_each_document_is_there_once() -> None:
    tally = Tally()
    found = [trial(f"2:{number}", tally) for number in range(TRIALS)]
    assert [violation for violation in found if violation is not None] == []
    assert tally.histories == TRIALS
    assert tally.documents > 5 * TRIALS
    assert [failure for failure in (*Failure, "connection cut", "power cut") if not tally.struck[failure]] == []


def the_operator_stores_twice(patch: pytest.MonkeyPatch) -> None:
    """A document that comes again is stored again."""

    patch.setattr(StoredDocument, "document", property(lambda one: b"%d" % id(one)))


def the_operator_confirms_what_it_does_not_store(patch: pytest.MonkeyPatch) -> None:
    """Every tenth document is confirmed and lost."""
    put = MemoryStore.put
    patch.setattr(MemoryStore, "put", lambda store, one: one.number % 10 == 0 or put(store, one))


def _forged(client: OfdClient, kkt: Kkt, world: float) -> SessionMessage:
    number = kkt.volatile.exchange.document_number
    body = confirming.confirm(INN, client._fn_number, number, world, OfdAnswer.ACCEPTED)
    return SessionMessage(SessionHeader(client._fn_number, len(body)), body)


def the_till_takes_any_answer(patch: pytest.MonkeyPatch) -> None:
    """Whatever comes is a confirmation for it."""
    confirm = OfdClient._confirm

    def take(client: OfdClient, kkt: Kkt, network: Network, answer: SessionMessage, world: float) -> None:
        confirm(client, kkt, network, _forged(client, kkt, world), world)

    patch.setattr(OfdClient, "_confirm", take)


def the_till_skips_a_document(patch: pytest.MonkeyPatch) -> None:
    """It goes on with the next one when the operator hangs up."""
    hear = OfdClient._hear

    def skip(client: OfdClient, kkt: Kkt, network: Network, event: Event, world: float) -> None:
        if event == Closed() and not client._is_check:
            client._confirm(kkt, network, _forged(client, kkt, world), world)
        else:
            hear(client, kkt, network, event, world)

    patch.setattr(OfdClient, "_hear", skip)


def the_till_gives_up(patch: pytest.MonkeyPatch) -> None:
    """Behind the third failure it waits for the next document."""
    pause = OfdClient._pause

    def give_up(client: OfdClient, kkt: Kkt, network: Network, world: float) -> None:
        pause(client, kkt, network, world)
        if client.failed_attempts >= 3:
            client.next_attempt = None

    patch.setattr(OfdClient, "_pause", give_up)


def the_fn_takes_confirmations_of_other_documents(patch: pytest.MonkeyPatch) -> None:
    """It looks at nothing but the form."""
    patch.setattr(ofd_queue, "CONFIRMATION_RULES", ())


def the_fn_hands_out_another_document(patch: pytest.MonkeyPatch) -> None:
    """One with another sign than the document in its archive."""
    message = ofd_queue.message

    def other(fn_number: str, document: Document) -> bytes:
        return message(fn_number, document._replace(sign=document.sign ^ 1))

    patch.setattr(ofd_queue, "message", other)


MUTANTS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (
    the_operator_stores_twice,
    the_operator_confirms_what_it_does_not_store,
    the_till_takes_any_answer,
    the_till_skips_a_document,
    the_till_gives_up,
    the_fn_takes_confirmations_of_other_documents,
    the_fn_hands_out_another_document,
)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_found_out_and_shown_by_a_short_history(
    mutant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    found = next(filter(None, (trial(f"3:{number}", Tally()) for number in range(HUNTED))), None)
    assert found is not None
    assert len(found.history.deeds) <= LEFT
    assert live(found.history) == found.seen


def test_a_history_comes_from_its_seed_alone() -> None:
    assert history("1:7") == history("1:7") != history("1:8")
    assert live(history("1:7")) is live(history("1:7")) is None


def test_a_history_is_made_as_short_as_it_can_be() -> None:
    deeds = tuple(Deed("wait", (number,)) for number in range(20))

    def goes_wrong(one: History) -> bool:
        return {deeds[3], deeds[11]} <= set(one.deeds)

    whole = history("1:0")._replace(deeds=deeds)
    assert shortest(whole, goes_wrong).deeds == (deeds[3], deeds[11])


def test_every_deed_is_drawn() -> None:
    drawn = {deed.name for number in range(50) for deed in history(f"1:{number}").deeds}
    assert drawn == DEEDS.keys()


def test_the_tool_tells_how_often_each_failure_struck() -> None:
    told = subprocess.run(
        [sys.executable, TOOL, "--trials", "5"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")
    rows = dict(line.rsplit(None, 1) for line in told.stdout.splitlines() if not line.endswith(" s"))
    assert rows["histories"] == "5"
    assert {f"struck: {failure}" for failure in Failure} <= rows.keys()
