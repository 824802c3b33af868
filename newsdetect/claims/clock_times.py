"""Clock times of a day: "between 14:00 and 15:00 UTC", "from 2 to 4 a.m. ET", "midnight to 6 a.m. Hong Kong time".

A clock time is settled only where its zone is told, beside it or, as UTC, anywhere in the sentence. Zones are data;
those with a summer time change on the last Sundays of March and October (Europe) or the second of March and the first
of November (America).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from newsdetect.claims import dates
from newsdetect.claims.corpus import any_word, corpus
from newsdetect.types import Window

_ZONES: dict[str, float | str] = corpus("timeframes")["zones"]
_WINTER = {"new york": -5, "chicago": -6, "los angeles": -8, "london": 0, "berlin": 1}
_AMERICAN = {"new york", "chicago", "los angeles"}
ZONE = rf"(?:{any_word(_ZONES)})\b"
_TIME = r"(?:[0-2]?\d(?:[:.][0-5]\d)?\s?(?:[ap]\.m\.|[ap]m\b)|[0-2]?\d(?::[0-5]\d)?|noon|midnight)"
_WRITTEN = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap])?", re.IGNORECASE)
_NAMED = {"midnight": 0, "noon": 12}
_HOURS = 24


def clock_range(day: str) -> str:
    """Give the pattern of a range of clock times; `day` is the pattern of a day named beside it."""
    return (
        rf"(?:\b(?P<before>{day}),?\s)?\b(?:(?:between|from)\s)?(?:(?P<before2>{day}),?\s)?(?P<from>{_TIME})(?:\s?{ZONE})?"
        rf"\s?(?:and|to|until|till|through|[-–—])\s?(?P<to>{_TIME})(?![:\d%])(?:\s?(?P<zone>{ZONE}))?(?:,?\s(?:on\s)?(?P<after>{day})\b)?"
    )


def clock_since() -> str:
    """Give the pattern of the time since a clock time."""
    return rf"\bsince\s(?P<from>{_TIME})(?P<to>)(?:\s?(?P<zone>{ZONE}))?"


def read_clock(
    groups: dict[str, str],
    text: str,
    published: datetime | None,
    find_day: Callable[[str, datetime | None], Window | None],
) -> tuple[bool, Window | None]:
    """Tell whether the groups are clock times at all, and settle them on the day named, else on the latest past one."""
    since, until = groups["from"], groups.get("to") or ""
    told = [each for each in (since, until) if each]
    if not all(":" in each for each in told) and not any(
        each.casefold() in _NAMED or re.search(r"[ap]\.?m", each, re.IGNORECASE) for each in told
    ):
        return False, None
    zone = groups.get("zone")
    if zone is None and "UTC" not in text and "GMT" not in text and since.casefold() != "midnight":
        return False, None
    named = groups.get("before") or groups.get("before2") or groups.get("after")
    local = published + offset_of(zone, published) if published else None
    window = find_day(named, local) if named else None
    if named and (window is None or window.start is None):
        return True, None
    day = window.start if window else None
    offset = offset_of(zone, day or published)
    first, last = _clocked(since, until)
    window = dates.clock(first, last, day=day, published=local)
    if window is None or window.start is None or window.end is None:
        return True, None
    return True, Window(start=window.start - offset, end=window.end - offset)


def _clocked(since: str, until: str) -> tuple[str, str | None]:
    """Write two times by 24 hours; the first has the second's half of the day, unless it would be later."""
    last, half = _minutes(until, None) if until else (None, None)
    first, own = _minutes(since, half)
    if last is not None and own is None and half == "p" and first >= last:
        first -= _HOURS // 2 * 60
    return _written(first), None if last is None else _written(last)


def _minutes(written: str, half: str | None) -> tuple[int, str | None]:
    """Give the minutes since midnight, and the half of the day where it is written."""
    if written.casefold() in _NAMED:
        return _NAMED[written.casefold()] * 60, "-"
    match = _WRITTEN.match(written)
    assert match is not None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    own = match["half"].casefold() if match["half"] else None
    which = own or half
    if which in ("a", "p") and hour <= _HOURS // 2:
        hour = hour % (_HOURS // 2) + (_HOURS // 2 if which == "p" else 0)
    return hour * 60 + minute, own


def _written(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def offset_of(zone: str | None, at: datetime | None) -> timedelta:
    """Give how far a zone is ahead of UTC at a moment."""
    offset = _ZONES[re.sub(r"\s", " ", zone).casefold()] if zone else 0.0
    if isinstance(offset, str):
        return timedelta(hours=_WINTER[offset] + (1 if at is not None and _is_summer(offset, at) else 0))
    return timedelta(hours=offset)


def _is_summer(city: str, at: datetime) -> bool:
    """Tell whether a city has summer time, to the day."""
    if city in _AMERICAN:
        return _sunday(at.year, 3, 2) <= at < _sunday(at.year, 11, 1)
    return _sunday(at.year, 3, -1) <= at < _sunday(at.year, 10, -1)


def _sunday(year: int, month: int, which: int) -> datetime:
    """Give the first, second or last (-1) Sunday of a month of 31 days, or one of its first."""
    first = datetime(year, month, 31 - 6 if which < 0 else 1 + 7 * (which - 1), tzinfo=UTC)
    return first + timedelta(days=(6 - first.weekday()) % 7)
