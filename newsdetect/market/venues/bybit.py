"""Bybit v5: `allLiquidation`, every order, a batch each half second; one subscription a symbol.

`S` names the POSITION: Buy is a long that was liquidated. Linear contracts count coins (`v`), inverse ones USD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from newsdetect.market.venues.contracts import Contracts
from newsdetect.market.venues.fields import BadField, choice, milliseconds, positive, sane, sent_at, word
from newsdetect.market.venues.order import LiquidationOrder
from newsdetect.market.venues.parsed import Parsed, malformed, numbered, read_json
from newsdetect.market.venues.symbols import Contract, coin, contract

VENUE = "Bybit"
TOPIC = "allLiquidation."
#: The arguments of one connection's subscriptions may be 21,000 characters long.
ARGS_A_CONNECTION = 20_000
_A_REQUEST = 100
_SIDES = {"Buy": "long", "Sell": "short"}
_INVERSE = re.compile(r"([A-Z0-9]+)USD([HMUZ]\d{2})?")
_DATED = re.compile(r"-\d{1,2}[A-Z]{3}\d{2}")


def subscriptions(symbols: Sequence[str]) -> list[str]:
    """Give what to send after connecting; Bybit has no stream of all symbols, so some must be named."""
    topics = [TOPIC + symbol for symbol in symbols]
    requests = [topics[first : first + _A_REQUEST] for first in range(0, len(topics), _A_REQUEST)]
    return [
        json.dumps({"req_id": str(number), "op": "subscribe", "args": args})
        for number, args in enumerate(requests, start=1)
    ]


def ping() -> str | None:
    """Give the ping that Bybit wants each 20 seconds."""
    return '{"op":"ping"}'


def shares(symbols: Sequence[str], most: int = ARGS_A_CONNECTION) -> list[tuple[str, ...]]:
    """Split symbols evenly over as few connections as their arguments' length allows.

    Dealt out one by one, so that no connection is left with the quiet ones alone.
    """
    count = 1
    while True:
        dealt = [tuple(symbols[first::count]) for first in range(count)]
        if count >= len(symbols) or all(fits(each, most) for each in dealt):
            return [each for each in dealt if each]
        count += 1


def fits(symbols: Sequence[str], most: int = ARGS_A_CONNECTION) -> bool:
    """Tell whether one connection takes these symbols."""
    return sum(len(TOPIC) + len(symbol) + 3 for symbol in symbols) <= most


def market_of(symbol: str) -> str | None:
    """Tell the market of a symbol by its form: `linear`, `inverse`, or None where it is none of Bybit's."""
    return _contract(symbol)[0] if re.fullmatch(r"[A-Z0-9]+(-\d{1,2}[A-Z]{3}\d{2})?", symbol) else None


def asset_of(symbol: str) -> str | None:
    """Give a symbol's coin; None where it is none of Bybit's."""
    of = _contract(symbol)[1]
    return of.asset if of is not None else None


def parse(message: bytes | str, contracts: Contracts | None = None) -> Parsed:  # noqa: ARG001 -- Bybit counts coins
    """Read one message. Raise MalformedMessage for what is none of Bybit's."""
    said = read_json(VENUE, message)
    if not isinstance(said, dict):
        raise malformed(VENUE, "is no object", message)
    topic = said.get("topic")
    if topic is None:
        return _answer(said, message)
    if not isinstance(topic, str) or not topic.startswith(TOPIC):
        return Parsed("other", detail=str(topic)[:80])
    rows = said.get("data")
    if not isinstance(rows, list):
        raise malformed(VENUE, "of liquidations has no list (data)", message)
    orders: list[LiquidationOrder] = []
    rejected: list[str] = []
    for row in rows:
        try:
            orders.append(_order(row))
        except BadField as fault:
            rejected.append(str(fault))
    return Parsed("orders", numbered(orders), tuple(rejected), sent_ms=sent_at(said, "ts"))


def _answer(said: Mapping[str, Any], message: bytes | str) -> Parsed:
    op = said.get("op")
    if op == "pong" or (op == "ping" and said.get("ret_msg") == "pong"):
        return Parsed("pong")
    if said.get("success") is False:
        return Parsed("error", detail=str(said.get("ret_msg") or said)[:300])
    if op == "subscribe" and said.get("success") is True:
        return Parsed("ack", detail=str(said.get("req_id", "")))
    if isinstance(op, str):
        return Parsed("other", detail=op[:80])
    raise malformed(VENUE, "is neither a topic nor an answer", message)


def _order(row: Any) -> LiquidationOrder:  # noqa: ANN401 -- whatever stands in the list
    if not isinstance(row, dict):
        raise BadField(f"a row is no object: {row!r:.60}")
    symbol = word(row, "s")
    side = choice(row, "S", _SIDES)
    price = positive(row, "p", "bankruptcy price")
    size = positive(row, "v", "executed size")
    time_ms = milliseconds(row, "T")
    market, of = _contract(symbol)
    if of is None or market is None:
        raise BadField(f"{symbol} is not quoted in dollars: its value is not known")
    usd = size if market == "inverse" else size * price
    sane(price, usd)
    quantity = usd / price if market == "inverse" else size
    return LiquidationOrder(VENUE, market, symbol, of.asset, side, price / of.unit, quantity * of.unit, usd, time_ms)


@lru_cache(maxsize=8192)
def _contract(symbol: str) -> tuple[str | None, Contract | None]:
    """Read BTCUSDT, BTCPERP and BTC-26DEC26 (USDC), BTCUSDT-26DEC26 as linear; BTCUSD and BTCUSDZ26 as inverse."""
    dated = _DATED.search(symbol)
    if dated:
        base = symbol[: dated.start()]
        return "linear", contract(base) or coin(base, "USDC")
    if symbol.endswith("PERP") and len(symbol) > 4:
        return "linear", coin(symbol[:-4], "USDC")
    inverse = _INVERSE.fullmatch(symbol)
    if inverse:
        return "inverse", coin(inverse[1], "USD")
    found = contract(symbol)
    return ("linear", found) if found else (None, None)


def symbols_listed(answer: Any) -> tuple[tuple[str, ...], str]:  # noqa: ANN401 -- whatever came
    """Read one page of `GET /v5/market/instruments-info`: the symbols that trade, and the next page's cursor.

    Raise MalformedMessage for another answer, and for a retCode that is not 0.
    """
    if not isinstance(answer, dict) or answer.get("retCode") != 0:
        raise malformed(VENUE, "should list instruments (retCode 0) and does not", json.dumps(answer)[:200])
    result = answer.get("result")
    rows = result.get("list") if isinstance(result, dict) else None
    if not isinstance(result, dict) or not isinstance(rows, list):
        raise malformed(VENUE, "should list instruments (result.list) and does not", json.dumps(answer)[:200])
    found = [
        row["symbol"]
        for row in rows
        if isinstance(row, dict) and isinstance(row.get("symbol"), str) and row.get("status", "Trading") == "Trading"
    ]
    return tuple(found), str(result.get("nextPageCursor") or "")
