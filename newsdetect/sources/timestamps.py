"""A feed's times in UTC; what cannot be a time is unknown, never now."""

from __future__ import annotations

import calendar
import time
from datetime import UTC, datetime

#: A year outside is a counter or a typing error: no crypto news is older, and none is from the next century.
_YEARS = range(1995, 2100)


def from_parsed(parsed: time.struct_time | None) -> datetime | None:
    """Make feedparser's UTC tuple an instant."""
    if parsed is None or parsed.tm_year not in _YEARS:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError):
        return None


def from_iso(value: str | None) -> datetime | None:
    """Read RFC 3339 as JSON Feed writes it; a time without a zone is nobody's clock and stays unknown."""
    try:
        at = datetime.fromisoformat((value or "").strip())
    except ValueError:
        return None
    if at.tzinfo is None or at.year not in _YEARS:
        return None
    return at.astimezone(UTC)
