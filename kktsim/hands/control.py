"""Hands and eyes on a bench in another process, over its control API."""

from kktsim.control.client import DEFAULT_TIMEOUT_SECONDS, ControlClient


class ControlHands:
    """«Оператор» of a bench that runs elsewhere. Every method raises `kktsim.control.client.ControlError`."""

    def __init__(self, url: str, timeout: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        """``timeout``: seconds that one call may take."""
        self._client = ControlClient(url, timeout)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def unplug_fn(self) -> str:
        """Pull the FN out; its number."""
        return self._fn_number("fn unplug")

    def plug_fn(self, number: str | None = None) -> str:
        """Put an FN from the shelf in, the last one pulled out unless told; its number."""
        return self._fn_number("fn plug", number=number)

    def swap_fn(self) -> str:
        """Replace the FN by a new one, power off meanwhile; the new number."""
        return self._fn_number("fn swap")

    def break_fn(self, fault: str) -> None:
        """Give the FN in the till a fault: ``silent_on_signing``, ``unheard_on_signing``, ``failed``, ..."""
        self._client.call("fn break", fault=fault)

    def mend_fn(self) -> None:
        """Take every fault off the FN in the till."""
        self._client.call("fn mend")

    def damage_document(self, document: int) -> None:
        """Let the FN read the record of the document of this number as zeros from now on."""
        self._client.call("fn damage", document=document)

    def inject_sign(self, document: int, sign: int) -> None:
        """Let the FN give the document of this number this fiscal sign."""
        self._client.call("fn sign", document=document, sign=sign)

    def cut_cable(self) -> None:
        """The cable between till and FN carries nothing any more."""
        self._client.call("cable cut")

    def make_noise(self, to_fn_percent: int, to_kkt_percent: int, seed: int = 1, times: int | None = None) -> None:
        """Frames on the cable are damaged with these probabilities, at most so many times."""
        self._client.call(
            "cable noise", to_fn_percent=to_fn_percent, to_kkt_percent=to_kkt_percent, seed=seed, times=times
        )

    def mend_cable(self) -> None:
        """Put a new cable in."""
        self._client.call("cable mend")

    def power_off(self) -> None:
        """Switch the till off."""
        self._client.call("power off")

    def power_on(self) -> None:
        """Switch the till on."""
        self._client.call("power on")

    def lose_clock(self) -> None:
        """Take the clock's cell out with the power off: the till comes up asking for date and time."""
        self._client.call("clock lose")

    def set_jumper(self, on: bool) -> None:
        """Set the boot jumper of the till's board, or take it off."""
        self._client.call("jumper on" if on else "jumper off")

    def replace_board(self) -> None:
        """Put a board from the spare parts in: neither serial number nor protection codes."""
        self._client.call("board replace")

    def passport_code(self, number: int) -> str:
        """The protection code of this number as the till's passport tells it: 16 digits."""
        codes: dict[str, str] = self._client.call("passport")["protection_codes"]
        return codes[str(number)]

    def spoil_memory(self, region: str) -> None:
        """Spoil a region of the till's memory: ``clock``, ``tables``, ``totals`` and others."""
        self._client.call("memory spoil", region=region)

    def lose_memory(self) -> None:
        """Let the battery of the till's memory go flat."""
        self._client.call("memory lose")

    def alter_memory(self, region: str, field: str, value: str | None) -> None:
        """Set a field of a region under a good check sum; None takes an entry away."""
        self._client.call("memory alter", region=region, field=field, value=value)

    def paper_out(self, lines: int = 0) -> None:
        """Take the paper out, but for so many lines."""
        self._client.call("paper out", lines=lines)

    def paper_in(self) -> None:
        """Put a new roll of paper in; what has waited for it is printed."""
        self._client.call("paper in")

    def open_cover(self) -> None:
        """Open the printer's cover."""
        self._client.call("cover open")

    def close_cover(self) -> None:
        """Close the printer's cover."""
        self._client.call("cover close")

    def break_printer(self, fault: str) -> None:
        """Give the printer a fault, by its word: ``overheated``, ``cutter``, ``mechanical`` and others."""
        self._client.call("printer break", fault=fault)

    def mend_printer(self) -> None:
        """Take every fault off the printer."""
        self._client.call("printer mend")

    def ofd_down(self) -> None:
        """Connections to the OFD fail from now on."""
        self._client.call("ofd down")

    def ofd_up(self) -> None:
        """Connections to the OFD succeed again."""
        self._client.call("ofd up")

    def advance(self, seconds: float) -> None:
        """Let the world go ahead by so many seconds."""
        self._client.call("clock advance", seconds=seconds)

    def set_world(self, world: float) -> None:
        """Let the world go ahead to this time, in world seconds."""
        self._client.call("clock set", world=world)

    def tape(self) -> list[str]:
        """All lines of the paper so far; cuts begin with ✂."""
        lines: list[str] = self._client.call("tape")["lines"]
        return lines

    def world(self) -> float:
        """World time in seconds."""
        world: float = self._client.call("state")["world"]
        return world

    def unsent_documents(self) -> int | None:
        """«Непереданные документы»: how many wait in the FN for the OFD; None when no FN is plugged in."""
        count: int | None = self._client.call("state")["unsent_documents"]
        return count

    def abandoned_fns(self) -> list[str]:
        """What is wrong with the FNs on the shelf, a sentence each."""
        troubles: list[str] = self._client.call("fn shelf")["abandoned"]
        return troubles

    def _fn_number(self, action: str, **arguments: object) -> str:
        number: str = self._client.call(action, **arguments)["fn_number"]
        return number
