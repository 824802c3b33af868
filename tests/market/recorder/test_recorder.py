"""The recorder on loopback feeds: what it asks the venues, how it splits symbols, what it does on a full disk."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from newsdetect.config_record import RecordSettings
from newsdetect.errors import ConfigError, SpoolError, UsageError
from newsdetect.fetch.answer import Opener
from newsdetect.market import spool as spool_module
from newsdetect.market.archive import MarketArchive
from newsdetect.market.feeds import split, wanted
from newsdetect.market.recorder import record
from newsdetect.market.recorder_status import RecorderStatus, StreamStatus, read_status
from newsdetect.market.spool import taken
from tests.market.recorder.feed import Feed, Lists, NoLists, feed, force_order, until

EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC))
HASTE: dict[str, Any] = {"backoff_first_s": 0.02, "backoff_most_s": 0.1, "fsync_s": 0.01}


class Run:
    """One run of the recorder, watched through its status file."""

    def __init__(self, folder: Path, task: asyncio.Task[RecorderStatus], stop: asyncio.Event) -> None:
        self.folder, self.task, self.stop = folder, task, stop

    def status(self) -> RecorderStatus | None:
        """Read its status as it stands."""
        return read_status(self.folder)

    def stream(self, name: str) -> StreamStatus | None:
        """Give one stream's status."""
        status = self.status()
        return next((one for one in status.streams if one.stream == name), None) if status else None

    async def until(self, true: Callable[[], Any]) -> None:
        """Wait until something is true, or the recorder failed."""
        await until(lambda: self.task.done() or true())
        if self.task.done():
            self.task.result()

    async def end(self) -> RecorderStatus:
        """Stop it and give its last status."""
        self.stop.set()
        return await asyncio.wait_for(self.task, 15)


@asynccontextmanager
async def running(
    home: Path, *, opener: Opener | None = None, archive: MarketArchive | None = None, **settings: Any
) -> AsyncIterator[Run]:
    """Run a recorder in haste."""
    stop = asyncio.Event()
    asked = RecordSettings(**(HASTE | settings))
    task = asyncio.create_task(record(asked, home / "spool", opener=opener or NoLists(), archive=archive, stop=stop))
    try:
        yield Run(home / "spool", task, stop)
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)


def _usdm(made: Feed) -> dict[str, Any]:
    return {"venues": ("binance",), "binance": {"usdm_stream": made.url, "coinm_stream": ""}}


def _listed(*symbols: str, cursor: str = "") -> dict[str, Any]:
    rows = [{"symbol": each, "status": "Trading"} for each in symbols]
    return {"retCode": 0, "result": {"list": rows, "nextPageCursor": cursor}}


def _topics(made: Feed) -> list[list[str]]:
    return [asked["args"] for asked in made.heard if asked.get("op") == "subscribe"]


def test_a_full_disk_loses_no_order_that_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be written the sockets stay unread and the status says why; afterwards all goes on."""
    true_write, full = os.write, [False]

    def write(file: int, text: bytes) -> int:
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return true_write(file, text)

    async def told() -> None:
        async with feed() as made, running(tmp_path, max_unwritten=20_000, **_usdm(made)) as run:
            await run.until(lambda: made.heard)
            monkeypatch.setattr(spool_module.os, "write", write)
            full[0] = True
            await made.say(*(force_order(number) for number in range(400)))
            await run.until(lambda: (run.status() or _NONE).spool_fault)
            await asyncio.sleep(0.3)
            held_back = run.stream("binance-usdm")
            full[0] = False
            await run.until(lambda: (one := run.stream("binance-usdm")) and one.orders == 400)
            status = await run.end()
        assert held_back is not None
        assert 0 < held_back.orders < 400
        assert status.spool_fault is None
        assert (tmp_path / "spool" / "00000001.jsonl").read_bytes().count(b"forceOrder") >= 400

    asyncio.run(told())


def test_bybits_symbols_are_asked_for_page_by_page(tmp_path: Path) -> None:
    """All symbols that trade are subscribed to, those of both pages."""

    async def told() -> None:
        second, first = _listed("ETHUSDT", "BTC-26DEC26"), _listed("BTCUSDT", cursor="p2")
        lists = Lists({"cursor=p2": second, "category=linear": first})
        async with feed() as made:
            bybit = {"linear_stream": made.url, "inverse_stream": ""}
            async with running(tmp_path, opener=lists, venues=("bybit",), bybit=bybit) as run:
                await run.until(lambda: (one := run.stream("bybit-linear")) and one.state == "recording")
                status = await run.end()
        assert _topics(made) == [[f"allLiquidation.{each}" for each in ("BTCUSDT", "ETHUSDT", "BTC-26DEC26")]]
        assert status.streams[0].symbols == 3

    asyncio.run(told())


def test_a_list_that_cannot_be_had_is_told_and_asked_for_again(tmp_path: Path, archive: MarketArchive) -> None:
    """A 200 with a page is no empty list: the stream waits and says why, and goes on once the list comes."""

    async def told() -> None:
        lists = Lists({"instruments-info": b"<html>maintenance</html>"})
        async with feed() as made:
            bybit = {"linear_stream": made.url, "inverse_stream": ""}
            async with running(tmp_path, opener=lists, archive=archive, venues=("bybit",), bybit=bybit) as run:
                await run.until(lambda: (one := run.stream("bybit-linear")) and one.fault)
                waiting = run.stream("bybit-linear")
                lists.answers["instruments-info"] = _listed("BTCUSDT")
                await run.until(lambda: (one := run.stream("bybit-linear")) and one.state == "recording")
                assert archive.recorded(*EVER) == []
                now_ms = time.time_ns() // 10**6
                row = {"T": now_ms, "s": "BTCUSDT", "S": "Buy", "v": "1", "p": "65000"}
                await made.say(json.dumps({"topic": "allLiquidation.BTCUSDT", "ts": now_ms, "data": [row]}))
                await run.until(lambda: (one := run.stream("bybit-linear")) and one.orders)
                await run.end()
        assert waiting is not None
        assert waiting.state == "waiting"
        assert "no JSON" in (waiting.fault or "")
        [one] = archive.recorded(*EVER)
        assert one.asset == "ALL"

    asyncio.run(told())


def test_a_symbol_that_is_not_listed_any_more_is_left_out(tmp_path: Path) -> None:
    """Bybit refuses a whole request for one unknown topic: the stream goes on without it."""

    class Strict(Feed):
        async def handle(self, connection: Any) -> None:
            self.connections.append(connection)
            async for text in connection:
                asked = json.loads(text)
                self.heard.append(asked)
                gone = "allLiquidation.GONEUSDT"
                refused = gone in asked.get("args", ())
                words = f"error:handler not found,topic:{gone}" if refused else ""
                await connection.send(json.dumps({"success": not refused, "op": "subscribe", "ret_msg": words}))

    async def told() -> None:
        async with feed(kind=Strict) as made:
            settings = {"venues": ("bybit",), "symbols": ("BTCUSDT", "GONEUSDT"), "bybit": {"linear_stream": made.url}}
            async with running(tmp_path, **settings) as run:
                await run.until(lambda: (one := run.stream("bybit-linear")) and one.state == "recording")
                status = await run.end()
        assert status.streams[0].symbols == 1
        assert "GONEUSDT" in (status.streams[0].fault or "")

    asyncio.run(told())


def test_new_listings_are_taken_in(tmp_path: Path) -> None:
    """A symbol that is listed while the recorder runs is recorded from then on, and nothing is missed meanwhile."""

    async def told() -> None:
        lists = Lists({"instruments-info": _listed("BTCUSDT")})
        async with feed() as made:
            bybit = {"linear_stream": made.url, "inverse_stream": ""}
            async with running(tmp_path, opener=lists, venues=("bybit",), bybit=bybit, listing_s=0.05) as run:
                await run.until(lambda: (one := run.stream("bybit-linear")) and one.state == "recording")
                lists.answers["instruments-info"] = _listed("BTCUSDT", "NEWUSDT")
                await run.until(lambda: (one := run.stream("bybit-linear")) and one.symbols == 2)
                await run.until(lambda: (one := run.stream("bybit-linear")) and one.connections == 2)
                status = await run.end()
        assert _topics(made) == [["allLiquidation.BTCUSDT"], ["allLiquidation.BTCUSDT", "allLiquidation.NEWUSDT"]]
        assert status.streams[0].lost == 0

    asyncio.run(told())


def test_files_are_closed_and_taken_while_it_records(tmp_path: Path, archive: MarketArchive) -> None:
    """The archive fills while the recorder runs, and the time over the files' borders is one stretch."""

    async def told() -> None:
        async with feed() as made, running(tmp_path, archive=archive, segment_s=0.2, **_usdm(made)) as run:
            await run.until(lambda: made.heard)
            for number in range(8):
                await made.say(force_order(number))
                await asyncio.sleep(0.1)
            await run.until(lambda: len(taken(run.folder)) >= 3 and len(archive.prints(*EVER).usd) >= 6)
            status = await run.end()
        assert status.archived == 8
        stretches = sorted(archive.recorded(*EVER), key=lambda one: one.start)
        assert len(stretches) > 1
        assert all(one.end == after.start for one, after in pairwise(stretches))

    asyncio.run(told())


def test_no_acknowledgement_is_no_recording(tmp_path: Path, archive: MarketArchive) -> None:
    """A venue that shakes hands and says nothing is tried anew, with the reason, and none of that time is claimed."""

    async def told() -> None:
        hasty = {"archive": archive, "ack_timeout_s": 0.1}
        async with feed(acknowledges=False) as made, running(tmp_path, **hasty, **_usdm(made)) as run:
            await run.until(lambda: (one := run.stream("binance-usdm")) and one.lost >= 2)
            status = await run.end()
        assert "not acknowledged within 0.1 s" in (status.streams[0].fault or "")
        assert archive.recorded(*EVER) == []

    asyncio.run(told())


def test_a_clock_that_is_off_is_flagged(tmp_path: Path) -> None:
    """Messages stamped a minute ago: the status tells by how much, and that it is too much."""

    async def told() -> None:
        late = json.loads(force_order())
        late["E"] -= 60_000
        late["o"]["T"] -= 60_000
        async with feed() as made, running(tmp_path, **_usdm(made)) as run:
            await run.until(lambda: made.heard)
            await made.say(json.dumps(late))
            await run.until(lambda: (one := run.stream("binance-usdm")) and one.skewed)
            status = await run.end()
        assert status.streams[0].skew_ms == pytest.approx(60_000, abs=5_000)

    asyncio.run(told())


def test_a_second_recorder_is_refused(tmp_path: Path) -> None:
    """Two recorders never write one spool."""

    async def told() -> None:
        async with feed() as made, running(tmp_path, **_usdm(made)) as run:
            await run.until(lambda: made.heard)
            with pytest.raises(SpoolError, match="another recorder"):
                await record(RecordSettings(**_usdm(made)), tmp_path / "spool", opener=NoLists())
            await run.end()

    asyncio.run(told())


@pytest.mark.parametrize(
    ("settings", "fault", "words"),
    [
        ({"venues": ("kraken",)}, UsageError, "kraken: there are binance, bybit, okx"),
        ({"venues": ()}, UsageError, "venue none"),
        ({"symbols": ("btc",)}, UsageError, "symbol btc"),
        ({"symbols": ("BTC-USDT-SWAP",), "venues": ("binance",)}, UsageError, "binance-usdm, binance-coinm"),
        ({"okx": {"stream": "https://www.okx.com"}}, ConfigError, "no address of a WebSocket"),
    ],
)
def test_what_cannot_be_recorded_is_refused(settings: dict[str, Any], fault: type[Exception], words: str) -> None:
    """A venue, symbol or address that does not exist is wrong usage, before anything is opened."""
    with pytest.raises(fault, match=words):
        wanted(RecordSettings(**settings))


def test_many_symbols_are_split_over_connections() -> None:
    """Bybit's arguments fit their limit on each connection, and no symbol is left out or told twice."""
    symbols = [f"COIN{number}USDT" for number in range(2000)]
    market = next(one for one in wanted(RecordSettings(venues=("bybit",))) if one.feed.market == "linear")
    feeds = split(market, symbols)
    assert [each.name for each in feeds] == ["bybit-linear", "bybit-linear-2", "bybit-linear-3"]
    assert sorted(symbol for each in feeds for symbol in each.symbols or ()) == sorted(symbols)
    assert {len(each.symbols or ()) for each in feeds} == {666, 667}
    for each in feeds:
        args = [arg for text in each.subscriptions(each.symbols or ()) for arg in json.loads(text)["args"]]
        assert len(json.dumps(args, separators=(",", ":"))) < 21_000
    picked = wanted(RecordSettings(venues=("binance",), symbols=tuple(f"COIN{number}USDT" for number in range(2500))))
    assert [len(each.symbols or ()) for each in split(picked[0], None)] == [1000, 1000, 500]


_NONE = RecorderStatus(pid=0, started_at=EVER[0], written_at=EVER[0], running=False, streams=())
