"""«Сеанс»: what a port is to the till behind it. Pure: bytes and times in, bytes out.

`Session` is one port's dialogue, `Executor` the one till behind all ports.
"""

from kktsim.session.executor import Executor
from kktsim.session.session import Session
from kktsim.session.watching import Alarm, Watcher

__all__ = ["Alarm", "Executor", "Session", "Watcher"]
