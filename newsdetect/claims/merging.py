"""From readings to claims: mentions of one claim become one, and it gets its interval and id.

Two mentions are one claim if metric, unit and status agree, the values are equal or one only rounds the other, and no
field contradicts: unsaid fields (no window, no side, ALL) agree with anything. The most precise value gives the
evidence, the most specific field wins, and of two hedges the one that is not `exact`.
"""

from __future__ import annotations

from dataclasses import replace

from newsdetect.claims.claim import Claim, claim_id
from newsdetect.claims.intervals import interval, same_rounded, significant_digits
from newsdetect.claims.meaning import Reading, same_scope
from newsdetect.claims.sums import reconcile
from newsdetect.documents.document import Document
from newsdetect.types import ALL, Span, Status, Window

#: Rules by which a window came from another part of the story.
_ELSEWHERE = ("window.story", "window.before", "window.behind", "window.lead", "window.sentence")


#: A figure of so few digits is a rough one.
_ROUND = 2
#: How far above its lower bound a precise figure may lie, as a factor: in the body, and under a headline.
_ABOVE, _ABOVE_TITLE = 1.12, 1.15
#: How far, as a share, a headline's or an `about` figure may lie beside the precise one.
_BESIDE = 0.05


def merge(doc: Document, readings: tuple[Reading, ...]) -> tuple[Claim, ...]:
    """Give the distinct claims of a document, in order of their first mention."""
    merged: list[Reading] = []
    by_key: dict[tuple[str, str], list[int]] = {}
    # The headline last: of several figures that it could round, it means the one that agrees with it best.
    for reading in sorted(readings, key=lambda each: each.figure.line.sentence.title):
        key = (reading.metric, reading.unit)
        # Only the latest few hundred can be meant: keeps a page of a million figures linear.
        same = [number for number in by_key.get(key, [])[-200:] if _same(merged[number], reading)]
        if same:
            best = min(same, key=lambda number: _distance(merged[number], reading))
            merged[best] = _joined(merged[best], reading)
        else:
            by_key.setdefault(key, []).append(len(merged))
            merged.append(reading)
    merged = sorted(_without_echoes(merged), key=lambda each: each.figure.amount.start)
    claims: dict[str, Claim] = {}
    for reading in reconcile(merged):
        claim = _claim(doc, reading)
        claims.setdefault(claim.id, claim)
    return tuple(claims.values())


def _distance(first: Reading, second: Reading) -> tuple[bool, float]:
    """Rank how well two mentions agree: in their words first, then in their values."""
    words = (first.side, first.asset, first.venue) != (second.side, second.asset, second.venue)
    return words, abs(first.figure.amount.value - second.figure.amount.value)


def _without_echoes(merged: list[Reading]) -> list[Reading]:
    """Leave out the sums that only tell the largest order once more."""
    orders = [each for each in merged if each.metric == "largest_liquidation"]

    def echoes(reading: Reading, order: Reading) -> bool:
        figure, largest = reading.figure.amount, order.figure.amount
        same = (figure.value, figure.unit) == (largest.value, largest.unit)
        return (same and ALL in (reading.asset, order.asset, reading.venue, order.venue)) or (
            same and (reading.asset, reading.venue) == (order.asset, order.venue)
        )

    return [
        each
        for each in merged
        if each.metric != "liquidations" or not any(echoes(each, order) for order in orders[:20])
    ]


def _same(first: Reading, second: Reading) -> bool:
    """Tell whether two mentions are one claim."""
    a, b = first.figure.amount.value, second.figure.amount.value
    rough_match = (_floors(first, b) or _floors(second, a)) and _said_alike(first, second)
    if not (same_rounded(a, b) or rough_match):
        return False
    rough = min(significant_digits(a), significant_digits(b))
    if a != b and rough == 1 and not (_is_loose_figure(first) or _is_loose_figure(second)):
        return False
    if first.status != second.status and "asserted" not in (first.status, second.status):
        return False
    if (
        first.window is not None
        and second.window is not None
        and first.window != second.window
        and not (_loose(first) or _loose(second) or _overlap(first.window, second.window))
    ):
        return False
    return same_scope(first, second)


def _overlap(first: Window, second: Window) -> bool:
    """Tell whether a trailing day and a calendar day or two are one time told twice."""
    lengths = sorted((first.length_hours, second.length_hours))
    return (first.hours is None) != (second.hours is None) and lengths[0] >= 12 and lengths[1] <= 168


def _said_alike(first: Reading, second: Reading) -> bool:
    """Tell whether two rough mentions say the same positions; a headline may leave it unsaid."""
    if first.figure.line.sentence.title or second.figure.line.sentence.title:
        return True
    return (first.side, first.asset, first.venue) == (second.side, second.asset, second.venue)


def _is_loose_figure(reading: Reading) -> bool:
    """Tell whether a figure is worded roughly: in the headline, or hedged."""
    return reading.figure.line.sentence.title or reading.hedge != "exact"


def _loose(reading: Reading) -> bool:
    """Tell whether a reading's window only came from elsewhere in the story."""
    return any(rule in reading.rules for rule in _ELSEWHERE)


def _floors(rough: Reading, precise: float) -> bool:
    """Tell whether a rough figure is a precise one's lower bound ("over $40M" for 44.3) or its round neighbour."""
    value, digits = rough.figure.amount.value, significant_digits(rough.figure.amount.value)
    title = rough.figure.line.sentence.title
    if digits > _ROUND or not (title or (rough.hedge != "exact" and significant_digits(precise) > digits)):
        return False
    if rough.hedge == "at_least":
        return value <= precise <= value * (_ABOVE_TITLE if title else _ABOVE)
    return abs(precise - value) <= _BESIDE * value


def _joined(first: Reading, second: Reading) -> Reading:
    """Make one reading of two mentions of one claim."""
    best = max(
        first, second, key=lambda each: (significant_digits(each.figure.amount.value), -each.figure.amount.start)
    )
    other = first if best is second else second
    firm = (
        best
        if best.window is not None and not _loose(best)
        else other
        if other.window is not None and not _loose(other)
        else best
    )
    giver = firm if firm.window is not None else other if other.window is not None else best
    window = giver.window
    # A window that was stated beside one mention stays firm, whatever was carried to the others.
    kept = (rule for each in (best, other) for rule in each.rules if each is giver or not rule.startswith("window."))
    trailing = next((each.window for each in (best, other) if each.window and each.window.hours), None)
    if window is not None and window.hours is None and trailing is not None and _overlap(window, trailing):
        window = trailing  # the observer's own measure, where a weekday was the writer's
    status = _status(first, second)
    if status == "hypothetical":
        window = None
    lent = ("side.lent",) if _lends_side(first, second) or _lends_side(second, first) else ()
    return replace(
        best,
        window=window,
        window_told=best.window_told or other.window_told,
        hedge=best.hedge
        if best.hedge != "exact"
        else other.hedge
        if best.figure.amount.value == other.figure.amount.value
        else best.hedge,
        side=best.side or other.side,
        asset=best.asset if best.asset != ALL else other.asset,
        venue=best.venue if best.venue != ALL else other.venue,
        status=status,
        attributed_to=_source(best, other),
        rules=tuple(dict.fromkeys((*kept, *lent, "merge.mentions"))),
        confidence=max(first.confidence, second.confidence),
    )


def _source(best: Reading, other: Reading) -> str | None:
    """Settle a source: where the body tells the headline's figure, the body says whose it is."""
    body = [each for each in (best, other) if not each.figure.line.sentence.title]
    return next((each.attributed_to for each in body or (best, other) if each.attributed_to), None)


def _lends_side(giver: Reading, taker: Reading) -> bool:
    """Tell whether a figure has its side only by the headline's wording."""
    headline = giver.figure.line.sentence.title and not taker.figure.line.sentence.title
    return headline and giver.side is not None and taker.side is None


def _status(first: Reading, second: Reading) -> Status:
    """Settle a status: the body's word counts before the headline's, what happened before what might."""
    if first.figure.line.sentence.title != second.figure.line.sentence.title:
        return second.status if first.figure.line.sentence.title else first.status
    if "historical" in (first.status, second.status):
        return "historical"
    return "asserted" if "asserted" in (first.status, second.status) else first.status


def _claim(doc: Document, reading: Reading) -> Claim:
    """Make the claim of one reading."""
    amount = reading.figure.amount
    evidence = Span(start=amount.start, end=amount.end, text=doc.content[amount.start : amount.end])
    span = interval(amount.value, text=evidence.text, hedge=reading.hedge, low=amount.low, high=amount.high)
    side = reading.side or "both"
    meaning = (
        reading.metric, amount.value, reading.unit, reading.hedge,
        reading.window.model_dump_json() if reading.window else None,
        side, reading.asset, reading.venue, reading.status,
    )  # fmt: skip
    return Claim(
        id=claim_id(doc.id, evidence, *meaning),
        metric=reading.metric,
        value=amount.value,
        low=span.low,
        high=span.high,
        unit=reading.unit,
        hedge=reading.hedge,
        window=reading.window,
        side=side,
        asset=reading.asset,
        venue=reading.venue,
        status=reading.status,
        attributed_to=reading.attributed_to,
        evidence=evidence,
        confidence=reading.confidence,
        rules=reading.rules,
    )
