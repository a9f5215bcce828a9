"""Random numbers that follow from a seed."""

from kktsim.chance import draw
from kktsim.ofd.failures import Failure, Planned


def drawn(seed: int, count: int) -> list[int]:
    found: list[int] = []
    for _ in range(count):
        seed, number = draw(seed, 100)
        found.append(number)
    return found


def test_the_same_seed_draws_the_same_numbers_and_they_are_spread() -> None:
    assert drawn(1, 1000) == drawn(1, 1000) != drawn(2, 1000)
    found = drawn(1, 10_000)
    assert all(50 <= found.count(number) <= 150 for number in range(100))


def test_a_failure_draws_on_from_its_seed() -> None:
    planned = Planned(Failure.SILENCE, seed=1)
    assert [planned.draw(100) for _ in range(5)] == drawn(1, 5)
