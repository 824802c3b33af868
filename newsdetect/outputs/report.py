"""The report of an event: what page, digest and API tell of one happening, verdict included.

An event knows figures and documents, a check knows one claim; a reader wants one line for both. The line's verdict is
that of the headline figure (the event's first). Several documents may claim that figure and their checks differ, for
each is held against its own window. Then the most severe word stands: a reader is warned rather than reassured.
`plausible` goes before `corroborated` for the same reason, and `not_checkable`, which says nothing, comes last.
"""

from __future__ import annotations

from newsdetect.checks.check import Check, Verdict
from newsdetect.events.event import Event, Figure
from newsdetect.storage.rows import DocumentRef
from newsdetect.types import Value

#: The order in which verdicts on one figure go before each other.
SEVERITY: tuple[Verdict, ...] = ("inconsistent", "contradicted", "plausible", "corroborated", "not_checkable")


class EventReport(Value):
    """One event as it is told to a reader."""

    event: Event
    #: The event's first figure.
    headline: Figure
    #: The figure's own words in the first document that claims it, and the sentence around them; article text is
    #: hostile, so both are escaped wherever they are shown. Empty where the claim is no longer stored.
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
    #: The event's documents, the first report first.
    documents: tuple[DocumentRef, ...] = ()


def severest(checks: tuple[Check, ...]) -> Check | None:
    """Pick the check whose word stands for all: by `SEVERITY`, then the likelier one; null where there is none."""
    return min(checks, key=lambda check: (SEVERITY.index(check.verdict), -(check.probability or 0.0)), default=None)
