"""Causes against time and price: what could have been one, what came too late or too early, what the price denies."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newsdetect.checks.causes import check_causes
from newsdetect.checks.check import CauseCheck
from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.onset import Onset, find_onset
from newsdetect.claims.claim import Cause, Extraction
from newsdetect.market.provider import Bar, Candle, PrintKey, Prints
from newsdetect.types import Period
from tests.checks.builders import NOON, ONE, Market, hourly_bars, make_claim, make_doc, path

FALLING = path([112_000] * 20 + [111_500, 111_000, 110_000, 108_000, 107_000])
#: A Friday, ten minutes past noon; made-up markets are moved there for what hangs on the weekday.
FRIDAY = datetime(2025, 6, 13, 12, 10, tzinfo=UTC)
KEY = PrintKey("recorder", "Binance", "BTC", "long")


def told(
    words: str, kind: str, market: Market, *, sentence: str = "{}.", side: str = "long", role: str = "trigger",
    hours: float = 24, published: datetime = NOON,
) -> CauseCheck:  # fmt: skip
    """Check one cause of a document with one claim on longs."""
    text = sentence.format(words)
    doc = make_doc(text, published=published)
    start = doc.content.index(words)
    claim = make_claim(500e6, side=side, hours=hours)
    cause = Cause(type=kind, role=role, text=words, start=start, end=start + len(words))
    extraction = Extraction(id=doc.id, event=True, claims=(claim,), causes=(cause,))
    (found,) = check_causes(doc, extraction, check_claims(doc, [claim], market), market)
    return found


def burst(at: datetime, *, usd: float = 1e6) -> Market:
    """Make a day of quiet prints, one a minute, and a burst from `at` on; the price falls."""
    quiet = [(at - timedelta(minutes=minute), KEY, 1e3 + minute % 7) for minute in range(1, 24 * 60)]
    loud = [(at + timedelta(minutes=minute, seconds=20), KEY, usd) for minute in range(30)]
    candles = path([112_000] * 20 + [111_500, 111_000, 110_000, 108_000, 107_000], end=at + timedelta(hours=2))
    return Market(print_rows=[*quiet, *loud], candle_rows=candles)


def test_the_onset_is_the_first_minute_that_stands_out() -> None:
    """To the minute by prints, to the bucket by bars; a steady flow has none."""
    at = NOON - timedelta(hours=2)
    window = Period(start=NOON - timedelta(hours=12), end=NOON)
    found = onset(burst(at), window)
    assert found is not None
    assert (found.first, found.last) == (at, at + timedelta(minutes=1))
    assert found.usd == pytest.approx(1e6)
    bars = [*hourly_bars(1e6, days=2, end=at), *hourly_bars(9e6, days=1 / 24, end=at + timedelta(hours=1))]
    by_bars = onset(Market(bar_rows=bars), window)
    assert by_bars is not None
    assert (by_bars.first, by_bars.last) == (at, at + timedelta(hours=1))
    assert onset(Market(bar_rows=hourly_bars(1e6)), window) is None
    assert onset(Market(), window) is None


@pytest.mark.parametrize(
    ("scopes", "times"),
    [
        ([("Binance", "BTC")], 1),
        ([("Binance", "BTC"), ("Binance", "ETH"), ("Bybit", "BTC")], 3),
        ([("Binance", "BTC"), ("ALL", "ALL")], 1),
        ([("Binance", "BTC"), ("Binance", "ALL"), ("Bybit", "BTC")], 2),
        ([("Binance", "BTC"), ("ALL", "BTC"), ("Binance", "ETH")], 2),
        ([("Binance", "ALL"), ("ALL", "BTC"), ("ALL", "ETH")], 2),
        ([("Binance", "ALL"), ("ALL", "BTC"), ("ALL", "ALL")], 1),
    ],
)
def test_an_onset_counts_no_part_beside_its_whole(scopes: list[tuple[str, str]], times: int) -> None:
    """A source that tells a venue, a coin and all of them tells the same dollars more than once."""
    window = Period(start=NOON - timedelta(hours=12), end=NOON)
    bars = [
        dataclasses.replace(bar, long_usd=bar.long_usd * (40 if bar.start == NOON - timedelta(hours=5) else 1))
        for venue, asset in scopes
        for bar in hourly_bars(1e6, venue=venue, asset=asset, end=NOON, long_share=1.0)
    ]
    found = onset(Market(bar_rows=bars), window)
    assert found is not None
    assert (found.usd, found.median) == (times * 40e6, times * 1e6)


def onset(market: Market, window: Period) -> Onset | None:
    """Find an onset in all that a market holds of the window and the day before."""
    before = window.start - timedelta(days=1)
    return find_onset(market.prints(before, window.end), market.bars(before, window.end), window)


@dataclass(frozen=True)
class Counted(Market):
    """A market that counts what it is asked."""

    asked: Counter[str] = field(default_factory=Counter)

    def prints(self, *args: Any, **options: Any) -> Prints:
        """Give the prints of a time."""
        self.asked["prints"] += 1
        return super().prints(*args, **options)

    def bars(self, *args: Any, **options: Any) -> list[Bar]:
        """Give the bars that touch a time."""
        self.asked["bars"] += 1
        return super().bars(*args, **options)

    def candles(self, *args: Any, **options: Any) -> list[Candle]:
        """Give the candles that touch a time."""
        self.asked["candles"] += 1
        return super().candles(*args, **options)


def test_the_market_is_read_once_however_many_causes_are_named() -> None:
    """Prints, bars and candles are asked for once each: onset, price and pegs are told from the same rows."""
    quiet = burst(NOON - timedelta(hours=2))
    market = Counted(print_rows=quiet.print_rows, candle_rows=quiet.candle_rows)
    doc, claim = make_doc("a tariff threat, the USDE depeg."), make_claim(500e6, side="long")
    causes = (
        Cause(type="tariffs", role="trigger", text="a tariff threat", start=1, end=16),
        Cause(type="oracle_depeg", role="trigger", text="the USDE depeg", start=18, end=32),
    )
    checks = check_claims(doc, [claim], quiet)
    found = check_causes(doc, Extraction(id=doc.id, event=True, claims=(claim,), causes=causes), checks, market)
    assert len(found) == 2
    assert all(check.onset is not None for check in found)
    assert market.asked == {"prints": 1, "bars": 1, "candles": 1}


@pytest.mark.parametrize(
    ("sentence", "result"),
    [
        ("On June 10 at 09:30 UTC {}.", "consistent"),
        ("{} on June 10.", "consistent"),
        ("{} on June 8.", "timing_inconsistent"),
    ],
)
def test_a_trigger_lies_before_the_onset_and_not_long_before(sentence: str, result: str) -> None:
    """Named for the same day it fits, two days before it does not."""
    found = told("a tariff threat", "tariffs", burst(NOON - timedelta(hours=2)), sentence=sentence, side="both")
    assert found.result == result, found.note


def test_a_trigger_after_the_onset_came_too_late() -> None:
    """Liquidations set in on the 9th; what came on the 10th cannot have brought them."""
    found = told(
        "a tariff threat", "tariffs", burst(NOON - timedelta(hours=20)), sentence="{} on June 10 hit.", side="both"
    )
    assert found.result == "timing_inconsistent"
    assert "after liquidations set in at 2025-06-09 16:00 UTC" in found.note


@pytest.mark.parametrize(
    ("kind", "side", "result"),
    [
        ("price_drop", "both", "consistent"),
        ("price_rally", "both", "direction_inconsistent"),
        ("macro", "long", "consistent"),
        ("macro", "short", "direction_inconsistent"),
        ("macro", "both", "not_checkable"),
    ],
)
def test_the_price_must_have_gone_the_way_that_hurts(kind: str, side: str, result: str) -> None:
    """A fall fits a drop and losing longs; it denies a rally and losing shorts."""
    market = Market(candle_rows=FALLING + path([4000] * 20 + [3950, 3900, 3800, 3700, 3600], asset="ETH"))
    found = told("the move", kind, market, side=side)
    assert found.result == result, found.note


@pytest.mark.parametrize(
    ("at", "result"), [(FRIDAY, "consistent"), (FRIDAY - timedelta(days=1), "timing_inconsistent")]
)
def test_options_expire_on_fridays_at_eight(at: datetime, result: str) -> None:
    """Liquidations from 09:00 on fit an expiry on Friday and none on Thursday."""
    market = burst(at.replace(hour=9, minute=0))
    found = told("the options expiry", "options_expiry", market, published=at, hours=12)
    assert found.result == result, found.note


@pytest.mark.parametrize(
    ("words", "result"),
    [("bitcoin broke below $110,000", "consistent"), ("bitcoin broke below $95,000", "timing_inconsistent")],
)
def test_a_level_breaks_when_the_price_crosses_it(words: str, result: str) -> None:
    """Open above and low below it; a level far from all that was traded was not broken then."""
    assert told(words, "technical_level", Market(candle_rows=FALLING)).result == result


@pytest.mark.parametrize(("low", "result"), [(0.65, "consistent"), (0.999, "timing_inconsistent")])
def test_a_peg_is_lost_beyond_a_percent(low: float, result: str) -> None:
    """The stable coin's own candles tell."""
    coin = [
        Candle(ONE - timedelta(hours=n), 3600, "Binance", "Binance", "spot", "USDE", 1, 1, low, 1, 1e6, None)
        for n in range(1, 25)
    ]
    market = Market(candle_rows=[*FALLING, *coin])
    assert told("the USDE depeg", "oracle_depeg", market).result == result


def test_what_cannot_be_told_is_not_checkable() -> None:
    """Denied causes, no market, no time."""
    assert told("the move", "macro", Market(candle_rows=FALLING), role="denied").result == "not_checkable"
    assert told("the move", "macro", Market()).result == "not_checkable"
    doc = make_doc("the move.")
    cause = Cause(type="macro", role="trigger", text="the move", start=1, end=9)
    assert check_causes(doc, Extraction(id="doc", event=True, causes=(cause,)), (), None)[0].result == "not_checkable"
