"""One happening's figures: the claims that say the same thing, put together, the headline figure first.

Hedged and rounded figures are the same as a precise one where their intervals overlap and their values lie near each
other; the precise one gives the value. Readings of a rolling total that differ stay figures of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsdetect.claims.claim import Claim
from newsdetect.events.event import Figure
from newsdetect.types import ALL, Window

#: Overlapping intervals further apart than this are two readings: "over $800M" may stand for 806, hardly for 930.
_NEAR = 0.1
#: A position's worth moves with the price while it is told of.
_POSITION_NEAR = 0.02
#: Trailing lengths that words do not keep apart: "past day" and "24 hours", "an hour" and "60 minutes".
_SAME_LENGTH = 0.1


def same_figure(one: Claim, other: Claim, *, near: float = _NEAR) -> bool:
    """Tell whether two claims, of whatever documents, state one figure; `near` is the share their values may differ."""
    return same_amount(one, other, near=near) and same_scope(one, other) and same_window(one.window, other.window)


def same_position(one: Claim, other: Claim) -> bool:
    """Tell whether two claims may be of one trader's position: one amount, and what both name of it agrees."""
    named = (
        (one.side, other.side, "both"),
        (one.asset, other.asset, ALL),
        (one.venue.casefold(), other.venue.casefold(), ALL.casefold()),
    )
    agrees = all(first == second or untold in (first, second) for first, second, untold in named)
    return agrees and same_amount(one, other, near=_POSITION_NEAR)


def same_amount(one: Claim, other: Claim, *, near: float = _NEAR) -> bool:
    """Tell whether two claims' amounts may be one: intervals overlap, and the values are near."""
    if abs(one.value - other.value) > near * max(abs(one.value), abs(other.value)):
        return False
    return one.unit == other.unit and one.interval.overlaps(other.interval)


def digits(claim: Claim) -> int:
    """Count a value's significant digits: 3 of $343 million, 1 of $1 billion."""
    return len(f"{abs(claim.value):.0f}".rstrip("0"))


def same_window(one: Window | None, other: Window | None) -> bool:
    """Tell whether two windows may be one; an untold window may be any."""
    if one is None or other is None:
        return True
    first, second = one.period, other.period
    if first is not None and second is not None:
        return first.start < second.end and second.start < first.end
    return abs(one.length_hours - other.length_hours) <= _SAME_LENGTH * max(one.length_hours, other.length_hours)


def same_scope(one: Claim, other: Claim) -> bool:
    """Tell whether two claims measure the same thing: metric, unit, side, asset and venue."""
    return scope_key(one) == scope_key(other)


def scope_key(claim: Claim) -> tuple[str, ...]:
    """Give what a claim measures, as the key under which its like are found."""
    return (claim.metric, claim.unit, claim.side, claim.asset, claim.venue.casefold())


@dataclass(slots=True)
class _Pile:
    """The claims of one figure while they are gathered; the most precise one leads."""

    lead: Claim
    claims: list[tuple[str, Claim]] = field(default_factory=list)

    @property
    def documents(self) -> int:
        return len({document for document, _ in self.claims})

    @property
    def window(self) -> Window | None:
        windows = [claim.window for _, claim in self.claims if claim.window is not None]
        return self.lead.window or (windows[0] if windows else None)


def merged(claims: Sequence[tuple[str, Claim]]) -> tuple[Figure, ...]:
    """Put claims, each with its document's id, together to figures: the headline first, the others by size."""
    scopes: dict[tuple[str, ...], list[_Pile]] = {}
    for document, claim in sorted(claims, key=_precise_first):
        piles = scopes.setdefault(scope_key(claim), [])
        near = [pile for pile in piles if same_figure(pile.lead, claim) and same_window(pile.window, claim.window)]
        if near:
            home = min(near, key=lambda pile: abs(pile.lead.value - claim.value))
        else:
            home = _Pile(claim)
            piles.append(home)
        home.claims.append((document, claim))
    piles = [pile for scope in scopes.values() for pile in scope]
    if not piles:
        return ()
    headline = min(piles, key=_headline_order)
    rest = sorted((pile for pile in piles if pile is not headline), key=_size_order)
    return tuple(_figure(pile) for pile in (headline, *rest))


def _figure(pile: _Pile) -> Figure:
    lead = pile.lead
    return Figure(
        metric=lead.metric,
        value=lead.value,
        unit=lead.unit,
        window=pile.window,
        side=lead.side,
        asset=lead.asset,
        venue=lead.venue,
        claim_ids=tuple(sorted({claim.id for _, claim in pile.claims})),
    )


def _precise_first(told: tuple[str, Claim]) -> tuple[bool, float, float, str, str]:
    """Sort key: the narrowest interval first, so that a hedged figure looks for the precise one, not the reverse."""
    document, claim = told
    closed = claim.low is not None and claim.high is not None
    width = (claim.high - claim.low) / max(abs(claim.value), 1.0) if closed else 0.0  # type: ignore[operator]
    return (not closed, width, -claim.value, document, claim.id)


def _headline_order(pile: _Pile) -> tuple[int, int, float, str]:
    """Sort key: the whole market's dollars first, then the most repeated, then the largest."""
    return (_scope_rank(pile.lead), -pile.documents, -pile.lead.value, pile.lead.id)


def _scope_rank(claim: Claim) -> int:
    if claim.metric != "liquidations":
        return 6 + (claim.metric != "largest_liquidation")
    narrowed = (claim.asset != ALL) + (claim.venue != ALL) + (claim.side != "both")
    return narrowed + (0 if claim.unit == "USD" else 1)


def _size_order(pile: _Pile) -> tuple[str, bool, float, str]:
    lead = pile.lead
    return ("" if lead.unit == "USD" else lead.unit, lead.metric != "liquidations", -lead.value, lead.id)
