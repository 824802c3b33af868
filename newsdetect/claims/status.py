"""Whether a figure is told as having happened, as another time's, or as a possibility (fixtures/corpus/status.toml).

A possibility is a cue ("would", "at risk", "if the price …") in the figure's own sentence before it or close behind it,
or a headline whose whole article is of that kind. Another time's is a calendar window that ended more than eight days
before publication, or a cue of comparison ("back in", "the FTX collapse") where no window of the article's own stands.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from newsdetect.claims.article import Article, Figure
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.types import Status, Window

_WORDS = corpus("status")
_HYPOTHETICAL = re.compile(rf"(?<![\w-]){any_of(_WORDS['hypothetical'])}", re.IGNORECASE)
_HISTORICAL = re.compile(rf"(?<![\w-]){any_of(_WORDS['historical'])}", re.IGNORECASE)
_SETTLED = re.compile(rf"(?<![\w-]){any_of(_WORDS['settled'])}", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"liquidation (?:intensity|strength|pressure)|liquidations? .{0,40}mainstream CEX|critical (?:liquidation|price) (?:levels?|thresholds?)|could (?:unleash|trigger)",
    re.IGNORECASE,
)
#: A figure about a week old is still news; older ones are told for comparison.
_RECENT = timedelta(days=8)


def find_status(figure: Figure, window: Window | None, article: Article) -> Status:
    """Read a figure's status from its sentence, its window and the article."""
    if _is_possible(figure, article):
        return "hypothetical"
    if _is_past(window, article.published):
        return "historical"
    if window is None or window.hours is None:
        near = figure.line.text[max(0, figure.low - 30) : figure.high]
        if (window is None or article.published is None) and _HISTORICAL.search(near):
            return "historical"
    return "asserted"


def _is_past(window: Window | None, published: datetime | None) -> bool:
    """Tell whether a calendar window lies further back than news does."""
    return window is not None and window.end is not None and published is not None and window.end < published - _RECENT


def _is_possible(figure: Figure, article: Article) -> bool:
    """Tell whether a figure is only threatened."""
    text = figure.line.text
    before, behind = text[: figure.end], text[figure.end : figure.end + 90]
    for hit in _HYPOTHETICAL.finditer(before):
        if not _SETTLED.search(text, hit.end()):
            return True
    later = _HYPOTHETICAL.search(behind)
    if later and not _SETTLED.search(behind[: later.start()]) and "," not in behind[: later.start()]:
        return True
    return figure.line.sentence.title and is_forecast(article)


def is_forecast(article: Article) -> bool:
    """Tell whether an article is one of liquidation levels, whose headline words them as fact."""
    return any(_TEMPLATE.search(line.text) for line in article.lines[1:6])
