"""The five verdicts, in their order of precedence: the first that holds.

Pure: all evidence comes in, nothing is looked up. No verdict says more than its data can carry: missing data never
contradicts, one broken bound contradicts only if it is broken at every end time the window may have, and a match
confirms only if it holds most of the claim's scope and is narrow and special enough to mean something.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from newsdetect.checks.arithmetic import Conflict
from newsdetect.checks.check import Verdict
from newsdetect.checks.evidence import Held
from newsdetect.checks.tuning import tuning
from newsdetect.types import Interval


@dataclass(frozen=True, slots=True)
class Case:
    """All that a verdict on one claim rests on."""

    #: Why the claim cannot be checked whatever the data, or null.
    barred: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    #: What is held at each admissible end time, and at the one that fits best.
    held: tuple[Held, ...] = ()
    best: Held | None = None
    #: What is held at those ends that the other figures of the snapshot leave; none where they leave all.
    pinned: tuple[Held, ...] = ()
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
    if case.missing is not None or case.best is None or not any(held.covers for held in case.held):
        return "not_checkable"
    if contradicted(case.held):
        return "contradicted"
    special = case.specific is None or case.specific >= tuning().specific
    if special and corroborates(case.best) and searched(case) <= tuning().searched:
        return "corroborated"
    return "plausible" if case.best.covers else "not_checkable"


def contradicted(held: Sequence[Held]) -> bool:
    """Tell whether a bound is broken wherever the window may lie."""
    return bool(held) and all(one.refuted for one in held)


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


def searched(case: Case) -> float:
    """Give the factor by which the readings move over the admissible ends: what the search for an end could match.

    A settled window's own width is judged apart (`width`): only what the search adds counts, so 1 for one end. Ranges
    that are open match nothing, so they count for nothing. Ends that the report's other figures rule out are none.
    """
    ranges = [one.reported for one in case.pinned or case.held if one.reported is not None]
    lows = [one.low for one in ranges if one.low and one.high is not None]
    highs = [one.high for one in ranges if one.low and one.high is not None]
    return min(max(lows) / min(lows), max(highs) / min(highs)) if lows else 1.0


def misfit(held: Held) -> float:
    """Give how far a claim lies from what is held: |ln| of the factor between them, 0 where they overlap.

    A broken bound weighs more than any factor, so that the end times that keep all bounds are preferred.
    """
    broken = 10.0 if held.refuted else 0.0
    if held.claimed is None or held.reported is None:
        return broken
    return broken + log_factor(held.claimed, held.reported)


def log_factor(claimed: Interval, reported: Interval) -> float:
    """Give ln of the factor between two ranges, 0 where they overlap."""
    if claimed.overlaps(reported):
        return 0.0
    if claimed.high is not None and reported.low is not None and claimed.high < reported.low:
        return math.log(reported.low / max(claimed.high, 1.0))
    assert claimed.low is not None
    assert reported.high is not None
    return math.log(max(claimed.low, 1.0) / max(reported.high, 1.0))
