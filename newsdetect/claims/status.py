"""Whether a figure is told as having happened, as another time's, or as a possibility (fixtures/corpus/status.toml).

A possibility is a cue ("would", "at risk", "if the price …") in the figure's own sentence before it or close behind it,
or a headline whose whole article is of that kind. Another time's is a calendar window that ended more than eight days
before publication, or a cue of comparison ("back in", "the FTX collapse") where no window of the article's own stands.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from newsdetect.claims.article import Article, Figure, Line
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.claims.cues import is_only_at_risk
from newsdetect.claims.sales import is_legal_line, is_legal_story
from newsdetect.claims.windows import is_another_time, usable
from newsdetect.types import Status, Window

_WORDS = corpus("status")
_HYPOTHETICAL = re.compile(rf"(?<![\w-]){any_of(_WORDS['hypothetical'])}", re.IGNORECASE)
_HISTORICAL = re.compile(rf"(?<![\w-]){any_of(_WORDS['historical'])}", re.IGNORECASE)
_SETTLED = re.compile(rf"(?<![\w-]){any_of(_WORDS['settled'])}", re.IGNORECASE)
_BEHIND = re.compile(rf"(?<![\w-]){any_of(_WORDS['hypothetical_behind'])}", re.IGNORECASE)
_HAPPENED = re.compile(any_of(_WORDS["happened"]), re.IGNORECASE)
# "Despite $105 million in liquidations, … if …": the condition is another's.
_HAPPENED_JUST = re.compile(
    r"\b(?:despite|after|following|amid|recent|saw|record(?:ed|ing))\s(?:\w+\s){0,4}$", re.IGNORECASE
)
# "$100,000 at risk as $800 million liquidation wave hits": what is feared comes of what happened.
_REASON = re.compile(r"\s(?:as|amid)\s(?!(?:much|many|high|well|large|soon|long\sas|if|a\sresult)\b)", re.IGNORECASE)
#: How far, in characters, a cue governs.
_REACH = 160
_TEMPLATE = re.compile(
    r"liquidation (?:intensity|strength|pressure)|liquidations? .{0,40}mainstream CEX|critical (?:liquidation|price) (?:levels?|thresholds?)|could (?:unleash|trigger)",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
#: A figure about a week old is still news; older ones are told for comparison.
_RECENT = timedelta(days=8)


def find_status(figure: Figure, window: Window | None, article: Article) -> Status:
    """Read a figure's status from its sentence, its window and the article."""
    if is_legal_story(article.title) or is_legal_line(figure.line):
        return "historical"
    if is_only_at_risk(figure) or _is_possible(figure, article):
        return "hypothetical"
    if is_another_time(figure):
        return "historical"
    if _is_past(window, article.published) or _names_old_day(figure, article):
        return "historical"
    if window is None or window.hours is None:
        near = figure.line.text[max(0, figure.low - 30) : figure.high]
        if (window is None or article.published is None) and _HISTORICAL.search(near):
            return "historical"
    return "asserted"


def _names_old_day(figure: Figure, article: Article) -> bool:
    """Tell whether the figure's part of the sentence names a day long past, though a length is its window."""
    return any(
        time.rule in ("time.date", "time.span") and _is_past(time.window, article.published)
        for time in usable(figure.line)
        if figure.low <= time.start < figure.high
    )


def _is_past(window: Window | None, published: datetime | None) -> bool:
    """Tell whether a calendar window lies further back than news does."""
    return window is not None and window.end is not None and published is not None and window.end < published - _RECENT


def _is_possible(figure: Figure, article: Article) -> bool:
    """Tell whether a figure is only threatened."""
    text = figure.line.text
    since = max(0, figure.start - _REACH)
    cues = list(_HYPOTHETICAL.finditer(text, since, figure.start))
    if cues and _is_reason(text, cues[-1].end(), figure):
        cues = []
    if cues and not _HAPPENED.search(text, cues[-1].end(), figure.start):
        return not _SETTLED.search(text, figure.end, figure.high)
    if _HAPPENED_JUST.search(text, since, figure.start):
        return figure.line.sentence.title and is_forecast(article)
    later = _BEHIND.search(text, figure.end, figure.end + _REACH)
    if later is not None and not _SETTLED.search(text, figure.end, later.start()):
        return True
    return figure.line.sentence.title and is_forecast(article)


def _is_reason(text: str, since: int, figure: Figure) -> bool:
    """Tell a figure of the fact for whose sake something else is feared."""
    reason = _REASON.search(text, since, figure.start)
    return reason is not None and not _HYPOTHETICAL.search(text, reason.end(), figure.high)


def is_forecast(article: Article) -> bool:
    """Tell whether an article is one of liquidation levels, whose headline words them as fact."""
    return any(line.has(_TEMPLATE) for line in article.lines[1:6])


def is_possible_line(line: Line) -> bool:
    """Tell whether a sentence speaks of what could happen."""
    return line.has(_HYPOTHETICAL)
