"""What all sources tell over many windows: one row a kind, source, venue and coin, one column a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isnan
from typing import Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.readings import Sum

#: What a row tells of one window besides its amounts: its largest order, and when it was read.
Extra = tuple[float, datetime | None]


class Head(NamedTuple):
    """Who tells a row, of what."""

    kind: Literal["prints", "bars", "snapshot"]
    source: str
    venue: str
    asset: str
    #: The row is the exact sum of its coins' own rows, which are left out beside it.
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Readings side by side, shape (rows, windows) each; see `readings.Sum` for what they mean."""

    heads: tuple[Head, ...]
    #: Whether a row tells anything of a window; where it does not, its amounts mean nothing.
    there: NDArray[np.bool_]
    low: NDArray[np.float64]
    #: Null is nan.
    high: NDArray[np.float64]
    connected: NDArray[np.float64]
    full: NDArray[np.bool_]
    #: Gives what else the rows tell of a window, one by one, by the window's place and whether orders count.
    extras: Callable[[int, bool], Sequence[Extra]]

    @classmethod
    def none(cls, windows: int) -> Self:
        """Give no rows."""
        empty = np.zeros((0, windows))
        return cls((), empty.astype(bool), empty, empty, empty, empty.astype(bool), lambda *_: ())

    @classmethod
    def joined(cls, many: Sequence[Rows]) -> Self:
        """Put rows of several kinds below each other."""
        there, low, high, connected, full = (
            np.concatenate([getattr(one, name) for one in many])
            for name in ("there", "low", "high", "connected", "full")
        )
        heads = tuple(head for one in many for head in one.heads)

        def extras(place: int, orders: bool) -> Sequence[Extra]:
            return [each for one in many for each in one.extras(place, orders)]

        return cls(heads, there, low, high, connected, full, extras)

    def where(self, windows: NDArray[np.bool_]) -> Self:
        """Give the same rows, which tell nothing of any other windows."""
        return replace(self, there=self.there & windows)

    def at(self, place: int, *, orders: bool = True) -> list[Sum]:
        """Give the sums of one window; without `orders` the largest ones stay zero, which spares reading them."""
        columns = (self.low, self.high, self.connected)
        low, high, connected = (column[:, place].tolist() for column in columns)
        there, full = self.there[:, place].tolist(), self.full[:, place].tolist()
        told = zip(self.heads, there, low, high, connected, full, self.extras(place, orders), strict=True)
        return [
            Sum(head.kind, head.source, head.venue, head.asset, low, None if isnan(high) else high,
                None if isnan(share) else share, top, full, read)
            for head, there, low, high, share, full, (top, read) in told
            if there
        ]  # fmt: skip
