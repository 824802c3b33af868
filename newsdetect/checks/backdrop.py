"""What a document's causes are held against: its liquidations' time and side, when they set in, how prices went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsdetect.checks.check import Check
from newsdetect.checks.holdings import MARKET_COINS, Holdings
from newsdetect.checks.onset import Onset, find_onset
from newsdetect.checks.prices import Move, moves
from newsdetect.checks.tuning import checks_data
from newsdetect.claims.claim import Cause, Claim, Extraction
from newsdetect.claims.entities import find_assets
from newsdetect.market.columns import candle_series
from newsdetect.market.provider import Candle, MarketData
from newsdetect.market.totals import totals_of
from newsdetect.types import ALL, Period, Side

_SIDES: tuple[Side, ...] = ("long", "short")


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The liquidations that a document explains: when, which side, when they set in, how prices went."""

    window: Period
    side: Side
    onset: Onset | None
    moved: tuple[Move, ...]
    #: From when on a trigger may lie to the window's end; of the coins moved and the stable coins named.
    candles: tuple[Candle, ...]

    @property
    def began(self) -> Period:
        """When they set in, as narrowly as it is known."""
        return Period(start=self.onset.first, end=self.onset.last) if self.onset is not None else self.window


def find_backdrop(extraction: Extraction, checks: Sequence[Check], market: MarketData | None) -> Backdrop | None:
    """Take the largest asserted amount whose time was found as what is explained; None where there is none."""
    longest = checks_data("causes")["timing"]["longest_window_hours"]
    found = {check.claim_id: check for check in checks}
    told = [
        (claim, found[claim.id].window)
        for claim in extraction.claims
        if claim.status == "asserted" and claim.metric == "liquidations" and claim.id in found
    ]
    timed = [(claim, window) for claim, window in told if window is not None and window.hours <= longest]
    if market is None or not timed:
        return None
    _, window = max(timed, key=lambda one: (one[0].unit == "USD", one[0].value))
    side = _side([claim for claim, _ in timed])
    coins = dict.fromkeys([*MARKET_COINS, *(claim.asset for claim, _ in timed if claim.asset != ALL)])
    stable = {coin for cause in extraction.causes for coin in stable_coins(cause)}
    # Each kind is read once: what an onset is told from reaches further back than a trigger may lie.
    data = checks_data("causes")
    quiet = window.start - timedelta(hours=data["onset"]["trailing_hours"])
    trigger = window.start - timedelta(hours=data["timing"]["lag_hours"])
    prints, bars = market.prints(quiet, window.end), market.bars(quiet, window.end)
    candles = tuple(market.candles(trigger, window.end, assets=sorted({*coins, *stable})))
    # How prices went is all that is asked of them.
    held = Holdings(trigger, window.end, totals_of(prints), (), (), (), candle_series(candles))
    moved = tuple(move for coin in coins for move in moves(held, window, coin))
    return Backdrop(window, side, find_onset(prints, bars, window), moved, candles)


def _side(claims: Sequence[Claim]) -> Side:
    """Tell which side lost more, where the claims leave no doubt."""
    lost = {side: max((c.value for c in claims if c.side == side and c.unit == "USD"), default=0.0) for side in _SIDES}
    if lost["long"] > 1.5 * lost["short"]:
        return "long"
    return "short" if lost["short"] > 1.5 * lost["long"] else "both"


def stable_coins(cause: Cause) -> list[str]:
    """Give the stable coins that the words of a cause for a lost peg name."""
    if cause.type != "oracle_depeg":
        return []
    words = {mention.value.upper() for mention in find_assets(cause.text)} | set(cause.text.upper().split())
    return [coin for coin in checks_data("causes")["depeg"]["coins"] if coin in words]
