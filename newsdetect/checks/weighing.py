"""A case's numbers written down: ends tried, what was seen, its share of the claim, K, and the ranges that follow."""

from __future__ import annotations

from newsdetect.checks.check import Weighing
from newsdetect.checks.compare import Case
from newsdetect.checks.evidence import reading
from newsdetect.checks.true_size import true_size
from newsdetect.types import Interval


def weighing(case: Case) -> Weighing | None:
    """Write down how a case was weighed; None where there was nothing to weigh."""
    best = case.best
    if best is None or not case.held or not best.covers:
        return None
    ends = [held.window.end for held in case.held]
    seen = reading(best.sums) if best.sums and best.reported is not None else None
    return Weighing(
        tried=len(ends),
        first_end=min(ends),
        last_end=max(ends),
        claimed=_rounded(best.claimed),
        seen=_rounded(seen),
        ratio=_ratio(seen, best.claimed),
        coverage=Interval(low=round(best.coverage.low, 4), high=round(best.coverage.high, 4)) if best.sums else None,
        reported=_rounded(best.reported),
        true_size=_rounded(true_size(best)),
        specific=None if case.specific is None else round(case.specific, 2),
    )


def _rounded(interval: Interval | None) -> Interval | None:
    if interval is None:
        return None
    low, high = (None if end is None else round(end, 2) for end in (interval.low, interval.high))
    return Interval(low=low, high=high)


def _ratio(seen: Interval | None, claimed: Interval | None) -> Interval | None:
    """Give what was seen as a share of what is claimed; an open end of either leaves an end open."""
    if seen is None or claimed is None:
        return None
    low = None if seen.low is None or not claimed.high else round(seen.low / claimed.high, 4)
    high = None if seen.high is None or not claimed.low else round(seen.high / claimed.low, 4)
    return Interval(low=low, high=high)
