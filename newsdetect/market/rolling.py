"""Sums of prints over a window that moves: for each end time of a span, exact to the cent and beyond.

A window of one length slides by steps; what enters at its end and what leaves at its start is counted at the step where
it does, and a running sum gives the whole curve. The work grows with the prints of the two edges and with the number of
ends, never with their product. Windows are half-open: at the end `e` a print at `t` counts iff `e - length <= t < e`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsdetect.errors import UsageError
from newsdetect.market.exact import Limbs, limbs, total
from newsdetect.market.instants import instant, nanoseconds
from newsdetect.market.provider import PrintKey, Prints

#: What prints may be told apart by.
Scope = Literal["source", "venue", "asset", "side"]
BY: tuple[Scope, ...] = ("venue", "side")
#: More than this many numbers are a mistake in the step, not a question.
_MOST = 100_000_000


class Chunk(NamedTuple):
    """Prints as columns of equal length, in order of time; `key` is a place in some list of scopes."""

    time_ns: NDArray[np.int64]
    usd: NDArray[np.float64]
    key: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """The windows asked for: `count` of them, each `length_ns` long, the first ending at `first_ns`, then by steps."""

    first_ns: int
    step_ns: int
    count: int
    length_ns: int

    @property
    def last_ns(self) -> int:
        """The last end."""
        return self.first_ns + (self.count - 1) * self.step_ns

    @property
    def ends_ns(self) -> NDArray[np.int64]:
        """All ends, in nanoseconds since 1970."""
        return self.first_ns + np.arange(self.count, dtype=np.int64) * self.step_ns


def span(first: datetime, last: datetime, *, length: timedelta, step: timedelta = timedelta(seconds=1)) -> Span:
    """Give the ends from `first` by steps up to `last`, itself among them if a step meets it.

    Raise UsageError for times without a zone, a span that ends before it starts, or a length or step of nothing.
    """
    if first.tzinfo is None or last.tzinfo is None or last < first:
        raise UsageError(f"no span of end times: {first.isoformat()} to {last.isoformat()}; both in UTC, in order")
    if step <= timedelta(0) or length <= timedelta(0):
        raise UsageError(f"a window of {length} by steps of {step}: both must be longer than nothing")
    begin, end = nanoseconds(first), nanoseconds(last)
    step_ns, length_ns = (one // timedelta(microseconds=1) * 1000 for one in (step, length))
    return Span(begin, step_ns, (end - begin) // step_ns + 1, length_ns)


@dataclass(frozen=True, slots=True)
class Groups:
    """Which prints are summed together: for each key its group's place; those of no group come last."""

    #: What tells a group from the others, in the order of `by`.
    names: tuple[tuple[str, ...], ...]
    by: tuple[Scope, ...]
    place: NDArray[np.int64]


def grouped(
    keys: Sequence[PrintKey], by: Sequence[Scope] = BY, *, venue: str | None = None, assets: Sequence[str] | None = None
) -> Groups:
    """Group keys by some of their fields; only those of a venue and of some coins, if these are named."""
    wanted = None if assets is None else {asset.upper() for asset in assets}
    told: list[tuple[str, ...] | None] = [
        tuple(getattr(key, name) for name in by)
        if (venue is None or key.venue.casefold() == venue.casefold()) and (wanted is None or key.asset in wanted)
        else None
        for key in keys
    ]
    names = tuple(sorted({one for one in told if one is not None}))
    number = {one: place for place, one in enumerate(names)} | {None: len(names)}
    return Groups(names, tuple(by), np.array([number[one] for one in told], np.int64))


@dataclass(frozen=True, slots=True)
class Rolling:
    """A curve for each group: USD summed over the window that ends at each end."""

    span: Span
    by: tuple[Scope, ...]
    names: tuple[tuple[str, ...], ...]
    #: Exact sums, shape (3, groups, ends).
    sums: Limbs

    def usd(self, **only: str) -> NDArray[np.float64]:
        """Give the sum at each end, over all groups or those with e.g. `side="long"`: exact, rounded once."""
        unknown = only.keys() - set(self.by)
        if unknown:
            raise UsageError(f"the curves are not told apart by {', '.join(sorted(unknown))}, only by {self.by}")
        wanted = [dict(zip(self.by, name, strict=True)) for name in self.names]
        rows = [row for row, name in enumerate(wanted) if only.items() <= name.items()]
        return total(self.sums[:, rows].sum(axis=1))

    def curves(self) -> NDArray[np.float64]:
        """Give all groups' sums, shape (groups, ends), in the order of `names`."""
        return total(self.sums)

    def highest(self, **only: str) -> tuple[datetime, float]:
        """Give the first end at which the sum is largest, and that sum."""
        return self._at(int(np.argmax(curve := self.usd(**only))), curve)

    def lowest(self, **only: str) -> tuple[datetime, float]:
        """Give the first end at which the sum is smallest, and that sum."""
        return self._at(int(np.argmin(curve := self.usd(**only))), curve)

    def _at(self, place: int, curve: NDArray[np.float64]) -> tuple[datetime, float]:
        return instant(self.span.first_ns + place * self.span.step_ns), float(curve[place])


def rolling_sums(prints: Prints, asked: Span, by: Sequence[Scope] = BY) -> Rolling:
    """Give the curves of prints in memory, which must hold all from the first window's start to the last end."""
    chunk = Chunk(prints.time_ns, prints.usd, prints.key.astype(np.int64))
    start = asked.first_ns - asked.length_ns
    groups = grouped(prints.keys, by)
    before = added([sliced(chunk, start, asked.first_ns)], groups)
    enters = sliced(chunk, asked.first_ns, asked.last_ns)
    return slide(asked, groups, before, [enters], [sliced(chunk, start, start + asked.last_ns - asked.first_ns)])


def slide(asked: Span, groups: Groups, before: Limbs, enters: Iterable[Chunk], leaves: Iterable[Chunk]) -> Rolling:
    """Move the window over its span.

    `before` holds the sums over the first window, shape (3, groups); `enters` the prints from the first end to the
    last, `leaves` those from the first start to the last, each in chunks.
    """
    height, ends = len(groups.names) + 1, asked.count
    if height * ends > _MOST:
        raise UsageError(f"{height - 1:,} curves of {ends:,} ends are too many: take longer steps or fewer groups")
    change = np.zeros((3, height * ends), np.int64)
    for sign, since, chunks in ((1, asked.first_ns, enters), (-1, asked.first_ns - asked.length_ns, leaves)):
        for chunk in chunks:
            # A print at t is past the edge from the first step on that lies behind t.
            step = (chunk.time_ns - since) // asked.step_ns + 1
            place = groups.place[chunk.key] * ends + step
            for row, cut in zip(change, sign * limbs(chunk.usd), strict=True):
                np.add.at(row, place, cut)
    change = change.reshape(3, height, ends)[:, :-1]
    change[:, :, 0] += before
    return Rolling(asked, groups.by, groups.names, np.cumsum(change, axis=2, out=change))


def added(chunks: Iterable[Chunk], groups: Groups) -> Limbs:
    """Sum prints by group, shape (3, groups)."""
    sums = np.zeros((3, len(groups.names) + 1), np.int64)
    for chunk in chunks:
        place = groups.place[chunk.key]
        for row, cut in zip(sums, limbs(chunk.usd), strict=True):
            np.add.at(row, place, cut)
    return sums[:, :-1]


def sliced(chunk: Chunk, start_ns: int, end_ns: int) -> Chunk:
    """Cut a chunk to `[start_ns, end_ns)`."""
    first, last = np.searchsorted(chunk.time_ns, [start_ns, end_ns])
    return Chunk(chunk.time_ns[first:last], chunk.usd[first:last], chunk.key[first:last])
