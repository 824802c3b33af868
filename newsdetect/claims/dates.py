"""Calendar expressions resolved against a publication time: weekdays, dates, months, weeks, all in UTC.

News looks back: a weekday is the latest such day up to the publication's own, a date without a year the latest that is
not in the future. Without a publication time only a date with its year can be settled. Limits: the writer's own time
zone is unknown, so "on Monday" is Monday in UTC.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

from newsdetect.types import Window

MONTHS = (
    {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
    | {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
    | {"sept": 9}
)
_MONTHS = 12
#: A number above this is a year.
_SHORT_YEAR = 1000
#: "The 25 July expiry", written in mid-July, is to come.
_SOON = timedelta(days=45)
WEEKDAYS = (
    {name.casefold(): number for number, name in enumerate(calendar.day_name)}
    | {name.casefold(): number for number, name in enumerate(calendar.day_abbr)}
    | {"tues": 1, "thurs": 3}
)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def days(start: datetime, count: int = 1) -> Window:
    """Give `count` whole days from `start`'s midnight."""
    first = _midnight(start)
    return Window(start=first, end=first + timedelta(days=count))


def weekday(name: str, *, published: datetime | None) -> Window | None:
    """Give the latest day of that name up to the day of publication."""
    if published is None:
        return None
    return days(published - timedelta(days=(published.weekday() - WEEKDAYS[name.casefold()]) % 7))


def weekday_of_last_week(name: str, *, published: datetime | None) -> Window | None:
    """Give the day of that name in the Monday-to-Monday week before the publication's own."""
    week = week_before(published=published)
    return days(week.start + timedelta(days=WEEKDAYS[name.casefold()])) if week and week.start else None


def weekdays(first: str, last: str, *, published: datetime | None) -> Window | None:
    """Give the days from one weekday to another, the latest such days up to the day of publication."""
    end = weekday(last, published=published)
    return span(weekday(first, published=end.start), end) if end and end.start else None


def clock(start: str, end: str | None, *, day: datetime | None, published: datetime | None) -> Window | None:
    """Give clock times of a day, else of the latest day on which they are over; without an end up to publication."""
    at = day or (_midnight(published) if published else None)
    if at is None:
        return None
    first = _time_of(at, start)
    if end is None:
        first = first if published is None or first < published else first - timedelta(days=1)
        return Window(start=first, end=published) if published and first < published else None
    last = _time_of(at, end)
    last += timedelta(days=last <= first)
    if day is None and published is not None and last > published:
        first, last = first - timedelta(days=1), last - timedelta(days=1)
    return Window(start=first, end=last)


def _time_of(day: datetime, written: str) -> datetime:
    """Give "21:30" or "midnight" of a day; 24:00 is the next day's first moment."""
    hour, _, minute = written.partition(":")
    clocked = hour.isdecimal()
    return day + timedelta(hours=int(hour) if clocked else 0, minutes=int(minute) if clocked else 0)


def date(day: int, month: str, year: int | None, *, last_day: int | None, published: datetime | None) -> Window | None:
    """Give one day, or the days up to `last_day`; without a year the latest that is not in the future."""
    number = MONTHS[month.casefold().rstrip(".")]
    if year is None:
        if published is None:
            return None
        year = _latest_year(number, day, published)
    try:
        start = datetime(year, number, day, tzinfo=UTC)
        end = datetime(year, number, last_day or day, tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):  # 31 February, year 0: written, but no date
        return None
    return Window(start=start, end=end) if start < end else None


def numeric(written: str, *, published: datetime | None) -> Window | None:
    """Give the day of "2025-10-14", "14.10.2025" or "10/14": where day and month could be changed, only by points."""
    numbers = [int(each) for each in re.split(r"\D", written)]
    year = next((each for each in numbers if each > _SHORT_YEAR), None)
    if year == numbers[0]:
        number, day = numbers[1:3]
    else:
        number, day = numbers[:2]
        if number > _MONTHS or "." in written:
            number, day = day, number
        elif day <= _MONTHS and day != number and year is not None:
            return None
    name = calendar.month_name[number] if 1 <= number <= _MONTHS else None
    return date(day, name, year, last_day=None, published=published) if name else None


def day_of_month(day: int, *, published: datetime | None) -> Window | None:
    """Give the latest such day of a month that is not in the future."""
    if published is None:
        return None
    this = in_month(published, day)
    if this is not None and this.start is not None and this.start <= published:
        return this
    return in_month(published.replace(day=1) - timedelta(days=1), day)


def in_month(month: datetime, day: int) -> Window | None:
    """Give a day of a month."""
    try:
        return days(month.replace(day=day))
    except ValueError:  # no 31st in that month
        return None


def _latest_year(month: int, day: int, published: datetime) -> int:
    """Give the year of a date without one: the latest past, unless it comes within weeks of publication."""
    for year in (published.year + 1, published.year):
        try:
            ahead = datetime(year, month, day, tzinfo=UTC) - published
        except ValueError:
            continue
        if ahead <= _SOON:
            return year
    return published.year - 1


def month(name: str, year: int | None, *, published: datetime | None) -> Window | None:
    """Give a whole calendar month; without a year the latest that has begun."""
    number = MONTHS[name.casefold().rstrip(".")]
    if year is None:
        if published is None:
            return None
        year = published.year if number <= published.month else published.year - 1
    if not 1 <= year <= 9998:
        return None
    start = datetime(year, number, 1, tzinfo=UTC)
    return Window(start=start, end=(start + timedelta(days=32)).replace(day=1))


def year(number: int) -> Window:
    """Give a whole calendar year."""
    return Window(start=datetime(number, 1, 1, tzinfo=UTC), end=datetime(number + 1, 1, 1, tzinfo=UTC))


def week_before(*, published: datetime | None) -> Window | None:
    """Give `last week`: the Monday-to-Monday week before the publication's own."""
    if published is None:
        return None
    return days(published - timedelta(days=published.weekday() + 7), 7)


def this_week(*, published: datetime | None) -> Window | None:
    """Give `this week`: from its Monday on, seven days."""
    return days(published - timedelta(days=published.weekday()), 7) if published else None


def weekend(*, published: datetime | None) -> Window | None:
    """Give the latest Saturday and Sunday that have begun."""
    if published is None:
        return None
    return days(published - timedelta(days=(published.weekday() - 5) % 7), 2)


def span(first: Window | None, last: Window | None) -> Window | None:
    """Give the time from one day's start to another's end."""
    if first is None or last is None or first.start is None or last.end is None or first.start >= last.end:
        return None
    return Window(start=first.start, end=last.end)


def since(start: Window | None, *, published: datetime | None) -> Window | None:
    """Give the time from a day's start until publication."""
    if start is None or start.start is None or published is None or published <= start.start:
        return None
    return Window(start=start.start, end=published)
