"""A loop in a thread of its own, lines that write down what they see, and waiting without sleeping."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

PATIENCE_SECONDS = 10.0

Result = TypeVar("Result")


class LoopThread:
    """Runs an asyncio loop; the test calls into it and every unhandled error in it fails the test."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.loop = loop or asyncio.SelectorEventLoop()
        self.errors: list[dict[str, Any]] = []
        self.loop.set_exception_handler(lambda _, context: self.errors.append(context))
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, function: Callable[[], Result]) -> Result:
        """Call the function on the loop; while it runs, the loop does nothing else."""
        future: Future[Result] = Future()

        def call() -> None:
            try:
                future.set_result(function())
            except BaseException as error:  # handed to the test
                future.set_exception(error)

        self.loop.call_soon_threadsafe(call)
        return future.result(PATIENCE_SECONDS)

    def turn(self) -> None:
        """Let the loop handle all that is ready now."""
        asyncio.run_coroutine_threadsafe(_two_turns(), self.loop).result(PATIENCE_SECONDS)

    def stop(self) -> None:
        """End the thread; raises when something went wrong in the loop."""
        self.turn()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self.loop.close()
        assert self.errors == []


def _two_turns() -> Coroutine[Any, Any, None]:
    async def turns() -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    return turns()


class FakeLine:
    """Answers with ``answer(data)`` and remembers everything; a test waits until its condition holds."""

    def __init__(self, answer: Callable[[bytes], bytes] = lambda data: data) -> None:
        self.answer = answer
        self.received = b""
        self.drops = 0
        self.ticks = 0
        self.history: list[str] = []
        self.due_at: float | None = None
        self.clock: Callable[[], float] = lambda: 0.0
        self.tick_answer = b""
        self._changed = threading.Condition()

    def receive(self, data: bytes, /) -> bytes:
        with self._changed:
            self.received += data
            self.history.append("receive")
            self._changed.notify_all()
        return self.answer(data)

    def tick(self) -> bytes:
        with self._changed:
            self.ticks += 1
            self.due_at = None
            self.history.append("tick")
            self._changed.notify_all()
        return self.tick_answer

    def seconds_to_deadline(self) -> float | None:
        return None if self.due_at is None else self.due_at - self.clock()

    def dropped(self) -> None:
        with self._changed:
            self.drops += 1
            self.history.append("dropped")
            self._changed.notify_all()

    def wait(self, condition: Callable[["FakeLine"], bool]) -> None:
        """Return as soon as the condition holds."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self), PATIENCE_SECONDS), self.history
