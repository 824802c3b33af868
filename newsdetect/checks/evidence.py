"""All that is held against one claim at one end time: bounds, the range it would have been reported in, and the price.

Per venue and coin the largest reading bounds from below (readings of one thing are never added up), the pairs add up to
the claim's scope, and K says what share of it they can hold. How it is found, for many ends at once: holding.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from newsdetect.checks.between import NOTHING_KNOWN, Apart
from newsdetect.checks.bounds import outside
from newsdetect.checks.coverage import Coverage
from newsdetect.checks.occupancy import Corrected
from newsdetect.checks.price_words import Word
from newsdetect.checks.prices import Move
from newsdetect.checks.readings import Sum, by_pair, over_time, reading, reading_of
from newsdetect.checks.volume import Volume
from newsdetect.types import Interval, Period

#: What is told of one side by kind, source and venue: its coins with their sums from below and above (null: open).
BySide = Mapping[tuple[str, str, str], Sequence[tuple[str, float, float | None]]]


@dataclass(frozen=True)
class Held:
    """What is held against a claim if its window is `window`; amounts in USD."""

    window: Period
    #: What the claim says, in USD; null where it cannot be said in USD.
    claimed: Interval | None
    #: A claim wholly below `floor` or above `ceiling` is refuted; tolerances are in them already.
    floor: float
    ceiling: float | None
    #: What the readings make of the whole scope, K applied; null where there are none.
    reported: Interval | None
    coverage: Coverage
    #: A series of the very source and scope that the claim names agrees with it.
    same_source: bool
    price: Word
    #: Without the coins of a venue of which one row tells the exact sum.
    sums: tuple[Sum, ...]
    moves: tuple[Move, ...]
    #: The bound that the volume of the named venue sets, or null.
    volume: Volume | None = None
    #: The named price levels that were never traded.
    levels: tuple[tuple[Move, float], ...] = ()
    #: The sums of longs and of shorts, and what sampled feeds left out of the claimed side; where they were asked for.
    by_side: tuple[BySide, BySide] = field(default_factory=lambda: ({}, {}))
    corrected: tuple[Corrected, ...] = ()
    #: How far the sources of the readings lie from the claim's own, and what shares of its scope are known.
    known: Apart = NOTHING_KNOWN

    @cached_property
    def pairs(self) -> dict[tuple[str, str], list[Sum]]:
        """The sums by venue and coin, those that others stand for left out."""
        return by_pair(over_time(self.sums))

    @cached_property
    def seen(self) -> Interval:
        """What the readings themselves hold, before K."""
        return reading_of(self.pairs)

    @property
    def covers(self) -> bool:
        """Whether anything at all covers scope and time."""
        return bool(self.sums or self.moves)

    @property
    def refuted(self) -> bool:
        """Whether a bound is broken at this end time."""
        if self.price == "refutes" or self.levels:
            return True
        return self.claimed is not None and outside(self.claimed, self.floor, self.ceiling)


def reported(found: Sequence[Sum], share: Coverage) -> Interval | None:
    """Give the range that a report on the whole scope would lie in: [low / K_high, high / K_low].

    The upper end is open where nothing bounds a pair from above or K may be zero; a window that was recorded in part
    widens it further.
    """
    return scaled(reading(found), share) if found else None


def scaled(seen: Interval, share: Coverage) -> Interval | None:
    """Give the same of what readings hold."""
    if share.high <= 0:
        return None
    assert seen.low is not None
    low = seen.low / share.high
    return Interval(low=low, high=max(low, seen.high / share.low) if seen.high is not None and share.low > 0 else None)
