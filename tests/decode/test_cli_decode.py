"""`kktsim decode`: hex, files, logs, traces; one sentence and exit code 2 when nothing can be made of it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kktsim.cli import main

V3 = "FE 06 00 01 C1 01 05 00 00 45 CA"
LOG = "  0.1 >> FE 06 00 01 C1 01 05 00 00 45 CA  ; asks\n  0.2 << FE 04 00 01 A3 55 01 00 90\n"
TRACES = Path(__file__).parents[1] / "traces"
HEADER = '{"format": "kktsim-trace", "version": 1}\n'


def decode(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["decode", *arguments], input=given)


@pytest.mark.parametrize(
    "arguments",
    [
        (V3,),
        tuple(V3.split()),
        (V3.replace(" ", ""),),
        (V3.replace("C1", "С1"),),  # С: Cyrillic
    ],
)
def test_hex_is_told_however_it_is_typed(arguments: tuple[str, ...]) -> None:
    told = decode(*arguments)
    assert told.exit_code == 0
    assert "Add «добавить задание» 05" in told.stdout and "45h StateCode" in told.stdout


def test_several_messages_are_a_dialogue() -> None:
    told = decode("91 0A 00 00", "55 00 00 00 00 00 00 12 34")
    assert told.exit_code == 0
    assert "сумма / sum_kopecks: 12.34 руб." in told.stdout


@pytest.mark.parametrize("source", ["file", "stdin"])
def test_a_log_is_a_dialogue(tmp_path: Path, source: str) -> None:
    file = tmp_path / "log.txt"
    file.write_text(LOG)
    told = decode(str(file)) if source == "file" else decode("-", given=LOG.encode())
    assert told.exit_code == 0
    assert [line[:2] for line in told.stdout.splitlines() if line[0] in "<>"] == [">>", "<<"]
    assert "режим / mode: 1 регистрация" in told.stdout


WINDOWS = {
    "UTF-8 with its mark": LOG.replace("\n", "\r\n").encode("utf-8-sig"),
    "UTF-16 of a shell": LOG.replace("\n", "\r\n").encode("utf-16"),
    "UTF-16, high byte first": b"\xfe\xff" + LOG.encode("utf-16-be"),
    "CP1251 prose": "Команда: И\xa0снова\r\n".encode("cp1251") + LOG.encode(),
    "two encodings": "Привет, И\n".encode() + "Ответ\n".encode("cp1251") + LOG.encode(),
}


@pytest.mark.parametrize("written", WINDOWS.values(), ids=WINDOWS)
def test_a_log_may_be_written_as_windows_does(tmp_path: Path, written: bytes) -> None:
    file = tmp_path / "log.txt"
    file.write_bytes(written)
    told = decode(str(file))
    assert told.exit_code == 0
    assert told.stdout == decode("-", given=LOG.encode()).stdout


def test_a_mark_of_utf_16_before_no_text_makes_no_text() -> None:
    assert decode("-", given=b"\xff\xfe\x00").exit_code == 2


def test_a_binary_file_is_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "wire.bin"
    file.write_bytes(bytes.fromhex(V3))
    assert "45h StateCode" in decode(str(file)).stdout


def test_a_trace_is_told_with_times(tmp_path: Path) -> None:
    file = tmp_path / "talk.jsonl"
    rows = [
        {"t": 1.5, "port": "one", "dir": "host", "hex": V3},
        {"t": 1.6, "port": "one", "dir": "till", "hex": "FE 04 00 01 A3 55 01 00 90"},
        {"t": 2, "port": "two", "dir": "host", "hex": "05"},
    ]
    file.write_text(HEADER + "".join(json.dumps(row) + "\n" for row in rows) + '{"t": 3, "por')
    told = decode(str(file))
    assert told.exit_code == 0
    assert "     1.500 one >> FE" in told.stdout and "     2.000 two >> 05" in told.stdout
    assert "the last line of the trace is cut off" in told.stderr
    alone = decode(str(file), "--trace-port", "two")
    assert alone.stdout == "     2.000 >> 05\n  v2 ENQ «запрос связи»\n"


STRAY = ((0.0, "02"), (0.5, V3), (60.0, V3))


def kinds(folder: Path, port: str, *said: tuple[float, str]) -> list[str]:
    file = folder / "talk.jsonl"
    rows = [{"t": t, "port": port, "dir": "host", "hex": data} for t, data in said]
    file.write_text(HEADER + "".join(json.dumps(row) + "\n" for row in rows))
    return [piece["kind"] for piece in json.loads(decode(str(file), "--json").stdout)]


def test_a_tcp_port_speaks_v3_only(tmp_path: Path) -> None:
    assert kinds(tmp_path, "127.0.0.1:5555", *STRAY) == ["junk", "v3", "v3"]
    assert kinds(tmp_path, "[::1]:5555", (0.0, "05")) == ["junk"]
    for serial in ("/tmp/kkt0", "rfc2217://127.0.0.1:5555", ""):
        assert kinds(tmp_path, serial, (0.0, "05")) == ["v2"]


def test_a_stray_stx_hides_no_frame_of_v3(tmp_path: Path) -> None:
    assert kinds(tmp_path, "/tmp/kkt0", *STRAY) == ["v2", "v3", "v3"]
    assert kinds(tmp_path, "/tmp/kkt0", (0.0, f"05 02 {V3[:11]}"), (0.1, V3[11:])) == ["v2", "v2", "v3"]


@pytest.mark.parametrize(("pause", "told"), [(4.9, ["v2"]), (5.0, ["v2", "v2"])])
def test_a_long_pause_ends_a_frame_that_was_begun(tmp_path: Path, pause: float, told: list[str]) -> None:
    assert kinds(tmp_path, "/tmp/kkt0", (1.0, "02 00 00"), (1.0 + pause, "05")) == told


@pytest.mark.parametrize("file", sorted(TRACES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_recorded_dialogue_is_told(file: Path) -> None:
    told = decode(str(file), "--json")
    assert told.exit_code == 0
    pieces = json.loads(told.stdout)
    assert [piece["trouble"] for piece in pieces if "trouble" in piece and piece["kind"] != "junk"] == []


def test_what_a_trace_expects_is_told_too(tmp_path: Path) -> None:
    file = tmp_path / "talk.jsonl"
    rows = [
        {"hands": "fn unplug"},
        {"other": ["45"]},
        {"t": 0.5, "dir": "host", "hex": V3},
        {"t": 1, "dir": "till", "id": "01", "needs": "A3 55 ?? 00"},
        {"t": 1, "dir": "till", "id": "01", "needs": ""},
    ]
    file.write_text(HEADER + "".join(json.dumps(row) + "\n" for row in rows))
    told = decode(str(file)).stdout
    assert "     0.000 ·· оператор / operator: fn unplug\n" in told
    assert "     0.000 ·· другой хост / another host: 45\n" in told
    assert "     1.000 << id 01: нужно / needs A3 55 ?? 00\n" in told
    assert "     1.000 << id 01: нужно / needs an empty frame\n" in told


def test_json_tells_fields_with_values_and_words() -> None:
    [piece] = json.loads(decode("--json", "49 00 00 00 01 50 00").stdout)
    assert piece["kind"] == "request" and piece["from"] == "host"
    assert piece["fields"][1] == {
        "name": "sum_kopecks",
        "russian": "сумма",
        "value": 15000,
        "text": "150.00 руб.",
    }


def test_what_is_known_need_not_be_guessed() -> None:
    assert "ответ / answer" in decode("--link", "app", "--from", "till", "00 00 3F").stdout
    assert "реквизиты / requisites" in decode("--link", "tlv", "F0 03 00 00").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("GG",), "'GG' is not hexadecimal"),
        (("FE0",), "odd number of digits"),
        (("01",), "nothing can be made of it"),
        (("",), "there is nothing to decode"),
        (("45", "--trace-port", "x"), "--trace-port chooses a port of a trace"),
        (("missing.jsonl",), "no such file, and no hex"),
        ((str(TRACES),), "is a folder: name a file"),
        ((str(TRACES / "v2-sale.jsonl"), "FE 01"), "v2-sale.jsonl must be alone"),
        (("FE 01", str(TRACES / "v2-sale.jsonl")), "v2-sale.jsonl must be alone"),
    ],
)
def test_one_clear_sentence_when_nothing_can_be_made_of_it(arguments: tuple[str, ...], told: str) -> None:
    result = decode(*arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert told in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"format": "kktsim-trace", "version": 9}\n', '"version" is 9'),
        (HEADER + '{"dir": "printer"}\n', 'line 2: "dir" is "printer", it must be "host" or "till"'),
        (HEADER + '{"hex": "FE 0"}\n', 'line 2: "hex" is "FE 0", it must be bytes in hexadecimal'),
        (HEADER + "nonsense\n{}\n", "line 2 is no JSON"),
        (HEADER + '{"needz": "06"}\n', "line 2: needz: no such key"),
    ],
)
def test_a_broken_trace_is_said_to_be_broken_and_where(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text(text)
    result = decode(str(file))
    assert result.exit_code == 2
    assert told in result.stderr and result.stderr.count("\n") == 1


WORDS = {
    "43 00 00 00 01 0000000100": ["0 весь чек", "0 процент", "1 надбавка", "1.00 %"],
    "43 00 01 01 00 0000000100": ["1 последняя позиция", "1 сумма", "0 скидка", "1.00 руб."],
    "B8 00 00 01 0000000100": ["0 весь чек"],
    "B8 00 07 01 0000000100": ["area: 7\n"],
}


@pytest.mark.parametrize(("request_hex", "words"), WORDS.items())
def test_small_enumerations_are_told_in_words(request_hex: str, words: list[str]) -> None:
    told = decode("--link", "app", request_hex).stdout
    assert [word for word in words if word not in told] == []
