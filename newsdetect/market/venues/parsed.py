"""What one message of a live feed says: orders, an answer to what we sent, or something else."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from newsdetect.errors import MalformedMessage
from newsdetect.market.venues.order import LiquidationOrder

Kind = Literal["orders", "ack", "pong", "error", "other"]
#: How much of a malformed message its error shows.
_SHOWN = 120
#: Orders this much older than the first message that tells them were told before.
_STALE_MS = 60_000


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

    @property
    def latest_ms(self) -> int | None:
        """The time of its latest order."""
        return max((order.time_ms for order in self.orders), default=None)

    def is_stale(self, at_ms: int) -> bool:
        """Tell whether a connection's first message, come at `at_ms`, only tells old orders again: no sign of life."""
        latest = self.latest_ms
        return latest is not None and (self.sent_ms or at_ms) - latest > _STALE_MS


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
    seen: dict[LiquidationOrder, int] = {}
    found = []
    for order in orders:
        twin = seen.get(order, 0)
        seen[order] = twin + 1
        found.append(order if twin == 0 else replace(order, ordinal=twin))
    return tuple(found)
