"""The replayer: what it takes for the same, what it finds different, which faults it makes, and what it cannot play."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kktsim.bench import Bench
from kktsim.cli import main
from kktsim.decode import Side
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import Till
from kktsim.replay import NotPreparedError, Player, Report, ScriptError, script
from kktsim.replay.needs import Pattern, PatternError, is_same_kind
from kktsim.replay.telling import report_json, report_lines
from kktsim.trace import Entry, Header, Recorder, Trace, read
from protocol.atol import link_v3

from .stage import bench_for, replayed

HERE = Header("atol-77f", "registered", "2026-03-02T12:00:00")
PASSWORD = bytes(2)

# ---- patterns

PATTERNS = {
    "55 00 ??": (["55 00 00", "55 00 FF"], ["55 00", "55 00 00 00", "55 01 00"]),
    "55 ?2 0?": (["55 22 01", "55 02 0F"], ["55 21 01", "55 22 10"]),
    "44 09/29 *": (["44 09", "44 DF 01"], ["44 29", "44 01", "44"]),
    "A1 | A2 | A3 55 *": (["A1", "A2", "A3 55", "A3 55 00"], ["A3", "A4"]),
    "": ([""], ["00"]),
    "*": (["", "00 01"], []),
    "0A 5C 2E": (["0A 5C 2E"], ["0A 5C 00"]),
}


@pytest.mark.parametrize(("text", "fits", "differs"), [(text, *told) for text, told in PATTERNS.items()])
def test_a_pattern_has_holes(text: str, fits: list[str], differs: list[str]) -> None:
    pattern = Pattern.parse(text)
    assert [pattern.matches(bytes.fromhex(one)) for one in fits] == [True] * len(fits)
    assert [pattern.matches(bytes.fromhex(one)) for one in differs] == [False] * len(differs)


@pytest.mark.parametrize("text", ["5", "555", "* 55", "GG", "55/", "09/2"])
def test_a_misspelt_pattern_is_refused(text: str) -> None:
    with pytest.raises(PatternError):
        Pattern.parse(text)


SAME = (
    ("91 0A 00 00", "55 00 00 00 00 00 00 00 00", "55 00 00 00 00 00 12 34 56"),
    ("91 36 00 00", "55 00 02 02 02 06 05 24", "55 00 02 03 02"),
    ("92 00 01", "55 9B 00", "55 9B 07"),
    ("45", "55 00 00", "55 01 08"),
    ("FF", "55 00 01 02", "55 00 03 04"),
    ("A5", "00 01 01 45 00 00 03 00 00 88 88 41", "00 01 01 4F 10 00 03 00 00 53 13 42 43"),
    ("9A 00", "55 00 00", "55 00 00"),
)
OTHER = (
    ("92 00 01", "55 9B 00", "55 00 00"),
    ("92 00 01", "55 9B 00", "55 9C 00"),
    ("91 0A 00 00", "55 00 00 00 00 00 00 00 00", "55 00 00"),
    ("FF", "55 00 01 02", "55 00 03"),
    ("45", "55 00 00", "99 00 00"),
    ("3F", "44" + " 00" * 29, "44" + " 00" * 28),
)


@pytest.mark.parametrize(("request_hex", "recorded", "got"), SAME)
def test_answers_of_the_same_kind_are_the_same(request_hex: str, recorded: str, got: str) -> None:
    assert is_same_kind(PASSWORD + bytes.fromhex(request_hex), bytes.fromhex(recorded), bytes.fromhex(got))


@pytest.mark.parametrize(("request_hex", "recorded", "got"), OTHER)
def test_answers_of_another_kind_are_different(request_hex: str, recorded: str, got: str) -> None:
    assert not is_same_kind(PASSWORD + bytes.fromhex(request_hex), bytes.fromhex(recorded), bytes.fromhex(got))


# ---- recordings of our own


class Kept:
    """A file in memory."""

    def __init__(self) -> None:
        self.text = '{"format": "kktsim-trace", "version": 1}\n'

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """It is there already."""


def recorded(bench: Bench, link: str, *commands: str) -> Trace:
    """What passes when a host sends these commands."""
    return read(recorded_text(bench, link, *commands))


def recorded_text(bench: Bench, link: str, *commands: str) -> str:
    """The same as the file has it."""
    line = bench.open_line()
    kept = Kept()
    line.session.watcher = Recorder(kept, "port", bench.clock.now, bench.clock.now())
    till = Till(LoopWire(line, bench.clock), link=link)
    for command in commands:
        till.send(bytes.fromhex(command))
    till.close()
    return kept.text


DAY = ("3F", "48", "56 01 00 00 00 30", "9A 00", "92 00 01", "92 00 01", "59", "91 34 00 00", "A4 30", "E9 0D 04 00")


@pytest.mark.parametrize("link", ["v2", "v3"])
@pytest.mark.parametrize("before", ["async", "direct"])
@pytest.mark.parametrize("now", ["async", "direct"])
def test_a_recording_replays_however_results_are_delivered(link: str, before: str, now: str) -> None:
    trace = recorded(bench_for(HERE, result_delivery=before), link, *DAY)
    report = replayed(trace, bench_for(HERE, result_delivery=now))
    assert not report.differences, "\n".join(report_lines(report))
    assert report.answers > len(DAY)


@pytest.mark.parametrize("link", ["v2", "v3"])
def test_a_till_in_another_state_is_told_apart(link: str) -> None:
    trace = recorded(bench_for(HERE), link, *DAY)
    report = replayed(trace, bench_for(replace(HERE, state="shift-open")))
    told = "\n".join(report_lines(report))
    assert len(report.differences) == 1
    assert told.startswith("different: 1 of ")
    assert "9Ah OpenShift «Открыть смену»" in told and "9Ch SHIFT_OPEN" in told
    row = report_json(report)
    assert row["same"] is False and "55 9C" in str(row["differences"])


def test_a_till_that_falls_silent_ends_the_replay() -> None:
    bench = bench_for(HERE)
    trace = recorded(bench_for(HERE), "v3", *DAY)
    bench.power_off()
    report = replayed(trace, bench)
    assert [difference.got for difference in report.differences] == [None]
    assert "nothing in time" in "\n".join(report_lines(report))


# ---- expectations, faults, other hosts


def add(frame_id: int, task: int, command: str, flags: int = 1) -> bytes:
    return link_v3.encode(frame_id, bytes((0xC1, flags, task)) + PASSWORD + bytes.fromhex(command))


def host(data: bytes, **more: object) -> Entry:
    return Entry(0.0, "p", Side.HOST, data, **more)  # type: ignore[arg-type]


def needs(frame_id: int | None, pattern: str, **more: object) -> Entry:
    return Entry(0.0, "p", Side.TILL, id=frame_id, needs=pattern, **more)  # type: ignore[arg-type]


def play(*entries: Entry, state: str = "registered", prepare: tuple[str, ...] = ()) -> Report:
    header = replace(HERE, state=state, prepare=prepare)
    return replayed(Trace(header, entries), bench_for(header))


def test_an_expectation_is_kept_or_told_to_be_broken() -> None:
    assert not play(host(add(1, 5, "45")), needs(1, "A3 55 0? 00")).differences
    [broken] = play(host(add(1, 5, "45")), needs(1, "A3 55 22 00")).differences
    assert broken.got is not None and broken.awaited.message == PASSWORD + b"\x45"


def test_the_till_is_prepared_first() -> None:
    enter = ("48", "56 02 00 00 00 30")
    assert not play(host(add(1, 5, "45")), needs(1, "A3 55 02 00"), prepare=enter).differences
    with pytest.raises(NotPreparedError, match=r"9A 00 was refused: 9Ch"):
        play(host(add(1, 5, "45")), state="shift-open", prepare=("48", "56 01 00 00 00 30", "9A 00"))


def test_a_damaged_frame_makes_the_till_ask_for_it_again() -> None:
    damaged = host(add(1, 5, "45"), wire="damaged")
    assert not play(damaged, needs(1, ""), host(add(2, 5, "45")), needs(2, "A3 55 ?? 00")).differences
    assert play(host(add(1, 5, "45")), needs(1, "")).differences


def test_a_lost_frame_never_reaches_the_till() -> None:
    lost = host(add(1, 5, "56 02 00 00 00 30"), wire="lost")
    assert not play(lost, host(add(2, 6, "45")), needs(2, "A3 55 00 00"), prepare=("48",)).differences


def test_silence_is_an_expectation_too() -> None:
    silence = Entry(0.0, "p", Side.TILL, silence=1.0)
    assert not play(host(b"\xfe"), silence).differences
    assert play(host(add(1, 5, "45")), silence).differences


def test_link_v2_says_nothing_more_than_is_waited_for() -> None:
    ack = Entry(0.0, "p", Side.TILL, needs="06")
    frame = host(bytes.fromhex("02 00 00 45 03 46"))
    assert not play(host(b"\x05"), ack, frame, ack).differences
    [more] = play(host(b"\x05"), ack, replace(frame, data=frame.data + b"\x04"), ack).differences
    assert more.got == b"\x05" and "nothing more" in "\n".join(report_lines(Report(1, 1, (more,))))


def test_an_answer_that_says_busy_is_asked_for_again() -> None:
    report = (host(add(1, 5, "67 01")), needs(1, "A3 55 00 00"), host(add(2, 6, "45")))
    prepare = ("48", "56 02 00 00 00 30")
    until = needs(2, "A3 55 02 00", busy="A3 55 22 ??")
    assert not play(*report, until, state="shift-open", prepare=prepare).differences
    assert play(*report, needs(2, "A3 55 02 00"), state="shift-open", prepare=prepare).differences
    never = needs(2, "A3 55 7? 00", busy="A3 55 ?2 ??")
    assert play(*report, never, state="shift-open", prepare=prepare).differences


def test_another_host_and_the_operator_act_in_between() -> None:
    ask = host(add(1, 5, "45"))
    assert not play(Entry(other=("56 02 00 00 00 30",)), ask, needs(1, "A3 55 02 00"), prepare=("48",)).differences
    fn = host(add(1, 5, "A4 30"))
    assert not play(Entry(hands="fn unplug"), fn, needs(1, "A3 55 D2 ??")).differences


@pytest.mark.parametrize(("entry", "told"), [(Entry(other=("45",)), "--other-port"), (Entry(hands="x"), "--control")])
def test_who_acts_in_between_must_be_there(entry: Entry, told: str) -> None:
    bench = bench_for(HERE)
    player = Player(LoopWire(bench.open_line(), bench.clock))
    with pytest.raises(NotPreparedError, match=told):
        player.play(script(Trace(HERE, (entry, host(b"\x05")))))


def test_an_error_of_a_task_whose_result_nobody_wanted_is_a_difference() -> None:
    begun = needs(1, "A1 | A2 | A3")
    assert not play(host(add(1, 5, "47", flags=0)), begun).differences
    [broken] = play(host(add(1, 5, "92 00 09", flags=0)), begun).differences
    assert broken.got is not None and broken.got[0] == 0x55 and broken.got[1] != 0
    allowed = needs(1, "A1 | A2 | A3 | A7 55 *")
    assert not play(host(add(1, 5, "92 00 09", flags=0)), allowed).differences


def test_pauses_are_kept_only_when_asked_for_or_needed() -> None:
    def seconds(pause: float, pauses: bool) -> float:
        bench = bench_for(HERE)
        later = replace(host(add(2, 6, "45")), t=5.0, pause=pause)
        entries = (host(add(1, 5, "45")), needs(1, "A3 55 ?? 00"), later, needs(2, "A3 55 ?? 00"))
        started = bench.clock.now()
        player = Player(LoopWire(bench.open_line(), bench.clock), pauses=pauses)
        assert not player.play(script(Trace(HERE, entries))).differences
        return bench.clock.now() - started

    assert seconds(0.0, False) < 1
    assert 2 <= seconds(2.0, False) < 3
    assert seconds(0.0, True) >= 5


UNPLAYABLE: Mapping[str, tuple[Entry, ...]] = {
    "nothing that a host wrote": (needs(1, "A3"),),
    "several ports": (host(b"\x05"), replace(host(b"\x05"), port="q")),
    "neither link v3": (host(b"AT\r"),),
    "lost, damaged, wrong id": (host(b"\x05", wire="burnt"),),
    "has not sent": (host(add(1, 5, "45")), needs(2, "A3")),
    '"hex", or "id" and "needs"': (host(add(1, 5, "45")), needs(None, "A3")),
    "a byte of a pattern": (host(add(1, 5, "45")), needs(1, "A")),
}


@pytest.mark.parametrize(("told", "entries"), UNPLAYABLE.items())
def test_what_cannot_be_played_is_said(told: str, entries: tuple[Entry, ...]) -> None:
    with pytest.raises(ScriptError) as caught:
        script(Trace(HERE, entries))
    assert told in str(caught.value)


# ---- the command line


def replay(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["replay", *arguments])


SALE = str(Path(__file__).parent / "atol-sale.jsonl")
OTHER_HOST = str(Path(__file__).parent / "atol-error-9B-on-92.jsonl")
REFUSED: Mapping[str, tuple[Callable[[Path], tuple[str, ...]], int]] = {
    "No such file": (lambda _: ("missing.jsonl", "--port", "tcp:1"), 2),
    "is no trace: it is no text": (lambda folder: (written(folder, b"\xfe\x01"), "--port", "tcp:1"), 2),
    "line 1 is no JSON": (lambda folder: (written(folder, b"FE 01"), "--port", "tcp:1"), 2),
    "--trace-port two: the trace has": (lambda _: (SALE, "--port", "tcp:1", "--trace-port", "two"), 2),
    "--timeout": (lambda _: (SALE, "--port", "tcp:1", "--timeout", "0"), 2),
    "--other-port": (lambda _: (OTHER_HOST, "--port", "tcp:1"), 2),
    "cannot be opened": (lambda _: (SALE, "--port", "tcp:1"), 3),
    "does not exist": (lambda folder: (SALE, "--port", str(folder / "kkt0")), 3),
}


def written(folder: Path, data: bytes) -> str:
    path = folder / "talk.jsonl"
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize(("told", "arguments", "code"), [(told, *row) for told, row in REFUSED.items()])
def test_the_command_line_says_no_in_one_sentence(
    told: str, arguments: Callable[[Path], tuple[str, ...]], code: int, tmp_path: Path
) -> None:
    result = replay(*arguments(tmp_path))
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr and result.stderr.count("\n") == 1


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The till that the command line finds at any port: its shift is open."""
    bench = bench_for(replace(HERE, state="shift-open"))
    module = import_module("kktsim.cli.replay")
    monkeypatch.setattr(module, "SerialWire", lambda _: LoopWire(bench.open_line(), bench.clock))
    return bench


def day_in_a_file(folder: Path, mark: str, end: str) -> str:
    head, *rows = recorded_text(bench_for(HERE), "v3", *DAY).splitlines(keepends=True)
    header = json.dumps({**json.loads(head), "state": "registered"}) + "\n"
    return written(folder, (mark + header + "".join(rows) + end).encode())


@pytest.mark.usefixtures("served")
def test_the_command_line_tells_the_state_that_a_different_till_should_be_in(tmp_path: Path) -> None:
    told = replay(day_in_a_file(tmp_path, "\ufeff", ""), "--port", "tcp:1")
    assert (told.exit_code, told.stderr) == (1, "")
    assert told.stdout.endswith("this trace begins in state `registered`: was the till in it?\n")
    assert told.stdout.startswith("different: 1 of ")


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_last_line_that_is_cut_off_is_said_to_be_left_out(options: tuple[str, ...], tmp_path: Path) -> None:
    told = replay(day_in_a_file(tmp_path, "", '{"t": 3, "por'), "--port", "tcp:1", *options)
    assert told.exit_code == 1
    assert told.stderr == "kktsim: the last line of the trace is cut off and was left out\n"
    if options:
        assert json.loads(told.stdout)["state"] == "registered"
