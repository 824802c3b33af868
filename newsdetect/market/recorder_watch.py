"""The watch over one connection, on a short tick: acknowledgements, pings, silence, and a word that it lives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from newsdetect.config_record import RecordSettings
from newsdetect.market.feeds import Feed
from newsdetect.market.recorder_ending import Ended
from newsdetect.market.recorder_tally import Tally

_log = structlog.get_logger("newsdetect.record")
#: Between two rows that say a connection lives.
_ALIVE_S = 5.0
#: Between two rows by which a quiet market's line is vouched for; and how long ago the line was good for sure: the
#: library pings each 20 s, and ends a connection whose answer takes as long again.
_VOUCH_S = 30.0
_LINE_NS = 40 * 10**9


class Row(Protocol):
    """Puts one row of a session into the spool."""

    def __call__(self, row: str, at_ns: int, **fields: object) -> None:
        """Put the row named `row`, of the time `at_ns`, with its fields."""


@dataclass(slots=True)
class Heard:
    """When a session last heard a word, and an order: by the wall clock for rows, by the steady one for the alarm."""

    heard_ns: int = 0
    order_ns: int = 0
    order_s: float = 0.0
    #: Whether a ping of ours is without an answer yet.
    awaits_pong: bool = False

    def order(self, now_ns: int) -> None:
        """Note that an order was heard, or that the venue began to tell of them."""
        self.order_ns, self.order_s = now_ns, time.monotonic()


class Watch:
    """Looks after one session; what is wrong ends it, and says why."""

    def __init__(  # noqa: PLR0913 -- what a session is made of
        self,
        feed: Feed,
        tally: Tally,
        settings: RecordSettings,
        heard: Heard,
        *,
        listening: asyncio.Event,
        row: Row,
    ) -> None:
        self._feed, self._tally, self._settings, self._heard = feed, tally, settings, heard
        self._listening, self._row = listening, row
        self._pinged_s = 0.0

    async def run(
        self, socket: ClientConnection, *, give_up: Callable[[Ended], None], ending: Callable[[], bool]
    ) -> None:
        """Watch until the session is `ending`; `give_up` ends it."""
        settings, feed, heard = self._settings, self._feed, self._heard
        tick = min(1.0, feed.silent_s / 4, settings.ack_timeout_s / 4, settings.ping_s / 4, settings.pong_timeout_s / 4)
        started = self._pinged_s = time.monotonic()
        told_s, told_ns, vouched_s = started, 0, started
        while not ending():
            await asyncio.sleep(tick)
            now = time.monotonic()
            if not self._listening.is_set():
                if now - started > settings.ack_timeout_s:
                    give_up(Ended(f"{feed.url}: not acknowledged within {settings.ack_timeout_s:g} s"))
            elif now - heard.order_s > feed.silent_s:
                give_up(self._silent())
            elif now - told_s > _ALIVE_S and heard.heard_ns > told_ns:
                told_s, told_ns = now, heard.heard_ns
                self._row("alive", time.time_ns(), heard=told_ns)
                self._compare_clocks()
            if feed.quiet and now - vouched_s > _VOUCH_S and self._is_vouched():
                vouched_s = now
                self._row("alive", time.time_ns(), heard=time.time_ns() - _LINE_NS, vouched=True)
            if feed.ping is not None and self._is_due(now):
                if heard.awaits_pong:
                    give_up(Ended(f"{feed.url}: a ping stayed without an answer"))
                else:
                    await self._ping(socket, now)

    def _is_vouched(self) -> bool:
        """Tell whether a quiet market's line counts as heard: its address told an order not too long ago."""
        last = self._tally.last_order_ns
        return self._listening.is_set() and last is not None and time.time_ns() - last < self._feed.silent_s * 1e9

    def _is_due(self, now: float) -> bool:
        """Tell whether a ping, or its answer, is due."""
        wait = self._settings.pong_timeout_s if self._heard.awaits_pong else self._settings.ping_s
        return now - self._pinged_s > wait

    async def _ping(self, socket: ClientConnection, now: float) -> None:
        self._pinged_s, self._heard.awaits_pong = now, True
        try:
            await socket.send(self._feed.ping or "")
        except ConnectionClosed:
            return  # the reader sees it too, and says why

    def _silent(self) -> Ended:
        """Raise the alarm: connected, but not an order for longer than this market ever rests."""
        feed, tally = self._feed, self._tally
        tally.state = "silent"
        tally.silences += 1
        _log.warning("connected but silent", stream=feed.name, seconds=feed.silent_s, url=feed.url)
        self._row("idle", time.time_ns(), heard=self._heard.order_ns)
        return Ended(f"{feed.url}: connected but silent for {feed.silent_s:g} s")

    def _compare_clocks(self) -> None:
        """Tell of a venue's clock, or ours, that is off: windows of an hour hardly mind, claims of a minute do."""
        skew_ms = self._tally.skew_ms()
        off = skew_ms is not None and abs(skew_ms) > self._settings.skew_s * 1000
        if off and not self._tally.skewed:
            _log.warning("clocks differ", stream=self._feed.name, venue_behind_us_by_ms=skew_ms)
        self._tally.skewed = off
