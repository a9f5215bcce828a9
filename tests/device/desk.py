"""A till on a desk: commands go straight into it, and every refusal is checked to have changed nothing."""

from fn_model.archive import Document
from kktsim.bench import Bench
from kktsim.device import execute
from kktsim.testing.snapshot import A_REFUSAL_MAY_CHANGE, differences, snapshot
from protocol.atol.command import COMMANDS, Answer, Command, parse_answer
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.receipt import OpenReceipt
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.shift import CloseShift, OpenShift
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import check
from protocol.ffd.requisites import Requisites

PRINTED_SECONDS = 1.0
"""Host time in which any report is printed."""

Asked = Command | str
"""A declared command, or command byte and parameters in hex."""


def wire(command: Asked) -> bytes:
    return bytes.fromhex(command) if isinstance(command, str) else command.to_wire()


class Desk:
    """A bench and its keyboard. A till with an open shift stands in registration mode, others in selection mode."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        state = bench.state()
        if not state.receipt_is_open:
            self.enter(Mode.REGISTRATION if state.shift_is_open else Mode.SELECTION)

    def reply(self, command: Asked) -> bytes:
        """The whole reply."""
        bench = self.bench
        now = bench.clock.now()
        reply, _ = execute(bench.kkt, bench.kkt.access_password + wire(command), now, bench.world)
        bench.after_command(now)
        return reply

    def answer(self, command: Asked) -> Answer:
        return parse_answer(wire(command)[0], self.reply(command))

    def does(self, *commands: Asked) -> bytes:
        """The data of the last answer; every command must be done."""
        data = b""
        for command in commands:
            answer = self.answer(command)
            assert answer.code == 0, f"{wire(command).hex(' ')} is answered {E(answer.code).name}"
            data = answer.data
        return data

    def refuses(self, command: Asked, code: E, detail: int = 0) -> None:
        """The command must be answered ``55 code 00`` and leave no trace; ``detail``: what register 37h tells."""
        before = snapshot(self.bench)
        reply = self.reply(command)
        assert reply == bytes((0x55, code, 0)), f"{code.name} expected, {reply.hex(' ').upper()} came"
        changed = differences(before, snapshot(self.bench), A_REFUSAL_MAY_CHANGE)
        assert not changed, changed
        if detail:
            read = self.register(0x37)
            assert (read["command"], read["error"]) == (wire(command)[0], detail)

    def register(self, number: int, first: int = 0, second: int = 0) -> dict[str, object]:
        """The fields of a register."""
        asked = ReadRegister(register=number, first=first, second=second)
        return dict(asked.read_answer(self.does(asked)))

    def enter(self, mode: Mode) -> None:
        """Leave whatever mode there is and enter another; selection mode is entered by leaving."""
        self.print_out()
        self.does(LeaveMode())
        if mode is not Mode.SELECTION:
            self.does(EnterMode(mode=mode))

    def print_out(self) -> None:
        """Let a report that prints come to its end."""
        self.bench.clock.wait(PRINTED_SECONDS)
        self.bench.kkt.settle(self.bench.clock.now())

    def open_shift(self) -> None:
        self.enter(Mode.REGISTRATION)
        self.does(OpenShift())

    def close_shift(self) -> None:
        self.enter(Mode.Z_REPORTS)
        self.does(CloseShift())
        self.print_out()

    def open_receipt(self, *kopecks: int, type_: int = 1, tax: int = 6) -> None:
        """A receipt with items of these prices."""
        self.does(OpenReceipt(type=type_))  # type: ignore[arg-type]
        for price in kopecks:
            self.does(AddItem(name="Чай", price_kopecks=price, tax=tax))

    def sell(self, kopecks: int = 10_000) -> None:
        """A receipt paid in cash."""
        self.open_receipt(kopecks)
        self.does("4A 00 01 00 00 00 00 00")

    def document(self, number: int | None = None) -> Document:
        """A document in the FN, the last one unless told."""
        fn = self.bench.fn
        assert fn is not None
        found = fn.archive.tail() if number is None else fn.archive.get(number)
        assert found is not None
        return found

    def told(self) -> Requisites:
        """The requisites of the last document, which must be what the composition tables want."""
        document = self.document()
        assert check(document.type, document.body) == []
        return Requisites.parse(document.body)

    def tape_of(self, command: Asked) -> list[str]:
        """The lines that a command prints, done or refused."""
        start = len(self.bench.kkt.paper)
        self.reply(command)
        return [line.strip() for line in self.bench.tape(start)]


def examples() -> dict[int, str]:
    """Parameters in hex for every declared command, by its byte: right in form, whatever the till makes of them."""
    own = {
        0x46: "02 00 01 01",
        0x4C: "97 A0 A9",
        0x50: "02 00 01 01 01",
        0x56: "01 00 00 00 30",
        0x64: "02 03 26",
        0x67: "01",
        0x82: "01 01 00",
        0x91: "11 00 00",
        0x92: "00 01",
        0x9D: "01",
        0xA4: "30",
        0xCE: "41",
        0xE8: "00 01 00 FD 03 01 00 80",
        0xE9: "18 04 00",
        0xEA: "00 01 00",
        0xEB: "00" * 41 + "80",
        0xED: "02 03 26 12 00 00",
    }
    sums = {0x49: "00" * 6, 0x4F: "00" * 6, 0x4A: "00 01" + "00" * 5, 0x99: "00 01" + "00" * 5, 0x52: "00" * 12}
    money = {0x43: "00 00 01 00" + "00" * 5, 0x78: "", 0x9B: "00 01" + "00" * 5, 0xB8: "00 00 01" + "00" * 5}
    old = dict.fromkeys((0x4E, 0x57), "00" * 11)
    bare = dict.fromkeys((0x3F, 0x45, 0x47, 0x48, 0x4D, 0x58, 0x59, 0x5A, 0x73, 0x75, 0x80, 0xA5, 0xA6, 0xA7, 0xB3), "")
    more = {0x4B: "12 00 00", 0x75: "00", 0x9A: "00", 0xE6: "00" * 103}
    archive = {0x55: "", 0xA8: "", 0xAB: "00 00 00 00 01", 0xEE: ""}
    tape = {0x87: "00" * 11 + "80", 0x88: "FE 34 0A", 0x85: "00 10 00 10 01", 0x8F: "01 41"}
    tape |= dict.fromkeys((0x6C, 0x95, 0x97), "")
    pictures = {0x8A: "00", 0x8B: "FF", 0x90: "01", 0x9F: "01", 0x8D: "01 01 00 00", 0x8E: "01 00 01 00 00 FF"}
    barcodes = {0xC1: "00 01" + "00" * 12 + "31", 0xC2: "00 31", 0x7B: "00", 0x7C: "01 01", 0x7D: "01", 0x79: "01"}
    drawn = tape | pictures | barcodes | dict.fromkeys((0x9E, 0x8C, 0x86, 0x7A), "")
    resets = {0x77: "", 0x6B: "", 0x71: "", 0x61: "00" * 7, 0x6D: "01" + "00" * 8, 0x74: "01"}
    found = own | archive | drawn | resets | sums | money | old | bare | more | {0xB9: money[0xB8]}
    assert found.keys() == COMMANDS.keys(), "a newly declared command needs an example here"
    return found


EXAMPLES = examples()
