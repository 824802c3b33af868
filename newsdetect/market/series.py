"""Sum liquidations over a window from several readings, with bounds and without adding one thing up twice.

A bucket inside the window counts from below, one that touches it from above; none is cut. Readings of one venue and
asset stand side by side: from below the largest counts, from above too. A row over all venues or all assets stands for
its parts, it is not added to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from newsdetect.market.provider import Bar, Recorded, is_simulated
from newsdetect.market.reports import Reading, SumPart, WindowSum
from newsdetect.types import ALL, Period, Side

#: A window with less than this missing counts as covered; feeds lose seconds at a reconnect.
WHOLE = 0.995


@dataclass(frozen=True, slots=True)
class Sums:
    """One source's sums over a window for one venue and asset, by side; `high` is null where it is not known."""

    kind: Literal["prints", "bars"]
    source: str
    venue: str
    asset: str
    low: tuple[float, float]
    high: tuple[float, float] | None
    coverage: float | None

    def of(self, side: Side) -> tuple[float, float | None]:
        """Give the bounds for a side."""
        return _pick(self.low, side), None if self.high is None else _pick(self.high, side)


def bar_sums(bars: Iterable[Bar], window: Period) -> list[Sums]:
    """Bound the sums of each source, venue and asset by their bars; of several lengths the tightest bounds."""
    scopes: dict[tuple[str, str, str], dict[int, list[Bar]]] = defaultdict(lambda: defaultdict(list))
    for bar in bars:
        scopes[bar.source, bar.venue, bar.asset][bar.seconds].append(bar)
    found = []
    for scope, lengths in sorted(scopes.items()):
        bounds = [_bounds(many, window) for many in lengths.values()]
        low = max((low for low, _, _ in bounds), key=sum)
        highs = [high for _, high, _ in bounds if high is not None]
        high = min(highs, key=sum) if highs else None
        found.append(Sums("bars", *scope, low, high, max(share for *_, share in bounds)))
    return found


def _bounds(bars: Sequence[Bar], window: Period) -> tuple[tuple[float, float], tuple[float, float] | None, float]:
    """Sum bars of one length: inside, touching (if they cover the window), and the share they cover."""
    ends = [(bar, bar.start + timedelta(seconds=bar.seconds)) for bar in bars]
    inside = [bar for bar, end in ends if bar.start >= window.start and end <= window.end]
    share = covered([(bar.start, end) for bar, end in ends], window)
    return _added(inside), _added(bars) if share >= WHOLE else None, share


def print_readings(
    rows: Iterable[tuple[str, str, str, float, float]], stretches: Sequence[Recorded], window: Period
) -> list[Sums]:
    """Give prints' sums with what was recorded: a stretch without prints is zero, prints alone are a lower bound."""
    seen = {(source, venue, asset): (long, short) for source, venue, asset, long, short in rows}
    heard: dict[tuple[str, str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in stretches:
        heard[one.source, one.venue, one.asset].append((one.start, one.end))
    silent = [scope for scope in heard if scope not in seen and not _has_parts(scope, seen)]
    found = []
    for scope in sorted([*seen, *silent]):
        source, venue, _ = scope
        spans = heard.get(scope, []) + heard.get((source, venue, ALL), [])
        share = covered(spans, window) if spans else None
        low = seen.get(scope, (0.0, 0.0))
        found.append(Sums("prints", *scope, low, low if share is not None and share >= WHOLE else None, share))
    return found


def _has_parts(scope: tuple[str, str, str], seen: Collection[tuple[str, str, str]]) -> bool:
    """Tell whether a stretch over all coins of a venue is spoken for by the prints of some."""
    return scope[2] == ALL and any(one[:2] == scope[:2] for one in seen)


def window_sum(found: Sequence[Sums], window: Period, side: Side, *, known: bool) -> WindowSum:
    """Join readings to the sum over a window; `known` tells whether the scope is held at any time at all."""
    layers = [_pairs(found), _pairs([one for one in found if ALL not in (one.venue, one.asset)])]
    # Wholes first: of a whole that is covered in part only, the parts may hold more.
    pairs = max(layers, key=lambda layer: _low(layer, side))
    highs = [_high(readings, side) for readings in pairs.values()]
    complete = bool(highs) and None not in highs
    shares = [max((one.coverage for one in many if one.coverage is not None), default=None) for many in pairs.values()]
    low = _low(pairs, side) if pairs else None
    high = sum(one for one in highs if one is not None) if complete else None
    status: Literal["covered", "partly_covered", "no_data", "not_covered"] = (
        "covered" if complete else "partly_covered" if pairs else "no_data" if known else "not_covered"
    )
    return WindowSum(
        low=None if low is None else round(low, 2),
        high=None if high is None or low is None else round(max(low, high), 2),
        by=_parts(pairs, side),
        coverage=_worst(shares) if pairs else (0.0 if known else None),
        status=status,
        readings=tuple(_reading(one, side) for one in found),
        simulated=any(is_simulated(one.source) for one in found),
        start=window.start,
        end=window.end,
        side=side,
    )


def _pairs(found: Iterable[Sums]) -> dict[tuple[str, str], list[Sums]]:
    """Group readings by venue and asset; a row over all assets of a venue, or all venues, stands for its parts."""
    rows = list(found)
    whole = {one.venue for one in rows if one.asset == ALL}
    across = {one.asset for one in rows if one.venue == ALL}
    pairs: dict[tuple[str, str], list[Sums]] = {}
    for one in rows:
        within_venue = one.asset != ALL and (one.venue in whole or ALL in whole)
        within_asset = one.venue != ALL and (one.asset in across or ALL in across)
        if not within_venue and not within_asset:
            pairs.setdefault((one.venue, one.asset), []).append(one)
    return pairs


def _low(pairs: Mapping[tuple[str, str], Sequence[Sums]], side: Side) -> float:
    return sum(max(one.of(side)[0] for one in many) for many in pairs.values())


def _high(readings: Sequence[Sums], side: Side) -> float | None:
    return max((top for one in readings if (top := one.of(side)[1]) is not None), default=None)


def _parts(pairs: Mapping[tuple[str, str], Sequence[Sums]], side: Side) -> tuple[SumPart, ...]:
    """Give the sure sums by venue, asset and side, of several readings the largest."""
    parts = []
    for (venue, asset), many in sorted(pairs.items()):
        best = max(many, key=lambda one: one.of(side)[0])
        for one, usd in zip(("long", "short"), best.low, strict=True):
            if side in ("both", one):
                parts.append(SumPart(venue=venue, asset=asset, side=one, usd=round(usd, 2)))
    return tuple(parts)


def _reading(one: Sums, side: Side) -> Reading:
    low, high = one.of(side)
    return Reading(
        kind=one.kind, source=one.source, venue=one.venue, asset=one.asset, low=round(low, 2),
        high=None if high is None else round(high, 2),
        coverage=None if one.coverage is None else round(one.coverage, 4),
    )  # fmt: skip


def _worst(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return round(min(known), 4) if known and len(known) == len(shares) else None


def covered(spans: Iterable[tuple[datetime, datetime]], window: Period) -> float:
    """Give the share of a window that spans cover; where they overlap they count once."""
    total, reached = timedelta(0), window.start
    for start, end in sorted(spans):
        since, until = max(start, reached), min(end, window.end)
        if until > since:
            total += until - since
            reached = until
    return total / (window.end - window.start)


def _added(bars: Iterable[Bar]) -> tuple[float, float]:
    many = list(bars)
    return sum(bar.long_usd for bar in many), sum(bar.short_usd for bar in many)


def _pick(sides: tuple[float, float], side: Side) -> float:
    return sum(sides) if side == "both" else sides[0 if side == "long" else 1]
