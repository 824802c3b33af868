"""The telling: what one document says about one happening, brought to the few features that linking compares.

A document mostly tells one happening. It tells more where its asserted figures lie in calendar windows days apart, and
then gives one telling for each. Hypothetical and historical claims are no part of any telling.

A document that tells of a single position alone (a named trader's, a whale's) tells another happening than the
market's.

Limits: which way the market went is read from figures split by side, else from the causes' types; a document that says
neither has no direction and contradicts none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from newsdetect.claims.claim import Cause, Claim, Extraction
from newsdetect.documents.document import Document
from newsdetect.types import ALL, Period

Direction = Literal["long", "short"]

#: Two settled windows this far apart cannot be one burst or one day-long wave.
_APART = timedelta(hours=48)
#: A calendar window longer than this (a week, a month) holds the happening somewhere, but does not place it.
_PLACING_HOURS = 48.0
#: The window that is taken for a figure without one: crypto totals are mostly told for a day.
_UNTOLD_HOURS = 24.0
#: One trader's liquidation takes minutes; a total that trails longer is a market's. A named day may be either's.
_BURST_HOURS = 4.0
#: How far from a figure the word for its trader may stand, in characters.
_NEARBY = 90
_TRADER = re.compile(r"\b(?:trader|whale|gambler|insider)(?!s)\b", re.IGNORECASE)
#: One side of a split total is the wave's direction from this share on; below it, both sides were caught.
_DOMINANT = 0.6


@dataclass(frozen=True, slots=True)
class Telling:
    """One document's word on one happening."""

    doc: Document
    #: Asserted claims only, the leading one first.
    claims: tuple[Claim, ...]
    causes: tuple[Cause, ...]
    #: When the happening was, as far as this document tells; null where neither windows nor publication are known.
    period: Period | None
    #: Which positions the move hit, or null where both or untold.
    direction: Direction | None
    #: A single position (a named trader's, a largest order), not a market's total.
    single: bool
    #: The period is settled by a calendar window, not guessed from the publication.
    settled: bool

    @property
    def order(self) -> tuple[bool, float, float, str, str]:
        """Sort key: known publication first, then by time, then by id, so that no input order shows through."""
        published = self.doc.published.at.timestamp() if self.doc.published else 0.0
        start = self.period.start.timestamp() if self.period else 0.0
        return (self.doc.published is None, published, start, self.doc.id, self.claims[0].id)


def tellings(doc: Document, extraction: Extraction) -> tuple[Telling, ...]:
    """Give what a document tells, the main happening first; nothing where it reports no event of its own."""
    if not extraction.event:
        return ()
    asserted = sorted((c for c in extraction.claims if c.status == "asserted"), key=prominence)
    # Beside a market's total, a largest order or a whale's loss is a part of the same report.
    single = not any(c.metric == "liquidations" and not _of_one_trader(doc, c) for c in asserted)
    return tuple(_telling(doc, group, extraction.causes, single=single) for group in _groups(asserted))


def _groups(claims: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    """Part claims by happening: those whose calendar windows lie days apart from the leading one's stand alone."""
    groups: list[list[Claim]] = []
    for claim in claims:
        home = next((group for group in groups if _together(claim, group[0])), None)
        if home is None:
            groups.append([claim])
        else:
            home.append(claim)
    return [tuple(group) for group in groups]


def prominence(claim: Claim) -> tuple[bool, bool, int, float, int, str]:
    """Sort key of a document's claims: totals in dollars first, the widest scope first, then the largest."""
    narrowed = (claim.asset != ALL) + (claim.venue != ALL) + (claim.side != "both")
    return (
        claim.metric != "liquidations",
        claim.unit != "USD",
        narrowed,
        -claim.value,
        claim.evidence.start,
        claim.id,
    )


def _placing(claim: Claim) -> Period | None:
    """Give the calendar window that says when the happening was, if the claim has one short enough."""
    period = claim.window.period if claim.window else None
    return period if period is not None and period.hours <= _PLACING_HOURS else None


def _together(claim: Claim, leader: Claim) -> bool:
    """Tell whether two figures of one document can be of one happening: their settled windows are not days apart."""
    one, other = _placing(claim), _placing(leader)
    if one is None or other is None:
        return True
    return one.start - other.end < _APART and other.start - one.end < _APART


def _telling(doc: Document, claims: tuple[Claim, ...], causes: tuple[Cause, ...], *, single: bool) -> Telling:
    settled = next((period for c in claims if (period := _placing(c)) is not None), None)
    return Telling(
        doc=doc,
        claims=claims,
        causes=causes,
        period=settled or _trailing(doc, claims),
        direction=_direction(claims, causes),
        single=single,
        settled=settled is not None,
    )


def _trailing(doc: Document, claims: Sequence[Claim]) -> Period | None:
    """Give the time that the leading window trails: up to the publication, or to the end of a day known to the day."""
    if doc.published is None:
        return None
    end: datetime = doc.published.at
    told = (c.window.hours for c in claims if c.window and c.window.hours and c.window.hours <= _PLACING_HOURS)
    hours = next(told, _UNTOLD_HOURS)
    start = end - timedelta(hours=hours)
    if doc.published.precision == "day":
        end += timedelta(days=1)
    return Period(start=start, end=end)


def _direction(claims: Sequence[Claim], causes: Sequence[Cause]) -> Direction | None:
    """Read the direction from the largest figures of each side, else from what the causes say of the price."""
    largest: dict[str, float] = {}
    for claim in claims:
        if claim.unit == "USD":
            largest[claim.side] = max(largest.get(claim.side, 0.0), claim.value)
    long, short, total = largest.get("long", 0.0), largest.get("short", 0.0), largest.get("both", 0.0)
    split = long + short
    if split:
        share = long / split if long and short else (long or short) / max(total, split)
        if long and share >= _DOMINANT:
            return "long"
        if short and (1 - share if long else share) >= _DOMINANT:
            return "short"
        if long and short:
            return None
    falls = sum(cause.type == "price_drop" and cause.role != "denied" for cause in causes)
    rises = sum(cause.type == "price_rally" and cause.role != "denied" for cause in causes)
    if falls == rises:
        return None
    return "long" if falls > rises else "short"


def _of_one_trader(doc: Document, claim: Claim) -> bool:
    """Tell whether a figure is one position's: the word for a single trader stands beside it."""
    if claim.window is not None and (claim.window.hours or 0.0) > _BURST_HOURS:
        return False
    start, end = claim.evidence.start, claim.evidence.end
    return _TRADER.search(doc.content, max(0, start - _NEARBY), end + _NEARBY) is not None
