"""What decides between the end times of a claim's window: a column for each question, a place in it for each end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.windows import Windows


@dataclass(frozen=True, slots=True)
class Tried:
    """What is held against a claim at each of its windows; columns of equal length, in USD, open ends as inf."""

    windows: Windows
    #: Anything at all covers scope and time.
    covers: NDArray[np.bool_]
    #: A bound is broken.
    refuted: NDArray[np.bool_]
    #: The claim can be said in USD, from `claimed_low` to `claimed_high`.
    said: NDArray[np.bool_]
    claimed_low: NDArray[np.float64]
    claimed_high: NDArray[np.float64]
    #: The readings make a range of the whole scope, K applied, from `low` to `high`.
    told: NDArray[np.bool_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    #: The middle of K.
    middle: NDArray[np.float64]
    #: A series of the very source and scope that the claim names agrees with it.
    same_source: NDArray[np.bool_]
    #: The price speaks against it, or refutes it.
    against: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.windows)

    @property
    def overlaps(self) -> NDArray[np.bool_]:
        """Where the claim may lie in the range that was made."""
        return self.said & self.told & (self.claimed_high >= self.low) & (self.claimed_low <= self.high)

    @property
    def bounded(self) -> NDArray[np.bool_]:
        """Where that range has two ends, the lower one above nothing."""
        return self.told & (self.low > 0) & (self.high < np.inf)
