"""Causes held against time and price: whether a named cause could have been one, never whether it was.

A trigger must not come after the liquidations set in, nor lie more than six hours before; the price must have moved
the way that hurts the side that lost; some kinds have a test of their own: options expire on Fridays at 08:00 UTC, a
level breaks when the price opens above and goes below it (or the other way round), a peg when a coin leaves one dollar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from newsdetect.checks.backdrop import Backdrop, find_backdrop, stable_coins
from newsdetect.checks.check import CauseCheck, CauseResult, Check
from newsdetect.checks.competing import with_rivals
from newsdetect.checks.price_words import direction
from newsdetect.checks.tuning import checks_data, tuning
from newsdetect.checks.wording import clock, money, percent
from newsdetect.claims.amounts import find_amounts
from newsdetect.claims.claim import Cause, Extraction
from newsdetect.claims.entities import find_assets
from newsdetect.claims.timeframes import find_timeframes
from newsdetect.documents.document import Document
from newsdetect.market.provider import MarketData, is_simulated
from newsdetect.types import Period, Side

_FRIDAY, _EXPIRES = 4, timedelta(hours=8)


@dataclass(slots=True)
class _Findings:
    """What speaks for and against one cause."""

    for_it: list[str] = field(default_factory=list)
    timing: list[str] = field(default_factory=list)
    way: list[str] = field(default_factory=list)


def check_causes(
    doc: Document, extraction: Extraction, checks: Sequence[Check], market: MarketData | None
) -> tuple[CauseCheck, ...]:
    """Hold a document's causes against time and price; one check a cause, in their order."""
    backdrop = find_backdrop(extraction, checks, market)
    checked = [_check(doc, cause, place, backdrop) for place, cause in enumerate(extraction.causes)]
    return with_rivals(extraction.causes, checked)


def _check(doc: Document, cause: Cause, place: int, backdrop: Backdrop | None) -> CauseCheck:
    if cause.role == "denied":
        return _told(cause, place, None, "not_checkable", "the article rules it out")
    if backdrop is None:
        return _told(
            cause, place, None, "not_checkable", "no market data, or the time of the liquidations is not known"
        )
    found = _Findings()
    named = _named_time(doc, cause)
    if named is not None and cause.type != "options_expiry":
        _timed(named, backdrop, found)
    _moved(cause, backdrop, found)
    if cause.type == "options_expiry":
        _expiry(backdrop, found)
    elif cause.type == "oracle_depeg":
        _depeg(cause, backdrop, found)
    if cause.type in ("technical_level", "price_drop", "price_rally"):
        _level(cause, backdrop, found)
    result: CauseResult = (
        "timing_inconsistent" if found.timing
        else "direction_inconsistent" if found.way
        else "consistent" if found.for_it
        else "not_checkable"
    )  # fmt: skip
    said = found.timing or found.way or found.for_it or ["neither a time is named for it nor does the price tell of it"]
    return _told(cause, place, backdrop, result, "; ".join(said), named=named)


def _told(  # noqa: PLR0913 -- a check's fields
    cause: Cause,
    place: int,
    backdrop: Backdrop | None,
    result: CauseResult,
    note: str,
    *,
    named: Period | None = None,
) -> CauseCheck:
    onset = backdrop.onset if backdrop is not None else None
    simulated = backdrop is not None and (
        any(is_simulated(move.source) for move in backdrop.moved) or (onset is not None and onset.simulated)
    )
    return CauseCheck(
        cause=place, type=cause.type, result=result, named=named,
        onset=Period(start=onset.first, end=onset.last) if onset is not None else None,
        note=f"SIMULATED market data: {note}" if simulated else note, simulated=simulated,
    )  # fmt: skip


def _named_time(doc: Document, cause: Cause) -> Period | None:
    """Find the calendar time that stands in a cause's words or right beside them, if it is a day or less."""
    data = checks_data("causes")["timing"]
    content, near = doc.content, data["near_characters"]
    first = max(0, cause.start - near, content.rfind(". ", 0, cause.start) + 1, content.rfind("\n", 0, cause.start) + 1)
    stops = (content.find(". ", cause.end), content.find("\n", cause.end), cause.end + near)
    last = min(stop for stop in stops if stop >= 0)
    published = doc.published.at if doc.published is not None else None
    for time in find_timeframes(content[first:last], published=published):
        period = time.window.period if time.window is not None else None
        if period is not None and period.hours <= data["longest_hours"]:
            return period
    return None


def _timed(named: Period, backdrop: Backdrop, found: _Findings) -> None:
    """Hold a named time against the onset: not after it, and at most some hours before."""
    lag = timedelta(hours=checks_data("causes")["timing"]["lag_hours"])
    began = backdrop.began
    told = _onset_words(backdrop)
    if named.start > began.end:
        found.timing.append(f"named for {clock(named.start)} or later, after {told}")
    elif began.start - named.end > lag:
        hours = lag / timedelta(hours=1)
        found.timing.append(f"named for {clock(named.end)} or before, more than {hours:g} hours before {told}")
    else:
        found.for_it.append(f"its time, from {clock(named.start)}, fits: {told}")


def _onset_words(backdrop: Backdrop) -> str:
    if backdrop.onset is None:
        return f"the liquidations of {clock(backdrop.window.start)} to {clock(backdrop.window.end)}"
    onset = backdrop.onset
    return (
        f"liquidations set in at {clock(onset.first)} ({onset.source}: {money(onset.usd)} against a median of "
        f"{money(onset.median)})"
    )


def _moved(cause: Cause, backdrop: Backdrop, found: _Findings) -> None:
    """Hold the price's way against what the cause, or the side that lost, asks for."""
    side: Side = {"price_drop": "long", "price_rally": "short"}.get(cause.type, backdrop.side)  # type: ignore[assignment]
    if side == "both" or not backdrop.moved:
        return
    word = direction(backdrop.moved, side)
    told = ", ".join(
        f"{move.asset} {'rose' if move.net > 0 else 'fell'} {percent(abs(move.net))}" for move in backdrop.moved
    )
    if word in ("against", "refutes"):
        found.way.append(f"{told} in {clock(backdrop.window.start)} to {clock(backdrop.window.end)}, the other way")
    elif word == "supports":
        most = max(move.fall if side == "long" else move.rise for move in backdrop.moved)
        found.for_it.append(f"the price {'fell' if side == 'long' else 'rose'} by up to {percent(most)} ({told})")


def _expiry(backdrop: Backdrop, found: _Findings) -> None:
    """Find a Friday 08:00 UTC from which the onset follows within the lag."""
    lag = timedelta(hours=checks_data("causes")["timing"]["lag_hours"])
    began = backdrop.began
    day = (began.start - lag).replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= began.end:
        at = day + _EXPIRES
        if day.weekday() == _FRIDAY and began.start - lag <= at <= began.end:
            found.for_it.append(f"options expired at {clock(at)}; {_onset_words(backdrop)}")
            return
        day += timedelta(days=1)
    hours = lag / timedelta(hours=1)
    found.timing.append(
        f"no Friday 08:00 UTC, when options expire, lies {hours:g} hours or less before: {_onset_words(backdrop)}"
    )


def _level(cause: Cause, backdrop: Backdrop, found: _Findings) -> None:
    """Tell whether a price level in the cause's words was crossed, from the side that its liquidations ask for."""
    levels = [a.value for a in find_amounts(cause.text) if a.kind == "money" and a.unit == "USD" and not a.scaled]
    coins = {mention.value for mention in find_assets(cause.text)}
    own = [move for move in backdrop.moved if move.asset in coins] or [m for m in backdrop.moved if m.asset == "BTC"]
    slack = tuning().level
    for level in levels:
        for move in own:
            way = f"{move.asset} opened at {move.open:,.6g} and went"
            if move.open > level > move.low:
                found.for_it.append(f"{way} down to {move.low:,.6g}, below {level:,.6g}")
            elif move.open < level < move.high:
                found.for_it.append(f"{way} up to {move.high:,.6g}, above {level:,.6g}")
            elif not move.low * (1 - slack) <= level <= move.high * (1 + slack):
                ends = f"between {move.low:,.6g} and {move.high:,.6g}"
                found.timing.append(f"{move.asset} traded {ends}: {level:,.6g} was not crossed in that time")


def _depeg(cause: Cause, backdrop: Backdrop, found: _Findings) -> None:
    """Tell whether the stable coin that a cause names left its dollar."""
    for coin in stable_coins(cause):
        own = [one for one in backdrop.candles if one.asset == coin]
        if not own:
            continue
        off = max(max(abs(one.low - 1), abs(one.high - 1)) for one in own)
        if off > checks_data("causes")["depeg"]["off"]:
            found.for_it.append(f"{coin} was {percent(off)} away from one dollar")
        else:
            found.timing.append(f"{coin} stayed within {percent(off)} of one dollar in that time")
