"""How readings add up over many windows: rows by venue and coin, in groups of windows that the same rows tell of.

`readings.py` says the same of one window; here it is said of all windows of a group in one go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.readings import PARTLY, by_pair, over_time
from newsdetect.checks.rows import Head, Rows
from newsdetect.types import ALL

Column = NDArray[np.float64]


class _Placed(NamedTuple):
    """A row's head with its place."""

    kind: str
    venue: str
    asset: str
    place: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows grouped by the venue and coin that they tell of; those that others stand for are left out."""

    names: tuple[tuple[str, str], ...]
    #: Places of the rows, pair by pair, and where each pair begins among them.
    rows: NDArray[np.int64]
    begin: NDArray[np.int64]

    def added(self, usd: Column) -> Column:
        """Take of each pair the largest of its rows, and add the pairs up; `usd` is of shape (rows, windows)."""
        return _added(self.largest(usd))

    def largest(self, usd: Column) -> Column:
        """Give the largest of each pair's rows, shape (pairs, windows)."""
        if len(self.names) == self.rows.size:
            return usd[self.rows]
        return np.maximum.reduceat(usd[self.rows], self.begin, axis=0)


def _added(usd: Column) -> Column:
    """Add rows up one after the other, as sums of one window are."""
    return np.cumsum(usd, axis=0)[-1] if len(usd) else np.zeros(usd.shape[1])


@dataclass(frozen=True, slots=True)
class Layout:
    """The ways in which the rows that are there add up."""

    #: Of all rows; of those over more than a part of the window; of those over one venue and coin alone, or of their
    #: exact sum.
    whole: Pairs
    over_time: Pairs
    parts: Pairs


#: Which windows are meant: all of them as a slice, which copies nothing.
Places = NDArray[np.int64] | slice


def layouts(rows: Rows) -> Iterator[tuple[Places, Layout]]:
    """Give the groups of windows that the same rows tell of, with the way in which these add up."""
    there = np.ascontiguousarray(rows.there.T)
    if not rows.heads or (there == there[:1]).all():
        yield slice(None), _layout(rows.heads, there[0].tobytes())
        return
    groups: dict[bytes, list[int]] = {}
    for place, each in enumerate(there):
        groups.setdefault(each.tobytes(), []).append(place)
    for told, places in groups.items():
        yield np.array(places), _layout(rows.heads, told)


@lru_cache(maxsize=1024)
def _layout(heads: tuple[Head, ...], there: bytes) -> Layout:
    """Lay out the rows that are there, a byte a row."""
    placed = [_Placed(head.kind, head.venue, head.asset, at) for at, head in enumerate(heads) if there[at]]
    parts = [row for row in placed if heads[row.place].summed or ALL not in (row.venue, row.asset)]
    return Layout(_pairs(placed), _pairs(over_time(placed)), _pairs(parts))


def _pairs(placed: Sequence[_Placed]) -> Pairs:
    found = by_pair(placed)
    sizes = np.array([0, *(len(many) for many in found.values())], np.int64)
    rows = np.array([row.place for many in found.values() for row in many], np.int64)
    return Pairs(tuple(found), rows, np.cumsum(sizes)[:-1])


def read_pairs(pairs: Pairs, rows: Rows, windows: Places) -> tuple[Column, Column]:
    """Give what the readings of some windows hold, before K: from below and above, the latter nan where it is open."""
    low = rows.low[:, windows]
    high, share = rows.high[:, windows], rows.connected[:, windows]
    prints = np.array([head.kind == "prints" for head in rows.heads], bool)[:, None]
    unknown = np.isnan(high)
    partly = prints & unknown & (share >= PARTLY)
    most = np.where(unknown, -np.inf, high)
    # Recorded in part: what was heard, as if the rest had been like it, is no bound but a fair reading.
    most[partly] = low[partly] / share[partly]
    below = pairs.added(low)
    tops = pairs.largest(most)
    above = np.where(np.isneginf(tops).any(axis=0), np.nan, np.maximum(below, _added(tops)))
    return below, above
