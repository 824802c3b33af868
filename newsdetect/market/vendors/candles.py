"""Candles of Binance, Bybit, OKX and Coinbase: ccxt knows the requests and the columns, our client asks.

ccxt takes a 200 with a broken body for an empty list; so its one method that touches the network is replaced by ours,
which knows what an answer of each venue must hold. Its list of markets is not asked for: it is megabytes, and a coin's
symbol follows from its name. A symbol that the venue does not know is the venue's own error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import ccxt

from newsdetect.config import HistorySettings
from newsdetect.errors import BrokenAnswer, FetchError, UsageError
from newsdetect.fetch import ApiAnswer, ApiClient, Busy, Fetcher, Pace
from newsdetect.market.vendors.buckets import Collected, Page, Stretch, Told, collect, field_of, milliseconds

Market = Literal["spot", "perp", "inverse"]
#: Venues by their names in lower case: the name claims use, and candles a call.
VENUES: Mapping[str, tuple[str, int]] = {
    "binance": ("Binance", 1000), "bybit": ("Bybit", 1000), "okx": ("OKX", 300),
    # Coinbase counts the candle at the end of a stretch, too.
    "coinbase": ("Coinbase", 299),
}  # fmt: skip
_HINTS: Mapping[str, Mapping[int, str]] = {
    "binance": {403: "its firewall lets us not in", 451: "not served in this region: use another network"},
    "bybit": {403: "asked too often, or not served in this region: wait ten minutes"},
    "okx": {403: "its firewall lets us not in", 451: "not served in this region: use another network"},
    "coinbase": {403: "its firewall lets us not in"},
}
#: Where the list of candles stands in an answer.
_PLACES: Mapping[str, tuple[str, ...]] = {
    "binance": (), "bybit": ("result", "list"), "okx": ("data",), "coinbase": ("candles",),
}  # fmt: skip


class CandleVenue:
    """Asks one venue for candles."""

    def __init__(self, fetcher: Fetcher, settings: HistorySettings, venue: str, *, pace: Pace | None = None) -> None:
        """Make a venue ready; raise UsageError for one that is not known."""
        self._id = venue.casefold()
        if self._id not in VENUES:
            raise UsageError(
                f"--venue {venue}: candles come from {', '.join(name for name, _ in VENUES.values())}", key="--venue"
            )
        self.name, self._most = VENUES[self._id]
        self.api = ApiClient(
            fetcher,
            name=self.name,
            pace=pace or Pace(settings.candles.calls_a_minute),
            hints=_HINTS[self._id],
            longest_wait_s=settings.longest_wait_s,
            attempts=settings.attempts,
        )
        self._exchange = _exchange(self._id, self.api, getattr(settings.candles, self._id))

    def history(self, asset: str, market: Market, asked: Stretch) -> Collected:
        """Give a coin's candles; fields of `candles` but those of the scope, volume in coins.

        Raise UsageError for a market or an interval that the venue does not have.
        """
        interval = asked.interval
        if interval not in self._exchange.timeframes:
            known = ", ".join(name for name in self._exchange.timeframes if name)
            raise UsageError(f"--interval {interval}: {self.name} has {known}", key="--interval")
        symbol = _know(self._exchange, self._id, self.name, asset, market)

        def ask(one: int, other: int) -> Page:
            limit = (other - one) // (asked.seconds * 1000)
            try:
                candles = self._exchange.fetch_ohlcv(symbol, interval, one, max(limit, 1) + 1, {"until": other - 1})
            except ccxt.BaseError as fault:
                raise FetchError(f"{self.name}: {str(fault)[:200]}", key=self.name) from fault
            rows = [(milliseconds(start, self.name), _fields(rest)) for start, *rest in candles]
            return Page(rows, self._exchange.asked_at, self._exchange.ended_by)

        return collect(ask, asked, most=self._most, who=f"{self.name} {symbol}")


def _fields(rest: list[Told]) -> Mapping[str, Told]:
    return dict(zip(("open", "high", "low", "close", "volume", "turnover"), rest, strict=True))


def _know(exchange: Any, venue: str, name: str, asset: str, market: Market) -> str:  # noqa: ANN401 -- ccxt's class
    """Tell ccxt of the one market we ask about; give its symbol in ccxt's writing."""
    if not (asset.isascii() and asset.isalnum()) or len(asset) > 20:
        raise UsageError(f"--asset {asset!r:.40} is no ticker", key="--asset")
    if venue == "coinbase" and market != "spot":
        raise UsageError(f"{name} is asked for spot candles alone: --market spot", key="--market")
    quote = "USD" if market == "inverse" or venue == "coinbase" else "USDT"
    settle = {"spot": None, "perp": quote, "inverse": asset}[market]
    symbol = f"{asset}/{quote}" + (f":{settle}" if settle else "")
    exchange.set_markets(
        [
            exchange.safe_market_structure(
                {
                    "id": _own_symbol(venue, asset, quote, market), "symbol": symbol, "base": asset, "quote": quote,
                    "settle": settle, "baseId": asset, "quoteId": quote, "settleId": settle,
                    "type": "spot" if market == "spot" else "swap", "spot": market == "spot",
                    "swap": market != "spot", "future": False, "option": False, "contract": market != "spot",
                    "linear": market == "perp" if market != "spot" else None,
                    "inverse": market == "inverse" if market != "spot" else None,
                }
            )
        ]
    )  # fmt: skip
    return symbol


def _own_symbol(venue: str, asset: str, quote: str, market: Market) -> str:
    """Write a symbol as the venue does."""
    if venue == "okx":
        return f"{asset}-{quote}" + ("" if market == "spot" else "-SWAP")
    if venue == "coinbase":
        return f"{asset}-{quote}"
    return f"{asset}{quote}" + ("_PERP" if venue == "binance" and market == "inverse" else "")


def _exchange(venue: str, api: ApiClient, base: str | None) -> Any:  # noqa: ANN401 -- ccxt's classes have no types
    """Make ccxt's class of a venue, its network ours and its rows with turnover."""
    parent: Any = getattr(ccxt, venue)

    class Asked(parent):  # type: ignore[misc]
        asked_at = ended_by = None

        def fetch(self, url: str, *_: object, **__: object) -> Any:  # noqa: ANN401 -- JSON
            answer = api.get(url, judge=self.judge)
            self.asked_at, self.ended_by = answer.asked_at, answer.ended_by
            return answer.data

        def judge(self, answer: ApiAnswer) -> None:
            try:
                self.handle_errors(
                    answer.status, "", answer.url, "GET", dict(answer.headers), answer.text, answer.data, {}, None
                )
            except (ccxt.RateLimitExceeded, ccxt.DDoSProtection) as fault:
                raise Busy(f"{api.name}: busy: {answer.text[:120]}", key=answer.url, status=answer.status) from fault
            except ccxt.BaseError as fault:
                kind = "knows no such symbol" if isinstance(fault, ccxt.BadSymbol) else "refuses"
                status = "" if answer.status == 200 else f"HTTP {answer.status}, "
                raise FetchError(
                    f"{api.name} {kind}: {status}{answer.text[:160]} ({answer.url})",
                    key=answer.url, status=answer.status,
                ) from fault  # fmt: skip
            if answer.status == 200 and not _holds_candles(venue, answer.data):
                raise api.fault(BrokenAnswer, answer, f"its answer holds no list of candles: {answer.text[:120]}")

        def parse_ohlcvs(self, ohlcvs: Any, market: Any = None, *_: object, **__: object) -> list[Any]:  # noqa: ANN401
            # ccxt drops rows of another time than asked for in silence; `collect` does not.
            return [self.parse_ohlcv(row, market) for row in ohlcvs]

        def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:  # noqa: ANN401 -- ccxt's
            return [*super().parse_ohlcv(ohlcv, market), _turnover(venue, ohlcv, market)]

    exchange = Asked({"enableRateLimit": False})
    if base is not None:
        exchange.urls["api"] = _moved(exchange.urls["api"], base.rstrip("/"))
    return exchange


def _moved(urls: Any, base: str) -> Any:  # noqa: ANN401 -- a tree of URLs
    """Put another host before the paths of ccxt's URLs."""
    if isinstance(urls, dict):
        return {name: _moved(each, base) for name, each in urls.items()}
    return base + urlsplit(urls).path.rstrip("/") if isinstance(urls, str) else urls


def _holds_candles(venue: str, data: Any) -> bool:  # noqa: ANN401 -- JSON
    for name in _PLACES[venue]:
        data = data.get(name) if isinstance(data, dict) else None
    if not isinstance(data, list):
        return False
    fewest = 7 if venue == "bybit" else 9
    return all(
        isinstance(row, dict) and "start" in row
        if venue == "coinbase"
        else isinstance(row, list) and len(row) >= fewest
        for row in data
    )


def _turnover(venue: str, row: Any, market: Mapping[str, Any]) -> Told:  # noqa: ANN401 -- a list, or a record
    """Give the turnover in quote currency; Bybit's and Binance's inverse contracts count dollars as their volume."""
    if venue == "coinbase":
        return None
    if market["inverse"] and venue == "bybit":
        return field_of({"told": row[5]}, "told")
    if market["inverse"] and venue == "binance":
        # A contract is 100 USD of BTC, 10 USD of any other coin.
        contracts = ccxt.Exchange.safe_float({"told": row[5]}, "told")
        return None if contracts is None else contracts * (100 if market["base"] == "BTC" else 10)
    return field_of({"told": row[6 if venue == "bybit" else 7]}, "told")
