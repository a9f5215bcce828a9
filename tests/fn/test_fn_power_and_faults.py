"""Power cuts, faults of the FN, damaged frames, ENQ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fn_model import FnFault, FnPort
from fn_model.port import COMMANDS
from protocol.fn.commands import ExchangeFlag, FnCode, FnCommand, FnWarning
from protocol.fn.frame import ENQ, build_answer, build_request, parse_answer
from protocol.fn.requests import EVERY_TAG, RegistrationRequisite
from tests.fn.fn_till import CLOSE_ARCHIVE_DATA, NUMBER, START, Till, receipt_data


def about_to_sign() -> dict[FnCommand, tuple[Till, bytes]]:
    """A till before each signing command."""
    registering, opening, selling, closing, ending = (Till() for _ in range(5))
    registering.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    registering.do(FnCommand.ADD_DATA, CLOSE_ARCHIVE_DATA)
    for till in (opening, selling, closing, ending):
        till.register()
    opening.begin_open_shift()
    for till in (selling, closing):
        till.open_shift()
    selling.begin_receipt()
    closing.begin_close_shift()
    ending.begin_close_archive()
    return {
        FnCommand.REGISTER: (registering, registering.registration()),
        FnCommand.OPEN_SHIFT: (opening, b""),
        FnCommand.COMMIT_RECEIPT: (selling, selling.receipt()),
        FnCommand.CLOSE_SHIFT: (closing, b""),
        FnCommand.CLOSE_ARCHIVE: (ending, ending.closing()),
    }


SIGNING = tuple(about_to_sign())


@pytest.mark.parametrize("command", SIGNING, ids=lambda command: command.name)
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (FnFault.CRYPTO_FAILED, FnCode.CRYPTO_FAILURE),
        (FnFault.FAILED, FnCode.FAILURE),
        (FnFault.MISREADS, FnCode.BAD_FORMAT),
    ],
)
def test_an_fn_that_cannot_sign_says_so_and_keeps_the_begun_document(
    command: FnCommand, fault: FnFault, code: FnCode
) -> None:
    till, data = about_to_sign()[command]
    till.fn.faults.add(fault)
    assert till.refused(command, data) == code
    assert bool(till.status().warnings & FnWarning.CRITICAL) is (fault is FnFault.FAILED)
    till.fn.faults.clear()
    till.do(command, data)


def test_an_fn_that_is_silent_answers_nothing_until_it_is_mended() -> None:
    till = Till()
    till.register()
    till.fn.faults.add(FnFault.SILENT)
    assert till.port.exchange(build_request(FnCommand.STATUS), till.world) is None
    assert till.port.exchange(ENQ, till.world) is None
    till.fn.faults.clear()
    assert till.status().last_document == 1


@pytest.mark.parametrize("command", SIGNING, ids=lambda command: command.name)
def test_a_silent_fn_signs_nothing_and_still_tells_its_status(command: FnCommand) -> None:
    till, data = about_to_sign()[command]
    till.fn.faults.add(FnFault.SILENT_ON_SIGNING)
    before = till.fn.digest()
    assert till.port.exchange(build_request(command, data), till.world) is None
    assert till.port.exchange(ENQ, till.world) is None
    assert till.fn.digest() == before
    assert till.status().has_data
    till.fn.faults.clear()
    till.do(command, data)


@pytest.mark.parametrize("command", SIGNING, ids=lambda command: command.name)
def test_an_fn_that_is_not_heard_has_made_the_document(command: FnCommand) -> None:
    till, data = about_to_sign()[command]
    till.fn.faults.add(FnFault.UNHEARD_ON_SIGNING)
    made = till.status().last_document
    assert till.port.exchange(build_request(command, data), till.world) is None
    assert till.port.exchange(ENQ, till.world) is None
    assert till.status().last_document == made + 1
    till.fn.faults.clear()
    assert till.refused(command, data) == FnCode.WRONG_STATE


def test_a_power_cut_forgets_the_begun_document_the_connection_and_the_reading() -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    till.do(FnCommand.BEGIN_MESSAGE)
    till.do(FnCommand.BEGIN_DOCUMENT_TLV, b"\1\0\0\0")
    till.do(FnCommand.REGISTRATION_REQUISITE, RegistrationRequisite(EVERY_TAG).build())
    till.begin_receipt()
    till.fn.power_off()
    assert till.port.exchange(build_request(FnCommand.STATUS), till.world) is None
    till.fn.power_on(till.world)
    assert till.port.exchange(ENQ, till.world) is None
    status = till.exchange_status()
    assert (status.flags, status.is_reading) == (ExchangeFlag.MESSAGE_TO_SEND, False)
    assert till.refused(FnCommand.NEXT_DOCUMENT_TLV) == FnCode.WRONG_STATE
    assert till.refused(FnCommand.NEXT_REGISTRATION_TLV) == FnCode.WRONG_STATE
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt()) == FnCode.WRONG_STATE


def test_a_power_cut_keeps_shift_archive_queue_and_counters() -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.sell()
    before = till.fn.state
    till.fn.power_off()
    till.fn.power_on(till.world)
    assert till.fn.state is before
    assert till.sell().receipt == 2
    assert till.exchange_status().unsent_documents == 4


def test_enq_repeats_the_last_answer_and_does_nothing_twice() -> None:
    till = Till()
    assert till.port.exchange(ENQ, till.world) is None
    till.register()
    till.open_shift()
    till.begin_receipt()
    answer = till.port.exchange(build_request(FnCommand.COMMIT_RECEIPT, till.receipt()), till.world)
    assert till.port.exchange(ENQ, till.world) == answer
    assert till.port.exchange(ENQ, till.world) == answer
    assert till.status().last_document == 3


@pytest.mark.parametrize(("setting", "answer"), [("01", build_answer(1)), ("03", build_answer(3)), ("silence", None)])
@pytest.mark.parametrize("frame", ["", "04", "FF 01 00 30 FF CD", "04 01 00 30 FF CE", "04 02 00 30 FF CD"])
def test_the_answer_to_a_damaged_frame_is_a_setting(setting: str, answer: bytes | None, frame: str) -> None:
    till = Till(bad_crc_answer=setting)
    before = till.fn.digest()
    assert till.port.exchange(bytes.fromhex(frame), till.world) == answer
    assert till.fn.digest() == before


@pytest.mark.parametrize("command", sorted(set(range(256)) - {int(command) for command in COMMANDS}))
def test_an_unknown_command_is_01(command: int) -> None:
    till = Till()
    till.register()
    assert till.port.exchange(build_request(command), till.world) == build_answer(FnCode.BAD_FORMAT)


def stages() -> list[FnPort]:
    tills = [Till(), *(till for till, _ in about_to_sign().values())]
    waiting = Till()
    waiting.register()
    waiting.do(FnCommand.SET_TRANSPORT, b"\1")
    waiting.read_message()
    closed = Till()
    closed.register()
    closed.close_archive()
    closed.send_all()
    return [till.port for till in (*tills, waiting, closed)]


PORTS = stages()
WORLD = Till().world


@given(st.integers(0, len(PORTS) - 1), st.lists(st.binary(max_size=40).filter(lambda frame: frame != ENQ), max_size=5))
def test_garbage_on_the_wire_never_raises_and_changes_nothing(which: int, frames: list[bytes]) -> None:
    port = PORTS[which].copy()
    before = port.storage.digest()
    for frame in frames:
        answer = port.exchange(frame, WORLD)
        assert answer is None or parse_answer(answer)[0] & 0x7F == FnCode.BAD_FORMAT
    assert port.storage.digest() == before


COMMAND_BYTES = st.sampled_from([int(command) for command in COMMANDS]) | st.integers(0, 255)


@given(st.integers(0, len(PORTS) - 1), st.lists(st.tuples(COMMAND_BYTES, st.binary(max_size=60)), max_size=8))
def test_any_frames_are_answered_and_a_refusal_changes_nothing(which: int, requests: list[tuple[int, bytes]]) -> None:
    port = PORTS[which].copy()
    for command, data in requests:
        before = port.storage.digest()
        answer = port.exchange(build_request(command, data), WORLD)
        assert answer is not None
        code, _ = parse_answer(answer)
        assert code & 0x7F in set(FnCode)
        assert code & 0x7F == FnCode.OK or port.storage.digest() == before


@given(st.integers(0, len(PORTS) - 1), st.sampled_from(sorted(COMMANDS)), st.data())
def test_arguments_of_the_right_size_are_answered_whatever_they_hold(
    which: int, command: FnCommand, draw: st.DataObject
) -> None:
    port = PORTS[which].copy()
    sizes = [size for size in range(64) if size in COMMANDS[command].sizes]
    size = draw.draw(st.sampled_from(sizes))
    data = draw.draw(st.binary(min_size=size, max_size=size))
    before = port.storage.digest()
    answer = port.exchange(build_request(command, data), WORLD)
    assert answer is not None
    assert parse_answer(answer)[0] & 0x7F == FnCode.OK or port.storage.digest() == before


@given(st.data())
def test_a_damaged_confirmation_is_never_accepted(draw: st.DataObject) -> None:
    port = PORTS[-2].copy()
    till = Till()
    right = bytearray(till.confirmation(1))
    place = draw.draw(st.integers(0, len(right) - 1))
    right[place] ^= draw.draw(st.integers(1, 255))
    before = port.storage.digest()
    answer = port.exchange(build_request(FnCommand.PUT_CONFIRMATION, bytes(right)), WORLD)
    assert answer is not None
    assert parse_answer(answer)[0] & 0x7F == FnCode.OFD_REFUSED
    assert port.storage.digest() == before


@given(st.data())
def test_receipt_data_cut_anywhere_is_refused_or_whole_requisites(draw: st.DataObject) -> None:
    port = PORTS[3].copy()
    port.exchange(build_request(FnCommand.CANCEL_DOCUMENT), WORLD)
    till = Till()
    assert (till.at, till.fn.number) == (START, NUMBER)
    port.exchange(build_request(FnCommand.BEGIN_RECEIPT, till.dated()), WORLD)
    data = receipt_data()
    cut = draw.draw(st.integers(1, len(data)))
    before = port.storage.digest()
    answer = port.exchange(build_request(FnCommand.ADD_DATA, data[:cut]), WORLD)
    assert answer is not None
    if parse_answer(answer)[0] & 0x7F != FnCode.OK:
        assert port.storage.digest() == before
