"""The live recorder: listens to the venues' liquidation feeds and keeps every message, each silence and each gap.

One loop does it all: streams put lines into the spool, a tick hands them to the disk, rolls the spool's file and tells
the status, and finished files go into the archive in a thread. Nothing queues between socket and spool, so that nothing
can be dropped there: a disk that is slow leaves messages in the sockets.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine
from contextlib import nullcontext
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
from newsdetect.market.feeds import Wanted
from newsdetect.market.instants import instant
from newsdetect.market.recorder_asking import Asking
from newsdetect.market.recorder_metrics import serving_metrics
from newsdetect.market.recorder_session import Outlet
from newsdetect.market.recorder_status import RecorderStatus, write_status
from newsdetect.market.recorder_streams import Streams
from newsdetect.market.spool import Spool
from newsdetect.market.venues import bybit

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
        self._started_ns = time.time_ns()
        outlet = Outlet(settings, spool, self._put)
        self._streams = Streams(markets, outlet, since_ns=self._started_ns, spawn=self._spawn, changed=self._begin)
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
        self._streams.open()
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
            await self._streams.stop()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._failed.done():
            self._failed.result()

    def _ask(self, asking: Asking) -> list[asyncio.Task[None]]:
        """Ask the venues for what they list, now and again."""
        streams = self._streams
        sizes = [
            asking.keep_sizes(venue, partial(streams.tallies, venue), partial(streams.sized, venue))
            for venue in streams.venues
            if venue != bybit.VENUE
        ]
        symbols = [
            asking.keep_symbols(
                one.feed,
                partial(streams.tallies, one.feed.venue),
                partial(streams.subscribed, one.feed),
                partial(streams.listed, one),
            )
            for one in self._markets
            if one.listing == "needed"
        ]
        return [self._spawn(work) for work in (*sizes, *symbols)]

    def status(self, *, running: bool) -> RecorderStatus:
        """Tell how all streams are."""
        spool, taken = self._spool, self._taken
        return RecorderStatus(
            pid=os.getpid(),
            started_at=instant(self._started_ns),
            written_at=instant(time.time_ns()),
            running=running,
            streams=tuple(tally.status() for tally in self._streams.tallies()),
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
        self._spool.begin({"run": self._started_ns, "streams": self._streams.told()}, self._streams.lines(now))

    async def _tick(self) -> None:
        """Keep the disk, the spool's files and the status up to date until the streams have ended."""
        told_s = 0.0
        while not (self._stop.is_set() and self._streams.stopped):
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
