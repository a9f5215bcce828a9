"""What the till has said so far, sorted by what it is about; each answer is taken once."""

from collections import defaultdict, deque

from kktsim.decode import v2, v3
from kktsim.replay.script import Await, Kind
from protocol.atol.link_v3 import ASYNC_ID
from protocol.atol.task_buffer import State

DONE = bytes((State.RESULT,))
"""State before an answer in every pattern, whichever way the answer came."""
_FINISHED = frozenset((State.RESULT, State.ERROR))
_ASYNC = frozenset((State.ASYNC_RESULT, State.ASYNC_ERROR))
_UNDER_WAY = frozenset((State.PENDING, State.IN_PROGRESS, State.WAITING))


class HearingV3:
    """Answers by frame id, results by task."""

    def __init__(self) -> None:
        self._splitter = v3.Splitter()
        self._asked: dict[int, bytes] = {}
        self._answers: defaultdict[int, deque[bytes]] = defaultdict(deque)
        self._results: defaultdict[int, deque[bytes]] = defaultdict(deque)
        self.errors: dict[int, bytes] = {}
        """Replies that came as errors of tasks nobody has waited for."""

    def said(self, data: bytes) -> None:
        """The driver writes."""
        for raw in v3.Splitter().feed(data):
            if raw.id is not None and raw.data:
                self._asked[raw.id] = raw.data
                self._answers.pop(raw.id, None)

    def feed(self, data: bytes) -> None:
        """The till has said this."""
        for raw in self._splitter.feed(data):
            if raw.id is None or raw.data is None:
                continue
            if raw.id == ASYNC_ID:
                self._take_result(raw.data)
            else:
                self._answers[raw.id].append(raw.data)

    def take(self, awaited: Await) -> bytes | None:
        """The answer in the form of patterns: state, then the reply; None: not yet."""
        if awaited.kind is Kind.RESULT:
            return self._result(awaited)
        if awaited.kind is Kind.POLLED:
            return self._polled(awaited)
        answers = self._answers[awaited.id]
        if not answers:
            return None
        answer = answers.popleft()
        if awaited.kind is Kind.BEGUN and answer[:1] and answer[0] in _FINISHED and awaited.task is not None:
            if len(answer) > 1:
                self._results[awaited.task].append(answer[1:])
            return DONE
        return DONE + answer[1:] if answer[:1] and answer[0] in _FINISHED else answer

    def _result(self, awaited: Await) -> bytes | None:
        """The direct answer to Add, or the asynchronous one behind «pending» or «in progress»."""
        assert awaited.task is not None
        answers, results = self._answers[awaited.id], self._results[awaited.task]
        if answers:
            answer = answers.popleft()
            if answer[:1] and answer[0] in _FINISHED and len(answer) > 1:
                return DONE + answer[1:]
            if not answer or answer[0] not in _UNDER_WAY:
                return answer
        if not results:
            return None
        self.errors.pop(awaited.task, None)
        return DONE + results.popleft()

    def _polled(self, awaited: Await) -> bytes | None:
        answers = self._answers[awaited.id]
        if answers and answers[0] and answers[0][0] in _UNDER_WAY and awaited.task is not None:
            if not self._results[awaited.task]:
                return None
            answers.popleft()
            return DONE + self._results[awaited.task].popleft()
        if not answers:
            return None
        answer = answers.popleft()
        return DONE + answer[1:] if answer[:1] and answer[0] in _FINISHED else answer

    def _take_result(self, data: bytes) -> None:
        if len(data) > 1 and data[0] in _ASYNC:
            self._results[data[1]].append(data[2:])
            if data[0] == State.ASYNC_ERROR:
                self.errors[data[1]] = data[2:]

    def frame(self, frame_id: int) -> bytes:
        """The data of the frame that the driver sent under this id."""
        return self._asked.get(frame_id, b"")


class HearingV2:
    """Control bytes and data of frames, in order."""

    def __init__(self) -> None:
        self._splitter = v2.Splitter()
        self._tokens: deque[bytes] = deque()

    def said(self, data: bytes) -> None:
        """The driver writes: there are no ids to keep."""

    def feed(self, data: bytes) -> None:
        """The till has said this."""
        for raw in self._splitter.feed(data):
            if raw.control is not None:
                self._tokens.append(raw.raw)
            elif raw.data is not None:
                self._tokens.append(raw.data)

    def take(self, awaited: Await) -> bytes | None:
        """The next control byte or frame; None: not yet."""
        return self._tokens.popleft() if self._tokens else None

    @property
    def rest(self) -> bytes:
        """What nobody has waited for."""
        return b"".join(self._tokens)
