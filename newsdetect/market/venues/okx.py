"""OKX: `liquidation-orders` by instrument type, at most one order a contract and second.

`posSide` names the position; `side` is the ORDER's. Where `posSide` is `net`, a sell closed a long. `sz` counts
contracts. On connecting, OKX tells the last message once more: its orders keep their keys, so they are stored once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from newsdetect.market.coins import coin_of
from newsdetect.market.venues.contracts import Contracts, ContractSize, shipped
from newsdetect.market.venues.fields import BadField, choice, milliseconds, positive, sane, word
from newsdetect.market.venues.order import LiquidationOrder
from newsdetect.market.venues.parsed import Parsed, malformed, numbered, read_json
from newsdetect.market.venues.symbols import DOLLARS

VENUE = "OKX"
CHANNEL = "liquidation-orders"
TYPES = ("SWAP", "FUTURES")
_MARKETS = {"SWAP": "swap", "FUTURES": "futures"}
_ORDER_SIDES = {"sell": "long", "buy": "short"}


def subscriptions(symbols: Sequence[str] = ()) -> list[str]:  # noqa: ARG001 -- the channel takes no symbols
    """Give what to send after connecting: the channel tells all contracts of a type."""
    return [json.dumps({"op": "subscribe", "args": [{"channel": CHANNEL, "instType": kind}]}) for kind in TYPES]


def ping() -> str | None:
    """Give the ping that keeps an idle connection open beyond 30 seconds."""
    return "ping"


def market_of(symbol: str) -> str | None:
    """Tell the market of a symbol by its form: `swap`, `futures`, or None where it is none of OKX's."""
    if re.fullmatch(r"[A-Z0-9]+-[A-Z0-9]+-SWAP", symbol):
        return "swap"
    return "futures" if re.fullmatch(r"[A-Z0-9]+-[A-Z0-9]+-\d{6}", symbol) else None


def parse(message: bytes | str, contracts: Contracts | None = None) -> Parsed:
    """Read one message. Raise MalformedMessage for what is none of OKX's."""
    if message in ("pong", b"pong"):
        return Parsed("pong")
    said = read_json(VENUE, message)
    if not isinstance(said, dict):
        raise malformed(VENUE, "is no object", message)
    if "event" in said:
        return _answer(said)
    channel = said["arg"].get("channel") if isinstance(said.get("arg"), dict) else None
    if channel is None:
        raise malformed(VENUE, "is neither an event nor of a channel", message)
    if channel != CHANNEL:
        return Parsed("other", detail=str(channel)[:80])
    rows = said.get("data")
    if not isinstance(rows, list):
        raise malformed(VENUE, "of liquidations has no list (data)", message)
    return _orders(rows, contracts or shipped(VENUE))


def _orders(rows: Sequence[Any], contracts: Contracts) -> Parsed:
    orders: list[LiquidationOrder] = []
    rejected: list[str] = []
    for row in rows:
        details = row.get("details") if isinstance(row, dict) else None
        if not isinstance(details, list):
            rejected.append("a row has no list of details")
            continue
        for detail in details:
            try:
                orders.append(_order(row, detail, contracts))
            except BadField as fault:
                rejected.append(str(fault))
    return Parsed("orders", numbered(orders), tuple(rejected))


def _answer(said: Mapping[str, Any]) -> Parsed:
    event = said["event"]
    if event == "error":
        return Parsed("error", detail=f"{said.get('code')}: {said.get('msg')}"[:300])
    if event == "subscribe":
        arg = said.get("arg")
        return Parsed("ack", detail=str(arg.get("instType", "")) if isinstance(arg, dict) else "")
    return Parsed("other", detail=str(event)[:80])


def _order(row: Mapping[str, Any], detail: Any, contracts: Contracts) -> LiquidationOrder:  # noqa: ANN401 -- likewise
    if not isinstance(detail, dict):
        raise BadField(f"a detail is no object: {detail!r:.60}")
    symbol = word(row, "instId")
    kind = choice(row, "instType", _MARKETS)
    side = detail.get("posSide")
    if side not in ("long", "short"):
        side = choice(detail, "side", _ORDER_SIDES)
    price = positive(detail, "bkPx", "bankruptcy price")
    count = positive(detail, "sz", "size")
    time_ms = milliseconds(detail, "ts")
    base, _, rest = symbol.partition("-")
    quote = rest.partition("-")[0]
    if not base or quote not in DOLLARS:
        raise BadField(f"{symbol} is not quoted in dollars: its value is not known")
    size = contracts.get(symbol)
    if size is None:
        raise BadField(f"the contract size of {symbol} is not known")
    usd = count * size.size * (price if size.unit == "coin" else 1.0)
    sane(price, usd)
    quantity = count * size.size if size.unit == "coin" else usd / price
    of = coin_of(base)
    return LiquidationOrder(VENUE, kind, symbol, of.asset, side, price / of.unit, quantity * of.unit, usd, time_ms)


def contract_sizes(answer: Any) -> dict[str, ContractSize]:  # noqa: ANN401 -- whatever came
    """Read `GET /api/v5/public/instruments`: `ctVal` × `ctMult`, in USD for inverse contracts, else in coins.

    Raise MalformedMessage for another answer, and for a code that is not "0".
    """
    rows = answer.get("data") if isinstance(answer, dict) and str(answer.get("code")) == "0" else None
    if not isinstance(rows, list):
        raise malformed(VENUE, 'should list instruments (code "0", data) and does not', json.dumps(answer)[:200])
    found = {}
    for row in rows:
        try:
            size = positive(row, "ctVal", "contract value")
            size *= positive(row, "ctMult", "contract multiplier") if row.get("ctMult") else 1.0
            found[word(row, "instId")] = ContractSize(size, "usd" if row.get("ctValCcy") == "USD" else "coin")
        except (BadField, AttributeError):
            continue  # such a contract stays unknown, and its orders are refused by name
    return found
