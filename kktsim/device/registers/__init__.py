"""Chapter «Регистры»: 91h. Number of the register to the function that knows its values, a module for each chapter.

The layouts are declared with the command; here is only where the values come from. A reserved number, and a register
that the model lacks, are answered 6Ch; wrong parameters, the code of what they name.
"""

from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from kktsim.device.registers import counters, fn, receipt, till
from kktsim.device.registers.sources import SOURCES
from protocol.atol.commands.registers import ReadRegister, layout
from protocol.atol.kkt_codes import E

CHAPTERS = (counters, fn, receipt, till)

__all__ = ["CHAPTERS", "SOURCES", "read_register"]


@handles(ReadRegister, while_printing=True)
def read_register(kkt: Kkt, request: ReadRegister, at: float) -> bytes:
    """«Считать регистр»."""
    function = SOURCES.get(request.register)
    shape = layout(request.register, kkt.model.register_widths.get(request.register))
    if function is None or shape is None:
        raise Refusal(E.WRONG_REGISTER)
    return bytes(shape.build(function(kkt, request, at)))
