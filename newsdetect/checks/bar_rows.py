"""Bars summed over a window: those inside bound a sum from below, those touching from above; none is ever cut."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.readings import WHOLE, Scope, Sum, usd_of
from newsdetect.checks.readings import share as share_of
from newsdetect.market.provider import Bar
from newsdetect.types import Period, Side


def bar_rows(holdings: Holdings, window: Period, side: Side, wanted: Scope) -> Iterator[Sum]:
    """Bound a sum by the bars inside and those touching; of several bucket lengths the tightest bounds."""
    by_scope: dict[tuple[str, str, str], dict[int, Sequence[Bar]]] = defaultdict(dict)
    for (source, venue, asset, seconds), many in holdings.bars_touching(window):
        if wanted.holds(venue, asset):
            by_scope[source, venue, asset][seconds] = many
    for (source, venue, asset), lengths in sorted(by_scope.items()):
        low, high, covered = 0.0, None, 0.0
        for seconds, touching in lengths.items():
            length = timedelta(seconds=seconds)
            # All are of one length and in order of time, so those inside follow upon each other.
            first = bisect_left(touching, window.start, key=lambda bar: bar.start)
            last = bisect_right(touching, window.end - length, key=lambda bar: bar.start)
            low = max(low, _bar_sum(holdings, touching[first:last], side))
            share = _bar_share(holdings, touching, window)
            covered = max(covered, share)
            if share >= WHOLE:
                above = _bar_sum(holdings, touching, side)
                high = above if high is None else min(high, above)
        read = [bar.retrieved_at for many in lengths.values() for bar in many if bar.retrieved_at is not None]
        yield Sum(
            kind="bars",
            source=source,
            venue=venue,
            asset=asset,
            low=low,
            high=None if high is None else max(low, high),
            connected=covered,
            retrieved_at=max(read, default=None),
        )


def _bar_sum(holdings: Holdings, bars: Sequence[Bar], side: Side) -> float:
    """Sum bars of one scope that follow upon each other, once: many windows hold the same."""
    if not bars:
        return 0.0
    asked = ("bar sum", side, *_stretch(bars))
    found: float | None = holdings.memo.get(asked)
    if found is None:
        found = holdings.memo[asked] = sum(usd_of(bar, side) for bar in bars)
    return found


def _bar_share(holdings: Holdings, bars: Sequence[Bar], window: Period) -> float:
    """Give the share of a window that bars of one scope cover."""
    length = timedelta(seconds=bars[0].seconds)
    asked = ("without a gap", *_stretch(bars))
    gapless: bool | None = holdings.memo.get(asked)
    if gapless is None:
        gapless = all(one.start <= after.start <= one.start + length for one, after in pairwise(bars))
        holdings.memo[asked] = gapless
    if gapless:
        return share_of([(bars[0].start, bars[-1].start + length)], window)
    return share_of([(bar.start, bar.start + length) for bar in bars], window)


def _stretch(bars: Sequence[Bar]) -> tuple[object, ...]:
    """Name a stretch of a scope's bars."""
    first = bars[0]
    return first.source, first.venue, first.asset, first.seconds, first.start, len(bars)
