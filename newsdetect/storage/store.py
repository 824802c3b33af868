"""The store: everything that is remembered between two runs, in SQLite or PostgreSQL, behind one small class.

Every write is keyed by content and happens in one transaction: a second run adds nothing and changes nothing, a run
that is cut off leaves nothing half done. Reads give the package's values. The statements stand in one module a subject
(documents, claims, checks, events, feeds); here is what is one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Self

from sqlalchemy import Engine

from newsdetect.checks.check import CauseCheck, Check, Verdict
from newsdetect.claims.claim import Cause, Extraction
from newsdetect.documents.document import Document
from newsdetect.events.event import Event
from newsdetect.sources.schedule import FeedState
from newsdetect.storage import causes, checks, claims, database, documents, events, feeds, rechecks
from newsdetect.storage.rows import (
    CheckedDocument,
    ClaimFilter,
    DocumentRef,
    Fault,
    Page,
    PastVerdict,
    StoredCheck,
    StoredClaim,
)
from newsdetect.storage.transactions import Transactions
from newsdetect.types import Clock, Side, utc_now


def open_store(url: str, *, clock: Clock = utc_now) -> Store:
    """Open the store at a database URL (`sqlite:///FILE` or `postgresql://…`), making or upgrading its schema.

    `clock` tells the time that goes into "first seen" and "checked at". Raise UsageError for a URL that is neither,
    StoreError where the database cannot be reached or was written by a newer version.
    """
    return Store(database.connect(url), clock=clock)


class Store:
    """Documents, claims, causes, checks, events, feed states and faults. All methods may raise StoreError."""

    def __init__(self, engine: Engine, *, clock: Clock = utc_now) -> None:
        self._transactions = Transactions(engine)
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._transactions.close()

    def ping(self) -> None:
        """Raise StoreError unless the database answers."""
        self._transactions.ping()

    # Articles

    def save_article(self, doc: Document, extraction: Extraction, checks: Iterable[Check] = ()) -> bool:
        """Save a document, what was read out of it, and checks of its claims, all or nothing; tell whether it is new.

        A new extraction of a known document replaces the old one; claims that are the same keep their checks.
        """
        return self.save_articles([(doc, extraction, tuple(checks))])[0]

    def save_articles(
        self,
        articles: Iterable[tuple[Document, Extraction, Sequence[Check]]],
        of_causes: Mapping[str, Sequence[CauseCheck]] | None = None,
    ) -> list[bool]:
        """Save several articles in one transaction; tell of each whether it is new.

        `of_causes` are the checks of their causes, by the document's id; of causes that are not stored nothing is.
        """
        now, given = self._clock(), list(articles)
        # In one order, so that two writers of the same articles wait for each other rather than lock up.
        order = sorted(range(len(given)), key=lambda place: given[place][0].id)
        new = [False] * len(given)
        with self._transactions.writing() as connection:
            for place in order:
                doc, extraction, own = given[place]
                new[place] = documents.write(connection, doc, extraction, now=now)
                checks.write(connection, own, now=now)
            causes.write_checks(connection, of_causes or {})
        return new

    def document(self, document_id: str) -> Document | None:
        """Give a document, or null."""
        with self._transactions.reading() as connection:
            return documents.one(connection, document_id)

    def documents_by_id(self, ids: Iterable[str]) -> dict[str, Document]:
        """Give those documents that are stored, by id."""
        with self._transactions.reading() as connection:
            return documents.many(connection, ids)

    def document_refs(self, ids: Iterable[str]) -> dict[str, DocumentRef]:
        """Give references to those documents that are stored, by id, without reading their texts."""
        with self._transactions.reading() as connection:
            return documents.refs(connection, ids)

    def documents(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[DocumentRef]:
        """List documents published (first seen, where nobody says) in `[since, until)`, the newest first."""
        with self._transactions.reading() as connection:
            return documents.listing(connection, since=since, until=until, cursor=cursor, limit=limit)

    def recent_articles(self, since: datetime | None = None) -> list[tuple[Document, Extraction]]:
        """Give the articles from `since` on with what was read out of them, the oldest first: for linking."""
        with self._transactions.reading() as connection:
            return documents.since(connection, since)

    # Claims and checks

    def extraction(self, document_id: str) -> Extraction | None:
        """Give what was read out of a document, or null where it is not stored."""
        with self._transactions.reading() as connection:
            return claims.of_document(connection, document_id)

    def claims(
        self, wanted: ClaimFilter | None = None, *, cursor: str | None = None, limit: int = 50
    ) -> Page[StoredClaim]:
        """List the claims that a filter lets through, the newest document's first."""
        with self._transactions.reading() as connection:
            return claims.listing(connection, wanted or ClaimFilter(), cursor=cursor, limit=limit)

    def claims_by_id(self, ids: Iterable[str]) -> dict[str, StoredClaim]:
        """Give those claims that are stored, by id."""
        with self._transactions.reading() as connection:
            return claims.by_id(connection, ids)

    def save_checks(self, given: Iterable[Check]) -> None:
        """Save checks of stored claims, in place of older ones."""
        with self._transactions.writing() as connection:
            checks.write(connection, given, now=self._clock())

    def checks_of(self, claim_ids: Iterable[str]) -> dict[str, Check]:
        """Give the checks of those claims that have one, by the claim's id."""
        with self._transactions.reading() as connection:
            return checks.of_claims(connection, claim_ids)

    def verdicts_of(self, claim_ids: Iterable[str]) -> dict[str, tuple[PastVerdict, ...]]:
        """Give the verdicts that claims have had, by the claim's id, the oldest first."""
        with self._transactions.reading() as connection:
            return checks.history(connection, claim_ids)

    def checked_documents(self, after: str = "", *, limit: int = 500) -> list[CheckedDocument]:
        """Give documents that claim something, in the order of their ids, from the one behind `after` on."""
        with self._transactions.reading() as connection:
            return rechecks.documents_after(connection, after, limit)

    def causes_of(self, document_ids: Iterable[str]) -> dict[str, list[tuple[Cause, CauseCheck | None]]]:
        """Give the causes that documents name, by the document's id, each with its check where it has one."""
        with self._transactions.reading() as connection:
            return causes.of_documents(connection, document_ids)

    def save_recheck(
        self, document_id: str, given: Sequence[Check], of_causes: Sequence[CauseCheck] = (), *, market: str
    ) -> None:
        """Save checks that a document's claims and causes got anew, with what the market archive held for them.

        Claims that are no longer stored are left out: their document was read anew meanwhile, and is checked again.
        """
        with self._transactions.writing() as connection:
            rechecks.write(connection, document_id, given, of_causes, market=market, now=self._clock())

    def checks(
        self,
        *,
        verdict: Verdict | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[StoredCheck]:
        """List checks made in `[since, until)`, the newest first."""
        with self._transactions.reading() as connection:
            return checks.listing(connection, verdict=verdict, since=since, until=until, cursor=cursor, limit=limit)

    # Events

    def save_event(self, event: Event) -> None:
        """Save one event."""
        with self._transactions.writing() as connection:
            events.write(connection, [event], now=self._clock())

    def replace_events(self, given: Sequence[Event], *, since: datetime | None = None) -> None:
        """Save events in place of all stored ones, or of those first reported at or after `since`."""
        with self._transactions.writing() as connection:
            events.replace(connection, given, since=since, now=self._clock())

    def event(self, event_id: str) -> Event | None:
        """Give an event, or null."""
        with self._transactions.reading() as connection:
            return events.one(connection, event_id)

    def events(  # noqa: PLR0913 -- one option a filter
        self,
        *,
        asset: str | None = None,
        side: Side | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Event]:
        """List events first reported in `[since, until)`, the newest first."""
        with self._transactions.reading() as connection:
            return events.listing(
                connection, asset=asset, side=side, since=since, until=until, cursor=cursor, limit=limit
            )

    # Feeds and faults

    def feed_states(self) -> list[FeedState]:
        """Give the states of all feeds."""
        with self._transactions.reading() as connection:
            return feeds.states(connection)

    def save_feed_state(self, state: FeedState, *, was: str | None = None) -> None:
        """Save a feed's state; `was` is the URL it had before, where that changed."""
        with self._transactions.writing() as connection:
            feeds.write_state(connection, state, was=was)

    def save_faults(self, faults: Iterable[Fault]) -> None:
        """Save faults; one that comes again is kept once, with its last time."""
        with self._transactions.writing() as connection:
            feeds.write_faults(connection, faults)

    def faults(self, *, since: datetime | None = None, cursor: str | None = None, limit: int = 50) -> Page[Fault]:
        """List faults, the latest first."""
        with self._transactions.reading() as connection:
            return feeds.fault_listing(connection, since=since, cursor=cursor, limit=limit)
