"""One ticker a coin: other names of it and its multiples, told apart from coins that only look like one."""

from __future__ import annotations

import json

import pytest

from newsdetect.config_record import RecordSettings
from newsdetect.market.coins import Coin, coin_of, spelling
from newsdetect.market.feeds import assets_of, wanted
from newsdetect.market.venues import binance, okx

TICKERS = [
    ("BTC", "BTC", 1), ("btc", "BTC", 1), ("XBT", "BTC", 1), ("LUNA2", "LUNA", 1), ("BEAMX", "BEAM", 1),
    ("IOT", "IOTA", 1), ("kPEPE", "PEPE", 1000), ("1000PEPE", "PEPE", 1000), ("1000000MOG", "MOG", 1_000_000),
    ("1MBABYDOGE", "BABYDOGE", 1_000_000), ("SHIB1000", "SHIB", 1000), ("1000xbt", "BTC", 1000),
    # Coins, not multiples.
    ("kava", "KAVA", 1), ("KAS", "KAS", 1), ("1INCH", "1INCH", 1), ("IOTX", "IOTX", 1), ("100X", "100X", 1),
]  # fmt: skip


@pytest.mark.parametrize(("ticker", "asset", "unit"), TICKERS)
def test_a_ticker_is_read(ticker: str, asset: str, unit: int) -> None:
    """The coin's own ticker, and how many of it are meant; reading it again changes nothing."""
    assert coin_of(ticker) == Coin(asset, unit)
    assert coin_of(asset) == Coin(asset)


def test_only_coins_with_other_tickers_have_a_pattern() -> None:
    """Most coins stand in their contracts under their own names."""
    assert spelling("ETH") is None
    assert "XBT" in (spelling("BTC") or "")


def test_the_recorder_names_coins_alike() -> None:
    """LUNA2USDT is LUNA at Binance, in its orders and in what counts as recorded; OKX's tickers are read as well."""
    order = {"s": "LUNA2USDT", "S": "SELL", "ap": "0.5", "z": "10", "T": 1_780_000_000_000}
    parsed = binance.parse(json.dumps({"e": "forceOrder", "E": 1, "o": order}))
    assert [(one.symbol, one.asset, one.quantity) for one in parsed.orders] == [("LUNA2USDT", "LUNA", 10)]
    settings = RecordSettings(venues=("binance",), symbols=("LUNA2USDT", "1000PEPEUSDT"))
    assert assets_of(wanted(settings)[0].feed) == ("LUNA", "PEPE")
    detail = {"bkPx": "100", "posSide": "long", "side": "sell", "sz": "1", "ts": "1780000000000"}
    row = {"details": [detail], "instId": "XBT-USDT-SWAP", "instType": "SWAP"}
    sizes = okx.Contracts({"XBT-USDT-SWAP": okx.ContractSize(0.01, "coin")})
    found = okx.parse(json.dumps({"arg": {"channel": "liquidation-orders"}, "data": [row]}), sizes)
    assert [one.asset for one in found.orders] == ["BTC"]
