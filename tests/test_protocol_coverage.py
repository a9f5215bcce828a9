"""What docs/protocol-coverage.md says was found out by sending, and what is missing is missing for a reason."""

import subprocess
import sys
from pathlib import Path

import pytest

from kktsim.testing import coverage
from kktsim.testing.coverage import MODELS, Outcome
from protocol.atol.commands.registers import REGISTERS
from protocol.atol.settings_tables import Write

ROOT = Path(__file__).parent.parent
EVERY_COMMAND = coverage.commands()


@pytest.mark.parametrize("one", EVERY_COMMAND, ids=lambda one: f"{one.command.code:02X}")
def test_what_a_till_does_not_do_has_a_reason(one: coverage.CommandCoverage) -> None:
    assert one.outcome is Outcome.MODELLED or one.command.reason


def test_at_most_one_command_in_ten_is_accepted_without_effect() -> None:
    idle = [one.command.code for one in EVERY_COMMAND if one.outcome is Outcome.WITHOUT_EFFECT]
    assert len(idle) * 10 <= len(EVERY_COMMAND)


def test_every_register_that_has_a_layout_is_told_by_a_model() -> None:
    told = {one.register for one in coverage.registers() if one.widths}
    assert told == set(REGISTERS)


def test_every_field_is_kept_or_may_not_be_written() -> None:
    fields = coverage.fields()
    assert {one.field.table for one in fields} >= {2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 15, 17, 19, 20, 21, 22}
    lost = [one for one in fields if not one.is_kept and one.field.write is not Write.NEVER]
    assert not lost, lost
    assert all(one.models and set(one.models) <= set(MODELS) for one in fields)


def test_the_page_is_up_to_date() -> None:
    checked = subprocess.run(
        [sys.executable, "tools/generate_coverage_page.py", "--check"], cwd=ROOT, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
