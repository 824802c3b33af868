"""A made-up exchange on a loopback WebSocket, driven from the test: it tells orders, falls silent, breaks and refuses.

It runs in a thread of its own, so that whatever records from it may have a loop or a process of its own too. It tells
a connection only what that one subscribed to, and keeps what it told, whom it let in when, and what came in.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Awaitable, Iterator, Sequence
from http import HTTPStatus
from typing import TypeVar

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.market.exchange.links import PATIENCE_S, Link, Refusal, Stall, until
from tests.market.exchange.orders import Order, orders
from tests.market.exchange.wires import Wire, wire

_T = TypeVar("_T")
_QUIET = logging.getLogger("tests.exchange")
_QUIET.setLevel(logging.CRITICAL)


class Exchange:
    """One feed of one venue."""

    def __init__(self, feed: str) -> None:
        self.feed = feed
        self.wire: Wire = wire(feed)
        #: What was told to a subscribed connection, in its order; told twice stands twice.
        self.told: list[Order] = []
        #: What no connection was subscribed to.
        self.withheld: list[Order] = []
        self.links: list[Link] = []
        #: When handshakes were asked for, refused ones too, in nanoseconds since 1970.
        self.asked_ns: list[int] = []
        #: The next handshakes' turns; when none is left, all are let in.
        self.turns: deque[Refusal | Stall] = deque()
        #: Sent right behind the answer to a subscription.
        self.greetings: deque[str] = deque()
        #: Added to the clock by which the venue stamps its messages and orders.
        self.skew_ms = 0
        self.pongs = True
        self._made = 0
        self._loop = asyncio.new_event_loop()
        self._server: Server | None = None
        self._thread = threading.Thread(target=self._run, name=f"exchange {feed}", daemon=True)
        self._ready = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """The base of its addresses, where the venue's own host would stand."""
        return f"ws://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Let clients in from now on."""
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)

    def stop(self) -> None:
        """Throw everyone out."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)

    def make(self, count: int) -> list[Order]:
        """Make orders of this moment, none of them like one made before."""
        self._made += count
        return orders(self.feed, count, start_ms=self.now_ms(), first=self._made - count)

    def tell(self, told: Sequence[Order], *, batch: int = 1) -> None:
        """Send orders to the latest connection, once it is subscribed, and keep them in `told`."""
        self._do(self._tell(told, batch))

    def say(self, *texts: str | bytes) -> None:
        """Send bare messages to the latest connection, once it is subscribed."""
        self._do(self._say(texts))

    def close(self, code: int = 1001, reason: str = "") -> None:
        """End the latest connection in good order."""
        self._do(self.links[-1].socket.close(code, reason))

    def reset(self) -> None:
        """Break the latest connection: the client's kernel gets a TCP reset."""
        self._do(self._reset())

    def now_ms(self) -> int:
        """Give the venue's time."""
        return time.time_ns() // 1_000_000 + self.skew_ms

    def wait_for_link(self, number: int) -> Link:
        """Wait until the `number`th connection, counted from 1, is subscribed."""
        until(lambda: len(self.links) >= number and self.links[number - 1].known.is_set(), f"connection {number}")
        return self.links[number - 1]

    def _do(self, work: Awaitable[_T]) -> _T:
        async def wrapped() -> _T:
            return await work

        return asyncio.run_coroutine_threadsafe(wrapped(), self._loop).result(PATIENCE_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(self._open())
        self.port = self._server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        self._server.close()
        self._loop.run_until_complete(self._server.wait_closed())
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _open(self) -> Server:
        return await serve(
            self._serve, "127.0.0.1", 0, process_request=self._let_in, logger=_QUIET, ping_interval=None,
            close_timeout=1, open_timeout=None,
        )  # fmt: skip

    async def _let_in(self, connection: ServerConnection, _: Request) -> Response | None:
        self.asked_ns.append(time.time_ns())
        turn = self.turns.popleft() if self.turns else None
        if isinstance(turn, Stall):
            await connection.wait_closed()
        if not isinstance(turn, Refusal):
            return None
        headers = Headers([("Content-Length", str(len(turn.body))), ("Connection", "close"), *turn.headers])
        return Response(turn.status, HTTPStatus(turn.status).phrase, headers, turn.body)

    async def _serve(self, connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        link = Link(connection, request.path, self.wire.topics(request.path), time.time_ns())
        self.links.append(link)
        try:
            if link.topics:
                await self._greet(link)
            async for text in connection:
                assert isinstance(text, str)
                await self._answer(link, text)
        except ConnectionClosed:
            pass
        finally:
            link.closed_ns = time.time_ns()

    async def _answer(self, link: Link, text: str) -> None:
        link.received.append(text)
        told, topics = self.wire.answer(text)
        if not topics and not self.pongs and "ping" in text:
            return
        for each in told:
            await link.socket.send(each)
        link.topics |= topics
        if topics:
            await self._greet(link)

    async def _greet(self, link: Link) -> None:
        while self.greetings:
            await link.socket.send(self.greetings.popleft())
        link.known.set()

    async def _latest(self) -> Link:
        while not self.links or self.links[-1].closed_ns is not None:  # noqa: ASYNC110 -- another thread adds to it
            await asyncio.sleep(0.005)
        await self.links[-1].known.wait()
        return self.links[-1]

    async def _tell(self, told: Sequence[Order], batch: int) -> None:
        link = await asyncio.wait_for(self._latest(), PATIENCE_S)
        wanted = [order for order in told if self._wants(link, order)]
        self.withheld += [order for order in told if not self._wants(link, order)]
        self.told += wanted
        for topic, message in self.wire.messages(wanted, batch=batch, now_ms=self.now_ms()):
            await self._send(topic, message)

    async def _send(self, topic: str, message: str) -> None:
        """Send to the latest connection; where that has ended meanwhile, to the next, as a venue goes on telling."""
        while True:
            link = await asyncio.wait_for(self._latest(), PATIENCE_S)
            try:
                await link.socket.send(_combined(link, topic, message))
            except ConnectionClosed:
                await asyncio.sleep(0.005)
            else:
                return

    def _wants(self, link: Link, order: Order) -> bool:
        return link.path.startswith(self.wire.path) and bool(link.topics & {self.wire.topic(order), "!forceorder@arr"})

    async def _say(self, texts: Sequence[str | bytes]) -> None:
        link = await asyncio.wait_for(self._latest(), PATIENCE_S)
        for text in texts:
            await link.socket.send(text)

    async def _reset(self) -> None:
        link = await asyncio.wait_for(self._latest(), PATIENCE_S)
        # Lingering for no time at all turns the close into a reset.
        raw: socket.socket = link.socket.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.socket.transport.abort()
        await link.socket.wait_closed()


def _combined(link: Link, topic: str, message: str) -> str:
    """Wrap a message as Binance's combined streams do."""
    if "/stream?" not in link.path:
        return message
    return json.dumps({"stream": topic, "data": json.loads(message)}, separators=(",", ":"))


@contextlib.contextmanager
def exchange(feed: str) -> Iterator[Exchange]:
    """Run a made-up exchange for one test."""
    made = Exchange(feed)
    made.start()
    try:
        yield made
    finally:
        made.stop()
