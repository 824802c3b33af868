"""Calendar words settled: what each form of day, date, span, month and year comes to at a publication time.

One function a form, under the name of its pattern (`newsdetect.claims.time_patterns`); the days themselves are worked
out in `newsdetect.claims.dates`, months and longer in `newsdetect.claims.periods`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from newsdetect.claims import dates, periods
from newsdetect.claims.corpus import corpus, spaced
from newsdetect.claims.lengths import count_of, unit_hours
from newsdetect.types import Window

_WORDS = corpus("timeframes")
_FOREIGN_DAYS: dict[str, str] = _WORDS["foreign_days"]
_ORDINALS: dict[str, int] = _WORDS["ordinals"]
_TWO_DAYS = timedelta(days=2)


def _day(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle today, yesterday, last week, this week and the weekend."""
    if published is None:
        return None
    for name, ago in (("today", 0), ("open", 0), ("yesterday", 1), ("dayearlier", 2)):
        if name in groups:
            return _since(groups, dates.days(published - timedelta(days=ago)), published)
    if "lastweek" in groups:
        return dates.week_before(published=published)
    if "thisweek" in groups:
        return dates.this_week(published=published)
    return _since(groups, dates.weekend(published=published), published)


def _ago(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle "three days ago" as that day."""
    if published is None:
        return None
    return dates.days(published - timedelta(hours=count_of(groups["count"]) * unit_hours(groups["unit"])))


def _weekday(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle a weekday, since one, or one of last week."""
    if "earlier" in groups:
        return dates.weekday_of_last_week(groups["weekday"], published=published)
    at = published - timedelta(days=1) if published and "gone" in groups else published  # "last Friday", on a Friday
    window = dates.weekday(groups["weekday"], published=at)
    return _week_to(window) if "weekto" in groups else _since(groups, window, published)


def _weekdays(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle two weekdays with what lies between."""
    first, last = (next(day for key, day in groups.items() if key.startswith(name)) for name in ("first", "last"))
    return dates.weekdays(first, last, published=published)


def _date(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle a date, since one, a few days of a month, or the week that ends on one."""
    written = groups.get("iso") or groups.get("numeric")
    if written:
        return _since(groups, dates.numeric(written, published=published), published)
    year, last = int(groups["year"]) if groups.get("year") else None, groups.get("last")
    if "lastyear" in groups and year is None and published is not None:
        year = published.year - 1
    window = dates.date(
        _ORDINALS[spaced(groups["nth"]).casefold()] if "nth" in groups else int(groups["day"]),
        groups["month"],
        year,
        last_day=int(last) if last else None,
        published=published,
    )
    if "weekto" in groups:
        return _week_to(window)
    if "weekendof" in groups:
        return dates.weekend(published=window.start) if window and window.start else None
    if "weekof" in groups and window is not None and window.start is not None:
        return dates.days(window.start - timedelta(days=window.start.weekday()), 7)
    return _since(groups, window, published)


def span_of_days(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle "between Oct. 10 and Oct. 12"; days joined by "and" alone are one time only where they follow."""
    year = int(groups["year"]) if groups.get("year") else None
    month2 = groups.get("month2") or groups["month"]
    last = dates.date(int(groups["last"]), month2, year, last_day=None, published=published)
    if last is None or last.end is None:
        return None
    first = dates.date(
        int(groups["day"]), groups.get("month") or month2, None, last_day=None, published=last.end - timedelta(days=1)
    )
    span = dates.span(first, last)
    between = groups.get("between")
    if span is None or span.start is None or span.end is None or groups.get("join", "").casefold() != "and" or between:
        return span
    return span if span.end - span.start == _TWO_DAYS else None


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


def _week_to(window: Window | None) -> Window | None:
    """Give the seven days that end with a day."""
    return None if window is None or window.end is None else dates.days(window.end - timedelta(days=7), 7)


def _since(groups: dict[str, str], window: Window | None, published: datetime | None) -> Window | None:
    return dates.since(window, published=published) if any(key.startswith("since") for key in groups) else window


#: By the name of the pattern.
CALENDAR: dict[str, Callable[[dict[str, str], datetime | None], Window | None]] = {
    "time.day": _day,
    "time.ago": _ago,
    "time.weekday": _weekday,
    "time.weekdays": _weekdays,
    "time.date": _date,
    "time.period": periods.settle,
    "time.month": _month,
    "time.months": _months,
    "time.year": _year,
    "time.foreign": _foreign,
}
