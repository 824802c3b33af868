"""Snapshots over many windows: the largest trailing total that surely lies inside bounds a sum from below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.holdings import Holdings
from newsdetect.checks.readings import Scope
from newsdetect.checks.rows import Extra, Head, Rows
from newsdetect.checks.tuning import tuning
from newsdetect.checks.windows import Windows
from newsdetect.market.columns import SnapshotSeries
from newsdetect.market.instants import instant
from newsdetect.types import Side

_HOUR_NS = 3_600 * 10**9
_US_NS = 1_000


def snapshot_rows(holdings: Holdings, windows: Windows, side: Side, wanted: Scope) -> Rows:
    """Bound a sum from below by what was read of each source, venue and coin; of equal totals the first read counts."""
    by_scope: dict[tuple[str, str, str], list[SnapshotSeries]] = {}
    for one in holdings.snapshots:
        if wanted.holds(one.venue, one.asset):
            by_scope.setdefault((one.source, one.venue, one.asset), []).append(one)
    if not by_scope:
        return Rows.none(len(windows))
    told = [_largest(many, windows, side) for _, many in sorted(by_scope.items())]
    low, hours, read_ns = (np.stack(column) for column in zip(*told, strict=True))
    there = hours > 0

    def extras(place: int, _: bool) -> Sequence[Extra]:
        return [
            (0.0, instant(read) if known else None)
            for read, known in zip(read_ns[:, place].tolist(), there[:, place].tolist(), strict=True)
        ]

    return Rows(
        heads=tuple(Head("snapshot", *scope) for scope in sorted(by_scope)),
        there=there,
        low=low,
        high=np.full(low.shape, np.nan),
        connected=np.minimum(1.0, hours / windows.hours),
        full=np.zeros(low.shape, bool),
        extras=extras,
    )


def _largest(
    many: Sequence[SnapshotSeries], windows: Windows, side: Side
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Give of each window the largest total inside it, over how many hours it ran (0: there is none), when read."""
    usd = np.concatenate([_usd(one, side) for one in many])
    read = np.concatenate([one.read_ns for one in many])
    hours = np.concatenate([np.full(one.read_ns.size, one.hours) for one in many])
    # In order of time, so that of equal totals the first one read is found first.
    order = np.argsort(read, kind="stable")
    usd, read, hours = usd[order], read[order], hours[order]
    lag = np.round((hours + tuning().snapshot_lag_hours) * _HOUR_NS / _US_NS).astype(np.int64) * _US_NS
    inside = (read - lag >= windows.start_ns[:, None]) & (read <= windows.end_ns[:, None])
    if not usd.size:
        return np.zeros(len(windows)), np.zeros(len(windows)), np.zeros(len(windows), np.int64)
    best = np.where(inside, usd, -np.inf).argmax(axis=1)
    known = inside[np.arange(len(windows)), best]
    return np.where(known, usd[best], 0.0), np.where(known, hours[best], 0.0), read[best]


def _usd(series: SnapshotSeries, side: Side) -> NDArray[np.float64]:
    if side == "both":
        return series.long_usd + series.short_usd
    return series.long_usd if side == "long" else series.short_usd
