"""The archive's prints unpacked in memory, for batches that ask them thousands of times.

A question at a time reads the few orders at its windows' edges from disk; of thousands the edges lie everywhere. So the
days that a batch has come to lie here as plain columns, with running sums at even steps: an edge costs the orders
between it and the nearest step. Where questions come in order of time, each day is read once and let go of again.

Memory is bounded: the more scopes there are, the longer the steps, and a time of too many orders is not taken at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from newsdetect.market.exact import Limbs, limbs
from newsdetect.market.manifest import Part
from newsdetect.market.provider import PrintKey
from newsdetect.market.rolling import Chunk, sliced
from newsdetect.market.totals import PrintTotals

_MINUTE_NS = 60 * 10**9
#: Days are unpacked so many at a time.
_BLOCK_NS = 8 * 86_400 * 10**9
#: Bytes of a block's running sums: 240 scopes by minutes, all coins of three venues (some 3,000) by sixteen of them.
_RUNNING = 64 << 20
#: Orders at hand at once, some 20 bytes each; unpacking a block takes twice its own once more.
_MOST = 32_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """Some days of prints, in order of time."""

    start_ns: int
    #: The parts that it was read of: an import replaces parts by others of other names.
    files: tuple[str, ...]
    time_ns: NDArray[np.int64]
    usd: NDArray[np.float64]
    key: NDArray[np.int32]
    step_ns: int
    #: Sums of all orders before each step, shape (3, steps + 1, keys).
    running: Limbs

    @classmethod
    def of(cls, start_ns: int, files: tuple[str, ...], chunks: Sequence[Chunk], keys: int) -> Self:
        """Put the prints of a block's days, chunks in order of time, together and sum them by steps."""
        step_ns = _step(keys)
        running = np.zeros((3, _BLOCK_NS // step_ns + 1, keys), np.int64)
        for chunk in chunks:
            place = ((chunk.time_ns - start_ns) // step_ns + 1) * keys + chunk.key
            for row, cut in zip(running, limbs(chunk.usd), strict=True):
                np.add.at(row.reshape(-1), place, cut)
        np.cumsum(running, axis=1, out=running)
        return cls(
            start_ns,
            files,
            np.concatenate([np.empty(0, np.int64), *(one.time_ns for one in chunks)]),
            np.concatenate([np.empty(0), *(one.usd for one in chunks)]),
            np.concatenate([np.empty(0, np.int32), *(one.key.astype(np.int32) for one in chunks)]),
            step_ns,
            running,
        )

    def add_before(self, sums: Limbs, edges: NDArray[np.int64]) -> None:
        """Add all orders before each edge to `sums`, shape (3, keys, edges): by full steps, then order by order."""
        known = self.running.shape[2]
        first, last = np.searchsorted(edges, [self.start_ns, self.start_ns + _BLOCK_NS])
        sums[:, :known, last:] += self.running[:, -1, :, None]
        if first == last:
            return
        inside = edges[first:last]
        step = (inside - self.start_ns + self.step_ns // 2) // self.step_ns
        sums[:, :known, first:last] += self.running[:, step].swapaxes(1, 2)
        near, at = np.searchsorted(self.time_ns, [self.start_ns + step * self.step_ns, inside])
        begin, many = np.minimum(near, at), np.abs(at - near)
        # The orders between each edge and its nearest step, one after the other.
        edge = np.repeat(np.arange(inside.size), many)
        order = np.arange(edge.size) + np.repeat(begin - (np.cumsum(many) - many), many)
        place = self.key[order].astype(np.int64) * edges.size + first + edge
        sign = np.where(at >= near, 1, -1)[edge]
        for row, cut in zip(sums, limbs(self.usd[order]), strict=True):
            np.add.at(row.reshape(-1), place, sign * cut)

    def raise_largest(self, largest: NDArray[np.float64], edges: NDArray[np.int64]) -> None:
        """Raise the largest order of each key between neighbouring edges, shape (keys, edges - 1)."""
        first, last = np.searchsorted(self.time_ns, edges[[0, -1]])
        cell = np.searchsorted(edges, self.time_ns[first:last], side="right") - 1
        place = self.key[first:last].astype(np.int64) * largest.shape[1] + cell
        np.maximum.at(largest.reshape(-1), place, self.usd[first:last])


class OrdersAtHand:
    """Sums of prints over any windows, from columns in memory; made for one thread."""

    def __init__(
        self,
        parts: Callable[[int, int], Sequence[Part]],
        read: Callable[[Part], Chunk],
        keys: Callable[[], tuple[PrintKey, ...]],
        behind_ns: int,
    ) -> None:
        """Keep in memory what lies up to `behind_ns` before the end of the latest question."""
        self._parts, self._read, self._keys, self._behind = parts, read, keys, behind_ns
        self._blocks: dict[int, Block] = {}

    def reaches(self, start_ns: int, end_ns: int) -> bool:
        """Tell whether a time is in memory or may be read on to: not what was let go of, nor where too much lies."""
        if end_ns - start_ns > self._behind or (self._blocks and start_ns // _BLOCK_NS < min(self._blocks)):
            return False
        first, last = self._first(end_ns), (end_ns - 1) // _BLOCK_NS
        wanted = self._parts(first * _BLOCK_NS, (last + 1) * _BLOCK_NS)
        return sum(part.rows for part in wanted) <= _MOST

    def totals(self, start_ns: int, end_ns: int) -> PrintTotals:
        """Give the sums of the prints of `[start_ns, end_ns)` over any windows within it, exactly."""
        self._reach(end_ns)
        touched = range(start_ns // _BLOCK_NS, (end_ns - 1) // _BLOCK_NS + 1)
        blocks = [self._blocks[number] for number in touched]
        keys = self._keys()

        def running(edges: NDArray[np.int64]) -> Limbs:
            sums = np.zeros((3, len(keys), edges.size), np.int64)
            for block in blocks:
                block.add_before(sums, edges)
            return sums

        def largest(edges: NDArray[np.int64]) -> NDArray[np.float64]:
            found = np.zeros((len(keys), edges.size - 1))
            for block in blocks:
                block.raise_largest(found, edges)
            return found[mine]

        whole = running(np.array([start_ns, end_ns], np.int64))
        mine = np.flatnonzero((whole[:, :, 1] != whole[:, :, 0]).any(axis=0))
        return PrintTotals([keys[place] for place in mine], lambda edges: running(edges)[:, mine], largest)

    def _reach(self, end_ns: int) -> None:
        """Unpack what lies before a time and is not there yet, and let go of what lies far before it."""
        first, last = self._first(end_ns), (end_ns - 1) // _BLOCK_NS
        if last > max(self._blocks, default=last):
            self._blocks = {number: block for number, block in self._blocks.items() if number >= first}
        for number in range(max(first, min(self._blocks, default=first)), last + 1):
            start = number * _BLOCK_NS
            parts = self._parts(start, start + _BLOCK_NS)
            files = tuple(part.file for part in parts)
            held = self._blocks.get(number)
            if held is None or held.files != files:
                chunks = [sliced(self._read(part), start, start + _BLOCK_NS) for part in parts]
                self._blocks[number] = Block.of(start, files, chunks, len(self._keys()))

    def _first(self, end_ns: int) -> int:
        """Give the first block that a question up to `end_ns` may touch."""
        return (end_ns - self._behind) // _BLOCK_NS


def _step(keys: int) -> int:
    """Give the step of running sums over so many scopes, in nanoseconds; it divides a block."""
    step_ns = _MINUTE_NS
    # 8 days are 45 times 256 minutes.
    while step_ns < 256 * _MINUTE_NS and 24 * keys * (_BLOCK_NS // step_ns + 1) > _RUNNING:
        step_ns *= 2
    return step_ns
