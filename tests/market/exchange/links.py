"""What a handshake with the made-up exchange comes to: a connection, a refusal, or nothing for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection

#: How long a test waits for what must come; only a failing test ever waits so long.
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer in place of a WebSocket."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Stall:
    """A handshake that is not answered until the test lets it go, or the client leaves."""


@dataclass(eq=False)
class Link:
    """One connection that was let in."""

    socket: ServerConnection
    path: str
    topics: set[str]
    opened_ns: int
    closed_ns: int | None = None
    received: list[str] = field(default_factory=list)
    known: asyncio.Event = field(default_factory=asyncio.Event)


def until(holds: Callable[[], Any], what: str, *, patience_s: float = PATIENCE_S) -> Any:
    """Wait until something holds and give it; fail in its name when it never does."""
    end = time.monotonic() + patience_s
    while not (found := holds()):
        if time.monotonic() > end:
            raise AssertionError(f"never came: {what}")
        time.sleep(0.005)
    return found
