"""One end time held against a claim the plain way, row by row: what the columns of `checks.holding` must equal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

from newsdetect.checks.arithmetic import one_position
from newsdetect.checks.between import Apart
from newsdetect.checks.bounds import ceiling_factor, firmly, named, same_scope
from newsdetect.checks.coverage import coverage
from newsdetect.checks.evidence import Held, reported
from newsdetect.checks.price_words import direction, never_traded
from newsdetect.checks.prices import Move
from newsdetect.checks.readings import WHOLE, Sum, by_pair, over_time
from newsdetect.checks.tuning import tuning
from newsdetect.checks.words import sums_in_words
from newsdetect.claims.claim import Claim
from newsdetect.market.provider import Bar, Candle, MarketData, Recorded, Snapshot
from newsdetect.types import ALL, Interval, Period, Side


def hold(claim: Claim, window: Period, market: MarketData, *, told: Period, known: Apart) -> Held:
    """Hold a claim over one window against a market that was read over `told`; `known` is told between sources."""
    claimed = claim.interval
    single = claim.metric == "largest_liquidation" or one_position(claim)
    found = sums(claim, window, market, told)
    coins = ("BTC", "ETH") if claim.asset == ALL else (claim.asset,)
    moved = [move for coin in coins if (move := _move(market, window, coin)) is not None]
    pairs = by_pair(over_time(found))
    share = coverage(pairs, venue=claim.venue, asset=claim.asset, at=window.end, known=known)
    tops = [
        row.high * factor
        for row in found
        if row.high is not None and (factor := ceiling_factor(claim, row, known, full=row.full)) is not None
    ]
    if ALL not in (claim.venue, claim.asset) and (volume := _volume(market, window, claim)) is not None:
        tops.append(volume)
    parts = [row for row in found if ALL not in (row.venue, row.asset)]
    floor = max(
        sum(max(row.low / firmly(claim, row, known) for row in rows) for rows in by_pair(layer).values())
        for layer in (found, parts)
    )
    if single:
        orders = [row.largest / tuning().own_prints for row in found if row.kind == "prints"]
        floor = max(orders, default=0.0) if claim.metric == "largest_liquidation" else 0.0
    return Held(
        window=window, claimed=claimed, floor=floor, ceiling=min(tops, default=None),
        reported=None if single else reported(_in_words(found, known), share), coverage=share,
        same_source=not single and any(_agrees(claim, claimed, row) for row in found),
        price=direction(moved, claim.side), sums=tuple(found), moves=tuple(moved),
        levels=tuple(never_traded(moved, {"BTC": 99_990.0})) if window.hours >= tuning().level_hours else (),
    )  # fmt: skip


def sums(claim: Claim, window: Period, market: MarketData, told: Period) -> list[Sum]:
    """Sum prints, bars and snapshots, one row a scope."""
    found = [*_prints(claim, window, market, told), *_bars(claim, window, market.bars(told.start, told.end))]
    lag = timedelta(hours=tuning().snapshot_lag_hours)
    return [*found, *_snapshots(claim, window, market.snapshots(told.start, told.end + lag))]


def _in_words(found: Sequence[Sum], known: Apart) -> list[Sum]:
    """Say readings in the words of the claim's teller; of what it tells itself no other of the kind counts."""
    rows = over_time(found)
    own = {(row.kind, row.venue, row.asset) for row in rows if known.teller is not None and known.own(row)}
    silent = [
        row._replace(low=0.0, high=None)
        if known.told(row) is not None and (row.kind, row.venue, row.asset) in own
        else row
        for row in rows
    ]
    return sums_in_words(silent, known)


def _prints(claim: Claim, window: Period, market: MarketData, told: Period) -> list[Sum]:
    known, orders = _scopes(market, told, claim.side), market.prints(window.start, window.end)
    heard = [one for one in market.recorded(told.start, told.end) if one.start < window.end and one.end > window.start]
    heard = [one for one in heard if _in(one.venue, claim.venue)]
    printed = {scope for scope in known if _in(scope[1], claim.venue) and _in(scope[2], claim.asset)}
    recorded = {
        (one.source, one.venue, claim.asset if one.asset == ALL else one.asset)
        for one in heard
        if one.asset == ALL or _in(one.asset, claim.asset)
    }
    found = []
    for source, venue, asset in sorted(printed | recorded):
        mine = [
            usd
            for usd, place in zip(orders.usd.tolist(), orders.key.tolist(), strict=True)
            if (key := orders.keys[place]).source == source and key.venue == venue and _in(key.asset, asset)
            and _in(key.asset, claim.asset) and claim.side in ("both", key.side)
        ]  # fmt: skip
        listened = [one for one in heard if (one.source, one.venue) == (source, venue) and one.asset in (asset, ALL)]
        if not listened and not any(mine):
            continue
        share = _share(listened, window) if listened else None
        total = math.fsum(mine)
        since = tuning().full_since(venue)
        full = since is not None and window.start.date() >= since
        high = total if share is not None and share >= WHOLE else None
        found.append(Sum("prints", source, venue, asset, total, high, share, max(mine, default=0.0), full))
    return found


def _scopes(market: MarketData, told: Period, side: Side) -> set[tuple[str, str, str]]:
    orders = market.prints(told.start, told.end)
    keys = [orders.keys[place] for place in set(orders.key.tolist())]
    return {(key.source, key.venue, key.asset) for key in keys if side in ("both", key.side)}


def _bars(claim: Claim, window: Period, bars: Sequence[Bar]) -> list[Sum]:
    mine = [bar for bar in bars if _in(bar.venue, claim.venue) and _in(bar.asset, claim.asset)]
    touching = [bar for bar in mine if bar.start < window.end and _end(bar) > window.start]
    found = []
    for scope in sorted({(bar.source, bar.venue, bar.asset) for bar in touching}):
        low, high, covered = 0.0, None, 0.0
        for seconds in {bar.seconds for bar in touching}:
            many = [bar for bar in touching if (bar.source, bar.venue, bar.asset) == scope and bar.seconds == seconds]
            inside = [bar for bar in many if bar.start >= window.start and _end(bar) <= window.end]
            low = max(low, math.fsum(_usd(bar, claim.side) for bar in inside))
            share = _share(many, window)
            covered = max(covered, share)
            if many and share >= WHOLE:
                above = math.fsum(_usd(bar, claim.side) for bar in many)
                high = above if high is None else min(high, above)
        found.append(Sum("bars", *scope, low, None if high is None else max(low, high), covered))
    return found


def _snapshots(claim: Claim, window: Period, snapshots: Sequence[Snapshot]) -> list[Sum]:
    lag = timedelta(hours=tuning().snapshot_lag_hours)
    best: dict[tuple[str, str, str], Snapshot] = {}
    for one in snapshots:
        earliest = one.retrieved_before - lag - timedelta(hours=one.hours)
        inside = window.start <= earliest and one.retrieved_before <= window.end
        scope = (one.source, one.venue, one.asset)
        meant = inside and _in(one.venue, claim.venue) and _in(one.asset, claim.asset)
        if meant and (scope not in best or _usd(one, claim.side) > _usd(best[scope], claim.side)):
            best[scope] = one
    return [
        Sum("snapshot", *scope, _usd(one, claim.side), None, min(1.0, one.hours / window.hours),
            retrieved_at=one.retrieved_before)
        for scope, one in sorted(best.items())
    ]  # fmt: skip


def _move(market: MarketData, window: Period, coin: str) -> Move | None:
    """Walk one coin's only series of candles."""
    series = market.candles(window.start, window.end, assets=[coin])
    if not series:
        return None
    top = bottom = series[0].open
    fall = rise = 0.0
    for one in series:
        inner = (one.high, one.low) if one.close < one.open else (one.low, one.high)
        for price in (one.open, *inner, one.close):
            top, bottom = max(top, price), min(bottom, price)
            fall, rise = max(fall, 1 - price / top), max(rise, price / bottom - 1)
    first, last = series[0], series[-1]
    return Move(
        coin, first.source, first.venue, first.start, _end(last), first.open, last.close,
        min(one.low for one in series), max(one.high for one in series), fall, rise, None, _share(series, window),
    )  # fmt: skip


def _volume(market: MarketData, window: Period, claim: Claim) -> float | None:
    series = market.candles(window.start, window.end, assets=[claim.asset])
    if not series or series[0].venue.casefold() != claim.venue.casefold() or _share(series, window) < WHOLE:
        return None
    worth = [one.turnover if one.turnover is not None else one.volume * one.high for one in series]
    return math.fsum(worth) * tuning().volume


def _agrees(claim: Claim, claimed: Interval, row: Sum) -> bool:
    if row.high is None or row.high > tuning().width * row.low or not (named(claim, row) and same_scope(claim, row)):
        return False
    near = tuning().same_source_agrees
    return Interval(low=row.low / near, high=row.high * near).overlaps(claimed)


def _share(stretches: Sequence[Recorded | Bar | Candle], window: Period) -> float:
    """Give the share of a window that stretches cover; where they overlap they count once."""
    covered, reached = timedelta(0), window.start
    for one in sorted(stretches, key=lambda one: one.start):
        start, end = max(one.start, reached), min(_end(one), window.end)
        if end > start:
            covered, reached = covered + (end - start), end
    return covered / (window.end - window.start)


def _end(one: Recorded | Bar | Candle):
    return one.end if isinstance(one, Recorded) else one.start + timedelta(seconds=one.seconds)


def _usd(row: Bar | Snapshot, side: Side) -> float:
    return row.long_usd + row.short_usd if side == "both" else getattr(row, f"{side}_usd")


def _in(part: str, whole: str) -> bool:
    return whole == ALL or part.casefold() == whole.casefold()
