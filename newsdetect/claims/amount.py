"""One figure of a text: where it stands, what it is worth, and what kind of number it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["money", "coin", "count", "bare"]


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure: characters `[start, end)` of the content, its value in whole units, a range's ends."""

    start: int
    end: int
    value: float
    unit: str
    kind: Kind
    rule: str
    #: The ends of a range, else null.
    low: float | None = None
    high: float | None = None
    #: Written with a scale (million, B) or as at least six digits: sums have one, most prices have not.
    scaled: bool = False
