"""Arithmetic over the articles of one event: a part told by one cannot exceed the whole told by another.

Articles of one event were written at different times, so figures that trail them may differ and all be true. Compared
is only what the same observer is said to have counted, where the part's time lies in the whole's wherever both may have
ended. Of two that cannot both hold nothing tells which is wrong: a claim is held to be so only where it is the odd one
out, against claims of two other articles that agree with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from newsdetect.checks.arithmetic import Conflict, one_position
from newsdetect.checks.blame import held_against
from newsdetect.checks.bounds import same_name
from newsdetect.checks.check import Alone, Check, Evidence
from newsdetect.checks.timing import search, slack_hours
from newsdetect.checks.tuning import tuning
from newsdetect.checks.wording import money
from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Document
from newsdetect.types import ALL, Period

#: Who tells of a conflict with other articles.
_OTHERS = "other reports"
#: Claims of one event that are compared with each other.
_AT_MOST = 300


@dataclass(frozen=True, slots=True)
class _Placed:
    """A claim with the least and the most time that its window can stand for."""

    claim: Claim
    document: str
    outlet: str
    #: In the window wherever it ended; null where its ends lie further apart than it is long.
    surely: Period | None
    #: All that it may reach.
    at_most: Period


def conflicts_across(articles: Sequence[tuple[Document, Sequence[Claim]]]) -> dict[str, tuple[Conflict, ...]]:
    """Give the conflicts that count against claims, by id; only claims that are the odd one out have any."""
    placed = [one for doc, claims in articles for claim in claims if (one := _placed(doc, claim)) is not None]
    found = []
    for part, whole in permutations(placed[:_AT_MOST], 2):
        if part.document != whole.document and _is_part(part, whole) and _exceeds(part.claim, whole.claim):
            note = (
                f"{money(part.claim.value)}, told by {part.outlet}, exceeds the {money(whole.claim.value)} that "
                f"{whole.outlet} tells of a scope and time that hold it"
            )
            found.append(Conflict("arithmetic.across", (part.claim.id, whole.claim.id), note))
    by_claim = {one.claim.id: one.document for one in placed}
    against = held_against(found)
    return {ident: many for ident, many in against.items() if _odd_one_out(ident, many, by_claim)}


def inconsistent(check: Check, found: Sequence[Conflict]) -> Check:
    """Give a check with what other articles of its event hold against it; a graver verdict stands."""
    if check.verdict in ("inconsistent", "contradicted"):
        return check
    return _with(check, tuple(conflict.note for conflict in found))


def carried(before: Check | None, fresh: Check) -> Check:
    """Give a new check of a claim with what other articles hold against it, which no look at the market changes."""
    if before is None or not by_others(before) or fresh.verdict in ("inconsistent", "contradicted"):
        return fresh
    return _with(fresh, tuple(row.note for row in before.evidence if row.source == _OTHERS))


def by_others(check: Check) -> bool:
    """Tell whether a check is inconsistent by what other articles say."""
    return check.verdict == "inconsistent" and any(row.source == _OTHERS for row in check.evidence)


def released(check: Check, alone: Alone) -> Check:
    """Give a check back what it says by itself, as it was last weighed: other articles no longer speak against it."""
    rows = tuple(row for row in check.evidence if row.source != _OTHERS)
    return check.model_copy(
        update={"verdict": alone.verdict, "explanation": alone.explanation, "evidence": rows, "alone": None}
    )


def _with(check: Check, notes: Sequence[str]) -> Check:
    rows = tuple(Evidence(kind="arithmetic", source=_OTHERS, says="against", note=note) for note in notes)
    said = "; ".join(notes)
    explanation = f"Inconsistent with other reports of its event: {said}."
    alone = Alone(verdict=check.verdict, explanation=check.explanation)
    return check.model_copy(
        update={
            "verdict": "inconsistent",
            "evidence": (*rows, *check.evidence),
            "explanation": explanation,
            "alone": alone,
        }
    )


def _odd_one_out(ident: str, found: Sequence[Conflict], documents: dict[str, str]) -> bool:
    others = {documents[other] for conflict in found for other in conflict.claim_ids if other != ident}
    return len(others) >= 2


def _placed(doc: Document, claim: Claim) -> _Placed | None:
    """Place a claim in time; None for one that is no sum in dollars of a known time and observer."""
    if claim.status != "asserted" or claim.metric != "liquidations" or claim.unit != "USD" or one_position(claim):
        return None
    if claim.window is None or claim.attributed_to is None:
        return None
    outlet = doc.outlet or doc.url or doc.title or doc.id
    period = claim.window.period
    if period is not None:
        return _Placed(claim, doc.id, outlet, period, period)
    if doc.published is None:
        return None
    ends = search(doc.published, slack_hours(doc, claim))
    reach = Period(start=Period.trailing(ends.first, claim.window.length_hours).start, end=ends.last)
    start = Period.trailing(ends.last, claim.window.length_hours).start
    surely = Period(start=start, end=ends.first) if start < ends.first else None
    return _Placed(claim, doc.id, outlet, surely, reach)


def _is_part(part: _Placed, whole: _Placed) -> bool:
    """Tell whether all that one claim counts is counted by the other too, by the same observer."""
    a, b = part.claim, whole.claim
    assert a.attributed_to is not None
    assert b.attributed_to is not None
    return (
        same_name(a.attributed_to, b.attributed_to)
        and b.side in ("both", a.side)
        and b.asset in (ALL, a.asset)
        and b.venue in (ALL, a.venue)
        and whole.surely is not None
        and whole.surely.start <= part.at_most.start
        and part.at_most.end <= whole.surely.end
    )


def _exceeds(part: Claim, whole: Claim) -> bool:
    """Tell whether a part is surely larger than its whole; observers revise their figures by some percent."""
    return part.low is not None and whole.high is not None and part.low > whole.high * tuning().same_source
