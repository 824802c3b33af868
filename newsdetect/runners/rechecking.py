"""Stored claims are held against the market anew once data of their time have arrived, or were revised.

A document says what the archive held when its claims were last checked anew; only where that has changed it is read
again. So a second run does nothing, and one that is cut off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsdetect import pipeline
from newsdetect.checks.across import carried
from newsdetect.checks.check import Check, Verdict
from newsdetect.checks.check_many import at_hand, in_order_of_time
from newsdetect.checks.reach import reach
from newsdetect.market.provider import MarketData, MarketRecord
from newsdetect.storage.rows import CheckedDocument
from newsdetect.storage.store import Store
from newsdetect.types import Value

_AT_ONCE = 500


class Turned(Value):
    """A claim whose verdict changed."""

    document_id: str
    #: What it was; null for a claim that had not been checked.
    before: Verdict | None
    check: Check


@dataclass(slots=True)
class Rechecked:
    """What checking anew came to."""

    #: Documents and claims that were held against the market again.
    documents: int = 0
    claims: int = 0
    turned: list[Turned] = field(default_factory=list)
    #: When the documents were published.
    times: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class Rechecker:
    """Checks stored claims whose data have changed; it remembers the archive as it found it, and rests until then."""

    store: Store
    market: MarketRecord
    _seen: str | None = None

    def run(self) -> Rechecked:
        """Check what is pending. Raise StoreError where store or archive fail; all that was done before stays."""
        done = Rechecked()
        held = self.market.version()
        if held == self._seen:
            return done
        for page in self._pages():
            self._recheck_all([known for known in page if self._version(known) != (known.market or "")], done)
        if done.times:
            # Other articles of their events may hold against them what the market does not.
            pipeline.relink(self.store, done.times)
        self._seen = held
        return done

    def _pages(self) -> Iterator[Sequence[CheckedDocument]]:
        after = ""
        while page := self.store.checked_documents(after, limit=_AT_ONCE):
            yield page
            after = page[-1].id

    def _version(self, known: CheckedDocument) -> str:
        """Say what the archive holds over a document's claims' time."""
        window = reach(known.published, known.claims)
        return self.market.version(window.start, window.end) if window is not None else ""

    def _recheck_all(self, pending: Sequence[CheckedDocument], done: Rechecked) -> None:
        """Check documents in order of time, so that many share what is read of the market."""
        market = at_hand(self.market, len(pending))
        for place in in_order_of_time([known.published for known in pending]):
            self._recheck(pending[place], market, done)

    def _recheck(self, known: CheckedDocument, market: MarketData | None, done: Rechecked) -> None:
        """Check one document's claims."""
        # Asked first: what arrives while the check reads is found changed the next time.
        version = self._version(known)
        doc, extraction = self.store.document(known.id), self.store.extraction(known.id)
        if doc is None or extraction is None:
            return
        before = self.store.checks_of(claim.id for claim in extraction.claims)
        fresh = pipeline.check(doc, extraction, market=market)
        checks = tuple(carried(before.get(one.claim_id), one) for one in fresh)
        causes = pipeline.check_causes(doc, extraction, fresh, market=market)
        self.store.save_recheck(known.id, checks, causes, market=version)
        done.documents += 1
        done.claims += len(checks)
        if doc.published is not None:
            done.times.append(doc.published.at)
        for check in checks:
            was = before[check.claim_id].verdict if check.claim_id in before else None
            if was != check.verdict:
                done.turned.append(Turned(document_id=known.id, before=was, check=check))
