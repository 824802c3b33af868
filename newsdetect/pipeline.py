"""The whole flow on one page: one entry in, its checks out.

    entry -> document -> claims and causes -> checks -> store -> events

Every runner, the API, the demo and the command line go through these functions. None of them knows a clock, a network
or a folder: what opens URLs, the market and the store come from whoever calls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsdetect.checks.across import by_others, carried, conflicts_across, inconsistent, released
from newsdetect.checks.arithmetic import Conflict
from newsdetect.checks.causes import check_causes as causes_checked
from newsdetect.checks.check import CauseCheck, Check
from newsdetect.checks.check_claims import check_claims
from newsdetect.claims.claim import Extraction
from newsdetect.claims.levels import find_levels
from newsdetect.claims.trained import extract
from newsdetect.documents.article import read_entry
from newsdetect.documents.document import Document
from newsdetect.errors import DocumentError
from newsdetect.events.event import Event
from newsdetect.events.linking import link
from newsdetect.fetch.answer import Opener
from newsdetect.market.provider import MarketData
from newsdetect.sources.collect import fetch_page
from newsdetect.sources.entry import Entry
from newsdetect.storage.store import Store

#: A document in, its claims out: the trained reader that ships, or another one.
Extractor = Callable[[Document], Extraction]

#: Events chain over at most four days of retelling (events.linking): whoever links anew looks back twice as far, and
#: replaces only what cannot have begun before that.
_LINKED_DAYS = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Article:
    """One document with all that was made of it."""

    doc: Document
    extraction: Extraction
    checks: tuple[Check, ...]
    #: One a cause, in their order; none where they were not held against the market.
    causes: tuple[CauseCheck, ...] = ()


def process(doc: Document, *, market: MarketData | None, extractor: Extractor = extract) -> Article:
    """Read a document's claims and causes and hold both against the market."""
    extraction = extractor(doc)
    checks = check(doc, extraction, market=market)
    return Article(doc, extraction, checks, check_causes(doc, extraction, checks, market=market))


def check(doc: Document, extraction: Extraction, *, market: MarketData | None) -> tuple[Check, ...]:
    """Hold a document's claims against the market, and each other; one check a claim, in their order."""
    if not extraction.claims:
        return ()
    return check_claims(doc, extraction.claims, market, levels=find_levels(doc, extraction), orders=True)


def check_causes(
    doc: Document, extraction: Extraction, checks: Sequence[Check], *, market: MarketData | None
) -> tuple[CauseCheck, ...]:
    """Hold a document's causes against the time and the price that its checks found; one check a cause."""
    return causes_checked(doc, extraction, checks, market)


def document_of(entry: Entry, opener: Opener, *, max_text: int) -> Document:
    """Read an entry as a document; where the feed brings only a teaser, its page is fetched first.

    Raise FetchError, SourceError or DocumentError, each naming the address.
    """
    if entry.body == "feed_summary" and entry.url is not None:
        entry = fetch_page(opener, entry.url, entry=entry)
    doc = read_entry(entry)
    return within(doc, max_text)


def within(doc: Document, max_text: int) -> Document:
    """Give the document back; raise DocumentError where its text is longer than what is read."""
    if len(doc.text) > max_text:
        name = doc.url or doc.title or doc.id
        raise DocumentError(f"{name}: {len(doc.text):,} characters of text: at most {max_text:,} are read", key=name)
    return doc


def save(store: Store, articles: Sequence[Article]) -> int:
    """Save articles, all or none, and link the events that they can belong to; give how many were new."""
    if not articles:
        return 0
    before = store.checks_of(check.claim_id for each in articles for check in each.checks)
    new = sum(
        store.save_articles(
            (
                (each.doc, each.extraction, tuple(carried(before.get(one.claim_id), one) for one in each.checks))
                for each in articles
            ),
            {each.doc.id: each.causes for each in articles if each.causes},
        )
    )
    relink(store, (each.doc.published.at for each in articles if each.doc.published is not None))
    return new


def relink(store: Store, times: Iterable[datetime]) -> None:
    """Link anew the events that documents of these times can belong to; without a time, all of them."""
    first = min(times, default=None)
    since = first - 2 * _LINKED_DAYS if first is not None else None
    articles = store.recent_articles(since)
    events = link(articles)
    whole = since + _LINKED_DAYS if since is not None else None
    kept = [event for event in events if whole is None or event.first_report is None or event.first_report >= whole]
    # Of an event that began before, some articles may not be here to speak: what they said stands.
    cut = {ident for event in events if event not in kept for ident in event.documents}
    _hold_together(store, articles, events, cut)
    store.replace_events(kept, since=whole)


def _hold_together(
    store: Store, articles: Sequence[tuple[Document, Extraction]], events: Sequence[Event], cut: Collection[str]
) -> None:
    """Hold the claims of each event's articles against each other, and keep what that does to their checks.

    Of documents in `cut` not all of the event is at hand: their claims are not let go of.
    """
    known = {doc.id: (doc, extraction.claims) for doc, extraction in articles}
    against: dict[str, tuple[Conflict, ...]] = {}
    for event in events:
        if len(event.documents) > 2:
            against |= conflicts_across([known[ident] for ident in event.documents if ident in known])
    stored = store.checks_of(claim.id for _, claims in known.values() for claim in claims)
    turned = [inconsistent(stored[ident], found) for ident, found in against.items() if ident in stored]
    bound = {claim.id for ident in cut for claim in known[ident][1]} | set(against)
    free = [check for ident, check in stored.items() if by_others(check) and ident not in bound]
    turned += [released(check, check.alone) for check in free if check.alone is not None]
    store.save_checks(turned)
