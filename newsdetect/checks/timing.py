"""Where in time a claim lies: a calendar window stands, a trailing window's end is searched around publication.

"In the past hour" ended at most an hour before it was published, "in a single hour" may be some hours old; by how much
is data (fixtures/checks/timing.toml). All trailing windows of one document's report are one snapshot and share one
end. A `not_before` publication is searched like any other: the piece follows what it cites within the slack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsdetect.checks.tuning import checks_data
from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Document, Publication
from newsdetect.types import Period


@dataclass(frozen=True, slots=True)
class Ends:
    """The end times that a claim's window may have, in order of time; `likeliest` is the one to fall back on."""

    at: tuple[datetime, ...]
    likeliest: datetime

    @property
    def first(self) -> datetime:
        """The earliest end."""
        return self.at[0]

    @property
    def last(self) -> datetime:
        """The latest end."""
        return self.at[-1]


def trailing(claim: Claim) -> bool:
    """Tell whether a claim belongs to its document's snapshot: asserted, over a length of time that trails it."""
    return claim.status == "asserted" and claim.window is not None and claim.window.hours is not None


def snapshot_ends(doc: Document, claims: Sequence[Claim]) -> Ends | None:
    """Give the ends to be tried for a document's snapshot; None without publication time or trailing window.

    The widest slack of its claims holds for all of them, for one end must fit all.
    """
    members = [claim for claim in claims if trailing(claim)]
    if doc.published is None or not members:
        return None
    slack = max(slack_hours(doc, claim) for claim in members)
    return search(doc.published, slack)


def search(published: Publication, slack: float) -> Ends:
    """Give the ends from publication less `slack` hours to some minutes after it; a day known alone counts whole.

    But for the publication itself they are full minutes: no report is read off to the second, and sums of prints lie
    at hand by minutes.
    """
    data = checks_data("timing")
    likeliest = published.at
    minute = full_minute(published.at)
    first = minute - whole_minutes(timedelta(hours=slack))
    last = minute + timedelta(minutes=data["after_minutes"])
    if published.precision == "day":
        last += timedelta(days=1)
        likeliest += timedelta(days=1)
    step = max(timedelta(minutes=data["step_minutes"]), -whole_minutes((first - last) / data["most_steps"]))
    steps = (last - first) // step
    tried = {first + number * step for number in range(steps + 1)} | {likeliest, last}
    return Ends(tuple(sorted(tried)), likeliest)


def full_minute(at: datetime) -> datetime:
    """Give the last full minute at or before an instant."""
    return at.replace(second=0, microsecond=0)


def whole_minutes(length: timedelta) -> timedelta:
    """Cut a length down to full minutes, a negative one to the next below."""
    return length // timedelta(minutes=1) * timedelta(minutes=1)


def slack_hours(doc: Document, claim: Claim) -> float:
    """Give how many hours before publication a claim's trailing window may have ended, by its words."""
    hours = claim.window.length_hours if claim.window is not None else 0.0
    row = next(row for row in checks_data("timing")["slack"] if hours <= row["up_to_hours"])
    return float(row["told_hours"] if _told(doc, claim) else row["loose_hours"])


def window_at(claim: Claim, end: datetime) -> Period | None:
    """Give the calendar time of a claim whose snapshot ended at `end`; a calendar window stands as it is."""
    if claim.window is None:
        return None
    if claim.window.hours is None:
        return claim.window.period
    return Period.trailing(end, claim.window.hours)


def settled_window(doc: Document, period: Period) -> Period | None:
    """Cut a calendar window to what its report can have known: "on July 15", told that morning, is not yet a day.

    None where the window had not begun.
    """
    published = doc.published
    if published is None or published.bound == "not_before":
        return period
    known = published.at + timedelta(days=1 if published.precision == "day" else 0)
    known += timedelta(minutes=checks_data("timing")["after_minutes"])
    if known <= period.start:
        return None
    return period if period.end <= known else Period(start=period.start, end=known)


def _told(doc: Document, claim: Claim) -> bool:
    """Tell whether the words around the figure say that the window trails the writing."""
    words = checks_data("timing")["words"]
    near, span = words["near_characters"], claim.evidence
    around = doc.content[max(0, span.start - near) : span.end + near]
    hours = claim.window.length_hours if claim.window is not None else 0.0
    unit = r"hour\b|60\sminutes" if hours <= 1.5 else r"hours?\b|day\b|days\b|week\b"
    pattern = rf"\b(?:{'|'.join(words['trailing'])})\s(?:an?\s|one\s|single\s|few\s|\d{{1,3}}[\s-]?)?(?:{unit})"
    return re.search(pattern, around, re.IGNORECASE) is not None
