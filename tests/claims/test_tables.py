"""Tables and lists run into one line: totals with a share beside them, coins that no list has, names dealt in turn."""

from __future__ import annotations

import pytest

from tests.claims.builders import claims_of

DAY = "Liquidations of the past 24 hours: "


@pytest.mark.parametrize(
    "table",
    [
        "Coin Total Liquidated Long Liquidations (%) BTC $41.2 million 88.1% ETH $30.5 million 64.2%",
        "Asset Liquidations Percentage of Long Positions Liquidated BTC $41.2 million 88.1% Long ETH $30.5 million 64%",
        "Token Total Side Share of Total BTC $41.2 million Long 88% ETH $30.5 million Long 64%",
        "Coin | Total | Long % BTC | $41.2 million | 88% ETH | $30.5 million | 64%",
        "Cryptocurrency Amount Shorts Share BTC $41.2M 71% Short ETH $30.5M 59% Short",
        "Name Sum Proportion of Shorts BTC $41.2 million – 71% shorts ETH $30.5 million – 59% shorts",
    ],
)
def test_a_total_beside_a_share_has_no_side(table: str) -> None:
    """The column of shares tells how much of each total one side was."""
    found = claims_of(DAY + table)
    assert {claim.asset: claim.side for claim in found.values()} == {"BTC": "both", "ETH": "both"}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Shorts: $41.2 million (71%), longs: $16.8 million (29%) liquidated in a day.", "short"),
        ("In a day $41.2 million of longs (71%) was liquidated.", "long"),
        ("Liquidations hit $41.2 million, with a clear majority being “long” positions.", "both"),
    ],
)
def test_a_sides_own_sum_may_have_its_share_told(text: str, side: str) -> None:
    """A share in brackets behind a side's own figure takes nothing from it."""
    assert next(claim.side for claim in claims_of(text).values() if claim.value == 41_200_000) == side


def test_a_row_may_be_of_a_coin_no_list_has() -> None:
    """Capitals in a table's row, or in brackets behind a name, are a ticker; a column's or a fund's are none."""
    found = claims_of(DAY + "BTC $41.2 million 88.1% QUOKKA $9.1 million 52% TOTAL $50.3 million 81%")
    assert found["$9.1 million"].asset == "QUOKKA"
    assert found["$50.3 million"].asset == "ALL"
    named = claims_of("Liquidations by coin: Bitcoin (BTC): $41.2 million, Quokka (QUOKKA): $9.1 million.")
    assert named["$9.1 million"].asset == "QUOKKA"


def test_coins_told_of_a_liquidation_are_dealt_their_worth() -> None:
    """What a liquidated sum is said to include was liquidated too, each coin at its own worth."""
    found = claims_of(
        "The wallet was liquidated for $30 million. It included 900 vETH and 40 wBTC worth $2.1 million and"
        " $4.2 million, respectively."
    )
    assert found["900 vETH"].asset == "vETH"
    assert (found["$2.1 million"].asset, found["$4.2 million"].asset) == ("vETH", "WBTC")


@pytest.mark.parametrize("figure", ["$500+ million", "$500-plus million", "$500+M"])
def test_a_plus_may_stand_inside_a_figure(figure: str) -> None:
    """The plus says at least, wherever it stands."""
    (claim,) = claims_of(f"Another {figure} in liquidations hit the market today.").values()
    assert (claim.value, claim.hedge) == (500_000_000, "at_least")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ether saw the largest individual liquidation volume at $41 million in a day.", "liquidations"),
        ("Ether had the highest total liquidation amount of $41 million in a day.", "liquidations"),
        ("Longs were liquidated. The largest individual liquidation was worth $41 million.", "largest_liquidation"),
    ],
)
def test_a_coins_largest_total_is_no_single_order(text: str, value: str) -> None:
    """The largest volume is one coin's sum; the largest liquidation one order."""
    assert claims_of(text)["$41 million"].metric == value


@pytest.mark.parametrize(
    "text",
    [
        "$90,000 bitcoin at risk as $700 million liquidation wave hits the market",
        "Bitcoin faces potential swings as crypto liquidations exceed $700 million",
        "Traders expected to stay away amid $700 million in liquidations across the market",
    ],
)
def test_what_is_feared_is_not_what_happened(text: str) -> None:
    """Liquidations for which a coin is feared are a fact, and the market's."""
    claim = claims_of(text)["$700 million"]
    assert (claim.status, claim.asset) == ("asserted", "ALL")


@pytest.mark.parametrize(
    ("text", "evidence", "status"),
    [
        ("Daily liquidations have gone past $350 million.", "$350 million", "asserted"),
        (
            "In contrast, bulls only saw $51 million in liquidations Options volumes rose too.",
            "$51 million",
            "asserted",
        ),
        (
            "Over $1 billion in longs was liquidated, including a $200 million loss on Bybit.",
            "$200 million",
            "asserted",
        ),
        ("A drained lender leaves $55M worth of NFTs at risk of liquidation.", "$55M", "hypothetical"),
        ("A forced liquidation would have dumped 1,000 BTC on the market.", "1,000 BTC", "hypothetical"),
    ],
)
def test_a_figure_said_to_be_liquidated_is_one(text: str, evidence: str, status: str) -> None:
    """What is said outright counts, whatever other words of money stand near."""
    assert claims_of(text)[evidence].status == status


def test_a_fund_that_sells_shares_liquidates_no_positions() -> None:
    """A holder's shares are his own."""
    assert not claims_of("The board reported that it liquidated all 6,000,000 of its IBIT shares worth $3.7 billion.")
