"""The five verdicts, in their order of precedence: the first that holds.

Pure: all evidence comes in, nothing is looked up. No verdict says more than its data can carry: missing data never
contradicts, one broken bound contradicts only if it is broken at every end time the window may have, and a match
confirms only if it holds most of the claim's scope and is narrow and special enough to mean something.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.arithmetic import Conflict
from newsdetect.checks.check import Verdict
from newsdetect.checks.evidence import Held
from newsdetect.checks.tried import Tried
from newsdetect.checks.tuning import tuning
from newsdetect.types import Interval


@dataclass(frozen=True, slots=True)
class Case:
    """All that a verdict on one claim rests on."""

    #: Why the claim cannot be checked whatever the data, or null.
    barred: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    #: What decides at each admissible end time, and all that is held at the one that fits best.
    tried: Tried | None = None
    best: Held | None = None
    #: Which ends the other figures of the snapshot leave; null where they leave all.
    pinned: NDArray[np.bool_] | None = None
    #: P(match | true) / P(match | random window); null where there is no history to tell.
    specific: float | None = None
    #: Why there is nothing to compare with, where that is so: no window, no publication time, no data.
    missing: str | None = None


def compare(case: Case) -> Verdict:
    """Give the first verdict that holds."""
    if case.barred is not None:
        return "not_checkable"
    if case.conflicts:
        return "inconsistent"
    if case.missing is not None or case.best is None or case.tried is None or not case.tried.covers.any():
        return "not_checkable"
    if case.tried.refuted.all():
        return "contradicted"
    special = case.specific is None or case.specific >= tuning().specific
    if special and corroborates(case.best) and searched(case) <= tuning().searched:
        return "corroborated"
    return "plausible" if case.best.covers else "not_checkable"


def corroborates(held: Held) -> bool:
    """Tell whether what is held would confirm the claim, were the match special."""
    if held.refuted or held.price in ("against", "refutes"):
        return False
    return held.same_source or _fits_closely(held)


def _fits_closely(held: Held) -> bool:
    tuned, range_ = tuning(), held.reported
    if range_ is None or held.claimed is None or held.coverage.middle < tuned.coverage:
        return False
    if range_.high is None or not range_.low or range_.high > tuned.width * range_.low:
        return False
    return range_.overlaps(held.claimed)


def matches(tried: Tried) -> NDArray[np.bool_]:
    """Tell at which ends what is held would confirm the claim, were the match special: `corroborates`, of many."""
    tuned = tuning()
    narrow = tried.bounded & (tried.high <= tuned.width * tried.low) & (tried.middle >= tuned.coverage)
    return ~tried.refuted & ~tried.against & (tried.same_source | (narrow & tried.overlaps))


def searched(case: Case) -> float:
    """Give the factor by which the readings move over the admissible ends: what the search for an end could match.

    A settled window's own width is judged apart (`width`): only what the search adds counts, so 1 for one end. Ranges
    that are open match nothing, so they count for nothing. Ends that the report's other figures rule out are none.
    """
    tried = case.tried
    if tried is None:
        return 1.0
    ends = tried.bounded if case.pinned is None else tried.bounded & case.pinned
    if not ends.any():
        return 1.0
    low, high = tried.low[ends], tried.high[ends]
    return float(min(low.max() / low.min(), high.max() / high.min()))


def misfits(tried: Tried) -> NDArray[np.float64]:
    """Give how far a claim lies from what is held at each end: |ln| of the factor between them, 0 where they overlap.

    A broken bound weighs more than any factor, so that the end times that keep all bounds are preferred.
    """
    broken = np.where(tried.refuted, 10.0, 0.0)
    apart = np.flatnonzero(tried.said & tried.told & ~tried.overlaps)
    columns = (tried.claimed_low, tried.claimed_high, tried.low, tried.high)
    # By `math.log`: numpy's differs from it, and from one processor to the next, in the last place.
    broken[apart] += [
        math.log(low / max(most, 1.0)) if most < low else math.log(max(least, 1.0) / max(high, 1.0))
        for least, most, low, high in zip(*(column[apart].tolist() for column in columns), strict=True)
    ]
    return broken


def log_factor(claimed: Interval, reported: Interval) -> float:
    """Give ln of the factor between two ranges, 0 where they overlap."""
    if claimed.overlaps(reported):
        return 0.0
    if claimed.high is not None and reported.low is not None and claimed.high < reported.low:
        return math.log(reported.low / max(claimed.high, 1.0))
    assert claimed.low is not None
    assert reported.high is not None
    return math.log(max(claimed.low, 1.0) / max(reported.high, 1.0))
