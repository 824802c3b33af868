"""How each venue speaks on its WebSocket: orders, answers to subscriptions, pongs and errors, as their documents show.

Binance  a stream by path (`/market/ws/!forceOrder@arr`; COIN-M `/ws/…`) or by SUBSCRIBE; one order a message, and
         `S` is the order's side.
Bybit    a topic a symbol; a batch a message; `S` is the position's side, Buy for a long.
OKX      a channel an instType; rows hold several details; "net" positions leave only the order's side.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Protocol

from tests.market.exchange.orders import Order

CONNECTION = "465772b1-7630-4fdc-a492-e003e6f0f260"


class Wire(Protocol):
    """One venue's way to speak."""

    #: What follows the host's name in its URLs.
    path: str

    def topics(self, path: str) -> set[str]:
        """Give what a connection is subscribed to by its path alone."""

    def answer(self, text: str) -> tuple[list[str], set[str]]:
        """Answer what a client sent: messages to send back, and topics it is now subscribed to."""

    def topic(self, order: Order) -> str:
        """Name the topic that tells of an order."""

    def messages(self, orders: Sequence[Order], *, batch: int, now_ms: int) -> list[tuple[str, str]]:
        """Write orders as messages, each with its topic; `batch` orders a message where the venue batches."""


class Binance:
    """USD-M and COIN-M: only the former moved, only the latter names the pair `ps`.

    USD-M's old addresses still take every subscription and send nothing.
    """

    def __init__(self, market: str) -> None:
        self.path = "/market" if market == "usdm" else ""

    def topics(self, path: str) -> set[str]:
        """Read `…/ws/a/b` and `…/stream?streams=a/b`."""
        asked = path.removeprefix("/market")
        if asked.startswith("/stream"):
            return _streams(asked.partition("streams=")[2])
        return _streams(asked.removeprefix("/ws"))

    def answer(self, text: str) -> tuple[list[str], set[str]]:
        """Answer SUBSCRIBE with null, which means well."""
        try:
            asked: Any = json.loads(text)
            method, params, number = asked["method"], asked.get("params", []), asked.get("id")
        except (ValueError, KeyError, TypeError):
            return [_json({"error": {"code": 3, "msg": "Invalid JSON: expected value at line 1 column 1"}})], set()
        if method != "SUBSCRIBE":
            return [_json({"error": {"code": 2, "msg": "Invalid request: unknown variant"}, "id": number})], set()
        return [_json({"result": None, "id": number})], {each.lower() for each in params}

    def topic(self, order: Order) -> str:
        """Name the stream of an order's symbol; `!forceOrder@arr` has all."""
        return f"{order.of.symbol.lower()}@forceorder"

    def messages(self, orders: Sequence[Order], *, batch: int, now_ms: int) -> list[tuple[str, str]]:
        """Write one message an order."""
        return [(self.topic(order), _json(self._one(order, now_ms))) for order in orders]

    def _one(self, order: Order, now_ms: int) -> dict[str, Any]:
        said = {
            "s": order.of.symbol, "S": "SELL" if order.side == "long" else "BUY", "o": "LIMIT", "f": "IOC",
            "q": order.size, "p": _worse(order), "ap": order.price, "X": "FILLED", "l": order.size, "z": order.size,
            "T": order.time_ms,
        }  # fmt: skip
        if order.of.market == "coinm":
            said = {"s": order.of.symbol, "ps": order.of.symbol.split("_")[0], **said}
        return {"e": "forceOrder", "E": now_ms, "o": said}


class Bybit:
    """v5, linear and inverse."""

    def __init__(self, market: str) -> None:
        self.path = f"/v5/public/{market}"
        #: Symbols that are not listed now: a request that names one is refused whole.
        self.unlisted: set[str] = set()

    def topics(self, path: str) -> set[str]:
        """Nothing comes by path."""
        return set()

    def answer(self, text: str) -> tuple[list[str], set[str]]:
        """Answer subscribe and ping."""
        asked: Any = json.loads(text)
        number, args = asked.get("req_id", ""), asked.get("args", [])
        told = {"success": True, "ret_msg": "", "conn_id": CONNECTION, "req_id": number, "op": asked["op"]}
        if asked["op"] == "ping":
            return [_json(told | {"ret_msg": "pong"})], set()
        gone = {f"allLiquidation.{symbol}" for symbol in self.unlisted}
        wrong = [each for each in args if not each.startswith("allLiquidation.") or each in gone]
        if wrong:
            return [_json(told | {"success": False, "ret_msg": f"error:handler not found,topic:{wrong[0]}"})], set()
        return [_json(told)], set(args)

    def topic(self, order: Order) -> str:
        """Name the topic of an order's symbol."""
        return f"allLiquidation.{order.of.symbol}"

    def messages(self, orders: Sequence[Order], *, batch: int, now_ms: int) -> list[tuple[str, str]]:
        """Write a message of up to `batch` orders a run of one symbol."""
        return [
            (
                topic,
                _json({"topic": topic, "type": "snapshot", "ts": now_ms, "data": [self._one(each) for each in some]}),
            )
            for topic, run in groupby(orders, self.topic)
            for some in _batches(list(run), batch)
        ]

    def _one(self, order: Order) -> dict[str, Any]:
        side = "Buy" if order.side == "long" else "Sell"
        return {"T": order.time_ms, "s": order.of.symbol, "S": side, "v": order.size, "p": order.price}


class Okx:
    """v5, instType SWAP."""

    path = "/ws/v5/public"

    def topics(self, path: str) -> set[str]:
        """Nothing comes by path."""
        return set()

    def answer(self, text: str) -> tuple[list[str], set[str]]:
        """Answer a subscription's each argument; `ping` is a bare word."""
        if text == "ping":
            return ["pong"], set()
        asked: Any = json.loads(text)
        told: list[str] = []
        taken: set[str] = set()
        for each in asked["args"]:
            if each.get("channel") != "liquidation-orders" or "instType" not in each:
                words = "Wrong URL or channel doesn't exist. Please use the correct URL, channel and parameters"
                told.append(_json({"event": "error", "code": "60018", "msg": words, "connId": "a4d3ae55"}))
                continue
            told.append(_json({"event": "subscribe", "arg": each, "connId": "a4d3ae55"}))
            taken.add(f"liquidation-orders {each['instType']}")
        return told, taken

    def topic(self, order: Order) -> str:
        """Name the channel with its instType."""
        return "liquidation-orders SWAP"

    def messages(self, orders: Sequence[Order], *, batch: int, now_ms: int) -> list[tuple[str, str]]:
        """Write messages of up to `batch` orders, one row a run of one contract."""
        return [(self.topic(some[0]), self._message(some)) for some in _batches(orders, batch)]

    def _message(self, orders: Sequence[Order]) -> str:
        data = [
            {
                "details": [self._detail(each) for each in run], "instFamily": symbol.removesuffix("-SWAP"),
                "instId": symbol, "instType": "SWAP", "uly": symbol.removesuffix("-SWAP"),
            }
            for symbol, run in groupby(orders, lambda one: one.of.symbol)
        ]  # fmt: skip
        return _json({"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": data})

    def _detail(self, order: Order) -> dict[str, str]:
        # One in three positions is of a one-way account: only the order's side tells what it was.
        position = "net" if order.time_ms % 3 == 0 else order.side
        return {
            "bkLoss": "0", "bkPx": order.price, "ccy": "", "posSide": position,
            "side": "sell" if order.side == "long" else "buy", "sz": order.size, "ts": str(order.time_ms),
        }  # fmt: skip


def wire(feed: str) -> Wire:
    """Give the way a feed speaks."""
    venue, market = feed.split()
    if venue == "OKX":
        return Okx()
    return Binance(market) if venue == "Binance" else Bybit(market)


def _streams(text: str) -> set[str]:
    return {each.lower() for each in text.split("/") if each}


def _worse(order: Order) -> str:
    """Give the order's own price, not the one it was filled at: who reads `p` is off by a tick or more."""
    digits = len(order.price.partition(".")[2])
    return f"{float(order.price) * (0.996 if order.side == 'long' else 1.004):.{digits}f}"


def _batches(orders: Sequence[Order], size: int) -> Iterable[Sequence[Order]]:
    return (orders[at : at + size] for at in range(0, len(orders), size))


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
