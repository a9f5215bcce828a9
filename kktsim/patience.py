"""How long is waited for others who only look at a file and have it locked while they do."""

import time
from collections.abc import Callable
from typing import TypeVar

from fn_model.store_file import StoreInUseError, StoreOpenHereError

T = TypeVar("T")
LOOK_SECONDS = 0.4
"""Nobody looks longer: to open a full FN and to check it takes a quarter of that."""
_STEP_SECONDS = 0.02


class Patience:
    """Waits until a file can be opened, for so many seconds over all the files it is asked for."""

    __slots__ = ("_until",)

    def __init__(self, seconds: float = LOOK_SECONDS) -> None:
        self._until = time.monotonic() + seconds

    def open(self, opened: Callable[[], T]) -> T:
        """What ``opened`` gives; raises its StoreInUseError when that is there still."""
        while True:
            try:
                return opened()
            except StoreInUseError as error:
                if isinstance(error, StoreOpenHereError) or time.monotonic() >= self._until:
                    raise
            time.sleep(_STEP_SECONDS)
