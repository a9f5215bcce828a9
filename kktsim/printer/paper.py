"""The paper tape as text: lines of a fixed width, cut into pages.

Every page says that it is not a fiscal document, because the FN behind it is a model. What is no plain text is told in
words: pictures and barcodes in square brackets in a line of their own, the looks of a line in braces behind it.

The roll may have an end: what comes behind it waits, and is printed on the next roll.
"""

from protocol.append_log import AppendLog

NOT_FISCAL = "НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ"
CUT = "✂"
"""A line of the tape that begins with this is a cut."""
COPY = "КОПИЯ"
NEAR_END_LINES = 40
"""A roll with fewer lines left is told to be near its end (guess)."""


class Paper:
    """«Чековая лента». ``width``: characters in a line. It remembers which page was cut off last, for a copy."""

    __slots__ = ("_document", "_lines", "_page_start", "_waiting", "cuts", "lines_left", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self._lines: AppendLog[str] = AppendLog()
        self._page_start = 0
        self._document: tuple[int, int] | None = None
        """First line of the last page that was cut off, and the line behind it."""
        self._waiting: tuple[str, ...] = ()
        """What was to be printed when the roll had ended."""
        self.lines_left: int | None = None
        """Lines on the roll; None: more than anybody will print."""
        self.cuts = 0

    def copy(self) -> "Paper":
        """A tape with the same lines that goes on by itself."""
        twin = Paper(self.width)
        twin._lines = self._lines.fork()
        twin._page_start = self._page_start
        twin._document = self._document
        twin._waiting = self._waiting
        twin.lines_left = self.lines_left
        twin.cuts = self.cuts
        return twin

    def __len__(self) -> int:
        return len(self._lines)

    def lines(self, start: int = 0) -> list[str]:
        """The lines from index ``start`` on; cuts among them."""
        return self._lines.since(start)

    def line(self, text: str = "", looks: str = "") -> None:
        """One line, or more when the text is longer than the paper is wide. ``looks``: told behind the last of them."""
        width = self.width
        if not looks and len(text) <= width:
            self._print(text)
            return
        told = f" {{{looks}}}" if looks else ""
        last = max(len(text) - 1, 0) // width * width
        for start in range(0, last, width):
            self._print(text[start : start + width])
        self._print(text[last:] + told)

    def drawing(self, what: str, indent: int = 0) -> None:
        """A picture or barcode, told in words; ``indent``: characters from the left edge."""
        self._print(f"{' ' * indent}[{what}]")

    def reprint(self, line: str) -> None:
        """A line as it was printed before, on a page of its own until the cut among them."""
        self._print(line)

    def centre(self, text: str) -> None:
        """A line in the middle."""
        self.line(text.center(self.width).rstrip())

    def pair(self, left: str, right: str) -> None:
        """Left and right ends of a line."""
        room = self.width - len(right)
        if room > 0:
            self._print(left[: room - 1].ljust(room) + right)
        else:
            self.line(left + right)

    def cut(self) -> None:
        """End the page: the mark, then a cut. An empty page is not cut."""
        if self._page_is_empty:
            return
        self._document = (self._page_start, len(self._lines) + len(self._waiting))
        self._end_page()

    def _end_page(self) -> None:
        if self._page_is_empty:
            return
        self._print(NOT_FISCAL.center(self.width).rstrip())  # in the narrow font where it is longer than a line
        self._print(CUT + "-" * (self.width - 1))

    @property
    def _page_is_empty(self) -> bool:
        return not self._waiting and len(self._lines) == self._page_start

    def _print(self, text: str) -> None:
        left = self.lines_left
        if left == 0:
            self._waiting = (*self._waiting, text)
            return
        self._lines.append(text)
        if text[:1] == CUT:
            self.cuts += 1
            self._page_start = len(self._lines)
        elif left is not None:
            self.lines_left = left - 1

    # ---- the roll

    @property
    def has_paper(self) -> bool:
        """Whether there is a line left to print on."""
        return self.lines_left != 0

    @property
    def is_near_end(self) -> bool:
        """«Бумага заканчивается»."""
        return self.lines_left is not None and self.lines_left < NEAR_END_LINES

    @property
    def printed_lines(self) -> int:
        """Lines that came out since the till was made."""
        return len(self._lines) - self.cuts

    @property
    def is_waiting(self) -> bool:
        """Whether something waits for paper."""
        return bool(self._waiting)

    def drop_waiting(self) -> None:
        """What waits for paper shall not be printed."""
        self._waiting = ()

    def load(self, lines: int | None = None) -> None:
        """Put a roll in, with so many lines, and print what waits. 0 lines: take the paper out."""
        self.lines_left = lines
        waiting, self._waiting = self._waiting, ()
        for text in waiting:
            self._print(text)

    # ---- the copy of the last page

    @property
    def has_document(self) -> bool:
        """Whether a page was cut off that a copy can be made of."""
        return self._document is not None

    def print_copy(self) -> None:
        """The last page once more, on a page of its own; nothing when there is none."""
        if self._document is None:
            return
        self._end_page()
        start, end = self._document
        self.centre(COPY)
        for line in self._lines.since(start)[: end - start]:
            self._print(line)
        self._end_page()

    def forget_document(self) -> None:
        """There is nothing to copy any more."""
        self._document = None


def roubles(kopecks: int) -> str:
    """``1234.56`` for 123456 kopecks."""
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{abs(kopecks) // 100}.{abs(kopecks) % 100:02d}"


def quantity(milli: int) -> str:
    """``2`` for 2000, ``0.123`` for 123 thousandths."""
    return f"{milli // 1000}" if milli % 1000 == 0 else f"{milli / 1000:.3f}"
