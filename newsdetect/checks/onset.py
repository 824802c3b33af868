"""When liquidations set in: the first minute with more than five times the trailing median, as a stretch of time.

Recorded prints tell it to the minute. Bars tell it to the bucket: the onset lies somewhere in the first bucket that
stands out. Where nothing stands out, or too little went before to compare with, there is no onset to be had.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from newsdetect.checks.tuning import checks_data
from newsdetect.market.instants import nanoseconds
from newsdetect.market.provider import Bar, Prints, is_simulated
from newsdetect.types import ALL, Period

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_NS = 60 * 10**9


@dataclass(frozen=True, slots=True)
class Onset:
    """Between `first` and `last` liquidations set in, at `usd` in the first bucket against a trailing median."""

    first: datetime
    last: datetime
    usd: float
    median: float
    source: str
    simulated: bool


def find_onset(prints: Prints, bars: Sequence[Bar], window: Period) -> Onset | None:
    """Find the onset of a window's liquidations; of several readings the finest one that shows it.

    Prints and bars are to reach back from the window by the trailing time of fixtures/checks/causes.toml.
    """
    before = window.start - timedelta(hours=checks_data("causes")["onset"]["trailing_hours"])
    found = _of_prints(prints, window)
    in_order = sorted(bars, key=lambda bar: (bar.seconds, bar.start))
    for seconds in dict.fromkeys(bar.seconds for bar in in_order):
        if found is None and timedelta(seconds=seconds) < window.end - before:
            found = _of_bars([bar for bar in in_order if bar.seconds == seconds], window)
    return found


def _of_prints(prints: Prints, window: Period) -> Onset | None:
    """Find the first such minute of all prints of the source that has most of them; sources tell of the same thing."""
    if not prints.time_ns.size:
        return None
    counts = np.bincount(prints.key, minlength=len(prints.keys))
    by_source: dict[str, int] = {}
    for count, key in zip(counts, prints.keys, strict=True):
        by_source[key.source] = by_source.get(key.source, 0) + int(count)
    source = max(by_source, key=lambda name: by_source[name])
    mine = np.isin(prints.key, [number for number, key in enumerate(prints.keys) if key.source == source])
    minutes, place = np.unique(prints.time_ns[mine] // _MINUTE_NS, return_inverse=True)
    usd = np.bincount(place, weights=prints.usd[mine])
    rows = [(_EPOCH + timedelta(minutes=int(minute)), float(worth)) for minute, worth in zip(minutes, usd, strict=True)]
    return _first(rows, timedelta(minutes=1), window, source)


def _of_bars(bars: Sequence[Bar], window: Period) -> Onset | None:
    """Find the first such bucket of the source with most bars, over its venues and coins, none of them twice."""
    number: dict[str, int] = {}
    for bar in bars:
        number[bar.source] = number.get(bar.source, 0) + 1
    source = max(number, key=lambda name: number[name])
    own = [bar for bar in bars if bar.source == source]
    apart = _apart({(bar.venue, bar.asset) for bar in own})
    sums: dict[datetime, float] = {}
    for bar in own:
        if (bar.venue, bar.asset) in apart:
            sums[bar.start] = sums.get(bar.start, 0.0) + bar.long_usd + bar.short_usd
    return _first(sorted(sums.items()), timedelta(seconds=bars[0].seconds), window, source)


def _apart(scopes: AbstractSet[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out scopes that are part of another; where a coin of all venues meets a venue's all coins, the latter."""
    coins = {asset for venue, asset in scopes if venue == ALL}
    found = {(venue, asset) for venue, asset in scopes if asset != ALL or venue == ALL or not coins}
    return {
        (venue, asset)
        for venue, asset in found
        if not {(ALL, ALL), (ALL, asset), (venue, ALL)} & (found - {(venue, asset)})
    }


def _first(rows: Sequence[tuple[datetime, float]], length: timedelta, window: Period, source: str) -> Onset | None:
    """Find the first bucket in the window that stands out from those of the trailing time that hold anything."""
    data = checks_data("causes")["onset"]
    trailing = timedelta(hours=data["trailing_hours"])
    fewest = min(data["fewest"], max(3, int(trailing / length) - 1))
    starts = np.array([nanoseconds(start) for start, _ in rows])
    usd = np.array([worth for _, worth in rows])
    for place, (start, worth) in enumerate(rows):
        if start + length <= window.start or start >= window.end or not worth:
            continue
        since = np.searchsorted(starts, nanoseconds(start - trailing))
        before = usd[since:place]
        before = before[before > 0]
        if before.size >= fewest and worth > data["factor"] * float(np.median(before)):
            return Onset(start, start + length, worth, float(np.median(before)), source, is_simulated(source))
    return None
