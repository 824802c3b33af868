"""Arithmetic within one report: parts cannot exceed their whole, and sides must make their total.

Only asserted claims of one snapshot and one observer are compared, where all fields but the compared one are equal. A
conflict needs intervals that do not overlap; it names its claims, and needs no market data. Figures of one screen are
not read in one instant, whatever their digits: parts and wholes may differ by what a moment between them adds or takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from newsdetect.checks.tuning import tuning
from newsdetect.checks.wording import count, money, span
from newsdetect.claims.claim import Claim
from newsdetect.types import ALL, Interval

#: A coin amount and its worth stand next to each other: "24,000 BTC worth over $300 million".
_NEIGHBOURS = 60
#: Every claim is compared with every other.
_AT_MOST = 300
#: The rules under which a `liquidations` claim is one trader's position, not a sum over its scope.
_POSITION = ("role.position",)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that cannot all hold, and why."""

    rule: str
    claim_ids: tuple[str, ...]
    note: str


def conflicts(
    claims: Sequence[Claim], *, title_end: int = 0, prices: Mapping[str, Interval] | None = None
) -> tuple[Conflict, ...]:
    """Find what cannot all hold among the claims of one document.

    `title_end` is where the headline ends in the content (0: no headline); `prices` gives the USD price range of coins
    by ticker over the report's time. Claims with other statuses than asserted are left out, and single positions, which
    are no whole; of a page with hundreds of figures only the first are compared.
    """
    asserted = [claim for claim in claims if claim.status == "asserted" and not one_position(claim)][:_AT_MOST]
    found = [
        *_parts(asserted),
        *_sides(asserted),
        *_largest(asserted),
        *_worth(asserted, prices or {}),
        *_headline(asserted, title_end),
    ]
    return tuple({conflict.claim_ids: conflict for conflict in reversed(found)}.values())[::-1]


def one_position(claim: Claim) -> bool:
    """Tell whether a claim speaks of one trader's position: it is a part of its scope, never the whole."""
    return claim.metric == "liquidations" and any(rule in _POSITION for rule in claim.rules)


def _parts(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Compare claims that differ in one field, in which one is a part of the other."""
    for part, whole in permutations(
        (claim for claim in claims if claim.metric != "largest_liquidation" and claim.window), 2
    ):
        for name, is_part in _PARTS.items():
            if is_part(part, whole) and _equal(part, whole, apart=(name,)) and _exceeds(part, whole, near=moved(whole)):
                yield Conflict(
                    f"arithmetic.{name}",
                    (part.id, whole.id),
                    f"{_named(part)} of {_amount(part)} exceeds {_named(whole)} of {_amount(whole)}",
                )


def _shorter(part: Claim, whole: Claim) -> bool:
    if part.window is None or whole.window is None:
        return False
    inner, outer = part.window.period, whole.window.period
    if inner is not None and outer is not None:
        return inner != outer and outer.start <= inner.start and inner.end <= outer.end
    if part.window.hours is not None and whole.window.hours is not None:
        return part.window.hours < whole.window.hours
    return False


_PARTS: dict[str, Callable[[Claim, Claim], bool]] = {
    "window": _shorter,
    "side": lambda part, whole: part.side != "both" and whole.side == "both",
    "asset": lambda part, whole: part.asset != ALL and whole.asset == ALL,
    "venue": lambda part, whole: part.venue != ALL and whole.venue == ALL,
}


def _sides(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Add longs and shorts up and hold them against their total."""
    for long, short in permutations((claim for claim in claims if claim.metric == "liquidations"), 2):
        if (long.side, short.side) != ("long", "short") or not _equal(long, short, apart=("side",)):
            continue
        totals = [claim for claim in claims if claim.side == "both" and _equal(claim, long, apart=("side",))]
        made = _sum(long.interval, short.interval)
        near = _widened(made, moved(long))
        if totals and not any(near.overlaps(total.interval) for total in totals):
            total = totals[0]
            yield Conflict(
                "arithmetic.sides",
                (long.id, short.id, total.id),
                f"longs of {_amount(long)} and shorts of {_amount(short)} make {span(made, unit=long.unit)}, "
                f"not the total of {_amount(total)}",
            )


def _largest(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Hold a single order against the sums that it is part of; without a window, against the largest of them."""
    sums = [claim for claim in claims if claim.metric == "liquidations"]
    for order in (claim for claim in claims if claim.metric == "largest_liquidation"):
        wholes = [
            claim
            for claim in sums
            if claim.unit == order.unit
            and claim.asset in (ALL, order.asset)
            and claim.venue in (ALL, order.venue)
            and claim.side in ("both", order.side)
            and (order.window is None or claim.window == order.window)
        ]
        if wholes and all(_exceeds(order, whole) for whole in wholes):
            whole = max(wholes, key=lambda claim: claim.value)
            yield Conflict(
                "arithmetic.largest",
                (order.id, whole.id),
                f"a single order of {_amount(order)} exceeds the total of {_amount(whole)}",
            )


def _worth(claims: Sequence[Claim], prices: Mapping[str, Interval]) -> Iterator[Conflict]:
    """Hold a coin amount against the dollars that stand next to it."""
    for coins, dollars in permutations(claims, 2):
        price = prices.get(coins.unit)
        if price is None or dollars.unit != "USD" or not _neighbours(coins, dollars):
            continue
        if coins.metric != dollars.metric or coins.side != dollars.side or coins.window != dollars.window:
            continue
        worth = _product(coins.interval, price)
        if not worth.overlaps(dollars.interval):
            yield Conflict(
                "arithmetic.worth",
                (coins.id, dollars.id),
                f"{count(coins.value)} {coins.unit} were worth {span(worth)} at the time, not {_amount(dollars)}",
            )


def _headline(claims: Sequence[Claim], title_end: int) -> Iterator[Conflict]:
    """Hold a headline's figure against the body's figures of the same meaning: one of them must agree."""
    body = [claim for claim in claims if claim.evidence.start >= title_end]
    for head in (claim for claim in claims if claim.evidence.start < title_end):
        same = [claim for claim in body if head.window is not None and _equal(head, claim)]
        if same and not any(head.interval.overlaps(claim.interval) for claim in same):
            yield Conflict(
                "arithmetic.headline",
                (head.id, same[0].id),
                f"the headline's {_amount(head)} is not the body's {_amount(same[0])}",
            )


def _equal(first: Claim, second: Claim, *, apart: tuple[str, ...] = ()) -> bool:
    """Tell whether two claims mean the same but for the fields `apart`."""
    fields = ("metric", "unit", "window", "side", "asset", "venue")
    if first.attributed_to != second.attributed_to and first.attributed_to and second.attributed_to:
        return False  # two observers need not agree
    return all(getattr(first, name) == getattr(second, name) for name in fields if name not in apart)


def moved(claim: Claim) -> float:
    """Give the share by which a figure can change from one reading to the next, be its digits as many as they may.

    Who tells trailing totals computes them anew all the time: as much as fits between two readings comes in at the end
    of the window, and as much goes out at its start. So it is small of a day and large of an hour.
    """
    tuned = tuning()
    seconds = claim.window.length_hours * 3600 if claim.window is not None else 86_400.0
    return min(2 * tuned.read_apart_seconds / seconds, tuned.same_source - 1)


def _widened(interval: Interval, share: float) -> Interval:
    return Interval(
        low=None if interval.low is None else interval.low * (1 - share),
        high=None if interval.high is None else interval.high * (1 + share),
    )


def _exceeds(part: Claim, whole: Claim, *, near: float = 0.0) -> bool:
    """Tell whether a part is surely larger than its whole."""
    return part.low is not None and whole.high is not None and part.low > whole.high * (1 + near)


def _neighbours(first: Claim, second: Claim) -> bool:
    gap = max(first.evidence.start, second.evidence.start) - min(first.evidence.end, second.evidence.end)
    return gap <= _NEIGHBOURS


def _sum(first: Interval, second: Interval) -> Interval:
    return Interval(
        low=(first.low or 0.0) + (second.low or 0.0),
        high=None if first.high is None or second.high is None else first.high + second.high,
    )


def _product(amount: Interval, price: Interval) -> Interval:
    return Interval(
        low=None if amount.low is None or price.low is None else amount.low * price.low,
        high=None if amount.high is None or price.high is None else amount.high * price.high,
    )


def _amount(claim: Claim) -> str:
    return money(claim.value) if claim.unit == "USD" else f"{count(claim.value)} {claim.unit}"


def _named(claim: Claim) -> str:
    """Name what a claim speaks of."""
    words = [
        f"the {claim.window.hours:g}-hour figure" if claim.window is not None and claim.window.hours else "the figure"
    ]
    if claim.side != "both":
        words.append(f"of {claim.side}s")
    if claim.asset != ALL:
        words.append(f"in {claim.asset}")
    if claim.venue != ALL:
        words.append(f"on {claim.venue}")
    return " ".join(words)
