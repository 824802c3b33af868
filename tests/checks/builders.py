"""Small claims, documents and markets for the checks' tests."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from newsdetect.checks.evidence import Held
from newsdetect.checks.tried import Tried
from newsdetect.checks.windows import Windows
from newsdetect.claims.claim import Claim, claim_id
from newsdetect.claims.intervals import interval
from newsdetect.documents.document import Document, Publication
from newsdetect.market.provider import Bar, Candle, PrintKey, Prints, Recorded, Snapshot
from newsdetect.types import Interval, Span, Window

#: When the made-up documents were published.
NOON = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)
#: How far made-up data reach: a trailing window may end some minutes after publication.
ONE = NOON + timedelta(hours=1)


def at(text: str) -> datetime:
    """Read an instant: `2025-06-10T12:00Z`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def make_doc(text: str = "", *, title: str = "", published: datetime | None = NOON, **publication: Any) -> Document:
    """Make a document published at a time."""
    when = (
        None if published is None else Publication(at=published, kind=publication.pop("kind", "given"), **publication)
    )
    return Document(id="doc", title=title, text=text, published=when)


def make_claim(value: float = 100e6, *, hours: float | None = 24, start: int = 1, **fields: Any) -> Claim:
    """Make an asserted claim on the whole market over a trailing window; `window` in `fields` overrules `hours`."""
    written = fields.pop("text", None)
    hedge = fields.get("hedge", "exact")
    stands = interval(value, text=written or _text(value), hedge=hedge, word=fields.pop("word", None))
    span = Span(start=start, end=start + 5, text=written or "$text")
    window = fields.pop("window", None if hours is None else Window(hours=hours))
    metric = fields.pop("metric", "liquidations")
    made = {"low": stands.low, "high": stands.high} | fields
    key = claim_id(
        "doc", span, value, metric, window, *(fields.get(name) for name in ("side", "asset", "venue", "unit"))
    )
    return Claim(id=key, metric=metric, value=value, window=window, evidence=span, **made)


def _text(value: float) -> str:
    """Write a figure with the digits that it has."""
    for scale in (1e9, 1e6):
        if value >= scale:
            return f"{value / scale:.12g}"
    return f"{value:,.12g}"


def tried_of(*held: Held) -> Tried:
    """Give what decides of what is held at some ends."""

    def ends(interval: Interval | None) -> tuple[float, float]:
        low, high = (None, None) if interval is None else (interval.low, interval.high)
        return -math.inf if low is None else low, math.inf if high is None else high

    claimed, reported = (np.array([ends(getattr(one, name)) for one in held]).T for name in ("claimed", "reported"))
    return Tried(
        windows=Windows.of([one.window for one in held]),
        covers=np.array([one.covers for one in held]),
        refuted=np.array([one.refuted for one in held]),
        said=np.array([one.claimed is not None for one in held]),
        claimed_low=claimed[0],
        claimed_high=claimed[1],
        told=np.array([one.reported is not None for one in held]),
        low=reported[0],
        high=reported[1],
        middle=np.array([one.coverage.middle for one in held]),
        same_source=np.array([one.same_source for one in held]),
        against=np.array([one.price in ("against", "refutes") for one in held]),
    )


@dataclass(frozen=True)
class Market:
    """Market data in memory, as plain lists."""

    bar_rows: Sequence[Bar] = ()
    candle_rows: Sequence[Candle] = ()
    snapshot_rows: Sequence[Snapshot] = ()
    #: Time, key, USD.
    print_rows: Sequence[tuple[datetime, PrintKey, float]] = ()
    recorded_rows: Sequence[Recorded] = ()

    def prints(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> Prints:
        """Give the prints of a time."""
        found = sorted(
            (row for row in self.print_rows if start <= row[0] < end and _in(row[1], venue, assets)),
            key=lambda row: row[0],
        )
        keys = tuple(dict.fromkeys(key for _, key, _ in found))
        return Prints(
            time_ns=np.array([int(time.timestamp() * 1e6) * 1000 for time, _, _ in found], dtype=np.int64),
            usd=np.array([usd for _, _, usd in found], dtype=np.float64),
            key=np.array([keys.index(key) for _, key, _ in found], dtype=np.int32),
            keys=keys,
        )

    def recorded(self, start: datetime, end: datetime, *, venue: str | None = None) -> list[Recorded]:
        """Give the recorded stretches."""
        return [
            Recorded(row.source, row.venue, row.asset, max(row.start, start), min(row.end, end))
            for row in self.recorded_rows
            if row.start < end and row.end > start and venue in (None, row.venue)
        ]

    def bars(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> list[Bar]:
        """Give the bars that touch a time."""
        return [row for row in self.bar_rows if _touches(row, start, end) and _in(row, venue, assets)]

    def snapshots(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> list[Snapshot]:
        """Give the snapshots of a time."""
        return [row for row in self.snapshot_rows if start <= row.retrieved_before < end and _in(row, venue, assets)]

    def candles(self, start: datetime, end: datetime, *, assets: Sequence[str] | None = None) -> list[Candle]:
        """Give the candles that touch a time."""
        return [row for row in self.candle_rows if _touches(row, start, end) and _in(row, None, assets)]


def _touches(row: Bar | Candle, start: datetime, end: datetime) -> bool:
    return row.start < end and row.start + timedelta(seconds=row.seconds) > start


def _in(row: Any, venue: str | None, assets: Sequence[str] | None) -> bool:
    return venue in (None, row.venue) and (assets is None or row.asset in assets)


def hourly_bars(
    usd: float, *, days: float = 3, end: datetime = ONE, source: str = "CoinGlass", venue: str = "Binance",
    asset: str = "BTC", long_share: float = 0.8,
) -> list[Bar]:  # fmt: skip
    """Make hourly bars of `usd` each over the days before `end`."""
    hours = int(days * 24)
    return [
        Bar(end - timedelta(hours=number), 3600, source, venue, asset, usd * long_share, usd * (1 - long_share), None)
        for number in range(hours, 0, -1)
    ]


def path(
    closes: Iterable[float], *, end: datetime = ONE, asset: str = "BTC", venue: str = "Binance", volume: float = 1e4,
    source: str = "Binance",
) -> list[Candle]:  # fmt: skip
    """Make hourly perpetual candles that go straight from close to close and end at `end`."""
    points = list(closes)
    first = end - timedelta(hours=len(points) - 1)
    return [
        Candle(
            first + timedelta(hours=number), 3600, source, venue, "perp", asset,
            before, max(before, after), min(before, after), after, volume, None,
        )
        for number, (before, after) in enumerate(itertools.pairwise(points))
    ]  # fmt: skip
