"""Sets of time as sorted lists of half-open stretches `[start, end)` in nanoseconds: join, take away."""

from __future__ import annotations

from collections.abc import Iterable

Stretch = tuple[int, int]


def united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Join stretches that overlap or touch; empty ones vanish."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """Give the time of the first set that is not in the second."""
    found: list[Stretch] = []
    gone = united(taken)
    for start, end in united(stretches):
        here = start
        for lost, back in gone:
            if back <= here:
                continue
            if lost >= end:
                break
            if lost > here:
                found.append((here, lost))
            here = max(here, back)
        if here < end:
            found.append((here, end))
    return found
