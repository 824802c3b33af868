"""The page's words: no number without what it means, nothing said twice."""

from __future__ import annotations

import pytest

from newsdetect.outputs.web.wording import allowed, beside_badge, moment, names, origin, share
from tests.outputs.web.evidence import BARS, CANDLES, make_evidence
from tests.storage.builders import at


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (82e6, 137.6e6, "$82 million to $137.6 million"),
        (82e6, 82e6, "$82 million"),
        (82e6, None, "at least $82 million"),
        (0.0, 82e6, "at most $82 million"),
        (None, 82e6, "at most $82 million"),
        (0.0, 0.0, "nothing"),
        (0.0, None, "–"),
        (None, None, "–"),
    ],
)
def test_what_evidence_allows(low, high, told):
    """An open end is no number, and "at least nothing" is not said."""
    assert allowed(make_evidence(BARS, low=low, high=high)) == told


def test_prices_are_called_prices():
    """A candle's range is no amount."""
    assert allowed(make_evidence(CANDLES, low=110_400.0, high=113_250.0)) == "prices of $110,400 to $113,250"


@pytest.mark.parametrize(
    ("part", "told"), [(0.0, "0 %"), (0.004, "under 1 %"), (0.12, "12 %"), (1.0, "100 %"), (None, "unknown")]
)
def test_a_share_is_never_rounded_to_nothing(part, told):
    """Little is not none, and unknown is neither."""
    assert share(part) == told


def test_where_evidence_comes_from():
    """Source, venue, coins and side, each once."""
    assert origin(make_evidence(BARS, side="long", assets=("BTC",))) == "CoinGlass, Binance, BTC, longs"
    assert origin(make_evidence(BARS, side="both", source="Binance", assets=())) == "Binance"


@pytest.mark.parametrize(
    ("explanation", "verdict", "told"),
    [
        ("Plausible: the data fit.", "plausible", "The data fit."),
        ("SIMULATED market data. Not checkable: no data.", "not_checkable", "No data."),
        ("Inconsistent in itself: 3 and 4 make 8.", "inconsistent", "Inconsistent in itself: 3 and 4 make 8."),
        ("Plausible", "plausible", "Plausible"),
        ("", None, ""),
    ],
)
def test_the_badge_is_not_repeated(explanation, verdict, told):
    """A sentence beside its verdict does not open with it."""
    assert beside_badge(explanation, verdict) == told


def test_many_names_are_counted():
    """Three names, then how many more."""
    assert names(("A", "B", "C")) == "A, B, C"
    assert names(("A", "B", "C", "D", "E")) == "A, B, C and 2 more"


def test_an_instant_names_its_zone():
    """Times are UTC and say so; no time is said to be unknown."""
    assert moment(at(9.5)) == "25 Aug 2025, 09:30 UTC"
    assert moment(None) == "date unknown"
