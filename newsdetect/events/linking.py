"""Linking: which documents speak of one happening.

Single-pass clustering in order of publication, as topic detection does it for news streams: each telling joins the
open event that it fits best, or starts one. It fits by a shared figure (same scope, window and amount), or as another
reading of the same wave: near in time, the same kind (a market's total or a single position), and not the opposite
direction; of several waves that of the report which it cites. Words are never compared, so template pieces that differ
in their numbers alone stay apart.

The input's order does not matter: tellings are sorted first. An event's id is a hash of its first document and that
document's own leading figure, so it survives every later document; only an earlier one that comes in afterwards
changes it. Limits: two waves of one direction on one day are one event.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from newsdetect.claims.claim import Claim, Extraction
from newsdetect.documents.document import Document
from newsdetect.events.event import Event, Figure
from newsdetect.events.figures import digits, merged, same_figure, same_position, same_scope, same_window, scope_key
from newsdetect.events.lineage import cites, trace
from newsdetect.events.telling import Telling, tellings
from newsdetect.types import ALL, Period, Side

#: A wave is told on while it lasts and shortly after: how long a telling's time may lie behind the event's last one.
_WAVE_GAP = timedelta(hours=6)
#: A wave's tellings end within this long of its first one; longer, and each day's trailing total chains to the next.
_WAVE_SPAN = timedelta(hours=48)
#: A shared figure is retold for days, but then it is that figure and not one like it.
_RETOLD = timedelta(hours=96)
_RETOLD_NEAR = 0.01
_OWN_DIGITS = 3
#: Two readings of one trailing total, taken within this share of its length, cannot differ by more than this ratio.
_MOMENT = 0.25
_RATIO = 2.0
#: Hours; over longer windows outlets read totals that are hours old.
_MOMENT_LONGEST = 4.0
#: What a wave gains by holding the report that a telling cites: more than any difference in time and direction.
_CITED = 1.5
#: One side's figures make the event that side's from this share on.
_DOMINANT = 0.6


def link(articles: Sequence[tuple[Document, Extraction]]) -> list[Event]:
    """Join what the documents tell to events, the earliest first.

    A document whose extraction reports no event, or holds hypothetical and historical claims alone, starts none. The
    same document given twice counts once.
    """
    told: dict[str, tuple[Telling, ...]] = {doc.id: tellings(doc, extraction) for doc, extraction in articles}
    clusters: list[_Cluster] = []
    for telling in sorted((one for many in told.values() for one in many), key=lambda one: one.order):
        fitting = [(fit, -place) for place, cluster in enumerate(clusters) if (fit := cluster.fit(telling)) > 0]
        if fitting:
            clusters[-max(fitting)[1]].join(telling)
        else:
            clusters.append(_Cluster(telling))
    return [_event(cluster) for cluster in clusters]


class _Cluster:
    """An event while it is gathered: its tellings, and its figures by what they measure."""

    def __init__(self, first: Telling) -> None:
        self.told: list[Telling] = []
        self._known: dict[tuple[tuple[str, ...], int], list[tuple[Claim, Telling]]] = {}
        self._votes: Counter[str] = Counter()
        self.join(first)

    def join(self, telling: Telling) -> None:
        self.told.append(telling)
        if telling.direction is not None:
            self._votes[telling.direction] += 1
        for claim in telling.claims:
            self._known.setdefault((scope_key(claim), _size(claim)), []).append((claim, telling))

    def fit(self, telling: Telling) -> float:
        """Score how well a telling fits here; 0 is not at all."""
        if self._opposes(telling):
            return 0.0
        wave = self._wave(telling)
        cited = _CITED if wave > 0 and any(cites(telling.doc, one.doc) for one in self.told) else 0.0
        return 2.0 * min(self._shared_figures(telling), 2) + wave + cited

    def _shared_figures(self, telling: Telling) -> int:
        """Count the telling's figures that stand here already, told near enough in time to be the same."""
        if self.told[0].single != telling.single:
            return 0
        recent = _later(self.told[0], telling) <= _WAVE_SPAN
        # "$1 billion" is said of every large wave: later on, only a figure with digits of its own is known again.
        telling_claims = (claim for claim in telling.claims if recent or digits(claim) >= _OWN_DIGITS)
        return sum(self._knows(claim, telling) for claim in telling_claims)

    def _knows(self, claim: Claim, telling: Telling) -> bool:
        if telling.single:
            return any(
                same_position(claim, other) and _gap(by, telling) <= _RETOLD for by in self.told for other in by.claims
            )
        scope, size = scope_key(claim), _size(claim)
        return any(
            same_figure(claim, other, near=_RETOLD_NEAR) and _gap(by, telling) <= _RETOLD
            for near in (size - 1, size, size + 1)
            for other, by in self._known.get((scope, near), ())
        )

    def _wave(self, telling: Telling) -> float:
        """Score a further reading of the same wave: from 1 for the same hours down to 0 for another wave."""
        first = self.told[0]
        if first.single or telling.single:
            return 0.0
        since = _later(first, telling)
        if since > _WAVE_SPAN or _gap(self.told[-1], telling) > _WAVE_GAP:
            return 0.0
        if any(_conflict(one, telling) for one in self.told):
            return 0.0
        agrees = 0.5 if telling.direction is not None and telling.direction == self.direction else 0.0
        return 0.5 * (1 - since / (2 * _WAVE_SPAN)) + agrees

    def _opposes(self, telling: Telling) -> bool:
        here = self.direction
        return here is not None and telling.direction is not None and here != telling.direction

    @property
    def direction(self) -> str | None:
        """The direction that most tellings give."""
        long, short = self._votes["long"], self._votes["short"]
        if long == short:
            return None
        return "long" if long > short else "short"


def _size(claim: Claim) -> int:
    """Give a value's step on a scale of ratios: values as near as a figure that is known again are a step apart."""
    return round(math.log(max(claim.value, 1e-9)) / (1.1 * _RETOLD_NEAR))


def _gap(one: Telling, other: Telling) -> timedelta:
    """Give the time between two tellings' periods: nothing where they overlap, for ever where one is unknown."""
    if one.period is None or other.period is None:
        return timedelta.max if one.doc.published or other.doc.published else timedelta(0)
    return max(timedelta(0), one.period.start - other.period.end, other.period.start - one.period.end)


def _conflict(one: Telling, other: Telling) -> bool:
    """Tell whether two tellings lead with one short trailing total at one moment, too differently for one market."""
    claim, counter = one.claims[0], other.claims[0]
    if one.doc.published is None or other.doc.published is None or not (claim.window and counter.window):
        return False
    hours = claim.window.hours
    if hours is None or hours > _MOMENT_LONGEST or not same_scope(claim, counter):
        return False
    apart = abs(one.doc.published.at - other.doc.published.at)
    at_once = apart <= _MOMENT * timedelta(hours=hours)
    return at_once and same_window(claim.window, counter.window) and _unlike(claim, counter)


def _unlike(one: Claim, other: Claim) -> bool:
    """Tell whether two amounts lie too far apart for one quantity."""
    smaller, larger = sorted((one.value, other.value))
    return not one.interval.overlaps(other.interval) and larger > _RATIO * smaller


def _later(first: Telling, other: Telling) -> timedelta:
    """Give how much later one telling's period ends than the first one's."""
    if first.period is None or other.period is None:
        return timedelta.max
    return abs(other.period.end - first.period.end)


def _event(cluster: _Cluster) -> Event:
    """Write a cluster up as an event."""
    told = cluster.told
    documents = list({one.doc.id: one.doc for one in told}.values())
    claims = [(one.doc.id, claim) for one in told for claim in one.claims]
    figures = merged(claims)
    periods = [one.period for one in told if one.period is not None]
    published = [doc.published.at for doc in documents if doc.published is not None]
    origins = trace(documents, claims)
    return Event(
        id=_event_id(told[0]),
        start=min((period.start for period in periods), default=None),
        end=_end(periods, published),
        assets=_assets(figures),
        side=_side(figures),
        figures=figures,
        documents=tuple(doc.id for doc in documents),
        first_report=min(published, default=None),
        observers=origins.observers,
        independent=origins.independent,
        lineage=origins.lineage,
        causes=_causes(told),
    )


def _event_id(first: Telling) -> str:
    """Give an event's id: its first document and that document's leading figure, for ever."""
    lead: Claim = first.claims[0]
    key = f"{first.doc.id}\x1f{lead.id}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _end(periods: Sequence[Period], published: Sequence[datetime]) -> datetime | None:
    return max([*(period.end for period in periods), *published], default=None)


def _assets(figures: Sequence[Figure]) -> tuple[str, ...]:
    """Give the assets by how many claims name them, `ALL` first where the whole market was told of."""
    counts: Counter[str] = Counter()
    for figure in figures:
        counts[figure.asset] += len(figure.claim_ids)
    return tuple(sorted(counts, key=lambda asset: (asset != ALL, -counts[asset], asset)))


def _side(figures: Sequence[Figure]) -> Side:
    """Give the side that the figures put most of the money on, or both."""
    largest: dict[Side, float] = {}
    for figure in figures:
        if figure.unit == "USD":
            largest[figure.side] = max(largest.get(figure.side, 0.0), figure.value)
    long, short = largest.get("long", 0.0), largest.get("short", 0.0)
    whole = max(long + short, largest.get("both", 0.0))
    if long and long >= _DOMINANT * whole:
        return "long"
    if short and short >= _DOMINANT * whole:
        return "short"
    return "both"


def _causes(told: Iterable[Telling]) -> tuple[str, ...]:
    """Give the types of causes, the most named first; a cause that a document rules out is not one it names."""
    counts: Counter[str] = Counter()
    for one in told:
        counts.update({cause.type for cause in one.causes if cause.role != "denied"})
    return tuple(sorted(counts, key=lambda kind: (-counts[kind], kind)))
