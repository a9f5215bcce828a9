"""Lower level v3 in words: buffer commands, states, check sums, escapes; the request gives the answer its layout."""

import pytest

from kktsim.decode import Side
from protocol.atol import link_v3

from .told import dialogue, of, one, text, troubles, values


def frame(frame_id: int, data: str) -> str:
    return link_v3.encode(frame_id, bytes.fromhex(data)).hex(" ")


HOST = {
    "C1 01 07 00 00 3F": "Add «добавить задание» 07, flags 01 NEED_RESULT",
    "C1 00 07 00 00 47": "Add «добавить задание» 07, flags 00 NONE",
    "C1 03 07 00 00 47": "flags 03 NEED_RESULT|IGNORE_ERROR",
    "C1 05 DE": "Add «добавить задание» DE, flags 05 NEED_RESULT|WAIT_ASYNC_DATA, поток / stream",
    "C2 07": "Ack «подтвердить результат» 07",
    "C3 07": "Req «запросить результат» 07",
    "C4": "Abort «прервать все задания»",
    "C5 06 01 07 00 00 3F": "AckAdd «подтвердить и добавить» 06, 07, flags 01 NEED_RESULT",
}
TILL = {
    "A1": "A1 Pending «в очереди» 07",
    "A2": "A2 InProgress «выполняется» 07",
    "A5 03": "A5 Stopped «остановлено» 07 заданием / by task 03",
    "A8": "A8 Waiting «ждёт данных» 07",
    "B1": "B1 Overflow «буфер переполнен» 07",
    "B2": "B2 AlreadyExists «задание уже есть» 07",
    "B3": "B3 NotFound «задания нет» 07",
    "B4 01": "B4 IllegalValue «недопустимое значение» 07: поле / field 1",
}


@pytest.mark.parametrize(("data", "told"), HOST.items())
def test_a_command_of_the_buffer_is_named(data: str, told: str) -> None:
    piece = one(frame(9, data))
    assert piece.side is Side.HOST and told in piece.title and piece.is_sound


@pytest.mark.parametrize(("data", "told"), TILL.items())
def test_a_state_is_named_with_its_task(data: str, told: str) -> None:
    answer = dialogue(frame(9, "C1 01 07 00 00 3F"), frame(9, data))[1]
    assert answer.title.endswith(told) and answer.is_sound


def test_an_answer_is_laid_out_as_its_request_says() -> None:
    added = frame(1, "C1 01 05 00 00 91 0A 00 00")
    direct = dialogue(added, frame(1, "A3 55 00 00 00 00 00 12 34 56"))[1]
    later = dialogue(added, frame(1, "A2") + frame(0xF0, "A6 05 55 00 00 00 00 00 12 34 56"))[2]
    polled = dialogue(added, frame(1, "A2"), frame(2, "C3 05"), frame(2, "A3 55 00 00 00 00 00 12 34 56"))[3]
    for answer in (direct, later, polled):
        assert values(answer) == {"sum_kopecks": "1234.56 руб."}
        assert "91h ReadRegister «Считать регистр»: выполнено" in text(answer)


def test_an_answer_to_ack_and_add_has_two_states() -> None:
    told = dialogue(frame(1, "C5 06 01 07 00 00 45"), frame(1, "A3 A3 55 01 00"))[1]
    assert "A3 Result «выполнено» 06, A3 Result «выполнено» 07" in told.title
    assert values(told)["mode"] == "1 регистрация"


def test_a_refusal_is_told_in_the_words_of_the_catalogue() -> None:
    told = dialogue(frame(1, "C1 01 05 00 00 92 00 01"), frame(0xF0, "A7 05 55 9B 00"))[1]
    assert "9Bh RECEIPT_OPEN (-3802) Чек открыт - операция невозможна" in text(told)


def test_an_empty_frame_asks_to_repeat() -> None:
    assert one("FE 00 00 04 68").title.endswith("повторите / repeat, please")


def test_escapes_are_told_with_their_places() -> None:
    piece = one(frame(0x13, "C1 01 08 00 00 E8 01 01 00 FD 03 02 00 FE 41"))
    assert values(piece)["escapes"] == "«FD ED = FD (byte 13), FD EE = FE (byte 18)»"


BROKEN = {
    "FE": "byte 1: the stream ends, 3 bytes of the head are missing",
    "FE 06 00 01": "byte 4: the stream ends, 7 bytes of the frame are missing",
    "FE 06 00 02 C1 01 01 00 00 3F": "byte 10: the stream ends, 1 bytes of the frame are missing",
    "FE 01 00 01 C4 00": "byte 5: CRC is 00, it should be F6",
    "FE 02 00 01 FD 00 00 00": "byte 4: FD is followed by 00, not by ED or EE",
    frame(1, "C2"): "byte 5: 1 bytes are missing",
    frame(1, "C1 01"): "byte 6: 1 bytes are missing",
    frame(1, "C7"): "byte 4: C7 is no command of the buffer",
}


@pytest.mark.parametrize(("wire", "told"), BROKEN.items())
def test_a_broken_frame_says_what_is_wrong_at_which_byte(wire: str, told: str) -> None:
    host = dialogue(wire)
    assert told in [sentence for piece in host for sentence in troubles(piece)]


def test_a_damaged_frame_still_tells_what_it_seems_to_say_and_changes_nothing() -> None:
    added, damaged, answer = dialogue(
        frame(1, "C1 01 05 00 00 45") + "FE 06 00 01 C1 01 05 00 00 3F 00", frame(1, "A3 55 01 00")
    )
    assert added.is_sound and "3Fh FullStatus" in text(damaged) and "CRC неверна" in damaged.title
    assert "45h StateCode" in text(answer)


def test_a_state_nobody_knows_is_told() -> None:
    assert troubles(dialogue(frame(1, "C4"), frame(1, "C7"))[1]) == ["byte 4: C7 is no state of the buffer"]
    assert troubles(dialogue(frame(1, "C4"), frame(0xF0, "A3 01 55"))[1]) == ["byte 4: A3 is no result"]
    assert troubles(dialogue(frame(1, "C4"), frame(0xF0, "A6"))[1]) == ["byte 5: the number of the task is missing"]


def test_a_frame_that_another_one_cuts_short_costs_only_itself() -> None:
    cut, whole = of("FE 06 00 02 C1 01" + frame(3, "C4"))
    assert troubles(cut) == ["byte 6: another frame begins, 5 bytes of the frame are missing"]
    assert whole.is_sound and "Abort" in whole.title


def test_junk_before_a_frame_is_told_as_junk() -> None:
    junk, whole = of("24 40 0D 00 20 01 F7 40 74 65 73 74 65" + frame(0, "C4"))
    assert junk.kind == "junk" and whole.is_sound


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_frame_in_pieces_is_one_frame(size: int) -> None:
    wire = bytes.fromhex(frame(1, "C1 01 05 00 00 3F"))
    turns = [turn for at in range(0, len(wire), size) for turn in (wire[at : at + size].hex(), "")]
    assert [piece.data for piece in dialogue(*turns)] == [wire]
