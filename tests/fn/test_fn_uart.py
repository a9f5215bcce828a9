"""The FN's speed: what ABh was answered decides it."""

import pytest

from fn_model import FiscalStorage, FnPort, load_model
from kktsim.fn_line import FIRST_BAUD, Uart
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.frame import ENQ, build_request, parse_answer

from .fn_till import NUMBER


def uart(model: str) -> Uart:
    """A fresh FN of that model."""
    return Uart(FnPort(FiscalStorage.new(load_model(model), NUMBER)).exchange)


def set_speed(baud: int) -> bytes:
    """The frame of ABh."""
    return build_request(FnCommand.SET_SPEED, baud.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("model", "frame", "baud"),
    [
        ("fn-1-1m-15", set_speed(9600), 9600),
        ("fn-1-1m-15", set_speed(12_345), FIRST_BAUD),
        ("fn-1-1m-15", set_speed(9600)[:-1] + b"\0", FIRST_BAUD),
        ("fn-1-1m-15", build_request(FnCommand.STATUS), FIRST_BAUD),
        ("fn-1-1m-15", ENQ, FIRST_BAUD),
        ("fn-1-1-15", set_speed(9600), FIRST_BAUD),
    ],
)
def test_the_speed_is_the_one_that_the_fn_has_agreed_to(model: str, frame: bytes, baud: int) -> None:
    one = uart(model)
    one.exchange(frame, 0.0)
    assert one.baud == baud


def test_the_answer_passes_unchanged() -> None:
    answer = uart("fn-1-1m-15").exchange(set_speed(9600), 0.0)
    assert answer is not None and parse_answer(answer) == (FnCode.OK, b"")
