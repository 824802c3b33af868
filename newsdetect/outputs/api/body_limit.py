"""The cap on a request's body, announced or streamed, answered as a problem like every other error.

FastAPI's own `max_body_size` answers a body that announces its length in plain text, past our handlers.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsdetect.outputs.api.problems import problem


class BodyLimit:
    """Middleware that reads at most `most` bytes of a body; a longer one is a 413."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 to what announces too much; pass anything else on, its bytes counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _announced(scope) > self._most:
            await problem(413, self._detail)(scope, receive, send)
        else:
            await self._app(scope, self._counting(receive), send)

    @property
    def _detail(self) -> str:
        return f"a body holds at most {self._most:,} bytes"

    def _counting(self, receive: Receive) -> Receive:
        """Count what comes: a chunked body announces nothing, and an announcement may be false."""
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                # Raised where the endpoint reads its body, hence answered by the application's handler.
                raise HTTPException(413, self._detail)
            return message

        return counted


def _announced(scope: Scope) -> int:
    """Give the Content-Length, 0 where there is none that can be read: then the bytes are counted."""
    told = Headers(scope=scope).get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else 0
