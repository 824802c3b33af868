"""The report of an event: what page, digest and API tell of one happening, verdict included.

An event knows figures and documents, a check knows one claim; a reader wants one line for both. The line's verdict is
that of the headline figure (the event's first). Several documents may claim that figure and their checks differ, for
each is held against its own window. Then the most severe word stands: a reader is warned rather than reassured.
`plausible` goes before `corroborated` for the same reason, and `not_checkable`, which says nothing, comes last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from newsdetect.checks.check import CauseCheck, Check, Verdict
from newsdetect.checks.competing import Competing, competing
from newsdetect.claims.claim import Cause
from newsdetect.claims.sentences import split
from newsdetect.documents.document import Document
from newsdetect.events.event import Event, Figure
from newsdetect.storage.rows import DocumentRef, StoredClaim
from newsdetect.storage.store import Store
from newsdetect.types import Span, Value

#: The order in which verdicts on one figure go before each other.
SEVERITY: tuple[Verdict, ...] = ("inconsistent", "contradicted", "plausible", "corroborated", "not_checkable")
#: How many characters around the figure are searched for its sentence.
_AROUND = 400
#: The store's largest page.
_AT_ONCE = 500


class EventReport(Value):
    """One event as it is told to a reader."""

    event: Event
    #: The event's first figure.
    headline: Figure
    #: The words of the claim that the verdict speaks of (as long as nothing is checked: of the first that claims the
    #: figure), and the sentence around them. Article text is hostile: both are escaped wherever they are shown. Empty
    #: where the claim is no longer stored.
    evidence: str = ""
    quote: str = ""
    #: Of the headline figure; null as long as nothing was checked.
    verdict: Verdict | None = None
    probability: float | None = None
    explanation: str = ""
    #: Some of the evidence behind the verdict is simulated; whoever shows the verdict says so.
    simulated: bool = False
    #: The checks of all the event's claims, in the order of its figures.
    checks: tuple[Check, ...] = ()
    #: The causes that its documents name, with how many name each and which fit time and price.
    competing: Competing = Competing()
    #: The event's documents, the first report first.
    documents: tuple[DocumentRef, ...] = ()


def report_events(
    store: Store, *, since: datetime | None = None, until: datetime | None = None, limit: int = 50
) -> list[EventReport]:
    """Report at most `limit` events first reported in `[since, until)`, the newest first."""
    events: list[Event] = []
    cursor: str | None = None
    while len(events) < limit:
        wanted = min(limit - len(events), _AT_ONCE)
        page = store.events(since=since, until=until, cursor=cursor, limit=wanted)
        events += page.items
        cursor = page.next
        if cursor is None:
            break
    return report(store, events)


def report(store: Store, events: Sequence[Event]) -> list[EventReport]:
    """Report these events, in their order; one without a figure tells nothing and is left out."""
    told = [event for event in events if event.figures]
    claim_ids = [ident for event in told for figure in event.figures for ident in figure.claim_ids]
    checks = store.checks_of(claim_ids)
    refs = store.document_refs(ident for event in told for ident in event.documents)
    chosen = {event.id: _speaking(event.figures[0], checks) for event in told}
    claims = store.claims_by_id(ident for _, idents in chosen.values() for ident in idents)
    first = {ident: _first(idents, claims) for ident, (_, idents) in chosen.items()}
    docs = store.documents_by_id(claim.document.id for claim in first.values() if claim)
    causes = store.causes_of(ident for event in told for ident in event.documents)
    return [
        _report(event, checks, refs, check=chosen[event.id][0], claim=first[event.id], docs=docs).model_copy(
            update={"competing": _competing(event, causes)}
        )
        for event in told
    ]


def severest(checks: Sequence[Check]) -> Check | None:
    """Pick the check whose word stands for all: by `SEVERITY`, then the likelier one; null where there is none."""
    return min(checks, key=lambda check: (SEVERITY.index(check.verdict), -(check.probability or 0.0)), default=None)


def _speaking(figure: Figure, checks: dict[str, Check]) -> tuple[Check | None, tuple[str, ...]]:
    """Give the check that speaks for a figure, and the claims that may be quoted for it, the best first."""
    check = severest([checks[ident] for ident in figure.claim_ids if ident in checks])
    return check, ((check.claim_id,) if check else ()) + figure.claim_ids


def _first(idents: Sequence[str], claims: dict[str, StoredClaim]) -> StoredClaim | None:
    return next((claims[ident] for ident in idents if ident in claims), None)


def _competing(event: Event, causes: Mapping[str, Sequence[tuple[Cause, CauseCheck | None]]]) -> Competing:
    """Count the causes that an event's documents name."""
    told = [(ident, *one) for ident in event.documents for one in causes.get(ident, ())]
    return competing([(cause, check) for _, cause, check in told], documents=[ident for ident, *_ in told])


def _report(  # noqa: PLR0913 -- what was read for all events at once
    event: Event,
    checks: dict[str, Check],
    refs: dict[str, DocumentRef],
    *,
    check: Check | None,
    claim: StoredClaim | None,
    docs: dict[str, Document],
) -> EventReport:
    order = dict.fromkeys(ident for figure in event.figures for ident in figure.claim_ids)
    doc = docs.get(claim.document.id) if claim else None
    return EventReport(
        event=event,
        headline=event.figures[0],
        evidence=claim.claim.evidence.text if claim else "",
        quote=quote(doc.content, claim.claim.evidence) if doc and claim else "",
        verdict=check.verdict if check else None,
        probability=check.probability if check else None,
        explanation=check.explanation if check else "",
        simulated=check.simulated if check else False,
        checks=tuple(checks[ident] for ident in order if ident in checks),
        documents=tuple(refs[ident] for ident in event.documents if ident in refs),
    )


def quote(content: str, evidence: Span) -> str:
    """Give the sentence of `content` around a piece of evidence, on one line; a very long one is cut."""
    start = max(0, evidence.start - _AROUND)
    # Behind an empty title, so that no piece of the text is taken for the headline.
    around = "\n" + content[start : evidence.end + _AROUND]
    place = evidence.start - start + 1
    found = next((each.text for each in split(around) if each.start <= place < each.end), evidence.text)
    return " ".join(found.split())
