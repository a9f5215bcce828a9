"""What `fn info` and `fn documents` tell of an FN, in a file or in a running till."""

import json

import pytest

from fn_model import FiscalStorage, load_model, model_names
from kktsim import fn_view, kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.testing.presets import build, open_till
from protocol.ffd.documents import DocumentType
from protocol.ffd.tlv import split, to_json
from scenarios import routine
from scenarios.presets import DAY

from .house import WORLD


@pytest.fixture
def bench() -> Bench:
    """An FN that has lived from registration to phase 15."""
    return build(kkt_models.load(), "archive-closed", WORLD, ClockKind.FROZEN, virtual=True)


def fn_of(bench: Bench) -> FiscalStorage:
    return bench.slot.plugged()


@pytest.mark.parametrize("model", model_names())
def test_an_fn_of_any_model_tells_of_itself_in_every_phase(model: str) -> None:
    bench = build(kkt_models.load(), "factory", WORLD, ClockKind.FROZEN, virtual=True, fn_model=load_model(model))
    told = fn_view.info(fn_of(bench))

    assert (told["model"], told["phase"], told["status"]["last_document"]) == (model, 1, 0)
    assert "registration" not in told
    assert told["text"][0] == f"ФН 9999078900000001, {model}, фаза / phase 1 готовность / ready"


def test_an_fn_tells_who_it_is_registered_to_and_what_room_is_left(bench: Bench) -> None:
    told = fn_view.info(fn_of(bench))

    assert told["registration"]["details"]["inn"] == routine.INN
    assert told["room"]["documents"] == fn_of(bench).model.archive_documents - 5
    assert told["term"]["registrations_made"] == 1
    assert (told["phase"], told["shift"]) == (15, {"is_open": False, "shift": 1, "receipt": 3})
    json.dumps(told)


def test_asking_leaves_no_trace_in_the_fn(bench: Bench) -> None:
    fn = fn_of(bench)
    before = fn.digest(), fn.volatile.last_answer

    fn_view.info(fn)
    fn_view.documents(fn, 1, 100)
    fn_view.document(fn, 3)

    assert (fn.digest(), fn.volatile.last_answer) == before


def test_documents_are_listed_in_parts(bench: Bench) -> None:
    fn = fn_of(bench)
    whole = fn_view.documents(fn, 1, 100)
    parts = [row for first in (1, 3, 5) for row in fn_view.documents(fn, first, 2)["documents"]]

    assert whole["documents"] == parts
    assert [row["type"] for row in parts] == [1, 2, 3, 5, 6]
    assert [row["sent"] for row in parts] == ["confirmed"] * 5
    assert (parts[1]["shift"], parts[2]["total_kopecks"], parts[2]["operation"]) == (1, 10000, 1)
    assert whole["last_document"] == 5
    assert fn_view.documents(fn, 6, 100)["documents"] == []


def test_one_document_is_told_whole_with_its_confirmation(bench: Bench) -> None:
    fn = fn_of(bench)
    told = fn_view.document(fn, 3)

    assert told is not None
    ((tag, body),) = split(bytes.fromhex(told["tlv"]))
    stored = fn.archive.get(3)
    assert stored is not None
    assert (tag, body) == (DocumentType.RECEIPT, stored.body)
    assert told["requisites"] == to_json(body)
    assert told["confirmation"]["at"] == "2026-11-22T09:05:00"
    text = "\n".join(told["text"])
    assert "1020 сумма расчета, указанного в чеке (БСО) / totalSum: 100.00 руб." in text
    assert "    1030 наименование предмета расчета / name: «Чай чёрный»" in text
    assert text.splitlines()[-1].startswith("  22.11.2026 09:05, ФПО ")


def test_a_document_that_is_not_there_is_nothing(bench: Bench) -> None:
    assert fn_view.document(fn_of(bench), 6) is None


def test_of_an_old_document_the_short_form_is_told() -> None:
    bench = build(kkt_models.load(), "shift-open", WORLD, ClockKind.FROZEN, virtual=True)
    till = open_till(bench)
    routine.sell(till)
    for _ in range(32):
        routine.close_shift(till)
        bench.advance(DAY)
        routine.open_shift(till)

    told = fn_view.document(fn_of(bench), 3)

    assert told is not None
    assert (told["is_whole"], told["total_kopecks"], "tlv" in told) == (False, 10000, False)
    assert told["text"][1].strip() == "хранится только краткая форма / only the short form is kept"


def test_an_unsent_document_and_one_that_stays_are_told_so() -> None:
    bench = build(kkt_models.load(), "registered", WORLD, ClockKind.FROZEN, virtual=True)
    bench.ofd_down()
    routine.open_shift(open_till(bench))

    rows = fn_view.documents(fn_of(bench), 1, 10)

    assert [row["sent"] for row in rows["documents"]] == ["confirmed", "unsent"]
    assert "не передан / unsent" in rows["text"][1]


def test_a_damaged_record_is_told_so(bench: Bench) -> None:
    fn = fn_of(bench)
    fn.damage_document(3)

    told = fn_view.document(fn, 3)

    assert told is not None
    assert (told["is_damaged"], told["is_whole"], "tlv" in told, "requisites" in told) == (True, False, False, False)
    assert told["text"][0].endswith(", запись повреждена / damaged")
    assert told["text"][1].strip() == "ФН читает нули / the FN reads zeros"
    listed = fn_view.documents(fn, 1, 5)
    assert [row["number"] for row in listed["documents"] if row["is_damaged"]] == [3]
    assert ["повреждена" in line for line in listed["text"]] == [False, False, True, False, False]
