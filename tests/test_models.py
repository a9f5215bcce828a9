"""Models of tills: those that come with the product, those of a user's file, and what a wrong file is told."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fn_model import model_names
from kktsim.bench import Bench
from kktsim.cli import main
from kktsim.cli.fail import USAGE
from kktsim.clock import ClockKind
from kktsim.device import execute
from kktsim.device.kkt import to_world
from kktsim.kkt_models import ModelFileError, UnknownModelError, load, load_file, names
from kktsim.testing.presets import UnreachablePresetError, build
from protocol.atol import code_page
from protocol.atol.kkt_codes import E

MakeBench = Callable[..., Bench]
AT = datetime(2026, 3, 2, 12, 0)

A5_CODES = {  # ATOL's driver header
    "atol-11f": 67,
    "atol-15f": 78,
    "atol-20f": 81,
    "atol-22ptk": 63,
    "atol-25f": 57,
    "atol-30f": 61,
    "atol-50f": 80,
    "atol-52f": 64,
    "atol-55f": 62,
    "atol-60f": 75,
    "atol-77f": 69,
    "atol-91f": 82,
    "evotor-st2f": 74,
    "evotor-st3f": 79,
}
CHARACTERS = {"atol-11f": 32, "atol-25f": 48, "atol-30f": 32, "atol-55f": 36, "atol-91f": 32}  # kiosk software
LACKS_THE_RAW_PORT = {"atol-15f", "atol-30f", "atol-60f", "atol-91f"}
FIRST_BUILD_OF_UNIFIED_TAXES = 3689


def ask(bench: Bench, message: str) -> bytes:
    reply, _ = execute(bench.kkt, b"\x00\x00" + bytes.fromhex(message), bench.clock.now(), bench.world)
    return reply


def test_the_models_are_those_of_the_drivers_header() -> None:
    assert {name: load(name).model for name in names()} == A5_CODES


@pytest.mark.parametrize("name", A5_CODES)
def test_a_model_answers_as_its_file_says(make_bench: MakeBench, name: str) -> None:
    model, bench = load(name), make_bench(model=name)
    told = ask(bench, "A5")
    assert told[3] == model.model and told[11:] == code_page.encode(model.title)
    status = ask(bench, "3F")
    assert (status[9], status[14], status[29]) == (model.flags_shift_closed, model.model, model.interface)
    assert ask(bench, "91 16 00 00")[2:] == bytes.fromhex(model.serial_number)
    assert ask(bench, "91 18 00 00")[2:5].hex() == f"{model.characters:02d}{model.pixels:04d}"
    assert ask(bench, "46 02 00 01 37")[2:].hex() == f"{model.characters:02d}"
    assert ask(bench, "9D 91")[5:].hex() == f"{model.build:04d}"


@pytest.mark.parametrize("name", A5_CODES)
def test_every_model_taxes_by_the_unified_numbers_and_keeps_wire_codes(name: str) -> None:
    model = load(name)
    assert model.build >= FIRST_BUILD_OF_UNIFIED_TAXES
    assert {E(model.selection_by_56), E(model.undefined_mode)} <= {E.BAD_FORMAT, E.WRONG_MODE}
    assert model.serial_number[:6] == (f"0030{model.model}" if name.startswith("evotor") else f"0010{model.model}")


@pytest.mark.parametrize(("name", "characters"), CHARACTERS.items())
def test_lines_are_as_long_as_kiosk_software_knows_them(name: str, characters: int) -> None:
    assert load(name).characters == characters


def test_a_healthy_till_without_presenter_says_4d_and_4f_and_an_evotor_5d_and_5f() -> None:
    flags = {name: (load(name).flags_shift_closed, load(name).flags_shift_open) for name in names()}
    assert {name: pair for name, pair in flags.items() if name.startswith("atol")} == {
        name: (0x4D, 0x4F) for name in A5_CODES if name.startswith("atol")
    }
    assert flags["evotor-st2f"] == flags["evotor-st3f"] == (0x5D, 0x5F)


def test_a_command_that_the_model_lacks_is_answered_7a_before_its_length_is_looked_at(make_bench: MakeBench) -> None:
    assert {name for name in names() if 0x8F in load(name).unsupported_commands} == LACKS_THE_RAW_PORT
    lacking, having = make_bench(model="atol-30f"), make_bench(model="atol-77f")
    assert ask(lacking, "8F") == ask(lacking, "8F 01 41") == b"\x55\x7a\x00"
    assert ask(having, "8F 01 41") == b"\x55\x00\x00"


def test_a_name_of_no_model_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownModelError, match=r"'evotor'; choose one of: atol-11f, .*evotor-st3f"):
        load("evotor")


# ---- files

OLD = """
extends = "evotor-st2f"
title = "Моя касса"
build = 4500
characters = 42
unsupported_commands = ["8f", "CE"]
missing_fields = ["2/1/98", "3/1-5/3"]

[settings]
x_report_seconds = 2
same_passwords = "accept"

[register_widths]
"2f" = 0

[defaults]
"2/1/30" = 7
"19/1/1" = "ofd.example"
"22/1/1" = "03 00"
"""


def write(folder: Path, text: str, name: str = "my.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_only_what_differs_from_the_model_it_extends(tmp_path: Path) -> None:
    model, base = load_file(write(tmp_path, OLD)), load("evotor-st2f")
    assert (model.name, model.title, model.build, model.characters) == ("my", "Моя касса", 4500, 42)
    assert (model.pixels, model.modes, model.settings.z_report_seconds) == (
        base.pixels,
        base.modes,
        base.settings.z_report_seconds,
    )
    assert (model.settings.x_report_seconds, model.settings.same_passwords) == (2.0, "accept")
    assert model.unsupported_commands == {0x8F, 0xCE}
    assert model.register_widths == {**base.register_widths, 0x2F: 0}


def test_a_till_of_a_file_works_by_it(tmp_path: Path) -> None:
    bench = build(load_file(write(tmp_path, OLD)), "registered", to_world(AT), ClockKind.FROZEN, virtual=True)
    assert ask(bench, "9D 01") == bytes.fromhex("55 00 03 00 00 45 00")
    assert ask(bench, "CE 41") == b"\x55\x7a\x00"
    assert ask(bench, "46 02 00 01 62") == b"\x55\x93\x00"
    assert ask(bench, "46 03 00 06 03") == b"\x55\x00" + b" " * 12
    assert ask(bench, "46 02 00 01 37") == b"\x55\x00\x42"
    assert ask(bench, "46 02 00 01 1E") == b"\x55\x00\x07"
    assert ask(bench, "46 16 00 01 01") == b"\x55\x00\x03\x00"


WRONG = {
    "charaters = 42": "my.toml, line 2: `charaters` is not known; did you mean `characters`?",
    "qwerty = 1": "my.toml, line 2: `qwerty` is not known; `kktsim models evotor-st2f` shows what there is",
    'name = "x"': "my.toml, line 2: `name` is not known; `kktsim models evotor-st2f` shows what there is",
    'build = "4500"': 'my.toml, line 2: `build` wants a whole number from 0 to 9999, not "4500"',
    "build = true": "my.toml, line 2: `build` wants a whole number from 0 to 9999, not true",
    "characters = 8": "my.toml, line 2: `characters` wants a whole number from 16 to 99, not 8",
    "title = 5": "my.toml, line 2: `title` wants a text in quotes, not 5",
    'serial_number = "12"': 'my.toml, line 2: `serial_number` wants 14 digits in quotes, not "12"',
    'modes = "1"': 'my.toml, line 2: `modes` wants 2 bytes in hexadecimal, in quotes, not "1"',
    "ffd = [2, 3]": "my.toml, line 2: `ffd` wants three numbers in brackets, not [2, 3]",
    "ffd = [2, 3, 9]": "my.toml, line 2: `ffd` wants a whole number from 0 to 4, not [2, 3, 9]",
    "running_receipt_numbers = 1": "my.toml, line 2: `running_receipt_numbers` wants true or false, not 1",
    'unset_requisite = "none"': 'my.toml, line 2: `unset_requisite` wants one of "empty", "no_data", not "none"',
    "unsupported_commands = [143]": (
        'my.toml, line 2: `unsupported_commands` wants command bytes in brackets, as ["8F", "01"], not [143]'
    ),
    "missing_fields = [2]": (
        'my.toml, line 2: `missing_fields` wants settings fields in brackets, as ["2/1/88-91"], not [2]'
    ),
    'missing_fields = ["2/88"]': "my.toml: `2/88` is no TABLE/ROWS/FIELDS, as 2/1/88-91",
    'missing_fields = ["5/1/1"]': "my.toml: `5/1/1` names no field of the settings tables",
    "settings = 3": "my.toml, line 2: `settings` is a table: write [settings] on a line of its own",
    "build = 4500\n[settings]\nbuild = 4500": ("my.toml, line 4: `build` is no setting: write it above [settings]"),
    "[settings]\nx_report_second = 2": (
        "my.toml, line 3: `x_report_second` is not known; did you mean `x_report_seconds`?"
    ),
    "[settings]\nx_report_seconds = -1": ("my.toml, line 3: `x_report_seconds` wants seconds from 0 to 3600, not -1"),
    '[settings]\nresult_delivery = "later"': (
        'my.toml, line 3: `result_delivery` wants one of "async", "direct", not "later"'
    ),
    "[settings]\nreceipt_opens_shift = 0": "my.toml, line 3: `receipt_opens_shift` wants true or false, not 0",
    '[register_widths]\n"XX" = 3': (
        'my.toml, line 3: `XX` is no register: two hexadecimal digits in quotes are, as "2B"'
    ),
    '[register_widths]\n"2B" = 65': (
        "my.toml, line 3: `2B` wants 8 or 9 bytes, or 0 for a till without this register, not 65"
    ),
    '[register_widths]\n"0A" = 3': (
        "my.toml, line 3: `0A` wants 7 or 9 bytes, or 0 for a till without this register, not 3"
    ),
    '[register_widths]\n"0A" = true': (
        "my.toml, line 3: `0A` wants 7 or 9 bytes, or 0 for a till without this register, not true"
    ),
    '[register_widths]\n"99" = 0': (
        "my.toml, line 3: `99` is no register: those from 01 to 47 are, but for reserved ones"
    ),
    "[settings]\nz_report_seconds = inf": "my.toml, line 3: `z_report_seconds` wants seconds from 0 to 3600, not inf",
    "[settings]\nz_report_seconds = nan": "my.toml, line 3: `z_report_seconds` wants seconds from 0 to 3600, not nan",
    "[settings]\nreboot_seconds = 3600.5": "my.toml, line 3: `reboot_seconds` wants seconds from 0 to 3600, not 3600.5",
    "[settings]\nreboot_seconds = 2026-01-01": (
        "my.toml, line 3: `reboot_seconds` wants seconds from 0 to 3600, not 2026-01-01"
    ),
    "[settings]\nwrong_access_password = 0": (
        "my.toml, line 3: `wrong_access_password` wants a wire code of a refusal,"
        " as docs/errors.md lists them (0x8C), not 0"
    ),
    "[settings]\nzeroing_without_jumper_answer = 0x02": (
        "my.toml, line 3: `zeroing_without_jumper_answer` wants a wire code of a refusal,"
        " as docs/errors.md lists them (0x8C), not 2"
    ),
    "undefined_mode = 256": (
        "my.toml, line 2: `undefined_mode` wants a wire code of a refusal, as docs/errors.md lists them (0x8C), not 256"
    ),
    'title = "a\\nb"': (
        'my.toml, line 2: `title` wants at most 32 characters that the till can print, on one line, not "a\\nb"'
    ),
    f'title = "{33 * "X"}"': (
        f'my.toml, line 2: `title` wants at most 32 characters that the till can print, on one line, not "{33 * "X"}"'
    ),
    'title = "收据"': (
        'my.toml, line 2: `title` wants at most 32 characters that the till can print, on one line, not "收据"'
    ),
    "build = {x = 1}": "my.toml, line 2: `build` wants a whole number from 0 to 9999, not {x = 1}",
    'result_delivery = "direct"': "my.toml, line 2: `result_delivery` is a setting: write it under [settings]",
    '[defaults]\n"2/1/30" = 7\n[settings]\ntitle = "Касса"': (
        "my.toml, line 5: `title` is no setting: write it above [settings]"
    ),
    "build = 1\nbuild = 2": "my.toml, line 3: `build` is given twice: keep one of them",
    "[settings]\n[settings]": "my.toml, line 3: `[settings]` is given twice: keep one of them",
    "version = [3, 10, 0]": "my.toml, line 2: `version` wants a whole number from 0 to 9, not [3, 10, 0]",
    '[defaults]\n"2/1/30" = 1.5': "my.toml, line 3: `2/1/30` wants a number or a text",
    '[defaults]\n"2/1/110" = 3': ("my.toml: 3 is no value of `2/1/110`, «Система налогообложения по умолчанию»"),
    '[defaults]\n"2/1/1" = 256': "my.toml: 256 is no value of `2/1/1`, «Номер ККТ в магазине»",
    '[defaults]\n"2/1/55" = 100': "my.toml: 100 is no value of `2/1/55`, «Количество символов в строке»",
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.items())
def test_a_wrong_file_is_told_which_line_is_wrong_and_what_would_be_right(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(ModelFileError) as caught:
        load_file(write(tmp_path, f'extends = "evotor-st2f"\n{text}\n'))
    assert str(caught.value) == sentence


WRONG_ALONE = {
    "title = Касса": "my.toml is no TOML: Invalid value (at line 1, column 9); texts stand in quotes",
    'title = "Касса"': "my.toml: `model` is missing (model byte of A5h and 3Fh); write it, or `extends = ",
    "extends = 5": "my.toml, line 1: `extends` wants the name of a model in quotes",
    '\ufefftitle = "Касса"': "my.toml begins with a byte order mark: save it as UTF-8 without BOM",
    'extends = "evotor"': "my.toml, line 1: `extends` names no model: there is no till model 'evotor'; choose one",
}


@pytest.mark.parametrize(("text", "sentence"), WRONG_ALONE.items())
def test_so_is_a_file_without_a_base(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ModelFileError) as caught:
        load_file(write(tmp_path, text))
    assert str(caught.value).startswith(sentence)


def test_a_file_that_cannot_be_read_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"nothing\.toml cannot be read: No such file or directory"):
        load_file(tmp_path / "nothing.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes(b'title = "\xea"')
    with pytest.raises(ModelFileError, match=r"latin\.toml is no text in UTF-8: byte 9 is wrong"):
        load_file(path)


# ---- the command line


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_models_lists_every_model_with_its_code() -> None:
    head, *lines = run("models").output.partition("\n\n")[0].splitlines()
    listed = {line.split()[0]: line[head.index("A5h") :].split()[0] for line in lines}
    assert listed == {name: str(code) for name, code in A5_CODES.items()}


def test_models_tells_programs_the_same() -> None:
    told = json.loads(run("models", "--json").output)
    assert {one["name"]: one["model_byte"] for one in told if one["device"] == "kkt"} == A5_CODES
    assert {one["name"] for one in told if one["device"] == "fn"} == set(model_names())


def test_models_lists_every_fn_with_its_generation_and_term() -> None:
    lines = run("models").output.partition("\n\n")[2].splitlines()
    assert {(line.split()[0], *line.split()[-5:-2]) for line in lines[1:]} == {
        ("fn-1-13", "FN-1", "410", "12"),
        ("fn-1-36", "FN-1", "1110", "12"),
        ("fn-1-1-13", "FN-1.1", "410", "30"),
        ("fn-1-1-15", "FN-1.1", "470", "30"),
        ("fn-1-1-36", "FN-1.1", "1110", "72"),
        ("fn-1-1m-15", "FN-1.1M", "470", "30"),
        ("fn-1-1m-36", "FN-1.1M", "1110", "30"),
    }


def test_models_shows_an_fn_with_its_facts_and_settings() -> None:
    page = run("models", "fn-1-36").output
    assert page.startswith("fn-1-36: ФН-1 на 36 месяцев\n")
    assert "archive_warning_percent = 90\n    from here on bit 2" in page
    assert 'unsent_code = "15h"\n    Code when a document has been unsent' in page
    told = json.loads(run("models", "fn-1-1m-15", "--json").output)
    assert (told["generation"], told["newest_ffd"], told["settings"]["unsent_code"]) == ("FN-1.1M", 4, "14h")
    assert told["data_limits"]["receipt"] == 30_720


def test_models_shows_the_facts_of_one_as_a_file_spells_them(tmp_path: Path) -> None:
    told = json.loads(run("models", "atol-30f", "--json").output)
    settings = told.pop("settings")
    text = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in told.items() if key != "name"]
    tables = ("register_widths", "defaults")
    lines = [line for line in text if not line.startswith(tables)]
    for table in tables:
        lines += [f"[{table}]", *(f'"{key}" = {json.dumps(value)}' for key, value in told[table].items())]
    lines += ["[settings]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]
    again = load_file(write(tmp_path, "\n".join(lines), "atol-30f.toml"))
    assert again == load("atol-30f")


def test_models_shows_what_each_fact_and_setting_is() -> None:
    page = run("models", "evotor-st3f").output
    assert "flags_shift_open = 0x5F\n    flags of 3Fh: the same, shift open" in page
    assert "zeroing_min_build = 4544" in page and "article err_minus16" in page


def test_settings_of_an_fn_model_are_told_without_a_bench() -> None:
    told = json.loads(run("settings", "--fn-model", "fn-1-13", "--json").output)["fn"]
    assert (told["model"], told["title"]) == ("fn-1-13", "ФН-1 на 13 месяцев")
    rows = {one["name"]: one for one in told["settings"]}
    assert (rows["unsent_code"]["value"], rows["unsent_code"]["confidence"]) == ("15h", "high")
    assert all(one["about"] and one["source"] for one in rows.values())
    refused = run("settings", "--fn-model", "fn-9")
    assert refused.exit_code == USAGE and "there are fn-1-1-13, fn-1-1-15" in refused.output


def test_a_model_file_is_taken_wherever_a_model_is(tmp_path: Path) -> None:
    right, wrong = write(tmp_path, OLD), write(tmp_path, "titel = 1", "wrong.toml")
    assert "build = 4500" in run("models", "--model-file", str(right)).output
    assert "ККТ / till" in run("settings", "--model-file", str(right)).output
    played = run("scenario", "run", "--model-file", str(right), "--json", "err_3802")
    assert played.exit_code == 0, played.output
    for command in (("models",), ("settings",), ("serve",), ("scenario", "run")):
        refused = run(*command, "--model-file", str(wrong))
        assert refused.exit_code == USAGE
        assert refused.output == "kktsim: wrong.toml, line 1: `titel` is not known; did you mean `title`?\n"


LACKS_56 = 'extends = "evotor-st2f"\nunsupported_commands = ["56"]'


@pytest.mark.parametrize("command", [("serve", "--state", "shift-open"), ("scenario", "run", "err_3802")])
def test_a_state_that_the_model_cannot_reach_is_told_with_the_command(tmp_path: Path, command: tuple[str, ...]) -> None:
    refused = run(*command, "--model-file", str(write(tmp_path, LACKS_56)))
    assert refused.exit_code == USAGE
    assert "cannot be reached with the model 'my' because command 56 is refused with (" in refused.stderr


def test_it_is_no_obstacle_to_a_state_that_needs_no_such_command(tmp_path: Path) -> None:
    model = load_file(write(tmp_path, LACKS_56))
    with pytest.raises(UnreachablePresetError, match="choose the state 'factory'"):
        build(model, "registered", to_world(AT), virtual=True)
    assert not build(model, "factory", to_world(AT), virtual=True).kkt.memory.mirror.shift_is_open


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "--model", "atol-77f"),
        ("settings", "--model", "atol-77f"),
        ("scenario", "run", "--model", "atol-77f"),
        ("models", "atol-77f"),
    ],
)
def test_two_ways_of_naming_a_till_are_one_too_many(arguments: tuple[str, ...]) -> None:
    refused = run(*arguments, "--model-file", "x.toml")
    assert refused.exit_code == USAGE and "both name a till" in refused.output


def test_a_model_that_is_not_there_is_a_usage_error() -> None:
    refused = run("models", "evotor")
    assert refused.exit_code == USAGE and "choose one of: atol-11f" in refused.output
