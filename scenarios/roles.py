"""What a scenario knows of the world: three protocols, and nothing of ports, benches or processes.

`Till` is the driver's side of a port, `Hands` are the operator's, `Witness` sees what a person would see. World times
are seconds of local civil time since 1970-01-01 00:00.
"""

from typing import Protocol


class Till(Protocol):
    """One open port of a till."""

    def send(self, command: bytes) -> bytes:
        """The reply to an application command: command byte and parameters, without the password."""

    def close(self) -> None:
        """Close the port in good order."""

    def drop(self) -> None:
        """Close the port without a word, as a program that dies."""


class Hands(Protocol):
    """«Оператор»: everything that is done to the till, its FN and its network without the wire."""

    def unplug_fn(self) -> str:
        """Pull the FN out; its number."""

    def plug_fn(self, number: str | None = None) -> str:
        """Put an FN from the shelf in, the last one pulled out unless told; its number."""

    def swap_fn(self) -> str:
        """Replace the FN by a new one, power off meanwhile; the new number."""

    def break_fn(self, fault: str) -> None:
        """Give the FN in the till a fault: ``silent_on_signing``, ``unheard_on_signing``, ``failed``, ..."""

    def mend_fn(self) -> None:
        """Take every fault off the FN in the till."""

    def damage_document(self, document: int) -> None:
        """Let the FN read the record of the document of this number as zeros from now on (bench only)."""

    def inject_sign(self, document: int, sign: int) -> None:
        """Let the FN give the document of this number this fiscal sign."""

    def cut_cable(self) -> None:
        """The cable between till and FN carries nothing any more."""

    def make_noise(self, to_fn_percent: int, to_kkt_percent: int, seed: int = 1, times: int | None = None) -> None:
        """Frames on the cable are damaged with these probabilities, at most so many times."""

    def mend_cable(self) -> None:
        """Put a new cable in."""

    def power_off(self) -> None:
        """Switch the till off."""

    def power_on(self) -> None:
        """Switch the till on."""

    def lose_clock(self) -> None:
        """Take the clock's cell out with the power off: the till comes up asking for date and time."""

    def set_jumper(self, on: bool) -> None:
        """Set the boot jumper of the till's board, or take it off."""

    def replace_board(self) -> None:
        """Put a board from the spare parts in: neither serial number nor protection codes."""

    def passport_code(self, number: int) -> str:
        """The protection code of this number as the till's passport tells it: 16 digits."""

    def spoil_memory(self, region: str) -> None:
        """Spoil a region of the till's memory, as ``totals``: found lost at the next power-on (bench only)."""

    def lose_memory(self) -> None:
        """Take the battery of the till's memory out: what it holds is found lost at the next power-on."""

    def alter_memory(self, region: str, field: str, value: str | None) -> None:
        """Set a field of a region, as ``2/1/19`` of ``tables``, under a good check sum (bench only).

        It is used at once. None takes an entry away.
        """

    def paper_out(self, lines: int = 0) -> None:
        """Take the paper out, but for so many lines."""

    def paper_in(self) -> None:
        """Put a new roll of paper in."""

    def open_cover(self) -> None:
        """Open the printer's cover."""

    def close_cover(self) -> None:
        """Close the printer's cover."""

    def break_printer(self, fault: str) -> None:
        """Give the printer a fault: ``overheated``, ``cutter``, ``mechanical``, ``no_link``, ... (bench only)."""

    def mend_printer(self) -> None:
        """Take every fault off the printer (bench only)."""

    def ofd_down(self) -> None:
        """Connections to the OFD fail from now on."""

    def ofd_up(self) -> None:
        """Connections to the OFD succeed again."""

    def advance(self, seconds: float) -> None:
        """Let the world go ahead by so many seconds (bench only)."""

    def set_world(self, world: float) -> None:
        """Let the world go ahead to this time (bench only)."""


class Witness(Protocol):
    """What can be seen without asking the till by its port."""

    def tape(self) -> list[str]:
        """All lines of the paper so far; cuts begin with ✂."""

    def world(self) -> float:
        """World time in seconds."""

    def unsent_documents(self) -> int | None:
        """Documents that wait in the FN for the OFD; None when there is no FN to ask."""

    def abandoned_fns(self) -> list[str]:
        """What is wrong with the FNs on the shelf, a sentence each: an open archive, unsent documents."""
