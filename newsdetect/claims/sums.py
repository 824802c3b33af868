"""What a story's figures say of each other: two sides add up to their total, and no part is larger than its whole.

Longs and shorts that sum to a figure of one coin are of that coin; they share its time and venue. A side that only the
headline's wording gave a figure ("$460M in longs squeezed") falls away where the body tells that side's own, smaller
sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsdetect.claims.intervals import last_digit
from newsdetect.claims.meaning import Reading
from newsdetect.types import ALL

#: The largest share of a total that rounding may keep two parts from it.
_ROUNDING = 0.02
#: A part this large of a figure is the side's own sum, not one coin's or venue's.
_LARGE_PART = 0.4
#: Sums are looked for among this many figures at most.
_MOST = 40


def reconcile(readings: Iterable[Reading]) -> list[Reading]:
    """Give a story's distinct readings with what their sums tell, in the same order."""
    done = list(readings)
    for long, short, total in _triples(done):
        done[long], done[short] = _part(done[long], done[total]), _part(done[short], done[total])
    return [_without_lent_side(each, done) for each in done]


def parts_of_market(readings: list[Reading]) -> set[int]:
    """Give the positions of the sides' sums whose total is the market's, however small they are."""
    return {at for long, short, total in _triples(readings) if readings[total].asset == ALL for at in (long, short)}


def _triples(readings: list[Reading]) -> Iterator[tuple[int, int, int]]:
    """Find a long and a short sum with the total that they add up to, as positions."""
    sums = [at for at, each in enumerate(readings) if _is_sum(each)][:_MOST]
    longs, shorts = ([at for at in sums if readings[at].side == side] for side in ("long", "short"))
    totals = [at for at in sums if readings[at].side is None]
    for long in longs:
        for short in shorts:
            for total in totals:
                if _adds_up(readings[long], readings[short], readings[total]):
                    yield long, short, total


def _is_sum(reading: Reading) -> bool:
    return reading.metric == "liquidations" and reading.figure.amount.kind == "money"


def _adds_up(long: Reading, short: Reading, total: Reading) -> bool:
    """Tell whether two figures add up to a third, as far as their last digits tell."""
    values = [each.figure.amount.value for each in (long, short, total)]
    slack = sum(_last_digit(each) for each in (long, short, total)) / 2
    return abs(values[0] + values[1] - values[2]) <= min(slack, _ROUNDING * values[2])


def _last_digit(reading: Reading) -> float:
    figure = reading.figure
    return last_digit(figure.amount.value, figure.line.text[figure.start : figure.end])


def _part(part: Reading, total: Reading) -> Reading:
    """Give a side's sum what its total says of coin, venue and time."""
    return replace(
        part,
        asset=total.asset if part.asset == ALL else part.asset,
        venue=total.venue if part.venue == ALL else part.venue,
        window=part.window or total.window,
        rules=(*part.rules, "sum.sides"),
    )


def _without_lent_side(reading: Reading, others: list[Reading]) -> Reading:
    """Take back a side that a looser mention lent, where a smaller sum of that side stands beside it."""
    if reading.side not in ("long", "short") or "side.lent" not in reading.rules:
        return reading
    value = reading.figure.amount.value
    own = any(
        _is_sum(each)
        and (each.side, each.asset, each.venue) == (reading.side, reading.asset, reading.venue)
        and _LARGE_PART * value <= each.figure.amount.value < value
        for each in others
    )
    return replace(reading, side=None) if own else reading
