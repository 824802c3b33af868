"""Months, quarters, halves and years: "last month", "in Q3", "year to date", "the first half of 2025".

A quarter or half without a year is the latest that has begun; what runs "to date" or "so far" ends with the
publication.
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

from newsdetect.claims import dates
from newsdetect.claims.lengths import COUNT, count_of
from newsdetect.types import Window

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
_MONTHS = 12
_QUARTER = 3
_HALF = 6
_HALF_MONTH = 15
_TALLIED_AFTER = {"week": timedelta(days=1), "month": timedelta(days=7)}
_INITIALS = {"y": "year", "m": "month", "q": "quarter", "w": "week"}

# One line a fragment or form: they are read as a table.
# ruff: noqa: E501, ISC004
_PREP = r"\b(?:in|during|for|over|throughout|across|of)\s(?:the\s)?(?:whole\s|full\s|entire\s|all\sof\s)?"
_YEAR = r"(?:\s(?:of\s)?(?:(?P<year>20[0-3]\d)|['’](?P<yy>[0-3]\d)\b|(?P<lastyear>last\syear)|(?:the|this)\syear)|(?P<yy2>2\d)\b)?"
_QUARTERS = (
    rf"(?:(?P<quarter>first|second|third|fourth|final)[\s-]quarter(?!\sof\san?\b)|Q(?P<q>[1-4])|(?P<q2>[1-4])Q){_YEAR}"
)
_HALVES = rf"(?:(?P<half>first|second)[\s-]half(?=\sof\s(?:20|the\syear|this\syear|last\syear)|-?\s?liquidat)|H(?P<h>[12])\b){_YEAR}"
_COUNTED = r"(?=\s(?:\w+\s){0,2}liquidat)"
_MONTH_NAMES = "|".join(name for name in calendar.month_name if name)
_SPAN = r"(?:week|month|quarter|year)"

#: Patterns, as a table of `newsdetect.claims.time_patterns` takes them.
FORMS = (
    rf"\b(?P<todate>{_SPAN})[\s-]to[\s-]date\b|\b(?-i:(?P<initial>[YMQW])TD)\b|\bso\sfar\sthis\s(?P<sofar>{_SPAN})\b"
    rf"|\bthis\s(?P<sofar2>{_SPAN})\sso\sfar\b|\bsince\s(?P<newyear>New\sYear)(?:['’]s(?:\sDay)?)?\b|\bsince\s(?:the\s)?(?:start|beginning|turn|first\sday)\sof\s(?:the|this)\s(?P<begun>{_SPAN})\b",
    r"\bthe\s(?P<tallied>week|month)['’]s\s(?=(?:\w+\s){0,2}(?:sum|total|tally|count|toll|bill|liquidations?)\b)",
    rf"\b(?:the\s)?(?P<mhalf>first|second)\shalf\sof\s(?P<month>{_MONTH_NAMES})\b(?:,?\s(?P<year>20[0-3]\d)\b)?",
    rf"{_PREP}{_QUARTERS}\b",
    rf"\b{_QUARTERS}{_COUNTED}",
    rf"{_PREP}{_HALVES}\b",
    rf"\b{_HALVES}{_COUNTED}",
    r"(?<!of\s)(?<!earlier\s)(?<!later\s)\bthis\s(?P<now>month|quarter|year)\b(?!['’]s)",
    r"(?<!of\s)\blast\s(?P<last>month|quarter|year)\b(?!\sand\sa\s(?:half|quarter)\b)(?!['’]s\s(?!(?:\w+\s){0,2}(?:liquidat|total|tally)))",
    rf"\b(?:the\s)?first\s(?:{COUNT}\s)?(?P<part>days?|weeks?|months?)\sof\s(?:(?P<month>{_MONTH_NAMES})\b|(?:the|this)\syear\b|(?=20[0-3]\d\b))(?:,?\s?(?P<year>20[0-3]\d)\b)?",
    rf"\bin\s(?P<tomonth2>{_MONTH_NAMES})\sso\sfar\b",
    rf"\b(?:so\sfar\sin|since\s(?:the\s)?(?:start|beginning|turn)\sof)\s(?:(?P<tomonth>{_MONTH_NAMES})\b(?:,?\s(?P<year>20[0-3]\d)\b|(?!,?\s\d))|(?P<toyear>20[0-3]\d)\b)",
    r"\b(?P<year>20[12]\d)(?:['’]s)?(?=\s(?:total\s)?(?:liquidations?)\b)",
)  # fmt: skip


def settle(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle one of the forms."""
    return next((read for form, read in _READ.items() if form in groups), _stated)(groups, published)


def _so_far(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Give what runs "so far" or "to date", from the start of its week, month, quarter or year."""
    unit = next((groups[name] for name in ("todate", "sofar", "sofar2", "begun") if name in groups), "year")
    if "initial" in groups:
        unit = _INITIALS[groups["initial"].casefold()]
    return dates.since(_current(unit.casefold(), published), published=published)


def _since_month(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Give a month so far."""
    name = groups.get("tomonth") or groups["tomonth2"]
    return dates.since(dates.month(name, _year(groups, published), published=published), published=published)


def _since_year(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Give a year so far."""
    return dates.since(dates.year(int(groups["toyear"])), published=published)


def _now(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Give the month, quarter or year of the publication."""
    return _current(groups["now"].casefold(), published)


def _last(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Give the month, quarter or year before that of the publication."""
    now = _current(groups["last"].casefold(), published)
    return _current(groups["last"].casefold(), now.start - timedelta(days=1)) if now and now.start else None


def _tallied(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Give the week or month whose sum is told: on its first days, the one before."""
    unit = groups["tallied"].casefold()
    return _current(unit, published - _TALLIED_AFTER[unit]) if published else None


def _stated(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle a quarter, a half or a year."""
    for names, length in ((("quarter", "q", "q2"), _QUARTER), (("half", "h"), _HALF)):
        part = next((groups[name] for name in names if name in groups), None)
        if part:
            return _part(_number(part), length, _year(groups, published), published)
    return dates.year(int(groups["year"]))


def _first(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Settle the first days, weeks or months of a month or year."""
    year, count = _year(groups, published), int(count_of(groups.get("count")))
    if "month" in groups:
        whole = dates.month(groups["month"], year, published=published)
    else:
        whole = dates.year(year) if year else _current("year", published)
    if whole is None or whole.start is None or count < 1:
        return None
    if groups["part"].casefold().startswith("month"):
        return _months(whole.start.year, whole.start.month, count)
    return dates.days(whole.start, count * (7 if groups["part"].casefold().startswith("week") else 1))


def _half_of_month(groups: dict[str, str], published: datetime | None) -> Window | None:
    """Give the first fifteen days of a month, or the others."""
    whole = dates.month(groups["month"], _year(groups, published), published=published)
    if whole is None or whole.start is None or whole.end is None:
        return None
    middle = whole.start + timedelta(days=_HALF_MONTH)
    first = groups["mhalf"].casefold() == "first"
    return Window(start=whole.start, end=middle) if first else Window(start=middle, end=whole.end)


def _current(unit: str, at: datetime | None) -> Window | None:
    """Give the week, month, quarter or year that a moment falls in."""
    if at is None:
        return None
    if unit == "week":
        return dates.this_week(published=at)
    length = {"month": 1, "quarter": _QUARTER, "year": _MONTHS}[unit]
    return _months(at.year, (at.month - 1) // length * length + 1, length)


def _part(number: int, length: int, year: int | None, published: datetime | None) -> Window | None:
    """Give the n-th part of a year; without a year the latest that has begun."""
    first = (number - 1) * length + 1
    if first > _MONTHS or (year is None and published is None):
        return None
    if year is None and published is not None:
        year = published.year - (first > published.month)
    assert year is not None
    return _months(year, first, length)


def _months(year: int, first: int, count: int) -> Window:
    """Give some whole months."""
    after = first + count - 1
    return Window(
        start=datetime(year, first, 1, tzinfo=UTC),
        end=datetime(year + after // _MONTHS, after % _MONTHS + 1, 1, tzinfo=UTC),
    )


def _year(groups: dict[str, str], published: datetime | None) -> int | None:
    """Give the year that is told."""
    if "lastyear" in groups:
        return published.year - 1 if published else None
    short = groups.get("yy") or groups.get("yy2")
    return 2000 + int(short) if short else int(groups["year"]) if "year" in groups else None


def _number(word: str) -> int:
    return _ORDINALS.get(word.casefold()) or int(word)


#: How the forms are read that a group of their own names; the others are quarters, halves and years.
_READ = {
    **dict.fromkeys(("todate", "sofar", "sofar2", "begun", "initial", "newyear"), _so_far),
    **dict.fromkeys(("tomonth", "tomonth2"), _since_month),
    "toyear": _since_year,
    "mhalf": _half_of_month,
    "now": _now,
    "last": _last,
    "tallied": _tallied,
    "part": _first,
}
