"""A figure that is said of each of several things is a claim of each."""

from __future__ import annotations

import pytest

from newsdetect.claims.claim import Claim
from newsdetect.claims.extract import extract
from tests.claims.builders import make_doc


def all_claims(text: str) -> tuple[Claim, ...]:
    return extract(make_doc(text)).claims


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("XRP, SOL and DOGE longs lost about $18 million each in liquidations.", "asset", ["XRP", "SOL", "DOGE"]),
        ("Bitcoin and ether shorts, at $113 million apiece, led the liquidations.", "asset", ["BTC", "ETH"]),
        ("Solana (SOL) and XRP (XRP) each saw over $22 million in liquidations.", "asset", ["SOL", "XRP"]),
        ("Some $50 million each in bitcoin and ether shorts was liquidated.", "asset", ["BTC", "ETH"]),
        ("Some $30 million in bitcoin and ether shorts each was liquidated.", "asset", ["BTC", "ETH"]),
        ("Some $30 million was liquidated in each of BTC and ETH.", "asset", ["BTC", "ETH"]),
        ("A sell-off cost FTX and OKX users $91 million each in liquidations.", "venue", ["FTX", "OKX"]),
        (
            "Binance, Bybit and OKX each accounting for $40 million of liquidations.",
            "venue",
            ["Binance", "Bybit", "OKX"],
        ),
        ("Each of Binance and OKX saw $30 million in liquidations.", "venue", ["Binance", "OKX"]),
        ("Binance and OKX both saw $30 million in liquidations.", "venue", ["Binance", "OKX"]),
        ("Longs and shorts lost $164 million each in liquidations.", "side", ["long", "short"]),
        ("Some $30 million was liquidated on each side.", "side", ["long", "short"]),
    ],
)
def test_a_figure_said_of_each_is_a_claim_of_each(text, field, values):
    claims = all_claims(text)
    assert [getattr(claim, field) for claim in claims] == values
    assert len({claim.value for claim in claims}) == 1
    assert len({claim.id for claim in claims}) == len(values)
    assert all(f"{field}.each" in claim.rules for claim in claims)


@pytest.mark.parametrize(
    "text",
    [
        "Binance and OKX had a combined $90 million in liquidations, each in the last hour.",
        "Bitcoin and ether longs worth $200 million were liquidated, and each closure pushed the price.",
        "Four accounts had more than $1 million each liquidated.",
        "Over $200 million in both long and short positions was liquidated.",
        "Bitcoin fell. Some $30 million was liquidated on each side of the deal.",
    ],
)
def test_what_several_have_together_is_one_claim(text):
    assert len(all_claims(text)) == 1


def test_a_sum_for_each_does_not_reach_over_another_figure():
    claims = all_claims("BTC and ETH traders lost $120 million and $80 million in liquidations, each within an hour.")
    assert [(claim.value, claim.asset) for claim in claims] == [(120e6, "BTC"), (80e6, "ETH")]
