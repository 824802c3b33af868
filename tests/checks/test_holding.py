"""Columns over many ends say what each end would say alone: bounds, ranges, K, price, sums, and what they decide."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from newsdetect.checks.compare import corroborates, matches, misfits
from newsdetect.checks.evidence import Held
from newsdetect.checks.holding import Trial, hold
from newsdetect.checks.holdings import fetch
from newsdetect.checks.readings import Sum
from newsdetect.checks.windows import Windows
from newsdetect.claims.claim import Claim
from newsdetect.market.memory import MemoryMarket
from newsdetect.market.provider import Bar, PrintKey, Prints, Recorded, Snapshot
from newsdetect.types import ALL, Period
from tests.checks import plain
from tests.checks.builders import NOON, make_claim, path, tried_of

_KEYS = tuple(
    PrintKey(source, venue, asset, side)  # type: ignore[arg-type]
    for source in ("recorder", "another recorder")
    for venue in ("Binance", "Bybit", "OKX")
    for asset in ("BTC", "ETH", "SOL")
    for side in ("long", "short")
)
_SINCE = NOON - timedelta(hours=40)


def _market(rng: np.random.Generator) -> MemoryMarket:
    """Draw a market with any of prints, outages, bars of several scopes and lengths with gaps, snapshots, candles."""
    many = int(rng.integers(0, 400))
    base = int((NOON - timedelta(hours=40)).timestamp()) * 10**9
    prints = Prints(
        base + np.sort(rng.integers(0, 42 * 3600 * 10**6, many)) * 1000, np.round(rng.lognormal(12, 2, many), 2) + 0.01,
        rng.integers(0, len(_KEYS) if rng.random() < 0.5 else len(_KEYS) // 2, many).astype(np.int32), _KEYS,
    )  # fmt: skip
    recorded = [
        Recorded("recorder", str(rng.choice(["Binance", "Bybit", "OKX"])), str(rng.choice([ALL, "BTC", "SOL"])), at,
                 at + timedelta(hours=float(rng.uniform(0.1, 30))))
        for at in _times(rng, int(rng.integers(0, 6)))
    ]  # fmt: skip
    bars = [
        Bar(_SINCE + timedelta(seconds=seconds * number), seconds, source, venue, asset,
            float(np.round(rng.lognormal(14, 1), 2)), float(np.round(rng.lognormal(13, 1), 2)), None)
        for source, venue, asset, seconds in _series(rng) for number in range(40 * 3600 // seconds)
        if rng.random() < 0.98
    ]  # fmt: skip
    snapshots = [
        Snapshot(at, "CoinGlass", str(rng.choice([ALL, "Binance"])), str(rng.choice([ALL, "BTC"])),
                 float(rng.choice([1, 4, 12])), float(rng.integers(1, 9)) * 1e6, 1e6)
        for at in _times(rng, int(rng.integers(0, 12)))
    ]  # fmt: skip
    candles = [
        one
        for coin in ("BTC", "ETH")[: int(rng.integers(0, 3))]
        for one in path(100_000 * np.cumprod(1 + rng.normal(0, 0.006, 46)), asset=coin, end=NOON + timedelta(hours=2))
    ]
    return MemoryMarket(prints=prints, recorded=recorded, bars=bars, snapshots=snapshots, candles=candles)


def _heard_by_one(rng: np.random.Generator) -> MemoryMarket:
    """Draw a market of one recorder that listened to all coins of each venue, mostly throughout, and of bars."""
    drawn, ever = _market(rng), (_SINCE - timedelta(days=1), NOON + timedelta(days=1))
    told = drawn.prints(*ever)
    keys = tuple(key for key in _KEYS if key.source == "recorder")
    prints = Prints(told.time_ns, told.usd, told.key % len(keys), keys)
    recorded = [
        Recorded("recorder", venue, ALL, _SINCE + timedelta(hours=float(rng.choice([0, 0, 34]))), ever[1])
        for venue in ("Binance", "Bybit", "OKX")
    ]
    bars = [one for one in drawn.bars(*ever) if one.asset == ALL or rng.random() < 0.01]
    return _AsArchived(prints=prints, recorded=recorded, bars=bars, candles=drawn.candles(*ever))


class _AsArchived(MemoryMarket):
    """Names the scopes that have orders in the time asked for, and no others, as an archive does."""

    def prints(self, start: datetime, end: datetime, **only: Any) -> Prints:
        told = super().prints(start, end, **only)
        held, key = np.unique(told.key, return_inverse=True)
        return Prints(told.time_ns, told.usd, key.astype(np.int32), tuple(told.keys[one] for one in held))


def _times(rng: np.random.Generator, many: int) -> list[Any]:
    return [_SINCE + timedelta(minutes=int(minute)) for minute in rng.integers(0, 41 * 60, many)]


def _series(rng: np.random.Generator) -> list[tuple[str, str, str, int]]:
    # In an order that does not hang on the hashes of strings: a seed is one market.
    return sorted({
        (str(rng.choice(["CoinGlass", "Coinalyze"])), str(rng.choice([ALL, "Binance", "Bybit"])),
         str(rng.choice([ALL, "BTC", "ETH"])), int(rng.choice([1800, 3600, 14_400])))
        for _ in range(int(rng.integers(0, 6)))
    })  # fmt: skip


def _claim(rng: np.random.Generator) -> Claim:
    fields: dict[str, Any] = {
        "venue": str(rng.choice([ALL, "Binance", "Bybit"])), "asset": str(rng.choice([ALL, "BTC", "ETH", "SOL"])),
        "side": str(rng.choice(["both", "long", "short"])), "hedge": str(rng.choice(["exact", "at_least", "at_most"])),
        "attributed_to": [None, "CoinGlass", "Binance"][int(rng.integers(3))],
        "metric": str(rng.choice(["liquidations", "liquidations", "largest_liquidation"])),
    }  # fmt: skip
    return make_claim(float(rng.lognormal(17, 1.5)), **fields)


@pytest.mark.parametrize("seed", range(60))
def test_columns_say_what_each_end_says_alone(seed: int) -> None:
    """Over ends at odd times and windows of 1 to 24 hours, in markets of all kinds of gaps."""
    rng = np.random.default_rng(seed)
    _as_each_alone(rng, _market(rng), _claim(rng))


@pytest.mark.parametrize("seed", range(30))
def test_a_venue_heard_as_a_whole_stands_for_its_coins(seed: int) -> None:
    """Where one row is the exact sum of its coins' rows, columns without these say what all rows say at each end."""
    rng = np.random.default_rng(seed)
    market, claim = _heard_by_one(rng), _claim(rng).model_copy(update={"asset": ALL})
    trial = _as_each_alone(rng, market, claim)
    summed = {head.venue for head in trial.rows.heads if head.summed}
    assert not any(head.venue in summed and head.asset != ALL for head in trial.rows.heads)
    told = trial.holdings
    throughout = {one.venue for one in told.recorded if one.start_ns[0] <= trial.windows.start_ns.min()}
    whole = throughout - {one.venue for one in told.bars if one.asset != ALL}
    wanted = {one for one in whole if claim.venue in (ALL, one)} if claim.metric == "liquidations" else set()
    assert wanted <= summed


def _as_each_alone(rng: np.random.Generator, market: MemoryMarket, claim: Claim) -> Trial:
    """Hold a claim at some ends at once, and see that each says what it says alone."""
    hours = float(rng.choice([1, 4, 24]))
    ends = [NOON - timedelta(minutes=float(minute)) for minute in rng.uniform(0, 12 * 60, 9)]
    told = Period(start=min(ends) - timedelta(hours=hours), end=max(ends))
    holdings = fetch(market, told.start, told.end, coins={claim.asset})
    trial = hold(claim, Windows.trailing(ends, timedelta(hours=hours)), holdings, levels={"BTC": 99_990.0})
    alone = [plain.hold(claim, Period.trailing(end, hours), market, told=told, known=trial.known) for end in ends]
    for place, one in enumerate(alone):
        _same(trial.at(place), dataclasses.replace(one, sums=tuple(_counted(one.sums, trial))))
    _decide_alike(trial.tried, alone)
    return trial


def _counted(found: Sequence[Sum], trial: Trial) -> list[Sum]:
    """Leave out the coins of venues whose row is their exact sum, as columns do."""
    summed = {head.venue for head in trial.rows.heads if head.summed}
    return [row for row in found if row.kind != "prints" or row.asset == ALL or row.venue not in summed]


def _same(found: Held, one: Held) -> None:
    for field in ("window", "claimed", "coverage", "same_source", "price"):
        assert getattr(found, field) == getattr(one, field), field
    assert [row._replace(largest=0.0) for row in found.sums] == [row._replace(largest=0.0) for row in one.sums]
    assert [dataclasses.replace(move, z=None) for move in found.moves] == list(one.moves)
    assert [level for _, level in found.levels] == [level for _, level in one.levels]
    assert found.floor == pytest.approx(one.floor, rel=1e-12)
    assert found.ceiling == (None if one.ceiling is None else pytest.approx(one.ceiling, rel=1e-12))
    assert (found.reported is None) == (one.reported is None)
    if found.reported is not None and one.reported is not None:
        assert found.reported.low == pytest.approx(one.reported.low, rel=1e-12)
        assert found.reported.high == (
            None if one.reported.high is None else pytest.approx(one.reported.high, rel=1e-12)
        )


def _decide_alike(tried: Any, alone: Sequence[Held]) -> None:
    assert tried.covers.tolist() == [one.covers for one in alone]
    assert tried.refuted.tolist() == [one.refuted for one in alone]
    assert matches(tried).tolist() == [corroborates(one) for one in alone]
    assert misfits(tried) == pytest.approx(misfits(tried_of(*alone)), rel=1e-9)
