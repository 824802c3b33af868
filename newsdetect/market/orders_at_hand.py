"""The archive's prints unpacked in memory, for batches that ask them thousands of times.

A question at a time reads the few orders at its windows' edges from disk; of thousands the edges lie everywhere. So the
days that a batch has come to lie here as plain columns, with running sums at even steps: an edge costs the orders
between it and the nearest step. Where questions come in order of time, each day is read once and let go of again.

Memory is bounded: the more scopes there are, the longer the steps, and a time of too many orders is not taken at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

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
#: Orders are cut and added so many at a time, which stay in a processor's cache.
_PIECE = 16_384
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
    #: How many orders lie before each step, and their sums, shape (steps + 1, 3, keys): what an edge takes of these
    #: lies side by side.
    passed: NDArray[np.int64]
    running: Limbs

    @classmethod
    def of(cls, start_ns: int, files: tuple[str, ...], chunks: Sequence[Chunk], keys: int) -> Self:
        """Put the prints of a block's days, chunks in order of time, together and sum them by steps."""
        step_ns = _step(keys)
        steps = np.arange(start_ns, start_ns + _BLOCK_NS + 1, step_ns)
        running = np.zeros((steps.size, 3, keys), np.int64)
        for chunk in chunks:
            for first in range(0, chunk.key.size, _PIECE):
                piece = slice(first, first + _PIECE)
                step = (chunk.time_ns[piece] - start_ns) // step_ns + 1
                _add(running, step, chunk.key[piece], limbs(chunk.usd[piece]))
        # Row by row: numpy's `cumsum` along any axis but the last walks memory column by column.
        for before, after in pairwise(running):
            np.add(before, after, out=after)
        time_ns = np.concatenate([np.empty(0, np.int64), *(one.time_ns for one in chunks)])
        return cls(
            start_ns,
            files,
            time_ns,
            np.concatenate([np.empty(0), *(one.usd for one in chunks)]),
            np.concatenate([np.empty(0, np.int32), *(one.key.astype(np.int32) for one in chunks)]),
            step_ns,
            np.searchsorted(time_ns, steps),
            running,
        )

    def before(self, edges: NDArray[np.int64]) -> Limbs:
        """Sum the block's orders before edges that lie in it, shape (edges, 3, keys): by full steps, then the rest."""
        step = (edges - self.start_ns + self.step_ns // 2) // self.step_ns
        sums = self.running[step]
        near, at = self.passed[step], self.time_ns.searchsorted(edges)
        begin, many = np.minimum(near, at), np.abs(at - near)
        if not many.any():
            return sums
        # The orders between each edge and its nearest step, one after the other.
        edge = np.repeat(np.arange(edges.size), many)
        order = np.arange(edge.size) + np.repeat(begin - (np.cumsum(many) - many), many)
        sign = np.where(at >= near, 1, -1)[edge]
        _add(sums, edge, self.key[order], sign * limbs(self.usd[order]))
        return sums

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
        #: The blocks that the question before this one needed, and the parts that they were read of.
        self._unpacked: tuple[range, Sequence[Part]] = (range(0), ())

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
            return _before(blocks, edges, len(keys))

        def largest(edges: NDArray[np.int64]) -> NDArray[np.float64]:
            found = np.zeros((len(keys), edges.size - 1))
            for block in blocks:
                block.raise_largest(found, edges)
            return found[mine]

        whole = running(np.array([start_ns, end_ns], np.int64))
        mine = np.flatnonzero((whole[:, :, 1] != whole[:, :, 0]).any(axis=0))
        if mine.size == len(keys):
            return PrintTotals(keys, running, largest)
        return PrintTotals([keys[place] for place in mine], lambda edges: running(edges)[:, mine], largest)

    def _reach(self, end_ns: int) -> None:
        """Unpack what lies before a time and is not there yet, and let go of what lies far before it."""
        first, last = self._first(end_ns), (end_ns - 1) // _BLOCK_NS
        if last > max(self._blocks, default=last):
            self._blocks = {number: block for number, block in self._blocks.items() if number >= first}
        wanted = range(max(first, min(self._blocks, default=first)), last + 1)
        parts = self._parts(wanted.start * _BLOCK_NS, wanted.stop * _BLOCK_NS)
        if (wanted, parts) == self._unpacked:
            return
        for number in wanted:
            start = number * _BLOCK_NS
            mine = [part for part in parts if part.start_ns < start + _BLOCK_NS and part.end_ns > start]
            files = tuple(part.file for part in mine)
            held = self._blocks.get(number)
            if held is None or held.files != files:
                chunks = [sliced(self._read(part), start, start + _BLOCK_NS) for part in mine]
                self._blocks[number] = Block.of(start, files, chunks, len(self._keys()))
        self._unpacked = (wanted, parts)

    def _first(self, end_ns: int) -> int:
        """Give the first block that a question up to `end_ns` may touch."""
        return (end_ns - self._behind) // _BLOCK_NS


def _before(blocks: Sequence[Block], edges: NDArray[np.int64], keys: int) -> Limbs:
    """Sum the orders of blocks, in order of time, before each edge, shape (3, keys, edges)."""
    sums = np.zeros((3, keys, edges.size), np.int64)
    if not blocks:
        return sums
    passed = np.zeros((3, keys), np.int64)
    begins = [block.start_ns for block in blocks]
    places = edges.searchsorted([*begins, begins[-1] + _BLOCK_NS]).tolist()
    for block, (first, last) in zip(blocks, pairwise(places), strict=True):
        # A block may know fewer scopes than others.
        known = block.running.shape[2]
        if first < last:
            here = block.before(edges[first:last])
            here += passed[:, :known]
            sums[:, :known, first:last] = here.transpose(1, 2, 0)
            sums[:, known:, first:last] = passed[:, known:, None]
        passed[:, :known] += block.running[-1]
    sums[:, :, places[-1] :] = passed[:, :, None]
    return sums


def _add(sums: Limbs, row: NDArray[np.int64], key: NDArray[np.integer[Any]], cut: Limbs) -> None:
    """Add amounts cut in three to sums of shape (rows, 3, keys)."""
    _, three, keys = sums.shape
    place = row * (three * keys) + key
    for number, part in enumerate(cut):
        np.add.at(sums.reshape(-1), place + number * keys, part)


def _step(keys: int) -> int:
    """Give the step of running sums over so many scopes, in nanoseconds; it divides a block."""
    step_ns = _MINUTE_NS
    # 8 days are 45 times 256 minutes.
    while step_ns < 256 * _MINUTE_NS and 24 * keys * (_BLOCK_NS // step_ns + 1) > _RUNNING:
        step_ns *= 2
    return step_ns
