"""Other firmware of a till: which there is, what it does, and what giving it to a till that is at work leaves."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kktsim.bench import Bench
from kktsim.cli import main
from kktsim.device import execute
from kktsim.hands.error import HandsError
from kktsim.kkt_models import (
    ModelFileError,
    UnknownModelError,
    firmwares,
    load,
    load_file,
    names,
    with_firmware,
)
from kktsim.testing.presets import UnreachablePresetError, open_till
from protocol.atol.commands.items import SellItem
from protocol.atol.kkt_codes import E
from scenarios import routine

MakeBench = Callable[..., Bench]
EVOTOR = ("evotor-st2f", "evotor-st3f")
KNOWN = ["4543", "4544", "ffd10"]


def ask(bench: Bench, message: str) -> bytes:
    reply, _ = execute(bench.kkt, b"\x00\x00" + bytes.fromhex(message), bench.clock.now(), bench.world)
    return reply


def refusal(bench: Bench, message: str) -> E:
    reply = ask(bench, message)
    assert (len(reply), reply[0]) == (3, 0x55)
    return E(reply[1])


# ---- which there is


def test_only_the_evotors_have_other_firmware() -> None:
    assert {name: firmwares(name) for name in names() if firmwares(name)} == dict.fromkeys(EVOTOR, KNOWN)
    assert firmwares("evotor-st2f@4543") == KNOWN


@pytest.mark.parametrize("base", EVOTOR)
@pytest.mark.parametrize("firmware", KNOWN)
def test_a_firmware_changes_nothing_of_the_board(base: str, firmware: str) -> None:
    own, other = load(base), load(f"{base}@{firmware}")
    assert (other.name, other.firmware, own.firmware) == (f"{base}@{firmware}", firmware, "")
    assert (other.title, other.serial_number, other.model) == (own.title, own.serial_number, own.model)
    assert with_firmware(other, "") is with_firmware(other, "usual") is own


def test_what_a_firmware_lacks_comes_on_top_of_what_its_till_lacks() -> None:
    own, old = load("evotor-st2f"), load("evotor-st2f@ffd10")
    assert set(own.missing_fields) < set(old.missing_fields)
    assert own.tables.fields.keys() - old.tables.fields.keys() >= {(2, 1, 110), (2, 1, 111), (2, 1, 114), (19, 1, 6)}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("evotor-st2f@4542", "no firmware '4542' of the model 'evotor-st2f'; choose one of: usual, 4543, 4544, ffd10"),
        ("atol-30f@4543", "no firmware '4543' of the model 'atol-30f'; choose one of: usual"),
        ("evotor@4543", "there is no till model 'evotor'; choose one of: atol-11f"),
    ],
)
def test_a_firmware_that_is_not_there_is_told_with_those_there_are(name: str, sentence: str) -> None:
    with pytest.raises(UnknownModelError) as caught:
        load(name)
    assert sentence in str(caught.value)


# ---- what it does


@pytest.mark.parametrize(("firmware", "needs_jumper"), [("4543", True), ("4544", False), ("ffd10", True)])
def test_only_a_build_before_4544_needs_the_jumper_to_be_zeroed(
    make_bench: MakeBench, firmware: str, needs_jumper: bool
) -> None:
    bench = make_bench(model=f"evotor-st2f@{firmware}")
    told = ask(bench, "6B")
    assert told[1] == (E.WRONG_MODE if needs_jumper else 0)
    bench.jumper(True)
    assert not needs_jumper or ask(bench, "6B")[1] == 0


def test_firmware_of_the_ffd_1_0_age_says_so_and_lacks_what_came_later(make_bench: MakeBench) -> None:
    bench = make_bench("shift-open", "evotor-st2f@ffd10")
    assert ask(bench, "91 36 00 00") == bytes.fromhex("55 00 01 02 01")
    for field in ("02 00 01 6E", "02 00 01 6F", "02 00 01 72", "13 00 01 06"):
        assert refusal(bench, f"46 {field}") is E.WRONG_FIELD
    assert refusal(bench, "EA 00 01 00") is E.UNKNOWN_COMMAND
    assert ask(bench, "46 02 00 01 13")[:2] == b"\x55\x00"


def test_it_sells_by_the_commands_of_its_age(make_bench: MakeBench) -> None:
    bench = make_bench("shift-open", "evotor-st2f@ffd10")
    till = open_till(bench)
    routine.open_receipt(till)
    routine.ask(till, SellItem(price_kopecks=10_000, quantity_milli=1000))
    routine.close_receipt(till)
    routine.close_shift(till)
    assert bench.state().cash_kopecks == 10_000


def test_a_state_that_needs_newer_commands_is_told_with_the_command(make_bench: MakeBench) -> None:
    with pytest.raises(UnreachablePresetError, match="command EA is refused"):
        make_bench("receipt-open", "evotor-st2f@ffd10")


# ---- given to a till at work


def test_a_till_keeps_what_it_has_with_other_firmware(make_bench: MakeBench) -> None:
    bench = make_bench("receipt-open")
    before = (bench.state().shift_number, bench.state().last_document, bench.kkt.memory.requisites)
    bench.flash("4543")
    state = bench.state()
    assert (state.shift_number, state.last_document, bench.kkt.memory.requisites) == before
    assert (state.is_on, state.shift_is_open, state.receipt_is_open) == (True, True, False)
    assert ask(bench, "9D 91")[5:].hex() == "4543"
    assert bench.kkt.settings is bench.kkt.model.settings


def test_fields_that_come_with_a_firmware_have_their_defaults(make_bench: MakeBench) -> None:
    bench = make_bench()
    till = open_till(bench)
    routine.choose_tax_system(till, routine.SIMPLIFIED)
    routine.leave(till)
    bench.flash("ffd10")
    assert refusal(bench, "46 02 00 01 6E") is E.WRONG_FIELD
    bench.flash("")
    assert ask(bench, "46 02 00 01 6E") == b"\x55\x00\x00"
    assert ask(bench, "46 13 00 01 01")[2:].rstrip() == routine.OFD_HOST.encode("ascii")


def test_a_till_that_was_off_stays_off_with_other_firmware(make_bench: MakeBench) -> None:
    bench = make_bench()
    bench.power_off()
    bench.flash("4544")
    assert (bench.kkt.is_on, bench.kkt.model.firmware) == (False, "4544")
    bench.power_on()
    bench.flash("usual")
    assert (bench.kkt.is_on, bench.kkt.model.firmware) == (True, "")


def test_settings_that_were_changed_stay_changed(make_bench: MakeBench) -> None:
    bench = make_bench(zeroing_clears_clock=False)
    bench.kkt.settings = replace(bench.kkt.settings, zeroing_resets_ofd=False)
    bench.flash("4543")
    settings = bench.kkt.settings
    assert (settings.zeroing_clears_clock, settings.zeroing_resets_ofd) == (False, False)
    bench.flash("usual")
    assert not bench.kkt.settings.zeroing_clears_clock


def test_a_firmware_that_the_model_does_not_have_changes_nothing(make_bench: MakeBench) -> None:
    bench = make_bench("receipt-open")
    with pytest.raises(HandsError, match="there is no firmware '1' of the model 'evotor-st2f'"):
        bench.flash("1")
    assert bench.state().receipt_is_open and bench.kkt.is_on


def test_a_fork_has_firmware_of_its_own(make_bench: MakeBench) -> None:
    bench = make_bench()
    twin = bench.fork()
    twin.flash("4543")
    assert (bench.kkt.model.firmware, twin.kkt.model.firmware) == ("", "4543")


# ---- files


def write(folder: Path, text: str) -> Path:
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


MINE = """
extends = "evotor-st2f"
[firmware.beta]
build = 6000
unsupported_commands = ["8F"]
[firmware.beta.settings]
x_report_seconds = 2
[firmware.beta.defaults]
"2/1/30" = 7
"""


def test_a_file_has_firmware_of_its_own_and_that_of_its_base(tmp_path: Path) -> None:
    mine = load_file(write(tmp_path, MINE))
    beta = with_firmware(mine, "beta")
    assert mine.firmwares.keys() == {"", *KNOWN, "beta"}
    assert (beta.name, beta.build, set(beta.unsupported_commands)) == ("my@beta", 6000, {0x8F})
    assert (beta.settings.x_report_seconds, beta.tables.defaults[2, 1, 30]) == (2.0, b"\x07")
    assert (mine.build, mine.settings.x_report_seconds, mine.tables.defaults[2, 1, 30]) == (5313, 0.7, b"\x03")


def test_a_file_extends_a_model_with_one_firmware(tmp_path: Path) -> None:
    mine = load_file(write(tmp_path, 'extends = "evotor-st2f@ffd10"\ncharacters = 42\n'))
    assert (mine.build, mine.characters, list(mine.firmwares)) == (3689, 42, [""])
    assert mine.missing_fields == load("evotor-st2f@ffd10").missing_fields


WRONG = {
    "firmware = 3": "line 2: `firmware` is a table of tables: write [firmware.NAME] on a line of its own",
    "[firmware]\nx = 3": "line 3: `x` is a table: write [firmware.x] on a line of its own",
    "[firmware.usual]\nbuild = 1": "line 2: `usual` is what a till's own firmware is called: take another name",
    '[firmware."a b"]\nbuild = 1': "`a b` is no name of a firmware: take letters, digits, - and _, as 4543",
    "[firmware.x]\ntitle = 'A'": "line 3: `title` belongs to the till, whatever its firmware: write it above",
    "[firmware.x]\nbuild = -1": "line 3: `build` wants a whole number from 0 to 9999, not -1",
    "[firmware.x]\nbild = 1": "line 3: `bild` is not known; did you mean `build`?",
    "[firmware.x]\nreboot_seconds = 1": ("line 3: `reboot_seconds` is a setting: write it under [firmware.x.settings]"),
    "[firmware.x.settings]\nbuild = 1": "line 3: `build` is no setting: write it above [firmware.x.settings]",
    "[firmware.x]\nsettings = 1": "line 3: `settings` is a table: write [firmware.x.settings] on a line of its own",
    "[firmware.x.settings]\nreboot_seconds = -1": "line 3: `reboot_seconds` wants seconds from 0 to 3600, not -1",
    '[firmware.x.defaults]\n"2/1/30" = 1.5': "line 3: `2/1/30` wants a number or a text",
    '[firmware.x.register_widths]\n"99" = 0': "line 3: `99` is no register: those from 01 to 47 are",
    '[firmware.x]\nmissing_fields = ["5/1/1"]': "my.toml: `5/1/1` names no field of the settings tables",
    'extends = "evotor-st2f@1"': "line 1: `extends` names no model: there is no firmware '1'",
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.items())
def test_a_wrong_file_is_told_which_line_is_wrong(tmp_path: Path, text: str, sentence: str) -> None:
    base = "" if text.startswith("extends") else 'extends = "evotor-st2f"\n'
    with pytest.raises(ModelFileError) as caught:
        load_file(write(tmp_path, f"{base}{text}\n"))
    assert sentence in str(caught.value)


# ---- the command line


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_models_lists_the_firmware_and_shows_one() -> None:
    assert "4543, 4544, ffd10" in run("models").output
    page = run("models", "evotor-st2f@4543").output
    assert page.startswith("evotor-st2f@4543: Эвотор СТ2Ф\n") and "  build = 4543\n" in page
    assert "other firmware: evotor-st2f@4544, evotor-st2f@ffd10" in page


@pytest.mark.parametrize(
    "arguments",
    [
        ("models", "evotor-st2f@1"),
        ("serve", "--model", "evotor-st2f@1"),
        ("settings", "--model", "evotor-st2f@1"),
        ("scenario", "run", "--model", "evotor-st2f@1"),
        ("send", "--port", "kkt://evotor-st2f@1", "3F"),
    ],
)
def test_wherever_a_model_is_chosen_a_firmware_is(arguments: tuple[str, ...]) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "no firmware '1' of the model 'evotor-st2f'; choose one of: usual, 4543, 4544, ffd10" in refused.stderr


def test_a_till_inside_the_process_has_the_firmware_it_is_asked_for() -> None:
    told = run("send", "--port", "kkt://evotor-st2f@4543", "9D 01")
    assert told.exit_code == 0 and "45 43" in told.stdout
