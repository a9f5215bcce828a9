"""`kktsim fn`: the group and where its commands are."""

import click

from kktsim.cli.lazy import LazyGroup, Places

_HANDS = "kktsim.cli.fn_hands"
_FILES = "kktsim.cli.fn_files"
_CONTENT = "kktsim.cli.fn_content"

COMMANDS: Places = {
    "new": (_FILES, "new", "Make a new FN on the shelf of a home."),
    "list": (_FILES, "list_", "List the FNs of a home."),
    "info": (_CONTENT, "info", "Tell what an FN says of itself."),
    "documents": (_CONTENT, "documents", "List the documents of an FN, or show one."),
    "export": (_CONTENT, "export", "Write what an FN keeps into a file that other programs read."),
    "insert": (_FILES, "insert", "Put an FN of a home into a till that is not running."),
    "remove": (_FILES, "remove", "Take the FN out of a till that is not running."),
    "unplug": (_HANDS, "unplug", "Pull the FN out of the running till."),
    "plug": (_HANDS, "plug", "Put an FN from the shelf into the running till."),
    "swap": (_HANDS, "swap", "Replace the FN of the running till by a new one."),
    "shelf": (_HANDS, "shelf", "List the FNs that lie beside the running till."),
    "break": (_HANDS, "break_", "Give the FN in the running till a fault."),
    "mend": (_HANDS, "mend", "Take every fault off the FN in the running till."),
    "damage": (_HANDS, "damage", "Let a record in the FN in the running till read as zeros."),
    "sign": (_HANDS, "sign", "Choose the fiscal sign of a document to come."),
    "serve": ("kktsim.cli.fn_serve", "serve", "Serve an FN alone on ports of its own until it is stopped."),
}


@click.group(cls=LazyGroup, places=COMMANDS)
def fn() -> None:
    """FNs (ФН): the one in the running till, and those that are kept in files."""
