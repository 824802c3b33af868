"""Windows named in a text: lengths that trail the report, calendar times, and times that cannot be settled.

A length (`past 24 hours`, `in a single hour`, `daily`) gives hours; a weekday or date is resolved against the
publication time (`newsdetect.claims.dates`); `overnight` or `in minutes` is a time too, but one that settles nothing:
it gives no window and keeps the figure from inheriting another's. Limits: clock times are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsdetect.claims import dates
from newsdetect.claims.corpus import any_word, corpus
from newsdetect.types import Window

_WORDS = corpus("timeframes")
_NUMBERS: dict[str, float] = _WORDS["numbers"]
_UNITS: dict[str, float] = _WORDS["units"]

_COUNT = rf"(?P<count>\d{{1,3}}(?:\.\d)?|{any_word(_NUMBERS)})"
_UNIT = rf"(?P<unit>{any_word(_UNITS)})\b"
# "24-hour high", "4-hour chart": a length of something else.
_OTHER = (
    r"(?!['’]?s?[\s-](?:\w+[\s-]){0,2}(?:trading\svolumes?|volumes?|high|low|highs|lows|chart|charts|candles?|candlestick|heatmap|moving|"
    r"average|ema|sma|rsi|change|range|price|timeframe|time\sframe|ago|later|earlier|before|after|from\snow|ahead)\b)"
)
_WITHIN = r"(?:in|within|over|during|inside|under|for|across|of|by|after)"
_FILLER = (
    r"(?:(?:just|only|about|around|roughly|approximately|nearly|almost|under|over|less\sthan|a\slittle\sover|the|this|a\sspan\sof|the\sspan\sof|"
    r"a\speriod\sof|the\scourse\sof|a\smatter\sof|a\smere|barely|some|any|as\slittle\sas|one|a|span\sof|space\sof)\s){0,4}"
)
_PAST = r"(?:past|last|previous|prior|preceding|trailing|latest|recent|final|rolling)"

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)

# One line a pattern, or two: they are read as a table.
# ruff: noqa: E501, ISC004
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("time.vague", r"\bovernight\b|\b(?:in|within)\s(?:just\s|only\s|a\smatter\sof\s|mere\s|a\sfew\s|several\s){0,2}(?:hours|minutes|seconds|moments)\b"
                       r"|\b(?:past|last|next|recent)\s(?:few|several)\s(?:hours|days|weeks|minutes|months)\b"),
        ("time.trailing", rf"\b{_PAST}\s(?:{_COUNT}[\s-]?)?(?:single\s|full\s)?{_UNIT}{_OTHER}"),
        ("time.within", rf"\b{_WITHIN}\s{_FILLER}{_COUNT}[\s-]?(?:single\s|mere\s|short\s)?{_UNIT}(?!['’]s\s){_OTHER}"),
        ("time.within", rf"\b(?:innerhalb\svon|binnen|in\sden\s(?:letzten|vergangenen)|(?:en\s)?(?:las|los)\súltim[ao]s|en)\s{_COUNT}[\s-]?{_UNIT}"),
        ("time.hyphen", rf"\b{_COUNT}(?:-|(?<=\d)\s?)(?P<unit>second|minute|min|hour|hr|h|day|week)\b{_OTHER}(?!s?\s(?:after|before))"),
        ("time.rate", r"(?:\bper\s|\ban\s|/)(?P<rate>hour|day)\b|\bin\sthe\s(?P<in_rate>hour)\b"
                      r"|\b(?P<adverb>hourly|daily|single-day|one-day|single-hour|intraday)\b(?=\s(?:\w+\s){0,2}(?:liquidat\w+|total|scale|basis|tally|figure|toll|wipeout|timeframe|time\sframe|losses|flush|loss))"
                      r"|\b(?:that|the|this)\ssame\s(?P<same>hour|day)\b|\b(?:within|in|during)\s(?:that|this)\s(?P<that>hour)\b|\b(?P<h>24)\s?(?:hrs?|h)\b|\b(?P<one>single)\s(?P<day>day|hour)\b"),
        ("time.day", r"\b(?P<today>(?:so\sfar\s|earlier\s|later\s)?today(?!['’]s)|this\s(?:morning|afternoon|evening)(?!['’]s)|tonight)\b|\b(?P<yesterday>yesterday|last\snight)\b"
                     r"|\b(?P<lastweek>last\sweek)\b|\b(?P<thisweek>this\sweek)\b|\b(?P<weekend>(?:over|during|on|through|this|past|last)\s(?:the\s|this\s|past\s)?weekend)\b"),
        ("time.weekday", r"\b(?P<since>since\s)?(?:(?:last|on|late|early|this|past)\s){0,2}(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?!\sand\b)\b"),
        ("time.span", rf"\b(?:between|from)\s(?P<month>{_MONTH})\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?:and|to|through)\s(?:(?P<month2>{_MONTH})\.?\s)?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.,]\d)"),
        ("time.date", r"\b(?P<since>since\s)?(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?\s"
                      r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:%]|[.,]\d)(?:(?:\s?[-–—]\s?|\sto\s|\sand\s)(?P<last>[0-3]?\d)(?:st|nd|rd|th)?(?!\d))?(?:,?\s(?P<year>20[0-3]\d))?"),
        ("time.date", r"(?<![\d$.,])(?P<since>since\s)?\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\sof)?\s(?P<month>Jan(?:uary)?|Feb(?:ruary)?|March|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?(?:,?\s(?P<year>20[0-3]\d))?"),
        ("time.month", r"\b(?:in|of|since|during|from|last|late|early|mid|this|back\sin|throughout|['’]s)[\s-](?:late\s|early\s|mid-?)?(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\b(?!\.?\s[0-3]?\d(?!\d))(?:,?\s(?:of\s)?(?P<year>20[0-3]\d))?"),
        ("time.month", r"\b(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)['’]s\b(?P<year>)"),
        ("time.month", r"\b(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\s(?P<year>20[0-3]\d)\b"),
    )
)  # fmt: skip
# Most articles name few of these: one cheap look decides whether a sentence is worth the patterns.
_ANY = re.compile(
    r"hour|stunde|hora|tagen|días|\bh\b|\dh|hr|day|week|month|minute|second|night|morning|evening|today|daily|20[12]\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    re.IGNORECASE,
)
#: It may already be tomorrow where the article was written.
_GRACE = timedelta(days=1)
_LENGTHLESS = {"intraday"}


@dataclass(frozen=True, slots=True)
class Timeframe:
    """One time in the text: characters `[start, end)` of the searched string; no window where it cannot be settled."""

    start: int
    end: int
    window: Window | None
    rule: str


def find_timeframes(text: str, *, published: datetime | None) -> list[Timeframe]:
    """Find the times named in `text`, in order and without overlap; earlier patterns win."""
    if not _ANY.search(text):
        return []
    found: list[Timeframe] = []
    for rule, pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            if any(time.start < hit.end() and hit.start() < time.end for time in found):
                continue
            found.extend(_read(rule, hit, published))
    return sorted(found, key=lambda time: time.start)


def _read(rule: str, hit: re.Match[str], published: datetime | None) -> Iterator[Timeframe]:
    """Settle one time expression; nothing where it is none after all."""
    groups = hit.groupdict()
    if rule == "time.vague":
        window = None
    elif rule in ("time.trailing", "time.within", "time.hyphen"):
        unit = groups["unit"].casefold()
        if (
            rule == "time.trailing"
            and groups.get("count") is None
            and unit.startswith(("week", "month"))
            and hit[0].casefold().startswith("last")
        ):
            window = dates.week_before(published=published) if unit.startswith("week") else None
        else:
            hours = _count(groups.get("count")) * _UNITS[unit]
            if not 0 < hours <= 24 * 400:
                return
            window = Window(hours=round(hours, 4))
    elif rule == "time.rate":
        name = next(
            groups[key] for key in ("rate", "in_rate", "adverb", "same", "that", "h", "day") if groups[key]
        ).casefold()
        if name in _LENGTHLESS:
            return
        window = Window(hours=1 if "hour" in name else 24)
    else:
        window = _calendar(rule, groups, published)
    if window is not None and window.start is not None and published is not None and window.start > published + _GRACE:
        return  # to come: no time of a report
    yield Timeframe(hit.start(), hit.end(), window, rule)


def _count(word: str | None) -> float:
    """Read how many units; none written is one."""
    if word is None:
        return 1.0
    key = re.sub(r"\s", " ", word).casefold()
    return _NUMBERS[key] if key in _NUMBERS else float(key)


def _calendar(rule: str, groups: dict[str, str | None], published: datetime | None) -> Window | None:
    """Settle a calendar expression, or give None where the publication time is needed and unknown."""
    written = groups.get("year")
    year = int(written) if written else None
    if rule == "time.day":
        return _relative(groups, published)
    if rule == "time.span":
        return dates.span(
            dates.date(int(str(groups["day"])), str(groups["month"]), None, last_day=None, published=published),
            dates.date(
                int(str(groups["last"])),
                str(groups["month2"] or groups["month"]),
                None,
                last_day=None,
                published=published,
            ),
        )
    if rule == "time.weekday":
        window = dates.weekday(str(groups["weekday"]), published=published)
    elif rule == "time.date":
        last = groups.get("last")
        window = dates.date(
            int(str(groups["day"])),
            str(groups["month"]),
            year,
            last_day=int(last) if last else None,
            published=published,
        )
    else:
        return dates.month(str(groups["month"]), year, published=published)
    return dates.since(window, published=published) if groups.get("since") else window


def _relative(groups: dict[str, str | None], published: datetime | None) -> Window | None:
    """Settle today, yesterday, last week, this week and the weekend."""
    if published is None:
        return None
    if groups["today"]:
        return dates.days(published)
    if groups["yesterday"]:
        return dates.weekday(_day_before(published), published=published)
    if groups["lastweek"]:
        return dates.week_before(published=published)
    if groups["thisweek"]:
        return dates.this_week(published=published)
    return dates.weekend(published=published)


def _day_before(published: datetime) -> str:
    """Name the weekday before the publication's."""
    return list(dates.WEEKDAYS)[(published.weekday() - 1) % 7]
