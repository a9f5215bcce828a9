"""«Чек открыт - операция невозможна»: wire 9Bh (155), driver -3802. Fixed by command 59h. Article err_3801_3802.

The program that drew the receipt up died between 92h and 4Ah; the till kept the receipt. 59h is hexadecimal, and
itself answers 9Ah (-3801) when nothing is open.
"""

from protocol.atol.kkt_codes import E
from scenarios import routine
from scenarios.at_terminal import raw_command
from scenarios.health import trade
from scenarios.playbook import Alternative, Scenario, Weight, accepts, informs, pos_program_dies, refuses

SCENARIO = Scenario(
    id="err_3802",
    article="err_3801_3802",
    title="Чек открыт - операция невозможна",
    preset="shift-open",
    error=E.RECEIPT_OPEN,
    reproduce=(
        accepts(routine.open_receipt, "open a receipt"),
        accepts(routine.add_item, "add an item"),
        pos_program_dies(),
        refuses(routine.close_shift, E.RECEIPT_OPEN, "close the shift"),
    ),
    fix=(
        raw_command("59").weighs(Weight.NEEDED),
        informs(
            "Выбрать СНО по умолчанию", "this till is registered with one tax system, so the menu has no such item"
        ),
    ),
    prove=(accepts(trade, "a sale and a Z"),),
    alternatives=(Alternative("restarting the terminal", (pos_program_dies(),), cures=False),),
    documented="the error and command 59",
    inferred="the cause: the article names none; a program that died is the plainest way to an open receipt",
)
