"""`kktsim replay`: a recorded driver played against a till; its answers compared with what the driver needs."""

import json
from contextlib import ExitStack
from pathlib import Path

import click

from kktsim.cli.fail import ENVIRONMENT, EXPECTATION, fail
from kktsim.cli.port_name import exit_code, openable
from kktsim.control.client import ControlClient, ControlError, ControlUrlError
from kktsim.control.discover import NoBenchError, find_control
from kktsim.host.serial_wire import PortUnavailableError, SerialWire
from kktsim.host.till import NoAnswerError, Till
from kktsim.replay import NotPreparedError, Player, Report, Script, ScriptError, script
from kktsim.replay.player import TIMEOUT_SECONDS
from kktsim.replay.telling import report_json, report_lines
from kktsim.trace import Trace, TraceError, is_ofd, read


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--port", required=True, metavar="PATH|URL", help="The till's port: a path, tcp:N, rfc2217://HOST:N.")
@click.option("--trace-port", metavar="NAME", help="Which port of the trace; needed when it has several.")
@click.option("--other-port", metavar="PATH|URL", help="A second port of the till, when another host speaks too.")
@click.option("--control", envvar="KKTSIM_CONTROL", metavar="URL|PORT", help="The bench, when its operator must act.")
@click.option("--pauses", is_flag=True, help="Keep the driver's pauses.")
@click.option("--timeout", default=TIMEOUT_SECONDS, show_default=True, help="Seconds to wait for each answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def replay(
    file: Path,
    port: str,
    trace_port: str | None,
    other_port: str | None,
    control: str | None,
    pauses: bool,
    timeout: float,
    as_json: bool,
) -> None:
    """Play the driver's side of the trace FILE against a till.

    The till's answers need not be those of the recording: they must be what that driver needs (docs/trace-format.md).
    The till must be in the state that the trace's header names. Exit code 0: same, 1: different, 2: FILE is no trace
    that can be played, 3: there is no till, or it cannot be brought to the beginning.
    """
    if timeout <= 0:
        fail(f"--timeout {timeout}: wait more than 0 seconds")
    trace, played = _script(file, trace_port)
    if any(is_ofd(entry.port) for entry in trace.entries):
        click.echo("kktsim: the exchange with an OFD that the trace has is left out: no host plays it", err=True)
    if trace.cut:
        click.echo("kktsim: the last line of the trace is cut off and was left out", err=True)
    if any(step.other for step in played.steps) and other_port is None:
        fail(f"{file}: another host speaks in it; name a second port of the till with --other-port")
    report = _play(played, openable(port), other_port, control, pauses, timeout)
    state = trace.header.state
    if as_json:
        click.echo(json.dumps({"state": state, **report_json(report)}, ensure_ascii=False, indent=2))
    else:
        for line in report_lines(report):
            click.echo(line)
        if report.differences and state:
            click.echo(f"this trace begins in state `{state}`: was the till in it?")
    if report.differences:
        raise SystemExit(EXPECTATION)


def _script(file: Path, port: str | None) -> tuple[Trace, Script]:
    try:
        trace = read(file.read_text(encoding="utf-8-sig"))
        if port is not None:
            trace = _of_port(trace, port)
        return trace, script(trace)
    except (TraceError, ScriptError) as error:
        fail(f"{file}: {error}")
    except UnicodeDecodeError:
        fail(f"{file} is no trace: it is no text")
    except OSError as error:
        fail(f"{file}: {error.strerror}")


def _of_port(trace: Trace, port: str) -> Trace:
    if port not in trace.ports():
        fail(f"--trace-port {port}: the trace has {', '.join(trace.ports())}")
    return trace.port(port)


def _play(
    played: Script, port: str, other_port: str | None, control: str | None, pauses: bool, timeout: float
) -> Report:
    with ExitStack() as opened:

        def wire(name: str) -> SerialWire:
            one = SerialWire(name)
            opened.callback(one.close)
            return one

        def other() -> Till:
            return Till(wire(openable(other_port or "")))

        try:
            acts = any(step.hands for step in played.steps)
            hands = opened.enter_context(ControlClient(find_control(control))).call if acts else None
            player = Player(wire(port), timeout_seconds=timeout, pauses=pauses, other=other, hands=hands)
            return player.play(played)
        except NoBenchError as error:
            fail(str(error), ENVIRONMENT)
        except ControlUrlError as error:
            fail(str(error))
        except (PortUnavailableError, NoAnswerError, NotPreparedError, ControlError) as error:
            fail(str(error), exit_code(error))
