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
from newsdetect.checks.holdings import fetch
from newsdetect.checks.readings import reading as read_sums
from newsdetect.checks.sums import sums
from newsdetect.claims.claim import Claim
from newsdetect.claims.intervals import interval
from newsdetect.market.provider import Bar, Candle, PrintKey, Recorded, Snapshot
from newsdetect.types import ALL, Hedge, Interval, Period
from tests.checks.builders import NOON, ONE, Market, hourly_bars, make_claim, make_doc, path, tried_of

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


@given(_amounts, _amounts, _amounts, st.floats(min_value=1, max_value=3), st.floats(min_value=0, max_value=1))
def test_a_higher_lower_bound_never_clears_a_claim(
    value: float, floor: float, more: float, width: float, share: float
) -> None:
    """What was contradicted from below stays so when more is counted."""
    claimed = interval(value)
    reported = Interval(low=floor, high=floor * width)
    before = _held(claimed, floor, None, reported, share)
    after = replace(before, floor=floor + more)
    if compare(Case(tried=tried_of(before), best=before)) == "contradicted":
        assert compare(Case(tried=tried_of(after), best=after)) == "contradicted"


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
    if compare(Case(tried=tried_of(narrow), best=narrow)) != "contradicted":
        assert compare(Case(tried=tried_of(vague), best=vague)) != "contradicted"


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


#: Rows of every kind that might come in later, on any scope.
_later = st.lists(
    st.tuples(
        st.sampled_from(["bars", "prints", "snapshots", "candles", "recorded"]),
        st.sampled_from(["CoinGlass", "Coinalyze", "recorder"]),
        st.sampled_from(["Binance", "OKX", ALL]),
        st.sampled_from(["BTC", "ETH", ALL]),
        st.floats(min_value=0, max_value=40),
        st.floats(min_value=1, max_value=1e9),
    ),
    max_size=8,
)


def _with(market: Market, rows: list[tuple[str, str, str, str, float, float]]) -> Market:
    """Add rows to a market, each some hours before noon."""
    for kind, source, venue, asset, hours, usd in rows:
        start = NOON - timedelta(hours=hours)
        if kind == "bars":
            added = {"bar_rows": [*market.bar_rows, Bar(start, 3600, source, venue, asset, usd, usd / 3, None)]}
        elif kind == "prints":
            row = (start, PrintKey(source, venue, asset, "long"), usd)
            added = {"print_rows": [*market.print_rows, row]}
        elif kind == "snapshots":
            added = {"snapshot_rows": [*market.snapshot_rows, Snapshot(start, source, venue, asset, 4, usd, usd / 3)]}
        elif kind == "recorded":
            stretch = Recorded(source, venue, asset, start, start + timedelta(hours=2))
            added = {"recorded_rows": [*market.recorded_rows, stretch]}
        else:
            price = 100_000.0 if asset == "BTC" else 3_000.0
            candle = Candle(start, 3600, source, "OKX", "perp", asset, price, price, price * 0.99, price, 10.0, None)
            added = {"candle_rows": [*market.candle_rows, candle]}
        market = replace(market, **added)
    return market


@_few
@given(_later, _later, st.floats(min_value=1e6, max_value=1e11), st.sampled_from([ALL, "Binance"]))
def test_whatever_comes_in_later_never_makes_a_verdict_not_checkable(
    rows: list, more: list, value: float, venue: str
) -> None:
    """Once a claim was held against data, rows of any kind may change its verdict, but not to *nothing is known*."""
    claim = make_claim(value, venue=venue)
    before = _verdict(claim, _with(Market(), rows))
    if before != "not_checkable":
        assert _verdict(claim, _with(_with(Market(), rows), more)) != "not_checkable"


@_few
@given(_prints, _prints, st.floats(min_value=1e4, max_value=1e9))
def test_more_prints_never_clear_a_claim_that_is_too_low(rows: list, more: list, value: float) -> None:
    """A lower bound only rises: what own prints have refuted stays refuted."""
    claim = make_claim(value, side="long")
    if _verdict(claim, _tape(rows)) == "contradicted":
        assert _verdict(claim, _tape(rows + more)) == "contradicted"


@_few
@given(
    st.floats(min_value=1e6, max_value=1e11),
    st.floats(min_value=1e5, max_value=1e9),
    st.floats(min_value=1, max_value=5),
    st.floats(min_value=1, max_value=5),
    st.sampled_from([None, "CoinGlass", "Coinalyze"]),
)
def test_a_wider_hedge_never_turns_plausible_into_contradicted(
    value: float, usd: float, below: float, above: float, source: str | None
) -> None:
    """The same over whole markets, for any widening and whoever is named."""
    claim = make_claim(value, venue="Binance", asset="BTC", attributed_to=source)
    assert claim.low is not None
    assert claim.high is not None
    vague = claim.model_copy(update={"low": claim.low / below, "high": claim.high * above})
    market = Market(hourly_bars(usd), _PRICES)
    if _verdict(claim, market) in ("plausible", "corroborated"):
        assert _verdict(vague, market) != "contradicted"


@_few
@given(
    st.floats(min_value=1e-3, max_value=1e3),
    st.floats(min_value=0.2, max_value=20),
    st.sampled_from([None, "CoinGlass", "Coinalyze"]),
)
def test_verdicts_do_not_know_the_size_of_a_dollar(scale: float, factor: float, source: str | None) -> None:
    """Claim and readings in other money, at the same prices: the same verdict."""
    here, there = (
        _verdict(
            make_claim(240e6 * factor * unit, venue="Binance", asset="BTC", attributed_to=source,
                       low=239.5e6 * factor * unit, high=240.5e6 * factor * unit),
            Market(hourly_bars(10e6 * unit, days=40), [replace(one, volume=one.volume * unit) for one in _PRICES]),
        )
        for unit in (1.0, scale)
    )  # fmt: skip
    assert here == there


@_few
@given(st.integers(min_value=-60, max_value=60), st.floats(min_value=1e7, max_value=1e9))
def test_verdicts_do_not_know_the_date(days: int, value: float) -> None:
    """All moved by whole days, where no dated prior changes in between: the same verdict."""
    moved = timedelta(days=days)
    market = Market(hourly_bars(5e6), _PRICES)
    later = Market(
        [replace(bar, start=bar.start + moved) for bar in market.bar_rows],
        [replace(candle, start=candle.start + moved) for candle in market.candle_rows],
    )
    claim = make_claim(value)
    (there,) = check_claims(make_doc("in the past hour", published=NOON + moved), [claim], later)
    assert there.verdict == _verdict(claim, market)


@given(
    st.lists(st.tuples(_amounts, st.floats(min_value=1, max_value=3), st.floats(min_value=0, max_value=1)), min_size=1,
             max_size=6),
    _amounts,
)  # fmt: skip
def test_a_further_end_time_never_contradicts(ends: list[tuple[float, float, float]], value: float) -> None:
    """Every admissible end must break a bound: the more ends a wording allows, the harder it is to refute."""
    claimed = interval(value)
    tried = [
        _held(claimed, floor, floor * width * 1.1, Interval(low=floor, high=floor * width), share)
        for floor, width, share in ends
    ]
    fewer, more = (Case(tried=tried_of(*many), best=tried[0]) for many in (tried[:1], tried))
    if compare(fewer) != "contradicted":
        assert compare(more) != "contradicted"


def test_an_end_of_which_nothing_is_known_does_not_hide_one_that_is_known() -> None:
    """An hour's bar bears a claim of a day; an order before it makes the day fit worse, and leaves it checkable."""
    bar = ("bars", "CoinGlass", "Binance", "BTC", 1.0, 1.0)
    order = ("prints", "CoinGlass", "Binance", "BTC", 1.0, 122_696.0)
    claim = make_claim(1_000_001.0)
    assert _verdict(claim, _with(Market(), [bar])) == "plausible"
    assert _verdict(claim, _with(Market(), [bar, order])) == "plausible"


def test_a_bound_that_is_broken_wherever_anything_is_known_is_told() -> None:
    """An order of 900 million refutes a claim of one at the ends whose day holds it; at the others all may be."""
    order = ("prints", "Binance", "Binance", "BTC", 0.5, 9e8)
    (check,) = check_claims(make_doc("in the past hour"), [make_claim(1e6)], _with(Market(), [order]))
    assert check.verdict == "plausible"
    assert "show more than the claimed $1 M" in check.explanation
    assert "but only at 8 of the 39 end times" in check.explanation
    assert [row.says for row in check.evidence] == ["against"]
