"""Asks a control API: one connection that is kept open, a time limit on every call, a sentence for every failure."""

import json
import select
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit

from kktsim.control.actions import ACTIONS

DEFAULT_TIMEOUT_SECONDS = 10.0


class ControlError(Exception):
    """The bench did not do what it was asked; the message says why and what to do."""


class ControlUrlError(ControlError):
    """It is not clear which bench to ask."""


class RefusedError(ControlError):
    """The bench answered that it cannot do that, or not with these arguments."""


class NoAnswerError(ControlError):
    """Nobody answers there, or not in time, or it is something else than a bench."""


def control_url(text: str) -> str:
    """The URL meant by a URL, ``HOST:PORT`` or a port of this machine; raises `ControlUrlError`."""
    url = f"127.0.0.1:{text}" if text.isdigit() else text
    url = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme == "http" and parts.hostname and parts.port and parts.path in ("", "/")
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ControlUrlError(
            f"{text!r} is no address of a bench: give its URL like http://127.0.0.1:8123, or its port"
        )
    return url.rstrip("/")


class ControlClient:
    """A client of one bench. ``timeout``: seconds that one call may take."""

    def __init__(self, url: str, timeout: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        self.url = control_url(url)
        self._timeout = timeout
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        self._connection = HTTPConnection(parts.hostname, parts.port, timeout=timeout)

    def __enter__(self) -> "ControlClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; the next call connects anew."""
        self._connection.close()

    def call(self, name: str, **arguments: object) -> dict[str, Any]:
        """Do the action called ``name``; an argument that is None is not sent. Raises `ControlError`."""
        action = ACTIONS[name]
        given = {key: value for key, value in arguments.items() if value is not None}
        if action.changes:
            status, data = self._exchange(action.method, action.path, json.dumps(given).encode())
        else:
            query = f"?{urlencode(given)}" if given else ""
            status, data = self._exchange(action.method, action.path + query, None)
        return self._answer(status, data)

    def put(self, name: str, body: Mapping[str, object]) -> None:
        """Let an action take a whole object. Raises `ControlError`."""
        action = ACTIONS[name]
        self._answer(*self._exchange(action.method, action.path, json.dumps(body).encode()))

    def _exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        self._drop_dead_connection()
        try:
            self._connection.request(method, target, body, {"Content-Type": "application/json"} if body else {})
            response = self._connection.getresponse()
            return response.status, response.read()
        except TimeoutError:
            self.close()
            raise NoAnswerError(
                f"the bench at {self.url} has not answered within {self._timeout:g} s: wait longer with --timeout,"
                " or look whether it hangs"
            ) from None
        except (OSError, HTTPException) as error:
            self.close()
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise NoAnswerError(
                f"no bench answers at {self.url} ({reason}): is it still running? `kktsim serve` starts one"
            ) from None

    def _answer(self, status: int, data: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(data)
        except ValueError:
            answer = None
        if status == 200 and isinstance(answer, dict):
            return answer
        if 400 <= status < 500 and isinstance(answer, dict) and "error" in answer:
            raise RefusedError(str(answer["error"]))
        if status >= 500:
            raise NoAnswerError(f"the bench at {self.url} broke down over this (HTTP {status}): see what it printed")
        raise NoAnswerError(f"what answers at {self.url} (HTTP {status}) is no bench: check the address")

    def _drop_dead_connection(self) -> None:
        """A bench that was started anew has closed the old connection. Asking again after a failure would risk to do
        the same thing twice, so look beforehand: an idle connection with something to read has ended.
        """
        sock = self._connection.sock
        if sock is not None and select.select([sock], [], [], 0)[0]:
            self.close()
