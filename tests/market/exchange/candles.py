"""The candle endpoints of Binance, Bybit, OKX and Coinbase, over the made-up price path.

Binance gives its pages oldest first, the others newest first; all cap a page. Numbers come as strings, times in ms
(Coinbase: seconds). Volume is in base coin, but for contracts: Binance COIN-M and OKX count those, Bybit inverse USD.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.market.exchange.contracts import (
    advanced_product,
    binance_info,
    bybit_symbol,
    coinbase_product,
    okx_symbol,
)
from tests.market.exchange.orders import INSTRUMENTS, instruments
from tests.market.exchange.rest import Endpoint, Refusal, Request, Rest
from tests.market.exchange.tape import PRICES, Candle, candle, starts

_UNITS = {"m": 60, "h": 3600, "H": 3600, "d": 86_400, "D": 86_400, "w": 604_800}
_WORDS = {
    "ONE_MINUTE": 60,
    "FIVE_MINUTE": 300,
    "FIFTEEN_MINUTE": 900,
    "ONE_HOUR": 3600,
    "SIX_HOUR": 21_600,
    "ONE_DAY": 86_400,
}
_BYBIT = {"D": 86_400, "W": 604_800}


def serve_binance(host: Rest, *, now_ms: Callable[[], int]) -> None:
    """Add klines and exchangeInfo of spot, USD-M and COIN-M."""
    for base in ("/api/v3", "/fapi/v1", "/dapi/v1"):
        host.add(f"{base}/klines", _binance_klines(now_ms, base))
        host.add(f"{base}/exchangeInfo", lambda _, base=base: binance_info(base, now_ms()))
        host.add(f"{base}/ping", lambda _: {})
        host.add(f"{base}/time", lambda _: {"serverTime": now_ms()})


def _binance_klines(now_ms: Callable[[], int], base: str) -> Endpoint:
    def answer(request: Request) -> Any:
        query, most = request.query, 1000 if base == "/api/v3" else 1500
        seconds, asset = int(query["interval"][:-1]) * _UNITS[query["interval"][-1]], _asset(query["symbol"])
        if asset is None:
            return Refusal(400, b'{"code":-1121,"msg":"Invalid symbol."}', (("Content-Type", "application/json"),))
        until = int(query.get("endTime", now_ms()))
        limit = min(int(query.get("limit", 500)), most)
        since = int(query["startTime"]) if "startTime" in query else until - limit * seconds * 1000
        found = _told(asset, since, min(until, now_ms()), seconds)[:limit]
        return [_binance_row(one, seconds, base) for one in found]

    return answer


def _binance_row(one: Candle, seconds: int, base: str) -> list[Any]:
    volume, turnover = str(one.volume), str(one.turnover)
    if base == "/dapi/v1":
        volume, turnover = str(int(one.turnover / 100)), volume
    prices = (str(one.open), str(one.high), str(one.low), str(one.close))
    return [one.start_ms, *prices, volume, one.start_ms + seconds * 1000 - 1, turnover, 321, "1.0", "1.0", "0"]


def serve_bybit(host: Rest, *, now_ms: Callable[[], int]) -> None:
    """Add v5 klines, newest first, and the lists of instruments."""

    def klines(request: Request) -> Any:
        query, asset = request.query, _asset(request.query["symbol"])
        if asset is None:
            return {
                "retCode": 10001,
                "retMsg": "params error: Symbol Is Invalid",
                "result": {},
                "retExtInfo": {},
                "time": now_ms(),
            }
        seconds = _BYBIT.get(query["interval"]) or int(query["interval"]) * 60
        limit = min(int(query.get("limit", 200)), 1000)
        since = int(query.get("start", now_ms() - limit * seconds * 1000))
        # From a start alone Bybit goes forward.
        last = since + (limit - 1) * seconds * 1000 if "start" in query else now_ms()
        until = min(int(query.get("end", last)), now_ms())
        # Between two bounds Bybit gives the newest ones.
        found = _told(asset, since, until, seconds)[-limit:][::-1]
        inverse = query.get("category") == "inverse"
        listed = [
            [str(one.start_ms), str(one.open), str(one.high), str(one.low), str(one.close)]
            + ([str(one.turnover), str(one.volume)] if inverse else [str(one.volume), str(one.turnover)])
            for one in found
        ]
        return _bybit(
            {"symbol": query["symbol"], "category": query.get("category", "linear"), "list": listed}, now_ms()
        )

    def listed(request: Request) -> Any:
        category = request.query.get("category", "linear")
        found = instruments(f"Bybit {category}") if category in {"linear", "inverse"} else instruments("Bybit linear")
        rows = [bybit_symbol(one, category) for one in found] if category != "option" else []
        return _bybit({"category": category, "list": rows, "nextPageCursor": ""}, now_ms())

    host.add("/v5/market/kline", klines)
    host.add("/v5/market/instruments-info", listed)
    host.add("/v5/market/time", lambda _: _bybit({"timeSecond": str(now_ms() // 1000), "timeNano": "0"}, now_ms()))


def _bybit(result: dict[str, Any], now_ms: int) -> dict[str, Any]:
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": now_ms}


def serve_okx(host: Rest, *, now_ms: Callable[[], int]) -> None:
    """Add v5 candles, newest first, paged by `after` (older than) and `before` (newer than), and the instruments."""

    def candles(request: Request) -> Any:
        query, asset = request.query, _asset(request.query["instId"])
        if asset is None:
            return {
                "code": "51001",
                "msg": "Instrument ID, Instrument ID code, or Spread ID doesn't exist.",
                "data": [],
            }
        bar = query.get("bar", "1m").removesuffix("utc")
        seconds, limit = int(bar[:-1]) * _UNITS[bar[-1]], min(int(query.get("limit", 100)), 300)
        until = min(int(query.get("after", now_ms() + 1)) - 1, now_ms())
        since = int(query["before"]) + 1 if "before" in query else until - limit * seconds * 1000
        found = _told(asset, since, until, seconds)[-limit:][::-1]
        return {"code": "0", "msg": "", "data": [_okx_row(one, query["instId"]) for one in found]}

    def listed(request: Request) -> Any:
        kind = request.query.get("instType", "SWAP")
        rows = [okx_symbol(one, kind) for one in instruments("OKX swap")] if kind in {"SWAP", "SPOT"} else []
        named = request.query.get("instId")
        return {"code": "0", "msg": "", "data": [each for each in rows if named in (None, each["instId"])]}

    for path in ("candles", "history-candles"):
        host.add(f"/api/v5/market/{path}", candles)
    host.add("/api/v5/public/instruments", listed)
    host.add("/api/v5/public/time", lambda _: {"code": "0", "msg": "", "data": [{"ts": str(now_ms())}]})


def _okx_row(one: Candle, symbol: str) -> list[str]:
    contract = next((each for each in INSTRUMENTS if each.symbol == symbol), None)
    if contract is None:  # spot: base coin, and quote twice
        volume = str(one.volume)
    else:
        volume = str(round((one.turnover if contract.inverse else one.volume) / float(contract.unit), 2))
    prices = [str(one.open), str(one.high), str(one.low), str(one.close)]
    return [str(one.start_ms), *prices, volume, str(one.volume), str(one.turnover), "1"]


def serve_coinbase(host: Rest, *, now_ms: Callable[[], int]) -> None:
    """Add the candles of Advanced Trade and of the Exchange, both newest first, times in seconds."""
    for asset in PRICES:
        host.add(f"/api/v3/brokerage/market/products/{asset}-USD/candles", _advanced(asset, now_ms))
        host.add(f"/products/{asset}-USD/candles", _plain(asset, now_ms))
    host.add("/products", lambda _: [coinbase_product(asset) for asset in PRICES])
    host.add("/api/v3/brokerage/market/products", _advanced_products)
    host.add("/currencies", lambda _: [])
    host.add("/v2/currencies", lambda _: {"data": []})
    host.add("/v2/currencies/crypto", lambda _: {"data": []})
    host.add("/v2/exchange-rates", lambda _: {"data": {"currency": "USD", "rates": {}}})
    host.add("/api/v3/brokerage/transaction_summary", lambda _: {})


def _advanced_products(request: Request) -> Any:
    spot = request.query.get("product_type", "SPOT") == "SPOT"
    return {"products": [advanced_product(asset) for asset in PRICES] if spot else []}


def _advanced(asset: str, now_ms: Callable[[], int]) -> Endpoint:
    def answer(request: Request) -> Any:
        seconds = _WORDS[request.query["granularity"]]
        until = min(int(request.query["end"]) * 1000, now_ms())
        found = _told(asset, int(request.query["start"]) * 1000, until, seconds)
        if len(found) > 350:
            body = b'{"error":"INVALID_ARGUMENT","error_details":"number of candles requested should be less than 350"}'
            return Refusal(400, body, (("Content-Type", "application/json"),))
        names = ("start", "low", "high", "open", "close", "volume")
        rows = [(one.start_ms // 1000, one.low, one.high, one.open, one.close, one.volume) for one in found[::-1]]
        return {"candles": [dict(zip(names, map(str, each), strict=True)) for each in rows]}

    return answer


def _plain(asset: str, now_ms: Callable[[], int]) -> Endpoint:
    def answer(request: Request) -> Any:
        seconds = int(request.query.get("granularity", "60"))
        until = min(_ms(request.query["end"]), now_ms()) if "end" in request.query else now_ms()
        since = _ms(request.query["start"]) if "start" in request.query else until - 300 * seconds * 1000
        found = _told(asset, since, until, seconds)
        if len(found) > 300:
            body = b'{"message":"granularity too small for the requested time range"}'
            return Refusal(400, body, (("Content-Type", "application/json"),))
        return [[one.start_ms // 1000, one.low, one.high, one.open, one.close, one.volume] for one in found[::-1]]

    return answer


def _told(asset: str, since_ms: int, until_ms: int, seconds: int) -> list[Candle]:
    return [candle(asset, start, seconds) for start in starts(since_ms, until_ms, seconds)]


def _asset(symbol: str) -> str | None:
    """Read the coin off a symbol; None for one that does not exist."""
    return next(
        (asset for asset in PRICES if symbol.replace("-", "").startswith((f"{asset}USD", f"{asset}USDT"))), None
    )


def _ms(text: str) -> int:
    """Read a time as Coinbase's Exchange takes it: seconds, or ISO."""
    if text.isdecimal():
        return int(text) * 1000
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
