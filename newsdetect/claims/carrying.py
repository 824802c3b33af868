"""The time a figure has from elsewhere in its story.

More than half of all figures name no window where they stand. The nearest one told wins, in this order: the sentence
before, the one behind, another figure's of the same story. A weekday from elsewhere gives way to the trailing day that
the story measures its figures by.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from newsdetect.claims.article import Article
from newsdetect.claims.cues import is_told
from newsdetect.claims.windows import Told, is_short, usable
from newsdetect.types import Window

_OTHER_THING = re.compile(
    r"\b(?:volumes?|open interest|market cap\w*|trading volumes?|inflows?|outflows?|RSI|average|ETFs?)\b", re.IGNORECASE
)
#: What stands for a day as observers measure it, in hours.
_DAY, _TWO_DAYS = 12, 48


class Times:
    """The windows of a story's figures by line, and what a line without one has from them."""

    def __init__(self, article: Article, own: dict[int, Told]) -> None:
        self._lines = article.lines
        self._told = dict(own)
        short = sorted(at for at in own if own[at].window is not None and is_short(own[at].window))
        #: The lines whose figures tell a trailing day, and those that the whole story takes its time from.
        self._days = [at for at in short if _is_day(own[at].window)]
        self._story = self._days or short

    def carried(self, position: int) -> Told | None:
        """Give the window that a figure in line `position` has from elsewhere, or None."""
        told = self._beside(position) or self._of_lead(position) or self._of(self._story, position)
        if told is None or told.window is None or told.window.hours is not None or not self._days:
            return told
        return self._of(self._days, position)

    def settle(self, position: int, told: Told | None) -> None:
        """Keep a line's window for the lines beside it; what only the story gave is no line's own."""
        if told is not None and told.rule != "window.story":
            self._told.setdefault(position, told)

    def _beside(self, position: int) -> Told | None:
        """Give the time of the sentence before or behind."""
        lines = self._lines
        paragraph = lines[position].sentence.paragraph
        for at, rule in ((position - 1, "window.before"), (position + 1, "window.behind")):
            if not 0 <= at < len(lines) or lines[at].sentence.title:
                continue
            if at in self._told:
                return Told(self._told[at].window, rule)
            if at > position and not is_told(lines[at]):
                continue  # the next sentence's time is its own, unless it goes on about liquidations
            if lines[at].sentence.paragraph == paragraph and not _OTHER_THING.search(lines[at].text):
                times = [time for time in usable(lines[at]) if is_short(time.window)]
                if times:
                    return Told(times[-1 if at < position else 0].window, rule)
        return None

    def _of_lead(self, position: int) -> Told | None:
        """Give a headline the time of the sentence that opens the story."""
        if not self._lines[position].sentence.title or len(self._lines) < 2 or 1 in self._told:
            return None
        times = [time for time in usable(self._lines[1]) if is_short(time.window)]
        return Told(times[0].window, "window.lead") if times else None

    def _of(self, positions: list[int], position: int) -> Told | None:
        """Give the window told nearest to a line, of those in `positions` (sorted)."""
        if not positions:
            return None
        after = bisect_left(positions, position)
        near = positions[max(0, after - 1) : after + 1]
        closest = min(near, key=lambda at: (abs(at - position), at))
        return Told(self._told[closest].window, "window.story")


def _is_day(window: Window | None) -> bool:
    return window is not None and window.hours is not None and _DAY <= window.hours <= _TWO_DAYS
