"""The real recorder on a made-up exchange: started, watched through its own status, stopped, and what it then holds.

Everything is asked where a person would ask: the status file beside the spool, and the market archive.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from newsdetect.config import FetchSettings
from newsdetect.config_record import RecordSettings
from newsdetect.fetch import Fetcher
from newsdetect.market import manifest, recorder
from newsdetect.market.archive import MarketArchive
from newsdetect.market.provider import Recorded
from newsdetect.market.recorder_status import RecorderStatus, StreamStatus
from tests.market.exchange.candles import serve_binance, serve_bybit, serve_okx
from tests.market.exchange.links import PATIENCE_S, until
from tests.market.exchange.orders import Row, instruments, rounded, row
from tests.market.exchange.rest import Rest, Turn, rest
from tests.market.exchange.sockets import Exchange

EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC))
#: A recorder in a hurry: the waits of hours and minutes become parts of a second; limits are generous.
HASTE: dict[str, Any] = {
    "connect_timeout_s": 60.0, "ack_timeout_s": 60.0, "silent_s": 90.0, "ping_s": 0.1, "pong_timeout_s": 60.0,
    "backoff_first_s": 0.02, "backoff_most_s": 0.1, "fsync_s": 0.01,
}  # fmt: skip


def streams(venue: Exchange) -> dict[str, Any]:
    """Give the settings that point a feed's stream at a made-up exchange."""
    paths = {"Binance usdm": "/market/ws", "Binance coinm": "/ws", "OKX swap": "/ws/v5/public"}
    name, market = venue.feed.split()
    url = venue.url + paths.get(venue.feed, venue.wire.path)
    return {name.lower(): {"stream" if name == "OKX" else f"{market}_stream": url}}


def settings(host: Rest, *venues: Exchange, **changes: Any) -> RecordSettings:
    """Give settings under which only these feeds are recorded."""
    tables: dict[str, dict[str, Any]] = {
        "binance": {"coinm_rest": host.url}, "bybit": {"rest": host.url},
        "okx": {"rest": host.url},
    }  # fmt: skip
    for venue in venues:
        for name, table in streams(venue).items():
            tables[name] |= table
    # An empty address leaves a market out.
    markets = {"Binance usdm": ("binance", "usdm_stream"), "Binance coinm": ("binance", "coinm_stream"),
               "Bybit linear": ("bybit", "linear_stream"), "Bybit inverse": ("bybit", "inverse_stream")}  # fmt: skip
    for feed, (name, stream) in markets.items():
        if feed not in {venue.feed for venue in venues}:
            tables[name][stream] = ""
    names = tuple(dict.fromkeys(venue.feed.split(maxsplit=1)[0].lower() for venue in venues))
    symbols = tuple(one.symbol for venue in venues for one in instruments(venue.feed))
    return RecordSettings(**(HASTE | {"venues": names, "symbols": symbols} | tables | changes))


def _now() -> datetime:
    """Give this moment by the millisecond, as a status tells it."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)


@dataclass
class Recording:
    """One run of the recorder, in a thread of its own."""

    settings: RecordSettings
    home: Path
    #: Where it asks for contracts.
    host: Rest
    fault: BaseException | None = None
    begun_at: datetime = field(default_factory=_now)
    ended: threading.Event = field(default_factory=threading.Event)
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None
    _task: asyncio.Task[RecorderStatus] | None = None
    _thread: threading.Thread | None = None

    @property
    def spool(self) -> Path:
        """Where it writes what it hears."""
        return self.home / "spool"

    def files(self) -> list[Path]:
        """Give the spool's files, done ones too; folders that a compaction takes away meanwhile are passed over."""
        return [Path(at) / name for at, _, names in os.walk(self.spool) for name in names if name.endswith(".jsonl")]

    def start(self) -> None:
        """Record from now on."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._record()), daemon=True)
        self._thread.start()

    def stop(self) -> RecorderStatus:
        """End the recording and give its last status; raise what it failed of."""
        until(lambda: self._stop or self.ended.is_set(), "the recorder's start")
        if self._loop and self._stop and not self.ended.is_set():
            with contextlib.suppress(RuntimeError):  # it ended in this very moment
                self._loop.call_soon_threadsafe(self._stop.set)
        self._join()
        return self.status()

    def cancel(self) -> None:
        """End it as Ctrl-C does, without a word to `stop`."""
        loop, task = self._loop, until(lambda: self._task, "the recorder's task")
        assert loop is not None
        loop.call_soon_threadsafe(task.cancel)
        self._join()

    def status(self) -> RecorderStatus:
        """Read this run's status as it stands on disk, waiting for the first."""
        found = until(lambda: self._written() or self.ended.is_set(), "the status file")
        if isinstance(found, RecorderStatus):
            return found
        last = self._written()
        if last is None:
            raise AssertionError("the recorder ended without a status") from self.fault
        return last

    def _written(self) -> RecorderStatus | None:
        file = self.spool / "status.json"
        if not file.is_file():
            return None
        found = RecorderStatus.model_validate_json(file.read_bytes())
        return found if found.started_at >= self.begun_at else None

    def stream(self, name: str = "") -> StreamStatus:
        """Give the status of the stream whose name begins so; by default the only one."""
        found = [one for one in self.status().streams if one.stream.startswith(name)]
        assert len(found) == 1, found
        return found[0]

    def until(self, holds: Callable[[StreamStatus], Any], what: str, name: str = "") -> StreamStatus:
        """Wait until a stream's status shows something."""

        def seen() -> StreamStatus | None:
            if self.ended.is_set():
                raise AssertionError(f"the recorder ended before: {what}") from self.fault
            found = [one for one in self.status().streams if one.stream.startswith(name)]
            return next((one for one in found if holds(one)), None)

        try:
            return until(seen, what)  # type: ignore[no-any-return]
        except AssertionError as fault:
            fault.add_note(str(self.status().streams))
            raise

    def heard(self, orders: int, name: str = "") -> StreamStatus:
        """Wait until so many orders have come in, those told twice counted twice."""
        return self.until(lambda one: one.orders >= orders, f"{orders} orders", name)

    async def _record(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        # The status is for people to look at each second; a test looks more often.
        recorder._STATUS_S = 0.01
        try:
            asking = FetchSettings(allow_private=True, host_delay_s=0, attempts=1)
            with Fetcher(asking) as fetcher, MarketArchive(self.home / "market") as archive:
                self._task = asyncio.create_task(
                    recorder.record(self.settings, self.spool, opener=fetcher, archive=archive, stop=self._stop)
                )
                await self._task
        except (Exception, asyncio.CancelledError) as fault:  # noqa: BLE001 -- handed to whoever asks
            self.fault = fault
        finally:
            self.ended.set()

    def _join(self) -> None:
        assert self._thread is not None
        self._thread.join(PATIENCE_S)
        if self._thread.is_alive():
            raise AssertionError("the recorder did not end")
        if self.fault and not isinstance(self.fault, asyncio.CancelledError):
            raise self.fault


@contextlib.contextmanager
def recording(home: Path, *venues: Exchange, turns: Sequence[Turn] = (), **changes: Any) -> Iterator[Recording]:
    """Record from made-up exchanges for one test; lists of contracts come from a host that first meets `turns`."""
    with rest() as host:
        host.turns.extend(turns)
        for serve in (serve_binance, serve_bybit, serve_okx):
            serve(host, now_ms=lambda: time.time_ns() // 1_000_000)
        made = Recording(settings(host, *venues, **changes), home, host)
        made.start()
        try:
            yield made
        finally:
            if not made.ended.is_set():
                made.stop()


def held(home: Path) -> list[Row]:
    """Give all prints of the archive, in order."""
    folder = home / "market"
    files = [str(folder / part.file) for part in manifest.read(folder).all("prints")]
    if not files:
        return []
    found = duckdb.sql(
        f"SELECT time_ns // 1000000, venue, symbol, asset, side, price, quantity, usd FROM read_parquet({files})"
    ).fetchall()
    return sorted(Row(*one[:5], *map(rounded, one[5:])) for one in found)


def stretches(home: Path, venue: str | None = None) -> list[Recorded]:
    """Give the stretches that the archive calls recorded."""
    with MarketArchive(home / "market") as archive:
        return archive.recorded(*EVER, venue=venue)


def told_once(venue: Exchange) -> Counter[Row]:
    """Give what a venue told, each order once."""
    return Counter(map(row, dict.fromkeys(venue.told)))
