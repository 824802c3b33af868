"""What fitted ranges and priors say to a reading: another teller's words for it, bounds, and shares of a scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.checks.between import apart
from newsdetect.checks.check import Check
from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.coverage import WHOLE, Coverage, bases, coverage
from newsdetect.cli.show_check import print_check
from newsdetect.market.ranges import NO_RANGES, Fitted, Ranges, Teller
from newsdetect.types import ALL, Window
from tests.checks.builders import NOON, Market, hourly_bars, make_claim, make_doc


class Row(NamedTuple):
    """A reading of one source."""

    source: str
    venue: str = "Binance"
    asset: str = "BTC"
    kind: str = "bars"


def teller(source: str, venue: str = "Binance", asset: str = "BTC") -> Teller:
    """Name who tells what."""
    return Teller(source=source, venue=venue, asset=asset)


def fitted(**changes: object) -> Fitted:
    """Make a range of the half-year around noon: CoinGlass tells 1.1 to 1.5 times what Coinalyze does."""
    made = {
        "kind": "tellers", "of": teller("Coinalyze"), "to": teller("CoinGlass"), "seconds": 86_400, "side": "both",
        "era": "2025-1", "windows": 60, "since": NOON - timedelta(days=150), "until": NOON + timedelta(days=20),
        "low": 1.1, "middle": 1.25, "high": 1.5, "least": 0.9, "most": 2.0,
    }  # fmt: skip
    return Fitted.model_validate(made | changes)


def share(low: float, high: float, part: Teller, whole: Teller, **changes: object) -> Fitted:
    """Make a fitted share."""
    middle = (low + high) / 2
    return fitted(
        kind="share", of=part, to=whole, low=low, middle=middle, high=high, least=low / 2, most=min(1.0, high * 1.5),
        **changes,
    )  # fmt: skip


RANGES = Ranges((fitted(), fitted(era=None, windows=150)))
CLAIM = make_claim(100e6, attributed_to="CoinGlass", venue="Binance", asset="BTC")


def test_a_fitted_range_says_how_the_claims_teller_would_tell_a_reading() -> None:
    """It goes before the prior, and carries its windows and dates; the other way round it is turned over."""
    known = apart(CLAIM, RANGES, 24, NOON)
    found = known.told(Row("Coinalyze"))
    assert found is not None
    assert (found.low, found.high, found.fitted, found.windows, found.hours) == (1.1, 1.5, True, 60, 24)
    assert (found.of, found.to) == ("Coinalyze Binance BTC", "CoinGlass Binance BTC")
    assert known.factors(Row("Coinalyze")) == (1.1, 1.5)
    back = apart(CLAIM.model_copy(update={"attributed_to": "Coinalyze"}), RANGES, 24, NOON)
    assert back.factors(Row("CoinGlass")) == (pytest.approx(1 / 1.5, abs=1e-4), pytest.approx(1 / 1.1, abs=1e-4))


@pytest.mark.parametrize(
    "ranges",
    [
        NO_RANGES,
        Ranges((fitted(windows=29),)),
        Ranges((fitted(until=NOON - timedelta(days=201), since=NOON - timedelta(days=400)),)),
        Ranges((fitted(seconds=86_400 * 2),)),
        Ranges((fitted(side="long"),)),
        Ranges((fitted(of=teller("Coinalyze", asset="ETH"), to=teller("CoinGlass", asset="ETH")),)),
    ],
    ids=["none", "too few windows", "too long ago", "longer windows", "another side", "another coin"],
)
def test_too_little_overlap_falls_back_to_the_dated_prior(ranges: Ranges) -> None:
    """The prior says from when on it holds and what it was taken from."""
    found = apart(CLAIM, ranges, 24, NOON).told(Row("Coinalyze"))
    assert found is not None
    assert (found.fitted, found.low, found.high, found.windows) == (False, 1.0, 1.6, None)
    assert found.since is not None
    assert "BTC 1.17-1.53" in found.note


def test_a_reading_of_the_claims_own_teller_or_of_nobody_known_stands_as_it_is() -> None:
    """Own series need no range; of own prints, and of a claim that names nobody, nothing is known."""
    known = apart(CLAIM, RANGES, 24, NOON)
    assert known.told(Row("CoinGlass")) is None
    assert known.told(Row("simulated CoinGlass")) is None
    assert known.told(Row("recorder")) is None
    assert known.factors(Row("recorder")) == (1.0, 1.0)
    unnamed = apart(make_claim(100e6), RANGES, 24, NOON)
    assert unnamed.told(Row("Coinalyze")) is None
    assert unnamed.beyond(Row("Coinalyze")) is None


def test_beyond_all_that_was_seen_and_some_more_refutes() -> None:
    """A quarter beyond the extremes of a hundred windows; fewer refute nothing, an open end none on its side."""
    assert apart(CLAIM, RANGES, 24, NOON).beyond(Row("Coinalyze")) == (pytest.approx(0.72), pytest.approx(2.5))
    few = Ranges((fitted(era=None, windows=99),))
    assert apart(CLAIM, few, 24, NOON).beyond(Row("Coinalyze")) is None
    zero = Ranges((fitted(era=None, windows=150, most=None),))
    low, high = apart(CLAIM, zero, 24, NOON).beyond(Row("Coinalyze")) or (0, 0)
    assert (low, high) == (pytest.approx(0.72), float("inf"))


def test_a_fitted_share_makes_k_and_else_the_prior() -> None:
    """Of all venues' BTC the archive knows Binance's share, of OKX's only the prior tells; both are named."""
    ranges = Ranges((share(0.2, 0.3, teller("CoinGlass"), teller("CoinGlass", ALL), seconds=14_400),))
    known = apart(make_claim(asset="BTC", attributed_to="CoinGlass"), ranges, 24, NOON)
    scope = {"venue": ALL, "asset": "BTC", "at": NOON}
    assert coverage([("Binance", "BTC")], **scope, known=known) == Coverage(0.2, 0.3)
    prior = coverage([("OKX", "BTC")], **scope)
    assert coverage([("OKX", "BTC")], **scope, known=known) == prior
    both = coverage([("Binance", "BTC"), ("OKX", "BTC")], **scope, known=known)
    assert both.middle == pytest.approx(0.25 + prior.middle)
    told = bases([("Binance", "BTC"), ("OKX", "BTC")], **scope, known=known)
    assert [(one.of, one.fitted, one.windows) for one in told] == [
        ("CoinGlass Binance BTC", True, 60),
        ("OKX", False, None),
    ]
    assert "medians .05 to .17" in told[1].note


def test_shares_of_a_venue_and_of_a_coin_are_multiplied_unless_the_whole_was_fitted() -> None:
    """Binance's share of BTC times BTC's of all; a share of the whole itself goes before both and a measurement."""
    steps = Ranges((
        share(0.2, 0.2, teller("CoinGlass"), teller("CoinGlass", ALL)),
        share(0.5, 0.5, teller("CoinGlass", ALL), teller("CoinGlass", ALL, ALL)),
    ))  # fmt: skip
    scope = {"venue": ALL, "asset": ALL, "at": NOON}
    claim = make_claim(attributed_to="CoinGlass")
    found = coverage([("Binance", "BTC")], **scope, known=apart(claim, steps, 24, NOON))
    assert found.middle == pytest.approx(0.1)
    four = [("Binance", coin) for coin in ("BTC", "ETH", "SOL", "XRP")]
    measured = coverage(four, **scope)
    assert coverage(four, **scope, known=apart(claim, steps, 24, NOON)) == measured
    assert [one.note[:14] for one in bases(four, **scope)] == ["CoinGlass bars"]
    whole = Ranges(tuple(
        share(0.03, 0.05, teller("CoinGlass", venue, coin), teller("CoinGlass", ALL, ALL)) for venue, coin in four
    ))  # fmt: skip
    direct = coverage(four, **scope, known=apart(claim, whole, 24, NOON))
    assert direct.middle == pytest.approx(0.16)
    assert direct != measured


def test_what_the_claim_itself_fixes_counts_as_one() -> None:
    """A claim on Binance's BTC is held whole by its series, and rests on no range."""
    scope = {"venue": "Binance", "asset": "BTC", "at": NOON}
    assert coverage([("Binance", "BTC")], **scope, known=apart(CLAIM, RANGES, 24, NOON)) == WHOLE
    assert bases([("Binance", "BTC")], **scope) == ()


@given(
    low=st.floats(min_value=0.01, max_value=1), width=st.floats(min_value=1, max_value=3),
    more=st.floats(min_value=1, max_value=3),
)  # fmt: skip
def test_a_wider_range_never_refutes_more(low: float, width: float, more: float) -> None:
    """The further two tellers were seen apart, the further a claim must lie from a reading to be refuted."""

    def bounds(least: float, most: float) -> tuple[float, float]:
        ranges = Ranges((fitted(era=None, windows=200, least=least, most=most),))
        return apart(CLAIM, ranges, 24, NOON).beyond(Row("Coinalyze")) or (0.0, 0.0)

    near, far = bounds(low, low * width), bounds(low / more, low * width * more)
    assert far[0] <= near[0] < near[1] <= far[1]


@dataclass(frozen=True)
class Ranged(Market):
    """A market with ranges beside its rows."""

    known: Ranges = NO_RANGES

    def ranges(self) -> Ranges:
        """Give the ranges."""
        return self.known


DAY = Window(start=NOON - timedelta(hours=24), end=NOON)


def checked(value: float, ranges: Ranges, *, own: bool = False, **fields: object) -> Check:
    """Check a claim that names CoinGlass against a day of Coinalyze's bars that come to $240 million."""
    bars = hourly_bars(10e6, source="Coinalyze")
    if own:
        bars += hourly_bars(12e6, source="CoinGlass")
    told = {"attributed_to": "CoinGlass", "venue": "Binance", "asset": "BTC", "window": DAY} | fields
    (check,) = check_claims(make_doc(), [make_claim(value, **told)], Ranged(bar_rows=bars, known=ranges))
    return check


@pytest.mark.parametrize(
    ("value", "by_prior", "by_fit"),
    [(300e6, "plausible", "corroborated"), (240e6, "plausible", "plausible"), (120e6, "plausible", "contradicted"),
     (700e6, "plausible", "contradicted"), (20e6, "contradicted", "contradicted")],
)  # fmt: skip
def test_a_fitted_range_confirms_and_refutes_where_the_prior_does_neither(
    value: float, by_prior: str, by_fit: str
) -> None:
    """Told as 1.1 to 1.5 times 240 million: 264 to 360; .72 to 2.5 times bound it, by the prior a factor of eight."""
    assert (checked(value, NO_RANGES).verdict, checked(value, RANGES).verdict) == (by_prior, by_fit)


def test_the_check_says_what_was_fitted_and_from_how_much(capsys: pytest.CaptureFixture[str]) -> None:
    """As evidence in JSON and as a line: the range, its windows and dates, or that it is the prior and of when."""
    fit, prior = checked(300e6, RANGES), checked(300e6, NO_RANGES)
    (row,) = [row for row in fit.evidence if row.kind == "bars"]
    assert [(one.what, one.fitted, one.windows) for one in row.basis] == [("teller", True, 60)]
    assert fit.weighing is not None
    assert fit.weighing.seen is not None
    assert fit.weighing.reported is not None
    assert (fit.weighing.seen.low, fit.weighing.reported.low) == (240e6, pytest.approx(264e6))
    assert fit.weighing.reported.high == pytest.approx(360e6)
    assert Check.model_validate_json(fit.model_dump_json()) == fit
    print_check(fit)
    print_check(prior)
    told = " ".join(capsys.readouterr().out.split())
    assert "CoinGlass Binance BTC is told as 1.10 to 1.50 times Coinalyze Binance BTC" in told
    assert "fitted to 60 windows of 24 h, 2025-01-11 to 2025-06-30" in told
    assert "1.00 to 1.60 times Coinalyze Binance BTC: prior of 2022-01-01 (daily sums of Binance" in told


def test_where_the_claims_own_teller_speaks_nobody_elses_words_count() -> None:
    """CoinGlass itself tells 288 million: what Coinalyze's would make of it moves the range neither way."""
    alone = checked(300e6, RANGES, own=True)
    assert alone.weighing is not None
    assert alone.weighing.reported is not None
    assert (alone.weighing.reported.low, alone.weighing.reported.high) == (288e6, 288e6)


def test_k_of_a_wider_claim_names_its_share() -> None:
    """Of all venues' BTC: Binance's fitted share stands in the evidence beside the teller's range."""
    whole = share(0.2, 0.3, teller("CoinGlass"), teller("CoinGlass", ALL), seconds=14_400)
    check = checked(1e9, Ranges((*RANGES.fitted, whole)), venue=ALL)
    (row,) = [row for row in check.evidence if row.kind == "bars"]
    assert [(one.what, one.of, one.low) for one in row.basis] == [
        ("teller", "Coinalyze Binance BTC", 1.1),
        ("share", "CoinGlass Binance BTC", 0.2),
    ]
    assert row.coverage == pytest.approx(0.25)
