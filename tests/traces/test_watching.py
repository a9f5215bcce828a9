"""What `kktsim serve -v` tells, and several who look on at one port."""

from pathlib import Path

import pytest

from kktsim.cli.watch import Both, Watch
from tests.serve.served import kktsim, serve


def test_messages_are_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    Watch("kkt0").message(bytes.fromhex("00 00 92 00 01"), bytes.fromhex("55 9B 00"))
    asked, answered = capsys.readouterr().err.splitlines()
    assert asked == "kkt0 == 92h OpenReceipt «Открыть чек»; flags=00h type=1 SELL"
    assert answered.endswith("«Открыть чек»: 9Bh RECEIPT_OPEN (-3802) Чек открыт - операция невозможна")


def test_a_message_without_a_command_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    Watch("kkt0").message(bytes(2), bytes.fromhex("55 14 00"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("junk", "told"),
    [
        (b"AT\r", "kkt0 -- 41 54 0D begin neither link and are skipped\n"),
        (bytes(66), f"kkt0 -- {bytes(64).hex(' ')} and 2 more begin neither link and are skipped\n"),
    ],
)
def test_bytes_that_are_no_link_are_told_in_one_line(
    junk: bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Watch("kkt0").junk(junk)
    assert capsys.readouterr().err == told


class Witness:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def message(self, request: bytes, reply: bytes) -> None:
        self.told.append((request, reply))

    def bytes_in(self, data: bytes) -> None:
        self.told.append((">>", data))

    def bytes_out(self, data: bytes) -> None:
        self.told.append(("<<", data))

    def bug(self, request: bytes, error: Exception) -> None:
        self.told.append(error)

    def junk(self, data: bytes) -> None:
        self.told.append(("junk", data))

    def not_understood(self, data: bytes) -> None:
        self.told.append(("not understood", data))


def test_both_watchers_are_told_everything() -> None:
    first, second = Witness(), Witness()
    both = Both(first, second)
    error = ValueError()
    both.bytes_in(b"\x05")
    both.message(b"ask", b"answer")
    both.bytes_out(b"\x06")
    both.junk(b"AT")
    both.not_understood(b"AT")
    both.bug(b"ask", error)
    assert first.told == second.told
    assert first.told == [
        *((">>", b"\x05"), (b"ask", b"answer"), ("<<", b"\x06")),
        *(("junk", b"AT"), ("not understood", b"AT"), error),
    ]


def test_serve_tells_bytes_and_words_and_records_at_once(tmp_path: Path) -> None:
    link, file = tmp_path / "kkt0", tmp_path / "talk.jsonl"
    with serve("--port", f"pty:{link}", "--control", "off", "-v", "--trace", str(file)) as till:
        till.says("ready")
        assert kktsim("send", "--port", str(link), "--link", "v3", "45").returncode == 0
        told = [till.complains() for _ in range(4)]
        while not till.complains().startswith(f"{link} << FE 01 00 02"):
            continue
    assert any(line.startswith(f"{link} >> FE") for line in told)
    assert any("45h StateCode «Запрос кода состояния ККТ»" in line for line in told)
    assert '"dir": "till"' in file.read_text("utf-8")
