"""The recorder from socket to spool: orders a second of CPU, beside a bare loop that reads the socket into a file.

The venue is a process of its own on the loopback; what is measured is this process alone: WebSocket, parser, spool with
fsync. And its share of a core at 200 orders a second, as on a stormy day.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Coroutine
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from newsdetect.config_record import RecordSettings
from newsdetect.errors import FetchError
from newsdetect.fetch.answer import Fetched
from newsdetect.market.archive import MarketArchive
from newsdetect.market.compaction import compact
from newsdetect.market.recorder import record
from newsdetect.market.recorder_status import RecorderStatus
from tests.benchmarks.timing import best

_ORDERS = 100_000
_PACE, _PACED_S = 200, 10
#: Bybit tells what came in half a second in one message.
_BATCH = 20


def bench() -> None:
    """Print the lines of this part."""
    with tempfile.TemporaryDirectory() as room:
        taken, _ = _measured("binance", _ORDERS, None, Path(room), _bare)
        bare = _ORDERS / taken
    print(f"recorder  a bare loop, socket to file, no parsing, no fsync: {bare:,.0f} messages a CPU-second")
    for venue, told in (("binance", "one order a message"), ("bybit", f"{_BATCH} orders a message")):
        with tempfile.TemporaryDirectory() as room:
            taken, wall = _measured(venue, _ORDERS, None, Path(room), _recorded)
            rate = _ORDERS / taken
            print(
                f"recorder  {venue}, {told}: {rate:,.0f} orders a CPU-second from socket to spool (goal 20,000; "
                f"{_ORDERS / wall:,.0f} a second of wall time); {rate / bare:.2f} × the bare loop's messages"
            )
            taken = _took(Path(room), _ORDERS)
            print(f"recorder  {venue}, from spool to archive: {_ORDERS / taken:,.0f} orders a CPU-second")
    with tempfile.TemporaryDirectory() as room:
        taken, wall = _measured("binance", _PACE * _PACED_S, _PACE, Path(room), _recorded)
        _took(Path(room), _PACE * _PACED_S)
    print(f"recorder  at {_PACE} orders a second: {taken / wall:.1%} of one core")


def _measured(
    venue: str,
    orders: int,
    pace: int | None,
    room: Path,
    work: Callable[[str, str, int, Path], Coroutine[Any, Any, None]],
) -> tuple[float, float]:
    """Give CPU and wall seconds from the connection to the last order."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    venue_process = context.Process(target=_venue, args=(sender, venue, orders, pace), daemon=True)
    venue_process.start()
    url = receiver.recv()
    try:
        cpu, wall = time.process_time(), time.monotonic()
        asyncio.run(work(venue, url, orders, room))
        return time.process_time() - cpu, time.monotonic() - wall
    finally:
        venue_process.terminate()
        venue_process.join()


async def _recorded(venue: str, url: str, orders: int, room: Path) -> None:
    """Record until all orders are in the spool."""
    streams = {
        "binance": {"venues": ("binance",), "binance": {"usdm_stream": url, "coinm_stream": ""}},
        "bybit": {"venues": ("bybit",), "symbols": ("BTCUSDT",), "bybit": {"linear_stream": url}},
    }[venue]
    stop = asyncio.Event()
    watch = asyncio.create_task(_until_told(room, orders, stop))
    status: RecorderStatus = await record(RecordSettings(skew_s=3600, **streams), room, opener=_NoLists(), stop=stop)
    await watch
    assert status.streams[0].orders == orders


def _took(spool: Path, orders: int) -> float:
    """Take the spool into an archive, where each order must be found; give the CPU seconds."""
    with tempfile.TemporaryDirectory() as home, MarketArchive(Path(home)) as archive:
        taken, done = best(lambda: compact(spool, archive, keep_s=3600), rounds=1)
    assert done.orders == orders, f"{done.orders:,} of {orders:,} orders are in the archive"
    return taken


async def _until_told(folder: Path, orders: int, stop: asyncio.Event) -> None:
    """Watch the status, as a person would, until all orders are told."""
    while True:
        await asyncio.sleep(0.05)
        path = folder / "status.json"
        if path.exists() and json.loads(path.read_bytes())["streams"][0]["orders"] >= orders:
            stop.set()
            return


async def _bare(_: str, url: str, orders: int, room: Path) -> None:
    with (room / "heard").open("wb") as file:
        async with connect(url, max_queue=(1024, 256)) as socket:
            await socket.send('{"method":"SUBSCRIBE","params":["!forceOrder@arr"],"id":1}')
            await socket.recv(decode=False)
            for _number in range(orders):
                file.write(await socket.recv(decode=False) + b"\n")


def _venue(told: Connection, venue: str, orders: int, pace: int | None) -> None:
    asyncio.run(_serve(told, venue, orders, pace))


async def _serve(told: Connection, venue: str, orders: int, pace: int | None) -> None:
    messages = list(_force_orders(orders) if venue == "binance" else _all_liquidations(orders))

    async def handle(socket: ServerConnection) -> None:
        asked = json.loads(await socket.recv())
        reply = {"result": None, "id": 1} if venue == "binance" else {"success": True, "op": "subscribe"}
        await socket.send(json.dumps(reply if asked else {}))
        start = time.monotonic()
        for number, message in enumerate(messages):
            if pace is not None:
                await asyncio.sleep(max(0.0, start + number / pace - time.monotonic()))
            await socket.send(message)
        await socket.wait_closed()

    async with serve(handle, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        told.send(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await server.serve_forever()


def _force_orders(orders: int):
    start_ms = time.time_ns() // 1_000_000
    for number in range(orders):
        at = start_ms + number // 100
        order = {
            "s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC", "q": "0.014", "p": "64900",
            "ap": f"65{number % 1000:03d}.5",
            "X": "FILLED", "l": "0.014", "z": "0.014", "T": at,
        }  # fmt: skip
        yield json.dumps({"e": "forceOrder", "E": at, "o": order}, separators=(",", ":"))


def _all_liquidations(orders: int):
    start_ms = time.time_ns() // 1_000_000
    for first in range(0, orders, _BATCH):
        at = start_ms + first // 100
        rows = [
            {"T": at, "s": "BTCUSDT", "S": "Sell", "v": f"0.{first + number + 1:07d}", "p": "64321.5"}
            for number in range(_BATCH)
        ]
        message = {"topic": "allLiquidation.BTCUSDT", "type": "snapshot", "ts": at + _BATCH, "data": rows}
        yield json.dumps(message, separators=(",", ":"))


class _NoLists:
    """No list of contracts is needed: both venues count coins here."""

    def get(self, url: str, **_: object) -> Fetched:
        raise FetchError(f"{url}: not asked in a benchmark", key=url)
