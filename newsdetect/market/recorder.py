"""The live recorder: listens to the venues' liquidation feeds and keeps every message, each silence and each gap.

One loop does it all: streams put lines into the spool, a tick hands them to the disk, rolls the spool's file and tells
the status, and finished files go into the archive in a thread. Nothing queues between socket and spool, so that nothing
can be dropped there: a disk that is slow leaves messages in the sockets.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from newsdetect.config_record import RecordSettings
from newsdetect.errors import NewsdetectError
from newsdetect.fetch.answer import Opener
from newsdetect.market import feeds
from newsdetect.market.archive import MarketArchive
from newsdetect.market.compaction import Compacted, compact
from newsdetect.market.feeds import Feed, Wanted
from newsdetect.market.instants import instant
from newsdetect.market.recorder_asking import Asking
from newsdetect.market.recorder_metrics import serving_metrics
from newsdetect.market.recorder_session import Outlet, Session
from newsdetect.market.recorder_status import RecorderStatus, write_status
from newsdetect.market.recorder_stream import Stream
from newsdetect.market.recorder_tally import Tally
from newsdetect.market.spool import Spool
from newsdetect.market.spool_rows import line
from newsdetect.market.venues import bybit
from newsdetect.market.venues.contracts import Contracts, ContractSize, shipped
from newsdetect.types import ALL

_log = structlog.get_logger("newsdetect.record")
_STATUS_S = 1.0


async def record(
    settings: RecordSettings,
    spool: Path,
    *,
    opener: Opener,
    archive: MarketArchive | None = None,
    stop: asyncio.Event | None = None,
) -> RecorderStatus:
    """Record until `stop` is set; give the last status.

    `spool` is the folder of the spool (`Settings.spool_folder`). With an archive, finished spool files are taken into
    it as they close, and the last when the recording ends. `opener` asks for contract sizes and symbols. Raise
    UsageError for a venue or symbol that does not exist, SpoolError where another recorder is writing the spool.
    """
    markets = feeds.wanted(settings)
    served = nullcontext() if settings.metrics_port is None else serving_metrics(spool, settings.metrics_port)
    with Spool(spool, max_unwritten=settings.max_unwritten) as opened, served as address:
        if address:
            _log.info("metrics", url=address)
        recorder = Recorder(settings, opened, markets, opener=opener, archive=archive)
        try:
            await recorder.run(stop or asyncio.Event())
            opened.finish()
            await recorder.take()
        finally:
            status = recorder.status(running=False)
            write_status(spool, status)
    return status


class Recorder:
    """The supervisor of all streams of one run."""

    def __init__(
        self,
        settings: RecordSettings,
        spool: Spool,
        markets: list[Wanted],
        *,
        opener: Opener,
        archive: MarketArchive | None,
    ) -> None:
        self._settings, self._spool, self._markets = settings, spool, markets
        self._opener, self._archive = opener, archive
        self._outlet = Outlet(settings, spool, self._put)
        self._started_ns = time.time_ns()
        self._contracts = {one.feed.venue: shipped(one.feed.venue) for one in markets}
        self._streams: dict[str, Stream] = {}
        #: When each stream was added to the run: before, its market was told by the others alone.
        self._since: dict[str, int] = {}
        #: Markets whose symbols are not known yet, as streams that wait.
        self._unlisted: dict[str, Tally] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        #: Set by the first task that fails.
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stop = asyncio.Event()
        self._writing = False
        self._taking = asyncio.Lock()
        self._taken = Compacted()
        self._archive_fault: str | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Record until `stop` is set, or a fault of ours ends it."""
        self._stop = stop
        for one in self._markets:
            if one.listing == "needed":
                self._unlisted[one.feed.name] = Tally(one.feed.name, one.feed.venue, state="waiting")
        new = [feed for one in self._markets if one.listing == "none" for feed in feeds.split(one, None)]
        self._add(new, since_ns=self._started_ns)
        asking = self._ask(Asking(self._settings, self._opener, stop))
        self._spawn(self._tick())
        self._spawn(self.take())
        waiting = asyncio.create_task(stop.wait())
        try:
            ends: list[asyncio.Future[Any]] = [waiting, self._failed]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            stop.set()
            for task in asking:
                task.cancel()
            await asyncio.gather(*(stream.stop() for stream in self._streams.values()), return_exceptions=True)
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for tally in self._unlisted.values():
                tally.state = "stopped"
        if self._failed.done():
            self._failed.result()

    def _ask(self, asking: Asking) -> list[asyncio.Task[None]]:
        """Ask the venues for what they list, now and again."""
        sizes = [
            asking.keep_sizes(venue, partial(self._tallies, venue), partial(self._sized, venue))
            for venue in self._contracts
            if venue != bybit.VENUE
        ]
        symbols = [
            asking.keep_symbols(
                one.feed,
                partial(self._tallies, one.feed.venue),
                partial(self._subscribed, one.feed),
                partial(self._listed, one),
            )
            for one in self._markets
            if one.listing == "needed"
        ]
        return [self._spawn(work) for work in (*sizes, *symbols)]

    def status(self, *, running: bool) -> RecorderStatus:
        """Tell how all streams are."""
        spool, taken = self._spool, self._taken
        tallies = [stream.tally for stream in self._streams.values()]
        return RecorderStatus(
            pid=os.getpid(),
            started_at=instant(self._started_ns),
            written_at=instant(time.time_ns()),
            running=running,
            streams=tuple(tally.status() for tally in (*tallies, *self._unlisted.values())),
            spooled=spool.written,
            unwritten=spool.unwritten,
            spool_fault=spool.fault,
            cut=spool.cut,
            archived=taken.orders,
            duplicates=taken.duplicates,
            quarantined=taken.quarantined,
            archive_fault=self._archive_fault,
        )

    async def take(self) -> None:
        """Take all finished files into the archive; a fault is told in the status and the files stay for later."""
        if self._archive is None:
            return
        async with self._taking:
            before = self._spool.number if self._spool.is_open else None
            work = partial(compact, self._spool.folder, self._archive, before=before, keep_s=self._settings.keep_s)
            try:
                self._taken = self._taken.plus(await asyncio.to_thread(work))
                self._archive_fault = None
            except (NewsdetectError, OSError) as fault:
                self._archive_fault = str(fault)
                _log.warning("the archive did not take the spool", why=str(fault))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not self._failed.done():
            self._failed.set_exception(fault)

    # The spool.

    def _put(self, text: str) -> None:
        """Take a line; all lines of one turn of the loop are written together."""
        self._spool.append(text)
        if not self._writing:
            self._writing = True
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        self._writing = False
        self._spool.write()

    def _begin(self) -> None:
        """Begin the next file: the run's streams, contract sizes, and the sessions that go on."""
        now = time.time_ns()
        told = {
            name: {
                "venue": stream.feed.venue,
                "market": stream.feed.market,
                "assets": list(stream.feed.assets),
                "since": self._since[name],
                "times": stream.times.told(),
            }
            for name, stream in self._streams.items()
        }
        # A market whose symbols are not known yet is not listened to, and must count as such.
        told |= {
            name: {"venue": tally.venue, "market": "", "assets": [ALL], "since": self._started_ns}
            for name, tally in self._unlisted.items()
        }
        sizes = [_sizes_line(now, venue, table) for venue, table in self._contracts.items() if table.sizes]
        carried = [session.carry(now) for stream in self._streams.values() for session in stream.sessions]
        self._spool.begin({"run": self._started_ns, "streams": told}, [*sizes, *(one for one in carried if one)])

    async def _tick(self) -> None:
        """Keep the disk, the spool's files and the status up to date until the streams have ended."""
        told_s = 0.0
        while not (self._stop.is_set() and all(s.tally.state == "stopped" for s in self._streams.values())):
            await asyncio.sleep(self._settings.fsync_s)
            fault = self._spool.fault
            self._spool.write()
            await asyncio.to_thread(self._spool.sync)
            if self._spool.fault and self._spool.fault != fault:
                _log.error("the spool cannot be written", why=self._spool.fault)
            if time.monotonic() - told_s >= _STATUS_S:
                told_s = time.monotonic()
                write_status(self._spool.folder, self.status(running=True))
            if time.time_ns() - self._spool.begun_at > self._settings.segment_s * 1e9 and not self._stop.is_set():
                self._begin()
                self._spawn(self.take())

    # What the venues say of their contracts.

    def _sized(self, venue: str, found: dict[str, ContractSize]) -> None:
        self._contracts[venue] = self._contracts[venue].updated(found)
        self._put(_sizes_line(time.time_ns(), venue, self._contracts[venue]))

    def _listed(self, market: Wanted, new: list[str]) -> None:
        """Open a market's streams once its symbols are known; later take in what is new."""
        first = self._unlisted.pop(market.feed.name, None) is not None
        fitting = feeds.with_room(market.feed, [stream.feed for stream in self._streams.values()], new)
        if fitting is not None:
            self._streams[fitting].extend(tuple(new))
        else:
            self._add(feeds.split(market, new), since_ns=self._started_ns if first else time.time_ns())

    def _subscribed(self, market: Feed) -> set[str]:
        """Give the symbols of a market that streams are subscribed to, or will be by their next connection."""
        mine = [stream.feed for stream in self._streams.values()]
        return {
            symbol
            for feed in mine
            if (feed.venue, feed.market) == (market.venue, market.market)
            for symbol in feed.symbols or ()
        }

    def _add(self, new: list[Feed], *, since_ns: int) -> None:
        """Open streams under names that are free, and tell the spool of them."""
        for feed in new:
            name, number = feed.name, 2
            while name in self._streams:
                name, number = f"{feed.name}-{number}", number + 1
            tally = Tally(name, feed.venue, symbols=len(feed.symbols or ()))
            stream = Stream(
                replace(feed, name=name), tally, self._settings, make=self._session, since_ns=since_ns,
                changed=self._begin,
            )  # fmt: skip
            self._streams[name] = stream
            self._since[name] = since_ns
            self._spawn(stream.run())
        self._begin()

    def _session(self, feed: Feed, tally: Tally) -> Session:
        venue = feed.venue
        contracts: Callable[[], Contracts] = lambda: self._contracts[venue]  # noqa: E731 -- read anew each time
        return Session(feed, tally, self._outlet, contracts=contracts)

    def _tallies(self, venue: str) -> list[Tally]:
        tallies = [*(stream.tally for stream in self._streams.values()), *self._unlisted.values()]
        return [tally for tally in tallies if tally.venue == venue]


def _sizes_line(at_ns: int, venue: str, table: Contracts) -> str:
    return line("contracts", at_ns, venue=venue, sizes=table.as_json())
