"""A sum that one source tells over a window, and what all kinds share: scopes, sides, shares of time, totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeVar

from newsdetect.types import ALL, Interval

#: A stretch with less than this missing counts as whole; feeds lose seconds at a reconnect.
WHOLE = 0.995
#: From this share of a window on, what was recorded of it tells what the whole was like.
PARTLY = 0.5


class Sum(NamedTuple):
    """What one source tells of one venue and coin over a window, in USD; a search over end times makes thousands."""

    kind: Literal["prints", "bars", "snapshot"]
    source: str
    venue: str
    asset: str
    low: float
    #: Null where the window is not covered throughout.
    high: float | None
    #: The share of the window that is covered, 0 to 1; null is unknown.
    connected: float | None
    #: The largest single order seen.
    largest: float = 0.0
    #: The feed holds every order of its venue.
    full: bool = False
    retrieved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A venue and a coin, or ALL of them."""

    venue: str
    asset: str

    def holds(self, venue: str, asset: str) -> bool:
        """Tell whether a row's venue and coin lie within."""
        return within(venue, self.venue) and within(asset, self.asset)


def within(part: str, whole: str) -> bool:
    """Tell whether a venue or coin is the one named, or any is meant."""
    return whole == ALL or part.casefold() == whole.casefold()


def reading(found: Sequence[Sum]) -> Interval:
    """Give what the readings themselves hold, before K: of one venue and coin the largest, over pairs the sum."""
    return reading_of(by_pair(over_time(found)))


def reading_of(pairs: Mapping[tuple[str, str], Sequence[Sum]]) -> Interval:
    """Give the same of sums that are grouped already."""
    low = sum(max(row.low for row in rows) for rows in pairs.values())
    tops: list[float] = []
    for rows in pairs.values():
        above = [high for row in rows if (high := top(row)) is not None]
        if not above:
            return Interval(low=low, high=None)
        tops.append(max(above))
    return Interval(low=low, high=max(low, sum(tops)))


def side_by_side(rows: Sequence[Sum]) -> Interval:
    """Give the same of rows of which no two are of one venue and coin, and none stands for another: they add up."""
    low = sum([row.low for row in rows])
    tops = [above for row in rows if (above := top(row)) is not None]
    return Interval(low=low, high=max(low, sum(tops)) if len(tops) == len(rows) else None)


class Told(Protocol):
    """What a row is of."""

    @property
    def kind(self) -> str:
        """Prints, bars or snapshot."""
        ...

    @property
    def venue(self) -> str:
        """Its venue, or ALL."""
        ...

    @property
    def asset(self) -> str:
        """Its coin, or ALL."""
        ...


_Told = TypeVar("_Told", bound=Told)


def over_time(found: Sequence[_Told]) -> Sequence[_Told]:
    """Leave out snapshots, which tell of a part of the window only, where anything tells of more."""
    return [row for row in found if row.kind != "snapshot"] or found


def by_pair(found: Iterable[_Told]) -> dict[tuple[str, str], list[_Told]]:
    """Group sums by venue and coin; a row over all coins of a venue (or all venues) stands for its parts."""
    pairs: dict[tuple[str, str], list[_Told]] = {}
    rows = list(found)
    whole = {row.venue for row in rows if row.asset == ALL}
    across = {row.asset for row in rows if row.venue == ALL}
    for row in rows:
        covered = (row.asset != ALL and (row.venue in whole or ALL in whole)) or (
            row.venue != ALL and (row.asset in across or ALL in across)
        )
        if not covered:
            pairs.setdefault((row.venue, row.asset), []).append(row)
    return pairs


def top(row: Sum) -> float | None:
    """Give the most that a row allows, or, recorded in part, what it makes of the whole; null is unknown."""
    if row.high is not None:
        return row.high
    # Recorded in part: what was heard, as if the rest had been like it, is no bound but a fair reading.
    return row.low / row.connected if row.kind == "prints" and row.connected and row.connected >= PARTLY else None
