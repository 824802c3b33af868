"""What a figure's words stand for: the interval of a stated number, by its last digit and its hedge.

`$343 million` is 342.5 to 343.5 million, `over $343 million` is 343 up to 2 % more, `at least` leaves the end open. How
far a hedge reaches depends on how many digits were stated; those spreads are data (fixtures/checks/intervals.toml).

Trailing zeros of a scaled figure count as stated (`$300 million` is 299.5 to 300.5 million); whole groups of zeros in a
figure without a scale do not (`417,000 traders` is 416,500 to 417,500), for those stand for the word thousand.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from newsdetect.bundled import fixtures
from newsdetect.types import Hedge, Interval

_DIGITS = re.compile(r"\d[\d,\s\u202f\u00a0\u2009]*(?:\.\s?\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[,\s\u202f\u00a0\u2009]\d{3})+(?!\d)")
#: How far a rough figure may lie beside the precise one, as a share of it: of one digit, and of more.
_ONE_DIGIT, _MORE_DIGITS = 0.025, 0.05


def interval(  # noqa: PLR0913 -- a figure, its words and its range: all of them optional
    value: float,
    *,
    text: str | None = None,
    hedge: Hedge = "exact",
    word: str | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Interval:
    """Give what a figure stands for, in the unit of `value`.

    `text` is the figure as written (its last digit is read from it; without it from the value's digits), `word` the
    hedge word where known, which tells `at least` (open) from `over`, and `nearly` from `about`. `low` and `high` are
    the ends of a stated range. Null ends are open; zero and less stand for themselves.
    """
    if low is not None and high is not None and low <= high:
        return Interval(
            low=None if hedge == "at_most" else low, high=None if hedge == "at_least" and _open(word) else high
        )
    spread = value * _spread(value)
    if hedge == "at_most":
        return Interval(low=None, high=value)
    if hedge == "at_least":
        return Interval(low=value, high=None if _open(word) else max(value, value + spread))
    if hedge == "about":
        above = 0.0 if _listed("below", word) else max(0.0, spread / 2)
        return Interval(low=min(value, value - spread / 2), high=value + above)
    half = last_digit(value, text) / 2
    return Interval(low=max(0.0, value - half) if value >= 0 else value - half, high=value + half)


def last_digit(value: float, text: str | None = None) -> float:
    """Give the worth of a figure's last stated digit, in the unit of `value`: 1e6 for `$343 million`."""
    written = _DIGITS.search(text) if text else None
    if written is not None:
        number, decimals = _read(written[0])
        if number > 0 and value > 0:
            return 10.0**-decimals * (value / number)
    return float(10 ** max(0, len(f"{abs(value):.0f}") - significant_digits(value)))


def significant_digits(value: float) -> int:
    """Count the digits of a value without the zeros around them: 930 million has two, 1.04 billion three."""
    return max(1, len(f"{abs(value):.12g}".split("e", maxsplit=1)[0].replace(".", "").strip("0")))


def same_rounded(one: float, other: float) -> bool:
    """Tell whether two values can be one figure: they are equal, or one is the other told more roughly."""
    return one == other or _rounds(one, other) or _rounds(other, one)


def _rounds(rough: float, precise: float) -> bool:
    """Tell whether `rough` is `precise` with fewer digits, or cut down to its first ones ("over $460M" for 462)."""
    off = abs(rough - precise)
    if off > _MORE_DIGITS * precise:
        return False
    digits = significant_digits(rough)
    if digits == 1 and off > _ONE_DIGIT * precise:
        return False
    return float(f"{precise:.{digits}g}") == rough or (
        digits > 1 and 0 <= precise - rough < 10 ** (len(str(int(rough))) - digits)
    )


def _read(written: str) -> tuple[float, int]:
    """Give a written number and how many of its digits stand behind the point; whole groups of zeros count below it."""
    plain = re.sub(r"\s", "", written)
    grouped = _GROUPED.fullmatch(written.strip()) is not None
    digits = plain.replace(",", "") if grouped or "." in plain else plain.replace(",", ".", 1).replace(",", "")
    digits = digits.rstrip(".")
    decimals = len(digits.partition(".")[2])
    if grouped:
        zeros = re.search(r"(?:000)+$", digits)
        decimals = -len(zeros[0]) if zeros else 0
    return float(digits), decimals


def _spread(value: float) -> float:
    """Give r, the reach of a hedge as a share of the figure."""
    spread = _data()["spread"]
    names = {1: "one_digit", 2: "two_digits"}
    return float(spread[names.get(significant_digits(value), "more_digits")])


def _open(word: str | None) -> bool:
    return _listed("open_above", word)


def _listed(words: str, word: str | None) -> bool:
    return word is not None and " ".join(word.casefold().split()) in _data()["words"][words]


@cache
def _data() -> dict[str, Any]:
    with (fixtures() / "checks" / "intervals.toml").open("rb") as file:
        return tomllib.load(file)
