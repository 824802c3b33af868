"""Windows in time as columns, so that a search over many of them is one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import numpy as np
from numpy.typing import NDArray

from newsdetect.market.instants import instant, nanoseconds
from newsdetect.types import Period

_DAY_NS = 86_400 * 10**9


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Half-open windows `[start_ns, end_ns)` of equal number, nanoseconds since 1970; told apart by identity."""

    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]

    @classmethod
    def of(cls, periods: Sequence[Period]) -> Self:
        """Give periods as columns."""
        return cls(
            np.array([nanoseconds(one.start) for one in periods], np.int64),
            np.array([nanoseconds(one.end) for one in periods], np.int64),
        )

    @classmethod
    def trailing(cls, ends: Iterable[datetime], length: timedelta) -> Self:
        """Give the windows of one length that end at these times."""
        return cls.before(np.array([nanoseconds(end) for end in ends], np.int64), length)

    @classmethod
    def before(cls, end_ns: NDArray[np.int64], length: timedelta) -> Self:
        """Give the windows of one length that end at these nanoseconds."""
        return cls(end_ns - length // timedelta(microseconds=1) * 1000, end_ns)

    def __len__(self) -> int:
        return self.end_ns.size

    def period(self, place: int) -> Period:
        """Give one of them."""
        return Period(start=instant(int(self.start_ns[place])), end=instant(int(self.end_ns[place])))

    def one(self, place: int) -> Windows:
        """Give one of them as a column of its own."""
        return Windows(self.start_ns[place : place + 1], self.end_ns[place : place + 1])

    @property
    def length_ns(self) -> NDArray[np.int64]:
        """How long each is."""
        return self.end_ns - self.start_ns

    @property
    def hours(self) -> NDArray[np.float64]:
        """How long each is, in hours."""
        hours: NDArray[np.float64] = self.length_ns // 1000 / 1e6 / 3600
        return hours

    @property
    def start_days(self) -> NDArray[np.int64]:
        """The UTC day in which each begins, counted from 1970."""
        return self.start_ns // _DAY_NS

    @property
    def end_days(self) -> NDArray[np.int64]:
        """The UTC day in which each ends, counted from 1970."""
        return self.end_ns // _DAY_NS
