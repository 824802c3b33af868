"""The market time that can speak to a document's claims: only data of it can change their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from newsdetect.checks.check_claims import barred
from newsdetect.checks.timing import search
from newsdetect.checks.tuning import checks_data, tuning
from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Publication
from newsdetect.types import Period


def reach(published: Publication | None, claims: Sequence[Claim]) -> Period | None:
    """Give the time from the history that a match is weighed against to the last row that may still count.

    It is never shorter than what a check reads: of a trailing window the widest slack is assumed, whatever its words.
    None where no data can help: no claim has a window in time.
    """
    widest = max(float(row["loose_hours"]) for row in checks_data("timing")["slack"])
    ends = search(published, widest) if published is not None else None
    windows = [claim.window for claim in claims if claim.window is not None and barred(claim) is None]
    periods = [window.period for window in windows if window.period is not None]
    if ends is not None:
        lengths = [timedelta(hours=window.hours) for window in windows if window.hours is not None]
        periods += [Period(start=ends.first - length, end=ends.last) for length in lengths]
    if not periods:
        return None
    tuned = tuning()
    before = timedelta(days=max(tuned.history_days, tuned.price_history_days))
    start = min(period.start for period in periods)
    end = max(period.end for period in periods)
    # The random windows are as long and as widely searched as the claim's own.
    return Period(start=start - before - (end - start), end=end + timedelta(hours=tuned.snapshot_lag_hours))
