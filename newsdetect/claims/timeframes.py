"""Windows named in a text: lengths that trail the report, calendar times, and times that cannot be settled.

A length (`past 24 hours`, `in a single hour`, `daily`) gives hours; a weekday or date is resolved against the
publication time (`newsdetect.claims.dates`); `overnight` or `in minutes` is a time too, but one that settles nothing:
it gives no window and keeps the figure from inheriting another's. Limits: clock times are read in UTC alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsdetect.claims import dates
from newsdetect.claims.corpus import corpus, spaced
from newsdetect.claims.time_patterns import ANY, PATTERNS
from newsdetect.types import Window

_WORDS = corpus("timeframes")
_NUMBERS: dict[str, float] = _WORDS["numbers"]
_UNITS: dict[str, float] = _WORDS["units"] | _WORDS["foreign_units"]
_FOREIGN_DAYS: dict[str, str] = _WORDS["foreign_days"]

#: It may already be tomorrow where the article was written.
_GRACE = timedelta(days=1)
_LENGTHLESS = {"intraday"}
#: Rules of lengths.
LENGTHS = frozenset({"time.trailing", "time.within", "time.hyphen", "time.half", "time.label", "time.hours"})
_RATES = ("rate", "in_rate", "its", "its2", "adverb", "candle", "same", "that", "h", "day")
#: Rules of calendar times that may be the end of a length, and what joins them to it.
_DAYS = {"time.weekday", "time.date", "time.day", "time.clock"}
_ENDED = re.compile(
    r",?\s(?:that\s|which\s)?(?:to|until|till|through|up\sto|as\sof|ending|ended|ends|before)\s(?:on\s)?(?:[\w:.]+\s){0,2}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Timeframe:
    """One time in the text: characters `[start, end)` of the searched string; no window where it cannot be settled."""

    start: int
    end: int
    window: Window | None
    rule: str


def find_timeframes(text: str, *, published: datetime | None) -> list[Timeframe]:
    """Find the times named in `text`, in order and without overlap; earlier patterns win."""
    if not ANY.search(text):
        return []
    found: list[Timeframe] = []
    lowered = text.lower()
    for rule, pattern, needles in PATTERNS:
        if needles and not any(needle in lowered for needle in needles):
            continue
        for hit in pattern.finditer(text):
            if any(time.start < hit.end() and hit.start() < time.end for time in found):
                continue
            found.extend(_read(rule, hit, published))
    return _without_ends(sorted(found, key=lambda time: time.start), text)


def _without_ends(times: list[Timeframe], text: str) -> list[Timeframe]:
    """Leave out the days that only say when a length told just before them ended: "the 24 hours to Friday noon"."""
    kept: list[Timeframe] = []
    for time in times:
        length = kept[-1] if kept else None
        told = length is not None and length.window is not None and length.window.hours is not None
        if length is None or not (told and time.rule in _DAYS and _ENDED.fullmatch(text, length.end, time.start)):
            kept.append(time)
    return kept


def _read(rule: str, hit: re.Match[str], published: datetime | None) -> Iterator[Timeframe]:
    """Settle one time expression; nothing where it is none after all."""
    groups = {name: value for name, value in hit.groupdict().items() if value is not None}
    window: Window | None = None
    if rule in LENGTHS:
        window = _length(rule, hit[0], groups, published)
        if window is None and not _is_last_month(rule, hit[0], groups):
            return
    elif rule in ("time.rate", "time.sameclock"):
        name = next(groups[key] for key in _RATES if key in groups).casefold()
        if name in _LENGTHLESS:
            return
        window = Window(hours=1 if "hour" in name else 24)
    elif rule == "time.clock":
        if "UTC" not in hit.string and "GMT" not in hit.string and groups["from"].casefold() != "midnight":
            return
        window = _clock(groups, published)
    elif rule == "time.dayof":
        window = Window(hours=24)
    elif rule not in ("time.vague", "time.thatday", "time.nth"):
        window = _CALENDAR[rule](groups, published)
    if window is not None and window.start is not None and published is not None and window.start > published + _GRACE:
        return  # to come: no time of a report
    yield Timeframe(hit.start(), hit.end(), window, rule)


def _length(rule: str, written: str, groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle a length; "last week" is the calendar's, "last month" cannot be settled."""
    unit, count = groups.get("unit") or groups["unit2"], groups.get("count") or groups.get("count2")
    if rule == "time.trailing" and count is None and written.casefold().startswith("last"):
        if unit.casefold().startswith("week"):
            return dates.week_before(published=published)
        if unit.casefold().startswith("month"):
            return None
    if unit.casefold() == "second" and count in ("a", "A"):
        return None  # "after a second token"
    hours = _count(count) * _UNITS[unit.casefold()]
    return Window(hours=round(hours, 4)) if 0 < hours <= 24 * 400 else None


def _is_last_month(rule: str, written: str, groups: dict[str, str]) -> bool:
    """Tell a calendar word among the lengths that is a time though no window settles it."""
    return rule == "time.trailing" and "count" not in groups and written.casefold().startswith("last")


def _count(word: str | None) -> float:
    """Read how many units; none written is one."""
    if word is None:
        return 1.0
    key = spaced(word).casefold()
    return _NUMBERS[key] if key in _NUMBERS else float(key)


def _clock(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle clock times in UTC on the day named beside them, else on the latest that is over at publication."""
    named = groups.get("before") or groups.get("before2") or groups.get("after")
    day = None
    if named:
        window = next((time.window for time in find_timeframes(named, published=published)), None)
        if window is None or window.start is None:
            return None
        day = window.start
    return dates.clock(groups["from"], groups.get("to") or None, day=day, published=published)


def _day(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle today, yesterday, last week, this week and the weekend."""
    if published is None:
        return None
    if "today" in groups:
        return dates.days(published)
    if "yesterday" in groups:
        return dates.days(published - timedelta(days=1))
    if "lastweek" in groups:
        return dates.week_before(published=published)
    if "thisweek" in groups:
        return dates.this_week(published=published)
    return dates.weekend(published=published)


def _ago(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle "three days ago" as that day."""
    if published is None:
        return None
    return dates.days(published - timedelta(hours=_count(groups["count"]) * _UNITS[groups["unit"].casefold()]))


def _weekday(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle a weekday, since one, or one of last week."""
    if "earlier" in groups:
        return dates.weekday_of_last_week(groups["weekday"], published=published)
    at = published - timedelta(days=1) if published and "gone" in groups else published  # "last Friday", on a Friday
    return _since(groups, dates.weekday(groups["weekday"], published=at), published)


def _weekdays(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle two weekdays with what lies between."""
    first, last = (groups.get(name) or groups[f"{name}2"] for name in ("first", "last"))
    return dates.weekdays(first, last, published=published)


def _date(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle a date, since one, a few days of a month, or the week that ends on one."""
    year, last = groups.get("year"), groups.get("last")
    window = dates.date(
        int(groups["day"]),
        groups["month"],
        int(year) if year else None,
        last_day=int(last) if last else None,
        published=published,
    )
    if "weekto" in groups and window is not None and window.end is not None:
        return dates.days(window.end - timedelta(days=7), 7)
    return _since(groups, window, published)


def _span(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle "between Oct. 10 and Oct. 12"."""
    first = dates.date(int(groups["day"]), groups["month"], None, last_day=None, published=published)
    month = groups.get("month2") or groups["month"]
    return dates.span(first, dates.date(int(groups["last"]), month, None, last_day=None, published=published))


def _month(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle a month."""
    year = groups.get("year")
    return dates.month(groups["month"], int(year) if year else None, published=published)


def _months(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle a month with those up to another."""
    last = _month({**groups, "month": groups["month2"]}, published)
    if last is None or last.end is None:
        return None
    return dates.span(dates.month(groups["month"], None, published=last.end - timedelta(days=1)), last)


def _year(groups: dict[str, str], _: datetime | None) -> Window | None:
    """Settle a year."""
    return dates.year(int(groups["year"]))


def _foreign(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle days named in German, Spanish and Korean."""
    if "haru" in groups:
        return Window(hours=24)
    if "fin" in groups:
        return dates.weekend(published=published)
    return dates.weekday(_FOREIGN_DAYS[groups["foreign"].casefold()], published=published)


def _since(groups: dict[str, str], window: Window | None, published: datetime | None) -> Window | None:
    return dates.since(window, published=published) if "since" in groups else window


_CALENDAR: dict[str, Callable[[dict[str, str], datetime | None], Window | None]] = {
    "time.day": _day,
    "time.ago": _ago,
    "time.weekday": _weekday,
    "time.weekdays": _weekdays,
    "time.date": _date,
    "time.span": _span,
    "time.month": _month,
    "time.months": _months,
    "time.year": _year,
    "time.foreign": _foreign,
}
