"""What one message of a live feed says: orders, an answer to what we sent, or something else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from newsdetect.errors import MalformedMessage
from newsdetect.market.venues.order import LiquidationOrder

Kind = Literal["orders", "ack", "pong", "error", "other"]
#: How much of a malformed message its error shows.
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Parsed:
    """One message, read. Rows that break a rule are in `rejected`, each with its reason, and are no orders."""

    kind: Kind
    orders: tuple[LiquidationOrder, ...] = ()
    rejected: tuple[str, ...] = ()
    #: What an error or an unknown message says.
    detail: str = ""
    #: When the venue says it sent the message, in milliseconds since 1970; null where it does not say.
    sent_ms: int | None = None


def read_json(venue: str, message: bytes | str) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """Read a message as JSON; raise MalformedMessage that shows its beginning."""
    try:
        return json.loads(message)
    except (ValueError, RecursionError) as fault:
        raise malformed(venue, "is no JSON", message) from fault


def malformed(venue: str, why: str, message: object) -> MalformedMessage:
    """Make the error that names the venue, what is wrong, and how the message begins."""
    words = message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    return MalformedMessage(f"{venue}: a message {why}: {words[:_SHOWN]!r}", key=venue)


def numbered(orders: list[LiquidationOrder]) -> tuple[LiquidationOrder, ...]:
    """Tell identical orders of one message apart by their ordinals."""
    if len(orders) < 2:
        return tuple(orders)
    # Nearly all messages hold no twins; `replace` is dear.
    seen: dict[LiquidationOrder, int] = {}
    found = []
    for order in orders:
        twin = seen.get(order, 0)
        seen[order] = twin + 1
        found.append(order if twin == 0 else _twin(order, twin))
    return tuple(found)


def _twin(order: LiquidationOrder, ordinal: int) -> LiquidationOrder:
    return LiquidationOrder(
        order.venue,
        order.market,
        order.symbol,
        order.asset,
        order.side,
        order.price,
        order.quantity,
        order.usd,
        order.time_ms,
        ordinal,
    )
