"""Hands and eyes on a bench in another process, over its control API."""

from functools import partial

from kktsim.control.client import DEFAULT_TIMEOUT_SECONDS, ControlClient
from kktsim.control.ofd_actions import pages
from kktsim.ofd.failures import LATE_SECONDS


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

    def swap_fn(self, model: str | None = None) -> str:
        """Replace the FN by a new one, power off meanwhile; the new number. ``model``: another one than before."""
        return self._fn_number("fn swap", model=model)

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

    def flash(self, firmware: str) -> None:
        """Give the till another firmware of its model, its own when that is empty or «usual»; what it keeps stays."""
        self._client.call("board flash", firmware=firmware)

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
        """Nothing is wrong with the OFD and the way to it any more; the till tries at once."""
        self._client.call("ofd up")

    def ofd_fault(
        self,
        failure: str,
        times: int | None = 1,
        from_document: int | None = None,
        percent: int = 100,
        seed: int = 1,
        seconds: float = LATE_SECONDS,
        fn_number: str | None = None,
    ) -> None:
        """Let a failure strike, a value of `Failure`; ``times`` None: until it is cleared.

        The numbers are those of `kktsim.ofd.failures.Planned`.
        """
        self._client.call(
            "ofd fault",
            failure=failure,
            times=times,
            until_cleared=times is None,
            from_document=from_document,
            percent=percent,
            seed=seed,
            seconds=seconds,
            fn=fn_number,
        )

    def ofd_clear(self, failure: str | None = None) -> None:
        """End every failure of a kind; all of them, and ``ofd_down``, unless told."""
        self._client.call("ofd clear", failure=failure)

    def ofd_host(self, name: str, place: str) -> None:
        """Let ``HOST`` or ``HOST:PORT`` lead to ``inner``, ``unknown``, ``unreachable`` or ``127.0.0.1:PORT``."""
        self._client.call("ofd host", host=name, place=place)

    def forget_host(self, name: str) -> None:
        """Take a host out of the table of names."""
        self._client.call("ofd forget", host=name)

    def use_uplink(self, uplink: str) -> None:
        """Let the terminal get into the Internet by ``wifi`` or ``sim``."""
        self._client.call("ofd uplink", uplink=uplink)

    def try_ofd(self) -> None:
        """Let the till not wait for its timer."""
        self._client.call("ofd try")

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

    def has_internet(self) -> bool:
        """Whether the terminal's browser shows a page."""
        has_internet: bool = self._client.call("state")["has_internet"]
        return has_internet

    def ofd_documents(self) -> list[int]:
        """Numbers of the documents of the FN in the till that the operator inside the bench has."""
        fn_number = self._client.call("state")["fn_number"]
        if fn_number is None:
            return []
        return [row["number"] for row in pages(partial(self._client.call, "ofd documents"), fn_number)]

    def abandoned_fns(self) -> list[str]:
        """What is wrong with the FNs on the shelf, a sentence each."""
        troubles: list[str] = self._client.call("fn shelf")["abandoned"]
        return troubles

    def _fn_number(self, action: str, **arguments: object) -> str:
        number: str = self._client.call(action, **arguments)["fn_number"]
        return number
