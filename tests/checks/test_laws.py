"""Laws that hold for every claim and every market."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.compare import Case, compare
from newsdetect.checks.coverage import coverage
from newsdetect.checks.evidence import Held
from newsdetect.checks.evidence import reading as read_sums
from newsdetect.checks.holdings import fetch
from newsdetect.checks.sums import sums
from newsdetect.claims.claim import Claim
from newsdetect.claims.intervals import interval
from newsdetect.market.provider import PrintKey, Recorded
from newsdetect.types import ALL, Hedge, Interval, Period
from tests.checks.builders import NOON, ONE, Market, hourly_bars, make_claim, make_doc, path

_amounts = st.floats(min_value=1e5, max_value=1e11)
_few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_PRICES = path([100_000 - 50 * (hour % 7) for hour in range(60)])


def _verdict(claim: Claim, market: Market) -> str:
    (check,) = check_claims(make_doc("in the past hour"), [claim], market)
    return check.verdict


def _held(claimed: Interval, floor: float, ceiling: float | None, reported: Interval, share: float) -> Held:
    from newsdetect.checks.coverage import Coverage  # noqa: PLC0415 -- beside its one use
    from newsdetect.checks.sums import Sum  # noqa: PLC0415 -- likewise

    row = Sum("bars", "CoinGlass", "Binance", "BTC", reported.low or 0.0, reported.high, 1.0)
    return Held(
        window=Period.trailing(NOON, 24), claimed=claimed, floor=floor, ceiling=ceiling, reported=reported,
        coverage=Coverage(share, share), same_source=False, price="silent", sums=(row,), moves=(),
    )  # fmt: skip


_ORDER = ("contradicted", "plausible", "corroborated")


@given(_amounts, _amounts, _amounts, st.floats(min_value=1, max_value=3), st.floats(min_value=0, max_value=1))
def test_a_higher_lower_bound_never_clears_a_claim(
    value: float, floor: float, more: float, width: float, share: float
) -> None:
    """What was contradicted from below stays so when more is counted."""
    claimed = interval(value)
    reported = Interval(low=floor, high=floor * width)
    before = _held(claimed, floor, None, reported, share)
    after = replace(before, floor=floor + more)
    if compare(Case(held=(before,), best=before)) == "contradicted":
        assert compare(Case(held=(after,), best=after)) == "contradicted"


@given(_amounts, _amounts, st.floats(min_value=1, max_value=50), st.floats(min_value=0, max_value=1))
def test_a_wider_interval_never_turns_plausible_into_contradicted(
    value: float, floor: float, width: float, share: float
) -> None:
    """Vaguer words can only be harder to refute."""
    claimed, reported = interval(value), Interval(low=floor, high=floor * width)
    assert claimed.low is not None
    assert claimed.high is not None
    wide = Interval(low=claimed.low * 0.7, high=claimed.high * 1.3)
    narrow, vague = (_held(one, floor, floor * width, reported, share) for one in (claimed, wide))
    if compare(Case(held=(narrow,), best=narrow)) != "contradicted":
        assert compare(Case(held=(vague,), best=vague)) != "contradicted"


@_few
@given(
    st.floats(min_value=1e7, max_value=1e10),
    st.floats(min_value=1e5, max_value=1e8),
    st.sampled_from(["about", "at_least", "at_most"]),
    st.sampled_from([None, "at least"]),
)
def test_a_hedge_that_only_widens_never_contradicts(value: float, usd: float, hedge: Hedge, word: str | None) -> None:
    """Of an exact claim that is not contradicted, the same claim with both ends further out is not either."""
    market = Market(hourly_bars(usd), _PRICES)
    exact = make_claim(value)
    hedged = interval(value, hedge=hedge, word=word)
    low = None if hedged.low is None or exact.low is None else min(hedged.low, exact.low)
    high = None if hedged.high is None or exact.high is None else max(hedged.high, exact.high)
    wide = exact.model_copy(update={"low": low, "high": high, "hedge": hedge})
    if _verdict(exact, market) != "contradicted":
        assert _verdict(wide, market) != "contradicted"


@_few
@given(
    st.floats(min_value=0.5, max_value=2.0),
    st.sampled_from(["Binance", "OKX", "Bybit"]),
    st.sampled_from(["BTC", "ETH"]),
)
def test_more_data_never_turns_corroborated_into_not_checkable(factor: float, venue: str, asset: str) -> None:
    """Further rows may refute or weaken a match, but never take the ground from under it."""
    claim = make_claim(240e6 * factor, venue="Binance", asset="BTC", attributed_to="CoinGlass")
    bars = hourly_bars(1e6, days=60, end=ONE - timedelta(hours=28)) + hourly_bars(10e6, days=28 / 24)
    more = hourly_bars(7e6, days=2, venue=venue, asset=asset, source="Coinalyze")
    if _verdict(claim, Market(bars, _PRICES)) == "corroborated":
        assert _verdict(claim, Market([*bars, *more], _PRICES)) != "not_checkable"


_prints = st.lists(
    st.tuples(st.floats(min_value=0, max_value=30), st.sampled_from(["BTC", "ETH"]),
              st.sampled_from(["Binance", "Bybit"]), st.floats(min_value=1, max_value=1e7)),
    max_size=20,
)  # fmt: skip


def _tape(rows: list[tuple[float, str, str, float]]) -> Market:
    return Market(
        print_rows=[
            (NOON - timedelta(hours=hours), PrintKey("recorder", venue, asset, "long"), usd)
            for hours, asset, venue, usd in rows
        ],
        recorded_rows=[
            Recorded("recorder", venue, ALL, NOON - timedelta(hours=9), NOON) for venue in ("Binance", "Bybit")
        ],
    )


def _low(market: Market, period: Period) -> float:
    holdings = fetch(market, period.start, period.end)
    return read_sums(sums(holdings, period, venue=ALL, asset=ALL, side="both")).low or 0.0


@_few
@given(_prints, _prints)
def test_sums_are_monotone_in_prints(rows: list, more: list) -> None:
    """Another print never lowers a lower bound."""
    period = Period.trailing(NOON, 24)
    assert _low(_tape(rows + more), period) >= _low(_tape(rows), period) * (1 - 1e-12)


@_few
@given(_prints, st.integers(min_value=1, max_value=23))
def test_sums_of_prints_add_over_a_split(rows: list, hours: int) -> None:
    """Two neighbouring windows hold what the window over both holds."""
    middle = NOON - timedelta(hours=hours)
    first, second = Period(start=NOON - timedelta(hours=24), end=middle), Period(start=middle, end=NOON)
    whole = _low(_tape(rows), Period.trailing(NOON, 24))
    assert abs(_low(_tape(rows), first) + _low(_tape(rows), second) - whole) <= 1e-6 * max(1.0, whole)


@_few
@given(st.floats(min_value=1e7, max_value=1e10), st.integers(min_value=-11, max_value=12))
def test_verdicts_do_not_know_time_zones(value: float, hours: int) -> None:
    """The same instants written in another zone give the same check."""
    zone = timezone(timedelta(hours=hours))
    market = Market(hourly_bars(5e6), _PRICES)
    moved = Market(
        [replace(bar, start=bar.start.astimezone(zone)) for bar in market.bar_rows],
        [replace(candle, start=candle.start.astimezone(zone)) for candle in market.candle_rows],
    )
    claim = make_claim(value)
    there = check_claims(make_doc(published=NOON.astimezone(zone)), [claim], moved)
    assert there == check_claims(make_doc(), [claim], market)


@_few
@given(st.integers(min_value=10, max_value=99_999))
def test_verdicts_do_not_know_units(coins: int) -> None:
    """Coins at a constant price are judged as their worth in dollars is."""
    market = Market(hourly_bars(5e6), path([50_000.0] * 60))
    worth = interval(coins, text=str(coins))
    assert worth.low is not None
    assert worth.high is not None
    dollars = make_claim(coins * 50_000.0, asset="BTC", low=worth.low * 50_000, high=worth.high * 50_000)
    same = make_claim(coins, text=str(coins), asset="BTC", unit="BTC")
    assert _verdict(same, market) == _verdict(dollars, market)


@given(
    st.sets(
        st.tuples(st.sampled_from(["Binance", "Bybit", "OKX", "Elsewhere"]), st.sampled_from(["BTC", "ETH", "PEPE"]))
    ),
    st.sampled_from([ALL, "Binance"]),
    st.sampled_from([ALL, "BTC"]),
)
def test_coverage_is_a_share(pairs: set[tuple[str, str]], venue: str, asset: str) -> None:
    """K lies between none and all of a claim's scope, its ends in order."""
    share = coverage(pairs, venue=venue, asset=asset, at=NOON)
    assert 0.0 <= share.low <= share.high <= 1.0
