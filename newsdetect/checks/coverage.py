"""K: what share of a claim's scope the readings at hand can hold, from dated priors (fixtures/checks/coverage.toml).

A pair of venue and coin holds venue share × coin share of the whole market; what the claim itself fixes (its venue, its
coin) counts as one. Spreads of several pairs are joined as independent ones. Where a whole set was measured against
press totals, that measurement stands in for the product.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.readings import within
from newsdetect.checks.tuning import checks_data
from newsdetect.types import ALL


@dataclass(frozen=True, slots=True)
class Coverage:
    """A share of a claim's scope, 0 to 1, as a range."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The middle of the range: what K is compared with and shown as."""
        return (self.low + self.high) / 2


WHOLE = Coverage(1.0, 1.0)
NOTHING = Coverage(0.0, 0.0)
_EPOCH = date(1970, 1, 1).toordinal()


def coverage(pairs: Collection[tuple[str, str]], *, venue: str, asset: str, at: datetime) -> Coverage:
    """Give the share of the claim on `venue` and `asset` that pairs of (venue, coin) hold at a time."""
    return _of_day(frozenset(pairs), venue, asset, at.date())


def coverages(
    pairs: Collection[tuple[str, str]], *, venue: str, asset: str, days: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the same from below and above for many days, counted from 1970: priors change on few of them."""
    since = _changes()
    last = np.searchsorted([day.toordinal() - _EPOCH for day in since], days, side="right") - 1
    held = frozenset(pairs)
    # Before the first change the first row that is known holds, as it does on that day.
    told = {at: _of_day(held, venue, asset, since[max(at, 0)]) for at in set(last.tolist())}
    low, high = (np.array([getattr(told[at], name) for at in last.tolist()]) for name in ("low", "high"))
    return low, high


@cache
def _changes() -> tuple[date, ...]:
    """Give the days on which any prior changes, in order."""
    data = checks_data("coverage")
    return tuple(sorted({row["since"] for kind in ("venue", "asset", "measured") for row in data[kind]}))


@lru_cache(maxsize=4096)
def _of_day(pairs: frozenset[tuple[str, str]], venue: str, asset: str, day: date) -> Coverage:
    """Give the share of a day; a search over end times asks for the same one again and again."""
    inside = {pair for pair in pairs if within(pair[0], venue) and within(pair[1], asset)}
    if not inside:
        return NOTHING
    known = _measured(inside, day) if venue == ALL and asset == ALL else None
    if known is not None:
        return known
    # In one order, so that the same pairs make the same sum.
    shares = [_pair(pair, venue, asset, day) for pair in sorted(inside)]
    middle = sum(share.middle for share in shares)
    half = math.sqrt(sum(((share.high - share.low) / 2) ** 2 for share in shares))
    return Coverage(min(1.0, max(0.0, middle - half)), min(1.0, middle + half))


def _measured(pairs: set[tuple[str, str]], day: date) -> Coverage | None:
    """Find the measurement of exactly these pairs."""
    venues = {venue.casefold() for venue, _ in pairs}
    assets = {asset for _, asset in pairs}
    rows = [
        row
        for row in checks_data("coverage")["measured"]
        if {row["venue"].casefold()} == venues and set(row["assets"]) == assets
    ]
    return _latest(rows, day)


def _pair(pair: tuple[str, str], venue: str, asset: str, day: date) -> Coverage:
    """Give one pair's share: products of shares, their relative spreads joined as independent ones."""
    first = WHOLE if venue != ALL or pair[0] == ALL else _share("venue", pair[0], day)
    second = WHOLE if asset != ALL or pair[1] == ALL else _share("asset", pair[1], day)
    middle = first.middle * second.middle
    spread = math.hypot(_spread(first), _spread(second))
    return Coverage(max(0.0, middle * (1 - spread)), min(1.0, middle * (1 + spread)))


def _spread(share: Coverage) -> float:
    return (share.high - share.low) / 2 / share.middle if share.middle else 0.0


def _share(kind: str, name: str, day: date) -> Coverage:
    data = checks_data("coverage")
    rows = [row for row in data[kind] if row["name"].casefold() == name.casefold()]
    return _latest(rows, day) or Coverage(**data[f"unknown_{kind}"])


def _latest(rows: list[dict[str, Any]], day: date) -> Coverage | None:
    """Give the row that holds on a day: the latest that had begun, else the first that is known."""
    if not rows:
        return None
    begun = [row for row in rows if row["since"] <= day]
    row = max(begun, key=lambda one: one["since"]) if begun else min(rows, key=lambda one: one["since"])
    return Coverage(row["low"], row["high"])
