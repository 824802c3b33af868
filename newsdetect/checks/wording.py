"""Numbers and times as a reader of a verdict sees them: `$82.0–137.6 M`, `21:04 UTC on 2025-08-25`, `2.5 %`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from newsdetect.types import Interval, Period

_SCALES = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


def money(value: float) -> str:
    """Write dollars: `$852 M`, `$1.04 B`, `$33.8 M`."""
    scale, letter = _scale(value)
    return f"${value / scale:.4g}{letter}"


def span(interval: Interval, *, unit: str = "USD") -> str:
    """Write an interval: `$82.0–137.6 M`, `at least $3.10 B`, `up to $33.8 M`."""
    low, high = interval.low, interval.high
    if unit != "USD":
        return f"{count(low or 0.0)}–{count(high)} {unit}" if high is not None else f"at least {count(low or 0)} {unit}"
    if high is None:
        return f"at least {money(low or 0.0)}"
    if not low:
        return f"up to {money(high)}"
    scale, letter = _scale(high)
    first, last = _digits(low / scale), _digits(high / scale)
    return f"${last}{letter}" if first == last else f"${first}–{last}{letter}"


def count(value: float) -> str:
    """Write a plain number with its thousands grouped."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.4g}"


def percent(share: float) -> str:
    """Write a share: `2.5 %`, `81 %`."""
    return f"{100 * share:.1f} %" if abs(share) < 0.1 else f"{100 * share:.0f} %"


def percents(shares: Interval) -> str:
    """Write a range of shares: `10–16 %`, `10 % or more`, `up to 16 %`; nothing where both ends are open."""
    low, high = (None if end is None else percent(end) for end in (shares.low, shares.high))
    if low is None or high is None:
        return f"up to {high}" if high else f"{low} or more" if low else ""
    return high if low == high else f"{low[:-2]}–{high}"


def clock(at: datetime) -> str:
    """Write an instant to the minute."""
    # Thousands are written in a batch of checks: `strftime` costs thrice as much.
    utc = at.astimezone(UTC)
    return f"{utc.isoformat(' ', 'minutes')[:16]} UTC"


def stretch(period: Period) -> str:
    """Write a window by its length and end: `the 24 h to 2025-08-25 21:04 UTC`."""
    hours = period.hours
    length = f"{hours:.3g} h" if hours >= 1 else f"{hours * 60:.3g} min"
    return f"the {length} to {clock(period.end)}"


def listed(names: Sequence[str]) -> str:
    """Join names: `BTC, ETH and SOL`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def _scale(value: float) -> tuple[float, str]:
    # A shade below the next scale is written in that one, so that no $1000 M appears.
    return next(((scale, f" {letter}") for scale, letter in _SCALES if abs(value) >= 0.9995 * scale), (1.0, ""))


def _digits(number: float) -> str:
    return f"{number:.0f}" if abs(number) >= 1000 else f"{number:.1f}" if abs(number) >= 10 else f"{number:.2f}"
