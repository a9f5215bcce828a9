"""«Запуск драйвера»: what the terminal says to the till when it starts. Source: real Evotor log, command by command.

It sets the till's clock by the tablet's, then asks who the till is and what it was registered for. What the till
refuses is passed over; only silence ends it.
"""

from contextlib import suppress

from kktsim.terminal.driver import Refused
from kktsim.terminal.tablet import Tablet
from protocol.atol.command import Command
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDateTime
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.requisites import ReadRequisite
from protocol.atol.commands.status import DeviceType, FullStatus, StateCode, Versions
from protocol.atol.commands.tables import ReadTable
from protocol.ffd.tags import T

LOADER = 3
_WHO: tuple[Command, ...] = (
    ReadRegister(register=0x16),
    DeviceType(),
    Versions(source=LOADER),
    ReadRegister(register=0x18),
    ReadRegister(register=0x36),
    LeaveMode(),
    SetDateTime(parameters=b"\x00"),
    FullStatus(),
    ReadRequisite(tag=T.REGISTRATION_NUMBER),
)
_FOR_WHAT: tuple[Command, ...] = (
    LeaveMode(),
    EnterMode(mode=Mode.PROGRAMMING),
    ReadTable(table=2, field=110),
    *(
        ReadRequisite(tag=tag)
        for tag in (1048, 1018, 1009, 1187, 1117, 1056, 1002, 1221, 1109, 1108, 1193, 1126, 1057, 1207, 1036)
    ),
    StateCode(),
    ReadRegister(register=0x12, second=1),
)


def start(tablet: Tablet) -> None:
    """The driver starts; raises `NoAnswerError`."""
    _ask(tablet, LeaveMode())
    if tablet.settings.sets_clock_at_start:
        with suppress(Refused):
            tablet.driver.set_clock(tablet.now())
    for command in _WHO:
        _ask(tablet, command)
    learn_tax_systems(tablet)
    for command in _FOR_WHAT:
        _ask(tablet, command)


def learn_tax_systems(tablet: Tablet) -> None:
    """E9h of tag 1062: which tax systems the till is registered for; one that does not tell has none."""
    told = b""
    with suppress(Refused):
        told = tablet.driver.requisite_bytes(T.TAX_SYSTEMS)
    tablet.memory.tax_systems = int.from_bytes(told, "little")


def _ask(tablet: Tablet, command: Command) -> None:
    with suppress(Refused):
        tablet.driver.ask(command)
