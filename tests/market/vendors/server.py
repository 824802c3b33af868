"""Venues' and vendors' history over loopback HTTP in their own shapes: a market made by rule, asked as they are asked.

A bucket exists where `has` says so; its figures follow from its start, so that a test knows what must come out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.sources.web import Answer, Web

HOUR = 3_600_000
_STEPS = {
    "1m": 60_000, "1h": HOUR, "60": HOUR, "1H": HOUR, "ONE_HOUR": HOUR, "1hour": HOUR, "4h": 4 * HOUR, "1d": 24 * HOUR,
    "D": 24 * HOUR, "1Dutc": 24 * HOUR, "ONE_DAY": 24 * HOUR, "daily": 24 * HOUR, "1": 60_000,
}  # fmt: skip
KEY = "k-4711-secret"
VENUES = ("Binance", "OKX", "Bybit")


class History:
    """What the server holds, and what was asked of it."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.has: Callable[[int], bool] = lambda start: start >= ms("2020-01-01")
        self.most = 10**9
        self.asked: list[tuple[str, dict[str, str]]] = []
        web.answers |= {
            "/api/v3/klines": self._answer(self.binance),
            "/fapi/v1/klines": self._answer(self.binance),
            "/dapi/v1/klines": self._answer(self.binance),
            "/v5/market/kline": self._answer(self.bybit),
            "/api/v5/market/candles": self._answer(self.okx),
            "/api/v5/market/history-candles": self._answer(self.okx),
            "/api/v3/brokerage/market/products/BTC-USD/candles": self._answer(self.coinbase),
            "/api/futures/liquidation/aggregated-history": self._answer(self.coinglass),
            "/api/futures/liquidation/exchange-list": self._answer(self.totals),
            "/exchanges": self._answer(self.exchanges),
            "/future-markets": self._answer(self.markets),
            "/liquidation-history": self._answer(self.coinalyze),
        }

    def starts(self, first: int, last: int, step: int) -> list[int]:
        """Give the starts in `[first, last]` that exist, oldest first."""
        return [start for start in range(-(-first // step) * step, last + 1, step) if self.has(start)]

    def binance(self, asked: dict[str, str]) -> object:
        """Answer as Binance: oldest first, cut off at the newest end."""
        if asked["symbol"] not in {"BTCUSDT", "BTCUSD_PERP", "ETHUSDT"}:
            return Status(400, {"code": -1121, "msg": "Invalid symbol."})
        step = _STEPS[asked["interval"]]
        starts = self.starts(int(asked["startTime"]), int(asked["endTime"]), step)[
            : min(self.most, int(asked["limit"]))
        ]
        return [[at, *prices(at), "7.5", at + step - 1, "750000.25", 40, "3.5", "350000", "0"] for at in starts]

    def bybit(self, asked: dict[str, str]) -> object:
        """Answer as Bybit: newest first, cut off at the oldest end."""
        starts = self.starts(int(asked["start"]), int(asked["end"]), _STEPS[asked["interval"]])
        starts = starts[::-1][: min(self.most, int(asked["limit"]))]
        inverse = asked["category"] == "inverse"
        volume = ["268611", "15.74462667"] if inverse else ["7.5", "750000.25"]
        return {
            "retCode": 0, "retMsg": "OK", "retExtInfo": {}, "time": starts[0] if starts else 0,
            "result": {
                "category": asked["category"], "symbol": asked["symbol"],
                "list": [[str(at), *prices(at), *volume] for at in starts],
            },
        }  # fmt: skip

    def okx(self, asked: dict[str, str]) -> object:
        """Answer as OKX: newest first, `before` and `after` not included."""
        starts = self.starts(int(asked["before"]) + 1, int(asked["after"]) - 1, _STEPS[asked["bar"]])
        starts = starts[::-1][: min(self.most, int(asked["limit"]))]
        data = [[str(at), *prices(at), "750", "7.5", "750000.25", "1"] for at in starts]
        return {"code": "0", "msg": "", "data": data}

    def coinbase(self, asked: dict[str, str]) -> object:
        """Answer as Coinbase: seconds, newest first, the end included."""
        starts = self.starts(int(asked["start"]) * 1000, int(asked["end"]) * 1000, _STEPS[asked["granularity"]])
        rows = []
        for at in starts[::-1]:
            open_, high, low, close = prices(at)
            rows.append(
                {"start": str(at // 1000), "low": low, "high": high, "open": open_, "close": close, "volume": "7.5"}
            )
        return {"candles": rows}

    def coinglass(self, asked: dict[str, str]) -> object:
        """Answer as CoinGlass v4."""
        starts = self.starts(int(asked["start_time"]), int(asked["end_time"]), _STEPS[asked["interval"]])
        venues = len(asked["exchange_list"].split(","))
        data = [
            {
                "time": at, "aggregated_long_liquidation_usd": float(long(at) * venues),
                "aggregated_short_liquidation_usd": 5.5 * venues,
            }
            for at in starts[: min(self.most, int(asked["limit"]))]
        ]  # fmt: skip
        return {"code": "0", "msg": "success", "data": data}

    def totals(self, asked: dict[str, str]) -> object:
        """Answer CoinGlass's list of venues with their totals of now."""
        rows = [
            {"exchange": name, "liquidation_usd": 30.0, "long_liquidation_usd": 20.0, "short_liquidation_usd": 10.0}
            for name in ("All", *VENUES)
        ]
        return {"code": "0", "msg": "success", "data": rows}

    def exchanges(self, asked: dict[str, str]) -> object:
        """Answer Coinalyze's list of venues."""
        return [{"name": "Binance", "code": "A"}, {"name": "Bybit", "code": "6"}]

    def markets(self, asked: dict[str, str]) -> object:
        """Answer Coinalyze's list of contracts."""
        rows = [
            ("BTCUSD_PERP.A", "A", "BTC", "USD", True), ("BTCUSDT_PERP.A", "A", "BTC", "USDT", True),
            ("BTCUSDT.6", "6", "BTC", "USDT", True), ("DOGEUSDT_260925.A", "A", "DOGE", "USDT", False),
        ]  # fmt: skip
        return [
            {
                "symbol": symbol, "exchange": code, "symbol_on_exchange": symbol.partition("_")[0], "base_asset": base,
                "quote_asset": quote, "is_perpetual": perpetual, "margined": "STABLE", "expire_at": None,
                "oi_lq_vol_denominated_in": "BASE_ASSET", "has_ohlcv_data": True,
            }
            for symbol, code, base, quote, perpetual in rows
        ]  # fmt: skip

    def coinalyze(self, asked: dict[str, str]) -> object:
        """Answer as Coinalyze: seconds; milliseconds give nothing, without a word."""
        first, last = int(asked["from"]), int(asked["to"])
        if first > 10**11:
            return []
        starts = self.starts(first * 1000, last * 1000, _STEPS[asked["interval"]])
        unit = 1.0 if asked.get("convert_to_usd") == "true" else 1e-5
        rows = [{"t": at // 1000, "l": long(at) * unit, "s": 5.5 * unit} for at in starts]
        return [{"symbol": asked["symbols"], "history": rows}] if rows else []

    def _answer(self, make: Callable[[dict[str, str]], object]) -> Answer:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            split = urlsplit(handler.path)
            asked = {name: values[0] for name, values in parse_qs(split.query).items()}
            self.asked.append((split.path, asked))
            made = make(asked)
            status, body = (made.status, made.body) if isinstance(made, Status) else (200, made)
            send(handler, status, json.dumps(body).encode())

        return answer


class Status:
    """A body with another status than 200."""

    def __init__(self, status: int, body: object) -> None:
        self.status = status
        self.body = body


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    """Send a whole answer."""
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def prices(at: int) -> tuple[str, str, str, str]:
    """Give open, high, low and close of the candle that starts at `at`."""
    base = 100_000 + at // 60_000 % 1000
    return (f"{base}", f"{base + 50}.5", f"{base - 50}.5", f"{base + 10}")


def long(at: int) -> int:
    """Give the longs that were liquidated in the bucket that starts at `at`."""
    return 1000 + at // HOUR % 1000


def ms(text: str) -> int:
    """Read a UTC time as milliseconds since 1970."""
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
