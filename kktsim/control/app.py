"""The control API as an ASGI application.

Every answer is a JSON object. A refusal is ``{"error": one sentence}``: 400 for wrong arguments, 409 when the hands
cannot do that now. It serves the machine's own user: a page in a browser always tells its origin, or reaches us under
a name of its own (DNS rebinding), and both are refused with 403.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from ipaddress import ip_address
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fn_model.store_file import StoreFileError
from kktsim.clock import ClockError
from kktsim.control.action import Action
from kktsim.control.arguments import ArgumentError
from kktsim.control.controlled import Controlled, HandsT
from kktsim.device.refusal import NotKeptError
from kktsim.hands.error import HandsError
from kktsim.ofd.store import NotStoredError


def create_app(controlled: Controlled[HandsT]) -> Starlette:
    """The application for a bench, or for an operator alone."""
    actions, turn = controlled.actions.values(), asyncio.Lock()
    routes = [Route(action.path, _endpoint(action, controlled, turn), methods=[action.method]) for action in actions]
    return Starlette(
        routes=[Route("/", _overview(actions)), *routes],
        middleware=[Middleware(OwnUserOnly)],
        exception_handlers={
            HTTPException: _not_found(controlled.remedy),
            ArgumentError: _refusal(400),
            HandsError: _refusal(409),
            ClockError: _refusal(409),
            NotKeptError: _refusal(409),
            NotStoredError: _refusal(409),
            StoreFileError: _refusal(409),
        },
    )


def _endpoint(
    action: Action[HandsT], controlled: Controlled[HandsT], turn: asyncio.Lock
) -> Callable[[Request], Awaitable[Response]]:
    """``turn``: of what takes a while, one at a time."""
    hands = controlled.hands

    async def see(request: Request) -> Response:
        return JSONResponse(action(hands, request.query_params))

    async def do(request: Request) -> Response:
        given = _body(await request.body())
        try:
            answer = action(hands, given)
        finally:
            controlled.changed()
        await controlled.settled()
        return JSONResponse(answer)

    async def do_in_time(request: Request) -> Response:
        """What takes a while is not begun, and does not go on, for somebody who has hung up."""
        given = _body(await request.body())
        async with turn:
            if await request.is_disconnected():
                return Response()
            try:
                answer = action(hands, given)
            finally:
                controlled.changed()
            if not await _is_waited_for(request, controlled.settled()):
                controlled.abandon()
            return JSONResponse(answer if action.outcome is None else action.outcome(hands))

    if not action.changes:
        return see
    return do if action.outcome is None else do_in_time


async def _is_waited_for(request: Request, end: Coroutine[Any, Any, None]) -> bool:
    """Whether something comes to its end before who asked for it hangs up."""
    ended, gone = asyncio.create_task(end), asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait((ended, gone), return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            return False
        await ended
        return True
    finally:
        ended.cancel()
        gone.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


def _body(data: bytes) -> dict[str, object]:
    """The arguments in a request's body; an empty one has none."""
    try:
        body = json.loads(data) if data else {}
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ArgumentError('the body is no JSON object: send arguments like {"seconds": 60}, or nothing')
    return body


def _overview(actions: Iterable[Action[HandsT]]) -> Callable[[Request], Awaitable[Response]]:
    async def overview(request: Request) -> Response:
        """``GET /``: what can be asked."""
        return JSONResponse({"actions": [action.describe() for action in actions]})

    return overview


def _refusal(status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def refused(request: Request, error: Exception) -> Response:
        return _error(str(error), status)

    return refused


def _not_found(remedy: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def not_found(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        asked = f"{request.method} {request.url.path}"
        return _error(f"there is no action {asked}: {remedy}", error.status_code, error.headers)

    return not_found


def _error(sentence: str, status: int, headers: Any = None) -> Response:
    return JSONResponse({"error": sentence}, status, headers)


class OwnUserOnly:
    """Lets through what no page in a browser can send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403, or pass the request on."""
        app = self._app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if "origin" in headers:
                app = _error("pages in a browser may not touch the bench: ask without an Origin header", 403)
            elif not _is_loopback(headers.get("host", "")):
                app = _error("the bench is asked as 127.0.0.1 or localhost only: use that in the URL", 403)
        await app(scope, receive, send)


def _is_loopback(host: str) -> bool:
    """Whether a Host header, with or without a port, names this machine to itself."""
    bracketed, bracket, _ = host.removeprefix("[").partition("]")
    name = bracketed if bracket else host.partition(":")[0]
    if name.lower() == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
