"""What the venues' messages mean, by the shapes that their documents show: sides, prices, coins, dollars, refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.errors import MalformedMessage
from newsdetect.market.venues import binance, bybit, okx
from newsdetect.market.venues.contracts import Contracts, ContractSize, family, shipped
from newsdetect.market.venues.order import LiquidationOrder
from newsdetect.market.venues.symbols import Contract, contract

AT = 1_756_155_885_000
VENUES = (binance, bybit, okx)


def _binance(**changes: Any) -> str:
    order = {
        "s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC", "q": "0.020", "p": "9900", "ap": "9910", "X": "FILLED",
        "l": "0.014", "z": "0.014", "T": AT,
    } | changes  # fmt: skip
    return json.dumps({"e": "forceOrder", "E": AT + 5, "o": order})


def _bybit(*rows: Mapping[str, Any], symbol: str = "BTCUSDT") -> str:
    good = {"T": AT, "s": symbol, "S": "Sell", "v": "0.2", "p": "64321.5"}
    data = [good | row for row in rows or ({},)]
    return json.dumps({"topic": f"allLiquidation.{symbol}", "type": "snapshot", "ts": AT + 5, "data": data})


def _okx(*details: Mapping[str, Any], symbol: str = "XRP-USDT-SWAP") -> str:
    good = {"bkLoss": "0", "bkPx": "0.552", "ccy": "", "posSide": "short", "side": "buy", "sz": "39", "ts": str(AT)}
    kind = "SWAP" if symbol.endswith("SWAP") else "FUTURES"
    row = {"details": [good | one for one in details or ({},)], "instId": symbol, "instType": kind}
    return json.dumps({"arg": {"channel": "liquidation-orders", "instType": kind}, "data": [row]})


def _one(venue: ModuleType, message: str, contracts: Contracts | None = None) -> LiquidationOrder:
    parsed = venue.parse(message, contracts)
    assert parsed.rejected == ()
    [order] = parsed.orders
    return order


@pytest.mark.parametrize(
    ("venue", "message", "market", "asset", "side", "price", "quantity", "usd"),
    [
        (binance, _binance(), "usdm", "BTC", "long", 9910, 0.014, 0.014 * 9910),
        (binance, _binance(S="BUY"), "usdm", "BTC", "short", 9910, 0.014, 0.014 * 9910),
        (binance, _binance(s="BTCUSDT_261225"), "usdm", "BTC", "long", 9910, 0.014, 0.014 * 9910),
        (binance, _binance(s="1000PEPEUSDT", ap="0.01", z="500"), "usdm", "PEPE", "long", 1e-5, 5e5, 5),
        (binance, _binance(s="BTCUSD_PERP", ps="BTCUSD", z="3"), "coinm", "BTC", "long", 9910, 300 / 9910, 300),
        (binance, _binance(s="ETHUSD_261225", ps="ETHUSD", ap="2000", z="4"), "coinm", "ETH", "long", 2000, 0.02, 40),
        (bybit, _bybit(), "linear", "BTC", "short", 64321.5, 0.2, 0.2 * 64321.5),
        (bybit, _bybit({"S": "Buy"}), "linear", "BTC", "long", 64321.5, 0.2, 0.2 * 64321.5),
        (bybit, _bybit(symbol="BTCPERP"), "linear", "BTC", "short", 64321.5, 0.2, 0.2 * 64321.5),
        (bybit, _bybit(symbol="BTC-26DEC26"), "linear", "BTC", "short", 64321.5, 0.2, 0.2 * 64321.5),
        (bybit, _bybit({"v": "100", "p": "2"}, symbol="SHIB1000USDT"), "linear", "SHIB", "short", 0.002, 1e5, 200),
        (bybit, _bybit({"v": "500", "p": "50000"}, symbol="BTCUSD"), "inverse", "BTC", "short", 50000, 0.01, 500),
        (bybit, _bybit({"v": "500", "p": "50000"}, symbol="BTCUSDZ26"), "inverse", "BTC", "short", 50000, 0.01, 500),
        (okx, _okx(), "swap", "XRP", "short", 0.552, 3900, 3900 * 0.552),
        (okx, _okx({"posSide": "long", "side": "sell"}), "swap", "XRP", "long", 0.552, 3900, 3900 * 0.552),
        (okx, _okx({"posSide": "net", "side": "sell"}), "swap", "XRP", "long", 0.552, 3900, 3900 * 0.552),
        (okx, _okx({"bkPx": "50000", "sz": "2"}, symbol="BTC-USD-SWAP"), "swap", "BTC", "short", 50000, 0.004, 200),
        (okx, _okx({"bkPx": "50000"}, symbol="BTC-USDT-261225"), "futures", "BTC", "short", 50000, 0.39, 19500),
    ],
)  # fmt: skip
def test_an_order_means_what_its_venue_says(
    venue: ModuleType, message: str, market: str, asset: str, side: str, price: float, quantity: float, usd: float
) -> None:
    """Whose side the field names, what is counted and in what unit, differs by venue and market."""
    order = _one(venue, message)
    assert (order.venue, order.market, order.asset, order.side) == (venue.VENUE, market, asset, side)
    assert (order.price, order.quantity, order.usd) == pytest.approx((price, quantity, usd))
    assert order.price * order.quantity == pytest.approx(order.usd)
    assert order.time_ms == AT


@pytest.mark.parametrize(
    ("venue", "message", "reason"),
    [
        (binance, _binance(z="0"), "filled quantity (z) is zero: '0'"),
        (binance, _binance(z="-1"), "filled quantity (z) is negative: '-1'"),
        (binance, _binance(ap="NaN"), "average price (ap) is no finite number: 'NaN'"),
        (binance, _binance(ap=True), "average price (ap) is missing or no number: True"),
        (binance, _binance(ap="9.1e9"), "price is absurdly high: 9.1e+09"),
        (binance, _binance(z="1e9"), "order is absurdly large: 9.91e+12 USD"),
        (binance, _binance(S="sell"), "S is none of SELL, BUY: 'sell'"),
        (binance, _binance(T=AT // 1000), f"time (T) is not in milliseconds since 1970: {AT // 1000}"),
        (binance, _binance(T=AT * 1000), f"time (T) is not in milliseconds since 1970: {AT * 1000}"),
        (binance, _binance(T=str(AT) + ".5"), f"time (T) is missing or no whole number: '{AT}.5'"),
        (binance, _binance(s="ETHBTC"), "ETHBTC is not quoted in dollars: its value is not known"),
        (binance, _binance(s="NEWUSD_PERP"), "the contract size of NEWUSD is not known"),
        (binance, _binance(s="BTC\x1b[2J"), "s is no name: 'BTC\\x1b[2J'"),
        (bybit, _bybit({"v": None}), "executed size (v) is missing or no number: None"),
        (bybit, _bybit({"S": "Long"}), "S is none of Buy, Sell: 'Long'"),
        (okx, _okx({"sz": ""}), "size (sz) is no number: ''"),
        (okx, _okx({"posSide": "", "side": ""}), "side is none of sell, buy: ''"),
        (okx, _okx(symbol="NEW-USDT-SWAP"), "the contract size of NEW-USDT-SWAP is not known"),
        (okx, _okx(symbol="ETH-BTC-SWAP"), "ETH-BTC-SWAP is not quoted in dollars: its value is not known"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_by_name(venue: ModuleType, message: str, reason: str) -> None:
    """Field and value stand in the reason; no row becomes a zero."""
    parsed = venue.parse(message)
    assert (parsed.kind, parsed.orders, parsed.rejected) == ("orders", (), (reason,))


def test_a_bad_row_does_not_take_the_good_ones_with_it() -> None:
    """Of three rows the two good ones are orders."""
    parsed = bybit.parse(_bybit({}, {"v": "0"}, {"v": "0.3"}))
    assert [order.quantity for order in parsed.orders] == [0.2, 0.3]
    assert len(parsed.rejected) == 1


def test_twins_have_keys_of_their_own() -> None:
    """Ordinals count identical orders alone, in the order of the message."""
    parsed = bybit.parse(_bybit({}, {"v": "0.3"}, {}, {}))
    assert [order.ordinal for order in parsed.orders] == [0, 0, 1, 2]
    assert [order.key.rsplit("|", 1)[0] for order in parsed.orders].count(
        "Bybit|BTCUSDT|short|64321.5|0.2|" + str(AT)
    ) == 3
    assert len({order.key for order in parsed.orders}) == 4


@pytest.mark.parametrize(
    ("venue", "message", "kind", "detail"),
    [
        (binance, '{"result":null,"id":7}', "ack", "7"),
        (binance, '{"error":{"code":3,"msg":"Invalid JSON"},"id":1}', "error", "Invalid JSON"),
        (binance, '{"code":2,"msg":"Invalid request"}', "error", "Invalid request"),
        (binance, '{"e":"markPriceUpdate","s":"BTCUSDT"}', "other", "markPriceUpdate"),
        (bybit, '{"success":true,"ret_msg":"","op":"subscribe","req_id":"3"}', "ack", "3"),
        (bybit, '{"success":true,"ret_msg":"pong","conn_id":"x","op":"ping"}', "pong", ""),
        (bybit, '{"op":"pong","args":["1"]}', "pong", ""),
        (bybit, '{"success":false,"ret_msg":"error:handler not found","op":"subscribe"}', "error", "handler not found"),
        (bybit, '{"topic":"tickers.BTCUSDT","data":{}}', "other", "tickers.BTCUSDT"),
        (okx, "pong", "pong", ""),
        (okx, '{"event":"subscribe","arg":{"channel":"liquidation-orders","instType":"SWAP"}}', "ack", "SWAP"),
        (okx, '{"event":"error","code":"60012","msg":"Illegal request"}', "error", "60012: Illegal request"),
        (okx, '{"event":"notice","code":"64008"}', "other", "notice"),
    ],
)
def test_answers_are_told_apart(venue: ModuleType, message: str, kind: str, detail: str) -> None:
    """Acknowledgements, pongs, errors and other things are none of them orders, and keep the venue's words."""
    parsed = venue.parse(message)
    assert parsed.kind == kind
    assert detail in parsed.detail
    assert parsed.orders == ()


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize("message", ["", "{", "null", "17", "[]", "<html>403</html>", "[" * 50_000, "{}", b"\xff\xfe"])
def test_what_is_no_message_is_an_error_that_names_the_venue(venue: ModuleType, message: str | bytes) -> None:
    """A page, a torn or an empty message is malformed, never "nothing happened"."""
    with pytest.raises(MalformedMessage, match=venue.VENUE) as fault:
        venue.parse(message)
    assert fault.value.key == venue.VENUE


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["e", "o", "topic", "data", "arg", "event", "op", "details", "s", "id", "T"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(VENUES), _JSON)
def test_no_json_makes_a_parser_fail_otherwise(venue: ModuleType, said: Any) -> None:
    """Whatever comes is read, refused row by row, or malformed; a parser never fails of it."""
    try:
        parsed = venue.parse(json.dumps(said))
    except MalformedMessage:
        return
    assert all(order.usd > 0 for order in parsed.orders)


@given(st.sampled_from([_binance(), _bybit({}, {}), _okx({}, {})]), st.data())
def test_a_torn_message_is_malformed(message: str, data: st.DataObject) -> None:
    """A message that lost its end is no message."""
    cut = data.draw(st.integers(0, len(message) - 1))
    venue = {"e": binance, "t": bybit, "a": okx}[message[2]]
    with pytest.raises(MalformedMessage):
        venue.parse(message[:cut])


def test_combined_streams_and_lists_are_read() -> None:
    """Binance wraps an event in its stream's name, or tells several at once."""
    event = json.loads(_binance())
    assert len(binance.parse(json.dumps({"stream": "btcusdt@forceOrder", "data": event})).orders) == 1
    both = binance.parse(json.dumps([event, event]))
    assert [order.ordinal for order in both.orders] == [0, 1]


def test_contract_sizes_are_the_venues_own() -> None:
    """`ctVal` times `ctMult` in coins, or USD for an inverse contract; a row without a size stays unknown."""
    listed = {
        "code": "0",
        "data": [
            {"instId": "BTC-USDT-SWAP", "ctVal": "0.01", "ctMult": "1", "ctValCcy": "BTC"},
            {"instId": "NEW-USDT-SWAP", "ctVal": "10", "ctMult": "0.1", "ctValCcy": "NEW"},
            {"instId": "BTC-USD-SWAP", "ctVal": "100", "ctMult": "", "ctValCcy": "USD"},
            {"instId": "BAD-USDT-SWAP", "ctVal": "", "ctValCcy": "BAD"},
        ],
    }
    found = okx.contract_sizes(listed)
    assert found == {
        "BTC-USDT-SWAP": ContractSize(0.01, "coin"),
        "NEW-USDT-SWAP": ContractSize(1.0, "coin"),
        "BTC-USD-SWAP": ContractSize(100.0, "usd"),
    }
    table = shipped("OKX").updated(found)
    assert _one(okx, _okx({"sz": "3"}, symbol="NEW-USDT-SWAP"), table).quantity == 3
    assert Contracts.from_json(json.loads(json.dumps(table.as_json()))) == table
    coinm = binance.contract_sizes({"symbols": [{"symbol": "NEWUSD_PERP", "contractSize": 10}, {"symbol": "X"}]})
    assert coinm == {"NEWUSD_PERP": ContractSize(10.0, "usd")}


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        (okx.contract_sizes, {"code": "50011", "msg": "Too Many Requests", "data": []}),
        (okx.contract_sizes, []),
        (binance.contract_sizes, {"code": -1003, "msg": "Too many requests"}),
        (binance.contract_sizes, {"symbols": []}),
        (bybit.symbols_listed, {"retCode": 10006, "retMsg": "Too many visits!", "result": {}}),
        (bybit.symbols_listed, {"retCode": 0, "result": {"list": None}}),
        (bybit.symbols_listed, "down for maintenance"),
    ],
)
def test_a_list_with_a_broken_body_is_an_error(read: Any, answer: Any) -> None:
    """A 200 that lists nothing is never "no contracts"."""
    with pytest.raises(MalformedMessage):
        read(answer)


def test_symbols_tell_their_coin_and_quote() -> None:
    """Multiples are taken off, coins that begin with digits are left alone, a coin is no dollar."""
    assert contract("1INCHUSDT") == Contract("1INCH", "USDT")
    assert contract("1000000MOGUSDT") == Contract("MOG", "USDT", 1_000_000)
    assert contract("1MBABYDOGEUSDC") == Contract("BABYDOGE", "USDC", 1_000_000)
    assert contract("ETHBTC") is None
    assert contract("USDT") is None
    assert family("BTC-USD-261225") == "BTC-USD"


@pytest.mark.parametrize(
    ("venue", "symbol", "market"),
    [
        (binance, "BTCUSDT", "usdm"), (binance, "BTCUSD_PERP", "coinm"), (binance, "BTC-USDT-SWAP", None),
        (bybit, "BTCUSDT", "linear"), (bybit, "BTCUSD", "inverse"), (bybit, "btcusdt", None),
        (okx, "BTC-USDT-SWAP", "swap"), (okx, "BTC-USD-261225", "futures"), (okx, "BTCUSDT", None),
    ],
)  # fmt: skip
def test_a_symbol_tells_its_market(venue: ModuleType, symbol: str, market: str | None) -> None:
    """By its form alone, so that symbols can be picked before any list is had."""
    assert venue.market_of(symbol) == market


def test_subscriptions_name_every_symbol_once() -> None:
    """Requests stay within what a venue takes at once; without symbols Binance and OKX tell everything."""
    symbols = [f"C{number}USDT" for number in range(450)]
    params = [json.loads(text)["params"] for text in binance.subscriptions(symbols)]
    assert [len(each) for each in params] == [200, 200, 50]
    assert [one for each in params for one in each] == [f"{symbol.lower()}@forceOrder" for symbol in symbols]
    assert json.loads(binance.subscriptions()[0])["params"] == ["!forceOrder@arr"]
    assert [json.loads(text)["args"][0]["instType"] for text in okx.subscriptions()] == ["SWAP", "FUTURES"]
    topics = [arg for text in bybit.subscriptions(symbols) for arg in json.loads(text)["args"]]
    assert topics == [f"allLiquidation.{symbol}" for symbol in symbols]
