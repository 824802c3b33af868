"""CoinGlass v4 and Coinalyze as they answer: by key, by scope, in their own units of time, with errors in a 200 body.

CoinGlass wants `exchange_list` and ms; its 200 carries a `code`, "0" for good. Coinalyze wants seconds (ms silently
give []), counts each symbol as a call, and gives coins unless USD is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.market.exchange.rest import Refusal, Request, Rest
from tests.market.exchange.tape import PRICES, liquidated, price, starts

KEY = "5f3c9e0b7d1a4e5c8b2f6a9d0c4e7b1f"
_COINGLASS = {
    "1m": 60, "3m": 180, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "4h": 14_400, "6h": 21_600, "8h": 28_800,
    "12h": 43_200, "1d": 86_400, "1w": 604_800,
}  # fmt: skip
_COINALYZE = {
    "1min": 60, "5min": 300, "15min": 900, "30min": 1800, "1hour": 3600, "2hour": 7200, "4hour": 14_400,
    "6hour": 21_600, "12hour": 43_200, "daily": 86_400,
}  # fmt: skip
_RANGES = {"1h": 3600, "4h": 14_400, "12h": 43_200, "24h": 86_400}
#: Coinalyze's letters for venues.
VENUES = {"A": "Binance", "6": "Bybit", "3": "OKX"}


def serve_coinglass(host: Rest, *, now_ms: Callable[[], int], key: str = KEY) -> None:
    """Add the aggregated history and the list by exchange."""

    def history(request: Request) -> Any:
        query = request.query
        if fault := _coinglass_fault(request, key, ("exchange_list", "symbol", "interval")):
            return fault
        if query["interval"] not in _COINGLASS:
            return {"code": "400", "msg": "Invalid interval parameter"}
        seconds, limit = _COINGLASS[query["interval"]], min(int(query.get("limit", 1000)), 1000)
        venues, asset = [each.strip() for each in query["exchange_list"].split(",")], query["symbol"]
        until = min(int(query.get("end_time", now_ms())), now_ms())
        since = int(query.get("start_time", until - limit * seconds * 1000))
        found = list(starts(since, until, seconds))[:limit] if asset in PRICES else []
        return {"code": "0", "msg": "success", "data": [_coinglass_row(venues, asset, each, seconds) for each in found]}

    def by_exchange(request: Request) -> Any:
        if fault := _coinglass_fault(request, key, ("range",)):
            return fault
        seconds, asset = _RANGES[request.query["range"]], request.query.get("symbol") or "ALL"
        rows = [_exchange_row(venue, asset, now_ms(), seconds) for venue in ("Binance", "Bybit", "OKX")]
        names = ("liquidation_usd", "long_liquidation_usd", "short_liquidation_usd")
        whole = {"exchange": "All"} | {name: round(sum(each[name] for each in rows), 2) for name in names}
        return {"code": "0", "msg": "success", "data": [whole, *rows]}

    host.add("/api/futures/liquidation/aggregated-history", history)
    host.add("/api/futures/liquidation/exchange-list", by_exchange)


def _coinglass_fault(request: Request, key: str, needed: tuple[str, ...]) -> dict[str, str] | None:
    if request.headers.get("cg-api-key") != key:
        return {"code": "30001" if "cg-api-key" not in request.headers else "30002", "msg": "API key missing or wrong."}
    missing = [name for name in needed if not request.query.get(name)]
    return {"code": "400", "msg": f"Required String parameter '{missing[0]}' is not present"} if missing else None


def _coinglass_row(venues: list[str], asset: str, start_ms: int, seconds: int) -> dict[str, Any]:
    told = [liquidated(venue, asset, start_ms, seconds) for venue in venues]
    longs, shorts = (round(sum(side), 2) for side in zip(*told, strict=True))
    return {"time": start_ms, "aggregated_long_liquidation_usd": longs, "aggregated_short_liquidation_usd": shorts}


def _exchange_row(venue: str, asset: str, now_ms: int, seconds: int) -> dict[str, Any]:
    longs, shorts = liquidated(venue, asset, now_ms // 60_000 * 60_000, seconds)
    return {
        "exchange": venue, "liquidation_usd": round(longs + shorts, 2), "long_liquidation_usd": longs,
        "short_liquidation_usd": shorts,
    }  # fmt: skip


def serve_coinalyze(host: Rest, *, now_ms: Callable[[], int], key: str = KEY) -> None:
    """Add the liquidation history and the lists of exchanges and markets."""

    def keyed(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        def guarded(request: Request) -> Any:
            given = request.headers.get("api_key") or request.query.get("api_key")
            return answer(request) if given == key else Refusal(401, b'{"message":"Invalid API key"}')

        return guarded

    def history(request: Request) -> Any:
        query = request.query
        seconds, coins = _COINALYZE[query["interval"]], query.get("convert_to_usd", "false") != "true"
        # Milliseconds are seconds of a far future, in which nothing has happened yet: no error, only [].
        since, until = int(query["from"]) * 1000, min(int(query["to"]) * 1000, now_ms())
        told = [(symbol, _market(symbol)) for symbol in query["symbols"].split(",")]
        return [
            {"symbol": symbol, "history": [_coinalyze_row(*market, each, seconds, coins=coins) for each in rows]}
            for symbol, market in told
            if market and (rows := list(starts(since, until, seconds)))
        ]

    host.add("/v1/liquidation-history", keyed(history))
    host.add("/v1/exchanges", keyed(lambda _: [{"name": name, "code": code} for code, name in VENUES.items()]))
    host.add("/v1/future-markets", keyed(lambda _: [_listed(asset, code) for asset in PRICES for code in VENUES]))


def _coinalyze_row(venue: str, asset: str, start_ms: int, seconds: int, *, coins: bool) -> dict[str, Any]:
    longs, shorts = liquidated(venue, asset, start_ms, seconds)
    if coins:
        longs, shorts = (round(each / price(asset, start_ms + seconds * 1000), 8) for each in (longs, shorts))
    return {"t": start_ms // 1000, "l": longs, "s": shorts}


def _market(symbol: str) -> tuple[str, str] | None:
    """Read `BTCUSDT_PERP.A` as venue and coin; None for a market that does not exist."""
    pair, _, code = symbol.partition(".")
    asset = pair.removesuffix("_PERP").removesuffix("USDT")
    return (VENUES[code], asset) if code in VENUES and asset in PRICES and pair.endswith("_PERP") else None


def _listed(asset: str, code: str) -> dict[str, Any]:
    return {
        "symbol": f"{asset}USDT_PERP.{code}", "exchange": code, "symbol_on_exchange": f"{asset}USDT",
        "base_asset": asset, "quote_asset": "USDT", "expire_at": None, "has_buy_sell_data": True, "is_perpetual": True,
        "margined": "STABLE", "oi_lq_vol_denominated_in": "BASE_ASSET", "has_long_short_ratio_data": True,
        "has_ohlcv_data": True,
    }  # fmt: skip
