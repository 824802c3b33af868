"""Which readings can refute a claim, and how far it must lie beyond them: who tells decides.

A bound refutes only by what its teller can know: own prints always, a series of the very source the claim names within
5 %, another source's series only beyond all that the two were seen to differ by in the archive (between.py), or, where
too little was seen, that any two ever were.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from newsdetect.checks.between import Apart, Row, plain_name
from newsdetect.checks.readings import Sum
from newsdetect.checks.tuning import tuning
from newsdetect.claims.claim import Claim
from newsdetect.types import ALL, Interval


def firmly(claim: Claim, row: Row, known: Apart) -> float:
    """Give what a row's lower bound is divided by before it refutes: prints nearly whole, series by whom is named."""
    tuned = tuning()
    if row.kind == "prints":
        return tuned.own_prints
    if claim.attributed_to is None:
        return tuned.unnamed_source
    if same_name(claim.attributed_to, row.source):
        return tuned.same_source
    beyond = known.beyond(row)
    if beyond is None:
        return _apart(claim)
    return 1 / beyond[0] if beyond[0] > 0 else math.inf


def ceiling_factor(claim: Claim, row: Row, known: Apart, *, full: bool) -> float | None:
    """Give what a row's upper bound is times before it refutes, or None where it bounds less than the claim's scope."""
    tuned = tuning()
    if not same_scope(claim, row):
        return None
    if row.kind == "prints":
        return tuned.own_prints if full else None
    if row.kind == "bars":
        if named(claim, row):
            return tuned.same_source
        beyond = known.beyond(row)
        if beyond is None:
            return _apart(claim)
        return beyond[1] if beyond[1] < math.inf else None
    return None


def refute(claim: Claim, claimed: Interval, rows: Sequence[Sum], known: Apart) -> bool:
    """Tell whether these rows, each of another venue or coin, break a bound of the claim by themselves."""
    factors = [(row, ceiling_factor(claim, row, known, full=row.full)) for row in rows]
    tops = [row.high * factor for row, factor in factors if factor is not None and row.high is not None]
    return outside(claimed, sum(row.low / firmly(claim, row, known) for row in rows), min(tops, default=None))


def outside(claimed: Interval, floor: float, ceiling: float | None) -> bool:
    """Tell whether a claimed interval lies wholly below a floor or above a ceiling."""
    low, high = claimed.low, claimed.high
    return (high is not None and floor > high) or (low is not None and ceiling is not None and low > ceiling)


def named(claim: Claim, row: Row) -> bool:
    """Tell whether a row is a series of the very source that the claim names."""
    return row.kind == "bars" and claim.attributed_to is not None and same_name(claim.attributed_to, row.source)


def same_scope(claim: Claim, row: Row) -> bool:
    """Tell whether a row holds the claim's whole scope and no more."""
    return _is_of(claim.venue.casefold(), claim.asset, row)


def same_scopes(claim: Claim, rows: tuple[Row, ...]) -> tuple[int, ...]:
    """Give the places of the rows that hold the claim's whole scope and no more."""
    return _of_scope(claim.venue.casefold(), claim.asset, rows)


@lru_cache(maxsize=1024)
def _of_scope(venue: str, asset: str, rows: tuple[Row, ...]) -> tuple[int, ...]:
    return tuple(place for place, row in enumerate(rows) if _is_of(venue, asset, row))


def _is_of(venue: str, asset: str, row: Row) -> bool:
    return row.venue.casefold() == venue and row.asset == asset


def same_name(first: str, second: str) -> bool:
    """Tell whether two names mean one source; a generator's stands for the source it plays."""
    a, b = plain_name(first), plain_name(second)
    return a == b and bool(a)


def _apart(claim: Claim) -> float:
    """Give how far two tellers of one thing may lie apart: a venue's own word lies far from what trackers tell."""
    return tuning().another_source if claim.venue == ALL else tuning().own_word
