"""Each verdict on a small planted market."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from newsdetect.checks.check import Check
from newsdetect.checks.check_claims import check_claims
from newsdetect.claims.claim import Claim
from newsdetect.market.provider import Bar, PrintKey, Recorded
from newsdetect.types import Window
from tests.checks.builders import NOON, ONE, Market, hourly_bars, make_claim, make_doc, path

#: A week of calm around 100,000, then a fall of 5 % over the last hours before noon.
CALM = [100_000 + 300 * (hour % 2) for hour in range(180)]
FALLING = path([*CALM, 100_000, 99_000, 98_000, 97_000, 96_000, 95_000, 95_000])
RISING = path([*CALM, 100_000, 101_000, 102_000, 103_000, 104_000, 105_000, 105_000])
#: 10 M an hour of BTC on Binance, for three days.
BARS = hourly_bars(10e6)


def _check(claim: Claim, market: Market | None, text: str = "in the past hour", **options: Any) -> Check:
    (check,) = check_claims(make_doc(text), [claim], market, **options)
    return check


def _prints(hours: int, usd: float, *, source: str = "recorder", venue: str = "Binance", asset: str = "BTC") -> list:
    key = PrintKey(source, venue, asset, "long")
    return [(NOON - timedelta(minutes=30 + 60 * number), key, usd) for number in range(hours)]


def test_a_falling_market_with_one_venue_of_many_makes_a_total_plausible() -> None:
    """One venue's coin fits a total of the market, and is too little to confirm it; the sentence says so."""
    check = _check(make_claim(2.4e9), Market(BARS, FALLING))
    assert check.verdict == "plausible"
    assert "BTC on Binance alone" in check.explanation
    assert "cannot confirm" in check.explanation
    assert {row.kind for row in check.evidence} == {"bars", "candles"}
    bars = next(row for row in check.evidence if row.kind == "bars")
    assert bars.low == pytest.approx(240e6)
    assert 0 < (bars.coverage or 0) < 0.3


def test_a_total_below_one_of_its_parts_is_contradicted_from_below() -> None:
    """Ten times too low: a single coin of a single venue already holds more."""
    check = _check(make_claim(100e6), Market(BARS, FALLING))
    assert check.verdict == "contradicted"
    assert "$100 M" in check.explanation


def test_another_sources_series_contradicts_only_from_afar() -> None:
    """A claim that names Coinalyze is not refuted by CoinGlass's bars within the factors that the two differ by."""
    market = Market(BARS, FALLING)
    assert _check(make_claim(100e6, attributed_to="Coinalyze"), market).verdict == "plausible"
    assert _check(make_claim(100e6, attributed_to="CoinGlass"), market).verdict == "contradicted"
    near, far = (_check(make_claim(usd, attributed_to="Coinalyze"), market) for usd in (100e6, 10e6))
    assert far.verdict == "contradicted"
    says = [{row.says for row in check.evidence if row.kind == "bars"} for check in (near, far)]
    assert says == [{"silent"}, {"against"}]


def test_own_prints_contradict_whomever_the_claim_names() -> None:
    """What we saw ourselves happened, however little of the time we listened."""
    market = Market(print_rows=_prints(24, 10e6), candle_rows=FALLING)
    assert _check(make_claim(100e6, attributed_to="Coinalyze"), market).verdict == "contradicted"


def test_a_claim_must_be_broken_at_every_end_its_words_allow() -> None:
    """Bars that one admissible end leaves out refute nothing."""
    late = [replace(bar, long_usd=500e6) if bar.start >= NOON - timedelta(hours=2) else bar for bar in BARS]
    assert _check(make_claim(280e6), Market(late, FALLING)).verdict == "plausible"
    settled = make_claim(280e6, window=Window(start=NOON - timedelta(hours=24), end=NOON))
    assert _check(settled, Market(late, FALLING)).verdict == "contradicted"


def test_swapped_sides_are_caught_by_the_price() -> None:
    """Shorts are not wiped out in a window that never rose, nor longs in one that never fell."""
    shorts, longs = make_claim(5e6, hours=1, side="short"), make_claim(5e6, hours=1, side="long")
    steep = [*CALM, *(100_000 * 0.97**number for number in range(12))]
    climb = [*CALM, *(100_000 * 1.03**number for number in range(12))]
    for claim, prices, verdict in [
        (shorts, steep, "contradicted"), (longs, steep, "plausible"),
        (shorts, climb, "plausible"), (longs, climb, "contradicted"),
    ]:  # fmt: skip
        assert _check(claim, Market(candle_rows=path(prices))).verdict == verdict


def test_a_swapped_day_is_caught_by_the_price() -> None:
    """A wipe-out of longs told of the day before, on which the price only rose."""
    up = [90_000 * 1.004**hour for hour in range(48)]
    prices = [*up, *(up[-1] * 0.99**hour for hour in range(25))]
    days = [Window(start=ONE - timedelta(hours=h), end=ONE - timedelta(hours=h - 24)) for h in (48, 24)]
    wrong, right = (_check(make_claim(50e6, side="long", window=day), Market(candle_rows=path(prices))) for day in days)
    assert (wrong.verdict, right.verdict) == ("contradicted", "plausible")


def test_a_level_that_was_never_traded_contradicts() -> None:
    """A fall below 40,000 did not happen on a day near 100,000."""
    market = Market(candle_rows=FALLING)
    assert _check(make_claim(2e9), market, levels={"BTC": 40_000}).verdict == "contradicted"
    assert _check(make_claim(2e9), market, levels={"BTC": 95_500}).verdict == "plausible"
    assert _check(make_claim(2e9), market, levels={"SOL": 40}).verdict == "plausible"


def test_a_venues_volume_bounds_what_it_can_liquidate() -> None:
    """More liquidated than traded is a contradiction on that venue, and nothing on another."""
    market = Market(BARS, path([100_000, *[99_000] * 30], volume=10))
    assert _check(make_claim(900e6, asset="BTC", venue="Binance"), market).verdict == "contradicted"
    assert _check(make_claim(900e6, asset="BTC", venue="OKX"), market).verdict == "plausible"


def _history(usd: float = 1e6) -> list[Bar]:
    """Ninety quiet days before the three loud ones."""
    return hourly_bars(usd, days=90, end=ONE - timedelta(hours=28)) + hourly_bars(10e6, days=28 / 24)


def test_the_same_source_in_the_same_scope_corroborates() -> None:
    """CoinGlass's own series of that venue and coin holds the claimed sum, and no random day does."""
    claim = make_claim(240e6, venue="Binance", asset="BTC", attributed_to="CoinGlass")
    check = _check(claim, Market(_history(), FALLING))
    assert check.verdict == "corroborated"
    assert "random window" in check.explanation


def test_a_match_that_random_windows_give_too_corroborates_nothing() -> None:
    """A figure that every day would match tells nothing of this one."""
    claim = make_claim(240e6, venue="Binance", asset="BTC", attributed_to="CoinGlass")
    check = _check(claim, Market(_history(10e6), FALLING))
    assert check.verdict == "plausible"
    assert "random window" in check.explanation


def test_same_source_series_beyond_its_tolerance_contradicts_from_above() -> None:
    """A figure above what its own source shows for that venue and coin is refuted."""
    claim = make_claim(400e6, venue="Binance", asset="BTC", attributed_to="CoinGlass")
    assert _check(claim, Market(_history(), FALLING)).verdict == "contradicted"


def test_a_price_that_speaks_against_it_keeps_a_match_from_corroborating() -> None:
    """Sums may match; a side that could hardly lose leaves it plausible at most."""
    claim = make_claim(192e6, side="long", venue="Binance", asset="BTC", attributed_to="CoinGlass")
    rising = path([100_000 * 1.003**hour for hour in range(200)])
    assert _check(claim, Market(_history(), FALLING)).verdict == "corroborated"
    assert _check(claim, Market(_history(), rising)).verdict in ("plausible", "contradicted")


def test_bars_that_only_touch_the_window_bound_from_above_alone() -> None:
    """A 4-hour bar says nothing from below about one of its hours."""
    bar = Bar(NOON - timedelta(hours=2), 14_400, "CoinGlass", "Binance", "BTC", 500e6, 0.0, None)
    wide = replace(bar, start=NOON - timedelta(hours=30), seconds=400_000)
    check = _check(make_claim(1e6, hours=1), Market([wide]))
    assert check.verdict == "plausible"
    assert next(row.low for row in check.evidence if row.kind == "bars") == 0


def test_two_sources_of_one_venue_are_never_added_up() -> None:
    """Readings of the same thing stand side by side; the larger bounds from below."""
    other = hourly_bars(9e6, source="Coinalyze")
    claim = make_claim(350e6, window=Window(start=NOON - timedelta(hours=24), end=NOON))
    both = _check(claim, Market([*BARS, *other], FALLING))
    assert both.verdict == "plausible"
    assert [row.low for row in both.evidence if row.kind == "bars"] == [pytest.approx(240e6), pytest.approx(216e6)]


def test_recorded_silence_is_zero_and_no_recording_is_nothing() -> None:
    """A venue that was listened to without a print is evidence; one that was not is none."""
    silent = Recorded("recorder", "Binance", "ALL", NOON - timedelta(days=3), ONE)
    heard = _check(make_claim(5e6, hours=1), Market(recorded_rows=[silent]))
    assert heard.verdict == "plausible"
    assert heard.evidence[0].connected == 1.0
    assert _check(make_claim(5e6, hours=1), Market()).verdict == "not_checkable"


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (make_claim(status="hypothetical"), "could happen"),
        (make_claim(status="historical"), "not settled"),
        (make_claim(hours=None), "over what time"),
        (make_claim(200_000, metric="traders_liquidated", unit="traders"), "traders"),
        (make_claim(100e6, unit="EUR"), "EUR"),
        (make_claim(hours=24 * 400), "days"),
    ],
)
def test_what_cannot_be_checked_says_why(claim: Claim, why: str) -> None:
    """Not checkable is a verdict with its reason, whatever data are there."""
    check = _check(claim, Market(BARS, FALLING))
    assert check.verdict == "not_checkable"
    assert why in check.explanation
    assert check.probability is None


def test_without_market_or_date_only_arithmetic_is_done() -> None:
    """A clash within the report needs no data; the rest waits for them."""
    hour, day = make_claim(852e6, hours=1), make_claim(343e6, hours=24)
    checks = check_claims(make_doc(published=None), [hour, day, make_claim(5e6, hours=4, asset="SOL")], None)
    assert [check.verdict for check in checks] == ["inconsistent", "inconsistent", "not_checkable"]


def test_coins_are_weighed_by_their_price() -> None:
    """1,000 BTC near 100,000 is a hundred million, less than the venue alone showed."""
    market = Market(BARS, FALLING)
    assert _check(make_claim(1_000, unit="BTC", asset="BTC"), market).verdict == "contradicted"
    assert _check(make_claim(9_000, unit="BTC", asset="BTC"), market).verdict == "plausible"


def test_the_largest_order_seen_bounds_the_largest_claimed() -> None:
    """Sums say nothing of single orders; a larger print does."""
    market = Market(BARS, FALLING, print_rows=_prints(24, 10e6))
    assert _check(make_claim(5e6, metric="largest_liquidation"), market).verdict == "contradicted"
    assert _check(make_claim(50e6, metric="largest_liquidation"), market).verdict == "plausible"


def test_one_traders_position_is_not_the_sum_of_its_scope() -> None:
    """A small position in a busy market is no contradiction."""
    claim = make_claim(3e6, asset="BTC", rules=("role.position",))
    assert _check(claim, Market(BARS, FALLING)).verdict == "plausible"


def test_simulated_evidence_says_so() -> None:
    """Whatever a generator made is named in the check and in its sentence."""
    market = Market(hourly_bars(10e6, source="simulated CoinGlass"), FALLING)
    check = _check(make_claim(2.4e9), market)
    assert check.simulated
    assert "SIMULATED" in check.explanation
    assert not _check(make_claim(2.4e9), Market(BARS, FALLING)).simulated


def test_figures_of_one_snapshot_share_one_end() -> None:
    """The hour's burst settles the end, and the day's figure takes it over."""
    burst = NOON - timedelta(hours=3)
    rows = [
        (burst - timedelta(minutes=minute + 0.5), PrintKey("recorder", "ALL", "ALL", "long"), 5e6)
        for minute in range(60)
    ]
    market = Market(
        print_rows=rows, recorded_rows=[Recorded("recorder", "ALL", "ALL", NOON - timedelta(days=3), ONE)],
        candle_rows=FALLING,
    )  # fmt: skip
    hour, day = check_claims(
        make_doc("in a single hour"), [make_claim(300e6, hours=1), make_claim(300e6, hours=24)], market
    )
    assert hour.window is not None
    assert day.window is not None
    assert hour.window.end == day.window.end
    assert abs(hour.window.end - burst) <= timedelta(minutes=5)
    # Within the hours that "in a single hour" allows, the hour's sum runs from a trickle to all of it.
    assert hour.verdict == "plausible"
    assert "the readings move by a factor of" in hour.explanation
