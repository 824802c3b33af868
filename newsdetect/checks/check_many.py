"""Many documents checked in one go: the same checks as one by one, with what they ask of the market read together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol, runtime_checkable

from newsdetect.checks.check import Check
from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.tuning import tuning
from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Document, Publication
from newsdetect.market.provider import MarketData

#: From so many documents on, it costs less to unpack all prints of their time than to read each one's edges.
_MANY = 50
_LAST = datetime.max.replace(tzinfo=UTC)


class Asked(NamedTuple):
    """One document's claims, with the price levels that it says were traded (coin → USD)."""

    doc: Document
    claims: Sequence[Claim]
    levels: Mapping[str, float] | None = None


@runtime_checkable
class OpensAtHand(Protocol):
    """Market data that can be opened for thousands of questions."""

    def at_hand(self, behind: timedelta) -> MarketData:
        """Give the same data, best asked in order of time, each question reaching `behind` those before it."""
        ...


def check_many(
    documents: Iterable[Asked], market: MarketData | None, *, orders: bool = False
) -> list[tuple[Check, ...]]:
    """Check the claims of many documents; one check a claim, in their order, each as `check_claims` gives it."""
    asked = list(documents)
    opened = at_hand(market, len(asked))
    found: dict[int, tuple[Check, ...]] = {}
    for place in in_order_of_time([one.doc.published for one in asked]):
        doc, claims, levels = asked[place]
        found[place] = check_claims(doc, claims, opened, levels=levels, orders=orders)
    return [found[place] for place in range(len(asked))]


def at_hand(market: MarketData | None, documents: int) -> MarketData | None:
    """Open market data for so many documents in order of time: for thousands of questions, where they know how."""
    opener: object = market
    if documents < _MANY:
        return market
    # Random windows lie so far back, and are as long as most claims' own.
    return opener.at_hand(timedelta(days=tuning().history_days + 4)) if isinstance(opener, OpensAtHand) else market


def in_order_of_time(published: Sequence[Publication | None]) -> list[int]:
    """Give documents' places by publication, so that those of one time share what is read; last those without one."""
    times = [one.at if one is not None else _LAST for one in published]
    return sorted(range(len(times)), key=times.__getitem__)
