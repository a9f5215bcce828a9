"""«Обрыв питания»: raised by whoever carries or keeps bytes for the till at the instant at which the power goes."""


class PowerCut(BaseException):
    """The till is without power from now on: what is not durable yet is lost, and no answer leaves it.

    No error, as `KeyboardInterrupt` is none: whoever answers for the errors of our own code does not see it.
    """
