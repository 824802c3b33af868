"""What a figure says by itself, and what it has from the sentences around it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsdetect.claims.claim import Claim
from newsdetect.types import Window
from tests.claims.builders import claims_of

DAY = Window(hours=24)


def meaning(claim: Claim) -> tuple[str, str, str]:
    return claim.side, claim.asset, claim.venue


def test_a_window_is_carried_to_the_next_sentence() -> None:
    """A figure without a time has that of the sentence before it."""
    found = claims_of("Some $311 million was liquidated over the past 24 hours. Longs made up $245 million of that.")
    assert found["$245 million"].window == DAY


def test_a_window_is_carried_back_to_the_sentence_before() -> None:
    """A figure whose time is only told behind it has that one."""
    found = claims_of("Longs worth $245 million were liquidated. The liquidations took place within the past hour.")
    assert found["$245 million"].window == Window(hours=1)


def test_a_vague_time_is_not_overruled_by_another_sentence() -> None:
    """`Overnight` settles nothing, and says that the other figure's time is not this one's."""
    found = claims_of("Overnight, $80 million was liquidated. Over the past week $900 million was liquidated.")
    assert found["$80 million"].window is None
    assert found["$900 million"].window == Window(hours=168)


def test_the_trailing_day_goes_before_a_weekday_from_elsewhere() -> None:
    """A story that measures by 24 hours means them, though its first sentence names the day of the move."""
    found = claims_of(
        "Bitcoin slid on Tuesday. Longs worth $245 million were liquidated.\n"
        "In all, $311 million was liquidated in the past 24 hours."
    )
    assert found["$245 million"].window == DAY


def test_a_list_inherits_from_the_sentence_that_opens_it() -> None:
    """The rows of a list have the time and the source of their opener, and each its own coin."""
    found = claims_of(
        "According to CoinGlass, liquidations over the past 24 hours came to $806 million:\n"
        "- Bitcoin: $268 million\n- Ether: $263 million\n- Solana: $41 million"
    )
    rows = [found[text] for text in ("$268 million", "$263 million", "$41 million")]
    assert [claim.asset for claim in rows] == ["BTC", "ETH", "SOL"]
    assert {claim.attributed_to for claim in rows} == {"CoinGlass"}
    assert all(claim.window == DAY for claim in rows)


def test_rows_of_venues_are_read_in_turn() -> None:
    """Names in front of a run of figures are dealt out to them in their order."""
    found = claims_of("OKX and Bybit followed with $79 million and $52 million liquidated, respectively.")
    assert [found[text].venue for text in ("$79 million", "$52 million")] == ["OKX", "Bybit"]


def test_a_part_has_its_totals_coin_and_venue() -> None:
    """The longs of a coin's or a venue's total are that coin's and that venue's."""
    found = claims_of("Ether saw $34 million liquidated, $28 million from longs and $6 million from shorts.")
    assert [meaning(found[text]) for text in ("$28 million", "$6 million")] == [
        ("long", "ETH", "ALL"),
        ("short", "ETH", "ALL"),
    ]
    found = claims_of("Binance saw $235 million in liquidations, with $62 million coming from long positions.")
    assert meaning(found["$62 million"]) == ("long", "ALL", "Binance")


def test_sides_that_add_up_share_what_their_total_says() -> None:
    """Longs and shorts that sum to a coin's figure are of that coin, wherever they stand."""
    found = claims_of(
        "Bitcoin liquidations came to $209 million, $0.4 million of it on futures.\n"
        "Long positions were hardest hit, accounting for $184 million, compared to $25 million in short liquidations."
    )
    assert found["$184 million"].asset == found["$25 million"].asset == "BTC"


def test_a_share_gives_a_figure_no_side() -> None:
    """A total of which most were longs is a total."""
    found = claims_of("Bybit recorded $109 million in liquidations, 72% of them longs.")
    assert meaning(found["$109 million"]) == ("both", "ALL", "Bybit")


def test_coins_and_their_worth_are_two_claims() -> None:
    """A liquidated amount of coins and its worth in dollars are both given, with one meaning."""
    found = claims_of("A long position of 9,080 ETH, worth $39.6 million, was liquidated on Hyperliquid on Monday.")
    coins, worth = found["9,080 ETH"], found["$39.6 million"]
    assert (coins.unit, worth.unit) == ("ETH", "USD")
    assert meaning(coins) == meaning(worth) == ("long", "ETH", "Hyperliquid")


def test_the_largest_order_is_a_metric_of_its_own() -> None:
    """The largest order has its pair and venue, and is not counted again as liquidations."""
    found = claims_of(
        "Liquidations came to $95 million. The largest single order happened on OKX - ETH-USDT-SWAP with a value of"
        " $4.07 million. Ether had a single $4.07 million liquidation."
    )
    order = found["$4.07 million"]
    assert (order.metric, order.asset, order.venue) == ("largest_liquidation", "ETH", "OKX")
    assert len(found) == 2


@pytest.mark.parametrize("count", ["132,800 traders", "132,800 accounts", "132,800 crypto traders"])
def test_counts_are_of_traders(count: str) -> None:
    """A count of traders has the unit traders, and no money's side."""
    claim = claims_of(f"In the past 24 hours, {count} were liquidated.")["132,800"]
    assert (claim.metric, claim.unit, claim.value, claim.window) == ("traders_liquidated", "traders", 132_800, DAY)


def test_a_range_has_its_midpoint_and_its_ends() -> None:
    """A range is one claim between its ends."""
    (claim,) = claims_of("Between $300 and $350 million in longs were liquidated.").values()
    assert (claim.low, claim.value, claim.high) == (300e6, 325e6, 350e6)


def test_a_chart_caption_names_the_source_of_the_figure_before_it() -> None:
    """`Source: CoinGlass` under a figure is its attribution."""
    found = claims_of("Longs worth $245 million were liquidated. Liquidation chart. Source: CoinGlass")
    assert found["$245 million"].attributed_to == "CoinGlass"


def test_a_date_needs_the_publication() -> None:
    """Without a publication time a weekday settles no window; a length needs none."""
    text = "Some $80 million was liquidated on Monday. Longs worth $30 million were liquidated within an hour."
    found = claims_of(text, published=None)
    assert found["$80 million"].window is None
    assert found["$30 million"].window == Window(hours=1)


def test_the_market_keeps_its_figure_in_a_story_of_one_coin() -> None:
    """A sentence about the whole market is not given the headline's coin."""
    found = claims_of("Across the crypto market $60 million was liquidated.", title="XRP longs get wiped in a day")
    assert found["$60 million"].asset == "ALL"


def test_one_traders_figure_has_what_the_story_says_of_the_bet() -> None:
    """A trader's liquidation is of the coin, side and venue that the whole story tells of the position."""
    text = (
        "The trader held a 40x long on Bitcoin, all of it on Hyperliquid.\n"
        "On Monday the trader was liquidated for $25 million."
    )
    assert meaning(claims_of(text)["$25 million"]) == ("long", "BTC", "Hyperliquid")


def test_a_markets_figure_has_nothing_of_a_traders_bet() -> None:
    """The market's total beside a trader's story stays the market's."""
    text = (
        "The trader held a 40x long on Bitcoin, all of it on Hyperliquid.\n"
        "Across the market $825 million was liquidated within 24 hours."
    )
    assert meaning(claims_of(text)["$825 million"]) == ("both", "ALL", "ALL")


def test_a_day_is_settled_by_pointing_back() -> None:
    """Words like "that day" and "on the day" mean the day named last; "on the 5th" falls in the last month named."""
    monday = Window(start=datetime(2025, 7, 14, tzinfo=UTC), end=datetime(2025, 7, 15, tzinfo=UTC))
    found = claims_of("Bitcoin broke down on Monday. Exchanges liquidated $80 million of longs that day.")
    assert found["$80 million"].window == monday
    found = claims_of("Bitcoin broke down on Monday. It saw $70 million in liquidations on the day.")
    assert found["$70 million"].window == monday
    found = claims_of("It fell all through June 2025. On the 5th, $60 million in longs was liquidated.")
    assert found["$60 million"].window == Window(
        start=datetime(2025, 6, 5, tzinfo=UTC), end=datetime(2025, 6, 6, tzinfo=UTC)
    )


def test_hours_count_before_the_day_they_lie_in() -> None:
    """A figure told of an hour on a named day is the hour's; "in one day" adds nothing to the day named."""
    found = claims_of("The fall on Monday liquidated $30 million in longs within one hour.")
    assert found["$30 million"].window == Window(hours=1)


def test_the_moves_time_is_the_figures() -> None:
    """Where no figure tells a time, the market's move a few sentences before does; one trader's has none of it."""
    text = "Bitcoin fell 6% in two hours. Ether fared no better. Longs of $40 million were liquidated."
    assert claims_of(text)["$40 million"].window == Window(hours=2)
    trader = "Traders lost $90 million to liquidations in 24 hours. A whale was liquidated for $4 million of SOL."
    assert claims_of(trader)["$4 million"].window is None


def test_a_list_has_the_time_of_the_sentence_above_it() -> None:
    """An introduction that ends in a colon tells the time of the rows below it."""
    text = (
        "Here are the liquidations of the past 24 hours:\n- BTC: $12 million liquidated\n- ETH: $9 million liquidated"
    )
    assert claims_of(text)["$9 million"].window == DAY


@pytest.mark.parametrize("space", ["\u00a0", "\u2002", "\t"])
def test_a_name_is_known_by_any_white_space(space: str) -> None:
    """Names of several words are read whatever white space the page put between them."""
    found = claims_of(f"Coin{space}Glass counts $40 million of Binance{space}Coin longs liquidated on OKX.")[
        "$40 million"
    ]
    assert (found.asset, found.venue, found.attributed_to) == ("BNB", "OKX", "CoinGlass")
    assert f"5,000 Binance{space}Coin" in claims_of(f"Longs were liquidated for 5,000 Binance{space}Coin.")


@pytest.mark.parametrize(("name", "coin"), [("RLUSD", "ALL"), ("PYUSD", "ALL"), ("WIFUSD", "WIF"), ("ABCUSDT", "ABC")])
def test_a_stablecoins_name_is_no_pair(name: str, coin: str) -> None:
    """A contract names its coin before the currency; a stablecoin's name ends in one too and is no such coin."""
    assert claims_of(f"Some $40 million of {name} longs were liquidated.")["$40 million"].asset == coin
