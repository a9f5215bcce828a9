"""An append-only list that forks in constant time: archives, paper tapes and records of a forked bench share it."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class AppendLog(Generic[Item]):
    """A view on the first ``len`` items of a list that is shared between forks.

    The owner that appends first goes on with the shared list; an owner that finds items of another fork behind its
    own end copies its part once. So a fork costs nothing until both sides write.
    """

    __slots__ = ("_items", "_length")

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._length = 0

    def append(self, item: Item) -> None:
        """Add one item at the end."""
        if len(self._items) != self._length:
            self._items = self._items[: self._length]
        self._items.append(item)
        self._length += 1

    def fork(self) -> "AppendLog[Item]":
        """A second log with the same items; what either appends from now on the other does not see."""
        twin: AppendLog[Item] = AppendLog()
        twin._items = self._items
        twin._length = self._length
        return twin

    def since(self, start: int) -> list[Item]:
        """The items from index ``start`` on."""
        return self._items[start : self._length]

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> Item:
        if not -self._length <= index < self._length:
            raise IndexError(index)
        return self._items[index if index >= 0 else self._length + index]

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items[: self._length])
