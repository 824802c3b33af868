"""Read one field of a feed's row by the rule it must keep; a broken rule is a `BadField` that names field and value.

The limits are those of market files (cleaning.py): a larger number has its unit wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_MOST_PRICE, _MOST_ORDER = 1e8, 1e11
#: 2009-01-03 and 2100-01-01 in milliseconds: seconds, micro- and nanoseconds all lie outside.
_FIRST_MS, _LAST_MS = 1_230_940_800_000, 4_102_444_800_000
_LONGEST_NAME = 80


class BadField(ValueError):
    """A row's field breaks a rule: the row is no order."""


def positive(row: Mapping[str, Any], name: str, what: str) -> float:
    """Give a field as a finite number above zero."""
    said = row.get(name)
    if isinstance(said, bool) or not isinstance(said, (str, int, float)):
        raise BadField(f"{what} ({name}) is missing or no number: {_shown(said)}")
    try:
        number = float(said)
    except (ValueError, OverflowError):
        raise BadField(f"{what} ({name}) is no number: {_shown(said)}") from None
    if not math.isfinite(number):
        raise BadField(f"{what} ({name}) is no finite number: {_shown(said)}")
    if number <= 0:
        raise BadField(f"{what} ({name}) is {'zero' if number == 0 else 'negative'}: {_shown(said)}")
    return number


def milliseconds(row: Mapping[str, Any], name: str) -> int:
    """Give a field as milliseconds since 1970, an integer or its digits; other units are refused."""
    said = row.get(name)
    if isinstance(said, str) and said.isdecimal() and said.isascii():
        said = int(said[:32])
    if isinstance(said, bool) or not isinstance(said, int):
        raise BadField(f"time ({name}) is missing or no whole number: {_shown(said)}")
    if not _FIRST_MS <= said < _LAST_MS:
        raise BadField(f"time ({name}) is not in milliseconds since 1970: {_shown(said)}")
    return said


def sent_at(row: Mapping[str, Any], name: str) -> int | None:
    """Give when a message was sent, in milliseconds; None where it does not say so."""
    try:
        return milliseconds(row, name)
    except BadField:
        return None


def word(row: Mapping[str, Any], name: str) -> str:
    """Give a field as a name: short, printable, not empty."""
    said = row.get(name)
    if not isinstance(said, str) or not said:
        raise BadField(f"{name} is missing or no text: {_shown(said)}")
    if len(said) > _LONGEST_NAME or not said.isprintable() or not said.isascii():
        raise BadField(f"{name} is no name: {_shown(said)}")
    return said


def choice(row: Mapping[str, Any], name: str, of: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- what the table holds
    """Give what a field's word stands for."""
    said = row.get(name)
    if not isinstance(said, str) or said not in of:
        raise BadField(f"{name} is none of {', '.join(of)}: {_shown(said)}")
    return of[said]


def sane(price: float, usd: float) -> None:
    """Refuse what no market ever saw."""
    if price > _MOST_PRICE:
        raise BadField(f"price is absurdly high: {price:g}")
    if usd > _MOST_ORDER:
        raise BadField(f"order is absurdly large: {usd:g} USD")


def _shown(said: object) -> str:
    return repr(said)[:60]
