"""K: what share of a claim's scope the readings at hand can hold, fitted to the archive or by dated priors.

A pair of venue and coin holds venue share × coin share of the whole market; what the claim itself fixes (its venue, its
coin) counts as one. Spreads of several pairs are joined as independent ones. A share that the archive's own series tell
(between.py) goes before the prior of fixtures/checks/coverage.toml; and where a whole set was measured against press
totals, that measurement stands in for the product of priors.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.between import Apart, latest, midnight, scope_words
from newsdetect.checks.check import Basis
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


def coverage(
    pairs: Collection[tuple[str, str]], *, venue: str, asset: str, at: datetime, known: Apart | None = None
) -> Coverage:
    """Give the share of the claim on `venue` and `asset` that pairs of (venue, coin) hold at a time.

    `known` is what the archive's own series tell; without it priors alone are asked.
    """
    return _of_day(frozenset(pairs), venue, asset, _changed(at.date()), _fitting(known))


def bases(
    pairs: Collection[tuple[str, str]], *, venue: str, asset: str, at: datetime, known: Apart | None = None
) -> tuple[Basis, ...]:
    """Give what that share rests on, each range with where it comes from."""
    return _bases_of_day(frozenset(pairs), venue, asset, _changed(at.date()), _fitting(known))


@lru_cache(maxsize=4096)
def _bases_of_day(
    pairs: frozenset[tuple[str, str]], venue: str, asset: str, day: date, known: Apart | None
) -> tuple[Basis, ...]:
    inside = _inside(pairs, venue, asset)
    measured = _measured(inside, day) if _by_measurement(inside, venue, asset, known) else None
    if measured is not None:
        names = sorted({name for name, _ in inside}), sorted({coin for _, coin in inside})
        return (_prior(measured, " ".join([*names[0], *names[1]]), scope_words(ALL, ALL)),)
    parts = [part for pair in sorted(inside) for part in _parts(pair, venue, asset, day, known)]
    return tuple(dict.fromkeys(basis for _, basis in parts))


def coverages(
    pairs: Collection[tuple[str, str]],
    *,
    venue: str,
    asset: str,
    days: NDArray[np.int64],
    known: Apart | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the same from below and above for many days, counted from 1970: priors change on few of them."""
    since = _changes()
    last = np.searchsorted([day.toordinal() - _EPOCH for day in since], days, side="right") - 1
    held, fitting = frozenset(pairs), _fitting(known)
    last = np.maximum(last, 0)
    if last.size and (last == last[0]).all():
        told = _of_day(held, venue, asset, since[int(last[0])], fitting)
        return np.full(last.size, told.low), np.full(last.size, told.high)
    on, place = np.unique(last, return_inverse=True)
    each = [_of_day(held, venue, asset, since[at], fitting) for at in on.tolist()]
    return np.array([one.low for one in each])[place], np.array([one.high for one in each])[place]


@cache
def _changes() -> tuple[date, ...]:
    """Give the days on which any prior changes, in order."""
    data = checks_data("coverage")
    return tuple(sorted({row["since"] for kind in ("venue", "asset", "measured") for row in data[kind]}))


def _changed(day: date) -> date:
    """Give the last change before a day, on which the same priors hold: many days ask one question.

    Before the first change the first row that is known holds, as it does on that day.
    """
    since = _changes()
    return since[max(bisect_right(since, day) - 1, 0)]


def _fitting(known: Apart | None) -> Apart | None:
    """Give what is known, or None where nothing was fitted: then priors alone are asked, whatever side and length."""
    return known if known is not None and known.ranges.fitted else None


@lru_cache(maxsize=4096)
def _of_day(
    pairs: frozenset[tuple[str, str]], venue: str, asset: str, day: date, known: Apart | None = None
) -> Coverage:
    """Give the share of a day; a search over end times asks for the same one again and again."""
    inside = _inside(pairs, venue, asset)
    if not inside:
        return NOTHING
    measured = _measured(inside, day) if _by_measurement(inside, venue, asset, known) else None
    if measured is not None:
        return Coverage(measured["low"], measured["high"])
    # In one order, so that the same pairs make the same sum.
    shares = [_pair(pair, venue, asset, day, known) for pair in sorted(inside)]
    middle = sum(share.middle for share in shares)
    half = math.sqrt(sum(((share.high - share.low) / 2) ** 2 for share in shares))
    return Coverage(min(1.0, max(0.0, middle - half)), min(1.0, middle + half))


def _inside(pairs: frozenset[tuple[str, str]], venue: str, asset: str) -> set[tuple[str, str]]:
    return {pair for pair in pairs if within(pair[0], venue) and within(pair[1], asset)}


def _by_measurement(pairs: set[tuple[str, str]], venue: str, asset: str, known: Apart | None) -> bool:
    """Tell whether the measurement of a set may stand in: nothing was fitted of its pairs' shares of the whole."""
    if venue != ALL or asset != ALL:
        return False
    return known is None or not all(known.share(pair, (ALL, ALL)) for pair in pairs)


def _measured(pairs: set[tuple[str, str]], day: date) -> dict[str, Any] | None:
    """Find the measurement of exactly these pairs."""
    venues = {venue.casefold() for venue, _ in pairs}
    assets = {asset for _, asset in pairs}
    rows = [
        row
        for row in checks_data("coverage")["measured"]
        if {row["venue"].casefold()} == venues and set(row["assets"]) == assets
    ]
    return latest(rows, day)


def _pair(pair: tuple[str, str], venue: str, asset: str, day: date, known: Apart | None) -> Coverage:
    """Give one pair's share: products of shares, their relative spreads joined as independent ones."""
    shares = [share for share, _ in _parts(pair, venue, asset, day, known)]
    middle = math.prod(share.middle for share in shares)
    spread = math.hypot(*(_spread(share) for share in shares))
    return Coverage(max(0.0, middle * (1 - spread)), min(1.0, middle * (1 + spread)))


def _parts(
    pair: tuple[str, str], venue: str, asset: str, day: date, known: Apart | None
) -> Iterator[tuple[Coverage, Basis]]:
    """Give the shares whose product is a pair's share of a scope: of all at once if that was fitted, else step by step.

    First its venue's share of the coin, then the coin's share of the scope.
    """
    narrower_venue, narrower_asset = venue == ALL != pair[0], asset == ALL != pair[1]
    if not (narrower_venue or narrower_asset):
        return
    whole = (ALL if narrower_venue else pair[0], ALL if narrower_asset else pair[1])
    fitted = known.share(pair, whole) if known is not None else None
    if fitted is not None:
        yield _fitted(fitted), fitted
        return
    if narrower_venue:
        steps = [(pair, (ALL, pair[1])), ((pair[0], ALL), (ALL, ALL))]
        yield _step("venue", pair[0], steps, day, known)
    if narrower_asset:
        steps = [((whole[0], pair[1]), (whole[0], ALL)), ((ALL, pair[1]), (ALL, ALL))]
        yield _step("asset", pair[1], steps, day, known)


def _step(
    kind: str, name: str, steps: list[tuple[tuple[str, str], tuple[str, str]]], day: date, known: Apart | None
) -> tuple[Coverage, Basis]:
    """Give a venue's or a coin's share: the first that was fitted of `steps` (part, whole), else the prior."""
    for part, whole in steps if known is not None else ():
        fitted = known.share(part, whole) if known is not None else None
        if fitted is not None:
            return _fitted(fitted), fitted
    data = checks_data("coverage")
    rows = [row for row in data[kind] if row["name"].casefold() == name.casefold()]
    row = latest(rows, day) or data[f"unknown_{kind}"]
    return Coverage(row["low"], row["high"]), _prior(row, name, f"all {kind}s" if kind == "venue" else "all coins")


def _fitted(basis: Basis) -> Coverage:
    assert basis.low is not None
    return Coverage(min(1.0, basis.low), min(1.0, 1.0 if basis.high is None else basis.high))


def _prior(row: dict[str, Any], of: str, whole: str) -> Basis:
    """Write a prior down as evidence."""
    since = row.get("since")
    return Basis(
        what="share", of=of, to=whole, low=row["low"], high=row["high"], fitted=False,
        since=None if since is None else midnight(since), note=row.get("source", "no row knows it"),
    )  # fmt: skip


def _spread(share: Coverage) -> float:
    return (share.high - share.low) / 2 / share.middle if share.middle else 0.0
