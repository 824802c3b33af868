"""A case's numbers written down: ends tried, what was seen, its share of the claim, K, and the ranges that follow."""

from __future__ import annotations

from newsdetect.checks.check import Weighing
from newsdetect.checks.compare import Case
from newsdetect.checks.true_size import true_size
from newsdetect.market.instants import instant
from newsdetect.types import Interval


def weighing(case: Case) -> Weighing | None:
    """Write down how a case was weighed; None where there was nothing to weigh."""
    best, tried = case.best, case.tried
    if best is None or tried is None or not best.covers:
        return None
    ends = tried.windows.end_ns
    seen = best.seen if best.sums and best.reported is not None else None
    return Weighing(
        tried=len(tried),
        first_end=instant(int(ends.min())),
        last_end=instant(int(ends.max())),
        claimed=_rounded(best.claimed),
        seen=_rounded(seen),
        ratio=_rounded(ratio(seen, best.claimed), 4) if seen is not None and best.claimed is not None else None,
        coverage=_rounded(Interval(low=best.coverage.low, high=best.coverage.high), 4) if best.sums else None,
        reported=_rounded(best.reported),
        true_size=_rounded(true_size(best)),
        specific=None if case.specific is None else round(case.specific, 2),
    )


def _rounded(interval: Interval | None, digits: int = 2) -> Interval | None:
    if interval is None:
        return None
    low, high = (None if end is None else round(end, digits) for end in (interval.low, interval.high))
    return Interval(low=low, high=high)


def ratio(seen: Interval, claimed: Interval) -> Interval:
    """Give what was seen as a share of what is claimed; an open end of either leaves an end open."""
    low = None if seen.low is None or not claimed.high else seen.low / claimed.high
    high = None if seen.high is None or not claimed.low else seen.high / claimed.low
    return Interval(low=low, high=high)
