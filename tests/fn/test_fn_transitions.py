"""The two machines, as tables and over the wire."""

from collections.abc import Callable

import pytest

from fn_model.phases import COMMAND_PHASES, LIFE, LifeEvent
from fn_model.port import COMMANDS
from fn_model.transitions import CURRENT_DOCUMENT, RESTING, TRANSITIONS, Input, Stage
from protocol.fn.commands import FnCode, FnCommand, Phase, WorkMode
from tests.fn.fn_till import CLOSE_ARCHIVE_DATA, Till


def unregistered() -> Till:
    return Till()


def registering() -> Till:
    till = Till()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    return till


def replacing_fn() -> Till:
    till = Till()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\1")
    return till


def shift_closed() -> Till:
    till = Till()
    till.register()
    return till


def re_registering() -> Till:
    till = shift_closed()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\2")
    return till


def opening_shift() -> Till:
    till = shift_closed()
    till.do(FnCommand.BEGIN_OPEN_SHIFT, till.dated())
    return till


def shift_open() -> Till:
    till = shift_closed()
    till.open_shift()
    return till


def receipt() -> Till:
    till = shift_open()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    return till


def correction() -> Till:
    till = shift_open()
    till.do(FnCommand.BEGIN_CORRECTION, till.dated())
    return till


def settling() -> Till:
    till = shift_closed()
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    return till


def settling_in_shift() -> Till:
    till = shift_open()
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    return till


def settling_after_closing() -> Till:
    till = archive_closed()
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    return till


def closing_shift() -> Till:
    till = shift_open()
    till.do(FnCommand.BEGIN_CLOSE_SHIFT, till.dated())
    return till


def closing_archive() -> Till:
    till = shift_closed()
    till.do(FnCommand.BEGIN_CLOSE_ARCHIVE)
    return till


def archive_closed() -> Till:
    till = shift_closed()
    till.close_archive()
    return till


def read_only() -> Till:
    till = archive_closed()
    till.send_all()
    return till


STAGES: dict[Stage, Callable[[], Till]] = {
    Stage.UNREGISTERED: unregistered,
    Stage.REGISTERING: registering,
    Stage.REPLACING_FN: replacing_fn,
    Stage.SHIFT_CLOSED: shift_closed,
    Stage.RE_REGISTERING: re_registering,
    Stage.OPENING_SHIFT: opening_shift,
    Stage.SHIFT_OPEN: shift_open,
    Stage.RECEIPT: receipt,
    Stage.CORRECTION: correction,
    Stage.SETTLING: settling,
    Stage.SETTLING_IN_SHIFT: settling_in_shift,
    Stage.SETTLING_AFTER_CLOSING: settling_after_closing,
    Stage.CLOSING_SHIFT: closing_shift,
    Stage.CLOSING_ARCHIVE: closing_archive,
    Stage.ARCHIVE_CLOSED: archive_closed,
}
INPUTS: dict[Input, tuple[FnCommand, Callable[[Till], bytes]]] = {
    Input.BEGIN_REGISTRATION: (FnCommand.BEGIN_REGISTRATION, lambda till: b"\0"),
    Input.BEGIN_FN_REPLACEMENT: (FnCommand.BEGIN_REGISTRATION, lambda till: b"\1"),
    Input.BEGIN_RE_REGISTRATION: (FnCommand.BEGIN_REGISTRATION, lambda till: b"\2"),
    Input.REGISTER: (
        FnCommand.REGISTER,
        lambda till: till.registration(reason=4 if till.fn.stage is Stage.RE_REGISTERING else None),
    ),
    Input.BEGIN_OPEN_SHIFT: (FnCommand.BEGIN_OPEN_SHIFT, Till.dated),
    Input.OPEN_SHIFT: (FnCommand.OPEN_SHIFT, lambda till: b""),
    Input.BEGIN_CLOSE_SHIFT: (FnCommand.BEGIN_CLOSE_SHIFT, Till.dated),
    Input.CLOSE_SHIFT: (FnCommand.CLOSE_SHIFT, lambda till: b""),
    Input.BEGIN_RECEIPT: (FnCommand.BEGIN_RECEIPT, Till.dated),
    Input.BEGIN_CORRECTION: (FnCommand.BEGIN_CORRECTION, Till.dated),
    Input.BEGIN_SETTLEMENT: (FnCommand.BEGIN_SETTLEMENT, Till.dated),
    Input.COMMIT_SETTLEMENT: (FnCommand.COMMIT_SETTLEMENT, lambda till: b""),
    Input.COMMIT_RECEIPT: (FnCommand.COMMIT_RECEIPT, Till.receipt),
    Input.BEGIN_CLOSE_ARCHIVE: (FnCommand.BEGIN_CLOSE_ARCHIVE, lambda till: b""),
    Input.CLOSE_ARCHIVE: (FnCommand.CLOSE_ARCHIVE, Till.closing),
    Input.ADD_DATA: (FnCommand.ADD_DATA, lambda till: CLOSE_ARCHIVE_DATA),
    Input.CANCEL: (FnCommand.CANCEL_DOCUMENT, lambda till: b""),
}
PHASES: dict[Phase, Callable[[], Till]] = {
    Phase.READY: unregistered,
    Phase.FISCAL: shift_closed,
    Phase.POST_FISCAL: archive_closed,
    Phase.ARCHIVE_READ: read_only,
}


@pytest.mark.parametrize("stage", Stage, ids=lambda stage: stage.name)
@pytest.mark.parametrize("one", Input, ids=lambda one: one.name)
def test_over_the_wire_a_missing_pair_is_02_and_a_pair_leads_to_its_stage(stage: Stage, one: Input) -> None:
    till = STAGES[stage]()
    assert till.fn.stage is stage
    if stage not in RESTING and one is not Input.ADD_DATA:
        till.do(FnCommand.ADD_DATA, b"\x1f\x04\x01\x00\x01")  # 1055 satisfies every document
    command, data = INPUTS[one]
    if (stage, one) in TRANSITIONS:
        till.do(command, data(till))
        assert till.fn.stage is TRANSITIONS[stage, one]
    else:
        assert till.refused(command, data(till)) == FnCode.WRONG_STATE
        assert till.fn.stage is stage


@pytest.mark.parametrize("stage", Stage, ids=lambda stage: stage.name)
def test_a_power_cut_does_what_cancel_does(stage: Stage) -> None:
    till = STAGES[stage]()
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
    for stage, make in STAGES.items():
        assert make().status().document == CURRENT_DOCUMENT[stage]


def test_every_command_that_is_done_has_its_phases() -> None:
    assert COMMAND_PHASES.keys() == COMMANDS.keys()


@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.name)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_over_the_wire_a_command_of_another_phase_is_refused(phase: Phase, command: FnCommand) -> None:
    till = PHASES[phase]()
    assert till.fn.phase is phase
    size = next(size for size in range(1025) if size in COMMANDS[command].sizes)
    if phase in COMMAND_PHASES[command]:
        till.port.exchange(bytes(size), till.world)
        return
    code = till.refused(command, bytes(size))
    assert code == (FnCode.BAD_FORMAT if phase is Phase.ARCHIVE_READ else FnCode.WRONG_STATE)


def test_the_code_of_the_last_phase_is_a_setting() -> None:
    till = read_only()
    assert till.refused(FnCommand.BEGIN_OPEN_SHIFT, till.dated()) == FnCode.BAD_FORMAT
    till = Till(archive_read_phase_answer=FnCode.WRONG_STATE)
    till.register()
    till.close_archive()
    till.send_all()
    assert till.refused(FnCommand.BEGIN_OPEN_SHIFT, till.dated()) == FnCode.WRONG_STATE


def test_bits_of_the_phase_are_only_added() -> None:
    assert all(after & before == before for (before, _), after in LIFE.items())


def test_the_closing_report_moves_to_phase_7_and_its_confirmation_to_15() -> None:
    till = shift_closed()
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


def test_a_test_fn_can_begin_its_life_anew_in_every_phase() -> None:
    for make in PHASES.values():
        till = make()
        till.do(FnCommand.RESET, b"\x16")
        assert till.fn.digest() == Till().fn.digest()
        till.register()


def test_reset_takes_only_its_own_argument() -> None:
    assert shift_closed().refused(FnCommand.RESET, b"\x17") == FnCode.BAD_FORMAT
