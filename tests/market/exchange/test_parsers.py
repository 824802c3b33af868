"""The package's parsers read what the made-up exchange writes: two writings of each venue's rules, held together."""

from __future__ import annotations

from types import ModuleType

import pytest

from newsdetect.market.venues import binance, bybit, okx
from newsdetect.market.venues.contracts import Contracts
from newsdetect.market.venues.order import LiquidationOrder
from tests.market.exchange.contracts import binance_info, okx_symbol
from tests.market.exchange.orders import FEEDS, Order, Row, instruments, orders, rounded, rows
from tests.market.exchange.wires import wire

START_MS = 1_764_000_000_000
PARSERS: dict[str, ModuleType] = {"Binance": binance, "Bybit": bybit, "OKX": okx}


def _sizes(feed: str) -> Contracts | None:
    """Give contract sizes as the venue's own list tells them."""
    if feed == "Binance coinm":
        return Contracts(binance.contract_sizes(binance_info("/dapi/v1", START_MS)))
    if feed == "OKX swap":
        listed = {"code": "0", "msg": "", "data": [okx_symbol(one, "SWAP") for one in instruments(feed)]}
        return Contracts(okx.contract_sizes(listed))
    return None


def _read(feed: str, told: list[Order], batch: int) -> list[LiquidationOrder]:
    venue = PARSERS[feed.split(maxsplit=1)[0]]
    messages = wire(feed).messages(told, batch=batch, now_ms=START_MS)
    return [order for _, text in messages for order in venue.parse(text, _sizes(feed)).orders]


def _row(one: LiquidationOrder) -> Row:
    numbers = (rounded(one.price), rounded(one.quantity), rounded(one.usd))
    return Row(one.time_ms, one.venue, one.symbol, one.asset, one.side, *numbers)


@pytest.mark.parametrize("batch", [1, 17])
@pytest.mark.parametrize("feed", FEEDS)
def test_each_order_is_read_as_it_was_meant(feed: str, batch: int) -> None:
    """Side, price, coins and dollars of every order come out, however they are batched."""
    told = orders(feed, 200, start_ms=START_MS, step_ms=7)
    assert sorted(map(_row, _read(feed, told, batch))) == rows(told)


@pytest.mark.parametrize("feed", ["Bybit linear", "Bybit inverse", "OKX swap"])
def test_twins_of_one_message_are_two_orders(feed: str) -> None:
    """Identical rows of one message differ in their key; the same message again has the same keys."""
    [one] = orders(feed, 1, start_ms=START_MS)
    first, again = _read(feed, [one, one, one], 3), _read(feed, [one, one, one], 3)
    assert len({each.key for each in first}) == 3
    assert [each.key for each in again] == [each.key for each in first]


@pytest.mark.parametrize("feed", FEEDS)
def test_answers_are_no_orders(feed: str) -> None:
    """What follows on a subscription and on a ping is told apart from orders."""
    venue, speaks = PARSERS[feed.split(maxsplit=1)[0]], wire(feed)
    symbols = [one.symbol for one in instruments(feed)]
    for asked in venue.subscriptions(symbols):
        answers, topics = speaks.answer(asked)
        assert topics
        assert {venue.parse(each).kind for each in answers} == {"ack"}
    if venue.ping() is not None:
        [pong], _ = speaks.answer(venue.ping())
        assert venue.parse(pong).kind == "pong"


@pytest.mark.parametrize(
    ("feed", "asked"),
    [
        ("Binance usdm", '{"method":"SUBSCRYBE","params":["btcusdt@forceOrder"],"id":1}'),
        ("Bybit linear", '{"op":"subscribe","args":["liquidation.BTCUSDT"]}'),
        ("OKX swap", '{"op":"subscribe","args":[{"channel":"liquidation-order","instType":"SWAP"}]}'),
    ],
)
def test_a_refused_subscription_is_an_error(feed: str, asked: str) -> None:
    """A venue that takes no subscription says so, and the parser hears it."""
    [answer], topics = wire(feed).answer(asked)
    assert topics == set()
    assert PARSERS[feed.split(maxsplit=1)[0]].parse(answer).kind == "error"
