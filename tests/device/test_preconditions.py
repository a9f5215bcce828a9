"""What must hold before each command: the whole table, and each of its cells played on a till.

Sources: ATOL protocol 3.1, modes and their commands; what observed drivers send in which mode.
"""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device import HANDLERS
from kktsim.device.dispatch import Need, Row
from kktsim.device.printing import Prints
from kktsim.testing.law import LEGAL
from protocol.atol.command import COMMANDS, Command
from protocol.atol.commands.modes import EnterMode, Mode
from protocol.atol.commands.status import LastError
from protocol.atol.kkt_codes import E

from .desk import EXAMPLES, Desk

MakeBench = Callable[..., Bench]

TABLE = """
code command               modes   receipt shift  registered 24h printing prints   document
3F   FullStatus            any     -       -      -          -   yes      -        -
43   AddDiscount           1       open    -      -          yes -        receipt  -
45   StateCode             any     -       -      -          -   yes      -        -
46   ReadTable             any     -       -      -          -   -        -        -
47   Beep                  any     -       -      -          -   -        -        -
48   LeaveMode             any     -       -      -          -   -        -        -
49   CashIn                1       closed  -      yes        yes -        yes      yes
4A   CloseReceipt          1       open    -      yes        yes -        receipt  yes
4B   SetTime               0       -       -      -          -   -        -        -
4C   PrintText             any     -       -      -          -   -        yes      -
4D   CashInDrawer          any     -       -      -          -   yes      -        -
4E   VoidItem              1       open    -      -          yes -        receipt  -
4F   CashOut               1       closed  -      yes        yes -        yes      yes
50   WriteTable            4       -       -      -          -   -        -        -
52   SellItem              1       -       -      yes        yes -        receipt  yes
55   FinishReportOld       any     closed  -      -          -   -        yes      yes
56   EnterMode             any     -       -      -          -   -        -        -
57   ReturnItem            1       -       -      yes        yes -        receipt  yes
58   LastShiftTotal        any     -       -      -          -   yes      -        -
59   CancelReceipt         1       open    -      -          -   -        receipt  -
5A   CloseShift            3       closed  open   yes        -   -        judged   yes
61   EnterSerialNumber     5       -       -      -          -   -        -        -
64   SetDate               0       -       -      -          -   -        -        -
67   XReport               2       -       -      -          -   -        yes      yes
6B   TechnologicalReset    0       closed  -      -          -   -        -        -
6C   PrintCliche           any     -       -      -          -   -        yes      -
6D   EnterProtectionCode   0       -       -      -          -   -        -        -
71   InitializeTables      0       closed  closed -          -   -        -        -
73   PrintFooter           1 2     -       -      -          -   -        yes      -
74   AskProtectionCode     any     -       -      -          -   yes      -        -
75   CutPaper              any     -       -      -          -   -        yes      -
77   GeneralReset          3       closed  closed -          -   -        yes      -
78   CancelDiscount        1       open    -      -          yes -        receipt  -
79   BeginBarcode          any     -       -      -          -   -        -        -
7A   NextBarcodeBlock      any     -       -      -          -   -        -        -
7B   ClearBarcodes         any     -       -      -          -   -        -        -
7C   PrintStoredBarcode    any     -       -      -          -   -        yes      -
7D   ArrayState            any     -       -      -          -   yes      -        -
80   OpenDrawer            any     -       -      -          -   -        -        -
82   ServicePrint          any     closed  -      -          -   -        judged   -
85   PulseDrawer           any     -       -      -          -   -        -        -
86   NextPictureRow        any     -       -      -          -   -        -        -
87   PrintField            any     -       -      -          -   -        judged   -
88   Sound                 any     -       -      -          -   -        -        -
8A   ClearPictures         any     -       -      -          -   -        -        -
8B   AddPictureRow         any     -       -      -          -   -        -        -
8C   PictureArray          any     -       -      -          -   yes      -        -
8D   PrintPicture          any     -       -      -          -   -        yes      -
8E   PrintRow              any     -       -      -          -   -        judged   -
8F   SendToPort            any     -       -      -          -   -        -        -
90   PictureSize           any     -       -      -          -   -        -        -
91   ReadRegister          any     -       -      -          -   yes      -        -
92   OpenReceipt           1       closed  -      yes        yes -        judged   yes
95   PrintCopy             any     -       -      -          -   -        yes      -
97   ForgetDocument        any     -       -      -          -   -        -        -
99   AddPayment            1       open    -      -          yes -        -        -
9A   OpenShift             1       closed  closed yes        -   -        judged   yes
9B   VoidPayment           1       open    -      -          yes -        -        -
9D   Versions              any     -       -      -          -   yes      -        -
9E   ClosePicture          any     -       -      -          -   -        -        -
9F   BeginPicture          any     -       -      -          -   -        -        -
A4   AskFn                 any     -       -      -          -   yes      -        -
A5   DeviceType            any     -       -      -          -   yes      -        -
A6   Register              6       closed  -      -          -   -        yes      yes
A7   CloseArchive          6       closed  closed yes        -   -        yes      yes
A8   PrintSummary          6       closed  -      yes        -   -        yes      yes
AB   PrintDocument         6       closed  -      -          -   -        yes      yes
B3   LastError             any     -       -      -          -   yes      -        -
B8   AddTax                1       open    -      -          yes -        receipt  -
B9   VoidTax               1       open    -      -          yes -        receipt  -
C1   PrintBarcode          any     -       -      -          -   -        judged   -
C2   ContinueBarcode       any     -       -      -          -   -        judged   -
CE   PowerControl          any     -       -      -          -   -        -        -
E6   AddItem               1       open    -      -          yes -        receipt  -
E8   WriteRequisite        any     -       -      -          -   -        judged   -
E9   ReadRequisite         any     -       -      -          -   yes      -        -
EA   BeginItem             1       open    -      -          yes -        -        -
EB   EndItem               1       open    -      -          yes -        receipt  -
ED   SetDateTime           any     -       -      -          -   -        -        -
EE   FinishReport          any     closed  -      -          -   -        yes      yes
"""
ENTERABLE = (Mode.REGISTRATION, Mode.X_REPORTS, Mode.Z_REPORTS, Mode.PROGRAMMING, Mode.SERIAL_ENTRY, Mode.FN_ACCESS)
ROWS = [HANDLERS[code] for code in sorted(HANDLERS)]


def ids(rows: list[Row]) -> list[str]:
    return [row.command.__name__ for row in rows]


def each(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=ids(rows))


def example(row: Row) -> str:
    return f"{row.command.code:02X} {EXAMPLES[row.command.code]}"


def cells(row: Row) -> list[str]:
    """A row of the table as it is printed."""
    need = {Need.ANY: "-", Need.OPEN: "open", Need.CLOSED: "closed"}
    prints = {Prints.NEVER: "-", Prints.ALWAYS: "yes", Prints.OF_RECEIPT: "receipt"}
    flags = (row.registered, row.within_24_hours, row.while_printing)
    return [
        f"{row.command.code:02X}",
        row.command.__name__,
        " ".join(str(int(mode)) for mode in row.modes) or "any",
        need[row.receipt],
        need[row.shift],
        *("yes" if flag else "-" for flag in flags),
        prints[row.prints] if isinstance(row.prints, Prints) else "judged",
        "yes" if row.makes_document else "-",
    ]


def test_the_table_of_preconditions_is_what_the_manual_says() -> None:
    widths = (5, 22, 8, 8, 7, 11, 4, 9, 9, 0)
    head = TABLE.splitlines()[1]
    lines = ["".join(cell.ljust(width) for cell, width in zip(cells(row), widths, strict=True)) for row in ROWS]
    assert "\n".join(["", head, *(line.rstrip() for line in lines), ""]) == TABLE


@pytest.mark.parametrize(
    "command", [command for command in LEGAL if command is not EnterMode], ids=lambda command: command.__name__
)
def test_the_law_by_which_the_till_is_judged_names_the_same_modes(command: type[Command]) -> None:
    """That 56h is for selection mode is said by its handler."""
    mode, _ = LEGAL[command]
    assert HANDLERS[command.code].modes == (() if mode is None else (mode,))


@each([row for row in ROWS if row.modes])
def test_in_another_mode_the_command_is_refused_with_66(make_bench: MakeBench, row: Row) -> None:
    for mode in (Mode.SELECTION, *ENTERABLE):
        desk = Desk(make_bench())
        desk.enter(mode)
        if mode not in row.modes:
            desk.refuses(example(row), E.WRONG_MODE)
        else:
            assert desk.answer(example(row)).code != E.WRONG_MODE


@each([row for row in ROWS if not row.modes and row.command is not LastError])
def test_a_command_of_any_mode_is_never_refused_for_the_mode(make_bench: MakeBench, row: Row) -> None:
    for mode in (Mode.SELECTION, *ENTERABLE):
        desk = Desk(make_bench())
        desk.enter(mode)
        if row.command is COMMANDS[0x56]:
            desk.does("48")
        assert desk.answer(example(row)).code != E.WRONG_MODE


@each([row for row in ROWS if row.receipt is Need.OPEN])
def test_without_a_receipt_it_is_refused_with_9a(make_bench: MakeBench, row: Row) -> None:
    Desk(make_bench("shift-open")).refuses(example(row), E.RECEIPT_CLOSED)


@each([row for row in ROWS if row.receipt is Need.CLOSED and (Mode.REGISTRATION in row.modes or not row.modes)])
def test_with_an_open_receipt_it_is_refused_with_9b(make_bench: MakeBench, row: Row) -> None:
    Desk(make_bench("receipt-open")).refuses(example(row), E.RECEIPT_OPEN)


@each([row for row in ROWS if row.receipt is Need.CLOSED and row.modes and Mode.REGISTRATION not in row.modes])
def test_with_an_open_receipt_other_modes_are_out_of_reach_until_a_setting_lets_them_in(
    make_bench: MakeBench, row: Row
) -> None:
    Desk(make_bench("receipt-open")).refuses("48", E.RECEIPT_OPEN)
    desk = Desk(make_bench("receipt-open", leave_with_open_receipt="accept"))
    desk.enter(row.modes[0])
    desk.refuses(example(row), E.RECEIPT_OPEN)


@each([row for row in ROWS if row.shift is Need.CLOSED])
def test_with_an_open_shift_it_is_refused_with_9c(make_bench: MakeBench, row: Row) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(row.modes[0])
    desk.refuses(example(row), E.SHIFT_OPEN)


@each([row for row in ROWS if row.shift is Need.OPEN])
def test_with_a_closed_shift_it_is_refused_with_8f(make_bench: MakeBench, row: Row) -> None:
    desk = Desk(make_bench())
    desk.enter(row.modes[0])
    desk.refuses(example(row), E.SHIFT_CLOSED)


@each([row for row in ROWS if row.registered])
def test_a_till_that_is_not_registered_refuses_it_with_a8(make_bench: MakeBench, row: Row) -> None:
    desk = Desk(make_bench("factory"))
    desk.enter(row.modes[0])
    desk.refuses(example(row), E.NOT_REGISTERED)


@each([row for row in ROWS if row.within_24_hours and row.receipt is not Need.OPEN])
def test_a_shift_of_25_hours_refuses_it_with_88(make_bench: MakeBench, row: Row) -> None:
    Desk(make_bench("shift-25h")).refuses(example(row), E.SHIFT_TOO_LONG)


@each([row for row in ROWS if row.within_24_hours and row.receipt is Need.OPEN])
def test_a_receipt_that_outlives_24_hours_takes_nothing_more(make_bench: MakeBench, row: Row) -> None:
    desk = Desk(make_bench("receipt-open"))
    desk.bench.advance(23 * 3600 + 5 * 60)
    assert desk.answer("91 14 00 00").is_ok
    desk.does("EA 00 01 00")
    desk.bench.advance(1)
    desk.refuses(example(row), E.SHIFT_TOO_LONG)
    desk.does("59")


def test_a_shift_of_exactly_24_hours_still_sells(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.bench.advance(23 * 3600 + 5 * 60)
    desk.sell()
    desk.bench.advance(60)
    desk.refuses("92 00 01", E.SHIFT_TOO_LONG)


def test_a_long_shift_can_be_looked_at_and_closed(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-25h"))
    desk.enter(Mode.X_REPORTS)
    desk.does("67 01")
    desk.close_shift()
    desk.open_shift()
    desk.sell()
