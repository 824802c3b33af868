"""Sums over a window: bounds from buckets, readings side by side, and three answers that are not one."""

from __future__ import annotations

import pytest

from newsdetect.errors import UsageError
from newsdetect.market.archive import MarketArchive
from tests.market.builders import at, load


def hours(*starts: int, **changes: object) -> list[dict[str, object]]:
    """Make hourly bars of 10 June that start at full hours."""
    return [{"start": f"2025-06-10T{hour:02}:00:00Z", **changes} for hour in starts]


def test_bars_inside_count_from_below_and_touching_from_above(archive: MarketArchive) -> None:
    """A bucket is never cut: half of it inside the window counts for the upper bound alone."""
    load(archive, "bars", *hours(11, 12, 13))
    found = archive.sum(at("11:30"), at("13:30"))
    assert (found.low, found.high, found.coverage, found.status) == (100, 300, 1.0, "covered")
    assert [(part.venue, part.asset, part.side, part.usd) for part in found.by] == [
        ("Binance", "BTC", "long", 80), ("Binance", "BTC", "short", 20),
    ]  # fmt: skip


def test_sides_venues_and_assets_narrow_the_sum(archive: MarketArchive) -> None:
    """Pairs of venue and asset are different things and add up; ALL means all."""
    load(archive, "bars", *hours(12), *hours(12, venue="Bybit"), *hours(12, asset="ETH", long_usd=5))
    window = at("12:00"), at("13:00")
    assert archive.sum(*window).low == archive.sum(*window, venue="ALL", asset="ALL").low == 225
    assert archive.sum(*window, side="short").low == 60
    assert archive.sum(*window, venue="binance", asset="btc", side="long").low == 80
    assert {part.side for part in archive.sum(*window, side="long").by} == {"long"}


def test_sources_of_one_venue_stand_side_by_side(archive: MarketArchive) -> None:
    """Two trackers of one venue and coin are two readings: the larger counts, both are shown, nothing is added."""
    load(archive, "bars", *hours(12), *hours(12, source="Coinalyze", long_usd=50))
    found = archive.sum(at("12:00"), at("13:00"))
    assert (found.low, found.high) == (100, 100)
    assert [(one.source, one.low) for one in found.readings] == [("CoinGlass", 100), ("Coinalyze", 70)]


def test_the_tightest_bucket_length_bounds(archive: MarketArchive) -> None:
    """A day's bar and its hours are one reading: the finer bars bound where they can."""
    load(archive, "bars", *hours(*range(24)), *hours(0, seconds=86_400, long_usd=2000, short_usd=400))
    hour, day = archive.sum(at("12:00"), at("13:00")), archive.sum(at("00:00"), at("2025-06-11T00:00Z"))
    assert (hour.low, hour.high) == (100, 100)
    assert (day.low, day.high) == (2400, 2400)


def test_a_row_over_all_stands_for_its_parts(archive: MarketArchive) -> None:
    """A total over all venues is not added to what single venues tell of the same."""
    load(archive, "bars", *hours(12, venue="ALL", asset="ALL", long_usd=900), *hours(12), *hours(12, venue="Bybit"))
    found = archive.sum(at("12:00"), at("13:00"))
    assert (found.low, len(found.readings)) == (920, 3)
    assert archive.sum(at("12:00"), at("13:00"), venue="Bybit").low == 100


def test_a_total_with_a_hole_does_not_hide_its_parts(archive: MarketArchive) -> None:
    """Where the total covers less than the parts do, the parts are the better bound from below."""
    load(archive, "bars", *hours(12, venue="ALL", asset="ALL"), *hours(12, 13, 14))
    assert archive.sum(at("12:00"), at("15:00")).low == 300


def test_zero_no_data_and_not_covered_are_three_answers(archive: MarketArchive) -> None:
    """A quiet hour is zero; an hour outside what is held has no sum; a venue never heard of is not covered."""
    load(archive, "bars", *hours(12, long_usd=0, short_usd=0))
    zero = archive.sum(at("12:00"), at("13:00"))
    assert (zero.status, zero.low, zero.high, zero.coverage) == ("covered", 0, 0, 1.0)
    missing = archive.sum(at("18:00"), at("19:00"))
    assert (missing.status, missing.low, missing.high, missing.coverage) == ("no_data", None, None, 0.0)
    unknown = archive.sum(at("12:00"), at("13:00"), venue="Kraken")
    assert (unknown.status, unknown.low, unknown.high, unknown.coverage) == ("not_covered", None, None, None)


def test_a_window_covered_in_part_has_no_upper_bound(archive: MarketArchive) -> None:
    """What is missing can only make a sum larger."""
    load(archive, "bars", *hours(12))
    found = archive.sum(at("12:00"), at("14:00"))
    assert (found.status, found.low, found.high, found.coverage) == ("partly_covered", 100, None, 0.5)


def test_prints_alone_are_a_lower_bound(archive: MarketArchive) -> None:
    """Nobody said when the recorder listened: no upper bound, coverage unknown."""
    load(archive, "prints", {})
    found = archive.sum(at("12:00"), at("13:00"))
    assert (found.low, found.high, found.coverage, found.status) == (50_000, None, None, "partly_covered")


def test_recorded_prints_are_whole_and_silence_is_zero(archive: MarketArchive) -> None:
    """Within a recorded stretch no print means zero; a connection lost for a while takes the upper bound away."""
    load(archive, "prints", {}, {"side": "short"})
    load(archive, "recorded", {}, {"venue": "Bybit"}, {"venue": "OKX", "end": "2025-06-10T12:30:00Z"})
    whole = archive.sum(at("12:00"), at("13:00"), venue="Binance")
    assert (whole.low, whole.high, whole.status) == (100_000, 100_000, "covered")
    quiet = archive.sum(at("12:00"), at("13:00"), venue="Bybit")
    assert (quiet.low, quiet.high, quiet.status) == (0, 0, "covered")
    torn = archive.sum(at("12:00"), at("13:00"), venue="OKX")
    assert (torn.low, torn.high, torn.coverage, torn.status) == (0, None, 0.5, "partly_covered")


def test_silence_of_one_coin_is_zero_where_its_venue_was_recorded(archive: MarketArchive) -> None:
    """A stretch over all coins of a venue speaks for each of them."""
    load(archive, "prints", {})
    load(archive, "recorded", {})
    found = archive.sum(at("12:00"), at("13:00"), asset="ETH")
    assert (found.low, found.high, found.status) == (0, 0, "covered")


def test_simulated_sources_show(archive: MarketArchive) -> None:
    """A sum that rests on a generator says so."""
    load(archive, "bars", *hours(12, source="simulated CoinGlass"))
    assert archive.sum(at("12:00"), at("13:00")).simulated


def test_a_window_that_runs_backwards_is_refused(archive: MarketArchive) -> None:
    """The end comes after the start, and both have a zone."""
    with pytest.raises(UsageError, match="no window"):
        archive.sum(at("13:00"), at("12:00"))
    with pytest.raises(UsageError, match="no window"):
        archive.sum(at("12:00").replace(tzinfo=None), at("13:00").replace(tzinfo=None))
