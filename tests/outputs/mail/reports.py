"""Builders for the event reports that a digest tells."""

from __future__ import annotations

import datetime as dt

from newsdetect.events.event import Event, Figure
from newsdetect.outputs.report import EventReport
from newsdetect.storage.rows import DocumentRef
from newsdetect.types import Window

MILLION = 1e6


def make_report(millions: float = 343.0, **given) -> EventReport:
    """Make one event's report: a plausible hour told by two documents of one observer."""
    headline = given.pop("headline", None) or Figure(value=millions * MILLION, window=Window(hours=1))
    further = given.pop("further", (Figure(value=852 * MILLION, window=Window(hours=24)),))
    event = Event(
        id=f"event-{millions}",
        figures=(headline, *further),
        documents=("d1", "d2"),
        observers=given.pop("observers", ("CoinGlass",)),
        independent=1,
    )
    published = dt.datetime(2025, 8, 25, 21, 4, tzinfo=dt.UTC)
    documents = (
        DocumentRef(
            id="d1", title="One hour, $343 million", url="https://a.example/1", outlet="A", published=published
        ),
        DocumentRef(id="d2", title="Retold", url="https://b.example/2", outlet="B"),
    )
    fields = {
        "verdict": "plausible",
        "probability": 0.7,
        "explanation": "Prints of one venue sum to $60.2 M in that hour; they carry about a tenth of such totals.",
        "documents": documents,
        **given,
    }
    return EventReport(event=event, headline=headline, **fields)
