"""`kktsim ofd`: the group and where its commands are."""

import click

from kktsim.cli.lazy import LazyGroup, Places

_HANDS = "kktsim.cli.ofd_hands"
_CONTENT = "kktsim.cli.ofd_content"

COMMANDS: Places = {
    "down": (_HANDS, "down", "Let connections to the OFD be refused."),
    "up": (_HANDS, "up", "Let nothing be wrong with the OFD and the way to it."),
    "try": (_HANDS, "try_", "Let the running till not wait for its timer."),
    "fault": (_HANDS, "fault", "Let the OFD, or the way to it, fail."),
    "clear": (_HANDS, "clear", "End failures."),
    "faults": (_HANDS, "faults", "List the failures that are still to come."),
    "host": (_HANDS, "host", "Let a host lead to another place."),
    "forget": (_HANDS, "forget", "Take a host out of the table of names."),
    "hosts": (_HANDS, "hosts", "List the names that the running till's network knows."),
    "uplink": (_HANDS, "uplink", "Let the terminal get into the Internet by Wi-Fi or by SIM card."),
    "state": (_CONTENT, "state", "Tell what the OFD has taken and refused."),
    "documents": (_CONTENT, "documents", "List the documents that the OFD has, or show one."),
    "serve": ("kktsim.cli.ofd_serve", "serve", "Serve an OFD on a TCP port until it is stopped."),
}


@click.group(cls=LazyGroup, places=COMMANDS)
def ofd() -> None:
    """The OFD (ОФД): the one inside the running till's bench, the way to it, and one that is served alone.

    One that is served alone is asked with --control or KKTSIM_CONTROL.
    """
