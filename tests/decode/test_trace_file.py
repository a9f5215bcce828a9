"""A trace that cannot be written any more is told of once, and nothing else is disturbed."""

import pytest

from kktsim.cli.output_file import TraceFile


def test_a_full_disk_ends_the_recording_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    trace = TraceFile("/dev/full")
    for _ in range(3):
        trace.write("a line\n")
        trace.flush()
    trace.close()
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "No space left" in told and "nothing more is recorded" in told
