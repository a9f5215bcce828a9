"""A person at a real till does what a scenario asks, or it is said that nobody can."""

import io
from collections.abc import Callable

import pytest

from kktsim.hands.person import BenchOnlyError, NoPersonError, PersonHands

FN_NUMBER = "9999078900000001"


class Terminal(io.StringIO):
    """Somebody types these lines."""

    def isatty(self) -> bool:
        return True


def test_a_person_is_told_in_two_languages_what_to_do() -> None:
    screen = io.StringIO()
    hands = PersonHands(Terminal("\n" * 7), screen)

    hands.cut_cable()
    hands.mend_cable()
    hands.power_off()
    hands.power_on()
    hands.lose_clock()
    hands.ofd_down()
    hands.ofd_up()

    asked = screen.getvalue()
    assert "Отсоедините шлейф ФН, затем нажмите Enter." in asked
    assert "Disconnect the cable of the FN, then press Enter." in asked
    assert asked.count("Enter.") == 14


def test_numbers_of_fns_are_asked_until_they_are_right() -> None:
    screen = io.StringIO()
    hands = PersonHands(Terminal(f"\n\n123\n{FN_NUMBER}\n"), screen)

    assert hands.unplug_fn() == FN_NUMBER
    assert screen.getvalue().count("Номер ФН") == 3


def test_the_fn_that_was_pulled_out_is_the_one_to_put_back() -> None:
    screen = io.StringIO()
    hands = PersonHands(Terminal(f"\n{FN_NUMBER}\n\n"), screen)
    hands.unplug_fn()

    assert hands.plug_fn() == FN_NUMBER
    assert f"Вставьте в кассу ФН {FN_NUMBER}" in screen.getvalue()


def test_an_fn_is_put_in_by_number_or_by_choice_of_the_person() -> None:
    assert PersonHands(Terminal("\n"), io.StringIO()).plug_fn(FN_NUMBER) == FN_NUMBER
    assert PersonHands(Terminal(f"\n{FN_NUMBER}\n"), io.StringIO()).plug_fn() == FN_NUMBER
    assert PersonHands(Terminal(f"\n{FN_NUMBER}\n"), io.StringIO()).swap_fn() == FN_NUMBER


def test_the_way_into_the_internet_is_in_a_persons_hands() -> None:
    screen = io.StringIO()
    hands = PersonHands(Terminal("\n" * 5), screen)

    hands.ofd_fault("no_internet", times=None)
    hands.ofd_clear("no_internet")
    hands.ofd_clear()
    hands.use_uplink("sim")
    hands.try_ofd()

    asked = screen.getvalue()
    assert asked.count("Disconnect the till from the internet") == 1
    assert asked.count("Connect the till to the internet") == 2
    assert "Подключите терминал к интернету через SIM-карту" in asked
    assert asked.count("Enter.") == 10


def test_a_person_looks_whether_there_is_internet() -> None:
    screen = io.StringIO()
    hands = PersonHands(Terminal("maybe\nДА\nno\n"), screen)

    assert [hands.has_internet(), hands.has_internet()] == [True, False]
    assert screen.getvalue().count("yes or no") == 3


BENCH_ONLY: list[Callable[[PersonHands], object]] = [
    lambda hands: hands.advance(1),
    lambda hands: hands.set_world(1_795_356_000.0),
    lambda hands: hands.break_fn("failed"),
    lambda hands: hands.mend_fn(),
    lambda hands: hands.inject_sign(1, 1),
    lambda hands: hands.make_noise(1, 1),
    lambda hands: hands.ofd_fault("silence"),
    lambda hands: hands.ofd_fault("no_internet", times=3),
    lambda hands: hands.ofd_clear("silence"),
    lambda hands: hands.ofd_host("ofd.example", "unknown"),
    lambda hands: hands.forget_host("ofd.example"),
    lambda hands: hands.ofd_documents(),
]


@pytest.mark.parametrize("deed", BENCH_ONLY)
def test_what_nobody_can_do_to_a_real_till_needs_a_bench(deed: Callable[[PersonHands], object]) -> None:
    screen = io.StringIO()

    with pytest.raises(BenchOnlyError, match="on a bench, started by `kktsim serve`"):
        deed(PersonHands(Terminal("\n"), screen))

    assert screen.getvalue() == ""


def test_without_a_terminal_nobody_is_asked() -> None:
    screen = io.StringIO()

    with pytest.raises(NoPersonError, match="«Switch the till off»; run it in a terminal"):
        PersonHands(io.StringIO("\n"), screen).power_off()

    assert screen.getvalue() == ""


def test_a_terminal_that_is_closed_is_no_yes() -> None:
    with pytest.raises(NoPersonError, match="closed before this was done"):
        PersonHands(Terminal(""), io.StringIO()).power_off()
