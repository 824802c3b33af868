"""What one figure was read to mean, and the shape of a reader.

This is the seam at which another reader (a trained one) can stand: it takes an article laid out (`Article`) and gives
its readings in order of the text; merging, ids, causes and the event flag do not care who read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from newsdetect.claims.article import Article, Figure
from newsdetect.types import ALL, Hedge, Metric, Side, Status, Window


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure's meaning, as read; fields as in `newsdetect.claims.claim.Claim`."""

    figure: Figure
    metric: Metric
    hedge: Hedge
    window: Window | None
    #: Whether the text tells a time at all; told and null means: cannot be settled.
    window_told: bool
    side: Side | None
    asset: str
    venue: str
    status: Status
    attributed_to: str | None
    rules: tuple[str, ...]
    #: How sure the reader is, 0 to 1; rules do not doubt.
    confidence: float = 1.0

    @property
    def unit(self) -> str:
        """What it counts: a plain number of traders has no unit of its own."""
        return "traders" if self.metric == "traders_liquidated" else self.figure.amount.unit


def same_scope(first: Reading, second: Reading) -> bool:
    """Tell whether two readings can be of the same positions: an unsaid side, coin or venue agrees with anything."""
    return (
        (first.side is None or second.side is None or first.side == second.side)
        and (ALL in (first.asset, second.asset) or first.asset == second.asset)
        and (ALL in (first.venue, second.venue) or first.venue == second.venue)
    )


#: An article in, its readings out, in order of the text. Pure and thread-safe.
Reader = Callable[[Article], tuple[Reading, ...]]
