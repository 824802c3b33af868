"""Which share of many windows a set of stretches covers; where stretches overlap they count once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.windows import Windows


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Stretches in order of time, none touching the next, and how much time lies in those before each.

    Told apart by identity.
    """

    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]
    before_ns: NDArray[np.int64]

    @classmethod
    def of(cls, start_ns: NDArray[np.int64], end_ns: NDArray[np.int64]) -> Self:
        """Unite stretches, given in any order."""
        order = np.argsort(start_ns, kind="stable")
        starts, reached = start_ns[order], np.maximum.accumulate(end_ns[order])
        begins = np.concatenate([np.ones(min(1, starts.size), bool), starts[1:] > reached[:-1]])
        first = np.flatnonzero(begins)
        # A stretch reaches as far as the last one before the next begins.
        last = np.append(first[1:], starts.size)[: first.size] - 1
        start, end = starts[first], reached[last]
        return cls(start, end, np.concatenate([np.zeros(1, np.int64), np.cumsum(end - start)]))

    def share(self, windows: Windows) -> NDArray[np.float64]:
        """Give the share of each window that is covered, 0 to 1."""
        covered: NDArray[np.float64] = (self._until(windows.end_ns) - self._until(windows.start_ns)) / windows.length_ns
        return covered

    def _until(self, at_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give how much time is covered before each instant."""
        if not self.start_ns.size:
            return np.zeros(at_ns.size, np.int64)
        begun = np.searchsorted(self.start_ns, at_ns, side="right")
        place = np.maximum(begun - 1, 0)
        inside = np.minimum(at_ns, self.end_ns[place]) - self.start_ns[place]
        return np.where(begun > 0, self.before_ns[place] + inside, 0)
