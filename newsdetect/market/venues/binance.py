"""Binance USD-M and COIN-M: `forceOrder`, sampled to the latest order a symbol and second.

`S` names the ORDER's side: SELL closes a long. `z` is what was filled, at `ap` on average; an order that was not filled
liquidated nothing and is refused. COIN-M counts contracts of 100 USD (BTC) or 10 USD (all else), unless told otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from newsdetect.market.venues.contracts import Contracts, ContractSize, shipped
from newsdetect.market.venues.fields import BadField, choice, milliseconds, positive, sane, sent_at, word
from newsdetect.market.venues.order import LiquidationOrder
from newsdetect.market.venues.parsed import Parsed, malformed, numbered, read_json
from newsdetect.market.venues.symbols import Contract, contract

VENUE = "Binance"
#: Symbols a connection takes, and streams named in one request.
SYMBOLS_A_CONNECTION = 1000
_A_REQUEST = 200
_COINM = re.compile(r"([A-Z0-9]+USD)_(PERP|\d{6})")
_SIDES = {"SELL": "long", "BUY": "short"}


def subscriptions(symbols: Sequence[str] = ()) -> list[str]:
    """Give what to send after connecting: one stream of all symbols, or one a symbol."""
    streams = [f"{symbol.lower()}@forceOrder" for symbol in symbols] or ["!forceOrder@arr"]
    requests = [streams[first : first + _A_REQUEST] for first in range(0, len(streams), _A_REQUEST)]
    return [
        json.dumps({"method": "SUBSCRIBE", "params": params, "id": number})
        for number, params in enumerate(requests, start=1)
    ]


def ping() -> str | None:
    """Give nothing: Binance pings by itself, and the WebSocket's own pings find a dead connection."""
    return None


def market_of(symbol: str) -> str | None:
    """Tell the market of a symbol by its form: `usdm`, `coinm`, or None where it is none of Binance's."""
    if _COINM.fullmatch(symbol):
        return "coinm"
    return "usdm" if re.fullmatch(r"[A-Z0-9]+(_\d{6})?", symbol) and _usdm(symbol) is not None else None


def asset_of(symbol: str) -> str | None:
    """Give a symbol's coin; None where it is none of Binance's."""
    coinm = _COINM.fullmatch(symbol)
    if coinm:
        return coinm[1][:-3]
    of = _usdm(symbol)
    return of.asset if of is not None else None


def parse(message: bytes | str, contracts: Contracts | None = None) -> Parsed:
    """Read one message. Raise MalformedMessage for what is none of Binance's."""
    said = read_json(VENUE, message)
    if isinstance(said, dict) and isinstance(said.get("data"), (dict, list)) and "stream" in said:
        said = said["data"]
    many = said if isinstance(said, list) else [said]
    if not many or not all(isinstance(one, dict) for one in many):
        raise malformed(VENUE, "is no object and no list of objects", message)
    if many[0].get("e") != "forceOrder":
        return _answer(many[0], message)
    orders: list[LiquidationOrder] = []
    rejected: list[str] = []
    for one in many:
        try:
            orders.append(_order(one, contracts or shipped(VENUE)))
        except BadField as fault:
            rejected.append(str(fault))
    return Parsed("orders", numbered(orders), tuple(rejected), sent_ms=sent_at(many[0], "E"))


def _answer(said: Mapping[str, Any], message: bytes | str) -> Parsed:
    if "error" in said or ("code" in said and "msg" in said):
        return Parsed("error", detail=json.dumps(said)[:300])
    if "id" in said and said.get("result", "") is None:
        return Parsed("ack", detail=str(said["id"]))
    if isinstance(said.get("e"), str):
        return Parsed("other", detail=str(said["e"])[:80])
    raise malformed(VENUE, "is neither an event nor an answer", message)


def _order(event: Mapping[str, Any], contracts: Contracts) -> LiquidationOrder:
    row = event.get("o")
    if event.get("e") != "forceOrder" or not isinstance(row, dict):
        raise BadField("the event has no order (o)")
    symbol = word(row, "s")
    side = choice(row, "S", _SIDES)
    price = positive(row, "ap", "average price")
    filled = positive(row, "z", "filled quantity")
    time_ms = milliseconds(row, "T")
    coinm = _COINM.fullmatch(symbol)
    if coinm:
        size = contracts.get(symbol)
        if size is None:
            raise BadField(f"the contract size of {coinm[1]} is not known")
        usd = filled * size.size
        sane(price, usd)
        return LiquidationOrder(VENUE, "coinm", symbol, coinm[1][:-3], side, price, usd / price, usd, time_ms)
    of = _usdm(symbol)
    if of is None:
        raise BadField(f"{symbol} is not quoted in dollars: its value is not known")
    usd = filled * price
    sane(price, usd)
    return LiquidationOrder(VENUE, "usdm", symbol, of.asset, side, price / of.unit, filled * of.unit, usd, time_ms)


@lru_cache(maxsize=8192)
def _usdm(symbol: str) -> Contract | None:
    return contract(symbol.partition("_")[0])


def contract_sizes(answer: Any) -> dict[str, ContractSize]:  # noqa: ANN401 -- whatever came
    """Read `GET /dapi/v1/exchangeInfo` of COIN-M; raise MalformedMessage for another answer."""
    rows = answer.get("symbols") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not rows:
        raise malformed(VENUE, "should list contracts (symbols) and does not", json.dumps(answer)[:200])
    found = {}
    for row in rows:
        try:
            found[word(row, "symbol")] = ContractSize(positive(row, "contractSize", "contract size"), "usd")
        except (BadField, AttributeError):
            continue  # such a contract stays unknown, and its orders are refused by name
    return found
