"""Chapter «Смена и отчёты». Source: ATOL protocol 3.1, commands 9A 67 5A."""

from protocol.atol.command import Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, CommandFlags
from protocol.atol.fields import REST, bcd


@command(0x9A)
class OpenShift(Command):
    """«Открыть смену». ``text``: a line some drivers add; it is not printed."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    text: bytes = on_wire(REST, default=b"")


@command(0x67)
class XReport(Command):
    """«Отчёт без гашения». ``type``: 1 the daily X report, 9 settlement state, others by section and cashier."""

    type: int = on_wire(bcd(1), default=1)


@command(0x5A)
class CloseShift(Command):
    """«Суточный отчёт с гашением» (Z-отчёт): closes the shift."""
