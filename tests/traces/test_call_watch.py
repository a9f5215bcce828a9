"""`kktsim serve -v`: what is told of a till's calls to its operator."""

import pytest

from kktsim.cli.call_watch import CallWatch, EveryWatch
from kktsim.ofd.events import Closed, Connected, Failed, NetworkTrouble, Received
from kktsim.ofd.server import OfdServer
from tests.ofd.messages import FN, message, said, say
from tests.serve.served import kktsim, serve

NAME = "ofd ofd.test:7777"
DOCUMENT = f"{NAME} FN {FN}, document 1 «кассовый чек»"


@pytest.fixture
def watch() -> CallWatch:
    one = CallWatch()
    one.called("ofd.test", 7777)
    return one


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_a_document_and_its_confirmation_are_a_line(watch: CallWatch, capsys: pytest.CaptureFixture[str]) -> None:
    watch.heard(Connected())
    watch.said(message(1))
    answer = said(say(OfdServer(), message(1)))
    watch.heard(Received(answer[:40]))
    assert told(capsys) == []
    watch.heard(Received(answer[40:]))
    watch.hung_up()
    assert told(capsys) == [f"{DOCUMENT}: confirmation of FN {FN}, document 1, answer 0"]


def test_a_call_that_nobody_takes_is_told_with_the_reason(watch: CallWatch, capsys: pytest.CaptureFixture[str]) -> None:
    watch.heard(Failed(NetworkTrouble.NAME_UNKNOWN))
    watch.hung_up()
    assert told(capsys) == [f"{NAME} no connection: name unknown"]
    watch.called("ofd.test", 7777)
    watch.hung_up()
    assert told(capsys) == [f"{NAME} no connection: nobody has answered yet"]


def test_who_hung_up_before_the_answer_is_told(watch: CallWatch, capsys: pytest.CaptureFixture[str]) -> None:
    watch.heard(Connected())
    watch.said(message(1))
    watch.heard(Closed())
    watch.called("ofd.test", 7777)
    watch.heard(Connected())
    watch.said(message(1))
    watch.hung_up()
    assert told(capsys) == [
        f"{DOCUMENT}: no answer, the operator hung up",
        f"{DOCUMENT}: no answer, the till hung up",
    ]


def test_what_comes_behind_a_call_is_nobodys(watch: CallWatch, capsys: pytest.CaptureFixture[str]) -> None:
    watch.heard(Connected())
    watch.hung_up()
    watch.heard(Received(b"late"))
    watch.said(b"late")
    watch.hung_up()
    assert told(capsys) == []


def test_several_watchers_are_told_everything(capsys: pytest.CaptureFixture[str]) -> None:
    both = EveryWatch((CallWatch(), CallWatch()))
    both.called("ofd.test", 7777)
    both.heard(Connected())
    both.said(message(1))
    both.hung_up()
    assert told(capsys) == 2 * [f"{DOCUMENT}: no answer, the till hung up"]


def test_a_served_till_tells_of_its_calls() -> None:
    with serve("--port", "tcp:0", "--control", "off", "-v", "--at", "2026-11-22T10:00") as till:
        port = f"tcp:{till.says('ready').rpartition(':')[2]}"
        assert kktsim("send", "--port", port, "48", "56 01 00 00 00 30", "9A 00").returncode == 0
        line = till.complains()
        while line and not line.startswith("ofd "):
            line = till.complains()
        assert "«отчет об открытии смены»: confirmation of FN 9999" in line
