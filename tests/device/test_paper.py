"""The paper of a short day, line by line."""

from collections.abc import Callable

from kktsim.bench import Bench
from kktsim.printer.paper import CUT
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.requisites import WriteRequisite
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv

from .desk import Desk

SIGN = 1234567890
DAY = """
    ОТЧЁТ ОБ ОТКРЫТИИ СМЕНЫ
СМЕНА                          1
КАССИР Петрова П.
РН ККТ          0000000005042914
ЗН ККТ            00307400000011
ФН              9999078900000001
ФД                             2
ФПД                   1234567890
                  02.03.26 12:00
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
✂
          КАССОВЫЙ ЧЕК
             ПРИХОД
КАССИР СИС. АДМИНИСТРАТОР
Чай
2 x 50.00                =100.00
Сахар
0.250 x 80.00             =20.00
ИТОГ                     =120.00
СУММА БЕЗ НДС            =120.00
НАЛИЧНЫМИ                =150.00
СДАЧА                     =30.00
РН ККТ          0000000005042914
ЗН ККТ            00307400000011
ФН              9999078900000001
ФД                             3
ФПД                   1234567890
                  02.03.26 12:00
[QR: t=20260302T1200&s=120.00&fn=9999078900000001&i=3&fp=1234567890&n=1]
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
✂
            ВНЕСЕНИЕ
ИТОГ                       =1.00
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
✂
     ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ
СМЕНА                          1
КАССИР СИС. АДМИНИСТРАТОР
ПРИХОД                    120.00
  НАЛИЧНЫМИ               120.00
  БЕЗ НДС                 120.00
ВОЗВРАТ ПРИХОДА             0.00
РАСХОД                      0.00
ВОЗВРАТ РАСХОДА             0.00
ВЫРУЧКА                   120.00
ВНЕСЕНИЯ                    1.00
ВЫПЛАТЫ                     0.00
НАЛИЧНЫХ В КАССЕ          121.00
РН ККТ          0000000005042914
ЗН ККТ            00307400000011
ФН              9999078900000001
ФД                             4
ФПД                   1234567890
                  02.03.26 12:00
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
✂
"""


def test_the_paper_of_a_short_day(make_bench: Callable[..., Bench]) -> None:
    desk = Desk(make_bench())
    start = len(desk.bench.kkt.paper)
    for document in (2, 3, 4):
        desk.bench.inject_sign(document, SIGN)
    desk.enter(Mode.REGISTRATION)
    desk.does(WriteRequisite(data=tlv(T.CASHIER, "Петрова П.".encode("cp866"))), "9A 00", "92 00 01")
    desk.does(AddItem(name="Чай", price_kopecks=5_000, quantity_milli=2_000, tax=6))
    desk.does(AddItem(name="Сахар", price_kopecks=8_000, quantity_milli=250, tax=6))
    desk.does("4A 00 01 00 00 01 50 00", "49 00 00 00 00 01 00")
    desk.close_shift()
    lines = [CUT if line.startswith(CUT) else line for line in desk.bench.tape(start)]
    assert "\n".join(["", *lines, ""]) == DAY


def test_a_name_longer_than_the_paper_goes_on_in_the_next_line(make_bench: Callable[..., Bench]) -> None:
    desk = Desk(make_bench("receipt-open"))
    printed = desk.tape_of(AddItem(name="Ж" * 40, price_kopecks=1, tax=6))
    assert printed == ["Ж" * 32, "Ж" * 8, f"{'1 x 0.01':<27}=0.01"]
