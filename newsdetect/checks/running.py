"""Amounts in order of time, summed between any two places at once and exactly: sums that no order of adding moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from newsdetect.market.exact import Limbs, limbs, total


@dataclass(frozen=True, slots=True)
class Running:
    """Exact sums of all amounts before the i-th, shape (3, …, amounts + 1)."""

    sums: Limbs

    @classmethod
    def of(cls, usd: NDArray[np.float64]) -> Self:
        """Sum amounts along their last axis."""
        sums = np.zeros((3, *usd.shape[:-1], usd.shape[-1] + 1), np.int64)
        np.cumsum(limbs(usd.reshape(-1)).reshape(3, *usd.shape), axis=-1, out=sums[..., 1:])
        return cls(sums)

    def between(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.float64]:
        """Sum the amounts `[first, last)`, each rounded once; nothing where the last is not behind the first."""
        return total(self.sums[..., np.maximum(last, first)] - self.sums[..., first])
