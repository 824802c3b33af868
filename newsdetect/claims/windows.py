"""The time each figure's own sentence tells for it.

A time counts in the figure's territory first, then anywhere in its sentence. A time that cannot be settled
("overnight") is a window told, with null for its value, and is not overruled from afar (`newsdetect.claims.carrying`).
"The largest since May" measures something else; "…, when $8 billion was closed" tells of that other time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsdetect.claims import dates
from newsdetect.claims.article import Figure, Line
from newsdetect.claims.timeframes import Timeframe
from newsdetect.types import Window

# "The largest since February", "the first time in weeks", "the biggest single-day wipeout": measures of something else.
_SUPERLATIVE = r"(?:largest|biggest|highest|lowest|most|first|worst|record|greatest|steepest|sharpest|strongest)"
_MEASURE = re.compile(
    rf"\b{_SUPERLATIVE}\b[^.;$]{{0,60}}\b(?:since|in|of|for|over)\s*(?:\w+\s){{0,2}}$|\b{_SUPERLATIVE}\s$"
    r"|\b(?:levels?|low|high)\b[^.;$]{0,30}\bsince\s*(?:\w+\s){0,2}$|\bfirst time in\b[^.;$]{0,20}$"
    r"|\b(?:released|published|posted|dated|wrote|report(?:ed)?|post|note)\s(?:on\s)?$",
    re.IGNORECASE,
)
# "The largest since May 19, when $8 billion was closed": another event and its day.
_THEN = re.compile(
    r"\b(?:since|than|record|surpass\w*|exceed\w*|highest|largest|biggest|worst)\b[^.$]{0,80},?\swhen\b[^.$]{0,60}$",
    re.IGNORECASE,
)
# "In the same timeframe": the one told before.
_SAME = re.compile(
    r"\b(?:the|that) same (?:\w+ )?(?:timeframe|time frame|period|time|window|span|stretch)\b", re.IGNORECASE
)
_SUPERLATIVE_BEFORE = re.compile(rf"\b{_SUPERLATIVE}\s$", re.IGNORECASE)
# A quoted post's stamp and the article's own dateline.
_STAMP = re.compile(r"\(@\w+\)\s$")
# "Tesla stock plunged 14% on Thursday": a company's day, not the market's.
_COMPANY = re.compile(
    r"(?<!\bas\s)(?<!\bwhen\s)(?<!\bwhile\s)(?<!\bafter\s)"
    r"\b[A-Z][\w&]+(?:['’]s)?\s(?:stock|shares|share price)\s[^,;.$]{0,40}$"
)
# "Crypto Price Today: …": the name of a column; "The post … appeared first": the headline once more.
_COLUMN = re.compile(r"\b(?:prices?|markets?|news|analysis|predictions?|updates?|live)\s$", re.IGNORECASE)
_ECHO = re.compile(r"\bThe post\s[^\n]{0,200}$")
# Where another clause begins.
_CLAUSE = re.compile(r"[,;:—–]\s|\s(?:and|as|while|when|after|but|with)\s")
_CLAUSE_COST = 30
#: How far back, in characters, a sentence speaks of that other time.
_REACH = 220
#: How far, in characters, a year stands from its figure.
_YEAR_REACH = 40
#: Rules of times that name whole days.
_WHOLE_DAYS = frozenset({"time.day", "time.weekday", "time.date", "time.foreign"})
_DAY_HOURS = 24
#: Longer times (a month, a year) bind only where they are told: as another sentence's they are background.
_CARRIED_HOURS = 24 * 8


@dataclass(frozen=True, slots=True)
class Told:
    """A time told for a figure; `window` is null where it cannot be settled."""

    window: Window | None
    rule: str


def own_window(figure: Figure) -> Told | None:
    """Give the time told in a figure's own sentence, or None."""
    if _SAME.search(figure.line.text, figure.low, figure.high):
        return None
    then = _THEN.search(figure.line.text, max(0, figure.start - _REACH), figure.start)
    if then is not None:
        of_then = [time for time in figure.line.times if then.start() <= time.start < then.end()]
        return Told(_day_of(of_then[-1], figure.line.text) if of_then else None, "window.then")
    times = usable(figure.line)
    outside = [time for time in times if is_short(time.window)]
    inside = [time for time in times if figure.low <= time.start < figure.high]
    # A year further off, or beside a shorter time, dates something else: "$9 billion in 24 hours, unlike in 2021".
    inside = [
        t
        for t in inside
        if t.rule not in ("time.year", "time.period") or (not outside and _distance(figure, t) <= _YEAR_REACH)
    ]
    if not inside and not outside:
        return None
    inside = _settled(inside)
    nearest = min(_finest(inside, figure.line.text) or outside, key=lambda time: _distance(figure, time))
    return Told(nearest.window, f"window.{'own' if inside else 'sentence'}")


def _settled(times: list[Timeframe]) -> list[Timeframe]:
    """Leave out "within minutes" where the day is told: "on Oct. 10, $20 billion was erased within minutes"."""
    if any(time.rule in _WHOLE_DAYS and time.window is not None for time in times):
        return [time for time in times if time.rule != "time.vague"]
    return times


def _finest(times: list[Timeframe], text: str) -> list[Timeframe]:
    """Leave out the days among which hours are told: "on Monday $9 million in an hour", not "in one day"."""
    if any(time.rule == "time.clock" or _is_hours(time, text) for time in times):
        return [time for time in times if time.rule not in _WHOLE_DAYS]
    return times


def _is_hours(time: Timeframe, text: str) -> bool:
    """Tell a length of at most a day in hours or less, or one that trails the report."""
    window = time.window
    if window is None or window.hours is None or window.hours > _DAY_HOURS:
        return False
    return window.hours < _DAY_HOURS or time.rule == "time.trailing" or "hour" in text[time.start : time.end]


def _day_of(time: Timeframe, text: str) -> Window | None:
    """Give the day itself of a time told as "since May 19"."""
    window = time.window
    if window is None or window.start is None or not text[time.start : time.end].lower().startswith("since"):
        return window
    return dates.days(window.start)


def is_another_time(figure: Figure) -> bool:
    """Tell a figure told of another event for comparison: "the largest since May 19, when …"."""
    return _THEN.search(figure.line.text, max(0, figure.start - _REACH), figure.start) is not None


def usable(line: Line) -> list[Timeframe]:
    """Give the times of a sentence that can be a figure's: not "the largest since …", not a quoted post's stamp."""
    return [time for time in line.times if not _is_measure(line, time)]


def _is_measure(line: Line, time: Timeframe) -> bool:
    """Tell a time that measures or dates something other than a figure."""
    text, start = line.text, time.start
    if time.rule == "time.trailing" and time.window is not None and time.window.length_hours <= _DAY_HOURS:
        return False  # "the largest order of the past 24 hours" is of that time
    written = text[start : time.end].lower()
    if line.sentence.title and written.endswith("today"):  # "Why is crypto down today?" stands over any story
        return True
    if written == "today" and _is_of_headline(text, start, time.end):
        return True
    if _COMPANY.search(text, max(0, start - 90), start):
        return True
    if (
        time.window is not None
        and time.window.hours is not None
        and _SUPERLATIVE_BEFORE.search(text, max(0, start - 12), start)
    ):
        return True
    if written.startswith("since"):
        start += len("since ")
    before = max(0, start - 90)
    return _MEASURE.search(text, before, start) is not None or _STAMP.search(text, before, start) is not None


def _is_of_headline(text: str, start: int, end: int) -> bool:
    """Tell the "today" of a column's name and of a headline that is told again."""
    if text[end : end + 1] == ":" and _COLUMN.search(text, max(0, start - 20), start):
        return True
    return _ECHO.search(text, max(0, start - 220), start) is not None and " appeared first on " in text[end:]


def is_short(window: Window | None) -> bool:
    """Tell a news story's time from a month or a year."""
    return window is None or window.length_hours <= _CARRIED_HOURS


def _distance(figure: Figure, time: Timeframe) -> int:
    """Count the characters between a time and the figure; each clause between counts as many more."""
    first, last = (figure.end, time.start) if time.start >= figure.end else (time.end, figure.start)
    opened = first + 2 if time.end <= figure.start else first  # "On Monday, …": the comma opens the clause
    return last - first + _CLAUSE_COST * len(_CLAUSE.findall(figure.line.text, opened, last))
