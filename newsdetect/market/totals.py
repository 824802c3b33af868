"""Sums of prints over many windows of one time, each exact: what a search over end times asks again and again.

The edges of all windows cut their time into cells; each cell is summed once, a window is the difference of two running
sums. How cells are summed is the teller's business: from orders in memory here, with roll-ups in tape.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from newsdetect.market.exact import Limbs, limbs, total
from newsdetect.market.instants import nanoseconds
from newsdetect.market.provider import PrintKey, Prints
from newsdetect.market.rolling import Chunk, sliced
from newsdetect.types import Side

Scope = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums between neighbouring edges: exact sums of shape (3, keys, cells), largest orders of shape (keys, cells)."""

    sums: Limbs
    largest: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WindowTotals:
    """Of one window and side, by scope (source, venue, asset): USD, and the largest single order."""

    scopes: Sequence[Scope]
    usd: Sequence[float]
    largest: Sequence[float]


class PrintTotals:
    """Sums of the prints of `[start, end)` over windows within it; `keys` are the scopes that have prints there."""

    def __init__(self, keys: Sequence[PrintKey], cells: Callable[[NDArray[np.int64]], Cells]) -> None:
        self._keys = tuple(keys)
        self._cells = cells
        self._windows: dict[tuple[int, int], tuple[Limbs, NDArray[np.float64]]] = {}
        self._told: dict[tuple[int, int, Side], WindowTotals] = {}
        self._sides = {side: _by_scope(self._keys, side) for side in ("long", "short", "both")}

    @property
    def empty(self) -> bool:
        """Whether there is not one print."""
        return not self._keys

    def prepare(self, windows: Iterable[tuple[datetime, datetime]]) -> None:
        """Sum many windows in one go."""
        self._sum([(nanoseconds(start), nanoseconds(end)) for start, end in windows])

    def window(self, start: datetime, end: datetime, side: Side) -> WindowTotals:
        """Give the sums of a window by source, venue and asset; scopes without a print in it have a sum of zero."""
        asked = nanoseconds(start), nanoseconds(end)
        if (*asked, side) not in self._told:
            self._sum([asked])
            sums, largest = self._windows[asked]
            scopes, rows, places = self._sides[side]
            added, top = np.zeros((3, len(scopes)), np.int64), np.zeros(len(scopes))
            for limb, part in zip(added, sums, strict=True):
                np.add.at(limb, places, part[rows])
            np.maximum.at(top, places, largest[rows])
            self._told[*asked, side] = WindowTotals(scopes, total(added).tolist(), top.tolist())
        return self._told[*asked, side]

    def _sum(self, windows: Iterable[tuple[int, int]]) -> None:
        new = sorted({one for one in windows if one not in self._windows})
        if not new:
            return
        edges = np.unique(np.array(new, np.int64))
        cells = self._cells(edges)
        running = np.zeros((3, len(self._keys), edges.size), np.int64)
        np.cumsum(cells.sums, axis=2, out=running[:, :, 1:])
        for window in new:
            first, last = np.searchsorted(edges, window)
            largest = cells.largest[:, first:last].max(axis=1, initial=0.0)
            self._windows[window] = (running[:, :, last] - running[:, :, first], largest)


@runtime_checkable
class SumsPrints(Protocol):
    """Market data that sum their prints without giving them out."""

    def print_totals(self, start: datetime, end: datetime) -> PrintTotals:
        """Give the sums of the prints of `[start, end)` over any windows within it."""
        ...


def totals_of(prints: Prints) -> PrintTotals:
    """Sum prints in memory."""
    orders = Chunk(prints.time_ns, prints.usd, prints.key.astype(np.int64))

    def cells(edges: NDArray[np.int64]) -> Cells:
        shape = (len(prints.keys), edges.size - 1)
        sums, largest = np.zeros((3, *shape), np.int64), np.zeros(shape)
        add(sums, largest, edges, sliced(orders, int(edges[0]), int(edges[-1])))
        return Cells(sums, largest)

    return PrintTotals(prints.keys, cells)


def add(sums: Limbs, largest: NDArray[np.float64], edges: NDArray[np.int64], orders: Chunk) -> None:
    """Add orders between the first and the last edge to the cells in which they lie."""
    cell = np.searchsorted(edges, orders.time_ns, side="right") - 1
    place = orders.key * largest.shape[1] + cell
    for row, cut in zip(sums, limbs(orders.usd), strict=True):
        np.add.at(row.reshape(-1), place, cut)
    np.maximum.at(largest.reshape(-1), place, orders.usd)


def _by_scope(keys: Sequence[PrintKey], side: Side) -> tuple[tuple[Scope, ...], NDArray[np.int64], NDArray[np.int64]]:
    """Give the scopes of a side, the keys of that side, and each one's scope by place."""
    rows = [row for row, key in enumerate(keys) if side in ("both", key.side)]
    told = [(keys[row].source, keys[row].venue, keys[row].asset) for row in rows]
    scopes = tuple(dict.fromkeys(told))
    places = {scope: place for place, scope in enumerate(scopes)}
    return scopes, np.array(rows, np.int64), np.array([places[one] for one in told], np.int64)
