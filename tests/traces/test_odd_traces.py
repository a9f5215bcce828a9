"""Trace files with anything in them: they are decoded and played, or one sentence says why not."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kktsim.cli import main
from kktsim.hands.bench import BenchHands
from kktsim.host.loop_wire import LoopWire
from kktsim.replay import NotPreparedError, Player, Script, ScriptError, script
from kktsim.testing.presets import open_till
from kktsim.trace import Header, TraceError, read
from protocol.atol import link_v3

from .stage import bench_for

HEADER: Mapping[str, Any] = {"format": "kktsim-trace", "version": 1}
TILL = Header("atol-77f", "registered", "2026-03-02T12:00:00")
ABORT = link_v3.encode(1, b"\xc4").hex()
ADD = link_v3.encode(2, bytes.fromhex("C1 01 05 00 00 45")).hex()
HOST: Mapping[str, Any] = {"dir": "host", "hex": ADD}

wrong = st.one_of(
    st.none(),
    st.booleans(),
    st.integers() | st.just(10**400),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)
seconds = st.floats(-1, 9)
patterns = st.sampled_from(("A3", "A3 55 *", "09/29", "01/00", "|", " ", "", "*", "A"))
hexes = st.sampled_from((ABORT, ADD, ABORT + ADD, "05", "0", "", "A3", "02 00 00 45 03 46"))
headers = st.fixed_dictionaries(
    {key: st.just(value) for key, value in HEADER.items()},
    optional=dict.fromkeys(("kktsim", "model", "state", "at", "seed", "ports", "title", "note"), wrong)
    | {"prepare": wrong | st.lists(st.sampled_from(("45", "47", "", "xx", "92 00 01")), max_size=2)},
)
entries = st.fixed_dictionaries(
    {},
    optional={
        "t": seconds | wrong,
        "port": st.just("one") | wrong,
        "dir": st.sampled_from(("host", "till")) | wrong,
        "hex": hexes | wrong,
        "needs": patterns | wrong,
        "busy": patterns | wrong,
        "id": st.sampled_from(("01", "02", "F0", "-1", "1", "100")) | wrong,
        "wire": st.sampled_from(("lost", "damaged", "wrong id")) | wrong,
        "pause": seconds | wrong,
        "silence": seconds | wrong,
        "other": st.lists(hexes, max_size=2) | wrong,
        "hands": wrong,
        "note": wrong,
    },
)
sound = st.fixed_dictionaries(
    {"dir": st.sampled_from(("host", "host", "till"))},
    optional={"hex": hexes, "id": st.sampled_from(("01", "02", "F0")), "needs": patterns, "busy": patterns}
    | {"wire": st.sampled_from(("lost", "damaged", "wrong id")), "silence": seconds, "pause": seconds},
)


def written(*rows: Mapping[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("odd") / "talk.jsonl"


def decoded(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    told = CliRunner().invoke(main, ["decode", str(file)])
    assert told.exception is None or isinstance(told.exception, SystemExit), text
    assert told.exit_code == 0 or (told.exit_code == 2 and told.stdout == "" and told.stderr.count("\n") == 1), told


def played(text: str) -> None:
    try:
        wanted = script(read(text))
    except (TraceError, ScriptError) as error:
        said = str(error)
    else:
        said = refusal(wanted)
    assert "\n" not in said


def refusal(wanted: Script) -> str:
    """Why a till cannot be brought to play it; empty: it has played."""
    bench = bench_for(TILL)
    wire = LoopWire(bench.open_line(), bench.clock)
    try:
        Player(wire, other=lambda: open_till(bench), hands=lambda name: BenchHands(bench).world()).play(wanted)
    except NotPreparedError as error:
        return str(error)
    return ""


@given(header=headers, rows=st.lists(entries, max_size=3))
def test_any_value_of_any_key_is_taken_or_refused_in_one_sentence(
    file: Path, header: Mapping[str, Any], rows: list[Mapping[str, Any]]
) -> None:
    for text in (written(header, *rows), written(HEADER, HOST, *rows)):
        decoded(file, text)
        played(text)


@given(rows=st.lists(sound, max_size=4))
def test_what_has_the_right_form_is_played_or_refused_in_one_sentence(rows: list[Mapping[str, Any]]) -> None:
    played(written(HEADER, HOST, *rows))


REFUSED: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    'line 1: "ports" is 5, it must be a list of texts': ({"ports": 5}, {}),
    'line 1: "prepare" is 5, it must be a list of commands in hex': ({"prepare": 5}, {}),
    'line 1: "prepare" is [5], it must be a list of commands in hex': ({"prepare": [5]}, {}),
    'line 1: "prepare" is [""], it must be': ({"prepare": [""]}, {}),
    'line 1: "seed" is true, it must be a whole number or null': ({"seed": True}, {}),
    'line 2: "needs" is 5, it must be a text or null': ({}, {"needs": 5}),
    'line 2: "id" is "-1", it must be two hexadecimal digits': ({}, {"id": "-1"}),
    'line 2: "pause" is Infinity, it must be a number': ({}, {"pause": float("inf")}),
    'line 2: "t" is true, it must be a number': ({}, {"t": True}),
    'line 2: "hex" is [1], it must be bytes in hexadecimal': ({}, {"hex": [1]}),
    'line 2: "other" is ["xx"], it must be a list of commands in hex': ({}, {"other": ["xx"]}),
}


@pytest.mark.parametrize(("told", "rows"), REFUSED.items())
def test_a_value_of_the_wrong_type_is_named_by_decode(
    file: Path, told: str, rows: tuple[Mapping[str, Any], Mapping[str, Any]]
) -> None:
    file.write_text(written({**HEADER, **rows[0]}, rows[1]), encoding="utf-8")
    result = CliRunner().invoke(main, ["decode", str(file)])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert told in result.stderr


UNPLAYABLE: Mapping[str, Mapping[str, Any]] = {
    "a wire can do nothing to no bytes": {"dir": "host", "wire": "damaged"},
    "no byte is so": {"dir": "till", "id": "02", "needs": "01/00"},
    '"busy" is of the result of a task': {"dir": "till", "id": "02", "needs": "B1", "busy": "B1"},
}


@pytest.mark.parametrize(("told", "row"), UNPLAYABLE.items())
def test_an_impossible_expectation_is_refused(told: str, row: Mapping[str, Any]) -> None:
    with pytest.raises(ScriptError, match=told):
        script(read(written(HEADER, HOST, row)))


def test_deeply_nested_json_is_no_trace() -> None:
    with pytest.raises(TraceError, match="line 1 is no JSON"):
        read("[" * 100_000)
