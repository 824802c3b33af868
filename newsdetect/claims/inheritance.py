"""What a figure inherits from the figures around it: a part its total's coin and side, a forecast its level's coin.

In «Bitcoin led with $181 million, $142 million from longs» the second figure is of Bitcoin too; in «ETH bulls lost $43
million, followed by Bitcoin with $21 million» both are longs; «$205 million of which» is all that its total was. Only
what a figure does not say itself is inherited, from the figure before it in its sentence or the sentence before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import replace

from newsdetect.claims.article import Article, Line
from newsdetect.claims.meaning import Reading
from newsdetect.claims.quantities import is_included, is_worth
from newsdetect.claims.rows import in_turn
from newsdetect.claims.sides import is_whole
from newsdetect.claims.status import is_possible_line
from newsdetect.claims.sums import parts_of_market
from newsdetect.claims.topic import find_topic
from newsdetect.claims.trader import find_bet
from newsdetect.types import ALL, Side

_PART = re.compile(
    r"(?<!% )\b(?:of (?:which|that|this|these|those|them|it|the (?:total|sum|hit|damage|bill|tally|figure|amount|toll|pain|wipeout|carnage|(?:long |short )?liquidations))|the (?:rest|remaining|remainder)|out of (?:that|this|these))\b",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
# Parts of the story's total, not of the row before.
_OF_ALL = re.compile(r"\bof the (?:total|(?:long |short )?liquidations)\b|\b[Ii]n total\b")
# A figure that these words tell is the whole of something, no part of the figure before it.
_WHOLE = re.compile(
    r"\b(?:(?:entire|whole|overall|broader) (?:crypto\w* )?market|all (?:positions|kinds|coins|venues|exchanges|cryptocurrencies|crypto|assets|of crypto)|across all|in total|in all|altogether|aggregate|market[- ]wide|everything|other than)\b",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
# What these words tell is of more than the coin before.
_OTHERS = re.compile(
    r"\b(?:altcoins?|alts|together|combined|the rest|(?:all|other) (?:longs|shorts|bulls|bears|coins|tokens))\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:break\w*|surpass\w*|above|top(?:s|ped)?|exceed\w*|ris(?:e|es)|reach\w*|cross\w*|hits?|climb\w*|breakthrough|breach\w*|clear(?:s|ed)?|beyond)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:drop\w*|fall\w*|below|dip\w*|under|declin\w*|slip\w*|slides?|sinks?|beneath)\b",
    re.IGNORECASE,
)

#: So many figures back it is looked whether a sentence told both sides.
_FEW = 6


def inherit(article: Article, readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Give the readings with what they inherit, in the same order."""
    topic = find_topic(article)
    readings = in_turn(list(readings))
    market = parts_of_market(readings)
    bet = find_bet(article)
    done: list[Reading] = []
    for at, reading in enumerate(readings):
        last = done[-1] if done else None
        current = reading
        if current.status == "hypothetical":
            current = _of_level(current, article)
        elif last is not None and _follows(last, current):
            current = _of_total(last, current, one_sided=_is_one_sided(done, current))
        if current.status != "hypothetical" and current.metric == "liquidations":
            current = bet.give(current)
        if current.status != "hypothetical" and current.asset == ALL and topic and at not in market:
            current = topic.give(current)
        if last is not None and "venue.worth" in current.rules:
            done[-1] = replace(last, venue=current.venue)
        done.append(current)
    return tuple(done)


def _follows(last: Reading, current: Reading) -> bool:
    """Tell whether a figure stands in the sentence of the one before it, or in the next."""
    near = current.figure.line.position - last.figure.line.position
    return near == 0 or (near == 1 and not last.figure.line.sentence.title)


def _is_one_sided(done: list[Reading], current: Reading) -> bool:
    """Tell whether what the text told right before a figure is one side's: its sentence so far, or the one before."""
    line = current.figure.line
    last = done[-1].figure.line
    before = list(itertools.takewhile(lambda each: each.figure.line is last, reversed(done[-_FEW:])))
    return not {"long", "short"} <= {each.side for each in before} if last is line else len(before) == 1


def _is_whole(current: Reading) -> bool:
    """Tell a figure that is said to be a whole, or stands behind its part."""
    figure = current.figure
    return is_whole(figure) or _WHOLE.search(figure.line.text, figure.low, figure.high) is not None


def _of_total(last: Reading, current: Reading, *, one_sided: bool) -> Reading:
    """Let a part have the coin, venue and side of the figure before it."""
    figure = current.figure
    same = last.figure.line is figure.line
    dealt = "row.respectively" in current.rules
    if (
        last.figure.amount.kind == "coin"
        and same
        and not dealt
        and current.metric == last.metric
        and is_worth(figure, last.figure)
    ):
        return replace(
            current,
            asset=last.asset,
            venue=last.venue if last.venue != ALL else current.venue,
            side=last.side or current.side,
            rules=(*current.rules, "asset.worth", *(("venue.worth",) if last.venue == ALL != current.venue else ())),
        )
    if _is_whole(current):
        return current
    part = _PART.search(figure.line.text, figure.low, figure.high) is not None or is_included(figure.line)
    of_all = part and _OF_ALL.search(figure.line.text, figure.low, figure.high) is not None
    others = _OTHERS.search(figure.line.text, figure.low, figure.high) is not None
    said = (
        others
        or "asset.several" in current.rules
        or (of_all and not same and len({each.value for each in last.figure.line.assets}) > 1)
    )
    opposite = current.side is not None and last.side is not None and current.side != last.side
    if (
        current.asset == ALL
        and last.asset != ALL
        and not said
        and (part or opposite or (same and (current.side or _next_venue(last, current))))
    ):
        current = replace(current, asset=last.asset, rules=(*current.rules, "asset.part"))
    if current.venue == ALL and last.venue != ALL and (part or (same and (opposite or current.side))):
        current = replace(current, venue=last.venue, rules=(*current.rules, "venue.part"))
    row = same and (current.asset != last.asset or current.venue != last.venue or current.window != last.window)
    if (
        current.side is None
        and last.side is not None
        and current.metric == "liquidations"
        and one_sided
        and (part or (same and row))
    ):
        current = replace(current, side=last.side, rules=(*current.rules, "side.part"))
    return current


def _next_venue(last: Reading, current: Reading) -> bool:
    """Tell a row of venues from other figures: "on Bybit $44 million in BTC positions; on OKX, $31 million"."""
    return ALL not in (last.venue, current.venue) and last.venue != current.venue


def _of_level(current: Reading, article: Article) -> Reading:
    """Let a forecast have the coin at whose price level it stands, and a headline's the side its body tells."""
    line = current.figure.line
    if current.asset == ALL and current.figure.amount.kind != "coin":
        coins = line.assets or (article.title.assets if article.title else [])
        if coins:
            current = replace(current, asset=coins[0].value, rules=(*current.rules, "asset.level"))
    if current.side is None and line.sentence.title:
        side = _forecast_side(line, article.lines[1:8])
        if side is not None:
            current = replace(current, side=side, rules=(*current.rules, "side.level"))
    return current


def _forecast_side(title: Line, body: Iterable[Line]) -> Side | None:
    """Give the side that the body tells for a headline's direction of the price."""
    up, down = _UP.search(title.text), _DOWN.search(title.text)
    for line in body:
        sides = {mention.value for mention in line.sides}
        if len(sides) == 1 and is_possible_line(line) and bool(down) == line.has(_DOWN) and (up or down):
            return "long" if "long" in sides else "short"
    return None
