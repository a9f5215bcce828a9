"""The paper tape as text: lines of a fixed width, cut into pages.

Every page says that it is not a fiscal document, because the FN behind it is a model.
"""

from protocol.append_log import AppendLog

NOT_FISCAL = "НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ"
CUT = "✂"
"""A line of the tape that begins with this is a cut."""


class Paper:
    """«Чековая лента». ``width``: characters in a line."""

    __slots__ = ("_lines", "_page_is_empty", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self._lines: AppendLog[str] = AppendLog()
        self._page_is_empty = True

    def copy(self) -> "Paper":
        """A tape with the same lines that goes on by itself."""
        twin = Paper(self.width)
        twin._lines = self._lines.fork()
        twin._page_is_empty = self._page_is_empty
        return twin

    def __len__(self) -> int:
        return len(self._lines)

    def lines(self, start: int = 0) -> list[str]:
        """The lines from index ``start`` on; cuts among them."""
        return self._lines.since(start)

    def line(self, text: str = "") -> None:
        """One line, or more when the text is longer than the paper is wide."""
        width = self.width
        self._page_is_empty = False
        if len(text) <= width:
            self._lines.append(text)
            return
        for start in range(0, len(text), width):
            self._lines.append(text[start : start + width])

    def centre(self, text: str) -> None:
        """A line in the middle."""
        self.line(text.center(self.width).rstrip())

    def pair(self, left: str, right: str) -> None:
        """Left and right ends of a line."""
        room = self.width - len(right)
        self.line(left[: room - 1].ljust(room) + right if room > 0 else left + right)

    def cut(self) -> None:
        """End the page: the mark, then a cut. An empty page is not cut."""
        if self._page_is_empty:
            return
        self._lines.append(NOT_FISCAL.center(self.width).rstrip())  # in the narrow font where it is longer than a line
        self._lines.append(CUT + "-" * (self.width - 1))
        self._page_is_empty = True


def roubles(kopecks: int) -> str:
    """``1234.56`` for 123456 kopecks."""
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{abs(kopecks) // 100}.{abs(kopecks) % 100:02d}"


def quantity(milli: int) -> str:
    """``2`` for 2000, ``0.123`` for 123 thousandths."""
    return f"{milli // 1000}" if milli % 1000 == 0 else f"{milli / 1000:.3f}"
