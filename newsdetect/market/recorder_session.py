"""One connection to a live feed, from the handshake to its end: every message to the spool, every doubt to a row.

A session listens once all its subscriptions are acknowledged. It ends by itself when they are not, when a ping stays
without an answer, and at the alarm: connected, acknowledged and silent, as Binance's old address is.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from newsdetect.config_record import RecordSettings
from newsdetect.errors import MalformedMessage
from newsdetect.market.feeds import Feed
from newsdetect.market.recorder_ending import Ended, refused
from newsdetect.market.recorder_tally import Tally
from newsdetect.market.recorder_watch import Heard, Watch
from newsdetect.market.spool import Spool
from newsdetect.market.spool_rows import line, message_head, message_line
from newsdetect.market.venues.contracts import Contracts
from newsdetect.market.venues.parsed import Parsed

_log = structlog.get_logger("newsdetect.record")
#: The largest message that is taken, and frames that may wait before the socket is left unread.
_MAX_MESSAGE, _MAX_QUEUE = 4 << 20, (1024, 256)
_CLOSE_S = 3.0
_UNLISTED = re.compile(r"allLiquidation\.(\w[\w-]*)")


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where the lines of all sessions go, and by what settings they record."""

    settings: RecordSettings
    spool: Spool
    #: Takes one line of the spool.
    put: Callable[[str], None]


class Session:
    """One connection; `listening` is set once it hears, `run` gives how it ended."""

    def __init__(
        self,
        feed: Feed,
        tally: Tally,
        outlet: Outlet,
        *,
        contracts: Callable[[], Contracts],
    ) -> None:
        self.feed = feed
        self.number = 0
        self.listening = asyncio.Event()
        #: Since when it listens, in nanoseconds since 1970.
        self.listening_ns = 0
        #: Whether an order came: the feed is not mute.
        self.fruitful = False
        self._tally, self._spool, self._settings = tally, outlet.spool, outlet.settings
        self._contracts, self._put = contracts, outlet.put
        self._socket: ClientConnection | None = None
        self._acks = 0
        self._expected = 0
        self._closing: Ended | None = None
        #: Whether we end it as planned, not for a doubt.
        self._own = False
        self._closer: asyncio.Future[None] | None = None
        self._first = True
        self._heard = Heard()

    async def run(self) -> Ended:
        """Connect and listen to the end; never raises but for a cancellation or a fault of ours."""
        settings = self._settings
        if self._closing is not None:
            return self._closing
        try:
            async with connect(
                self.feed.url,
                open_timeout=settings.connect_timeout_s,
                close_timeout=_CLOSE_S,
                max_size=_MAX_MESSAGE,
                max_queue=_MAX_QUEUE,
            ) as socket:
                return await self._listen(socket)
        except InvalidStatus as fault:
            return refused(fault, settings)
        except TimeoutError:
            return Ended(f"{self.feed.url}: no handshake within {settings.connect_timeout_s:g} s")
        except (OSError, WebSocketException) as fault:
            return Ended(f"{self.feed.url}: {fault or type(fault).__name__}")

    async def end(self, why: str) -> None:
        """Close the connection in order; `run` then gives `why`."""
        self._closing, self._own = self._closing or Ended(why), True
        if self._socket is not None:
            await self._socket.close()

    @property
    def connected(self) -> bool:
        """Whether there is a connection to close in order."""
        return self._socket is not None

    def carry(self, at_ns: int) -> str | None:
        """Give the row by which a new spool file knows this session; None while it does not listen."""
        if not self.listening.is_set():
            return None
        return line(
            "carry", at_ns, stream=self.feed.name, session=self.number,
            since=self._heard.order_ns, fruitful=self.fruitful,
        )  # fmt: skip

    async def _listen(self, socket: ClientConnection) -> Ended:
        feed, tally = self.feed, self._tally
        now = time.time_ns()
        self._socket, self.number = socket, self._spool.next_session()
        self._heard.heard_ns = now
        tally.session, tally.connected_ns, tally.retry_ns = self.number, now, None
        tally.connections += 1
        tally.lags.clear()
        self._row("open", now, url=feed.url, symbols=feed.symbols or ())
        watch = Watch(feed, tally, self._settings, self._heard, listening=self.listening, row=self._row)
        looking = asyncio.create_task(
            watch.run(socket, give_up=self._give_up, ending=lambda: self._closing is not None)
        )
        looking.add_done_callback(self._unwatched)
        ended, until = Ended("cancelled"), 0
        try:
            ended, until = await self._read(socket)
        finally:
            looking.cancel()
            self.listening.clear()
            self._socket = None
            at = time.time_ns()
            self._row("close", at, why=ended.why, until=until or self._until())
        return ended

    async def _read(self, socket: ClientConnection) -> tuple[Ended, int]:
        """Take messages to the end; give how it ended, and until when the session can have heard things."""
        head = message_head(self.feed.name, self.number)
        try:
            requests = self.feed.subscriptions(self.feed.symbols or ())
            self._expected = len(requests)
            for request in requests:
                await socket.send(request)
            while True:
                data = await socket.recv(decode=False)
                while self._spool.full:  # noqa: ASYNC110 -- a disk gives no sign when it has room again
                    # Unread, the socket fills and the venue waits or hangs up: a gap that is told, no order unseen.
                    await asyncio.sleep(self._settings.fsync_s)
                self._take(data, head)
        except ConnectionClosed as fault:
            closing = self._closing
            if closing is not None:
                return closing, self._until()
            # A close frame proves that the line was good to the end; without one the last word does. A feed that told
            # no order may be mute, and proves nothing.
            until = time.time_ns() if fault.rcvd is not None else self._heard.heard_ns
            until = until if self.fruitful else self._heard.order_ns
            return Ended(f"{self.feed.url}: connection lost: {fault}"), until

    def _until(self) -> int:
        """Give until when a session that we end can have heard things: silence proves nothing."""
        if self._tally.state == "silent" or not self.fruitful:
            return self._heard.order_ns
        return time.time_ns() if self._own else self._heard.heard_ns

    def _take(self, data: bytes, head: str) -> None:
        """Read one message and put it into the spool."""
        now = time.time_ns()
        tally = self._tally
        tally.messages += 1
        self._heard.heard_ns = now
        try:
            text = data.decode()
            parsed = self.feed.parse(text, self._contracts())
        except UnicodeDecodeError as fault:
            self._malformed(data, f"{self.feed.venue}: a message is no UTF-8: {fault}", now)
            return
        except MalformedMessage as fault:
            self._malformed(data, str(fault), now)
            return
        if parsed.kind == "orders":
            self._put(message_line(now, head, text))
            self._count(parsed, now)
        elif parsed.kind == "pong":
            self._heard.awaits_pong = False
        else:
            self._put(message_line(now, head, text))
            self._answered(parsed, now)

    def _count(self, parsed: Parsed, now: int) -> None:
        tally = self._tally
        first, self._first = self._first, False
        if not tally.take(parsed, now, first=first):
            return
        self.fruitful = True
        self._heard.order(now)
        if tally.state == "silent" and self.listening.is_set() and self._closing is None:
            tally.state = "recording"

    def _answered(self, parsed: Parsed, now: int) -> None:
        if parsed.kind == "ack":
            self._acks += 1
            if self._acks == self._expected:
                self._heard.order(now)
                self.listening_ns = now
                self.listening.set()
                self._row("subscribed", now)
        elif parsed.kind == "error":
            found = _UNLISTED.search(parsed.detail)
            self._give_up(Ended(f"{self.feed.url}: {parsed.detail}", unlisted=found[1] if found else None))

    def _malformed(self, data: bytes, why: str, now: int) -> None:
        tally = self._tally
        tally.malformed += 1
        tally.wrong(why, now)
        if tally.malformed == 1:
            _log.warning("malformed", stream=self.feed.name, why=why[:200])
        self._row("malformed", now, why=why[:300], raw=data.decode("utf-8", "backslashreplace"))

    def _unwatched(self, watch: asyncio.Task[None]) -> None:
        """End a session that nobody looks after any more: a fault of ours must not become a silence."""
        if not watch.cancelled() and watch.exception() is not None:
            self._give_up(Ended(f"the watch over the connection failed: {watch.exception()!r}"))

    def _give_up(self, ended: Ended) -> None:
        self._closing = self._closing or ended
        if self._socket is not None:
            self._closer = asyncio.ensure_future(self._socket.close())

    def _row(self, row: str, at_ns: int, **fields: object) -> None:
        self._put(line(row, at_ns, stream=self.feed.name, session=self.number, **fields))
