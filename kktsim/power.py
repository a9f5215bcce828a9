"""«Обрыв питания»: raised by whoever carries or keeps bytes for the till at the instant at which the power goes."""


class PowerCut(Exception):
    """The till is without power from now on: what is not durable yet is lost, and no answer leaves it."""
