"""Which side a figure speaks of: long, short, both or unsaid, by the words in its own territory.

A side that labels its figure ("Longs: $98M") tells it alone; of two sides in a territory the nearest is meant, unless
they are named together. A total that stands behind its part ("$217 million of $262 million hit shorts") has no side.
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Figure
from newsdetect.claims.binding import OUTDONE, REACH, own
from newsdetect.claims.entities import Mention
from newsdetect.claims.labels import label_of, sum_before
from newsdetect.types import Side

# Between a part and the total behind it: "$217 million of $262 million", "$146 million of the day's total of $161M".
_OF_WHOLE = re.compile(
    r"\s(?:of\s|(?:[^\s$,;.]+\s){0,4}out\sof\s)(?:(?:the|that|this|a|last|past|day's|total|overall|roughly|nearly|about|over|some|[\w-]+['’]s)\s){0,4}"
    r"(?:(?:[\w-]+\s){0,3}(?:total|tally|sum|figure)\sof\s)?",
    re.IGNORECASE,
)
# "Shorts were 73% of the $346 million liquidated": the share is the side's, the sum is not.
_SHARE_OF = re.compile(
    r"(?:%|\bper\s?cent|\b(?:quarters|thirds|fifths|tenths|half|most|majority|bulk))\sof\s"
    r"(?:(?:the|that|this|those|a|its|total|roughly|nearly|about|over)\s){0,3}$",
    re.IGNORECASE,
)
_IN_SIDE = re.compile(r"\s(?:worth\s)?(?:in|of)\s(?:[\w-]+\s){0,2}(?:long|short|bull|bear)", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\W*(?:which|who|that|total\w+|represent\w+|account\w+|worth|amount\w+|valued)\b", re.IGNORECASE
)
# "$44 million 93% Short Ethereum $69 million 81% Short", "$102 million Long 66%": totals, each with a side's share.
_ROW_SHARE = re.compile(
    r"\s?(?:[|,;–—-]\s?)?(?:(?:longs?|shorts?)(?:\s(?:positions|liquidations))?\s?(?:[|:]\s?)?)?[~≈]?\d{1,3}(?:[.,]\d{1,3})?\s?%",
    re.IGNORECASE,
)
#: So many rows make a table.
_ROWS = 2
_BOTH = re.compile(r"both|longs? and shorts?|shorts? and longs?|long and short|short and long", re.IGNORECASE)


def find_side(figure: Figure) -> tuple[Side | None, str | None]:
    """Read the side in a figure's territory; both sides there are `both`, none is null.

    A side that only most of a figure was ("mostly longs") tells the figure behind it, never the one before.
    """
    if is_whole(figure):
        return None, None
    near = [each for each in figure.line.sides if abs(each.start - figure.start) <= REACH]
    if (label := label_of(figure, near)) is not None and not label.share:
        return ("long" if label.value == "long" else "short"), "side.label"
    if is_row_of_share(figure):
        return None, None
    earlier = max((other.end for other in figure.line.figures if other.end <= figure.start), default=0)
    sides = [mention for mention in own(figure, figure.line.sides) if not mention.share or mention.start < figure.start]
    if not sides and (whole := _whole_behind(figure)) is not None:
        sides = [mention for mention in own(whole, figure.line.sides) if mention.start >= whole.end]
    if not sides:
        between = [
            each for each in figure.line.sides if max(earlier, figure.start - REACH) <= each.start < figure.start
        ]
        sides = between[-1:] if _RELATIVE.match(figure.left) else []
    return _settled(figure, sides) if sides else (None, None)


def _settled(figure: Figure, sides: list[Mention]) -> tuple[Side, str]:
    """Choose among the sides in a figure's territory."""
    values = {mention.value for mention in sides}
    if len(values) == 2:
        text = figure.line.lower[figure.low : figure.high]
        if _BOTH.search(text):
            return "both", "side.both"
        first, last = sides[0], sides[-1]
        if last.end <= figure.start and OUTDONE.search(figure.line.text, first.end, last.start):
            return ("long" if first.value == "long" else "short"), "side.subject"
        nearest = min(sides, key=lambda mention: _distance(figure, mention))
        return ("long" if nearest.value == "long" else "short"), "side.nearest"
    return ("long" if "long" in values else "short"), "side.own"


def _whole_behind(figure: Figure) -> Figure | None:
    """Give the total right behind a figure that is a part of it: "$16.7 billion of the total $19.1 billion"."""
    after = [other for other in figure.line.figures if other.start >= figure.end]
    found = after and _OF_WHOLE.fullmatch(figure.line.text, figure.end, after[0].start)
    return after[0] if found else None


def is_whole(figure: Figure) -> bool:
    """Tell a total that stands behind its part: what follows is said of the part."""
    if _SHARE_OF.search(figure.left) and not _IN_SIDE.match(figure.right):
        return True
    part = sum_before(figure)
    return part is not None and _OF_WHOLE.fullmatch(figure.line.text, part.end, figure.start) is not None


def is_row_of_share(figure: Figure) -> bool:
    """Tell a total in a table whose next column is the share that one side had of it."""
    if not _ROW_SHARE.match(figure.line.text, figure.end):
        return False
    rows = (each for each in figure.line.figures if each.amount.kind != "bare")
    return sum(_ROW_SHARE.match(figure.line.text, each.end) is not None for each in rows) >= _ROWS


def _distance(figure: Figure, mention: Mention) -> int:
    """Count the characters between a mention and its figure; behind it counts a little nearer than before."""
    return mention.start - figure.end - 3 if mention.start >= figure.end else figure.start - mention.end
