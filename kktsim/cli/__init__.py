"""The command line. A command's module is imported when the command is called, so `--version` stays cheap."""

import click

from kktsim import __version__
from kktsim.cli.lazy import LazyGroup, Places

COMMANDS: Places = {
    "serve": ("kktsim.cli.serve", "serve", "Serve a till on virtual ports until it is stopped."),
    "send": ("kktsim.cli.send", "send", "Send application commands to a till and decode the answers."),
    "menu": ("kktsim.cli.menu", "menu", "List the terminal's service menu, or do one place of it on a till."),
    "scenario": ("kktsim.cli.scenario", "scenario", "List, show and run the scenarios of documented errors."),
    "articles": ("kktsim.cli.articles", "articles", "Play the support articles: what is each step worth?"),
    "decode": ("kktsim.cli.decode", "decode", "Tell what bytes of any wire, a log or a trace mean."),
    "replay": ("kktsim.cli.replay", "replay", "Play a recorded driver against a till and compare its answers."),
    "explain": ("kktsim.cli.explain", "explain", "Say everything known of an error code, in any spelling."),
    "state": ("kktsim.cli.hands", "state", "Show the running till as its operator sees it."),
    "tape": ("kktsim.cli.hands", "tape", "Print the paper tape of the running till."),
    "signals": ("kktsim.cli.hands", "signals", "Print what the till's beeper, drawer and ports have got."),
    "passport": ("kktsim.cli.hands", "passport", "Show the till's serial number and protection codes."),
    "clock": ("kktsim.cli.hands", "clock", "Let the world go ahead."),
    "fn": ("kktsim.cli.fn", "fn", "FNs: in the running till, on a shelf of files, and what is in them."),
    "cable": ("kktsim.cli.hands", "cable", "Cut, disturb or mend the cable between till and FN."),
    "power": ("kktsim.cli.hands", "power", "Switch the till off or on."),
    "jumper": ("kktsim.cli.hands", "jumper", "Set the boot jumper of the till's board, or take it off."),
    "board": ("kktsim.cli.hands", "board", "Replace the till's board, or give it another firmware."),
    "memory": ("kktsim.cli.memory", "memory", "Show, spoil or alter the till's non-volatile memory."),
    "paper": ("kktsim.cli.hands", "paper", "Take the paper out of the till's printer, or put a new roll in."),
    "cover": ("kktsim.cli.hands", "cover", "Open or close the cover of the till's printer."),
    "printer": ("kktsim.cli.hands", "printer", "Break or mend the till's printer."),
    "ofd": ("kktsim.cli.ofd", "ofd", "The OFD: its documents, its failures, the way to it; serve one alone."),
    "models": ("kktsim.cli.models", "models", "List the models of tills, or show one with its settings."),
    "settings": ("kktsim.cli.hands", "settings", "List the named settings with their sources."),
}


@click.group(cls=LazyGroup, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kktsim")
def main() -> None:
    """Emulator and test bench for Russian online cash registers (ККТ) and their fiscal storage (ФН)."""
