"""The two machines, as tables and over the wire."""

import pytest

from fn_model.phases import COMMAND_PHASES, LIFE, LifeEvent
from fn_model.transitions import CURRENT_DOCUMENT, RESTING, TRANSITIONS, Input, Stage
from protocol.fn.commands import FnCode, FnCommand, Phase, WorkMode
from tests.fn.fn_till import Till
from tests.fn.matrix import REQUESTS, WAYS, Matrix

PLACES: dict[Stage, str] = {
    Stage.UNREGISTERED: "U",
    Stage.REGISTERING: "Ur",
    Stage.REPLACING_FN: "Uf",
    Stage.SHIFT_CLOSED: "C",
    Stage.RE_REGISTERING: "Cr",
    Stage.OPENING_SHIFT: "Co",
    Stage.SHIFT_OPEN: "O",
    Stage.RECEIPT: "Or",
    Stage.CORRECTION: "Ok",
    Stage.SETTLING: "Cs",
    Stage.SETTLING_IN_SHIFT: "Os",
    Stage.SETTLING_AFTER_CLOSING: "Ps",
    Stage.CLOSING_SHIFT: "Oc",
    Stage.CLOSING_ARCHIVE: "Ca",
    Stage.ARCHIVE_CLOSED: "P",
}
"""Places of the matrix by the stage of the document machine."""
LABELS: dict[Input, str] = {
    Input.BEGIN_REGISTRATION: "02:0",
    Input.BEGIN_FN_REPLACEMENT: "02:1",
    Input.BEGIN_RE_REGISTRATION: "02:2",
    Input.REGISTER: "03",
    Input.BEGIN_OPEN_SHIFT: "11",
    Input.OPEN_SHIFT: "12",
    Input.BEGIN_CLOSE_SHIFT: "13",
    Input.CLOSE_SHIFT: "14",
    Input.BEGIN_RECEIPT: "15",
    Input.BEGIN_CORRECTION: "17",
    Input.COMMIT_RECEIPT: "16",
    Input.BEGIN_SETTLEMENT: "18",
    Input.COMMIT_SETTLEMENT: "19",
    Input.BEGIN_CLOSE_ARCHIVE: "04",
    Input.CLOSE_ARCHIVE: "05",
    Input.ADD_DATA: "07",
    Input.CANCEL: "06",
}
"""Requests of the matrix by what they ask of the document machine."""


def at(stage: Stage) -> Till:
    till = Till()
    Matrix(till).bring(PLACES[stage])
    assert till.fn.stage is stage
    return till


@pytest.mark.parametrize("stage", Stage, ids=lambda stage: stage.name)
@pytest.mark.parametrize("one", Input, ids=lambda one: one.name)
def test_over_the_wire_a_missing_pair_is_02_and_a_pair_leads_to_its_stage(stage: Stage, one: Input) -> None:
    till = at(stage)
    command, data = REQUESTS[LABELS[one]]
    if (stage, one) in TRANSITIONS:
        till.do(command, data(till, PLACES[stage]))
        assert till.fn.stage is TRANSITIONS[stage, one]
    else:
        assert till.refused(command, data(till, PLACES[stage])) == FnCode.WRONG_STATE
        assert till.fn.stage is stage


@pytest.mark.parametrize("stage", Stage, ids=lambda stage: stage.name)
def test_a_power_cut_does_what_cancel_does(stage: Stage) -> None:
    till = at(stage)
    till.fn.power_off()
    till.fn.power_on(till.world)
    assert till.fn.stage is TRANSITIONS[stage, Input.CANCEL]
    assert till.fn.stage in RESTING


@pytest.mark.parametrize("stage", set(Stage) - RESTING, ids=lambda stage: stage.name)
def test_every_begun_document_takes_data_and_can_be_ended_in_one_way(stage: Stage) -> None:
    inputs = {one for begun, one in TRANSITIONS if begun is stage}
    assert {Input.ADD_DATA, Input.CANCEL} < inputs
    assert len(inputs) == 3
    assert TRANSITIONS[stage, Input.ADD_DATA] is stage


def test_every_stage_is_shown_as_some_current_document() -> None:
    assert CURRENT_DOCUMENT.keys() == set(Stage)
    for stage in Stage:
        assert at(stage).status().document == CURRENT_DOCUMENT[stage]


def test_every_command_has_its_phases_in_some_generation() -> None:
    assert set().union(*COMMAND_PHASES.values()) == set(FnCommand)


@pytest.mark.parametrize("place", WAYS)
def test_a_refused_command_leaves_no_trace_anywhere(place: str) -> None:
    till = Till()
    matrix = Matrix(till)
    matrix.bring(place)
    for command, data in REQUESTS.values():
        request = data(till, place)
        before = till.fn.copy()
        digest = before.digest()
        code, _ = till.ask(command, request)
        if code == FnCode.OK:
            till.port.storage = before
        else:
            assert till.fn.digest() == digest, command.name


def test_the_code_of_the_last_phase_is_a_setting() -> None:
    for code in (FnCode.BAD_FORMAT, FnCode.WRONG_STATE):
        till = Till(archive_read_phase_answer=code)
        Matrix(till).bring("R")
        assert till.refused(FnCommand.BEGIN_OPEN_SHIFT, till.dated()) == code


def test_bits_of_the_phase_are_only_added() -> None:
    assert all(after & before == before for (before, _), after in LIFE.items())


def test_the_closing_report_moves_to_phase_7_and_its_confirmation_to_15() -> None:
    till = at(Stage.SHIFT_CLOSED)
    till.close_archive()
    assert till.status().phase is Phase.POST_FISCAL
    till.send_one()
    assert till.status().phase is Phase.POST_FISCAL
    till.send_one()
    assert till.status().phase is Phase.ARCHIVE_READ
    assert LIFE[Phase.POST_FISCAL, LifeEvent.LAST_DOCUMENT_CONFIRMED] is Phase.ARCHIVE_READ


def test_an_autonomous_fn_goes_to_phase_15_at_once() -> None:
    till = Till()
    till.register(WorkMode.AUTONOMOUS)
    till.close_archive()
    assert till.status().phase is Phase.ARCHIVE_READ


@pytest.mark.parametrize("place", ["U", "C", "O", "P", "R"])
def test_a_test_fn_can_begin_its_life_anew_in_every_phase(place: str) -> None:
    till = Till()
    Matrix(till).bring(place)
    till.do(FnCommand.RESET, b"\x16")
    assert till.fn.digest() == Till().fn.digest()
    till.register()


def test_reset_takes_only_its_own_argument() -> None:
    assert at(Stage.SHIFT_CLOSED).refused(FnCommand.RESET, b"\x17") == FnCode.BAD_FORMAT
