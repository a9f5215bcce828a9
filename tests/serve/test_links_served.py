"""Links, their choice and the pace of a till over a real terminal, by the program as it is installed."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kktsim.host.till import LINKS

from .served import Served, kktsim, serve

DONE, ENVIRONMENT = 0, 3
TO_V2 = ("48", "56 04 00 00 00 30", "50 02 00 01 55 00")


def codes(port: str, link: str, *commands: str) -> list[int]:
    """Wire codes of the answers."""
    ran = kktsim("send", "--port", port, "--link", link, "--timeout", "5", "--json", *commands)
    assert ran.returncode == DONE, ran.stderr
    return [row["code"] for row in json.loads(ran.stdout)]


@pytest.fixture
def v2_only(tmp_path: Path) -> Iterator[tuple[Served, str]]:
    """A till that was told to speak link v2 and restarted, and its port."""
    port = str(tmp_path / "kkt0")
    with serve("--port", f"pty:{port}", "--state", "factory") as served:
        served.says("ready")
        control = served.says("control")
        assert codes(port, "v3", *TO_V2) == [0, 0, 0]
        for what in ("off", "on"):
            assert kktsim("power", what, "--control", control).returncode == DONE
        yield served, port


@pytest.mark.parametrize("link", LINKS)
def test_a_fresh_till_is_spoken_to_on_any_link(tmp_path: Path, link: str) -> None:
    port = str(tmp_path / "kkt0")
    with serve("--port", f"pty:{port}", "--state", "factory", "--control", "off") as served:
        served.says("ready")
        assert codes(port, link, "45", "3F", "48") == [0, 0, 0]


def test_a_till_that_was_told_to_speaks_v2_alone_and_is_found_by_itself(v2_only: tuple[Served, str]) -> None:
    served, port = v2_only
    refused = kktsim("send", "--port", port, "--link", "v3", "--timeout", "1", "45")
    assert refused.returncode == ENVIRONMENT and "--link v2 or v3" in refused.stderr
    assert "nothing understood" in served.complains()
    served.complains()
    assert codes(port, "v2", "45", "48") == codes(port, "auto", "45", "48") == [0, 0]


def test_a_command_too_long_for_the_link_that_was_found_is_refused_beforehand(v2_only: tuple[Served, str]) -> None:
    ran = kktsim("send", "--port", v2_only[1], "4C" + "41" * 253)
    assert ran.returncode == 2 and "link v2 carries at most" in ran.stderr


@pytest.mark.parametrize("link", ["v2", "v3"])
def test_at_a_real_pace_a_receipt_takes_its_time(tmp_path: Path, link: str) -> None:
    port = str(tmp_path / "kkt0")
    with serve("--port", f"pty:{port}", "--state", "shift-open", "--control", "off", "--pace", "real") as served:
        served.says("ready")
        began = time.monotonic()
        assert codes(port, link, "92 00 01", "59") == [0, 0]
        assert time.monotonic() - began >= 0.4 + 0.9
