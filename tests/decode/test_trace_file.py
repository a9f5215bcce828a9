"""Where a trace is written: over nothing but an older one, and when it cannot be any more, that is told of once."""

from pathlib import Path

import pytest

from kktsim.cli.output_file import TraceFile
from kktsim.trace import Header, header_line


def test_a_full_disk_ends_the_recording_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    trace = TraceFile("/dev/full")
    for _ in range(3):
        trace.write("a line\n")
        trace.flush()
    trace.close()
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "No space left" in told and "nothing more is recorded" in told


@pytest.mark.parametrize("there", [b"my receipts\n", b'{"format": "another"}\n', b"\xff\xfe", b"\n{}"])
def test_a_file_that_is_no_trace_is_not_overwritten(
    there: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "kept.txt"
    place.write_bytes(there)
    with pytest.raises(SystemExit) as ended:
        TraceFile(str(place))
    assert (ended.value.code, place.read_bytes()) == (2, there)
    assert "is a file that is no trace, it is not overwritten: give another name" in capsys.readouterr().err


@pytest.mark.parametrize("there", ["", header_line(Header(title="an older one")) + "\n{}\n"])
def test_an_older_trace_gives_way(there: str, tmp_path: Path) -> None:
    place = tmp_path / "dialogue.jsonl"
    place.write_text(there, "utf-8")
    trace = TraceFile(str(place))
    trace.write("new\n")
    trace.close()
    assert place.read_text("utf-8") == "new\n"


@pytest.mark.parametrize(
    ("path", "code", "told"), [("", 2, "names no file"), ("no/where", 3, "there is no directory no")]
)
def test_where_no_file_can_be_is_told(path: str, code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        TraceFile(path)
    assert ended.value.code == code
    assert told in capsys.readouterr().err
