"""A sum that one source tells over a window, and what all kinds of sums share: scopes, sides, shares of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from newsdetect.market.provider import Bar, Snapshot
from newsdetect.types import ALL, Period, Side

#: A stretch with less than this missing counts as whole; feeds lose seconds at a reconnect.
WHOLE = 0.995


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


def usd_of(row: Bar | Snapshot, side: Side) -> float:
    """Give a row's USD of a side."""
    if side == "both":
        return row.long_usd + row.short_usd
    return row.long_usd if side == "long" else row.short_usd


def share(stretches: list[tuple[datetime, datetime]], window: Period) -> float:
    """Give the share of a window that stretches cover; where they overlap they count once."""
    covered, reached = timedelta(0), window.start
    for start, end in sorted(stretches):
        start, end = max(start, reached), min(end, window.end)  # noqa: PLW2901 -- cut to what is not counted yet
        if end > start:
            covered += end - start
            reached = end
    return covered / (window.end - window.start)
