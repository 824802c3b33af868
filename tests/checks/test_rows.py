"""Rows of prints and bars: what many windows share is worked out once, each row as if it were worked out alone."""

from __future__ import annotations

import math
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from newsdetect.checks.holdings import fetch
from newsdetect.checks.sums import WHOLE, sums
from newsdetect.checks.tuning import tuning
from newsdetect.market.provider import Bar, PrintKey, Recorded
from newsdetect.types import ALL, Period, Side
from tests.checks.builders import NOON, Market

_minutes = st.integers(0, 600)
_venues = st.sampled_from(["Binance", "Bybit"])
_prints = st.builds(
    lambda minute, venue, asset, side, usd: (
        NOON - timedelta(minutes=minute),
        PrintKey("recorder", venue, asset, side),
        float(usd),
    ),
    _minutes, _venues, st.sampled_from(["BTC", "ETH"]), st.sampled_from(["long", "short"]), st.integers(1, 10**7),
)  # fmt: skip
_stretches = st.builds(
    lambda start, length, venue, asset: Recorded(
        "recorder",
        venue,
        asset,
        NOON - timedelta(minutes=start),
        NOON - timedelta(minutes=start) + timedelta(minutes=length),
    ),
    _minutes, st.integers(1, 400), _venues, st.sampled_from([ALL, "BTC", "SOL"]),
)  # fmt: skip
_windows = st.lists(st.tuples(_minutes, st.integers(1, 400)), min_size=1, max_size=5)


@settings(deadline=None)
@given(
    st.lists(_prints, max_size=12), st.lists(_stretches, max_size=6), _windows,
    st.tuples(st.sampled_from(["long", "both"]), st.sampled_from([ALL, "Binance", "bybit"]),
              st.sampled_from([ALL, "BTC", "SOL"])),
)  # fmt: skip
def test_rows_of_prints_are_those_of_each_window_alone(
    prints: list[tuple], stretches: list[Recorded], windows: list[tuple[int, int]], claimed: tuple[Side, str, str]
) -> None:
    """Sums, recording and full feed of every scope, in any order of windows asked of the same holdings."""
    side, venue, asset = claimed
    market = Market(print_rows=prints, recorded_rows=stretches)
    holdings = fetch(market, NOON - timedelta(hours=20), NOON + timedelta(hours=8))
    for end, length in windows:
        window = Period.trailing(NOON - timedelta(minutes=end), length / 60)
        found = {
            (row.source, row.venue, row.asset): (row.low, row.high, row.connected, row.largest, row.full)
            for row in sums(holdings, window, venue=venue, asset=asset, side=side)
        }
        assert found == _alone(market, window, side, venue, asset)


def _alone(market: Market, window: Period, side: Side, venue: str, asset: str) -> dict[tuple[str, str, str], tuple]:
    """Work one window's rows out from its orders and its minutes."""
    told = [
        (key, usd)
        for time, key, usd in market.print_rows
        if window.start <= time < window.end and side in ("both", key.side) and _in(key.venue, venue)
    ]
    heard = [
        one
        for one in market.recorded_rows
        if one.start < window.end and one.end > window.start and _in(one.venue, venue)
        and (one.asset == ALL or _in(one.asset, asset))
    ]  # fmt: skip
    scopes = {(key.venue, key.asset) for _, key, _ in market.print_rows
              if side in ("both", key.side) and _in(key.venue, venue) and _in(key.asset, asset)}  # fmt: skip
    listened = {(one.venue, asset if one.asset == ALL else one.asset) for one in heard}
    rows = {}
    for scope in scopes | listened:
        mine = [
            usd for key, usd in told if key.venue == scope[0] and _in(key.asset, scope[1]) and _in(key.asset, asset)
        ]
        listeners = [one for one in heard if one.venue == scope[0] and one.asset in (scope[1], ALL)]
        minutes = round((window.end - window.start) / timedelta(minutes=1))
        inside = [window.start + timedelta(minutes=number) for number in range(minutes)]
        share = sum(any(one.start <= at < one.end for one in listeners) for at in inside) / minutes
        if not listeners and not mine:
            continue
        connected = share if listeners else None
        total = math.fsum(mine)
        high = total if connected is not None and connected >= WHOLE else None
        since = tuning().full_since(scope[0])
        full = since is not None and window.start.date() >= since
        rows["recorder", *scope] = (total, high, connected, max(mine, default=0.0), full)
    return rows


def _in(part: str, whole: str) -> bool:
    return whole == ALL or part.casefold() == whole.casefold()


_bars = st.builds(
    lambda start, seconds, venue, usd: Bar(
        NOON - timedelta(minutes=30 * start), seconds, "CoinGlass", venue, "BTC", float(usd), 1.0, None
    ),
    st.integers(0, 30), st.sampled_from([1800, 3600, 14_400]), _venues, st.integers(0, 10**6),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_bars, max_size=30, unique_by=lambda bar: (bar.start, bar.seconds, bar.venue)), _windows)
def test_rows_of_bars_are_those_of_each_window_alone(bars: list[Bar], windows: list[tuple[int, int]]) -> None:
    """Those inside from below, those touching from above, of several lengths the tightest; gaps and overlaps or not."""
    holdings = fetch(Market(bar_rows=bars), NOON - timedelta(hours=20), NOON + timedelta(hours=8))
    for end, length in windows:
        window = Period.trailing(NOON - timedelta(minutes=end), length / 60)
        found = {
            row.venue: (row.low, row.high, row.connected)
            for row in sums(holdings, window, venue=ALL, asset=ALL, side="long")
        }
        assert found == _bounds_alone(bars, window)


def _bounds_alone(bars: list[Bar], window: Period) -> dict[str, tuple[float, float | None, float]]:
    """Bound one window by its bars, bar by bar and minute by minute."""
    minutes = round((window.end - window.start) / timedelta(minutes=1))
    inside = [window.start + timedelta(minutes=number) for number in range(minutes)]
    rows = {}
    for venue in ("Binance", "Bybit"):
        lows, highs, shares = [0.0], [], []
        for seconds in (1800, 3600, 14_400):
            length = timedelta(seconds=seconds)
            mine = [one for one in bars if one.venue == venue and one.seconds == seconds]
            touching = [one for one in mine if one.start < window.end and one.start + length > window.start]
            whole = [one for one in touching if one.start >= window.start and one.start + length <= window.end]
            if not touching:
                continue
            lows.append(sum(one.long_usd for one in whole))
            shares.append(sum(any(one.start <= at < one.start + length for one in touching) for at in inside) / minutes)
            if shares[-1] >= WHOLE:
                highs.append(sum(one.long_usd for one in touching))
        if shares:
            low = max(lows)
            rows[venue] = (low, max(low, min(highs)) if highs else None, max(shares))
    return rows
