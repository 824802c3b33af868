"""The made-up exchange speaks as the venues do: the shapes of their documents, to whom they would tell."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import connect

from tests.market.exchange.candles import serve_binance, serve_bybit, serve_coinbase, serve_okx
from tests.market.exchange.links import Refusal
from tests.market.exchange.orders import FEEDS, INSTRUMENTS, Order, orders, row
from tests.market.exchange.rest import FIREWALL, PAGE, limited, rest
from tests.market.exchange.sockets import exchange
from tests.market.exchange.tape import candle
from tests.market.exchange.vendors import KEY, serve_coinalyze, serve_coinglass
from tests.market.exchange.wires import wire

START_MS = 1_764_000_000_000
NOW = START_MS + 40 * 3_600_000
SUBSCRIBE = {
    "Bybit linear": {
        "op": "subscribe",
        "args": ["allLiquidation.BTCUSDT", "allLiquidation.ETHUSDT", "allLiquidation.XRPUSDT"],
    },
    "Bybit inverse": {"op": "subscribe", "args": ["allLiquidation.BTCUSD"]},
    "OKX swap": {"op": "subscribe", "args": [{"channel": "liquidation-orders", "instType": "SWAP"}]},
}


def _ask(url: str, **headers: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
        return json.load(answer)


def test_a_binance_message_is_the_one_of_the_documents() -> None:
    """A liquidated long is an order SELL; `ap` and `z` are what was filled."""
    of = next(one for one in INSTRUMENTS if one.symbol == "BTCUSDT" and one.venue == "Binance")
    [(topic, text)] = wire("Binance usdm").messages(
        [Order(of, "long", "9910", "0.014", 1568014460893)], batch=1, now_ms=7
    )
    assert topic == "btcusdt@forceorder"
    assert json.loads(text) == {
        "e": "forceOrder", "E": 7, "o": {"s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC", "q": "0.014",
        "p": "9870", "ap": "9910", "X": "FILLED", "l": "0.014", "z": "0.014", "T": 1568014460893},
    }  # fmt: skip


def test_inverse_contracts_are_told_in_contracts_and_held_in_coins() -> None:
    """Seven contracts of 100 USD at 70,000 are 700 USD and a hundredth of a bitcoin."""
    of = next(one for one in INSTRUMENTS if one.symbol == "BTCUSD_PERP")
    held = row(Order(of, "short", "70000", "7", START_MS))
    assert (held.usd, held.quantity, held.side) == (700, 0.01, "short")


@pytest.mark.parametrize("feed", FEEDS)
def test_orders_reach_whom_they_were_asked_for_by(feed: str) -> None:
    """Each feed tells all its orders to one that subscribed to them."""
    told = orders(feed, 40, start_ms=START_MS)
    with exchange(feed) as venue:
        path = venue.wire.path + ("/ws/!forceOrder@arr" if "Binance" in feed else "")
        with connect(venue.url + path) as client:
            if feed in SUBSCRIBE:
                client.send(json.dumps(SUBSCRIBE[feed]))
                client.recv(timeout=20)
            venue.tell(told, batch=1)
            seen = [client.recv(timeout=20) for _ in told]
    assert all(any(order.price in text and str(order.time_ms) in text for text in seen) for order in told)
    assert venue.told == told
    assert venue.withheld == []


def test_binances_old_address_takes_a_subscription_and_stays_silent() -> None:
    """Since April 2026 `/ws` shakes hands, acknowledges and tells nothing."""
    with exchange("Binance usdm") as venue, connect(f"{venue.url}/ws/!forceOrder@arr") as client:
        client.send('{"method":"SUBSCRIBE","params":["btcusdt@forceOrder"],"id":1}')
        assert json.loads(client.recv(timeout=20)) == {"result": None, "id": 1}
        venue.tell(orders("Binance usdm", 3, start_ms=START_MS))
        assert len(venue.withheld) == 3


def test_a_reset_and_an_orderly_end_look_different() -> None:
    """A reset loses the connection without a close frame."""
    with exchange("OKX swap") as venue:
        for end, fault in ((venue.reset, ConnectionClosedError), (lambda: venue.close(1000), ConnectionClosedOK)):
            with connect(f"{venue.url}/ws/v5/public") as client:
                client.send(json.dumps(SUBSCRIBE["OKX swap"]))
                client.recv(timeout=20)
                end()
                with pytest.raises(fault):
                    client.recv(timeout=20)


@pytest.mark.parametrize("status", [200, 403, 418, 429, 451])
def test_a_refused_handshake_is_an_http_answer(status: int) -> None:
    """A refusal brings its status and headers and takes one turn."""
    with exchange("Bybit linear") as venue:
        venue.turns.append(Refusal(status, b"<html>", (("Retry-After", "7"),)))
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{venue.url}/v5/public/linear").__enter__()
        assert refused.value.response.status_code == status
        assert refused.value.response.headers["Retry-After"] == "7"
        with connect(f"{venue.url}/v5/public/linear"):
            pass


def test_candle_pages_come_in_each_venues_order() -> None:
    """Binance tells oldest first, the others newest first; all tell of the same path."""
    start, end = START_MS, START_MS + 3 * 3_600_000
    first = candle("BTC", START_MS, 3600)
    with rest() as host:
        serve_binance(host, now_ms=lambda: NOW)
        serve_bybit(host, now_ms=lambda: NOW)
        serve_okx(host, now_ms=lambda: NOW)
        serve_coinbase(host, now_ms=lambda: NOW)
        binance = _ask(f"{host.url}/fapi/v1/klines?symbol=BTCUSDT&interval=1h&startTime={start}&endTime={end}")
        bybit = _ask(f"{host.url}/v5/market/kline?category=linear&symbol=BTCUSDT&interval=60&start={start}&end={end}")
        okx = _ask(f"{host.url}/api/v5/market/candles?instId=BTC-USDT-SWAP&bar=1H&before={start - 1}&after={end + 1}")
        coinbase = _ask(
            f"{host.url}/api/v3/brokerage/market/products/BTC-USD/candles"
            f"?start={start // 1000}&end={end // 1000}&granularity=ONE_HOUR"
        )
    hours = [start + hour * 3_600_000 for hour in range(4)]
    assert [each[0] for each in binance] == hours
    assert [int(each[0]) for each in bybit["result"]["list"]] == hours[::-1]
    assert [int(each[0]) for each in okx["data"]] == hours[::-1]
    assert [int(each["start"]) * 1000 for each in coinbase["candles"]] == hours[::-1]
    assert binance[0][1:6] == [str(each) for each in (first.open, first.high, first.low, first.close, first.volume)]


def test_vendors_ask_for_their_key_and_their_unit_of_time() -> None:
    """CoinGlass tells a bad key in a 200; Coinalyze answers 401, and [] to milliseconds."""
    with rest() as host:
        serve_coinglass(host, now_ms=lambda: NOW)
        serve_coinalyze(host, now_ms=lambda: NOW)
        glass = (
            f"{host.url}/api/futures/liquidation/aggregated-history?exchange_list=Binance,OKX&symbol=BTC&interval=1h"
        )
        assert _ask(glass)["code"] == "30001"
        told = _ask(f"{glass}&start_time={START_MS}&end_time={START_MS + 7_200_000}", **{"CG-API-KEY": KEY})
        assert (told["code"], len(told["data"])) == ("0", 3)
        lyze = f"{host.url}/v1/liquidation-history?symbols=BTCUSDT_PERP.A&interval=1hour&convert_to_usd=true"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            _ask(f"{lyze}&from=0&to=1")
        assert _ask(f"{lyze}&from={START_MS}&to={START_MS + 7_200_000}", api_key=KEY) == []
        seconds = _ask(f"{lyze}&from={START_MS // 1000}&to={START_MS // 1000 + 7200}", api_key=KEY)
        assert [len(each["history"]) for each in seconds] == [3]


def test_a_fault_is_spent_by_one_request() -> None:
    """A 403, a 429 and a 200 with a page come in turn; then the service is well."""
    with rest() as host:
        serve_binance(host, now_ms=lambda: NOW)
        host.turns.extend([FIREWALL, limited(3), PAGE])
        url = f"{host.url}/fapi/v1/time"
        for status in ("403", "429"):
            with pytest.raises(urllib.error.HTTPError, match=status):
                _ask(url)
        with pytest.raises(ValueError, match="Expecting value"):
            _ask(url)
        assert _ask(url) == {"serverTime": NOW}
