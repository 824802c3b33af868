"""One end time for all trailing figures of a report: the end at which they fit what the market archive holds best.

The 1-hour and the 24-hour figure of one sentence were read off one screen, so both get the same end. Where several ends
fit alike, the one nearest to publication is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.compare import matches, misfits
from newsdetect.checks.evidence import Held
from newsdetect.checks.holding import Trial, hold
from newsdetect.checks.holdings import Holdings
from newsdetect.checks.timing import Ends, full_minute, whole_minutes
from newsdetect.checks.tuning import tuning
from newsdetect.checks.windows import Windows
from newsdetect.claims.claim import Claim
from newsdetect.market.instants import nanoseconds

#: Two ends whose misfits (ln of a factor) differ by less fit alike.
_ALIKE = 1e-3
_DAY_NS = 86_400 * 10**9
#: Reads what is held of `[start, end)`.
Reader = Callable[[datetime, datetime], Holdings]


@dataclass(frozen=True, slots=True)
class Fit:
    """What is held against each claim at every end tried, and at the one that fits all claims best."""

    #: By claim, in order: by end, in order of time.
    trials: tuple[Trial, ...]
    #: By claim: at the best end.
    best: tuple[Held, ...]
    #: By claim: which ends fit the other claims best, and so pin it; for a claim alone all ends that were tried.
    pinned: tuple[NDArray[np.bool_], ...]


def fit_end(
    claims: Sequence[Claim], holdings: Holdings, ends: Ends, *, levels: Mapping[str, float] | None = None
) -> Fit:
    """Find the one end of a snapshot's trailing windows; each claim must have a window that trails."""
    lengths = {claim.window.hours for claim in claims if claim.window is not None and claim.window.hours is not None}
    end_ns = np.array([nanoseconds(end) for end in ends.at], np.int64)
    windows = {hours: Windows.before(end_ns, timedelta(hours=hours)) for hours in lengths}
    prepare(holdings, list(windows.values()))
    trials = []
    for claim in claims:
        assert claim.window is not None
        assert claim.window.hours is not None
        trials.append(hold(claim, windows[claim.window.hours], holdings, levels=levels))
    off = [misfits(trial.tried) for trial in trials]
    total = _added(off, len(ends.at)).tolist()
    # An end of which nothing is known fits anything: it is taken only where all others break a bound.
    worth = _added([np.where(trial.tried.refuted, 2.0, ~trial.tried.covers) for trial in trials], len(ends.at)).tolist()
    number = min(range(len(total)), key=lambda one: (worth[one], total[one], abs(ends.at[one] - ends.likeliest)))
    pinned = []
    for place in range(len(claims)):
        others = _added([one for number, one in enumerate(off) if number != place], len(ends.at))
        pinned.append(others <= others.min() + _ALIKE)
    best = tuple(trial.at(_told_at(trial, number, one, ends)) for trial, one in zip(trials, off, strict=True))
    return Fit(tuple(trials), best, tuple(pinned))


def _told_at(trial: Trial, number: int, off: NDArray[np.float64], ends: Ends) -> int:
    """Give the end at which a claim is told: the common one, or its own best if nothing is known of it there."""
    covers = trial.tried.covers
    if covers[number] or not covers.any():
        return number
    return min(np.flatnonzero(covers).tolist(), key=lambda one: (off[one], abs(ends.at[one] - ends.likeliest)))


def _added(columns: Sequence[NDArray[Any]], ends: int) -> NDArray[np.float64]:
    total = np.zeros(ends)
    for column in columns:
        total = total + column
    return total


def prepare(holdings: Holdings, many: Sequence[Windows]) -> None:
    """Sum the prints of many windows in one go."""
    edges = (np.concatenate([getattr(windows, name) for windows in many]) for name in ("start_ns", "end_ns"))
    holdings.prints.prepare(*edges)


def likelihood_ratio(claim: Claim, read: Reader, best: Held, ends: Ends | None) -> float | None:
    """Give P(match | true) / P(match | random window), so that searching many ends cannot manufacture a match.

    The random windows are of the same length, one a day back from the claim's own; each is searched over as long a span
    of ends. None where fewer windows than needed are covered as the claim's own is.
    """
    tuned = tuning()
    length = best.window.end - best.window.start
    span = ends.last - ends.first if ends is not None else timedelta(0)
    newest = full_minute(best.window.start - timedelta(hours=1))
    days = int(tuned.history_days)
    history = read(newest - timedelta(days=days - 1) - span - length, newest)
    if history.empty:
        return None
    windows, each = history.once(("random", length, span), lambda: _random(newest, length, span, days))
    tried = hold(claim, windows, history, for_match=True).tried
    alike = (tried.told & (tried.middle >= 0.9 * best.coverage.middle)).reshape(days, each).any(axis=1)
    matched = matches(tried).reshape(days, each).any(axis=1)
    known = int(alike.sum())
    if known < tuned.fewest_windows:
        return None
    return 1 / max(int((matched & alike).sum()) / known, 1 / (known + 1))


def _random(newest: datetime, length: timedelta, span: timedelta, days: int) -> tuple[Windows, int]:
    """Give the random windows, the latest of which ends at `newest`, day by day, and how many each day has."""
    back = sorted({whole_minutes(share * span / 3) for share in range(4)}, reverse=True)
    last = np.array([nanoseconds(newest - one) for one in back], np.int64)
    ends = last - np.arange(days)[:, None] * _DAY_NS
    return Windows.before(ends.reshape(-1), length), len(back)
