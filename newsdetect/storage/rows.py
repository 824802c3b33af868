"""What the store gives back beyond the values it was given: claims with their article, faults, pages of a listing."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

from newsdetect.checks.check import Check, Verdict
from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Publication
from newsdetect.types import Instant, Metric, Side, Status, Value


class DocumentRef(Value):
    """A document without its text: enough to name it and to lead there."""

    id: str
    title: str
    url: str | None = None
    outlet: str | None = None
    #: Null where it is unknown; it is never the time at which we read it.
    published: Instant | None = None
    #: Whether it reports a liquidation figure as having happened recently.
    event: bool = False


class StoredClaim(Value):
    """A claim with the document that makes it."""

    claim: Claim
    document: DocumentRef


class StoredCheck(Value):
    """A check with the time it was made."""

    check: Check
    checked_at: Instant


class PastVerdict(Value):
    """A verdict that a claim had from a time on."""

    checked_at: Instant
    verdict: Verdict
    probability: float | None = None
    explanation: str = ""


class CheckedDocument(Value):
    """A document's claims, and what the market archive held when they were last checked anew."""

    id: str
    published: Publication | None = None
    claims: tuple[Claim, ...]
    #: The archive's own word for its content over the claims' time; null where they were not checked anew yet.
    market: str | None = None


class Fault(Value):
    """Something that went wrong and was survived: recorded where its user sees it."""

    #: The step that failed: `feed`, `page`, `extract`, …
    what: str
    #: The URL, file or id it speaks of.
    key: str
    message: str
    #: When it was last seen.
    at: Instant


class ClaimFilter(Value):
    """Which claims to list; null asks for all. Times are the document's, the span is `[since, until)`."""

    asset: str | None = None
    venue: str | None = None
    side: Side | None = None
    metric: Metric | None = None
    status: Status | None = None
    #: Claims in US dollars of at least this value.
    min_usd: float | None = None
    since: Instant | None = None
    until: Instant | None = None


Row = TypeVar("Row")


class Page(Value, Generic[Row]):
    """One page of a listing, the newest first; `next` is the cursor of the following page, null at the end."""

    items: tuple[Row, ...] = ()
    next: str | None = None


#: The place of a row in a listing: its time, then its id.
Place = tuple[datetime, str]
