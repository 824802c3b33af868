"""Claims checked against the archive at size: one snapshot of four figures a document, anywhere on the tape.

Half of the figures are true to the tape, the others half or twice of it. Besides prints the archive holds the
recorder's hours, a tracker's hourly bars of each venue, and hourly candles, all simulated.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.check_many import Asked
from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Document
from newsdetect.market.archive import MarketArchive
from newsdetect.market.simulated_day import RECORDER, TRACKER, VENUES
from newsdetect.runners.checking import check_batch
from newsdetect.types import ALL, Side
from tests.benchmarks.simulated import FIRST
from tests.checks.builders import make_claim, make_doc
from tests.market.builders import write

NOW = datetime(2027, 1, 1, tzinfo=UTC)
#: Documents that are checked again, one after the other.
_ALONE = 8


def bench(folder: Path, days: int, documents: int) -> None:
    """Print the lines of this part."""
    with MarketArchive(folder) as archive:
        for path in files(folder.parent, days):
            archive.import_file(path, now=NOW)
        asked = [document(archive, number, days) for number in range(documents)]
    start, spent = time.perf_counter(), os.times()
    checks = [check for many in check_batch(folder, [Asked(*one) for one in asked]) for check in many]
    wall, cpu = time.perf_counter() - start, _cpu(os.times()) - _cpu(spent)
    told = ", ".join(f"{count} {verdict}" for verdict, count in Counter(one.verdict for one in checks).most_common())
    print(
        f"checks  {len(checks):,} claims of {documents:,} documents in one go: {wall:.1f} s wall, {cpu:.1f} CPU-s on "
        f"{os.cpu_count()} cores, {len(checks) / wall:,.0f} claims a second, {cpu / len(checks) * 1000:.2f} ms of "
        f"CPU a claim ({told})"
    )
    with MarketArchive(folder) as archive:
        wall, cpu = time.perf_counter(), time.process_time()
        alone = [check_claims(doc, claims, archive) for doc, claims in asked[:_ALONE]]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    many = sum(map(len, alone))
    assert [check for each in alone for check in each] == checks[:many]
    print(
        f"checks  the first {many} of them one document after the other, with the same verdicts and evidence: "
        f"{cpu / many * 1000:.0f} ms of CPU a claim, {wall / many * 1000:.0f} ms wall"
    )


def _cpu(times: os.times_result) -> float:
    """Give the CPU time of this process and of those that it waited for."""
    return times.user + times.system + times.children_user + times.children_system


def document(archive: MarketArchive, number: int, days: int) -> tuple[Document, list[Claim]]:
    """Make a report of the last hour and day, its longs, and one venue's or the market's bitcoin."""
    rng = np.random.default_rng(number)
    at = FIRST + timedelta(seconds=int(rng.integers(2 * 86_400, days * 86_400 - 7_200)))
    factor = float(rng.choice([0.5, 1, 1, 2]))
    totals = archive.print_totals(at - timedelta(hours=24), at)
    venue = "Binance" if number % 2 else ALL

    def seen(hours: float, *, side: Side = "both", only: tuple[str, str] | None = None) -> float:
        told = totals.window(at - timedelta(hours=hours), at, side)
        rows = zip(told.scopes, told.usd, strict=True)
        usd = sum(
            usd for (_, place, asset), usd in rows if only is None or (asset == only[1] and only[0] in (ALL, place))
        )
        return round((usd or 1e6) * factor, -4) + 1e4

    return make_doc(published=at), [
        make_claim(seen(24), hours=24, start=1),
        make_claim(seen(24, side="long"), hours=24, side="long", start=20),
        make_claim(seen(1), hours=1, start=40),
        make_claim(seen(24, only=(venue, "BTC")), hours=24, venue=venue, asset="BTC", start=60),
    ]


def files(home: Path, days: int) -> list[Path]:
    """Write what the archive holds besides prints."""
    rng = np.random.default_rng(5)
    hours = [FIRST + timedelta(hours=number) for number in range(24 * days)]
    recorded = [
        {"source": RECORDER, "venue": venue, "asset": ALL, "start": FIRST, "end": FIRST + timedelta(days=days)}
        for venue in VENUES
    ]
    bars = [
        {"start": at, "seconds": 3600, "source": TRACKER, "venue": venue, "asset": ALL,
         "long_usd": rng.lognormal(15), "short_usd": rng.lognormal(14), "retrieved_at": ""}
        for venue in VENUES for at in hours
    ]  # fmt: skip
    candles = []
    for asset, price in (("BTC", 110_000.0), ("ETH", 4_400.0)):
        path = price * np.cumprod(1 + rng.normal(0, 0.004, len(hours) + 1))
        candles += [
            {"start": at, "seconds": 3600, "source": "simulated Binance", "venue": "Binance", "market": "perp",
             "asset": asset, "open": before, "high": max(before, after), "low": min(before, after), "close": after,
             "volume": 1_000, "turnover": ""}
            for at, before, after in zip(hours, path, path[1:], strict=False)
        ]  # fmt: skip
    rows = {"recorded": recorded, "bars": bars, "candles": candles}
    return [write(home / f"{name}.csv", many) for name, many in rows.items()]
