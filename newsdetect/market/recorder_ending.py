"""How a connection to a live feed ended, and how long the venue wants to be left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from websockets.exceptions import InvalidStatus

from newsdetect.config_record import RecordSettings
from newsdetect.errors import FetchError
from newsdetect.fetch.client import retry_after

_LONGEST_WAIT_S = 3 * 86_400.0
_WORDS = {
    403: "refused by its firewall",
    418: "banned for asking too often",
    429: "asked too often",
    451: "blocked where we are: no waiting mends that",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a session ended: why, the least time to wait before the next, and the symbol that the venue does not have."""

    why: str
    wait_s: float = 0.0
    unlisted: str | None = None


def refused(fault: InvalidStatus, settings: RecordSettings) -> Ended:
    """Tell an HTTP answer instead of a handshake."""
    status = fault.response.status_code
    told = retry_after(fault.response.headers.get("Retry-After"), datetime.now(UTC))
    words = _WORDS.get(status, "no WebSocket")
    return Ended(f"HTTP {status} instead of a handshake, {words}", wait_s=_wait(status, told, settings))


def wait_of(fault: FetchError, settings: RecordSettings) -> float:
    """Give how long a venue wants to be left alone after an answer of its REST interface, in seconds."""
    return _wait(fault.status, fault.retry_after, settings)


def _wait(status: int | None, told: float | None, settings: RecordSettings) -> float:
    if told is not None:
        return min(told, _LONGEST_WAIT_S)
    return {403: settings.forbidden_s, 418: settings.forbidden_s, 451: settings.blocked_s}.get(status or 0, 0.0)
