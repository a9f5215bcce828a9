"""A control API as an application, asked without a network."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

import httpx

from kktsim.control.action import Action
from kktsim.control.app import create_app
from kktsim.control.controlled import Controlled

HandsT = TypeVar("HandsT")


async def at_once() -> None:
    """Nothing has to be waited for."""


class Api:
    """Asks the application; counts how often somebody is told that something was done."""

    def __init__(
        self,
        actions: Mapping[str, Action[HandsT]],
        hands: HandsT,
        settled: Callable[[], Coroutine[Any, Any, None]] = at_once,
    ) -> None:
        self.changes = 0
        self._app = create_app(Controlled(actions, hands, self._changed, settled))

    def _changed(self) -> None:
        self.changes += 1

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None, raw: bytes = b""
    ) -> tuple[int, dict[str, Any]]:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8123") as client:
                if body is not None:
                    return await client.request(method, path, json=body, headers=headers)
                return await client.request(method, path, content=raw, headers=headers)

        response = asyncio.run(ask())
        answer = response.json()
        assert isinstance(answer, dict)
        return response.status_code, answer

    def see(self, path: str) -> dict[str, Any]:
        status, answer = self.ask("GET", path)
        assert status == 200, answer
        return answer

    def do(self, path: str, **arguments: object) -> dict[str, Any]:
        status, answer = self.ask("POST", path, arguments)
        assert status == 200, answer
        return answer

    def refusal(self, path: str, **arguments: object) -> tuple[int, str]:
        status, answer = self.ask("POST", path, arguments)
        assert list(answer) == ["error"]
        return status, answer["error"]
