"""A till whose conversation is kept, decoded, for the day a scenario fails."""

from kktsim.host.till import Till
from protocol.atol.command import COMMANDS, CommandError, parse_answer
from protocol.atol.errors import driver_line

KEPT = 200
"""Lines; older ones are dropped."""


class RecordingTill:
    """Passes everything on and writes it down."""

    def __init__(self, till: Till, talk: list[str]) -> None:
        self._till = till
        self._talk = talk

    def send(self, command: bytes) -> bytes:
        """The reply, after it was written down."""
        reply = self._till.send(command)
        self._talk.append(spell(command, reply))
        del self._talk[:-KEPT]
        return reply

    def close(self) -> None:
        """Close the port in good order."""
        self._till.close()

    def drop(self) -> None:
        """Close the port without a word."""
        self._till.drop()


def spell(command: bytes, reply: bytes) -> str:
    """One line: the command's name and bytes, the reply's bytes, the till's own words."""
    declared = COMMANDS.get(command[0])
    name = "?" if declared is None else declared.__name__
    try:
        words = driver_line(parse_answer(command[0], reply).code)
    except CommandError:
        words = "a reply of no form we know"
    return f"{name} {command.hex(' ').upper()} -> {reply.hex(' ').upper()}  {words}"
