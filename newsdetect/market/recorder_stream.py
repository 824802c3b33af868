"""One stream through all its sessions: reconnects with backoff and jitter, and renews a connection before it is cut.

Before 24 hours are over a new session listens, and only then the old one is let go: no order falls between them.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from newsdetect.config_record import RecordSettings
from newsdetect.market.feeds import Feed, assets_of
from newsdetect.market.recorder_ending import Ended
from newsdetect.market.recorder_session import Session
from newsdetect.market.recorder_tally import Tally
from newsdetect.market.recorder_times import Times
from newsdetect.types import ALL

_log = structlog.get_logger("newsdetect.record")
#: A session that lasted this long, or heard an order, was a good one: the next try comes soon.
_GOOD_S = 60.0


@dataclass(frozen=True, slots=True)
class _Running:
    session: Session
    task: asyncio.Task[Ended]
    since_s: float


class Stream:
    """Keeps one feed connected until `stop`."""

    def __init__(  # noqa: PLR0913 -- options by name
        self,
        feed: Feed,
        tally: Tally,
        settings: RecordSettings,
        *,
        make: Callable[[Feed, Tally], Session],
        since_ns: int,
        changed: Callable[[], None],
    ) -> None:
        """`make` opens sessions, `changed` is told when other coins are listened to than before."""
        self.feed = feed
        #: What it listens to, by coin, since it was part of the run.
        self.times = Times(feed.assets, since_ns)
        self._changed = changed
        #: Picked symbols that the venue does not list now, and since when they were not tried.
        self._unlisted: tuple[str, ...] = ()
        self._unlisted_s = 0.0
        self.tally = tally
        self._settings = settings
        self._make = make
        self._stopping = asyncio.Event()
        #: Set when the next connection shall take over at once.
        self._renewing = asyncio.Event()
        self._failures = 0
        #: The session that listens, and while it is replaced the one before it.
        self._live: list[_Running] = []

    @property
    def sessions(self) -> list[Session]:
        """The sessions that are connected or being connected."""
        return [one.session for one in self._live]

    def extend(self, symbols: tuple[str, ...]) -> None:
        """Subscribe to more symbols: by a new connection, before the one that listens is let go."""
        self._subscribe((*(self.feed.symbols or ()), *symbols))
        self._renewing.set()

    def _subscribe(self, symbols: tuple[str, ...]) -> None:
        """Take other symbols from the next connection on; a picked coin is listened to as long as one of its is."""
        feed = replace(self.feed, symbols=symbols)
        self.feed = feed if ALL in feed.assets else replace(feed, assets=assets_of(feed))
        self.tally.symbols = len(symbols)

    def _try_again(self) -> float | None:
        """Take symbols in again that were not listed for a while; give when that is due, None where there are none."""
        if not self._unlisted:
            return None
        due = self._unlisted_s + self._settings.listing_s - time.monotonic()
        if due > 0:
            return due
        back, self._unlisted = self._unlisted, ()
        self._subscribe((*(self.feed.symbols or ()), *back))
        return None

    async def stop(self) -> None:
        """Let go of the venue; `run` returns soon after."""
        self._stopping.set()
        await asyncio.gather(*(_end(one, "stopped") for one in self._live))

    async def run(self) -> None:
        """Record until stopped."""
        try:
            while not self._stopping.is_set():
                ended = await self._once()
                if ended is not None and not self._stopping.is_set():
                    await self._recover(ended)
            await asyncio.gather(*(_end(one, "stopped") for one in self._live))
        finally:
            for one in self._live:
                one.task.cancel()
            self.tally.state = "stopped"
            self.tally.retry_ns = None

    async def _once(self) -> Ended | None:
        """Open a session and stay with it until it ends, or until the next must take over (None)."""
        tally = self.tally
        self._live = [one for one in self._live if not one.task.done()]
        if not self._live and tally.state != "silent":
            tally.state = "connecting"
        self._renewing.clear()
        due = self._try_again()
        session = self._make(self.feed, tally)
        one = _Running(session, asyncio.create_task(session.run()), time.monotonic())
        before, self._live = self._live, [*self._live, one]
        await _first(one.task, session.listening.wait(), self._stopping.wait())
        if session.listening.is_set():
            if tally.state != "silent":
                tally.state = "recording"
            if self.times.listens(session.feed.assets, session.listening_ns):
                self._changed()
            await self._let_go(before)
            waits = (self._stopping.wait(), self._renewing.wait())
            rotate_s = self._settings.rotate_s
            await _first(one.task, *waits, seconds=rotate_s if due is None else min(due, rotate_s))
            if not one.task.done() and not self._stopping.is_set():
                return None
        ended = await _end(one, "stopped") if self._stopping.is_set() else await one.task
        self._live.remove(one)
        if session.fruitful or time.monotonic() - one.since_s > _GOOD_S:
            self._failures = 0
        if not self._stopping.is_set():
            tally.lost += session.number > 0
            tally.failed += session.number == 0
        return ended

    async def _let_go(self, before: list[_Running]) -> None:
        """End the sessions that a new one has replaced."""
        for old in before:
            await _end(old, "replaced by a new connection")
            if old in self._live:
                self._live.remove(old)

    async def _recover(self, ended: Ended) -> None:
        """Note what went wrong, and wait as long as the venue wants and backoff says."""
        tally = self.tally
        now = time.time_ns()
        tally.wrong(ended.why, now)
        wait = max(ended.wait_s, self._backoff())
        if ended.unlisted and self.feed.symbols and ended.unlisted in self.feed.symbols:
            # One symbol that a venue does not have any more costs the whole request: go on without it. Who listens to
            # a whole market hears of it again by the venue's list, a picked one is tried again.
            rest = tuple(symbol for symbol in self.feed.symbols if symbol != ended.unlisted)
            if rest:
                if ALL not in self.feed.assets:
                    self._unlisted, self._unlisted_s = (*self._unlisted, ended.unlisted), time.monotonic()
                self._subscribe(rest)
                wait = self._settings.backoff_first_s
        self._live = [one for one in self._live if not one.task.done()]
        if not self._live and tally.state != "silent":
            tally.state = "waiting"
        tally.retry_ns = now + int(wait * 1e9)
        _log.warning("not recording", stream=self.feed.name, why=ended.why, retry_in_s=round(wait, 1))
        await _first(self._stopping.wait(), seconds=wait)

    def _backoff(self) -> float:
        first, most = self._settings.backoff_first_s, self._settings.backoff_most_s
        full = min(most, first * 2.0 ** min(self._failures, 30))
        self._failures += 1
        return full * (1 - random.random() / 2)  # noqa: S311 -- spreads tries, keeps no secret


async def _end(one: _Running, why: str) -> Ended:
    """End a session in order, or cut short its connecting."""
    await one.session.end(why)
    if not one.session.connected:
        one.task.cancel()
    (ended,) = await asyncio.gather(one.task, return_exceptions=True)
    if isinstance(ended, asyncio.CancelledError):
        return Ended(why)
    if isinstance(ended, BaseException):
        raise ended
    return ended


async def _first(*awaited: object, seconds: float | None = None) -> None:
    """Wait until one of several is done, or so many seconds are over; tasks given as such go on."""
    tasks = [one if isinstance(one, asyncio.Task) else asyncio.ensure_future(one) for one in awaited]  # type: ignore[call-overload]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one, task in zip(awaited, tasks, strict=True):
            if one is not task:
                task.cancel()
