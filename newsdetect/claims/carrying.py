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
from newsdetect.claims.timeframes import Timeframe
from newsdetect.claims.trader import is_of_trader
from newsdetect.claims.windows import Told, is_short, usable
from newsdetect.types import Window

_OTHER_THING = re.compile(
    r"\b(?:volumes?|open interest|market cap\w*|trading volumes?|inflows?|outflows?|RSI|average|ETFs?)\b", re.IGNORECASE
)
_MARKET = re.compile(r"\b(?:traders|market|markets|across|exchanges|longs|shorts|positions)\b", re.IGNORECASE)
_BREAK = re.compile(r"[,;:—–]\s|\s(?:and|but|while|when|with)\s")
# The market's move: a price that fell or rose.
_MOVE = re.compile(
    r"\b(?:f[ae]ll(?:s|ing|en)?|dropp?\w*|slid\w*|slump\w*|plung\w*|crash\w*|tumbl\w*|sank|sink\w*|dip(?:s|ped|ping)?|declin\w*|"
    r"sell-?off|sold off|ros?e|ris(?:e|es|en|ing)|surg\w*|jump\w*|climb\w*|rall(?:y|ied|ies)|soar\w*|gain\w*|spik\w*|"
    r"rout|swing\w*|round trip|wick\w*|squeez\w*|"
    r"down|shot|broke|break\w*|whipsaw\w*|rebound\w*|correct\w+|record|liquidat\w+|cascad\w*)\b",
    re.IGNORECASE,
)
#: How many sentences back it is still the same move.
_MOVE_REACH = 3
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
            or self._of_move(position)
        )
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
                times = [t for t in usable(lines[at]) if is_short(t.window) and not _is_other(lines[at], t)]
                if times:
                    return Told(times[-1 if at < position else 0].window, rule)
        return None

    def _of_lead(self, position: int) -> Told | None:
        """Give a headline the time of the sentence that opens the story."""
        if not self._lines[position].sentence.title or len(self._lines) < 2 or 1 in self._told:
            return None
        times = [time for time in usable(self._lines[1]) if is_short(time.window)]
        return Told(times[0].window, "window.lead") if times else None

    def _of_move(self, position: int) -> Told | None:
        """Give the time told nearby of the market's move, where no figure of the story tells one."""
        lines = self._lines
        for line in reversed(lines[max(0, position - _MOVE_REACH) : position]):
            moves = [time for time in usable(line) if _is_of_move(line, time)]
            if moves:  # of several times none is surely the move's
                return Told(moves[-1].window, "window.move") if len({str(t.window) for t in moves}) == 1 else None
        behind = lines[position + 1 : position + 2]
        lengths = [t for line in behind for t in usable(line) if _is_of_move(line, t) and t.window and t.window.hours]
        return Told(lengths[0].window, "window.move") if lengths else None

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


def _is_other(line: Line, time: Timeframe) -> bool:
    """Tell a time whose own clause speaks of volumes, funds and the like."""
    return _OTHER_THING.search(line.text, *_clause(line, time)) is not None


def _is_of_move(line: Line, time: Timeframe) -> bool:
    """Tell a time whose own clause tells of the market's move."""
    if time.window is None or not is_short(time.window) or time.rule == "time.ago" or _is_other(line, time):
        return False
    return _MOVE.search(line.text, *_clause(line, time)) is not None


def _clause(line: Line, time: Timeframe) -> tuple[int, int]:
    """Give the ends of the clause that a time stands in."""
    starts = [hit.end() for hit in _BREAK.finditer(line.text, 0, time.start)]
    end = _BREAK.search(line.text, time.end)
    return starts[-1] if starts else 0, end.start() if end else len(line.text)


def _is_day(window: Window | None) -> bool:
    return window is not None and window.hours is not None and _DAY <= window.hours <= _TWO_DAYS
