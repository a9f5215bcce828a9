"""An FN elsewhere as a command sees it that is only tried (flag «проверка операции»): asked, and made to do nothing.

Its own judgement of a document can be had in no other way than by making the document; so it is taken to agree, and
what it would number is told from where it stands. What a real till does then is a guess.
"""

from collections.abc import Callable

from protocol.fn.answers import FnStatus, ShiftParameters, ShiftResult
from protocol.fn.commands import WARNING_BIT, FnCode, FnCommand
from protocol.fn.frame import ENQ, FrameError, build_answer, build_request, parse_answer, parse_request

Exchange = Callable[[bytes, float], bytes | None]

TAKEN = frozenset(
    {
        *(FnCommand.BEGIN_OPEN_SHIFT, FnCommand.BEGIN_RECEIPT, FnCommand.BEGIN_CORRECTION),
        *(FnCommand.ADD_DATA, FnCommand.CANCEL_DOCUMENT),
    }
)
"""Commands that are answered «done»."""
NUMBERED = frozenset({FnCommand.OPEN_SHIFT, FnCommand.COMMIT_RECEIPT})
"""Commands that make a document: the next one, in the next shift or with the next receipt number."""


class FnTrial:
    """What is at the end of the cable of a till that tries a command. ``exchange`` reaches the FN itself."""

    def __init__(self, exchange: Exchange, questions: frozenset[int]) -> None:
        """``questions``: commands that the FN may be asked."""
        self._exchange = exchange
        self._questions = questions
        self._last: bytes | None = None

    def copy(self) -> "FnTrial":
        """Another trial of the same FN."""
        return FnTrial(self._exchange, self._questions)

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """The answer; None: the FN is not there, or would have to do something."""
        if frame != ENQ:
            self._last = self._answer(frame, world)
        return self._last

    def _answer(self, frame: bytes, world: float) -> bytes | None:
        try:
            command, _ = parse_request(frame)
        except FrameError:
            return build_answer(FnCode.BAD_FORMAT)
        if command in self._questions:
            return self._exchange(frame, world)
        status = self._told(FnCommand.STATUS, world)
        if status is None:
            return None
        if command in TAKEN:
            return build_answer(FnCode.OK)
        parameters = self._told(FnCommand.SHIFT_PARAMETERS, world)
        if command not in NUMBERED or parameters is None:
            return None
        shift = ShiftParameters.parse(parameters)
        first = shift.shift if command == FnCommand.OPEN_SHIFT else shift.receipt
        return build_answer(FnCode.OK, ShiftResult(first + 1, FnStatus.parse(status).last_document + 1, 0).build())

    def _told(self, question: FnCommand, world: float) -> bytes | None:
        """The data of the FN's good answer."""
        answer = self._exchange(build_request(question), world)
        try:
            code, data = parse_answer(answer or b"")
        except FrameError:
            return None
        return None if code & ~WARNING_BIT else data
