"""How far two tellers of one thing lie apart, and what part of a whole a venue holds, as the archive shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.errors import StoreError
from newsdetect.market.archive import MarketArchive
from newsdetect.market.ranges import NO_RANGES, Fitted, Ranges, Teller, nearest, widest
from newsdetect.types import Side
from tests.market.builders import NOW, row, write

START = datetime(2025, 1, 1, tzinfo=UTC)
ONE, OTHER = (Teller(source=name, venue="Binance", asset="BTC") for name in ("Coinalyze", "CoinGlass"))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[MarketArchive]:
    """Give an empty archive."""
    with MarketArchive(tmp_path / "market") as opened:
        yield opened


def bars(usd: Sequence[float], *, source: str, seconds: int = 86_400, **scope: Any) -> list[dict[str, Any]]:
    """Make bars that follow upon each other, four fifths longs."""
    return [
        row("bars", start=(START + timedelta(seconds=seconds * place)).isoformat(), seconds=seconds, source=source,
            long_usd=0.8 * worth, short_usd=0.2 * worth, **scope)
        for place, worth in enumerate(usd)
    ]  # fmt: skip


def fitted(archive: MarketArchive, folder: Path, *many: list[dict[str, Any]], kind: str = "bars") -> Ranges:
    """Import rows and fit."""
    for number, rows in enumerate(many):
        archive.import_file(write(folder / f"{kind}{number}.csv", rows), now=NOW)
    return archive.fit_ranges(now=NOW)


def only(found: Sequence[Fitted], *, era: str | None = None) -> Fitted:
    """Give the one range of a half-year, or of all time."""
    (one,) = [one for one in found if one.era == era]
    return one


def test_two_tellers_are_fitted_over_the_busier_half_of_their_windows(archive, tmp_path):
    """One tells four fifths of the other with a spread that is drawn: the quantiles come back, of 100 of 200 days."""
    rng = np.random.default_rng(0)
    usd = rng.lognormal(16, 1, 200)
    factor = np.exp(rng.normal(np.log(1.25), 0.1, 200))
    found = fitted(archive, tmp_path, bars(usd, source="Coinalyze"), bars(usd * factor, source="CoinGlass"))
    whole = only(found.between(ONE, OTHER, "both"))
    busy = np.maximum(usd, usd * factor)
    inside = factor[busy >= np.median(busy)]
    assert (whole.windows, whole.seconds) == (100, 86_400)
    assert (whole.least, whole.most) == (pytest.approx(inside.min()), pytest.approx(inside.max()))
    assert whole.middle == pytest.approx(1.25, rel=0.03)
    assert whole.low == pytest.approx(np.quantile(inside, 0.1), rel=0.01)
    assert whole.high == pytest.approx(np.quantile(inside, 0.9), rel=0.01)
    assert whole.since >= START
    assert whole.until <= START + timedelta(days=200)
    halves = [only(found.between(ONE, OTHER, "both"), era=era) for era in ("2025-1", "2025-2")]
    assert sum(one.windows for one in halves) == 100
    assert archive.ranges().fitted == found.fitted


def test_the_other_end_tells_the_same_turned_over(archive, tmp_path):
    """What is 1.25 times the other is told by the other as .8 of it; least and most change places."""
    found = fitted(
        archive, tmp_path, bars([1e6] * 40, source="Coinalyze"), bars([2e6] * 20 + [4e6] * 20, source="CoinGlass")
    )
    there, back = (only(found.between(*pair, "long")) for pair in ((ONE, OTHER), (OTHER, ONE)))
    assert (there.least, there.most) == (pytest.approx(4), pytest.approx(4))
    assert back == there.turned()
    assert (back.low, back.most) == (pytest.approx(0.25), pytest.approx(0.25))


def test_finer_bars_are_summed_and_a_window_with_a_gap_is_left_out(archive, tmp_path):
    """Hours make a day where all twenty-four are there; bars of two lengths of one source are one series."""
    hours = bars([1e6] * 48, source="Coinalyze", seconds=3600)
    days = bars([48e6, 72e6], source="CoinGlass")
    found = fitted(archive, tmp_path, hours[:30] + hours[31:], days, bars([24e6], source="Coinalyze"))
    one = only(found.between(ONE, OTHER, "both"))
    assert (one.windows, one.low, one.high) == (1, pytest.approx(2), pytest.approx(2))


def test_prints_tell_of_windows_that_were_recorded_throughout(archive, tmp_path):
    """A quiet recorded hour is a zero, an hour that was not listened to is none."""
    prints = [
        row("prints", time=(START + timedelta(hours=hour, minutes=5)).isoformat(), source="recorder")
        for hour in (0, 1, 3)
    ]  # fmt: skip
    heard = [
        row("recorded", source="recorder", start=START.isoformat(), end=(START + timedelta(hours=3)).isoformat()),
        row("recorded", source="recorder", start=(START + timedelta(hours=3.5)).isoformat(),
            end=(START + timedelta(hours=4)).isoformat()),
    ]  # fmt: skip
    archive.import_file(write(tmp_path / "recorded.csv", heard), now=NOW)
    archive.import_file(write(tmp_path / "prints.csv", prints), now=NOW)
    told = bars([100_000, 100_000, 200_000, 100_000], source="CoinGlass", seconds=3600)
    found = fitted(archive, tmp_path, told)
    own = Teller(source="recorder", venue="Binance", asset="BTC")
    (one,) = [one for one in found.between(own, OTHER, "both") if one.era is None]
    # The hour that told 200,000 against nothing has no bound; two hours of 100,000 and it are at least the median.
    assert (one.windows, one.seconds) == (3, 3600)
    assert (one.low, one.middle, one.high, one.most) == (2.0, 2.0, None, None)
    assert one.turned().least == 0.0


def test_an_hour_half_of_which_was_recorded_twice_tells_nothing(archive, tmp_path):
    """Stretches that overlap make no more time than they hold together: half an hour told twice is no hour."""
    heard = [
        row("recorded", source="recorder", start=START.isoformat(), end=(START + timedelta(minutes=until)).isoformat())
        for until in (30, 31)
    ]
    archive.import_file(write(tmp_path / "recorded.csv", heard), now=NOW)
    prints = [row("prints", time=START.isoformat(), source="recorder")]
    archive.import_file(write(tmp_path / "prints.csv", prints), now=NOW)
    assert fitted(archive, tmp_path, bars([300_000], source="CoinGlass", seconds=3600)).fitted == ()


def test_a_part_is_held_against_its_whole_as_one_source_tells_them(archive, tmp_path):
    """A venue's share of a coin, a coin's of a venue, both of the market; never another source's whole."""
    many = [
        bars([3e6] * 4, source="CoinGlass"),
        bars([10e6] * 4, source="CoinGlass", venue="ALL"),
        bars([6e6] * 4, source="CoinGlass", asset="ALL"),
        bars([40e6] * 4, source="CoinGlass", venue="ALL", asset="ALL"),
        bars([5e6] * 4, source="Coinalyze", venue="ALL"),
    ]
    found = fitted(archive, tmp_path, *many)
    shares = {
        (venue, asset): only(found.shares(OTHER, Teller(source="CoinGlass", venue=venue, asset=asset), "both")).middle
        for venue, asset in (("ALL", "BTC"), ("Binance", "ALL"), ("ALL", "ALL"))
    }
    assert shares == {("ALL", "BTC"): 0.3, ("Binance", "ALL"): 0.5, ("ALL", "ALL"): 0.075}
    assert not list(found.shares(OTHER, Teller(source="Coinalyze", venue="ALL", asset="BTC"), "both"))


def test_snapshots_are_held_against_those_of_the_same_reading(archive, tmp_path):
    """Trailing totals of one screen give shares whatever the minute they were read at."""
    rows = [
        row("snapshots", retrieved_before=(START + timedelta(hours=7 * n, seconds=11)).isoformat(), venue=venue,
            long_usd=usd, short_usd=0)
        for n in range(6)
        for venue, usd in (("ALL", 9e6), ("Bybit", 3e6 if n < 5 else 0.0))
    ]  # fmt: skip
    found = fitted(archive, tmp_path, rows, kind="snapshots")
    part = Teller(source="CoinGlass", venue="Bybit", asset="BTC")
    one = only(found.shares(part, Teller(source="CoinGlass", venue="ALL", asset="BTC"), "long"))
    assert (one.windows, one.seconds, one.middle, one.least) == (6, 14_400, pytest.approx(1 / 3), 0.0)


def test_a_generator_is_never_held_against_a_market(archive, tmp_path):
    """Simulated sources have ranges among themselves alone."""
    names = ("CoinGlass", "simulated CoinGlass", "simulated Coinalyze")
    found = fitted(archive, tmp_path, *(bars([1e6] * 3, source=name) for name in names))
    assert {(one.of.source, one.to.source) for one in found.fitted} == {("simulated CoinGlass", "simulated Coinalyze")}


def test_fitting_anew_makes_checks_pending(archive, tmp_path):
    """The archive's word changes with its ranges, and an archive that holds nothing has none to fit."""
    assert archive.fit_ranges(now=NOW).fitted == ()
    assert archive.version() == ""
    archive.import_file(write(tmp_path / "a.csv", bars([1e6], source="CoinGlass")), now=NOW)
    before = archive.version()
    archive.fit_ranges(now=NOW + timedelta(seconds=1))
    assert archive.version() != before


def test_what_is_no_file_of_ranges_is_named(archive):
    """A torn or foreign file is a fault with its remedy, never "no ranges"."""
    assert archive.ranges() is NO_RANGES
    archive.folder.mkdir(parents=True)
    (archive.folder / "ranges.json").write_text('{"version": 1, "fitted": [{}], "made": "2025-01-01T00:00:00+00:00"}')
    with pytest.raises(StoreError, match="market ranges --fit"):
        archive.ranges()
    (archive.folder / "ranges.json").write_text('{"version": 7}')
    with pytest.raises(StoreError, match="version 7"):
        archive.ranges()


def make(seconds: int, era: str | None, windows: int, since: int, until: int, *, side: Side = "both") -> Fitted:
    """Make a range over days from the start."""
    return Fitted(
        kind="tellers", of=ONE, to=OTHER, seconds=seconds, side=side, era=era, windows=windows,
        since=START + timedelta(days=since), until=START + timedelta(days=until), low=1.1, middle=1.25, high=1.5,
        least=1.0, most=2.0,
    )  # fmt: skip


def test_the_half_year_of_the_longest_fitting_length_speaks_and_outside_all_of_them_together() -> None:
    """Windows longer than the claim's say nothing of it, few windows nothing at all, and old ones not for ever."""
    day, hours = make(86_400, "2025-1", 50, 0, 100), make(14_400, "2025-1", 50, 0, 100)
    later, few = make(86_400, "2026-1", 50, 400, 500), make(86_400, "2025-2", 3, 200, 300)
    later = later.model_copy(update={"low": 0.9, "high": 1.3, "least": 0.7, "most": None})
    whole = make(86_400, None, 103, 0, 500)
    found = [day, hours, later, few, whole]
    asked = {"fewest": 30, "within": timedelta(days=180)}
    assert nearest(found, hours=24, at=START + timedelta(days=90), **asked) == day
    assert nearest(found, hours=24, at=START + timedelta(days=450), **asked) == later
    between = nearest(found, hours=24, at=START + timedelta(days=220), **asked)
    assert between is not None
    assert (between.era, between.windows, between.low, between.high) == ("2025-1 to 2026-1", 100, 0.9, 1.5)
    assert (between.least, between.most, between.until) == (0.7, None, later.until)
    assert nearest([day, hours], hours=24, at=START + timedelta(days=220), **asked) == day
    assert nearest(found, hours=12, at=START, **asked) == hours
    assert nearest(found, hours=1, at=START, **asked) is None
    assert nearest(found, hours=24, at=START + timedelta(days=700), **asked) is None
    assert widest(found, hours=24, at=START, fewest=100, within=timedelta(days=180)) == whole
    assert widest(found, hours=24, at=START, fewest=200, within=timedelta(days=180)) is None


@given(st.floats(min_value=0.01, max_value=100), st.floats(min_value=1, max_value=10), st.booleans())
def test_turning_a_range_over_twice_changes_nothing(low: float, spread: float, unbounded: bool) -> None:
    """From the other end and back: the same factors, bounds that are open stay open."""
    one = make(3600, None, 10, 0, 1).model_copy(
        update={"low": low, "middle": low * spread, "high": None if unbounded else low * spread**2, "least": low / 2,
                "most": None if unbounded else low * spread**3}
    )  # fmt: skip
    again = one.turned().turned()
    assert again.of == one.of
    for name in ("low", "middle", "high", "least", "most"):
        assert getattr(again, name) == (None if (value := getattr(one, name)) is None else pytest.approx(value))
    assert one.turned().low == (0.0 if unbounded else pytest.approx(1 / one.high))
