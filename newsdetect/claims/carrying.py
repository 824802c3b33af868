"""The time a figure has from elsewhere in its story.

More than half of all figures name no window where they stand. The nearest one told wins, in this order: the sentence
before, the one behind, another figure's of the same story. A weekday from elsewhere gives way to the trailing day that
the story measures its figures by.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from newsdetect.claims.article import Article, Line
from newsdetect.claims.cues import is_told
from newsdetect.claims.moves import dated, is_of_one_coin, is_other, of_coin, of_move
from newsdetect.claims.timeframes import Timeframe
from newsdetect.claims.trader import is_of_trader
from newsdetect.claims.windows import Told, is_short, usable
from newsdetect.types import Window

_MARKET = re.compile(r"\b(?:traders|market|markets|across|exchanges|longs|shorts|positions)\b", re.IGNORECASE)
#: What stands for a day as observers measure it, in hours.
_DAY, _TWO_DAYS = 12, 48


class Times:
    """The windows of a story's figures by line, and what a line without one has from them."""

    def __init__(self, article: Article, own: dict[int, Told]) -> None:
        self._lines = article.lines
        self._told = dict(own)
        #: A story of one trader: its times are that trader's.
        self._is_of_traders = not any(line.has(_MARKET) and is_told(line) for line in article.lines)
        short = sorted(at for at in own if own[at].window is not None and is_short(own[at].window))
        #: The lines whose figures tell a trailing day, and those that the whole story takes its time from.
        self._days = [at for at in short if _is_day(own[at].window)]
        self._story = self._days or short

    def carried(self, position: int) -> Told | None:
        """Give the window that a figure in line `position` has from elsewhere, or None."""
        if is_of_trader(self._lines[position]) and not self._is_of_traders:
            return None
        told = (
            self._beside(position)
            or self._of_lead(position)
            or self._of(self._story, position)
            or of_move(self._lines, position)
        )
        if told is None or told.window is None:
            told = dated(self._lines, position) or told
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
            near = lines[at].sentence.paragraph == paragraph or _opens_list(lines[at])
            if near:
                times = [t for t in usable(lines[at]) if self._may_lend(lines[at], t, lines[position])]
                if at < position and (coined := of_coin(lines[position], lines[at], times)):
                    return coined
                if times:
                    return Told(times[-1 if at < position else 0].window, rule)
        return None

    @staticmethod
    def _may_lend(line: Line, time: Timeframe, figure: Line) -> bool:
        """Tell a time that a figure's sentence may have from the one beside it."""
        return is_short(time.window) and not is_other(line, time) and not is_of_one_coin(line, time, figure)

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


def _opens_list(line: Line) -> bool:
    """Tell a sentence that announces what stands below it."""
    return line.text.endswith(":")


def _is_day(window: Window | None) -> bool:
    return window is not None and window.hours is not None and _DAY <= window.hours <= _TWO_DAYS
