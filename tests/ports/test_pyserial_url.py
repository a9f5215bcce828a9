"""``kkt://``: a till inside the process behind pyserial's Serial."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
import serial
from click.testing import CliRunner
from serial.serialutil import PortNotOpenError

import kktsim.pyserial
from kktsim.cli import main
from kktsim.pyserial.protocol_kkt import Serial
from protocol.atol.link_v3 import encode

from .fakes import PATIENCE_SECONDS

URL = "kkt://evotor-st2f?state=shift-open&at=2026-11-22T10:00&clock=frozen"
ABORT, ABORTED = encode(1, b"\xc4"), encode(1, b"\xa3")
CLOSE_SHIFT_AND_LEAVE = b"".join(
    encode(number, b"\xc1\x01" + bytes((number,)) + b"\0\0" + bytes.fromhex(command))
    for number, command in enumerate(("48", "56 03 00 00 00 30", "5A", "48"), 1)
)


def opened(url: str = URL, timeout: float | None = PATIENCE_SECONDS, **settings: float) -> Serial:
    port = Serial(timeout=timeout, **settings)
    port.port = url
    port.open()
    return port


@pytest.fixture
def port() -> Iterator[Serial]:
    with opened() as port:
        yield port


def test_one_import_teaches_pyserial_the_url() -> None:
    program = f"import kktsim.pyserial, serial; port = serial.serial_for_url({URL!r}); print(type(port).__module__)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "kktsim.pyserial.protocol_kkt\n"
    assert serial.protocol_handler_packages.count(kktsim.pyserial.__name__) == 1


def test_the_url_names_model_state_and_time(port: Serial) -> None:
    with opened("kkt://atol-77f?at=2027-01-31") as other:
        assert (port.bench.kkt.model.name, port.bench.state().shift_is_open) == ("evotor-st2f", True)
        assert (other.bench.kkt.model.name, other.bench.state().shift_is_open) == ("atol-77f", False)
        assert other.bench.world >= port.bench.world + 60 * 86400


def test_a_model_of_ones_own_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "atol-77f"\n[settings]\nz_report_seconds = 0.0\n', encoding="utf-8")
    with opened(f"kkt://?model-file={file}") as port:
        assert (port.bench.kkt.model.name, port.bench.kkt.settings.z_report_seconds) == ("mine", 0.0)


def test_a_state_that_the_model_cannot_reach_names_no_till(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "atol-77f"\nunsupported_commands = ["56"]\n', encoding="utf-8")
    with pytest.raises(serial.SerialException, match="'shift-open' cannot be reached with the model 'mine' because"):
        opened(f"kkt://?model-file={file}&state=shift-open")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("kkt://shtrih", "there is no till model 'shtrih'; choose one of: atol-"),
        ("kkt://?state=broken", "there is no state 'broken'; choose one of: factory"),
        ("kkt://?at=tomorrow", "at=tomorrow is no date and time: Invalid isoformat string: 'tomorrow'; write"),
        ("kkt://?at=1990-01-01", "fits the years 2005 to 2095"),
        ("kkt://?clock=slow", "clock is one of real, frozen"),
        ("kkt://?pace=slow", "pace is one of off, real"),
        ("kkt://?colour=red", "each of state, at, clock, pace, model-file may be given once, and nothing else"),
        ("kkt://?state=factory&state=factory", "each of state, at, clock, pace, model-file may be given once"),
        ("kkt://?state", "bad query field: 'state'"),
        ("kkt://evotor-st2f/dev/ttyS0", "a till is named kkt://MODEL?state=PRESET"),
        ("kkt://evotor-st2f#1", "a till is named kkt://MODEL?state=PRESET"),
        ("kkt://[", "Invalid IPv6 URL"),
        ("kkt://?model-file=/nowhere.toml", "/nowhere.toml cannot be read: No such file or directory"),
        ("kkt://atol-77f?model-file=/nowhere.toml", "the host and model-file both name a model"),
    ],
)
def test_a_wrong_url_gets_one_sentence(url: str, sentence: str) -> None:
    with pytest.raises(serial.SerialException) as refusal:
        serial.serial_for_url(url)
    assert str(refusal.value).startswith(f"{url!r} names no till: ")
    assert sentence in str(refusal.value)


def test_the_till_answers_at_once(port: Serial) -> None:
    assert port.write(bytearray(ABORT)) == len(ABORT)
    assert port.in_waiting == len(ABORTED)
    assert (port.read(4), port.read_all()) == (ABORTED[:4], ABORTED[4:])


def test_a_read_waits_no_longer_than_its_timeout() -> None:
    with opened(timeout=0.05) as port:
        port.write(ABORT)
        began = monotonic()
        assert port.read(100) == ABORTED
        assert 0.05 <= monotonic() - began < PATIENCE_SECONDS
        port.timeout = 0
        assert port.read(1) == b""


def test_a_gap_ends_a_read_that_has_begun() -> None:
    with opened(inter_byte_timeout=0.05) as port:
        port.write(ABORT)
        began = monotonic()
        assert port.read(100) == ABORTED
        assert monotonic() - began < PATIENCE_SECONDS


def test_what_the_till_sends_later_ends_the_wait(port: Serial) -> None:
    """A command that waits while a report prints is answered when it has printed; nobody else runs the till."""
    began = monotonic()
    port.write(CLOSE_SHIFT_AND_LEAVE)
    port.reset_input_buffer()
    done = encode(0xF0, bytes.fromhex("A6 04 55 00 00"))
    assert port.read_until(done).endswith(done)
    assert monotonic() - began >= port.bench.kkt.settings.z_report_seconds


def test_bytes_take_their_time_at_a_real_pace() -> None:
    began = monotonic()
    with opened("kkt://atol-77f?pace=real") as port:
        baud = port.bench.executor.baud
        port.write(ABORT * 100)
        assert port.in_waiting < 100 * len(ABORTED)
        assert port.read(100 * len(ABORTED)) == ABORTED * 100
        assert monotonic() - began >= 100 * len(ABORT) * 10 / baud


def test_a_thread_that_reads_is_woken_by_one_that_writes() -> None:
    with opened(timeout=None) as port:
        came: list[bytes] = []
        reader = threading.Thread(target=lambda: came.append(port.read(len(ABORTED))))
        reader.start()
        port.write(ABORT)
        reader.join(PATIENCE_SECONDS)
        assert came == [ABORTED]


@pytest.mark.parametrize("end", [Serial.cancel_read, Serial.close])
def test_a_read_without_timeout_can_be_ended(end: Callable[[Serial], None]) -> None:
    port = opened(timeout=None)
    port.write(ABORT)
    came: list[bytes] = []
    reader = threading.Thread(target=lambda: came.append(port.read(100)))
    reader.start()
    while reader.is_alive():
        end(port)
        reader.join(0.01)
    assert came == [ABORTED]
    port.close()


def test_buffers_are_cleared(port: Serial) -> None:
    port.write(ABORT)
    port.flush()
    port.reset_output_buffer()
    assert (port.in_waiting, port.out_waiting) == (len(ABORTED), 0)
    port.reset_input_buffer()
    assert port.in_waiting == 0


def test_the_modem_lines_are_those_of_a_till_with_a_cable(port: Serial) -> None:
    port.dtr = port.rts = False
    port.break_condition = True
    assert (port.cts, port.dsr, port.cd, port.ri) == (True, True, True, False)
    port.bench.power_off()
    assert (port.cts, port.dsr, port.cd, port.ri) == (False, False, False, False)


def test_settings_of_the_line_change_nothing(port: Serial) -> None:
    port.baudrate, port.parity, port.stopbits, port.rtscts, port.xonxoff = 4800, "E", 2, True, True
    port.write(ABORT)
    assert port.read(len(ABORTED)) == ABORTED


def test_the_till_outlives_closing_and_a_new_url_is_a_new_till(port: Serial) -> None:
    till = port.bench
    port.write(ABORT[:4])
    port.close()
    port.close()
    port.open()
    assert port.bench is till
    port.write(ABORT[4:] + ABORT)
    assert port.read(len(ABORTED)) == ABORTED
    port.port = "kkt://?state=factory"
    assert port.bench is not till


def test_a_closed_port_refuses_everything() -> None:
    port = Serial()
    with pytest.raises(serial.SerialException, match="must be configured"):
        port.open()
    with pytest.raises(PortNotOpenError):
        _ = port.bench
    port.port = URL
    port.open()
    with pytest.raises(serial.SerialException, match="already open"):
        port.open()
    port.close()
    for use in (port.read, port.flush, port.reset_input_buffer, port.reset_output_buffer, lambda: port.write(b"")):
        with pytest.raises(PortNotOpenError):
            use()
    for line in ("in_waiting", "cts", "dsr", "cd", "ri"):
        with pytest.raises(PortNotOpenError):
            getattr(port, line)


def test_the_operators_hands_are_at_the_port(port: Serial) -> None:
    port.bench.unplug()
    port.write(encode(1, bytes.fromhex("C1 01 01 00 00 A4 30")))
    assert port.read_all().endswith(encode(0xF0, bytes.fromhex("A7 01 55 D2 00")))


def test_send_needs_no_server_for_it() -> None:
    result = CliRunner().invoke(main, ["send", "--port", "kkt://?state=fn-expired", "56 01 00 00 00 30", "9A 00"])
    assert result.stdout.splitlines()[-1] == "(-3978) Исчерпан ресурс КС ФН"
    refused = CliRunner().invoke(main, ["send", "--port", "kkt://shtrih", "45"])
    assert (refused.exit_code, "there is no till model 'shtrih'" in refused.stderr) == (2, True)


def test_the_documented_example_works(tmp_path: Path) -> None:
    documented = kktsim.pyserial.__doc__ or ""
    lines = [line.removeprefix("    ") for line in documented.splitlines() if line.startswith("    ")]
    example = tmp_path / "example.py"
    example.write_text("\n".join(lines), encoding="utf-8")
    told = subprocess.run([sys.executable, example], capture_output=True, text=True, check=True)
    assert lines[-1].endswith(f"# {told.stdout.strip()}")
