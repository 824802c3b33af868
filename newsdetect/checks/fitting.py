"""One end time for all trailing figures of a report: the end at which they fit what the market archive holds best.

The 1-hour and the 24-hour figure of one sentence were read off one screen, so both get the same end. Where several ends
fit alike, the one nearest to publication is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsdetect.checks.compare import corroborates, misfit
from newsdetect.checks.evidence import Held, hold
from newsdetect.checks.holdings import Holdings, fetch
from newsdetect.checks.timing import Ends, window_at
from newsdetect.checks.tuning import tuning
from newsdetect.claims.claim import Claim
from newsdetect.market.provider import MarketData
from newsdetect.types import Period

#: Two ends whose misfits (ln of a factor) differ by less fit alike.
_ALIKE = 1e-3


@dataclass(frozen=True, slots=True)
class Fit:
    """What is held against each claim at every end tried, and at the one that fits all claims best."""

    #: By claim, in order: by end, in order of time.
    held: tuple[tuple[Held, ...], ...]
    #: By claim: at the best end.
    best: tuple[Held, ...]
    #: By claim: at the ends that fit the other claims best, which pin it; for a claim alone all ends that were tried.
    pinned: tuple[tuple[Held, ...], ...]


def fit_end(
    claims: Sequence[Claim], holdings: Holdings, ends: Ends, *, levels: Mapping[str, float] | None = None
) -> Fit:
    """Find the one end of a snapshot's trailing windows; each claim must have a window."""
    windows = [_window(claim, end) for claim in claims for end in ends.at]
    holdings.prints.prepare((window.start, window.end) for window in windows)
    tried = [tuple(hold(claim, _window(claim, end), holdings, levels=levels) for claim in claims) for end in ends.at]
    number = min(
        range(len(tried)),
        key=lambda one: (sum(misfit(held) for held in tried[one]), abs(ends.at[one] - ends.likeliest)),
    )
    end = ends.at[number]
    best = tuple(hold(claim, _window(claim, end), holdings, levels=levels, in_full=True) for claim in claims)
    return Fit(tuple(zip(*tried, strict=True)), best, tuple(_pinned(tried, place) for place in range(len(claims))))


def _pinned(tried: Sequence[Sequence[Held]], place: int) -> tuple[Held, ...]:
    """Give one claim's readings at the ends at which the other claims of the snapshot fit best."""
    others = [sum(misfit(held) for number, held in enumerate(row) if number != place) for row in tried]
    return tuple(row[place] for row, off in zip(tried, others, strict=True) if off <= min(others) + _ALIKE)


def likelihood_ratio(claim: Claim, market: MarketData, best: Held, ends: Ends | None) -> float | None:
    """Give P(match | true) / P(match | random window), so that searching many ends cannot manufacture a match.

    The random windows are of the same length, one a day back from the claim's own; each is searched over as long a span
    of ends. None where fewer windows than needed are covered as the claim's own is.
    """
    tuned = tuning()
    length = best.window.end - best.window.start
    span = ends.last - ends.first if ends is not None else timedelta(0)
    newest = best.window.start - timedelta(hours=1)
    anchors = [newest - timedelta(days=day) for day in range(int(tuned.history_days))]
    history = fetch(market, anchors[-1] - span - length, newest, coins={claim.asset, claim.unit})
    if history.empty:
        return None
    searched = [
        [
            Period(start=end - length, end=end)
            for end in sorted({anchor, anchor - span / 3, anchor - 2 * span / 3, anchor - span})
        ]
        for anchor in anchors
    ]
    history.prints.prepare((window.start, window.end) for many in searched for window in many)
    matches = windows = 0
    for many in searched:
        tried = [hold(claim, window, history) for window in many]
        if any(_covered_alike(one, best) for one in tried):
            windows += 1
            matches += any(corroborates(one) for one in tried)
    if windows < tuned.fewest_windows:
        return None
    return 1 / max(matches / windows, 1 / (windows + 1))


def _covered_alike(held: Held, best: Held) -> bool:
    """Tell whether a window is covered about as well as the claim's own, so that a match could have shown."""
    return held.reported is not None and held.coverage.middle >= 0.9 * best.coverage.middle


def _window(claim: Claim, end: datetime) -> Period:
    window = window_at(claim, end)
    assert window is not None
    return window
