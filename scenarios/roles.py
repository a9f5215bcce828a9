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

    def swap_fn(self, model: str | None = None) -> str:
        """Replace the FN by a new one, power off meanwhile; the new number. ``model``: another one than before."""

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

    def flash(self, firmware: str) -> None:
        """Give the till another firmware of its model, power off meanwhile; what it keeps stays.

        Its own when ``firmware`` is empty or «usual»; an older one is bench only.
        """

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
        """Nothing is wrong with the OFD and the way to it any more; the till tries at once."""

    def ofd_fault(
        self,
        failure: str,
        times: int | None = 1,
        from_document: int | None = None,
        percent: int = 100,
        seed: int = 1,
        seconds: float = 120.0,
    ) -> None:
        """Let a failure of the OFD, or of the way to it, strike: ``silence``, ``lost_ack``, ``blocked``, ``dns``, ...

        ``times``: so often, None: until it is cleared; only at document ``from_document`` and later ones; in
        ``percent`` of the cases, which ``seed`` chooses. ``seconds``: how late ``slow`` answers. A failure of the way
        strikes on the way into the Internet that is in use. A person can take the Internet away, no more.
        """

    def ofd_clear(self, failure: str | None = None) -> None:
        """End every failure of a kind; all of them, and ``ofd_down``, unless told."""

    def ofd_host(self, name: str, place: str) -> None:
        """Let ``HOST`` or ``HOST:PORT`` lead elsewhere (bench only).

        ``place``: ``inner``, ``unknown``, ``unreachable`` or the ``127.0.0.1:PORT`` of another process.
        """

    def forget_host(self, name: str) -> None:
        """Take a host out of the table of names (bench only)."""

    def use_uplink(self, uplink: str) -> None:
        """Let the terminal get into the Internet by ``wifi`` or ``sim``."""

    def try_ofd(self) -> None:
        """Let the till not wait for its timer to try the OFD again."""

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

    def has_internet(self) -> bool:
        """Whether the terminal's browser shows a page."""

    def ofd_documents(self) -> list[int]:
        """Numbers of the documents of the FN in the till that the operator has; none when no FN is plugged in."""

    def abandoned_fns(self) -> list[str]:
        """What is wrong with the FNs on the shelf, a sentence each: an open archive, unsent documents."""


class Terminal(Protocol):
    """«Смарт-терминал»: the tablet in front of the till, with its menu and its screen."""

    def choose(self, path: str, *typed: str | None) -> tuple[str, ...]:
        """Go to a place of the menu, type into its fields from top to bottom: the lines of the screen that comes.

        None leaves a field as it is; a form into which nothing is typed is only shown.
        """

    def banner(self) -> str:
        """What stands above the screen when the terminal has looked at the till: «(!) ОФД», or nothing."""

    def restart(self) -> tuple[str, ...]:
        """Switch the terminal off and on: the screen that comes.

        Its driver sets the till's clock by the tablet's, and what its program has left unfinished is printed.
        """

    def update(self, firmware: str) -> None:
        """Install another firmware of the terminal."""

    def die_after(self, command: int) -> None:
        """Its program dies when the till has answered the next command with this byte."""
