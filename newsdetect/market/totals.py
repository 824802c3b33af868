"""Sums of prints over many windows of one time, each exact: what a search over end times asks again and again.

The edges of all windows cut their time into cells; each cell is summed once, a window is the difference of two running
sums. How cells are summed is the teller's business: from orders in memory here, with roll-ups in tape.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, Self, runtime_checkable

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


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which keys are summed together.

    Groups of one size are reduced in one go: numpy's `reduceat` along any axis but the last costs thrice as much.
    """

    many: int
    #: The places of the groups of one size among all, and of their keys, shape (groups, size).
    by_size: tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...]

    @classmethod
    def of(cls, many: Sequence[Sequence[int]]) -> Self:
        """Give groups of key places; a key may stand in several of them."""
        sizes: dict[int, list[int]] = {}
        for place, group in enumerate(many):
            sizes.setdefault(len(group), []).append(place)
        return cls(
            len(many),
            tuple(
                (np.array(places, np.int64), np.array([many[place] for place in places], np.int64))
                for size, places in sizes.items()
                if size
            ),
        )

    def reduced(self, how: np.ufunc, told: NDArray[Any]) -> NDArray[Any]:
        """Reduce the rows of `told`, shape (…, keys, n), by group; one without keys gives zeros."""
        found = np.zeros((*told.shape[:-2], self.many, told.shape[-1]), told.dtype)
        for places, keys in self.by_size:
            found[..., places, :] = how.reduce(told[..., keys, :], axis=-2)
        return found


class PrintTotals:
    """Sums of the prints of `[start, end)` over windows within it; `keys` are the scopes that have prints there."""

    def __init__(
        self,
        keys: Sequence[PrintKey],
        running: Callable[[NDArray[np.int64]], Limbs],
        largest: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    ) -> None:
        """Sum by what lies before each edge, shape (3, keys, edges), and the largest order between neighbours."""
        self.keys = tuple(keys)
        self._sum_before, self._largest_between = running, largest
        self._edges = np.empty(0, np.int64)
        self._running = np.zeros((3, len(self.keys), 0), np.int64)
        self._reduced: dict[Groups, Limbs] = {}

    @classmethod
    def by_cells(cls, keys: Sequence[PrintKey], cells: Callable[[NDArray[np.int64]], Cells]) -> Self:
        """Sum by what lies between neighbouring edges."""
        told: dict[bytes, Cells] = {}

        def once(edges: NDArray[np.int64]) -> Cells:
            if edges.tobytes() not in told:
                told.clear()
                told[edges.tobytes()] = cells(edges)
            return told[edges.tobytes()]

        def running(edges: NDArray[np.int64]) -> Limbs:
            sums = np.zeros((3, len(keys), edges.size), np.int64)
            np.cumsum(once(edges).sums, axis=2, out=sums[:, :, 1:])
            return sums

        return cls(keys, running, lambda edges: once(edges).largest)

    @property
    def empty(self) -> bool:
        """Whether there is not one print."""
        return not self.keys

    def prepare(self, start_ns: NDArray[np.int64], end_ns: NDArray[np.int64]) -> None:
        """Read what windows need in one go; others may be asked for all the same."""
        self._read(start_ns, end_ns)

    def sums(self, start_ns: NDArray[np.int64], end_ns: NDArray[np.int64], groups: Groups) -> NDArray[np.float64]:
        """Sum windows by group, shape (groups, windows), each sum rounded once."""
        first, last = self._read(start_ns, end_ns)
        if start_ns.size == 1:
            return total(groups.reduced(np.add, self._running[:, :, last] - self._running[:, :, first]))
        if groups not in self._reduced:
            self._reduced[groups] = groups.reduced(np.add, self._running)
        running = self._reduced[groups]
        return total(running[:, :, last] - running[:, :, first])

    def largest(self, start_ns: NDArray[np.int64], end_ns: NDArray[np.int64], groups: Groups) -> NDArray[np.float64]:
        """Give the largest order of each group in each window, shape (groups, windows); 0 where there is none."""
        first, last = self._read(start_ns, end_ns)
        top = groups.reduced(np.maximum, self._largest_between(self._edges))
        found = np.zeros((groups.many, start_ns.size))
        for place, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
            found[:, place] = top[:, begin:end].max(axis=1, initial=0.0)
        return found

    def _read(
        self, start_ns: NDArray[np.int64], end_ns: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Read what windows need, if it is not there yet; give the places of their edges."""
        first, last = self._places(start_ns), self._places(end_ns)
        if first is None or last is None:
            self._edges = np.unique(np.concatenate([start_ns, end_ns]))
            self._running = self._sum_before(self._edges)
            self._reduced.clear()
            first, last = np.searchsorted(self._edges, start_ns), np.searchsorted(self._edges, end_ns)
        return first, last

    def _places(self, edges: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """Give where edges stand among those that are read, or None where some are not."""
        if not self._edges.size:
            return None
        places = np.minimum(self._edges.searchsorted(edges), self._edges.size - 1)
        return places if (self._edges[places] == edges).all() else None

    def window(self, start: datetime, end: datetime, side: Side) -> WindowTotals:
        """Give the sums of a window by source, venue and asset; scopes without a print in it have a sum of zero."""
        edges = (np.array([nanoseconds(start)]), np.array([nanoseconds(end)]))
        scopes, groups = _by_scope(self.keys, side)
        usd, top = (told(*edges, groups)[:, 0].tolist() for told in (self.sums, self.largest))
        return WindowTotals(scopes, usd, top)


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

    return PrintTotals.by_cells(prints.keys, cells)


def add(sums: Limbs, largest: NDArray[np.float64], edges: NDArray[np.int64], orders: Chunk) -> None:
    """Add orders between the first and the last edge to the cells in which they lie."""
    cell = np.searchsorted(edges, orders.time_ns, side="right") - 1
    place = orders.key * largest.shape[1] + cell
    for row, cut in zip(sums, limbs(orders.usd), strict=True):
        np.add.at(row.reshape(-1), place, cut)
    np.maximum.at(largest.reshape(-1), place, orders.usd)


@lru_cache(maxsize=64)
def _by_scope(keys: tuple[PrintKey, ...], side: Side) -> tuple[tuple[Scope, ...], Groups]:
    """Give the scopes of a side, and the keys of each."""
    found: dict[Scope, list[int]] = {}
    for place, key in enumerate(keys):
        if side in ("both", key.side):
            found.setdefault((key.source, key.venue, key.asset), []).append(place)
    return tuple(found), Groups.of(list(found.values()))
