"""How hands say that they cannot."""


class HandsError(Exception):
    """The operator's hands cannot do that now; the message says why and what to do instead."""
