"""Selling at the terminal: command by command as a real one, what the screen says, what becomes of unfinished sales."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.terminal.form import FormError
from kktsim.terminal.goods import Goods, tax_within
from kktsim.terminal.memory import PrintTask, Sale, TabletMemory
from kktsim.terminal.screen import CLOCKS_DIFFER, DEAD, DONE, SOLD

from .stage import HOUR, Stage
from .test_start import dialogue

MakeBench = Callable[..., Bench]
SELL = "Касса → Продажа"
CARD = "Товары → Карточка товара"
WIPE = "Boot Menu → Recovery → Andriod Recovery → Wipe data/factory reset → Yes— delete all user data"
OPEN = ("Ошибка при работе с кассой: (-3802) Чек открыт - операция невозможна",)
CLOSED = ("Ошибка при работе с кассой: (-3801) Чек закрыт - операция невозможна",)


@pytest.fixture
def stage(make_bench: MakeBench) -> Stage:
    return Stage(make_bench("shift-open"))


def receipts(stage: Stage) -> list[str]:
    """The totals on the paper."""
    return [line.split("=")[-1] for line in stage.bench.tape() if line.startswith("ИТОГ")]


def dies(stage: Stage, command: int) -> None:
    """A sale in which the program dies when this command is answered."""
    stage.terminal.die_after(command)
    assert stage.terminal.choose(SELL) == (DEAD,)
    assert stage.terminal.choose(SELL) == (DEAD,)


def test_a_sale_is_said_as_a_real_terminal_says_it(stage: Stage) -> None:
    stage.terminal.restart()
    stage.said.clear()
    assert stage.terminal.choose(SELL) == (SOLD,)
    said = [one[:2] for one in stage.said]
    said.remove("91")  # the number of the last document, which tells later whether the receipt was made
    assert sorted(said) == sorted(one[:2] for one in dialogue("sale"))
    assert [one for one in said if one != "91"] == [one[:2] for one in dialogue("sale") if one[:2] != "91"]


def test_it_prints_a_receipt(stage: Stage) -> None:
    assert stage.terminal.choose(SELL, "Кофе", "1.5") == (SOLD,)
    assert receipts(stage) == ["150.00"]
    assert "Кофе" in stage.bench.tape()


def test_a_card_is_shown_and_changed_field_by_field(stage: Stage) -> None:
    choose = stage.terminal.choose
    assert choose(CARD, "Чай", "38,5", "ндс 10%") == (DONE,)
    assert choose(CARD, "Чай", None, None, "услуга", "Платежный агент", "7707083893") == (DONE,)
    assert choose(CARD, "Чай") == (
        *("Наименование: Чай", "Цена: 38.50", "НДС: НДС 10%"),
        *("Вид: Услуга", "Признак агента: Платёжный агент", "ИНН поставщика: 7707083893"),
    )


@pytest.mark.parametrize(
    ("path", "typed", "trouble"),
    [
        (SELL, ("Чай", "0"), "above 0"),
        (SELL, ("Чай", "один"), "above 0"),
        (SELL, ("Чай", "1.2345"), "above 0"),
        (SELL, ("Чай", None, "-1"), "above 0"),
        (SELL, ("Чай", None, None, "УСНО"), "takes one of: ОСН"),
        (CARD, ("Чай", None, "18%"), "takes one of: НДС 20%"),
        (CARD, ("Чай", None, None, None, None, "123"), "INN"),
    ],
)
def test_what_cannot_be_typed_is_told_and_sells_nothing(
    stage: Stage, path: str, typed: tuple[str | None, ...], trouble: str
) -> None:
    with pytest.raises(FormError, match=trouble):
        stage.terminal.choose(path, *typed)
    assert (stage.said, stage.terminal.memory.tasks) == ([], [])


def test_a_rate_on_a_card_of_a_business_without_vat_is_counted_from_the_price_before_the_discount(stage: Stage) -> None:
    stage.terminal.choose(CARD, "Чай", "3800", "НДС 20%")
    assert stage.terminal.choose(SELL, "Чай") == (SOLD,)
    assert stage.terminal.choose(SELL, "Чай", None, "1") == (
        "Ошибка при работе с кассой: (-3969) Сумма налога больше суммы регистраций по чеку и/или итога",
    )
    assert stage.said[-1] == "59"
    stage.terminal.choose(CARD, "Чай", None, "без НДС")
    assert stage.terminal.choose(SELL, "Чай", None, "1") == (SOLD,)


def test_clocks_that_differ_too_much_do_not_sell(stage: Stage) -> None:
    stage.ahead = 301
    assert stage.terminal.choose(SELL) == (CLOCKS_DIFFER,)
    stage.ahead = 299
    assert stage.terminal.choose(SELL) == (SOLD,)
    assert stage.terminal.memory.tasks == []


def test_a_program_that_dies_before_it_noted_the_receipt_finds_it_open(stage: Stage) -> None:
    dies(stage, 0x92)
    assert stage.terminal.restart() == OPEN
    assert stage.terminal.choose(SELL) == OPEN
    assert stage.terminal.choose(WIPE) == (DONE,)
    assert stage.terminal.choose(SELL) == OPEN  # the receipt is the till's
    stage.does("59")
    assert stage.terminal.choose(SELL) == (SOLD,)


@pytest.mark.parametrize("command", [0xEB, 0x99, 0x4A])
def test_a_noted_receipt_is_gone_on_with_and_made_once(stage: Stage, command: int) -> None:
    dies(stage, command)
    assert stage.terminal.restart() == (DONE,)
    assert (receipts(stage), stage.terminal.memory.tasks) == (["100.00"], [])
    assert stage.terminal.choose(SELL) == (SOLD,)


@pytest.mark.parametrize("how", ["power", "59"])
def test_a_noted_receipt_that_the_till_no_longer_has_blocks_every_sale(stage: Stage, how: str) -> None:
    dies(stage, 0xEB)
    if how == "power":
        stage.hands.power_off()
        stage.hands.power_on()
    else:
        stage.does("59")
    assert stage.terminal.restart() == CLOSED
    assert stage.terminal.choose(SELL) == CLOSED
    assert stage.asks("59")[:2] == b"\x55\x9a"
    assert stage.terminal.choose(SELL) == CLOSED
    assert stage.terminal.choose(WIPE) == (DONE,)
    assert stage.terminal.choose(SELL) == (SOLD,)


def test_a_reset_of_the_tablet_leaves_clock_and_firmware(stage: Stage) -> None:
    memory = stage.terminal.memory
    memory.ahead_seconds, memory.firmware = HOUR, "3.9.0"
    stage.terminal.choose(CARD, "Чай", "1")
    stage.terminal.choose(WIPE)
    assert memory == TabletMemory(ahead_seconds=HOUR, firmware="3.9.0")


def test_the_tablets_memory_goes_into_json_and_back() -> None:
    goods = Goods("Чай", 100, 1, 4, 64, "7707083893")
    memory = TabletMemory(1.5, "3.9.0", True, 2, {"Чай": goods}, [PrintTask(7, Sale(goods, 1, 2), 3, (1, 2, 3), 9)], 7)
    assert TabletMemory.from_json(memory.to_json()) == memory
    assert TabletMemory.from_json({}) == TabletMemory()


@pytest.mark.parametrize(
    "kept",
    [
        *({"ahead_seconds": "x"}, {"ahead_seconds": 1e300}, {"ahead_seconds": float("nan")}, {"firmware": []}),
        *({"tax_systems": "a"}, {"is_dead": "z"}, {"last_task": -1}, {"banner_is_shown": 2}),
        *({"firmware": "newest"}, {"goods": {"Чай": {"name": "Чай", "price_kopecks": "1"}}}),
        {"tasks": [{"number": 1, "sale": asdict(Sale(Goods("Чай"), 1, 2)), "stage": "3", "looks": []}]},
        {"tasks": [{"number": 1, "sale": asdict(Sale(Goods("Чай"), 1, 2)) | {"cost_kopecks": None}, "looks": []}]},
    ],
)
def test_what_is_no_memory_of_a_tablet_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is no "):
        TabletMemory.from_json(kept)


@given(st.integers(0, 10**12), st.sampled_from(range(1, 7)))
def test_the_tax_within_a_sum_is_to_the_nearest_kopeck(kopecks: int, tax: int) -> None:
    percent = {1: 20, 2: 10, 3: 20, 4: 10}.get(tax, 0)
    assert abs(tax_within(tax, kopecks) - kopecks * percent / (100 + percent)) <= 0.5 + 1e-3
