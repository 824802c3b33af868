"""What is told of the simulated market, as market files: candles, a tracker's bars, a recorder's prints and hours.

Every source is called `simulated …`, for none of it happened; prints carry theirs in the optional column `source`. The
tracker tells of all venues and coins together finely, of each venue or coin by the hour, of both by four hours, as
trackers do. Write the files anew: `python -m newsdetect.market.simulated_files fixtures/market`.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from newsdetect.market import simulated_day as plan
from newsdetect.market.kinds import COLUMNS
from newsdetect.market.reports import FileKind
from newsdetect.market.simulate import SEED, Order, Tape, simulate
from newsdetect.types import ALL, iso

_Row = tuple[str | int | float, ...]


def files(seed: int = SEED) -> dict[str, bytes]:
    """Give the files of one simulated market by their names."""
    tape = simulate(seed)
    rows: dict[FileKind, Iterator[_Row]] = {
        "bars": _bars(tape), "candles": _candles(tape), "prints": _prints(tape), "recorded": _recorded(),
    }  # fmt: skip
    return {f"{kind}.csv": _written(kind, many) for kind, many in rows.items()}


def _written(kind: FileKind, rows: Iterator[_Row]) -> bytes:
    told = io.StringIO()
    lines = csv.writer(told, lineterminator="\n")
    # A market made up was never read at a time.
    lines.writerow(name for name in COLUMNS[kind].known if (kind, name) != ("candles", "retrieved_at"))
    lines.writerows(rows)
    return told.getvalue().encode()


def _bars(tape: Tape) -> Iterator[_Row]:
    yield from _series(tape, 300, lambda _: (ALL, ALL))
    yield from _series(tape, 3600, lambda one: (one.venue, ALL))
    yield from _series(tape, 3600, lambda one: (ALL, one.asset) if one.asset in plan.TOLD_ASSETS else None)
    yield from _series(tape, 14_400, lambda one: (one.venue, one.asset) if one.asset in plan.COINS else None)


def _series(tape: Tape, seconds: int, scope: Callable[[Order], tuple[str, str] | None]) -> Iterator[_Row]:
    """Sum the orders of each scope by buckets, in whole dollars; a quiet bucket is told as zero."""
    sums: dict[tuple[str, str], dict[int, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for order in tape.orders:
        told = scope(order)
        if told is not None:
            bucket = int((order.time - plan.FIRST).total_seconds()) // seconds
            sums[told][bucket][order.side == "short"] += order.usd
    buckets = int((plan.LAST - plan.FIRST).total_seconds()) // seconds
    for told, by_bucket in sorted(sums.items()):
        for number in range(buckets):
            start = plan.FIRST + timedelta(seconds=number * seconds)
            long, short = by_bucket[number]
            yield iso(start), seconds, plan.TRACKER, *told, round(long), round(short), iso(plan.READ_AT)


def _candles(tape: Tape) -> Iterator[_Row]:
    for many in tape.candles.values():
        for one in many:
            prices = one.open, one.high, one.low, one.close
            yield (
                iso(one.start), one.seconds, one.source, one.venue, one.market, one.asset, *prices, round(one.volume),
                round(one.turnover or 0),
            )  # fmt: skip


def _prints(tape: Tape) -> Iterator[_Row]:
    """Give what the recorder heard: nothing while it was cut off, and of sampled feeds a second's latest order."""
    for order in _heard(tape):
        symbol = f"{order.asset}-USDT-SWAP" if order.venue == "OKX" else f"{order.asset}USDT"
        yield (
            iso(order.time), order.venue, symbol, order.asset, order.side, order.price, order.quantity, order.usd,
            plan.RECORDER,
        )  # fmt: skip


def _heard(tape: Tape) -> list[Order]:
    latest: dict[tuple[object, ...], Order] = {}
    for number, order in enumerate(tape.orders):
        if any(order.venue == venue and start <= order.time < end for venue, start, end in plan.RECORDED):
            key = (_second(order.time), order.asset) if order.venue in plan.SAMPLED else (number,)
            latest[(order.venue, *key)] = order
    return sorted(latest.values(), key=lambda one: (one.time, one.venue, one.asset, one.side, one.usd))


def _second(at: datetime) -> int:
    return int((at - plan.FIRST).total_seconds())


def _recorded() -> Iterator[_Row]:
    for venue, start, end in plan.RECORDED:
        yield plan.RECORDER, venue, ALL, iso(start), iso(end)


def write(folder: Path) -> list[Path]:
    """Write the shipped files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files().items():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return paths


if __name__ == "__main__":
    write(Path(sys.argv[1]))
