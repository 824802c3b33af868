"""A small feed on a loopback WebSocket: acknowledges, tells what it is given, falls silent; and openers of lists."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from newsdetect.errors import FetchError
from newsdetect.fetch.answer import Fetched


@dataclass
class Feed:
    """Answers Binance's and Bybit's subscriptions; the test sends the rest through `say`."""

    url: str = ""
    acknowledges: bool = True
    connections: list[ServerConnection] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    #: Sent to each new connection once it has subscribed.
    greeting: Sequence[str] = ()

    async def say(self, *messages: str | bytes) -> None:
        """Send messages to the latest connection."""
        for message in messages:
            await self.connections[-1].send(message)

    async def handle(self, connection: ServerConnection) -> None:
        """Serve one connection."""
        self.connections.append(connection)
        try:
            async for text in connection:
                asked = json.loads(text)
                self.heard.append(asked)
                if not self.acknowledges:
                    continue
                if asked.get("op") == "ping":
                    await connection.send('{"success":true,"ret_msg":"pong","op":"ping"}')
                elif "method" in asked:
                    await connection.send(json.dumps({"result": None, "id": asked["id"]}))
                else:
                    await connection.send(json.dumps({"success": True, "op": "subscribe", "req_id": asked["req_id"]}))
                for message in self.greeting:
                    await connection.send(message)
        except ConnectionClosed:
            pass


@asynccontextmanager
async def feed(*, kind: type[Feed] = Feed, **options: Any) -> AsyncIterator[Feed]:
    """Open a feed on a port of its own."""
    made = kind(**options)
    async with serve(made.handle, "127.0.0.1", 0, ping_interval=None) as server:
        port = server.sockets[0].getsockname()[1]
        made.url = f"ws://127.0.0.1:{port}"
        yield made


class NoLists:
    """An opener that gives no list of symbols or contracts."""

    def get(self, url: str, **_: Any) -> Fetched:
        """Answer as `Opener.get`."""
        raise FetchError(f"{url}: not in this test", key=url)


class Lists:
    """An opener that answers by what an address contains."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def get(self, url: str, **_: Any) -> Fetched:
        """Answer as `Opener.get`."""
        self.asked.append(url)
        for part, answer in self.answers.items():
            if part in url:
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                return Fetched(url=url, final_url=url, status=200, body=body)
        raise FetchError(f"{url}: not in this test", key=url)


async def until(true: Callable[[], Any], *, seconds: float = 10.0) -> None:
    """Wait until something is true; fail where it never is."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError("it never came true")
        await asyncio.sleep(0.01)


def force_order(number: int = 0, *, symbol: str = "BTCUSDT", side: str = "SELL", at_ms: int | None = None) -> str:
    """Write one message of Binance's USD-M feed; each number is another order."""
    at = at_ms if at_ms is not None else time.time_ns() // 1_000_000
    order = {
        "s": symbol, "S": side, "o": "LIMIT", "f": "IOC", "q": "0.014", "p": "65000.1", "ap": f"{65000 + number}",
        "X": "FILLED", "l": "0.014", "z": "0.014", "T": at,
    }  # fmt: skip
    return json.dumps({"e": "forceOrder", "E": at, "o": order})
