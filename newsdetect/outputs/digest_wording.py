"""The digest's words: amounts, windows, sides and verdicts as a reader says them; article words on one line."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from newsdetect.checks.check import CauseResult, Check, Verdict
from newsdetect.events.event import Figure
from newsdetect.outputs.mail import one_line
from newsdetect.outputs.report import EventReport, severest
from newsdetect.types import ALL, Window

VERDICT_WORDS: dict[Verdict | None, str] = {
    "corroborated": "corroborated",
    "plausible": "plausible",
    "not_checkable": "not checkable",
    "inconsistent": "inconsistent",
    "contradicted": "contradicted",
    None: "not checked",
}
#: What a cause's check came to, in a word or two.
CAUSE_RESULTS: dict[CauseResult, str] = {
    "consistent": "fits",
    "timing_inconsistent": "not at that time",
    "direction_inconsistent": "the price went the other way",
    "not_checkable": "cannot be told",
}
_SIDES = {"long": "longs", "short": "shorts", "both": "longs and shorts"}
_METRICS = {"largest_liquidation": "largest order", "traders_liquidated": "traders liquidated"}
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
#: A title or explanation longer than this belongs on the page, not in a mail.
_LONGEST = 400


def amount(figure: Figure) -> str:
    """Write a figure's amount: `$343 million`, `$1.05 billion`, `240 BTC`, `151,676 traders`."""
    for scale, word in _SCALES:
        if figure.value >= scale:
            number = f"{round(figure.value / scale, 2 if scale >= 1e9 else 1):,.10g} {word}"
            break
    else:
        number = f"{figure.value:,.10g}"
    return f"${number}" if figure.unit == "USD" else f"{number} {one_line(figure.unit)}"


def window(told: Window | None) -> str:
    """Write a window: `1 hour`, `24 hours`, `25 August 2025`, or that none was told."""
    if told is None:
        return "no window told"
    period = told.period
    if period is None:
        assert told.hours is not None
        if told.hours < 1:
            return counted(max(1, round(told.hours * 60)), "minute")
        return f"{told.hours:,.4g} {'hour' if told.hours == 1 else 'hours'}"
    if period.hours == 24 and not (period.start.hour or period.start.minute):
        return day(period.start.date())
    return f"{_moment(period.start)} to {_moment(period.end)} UTC"


def scope(figure: Figure, *, whole: bool = True) -> str:
    """Write what a figure is of, between dots: window, side, asset, venue; `whole` names the whole market's too."""
    parts = [window(figure.window)]
    if figure.metric != "liquidations":
        parts.insert(0, _METRICS[figure.metric])
    if whole or figure.side != "both":
        parts.append(_SIDES[figure.side])
    if whole or figure.asset != ALL:
        parts.append("all assets" if figure.asset == ALL else one_line(figure.asset))
    if whole or figure.venue != ALL:
        parts.append("all venues" if figure.venue == ALL else one_line(figure.venue))
    return " · ".join(parts)


def sources(report: EventReport) -> str:
    """Write how many tell of it, and from whom: `3 reports, 2 of them independent; figures by CoinGlass`."""
    event = report.event
    told = len(event.documents)
    reports = counted(told, "report")
    if told > 1:
        reports += f", {event.independent} of them independent" if event.independent > 1 else ", all of one source"
    seen = ", ".join(short(name) for name in event.observers[:3])
    return f"{reports}; figures by {seen}" if seen else reports


def figure_checks(report: EventReport) -> list[tuple[Figure, Check | None]]:
    """Give the figures beside the headline with their checks, those that failed first."""
    told = [(figure, _check(figure, report)) for figure in report.event.figures[1:]]
    return sorted(told, key=lambda pair: pair[1] is None or pair[1].verdict not in ("inconsistent", "contradicted"))


def _check(figure: Figure, report: EventReport) -> Check | None:
    return severest(tuple(check for check in report.checks if check.claim_id in figure.claim_ids))


def day(date: dt.date) -> str:
    """Write a day: `26 August 2025`."""
    return f"{date.day} {date:%B %Y}"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def short(text: str) -> str:
    """Bring an article's words to one line of bearable length."""
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def safe_url(url: str | None) -> str | None:
    """Give an address that may be linked to: http or https; anything else is not linked."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _moment(at: dt.datetime) -> str:
    return f"{at.day} {at:%b %H:%M}"
