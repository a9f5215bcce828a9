"""Chance that can be repeated: random numbers that follow from a seed."""

_MULTIPLIER, _INCREMENT, _MODULUS = 1_103_515_245, 12_345, 2**31
"""A linear congruential generator (the one of the C standard's example): a seeded plan needs no more."""


def draw(seed: int, below: int) -> tuple[int, int]:
    """The seed of the next draw, and a random number, 0 to ``below`` - 1."""
    seed = (seed * _MULTIPLIER + _INCREMENT) % _MODULUS
    return seed, (seed >> 8) % below
