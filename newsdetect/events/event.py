"""The event: one episode of liquidations in the market, as the documents that speak of it tell it.

Events know nothing of verdicts: those are added by whoever shows both (`newsdetect.pipeline.EventReport`).
"""

from __future__ import annotations

from newsdetect.types import Instant, Metric, Side, Value, Window


class Figure(Value):
    """One figure of an event, however many documents repeat it."""

    metric: Metric = "liquidations"
    #: In whole units of `unit`.
    value: float
    unit: str = "USD"
    window: Window | None = None
    side: Side = "both"
    asset: str = "ALL"
    venue: str = "ALL"
    claim_ids: tuple[str, ...] = ()


class Lineage(Value):
    """One step of who copied whom: `document` takes its report from `source`."""

    #: The id of the document that copies.
    document: str
    #: The id of the document it copies, or the cited URL or outlet's name where we do not hold that document.
    source: str
    #: The citation's kind, or `copy` where only the words tell.
    kind: str


class Event(Value):
    """One happening, joined from all documents that report it."""

    id: str
    #: When it happened as far as the claims tell: the first window's start to the last publication; null if unknown.
    start: Instant | None = None
    end: Instant | None = None
    assets: tuple[str, ...] = ()
    side: Side = "both"
    #: The headline figure first, then the others by size.
    figures: tuple[Figure, ...] = ()
    #: The ids of the documents, the first report first.
    documents: tuple[str, ...] = ()
    first_report: Instant | None = None
    #: Who saw the numbers: an aggregator, an exchange, or the root outlet of a chain of copies. Ten retellings of one
    #: aggregator are one observer.
    observers: tuple[str, ...] = ()
    #: How many reports do not copy another one that we know of.
    independent: int = 0
    lineage: tuple[Lineage, ...] = ()
    #: The types of the causes that its documents name, the most named first.
    causes: tuple[str, ...] = ()
