"""Windows named in a text: lengths that trail the report, calendar times, and times that cannot be settled.

A length (`past 24 hours`, `in a single hour`, `daily`) gives hours; a weekday or date is resolved against the
publication time (`newsdetect.claims.dates`); `overnight` or `in minutes` is a time too, but one that settles nothing:
it gives no window and keeps the figure from inheriting another's. Limits: a clock time without a zone settles nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from newsdetect.claims import dates
from newsdetect.claims.calendar_words import CALENDAR, span_of_days
from newsdetect.claims.clock_times import read_clock
from newsdetect.claims.lengths import hours_of
from newsdetect.claims.other_times import DAYS, is_other_time
from newsdetect.claims.time_patterns import ANY, PATTERNS
from newsdetect.types import Window

_LENGTHLESS = {"intraday"}
#: Rules of lengths.
LENGTHS = frozenset({"time.trailing", "time.within", "time.hyphen", "time.half", "time.label", "time.hours"})
_RATES = ("slow", "slow2", "rate", "in_rate", "its", "its2", "adverb", "candle", "same", "that", "h", "day")
#: Rules of calendar times that may be the end of a length, and what joins them to it.
_ENDED = re.compile(
    r",?\s(?:(?:period|window|span|stretch|session)\s)?(?:that\s|which\s)?(?:to|until|till|through|(?:leading\s)?up\sto|leading\s(?:in)?to|as\sof|ending|ended|ends|before|of)\s(?:on\s)?(?:[\w:.]+\s){0,4}",
    re.IGNORECASE,
)
#: How many characters before a time are looked at.
_REACH = 30
#: "As of Thursday morning" beside a length only says when the length ended.
_AS_OF = re.compile(r"\bas\sof\s(?:early\s|late\s|on\s)?$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}")
#: Behind "the most since November 21": what follows is told of that day, not of the time since.
_DAY_ITSELF = re.compile(r",?\s(?:when|a\sday\s(?:of|when|on\swhich|that))\b")
_RATED = (("hour", 1), ("week", 168), ("month", 720))

#: Whether the match is a time at all, and its window where one settles it.
Settled = tuple[bool, Window | None]


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
        dated = time.rule in DAYS and _AS_OF.search(text, max(0, time.start - _REACH), time.start)
        if dated and any(other.rule in LENGTHS for other in times):
            continue
        if length is None or not (told and time.rule in DAYS and _ENDED.fullmatch(text, length.end, time.start)):
            kept.append(time)
    return kept


def _read(rule: str, hit: re.Match[str], published: datetime | None) -> Iterator[Timeframe]:
    """Settle one time expression; nothing where it is none after all."""
    groups = {name: value for name, value in hit.groupdict().items() if value is not None}
    is_time, window = _SETTLE.get(rule, _calendar)(rule, hit, groups, published)
    if is_time and not is_other_time(rule, hit, window, published):
        yield Timeframe(hit.start(), hit.end(), window, rule)


def _length(rule: str, hit: re.Match[str], groups: dict[str, str], published: datetime | None) -> Settled:
    """Settle a length; "last week" is the calendar's."""
    unit = groups.get("unit") or groups["unit2"]
    alone = "count" not in groups and "count2" not in groups
    last = rule == "time.trailing" and alone and hit[0].casefold().startswith("last")
    if last and unit.casefold().startswith("week") and "tail" not in groups:
        return True, dates.week_before(published=published)
    hours = hours_of(groups)
    return (False, None) if hours is None else (True, Window(hours=hours))


def _rate(_: str, __: re.Match[str], groups: dict[str, str], ___: datetime | None) -> Settled:
    """Settle what is told by the hour, day, week or month."""
    name = next(groups[key] for key in _RATES if key in groups).casefold()
    if name in _LENGTHLESS:
        return False, None
    return True, Window(hours=next((hours for part, hours in _RATED if part in name), 24))


def _clock(_: str, hit: re.Match[str], groups: dict[str, str], published: datetime | None) -> Settled:
    return read_clock(groups, hit.string, published, _first_day)


def _span(_: str, __: re.Match[str], groups: dict[str, str], published: datetime | None) -> Settled:
    """Settle days joined; where they make no span they are two times, or a sum."""
    window = span_of_days(groups, published)
    return window is not None or "join" not in groups, window


def _nth(_: str, hit: re.Match[str], __: dict[str, str], published: datetime | None) -> Settled:
    return True, dates.day_of_month(int(_NUMBER.findall(hit[0])[0]), published=published)


def _vague(*_: object) -> Settled:
    return True, None


def _calendar(rule: str, hit: re.Match[str], groups: dict[str, str], published: datetime | None) -> Settled:
    if "since" in groups and _DAY_ITSELF.match(hit.string, hit.end()):
        groups = {name: value for name, value in groups.items() if name != "since"}
    return True, CALENDAR[rule](groups, published)


def _first_day(named: str, published: datetime | None) -> Window | None:
    return next((time.window for time in find_timeframes(named, published=published)), None)


#: How each pattern's times are settled; the rest by the calendar.
_SETTLE: dict[str, Callable[[str, re.Match[str], dict[str, str], datetime | None], Settled]] = {
    **dict.fromkeys(LENGTHS, _length),
    "time.rate": _rate,
    "time.sameclock": _rate,
    "time.clock": _clock,
    "time.dayof": lambda *_: (True, Window(hours=24)),
    "time.nth": _nth,
    "time.span": _span,
    "time.vague": _vague,
    "time.thatday": _vague,
}
