"""Random lives of an FN against a ledger of it: nothing lost, nothing left behind, nothing answered otherwise."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fn.fn_machine import FnMachine
from tests.fn.ledger import RULES

LIVES = settings(max_examples=40, stateful_step_count=40, deadline=None)
CODES = {
    "FN-1": {0x00, 0x01, 0x02, 0x07, 0x09, 0x15, 0x16, 0x20},
    "FN-1.1": {0x00, 0x01, 0x02, 0x07, 0x09, 0x0C, 0x12, 0x14, 0x16, 0x20},
    "FN-1.1M": {0x00, 0x01, 0x02, 0x07, 0x09, 0x0C, 0x12, 0x14, 0x16, 0x20},
}
"""Answers that the lives of the profile ``ci`` meet, which are the same in every run; by generation."""


@pytest.mark.parametrize("generation", RULES)
def test_an_fn_lives_as_its_ledger_says(generation: str) -> None:
    class Life(FnMachine):
        pass

    Life.generation, Life.seen = generation, set()
    run_state_machine_as_test(Life, settings=LIVES)
    assert CODES[generation] <= {code for _, code in Life.seen} or not LIVES.derandomize
