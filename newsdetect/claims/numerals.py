"""How numbers are written: digits in groups, scales behind them, and the value of both together.

English groups by commas, feeds by odd spaces, German and Spanish by points. A point before three digits is a fraction
unless what follows settles it: a scale or currency of those languages, or a count, which has no fractions.
Values are worked out in decimals: 8.2 million is 8,200,000 and not a billionth less.
"""

from __future__ import annotations

import re
from decimal import Decimal

from newsdetect.claims.corpus import any_word, corpus

_WORDS = corpus("amounts")
_SCALES: dict[str, float] = _WORDS["scales"]
_LETTERS: dict[str, float] = _WORDS["letters"]
_BY_POINTS = frozenset(_WORDS["by_points"]["words"])

#: Spaces inside figures as feeds leave them: narrow, no-break, thin, and the sign for a blank.
ODD = "\u202f\u00a0\u2009\u2423"
SPACE = rf"[\s{ODD}-]"
#: Groups of three by commas, points or odd spaces; by plain spaces only where no other reading is left ("312 000 000").
#: Or plain, with a fraction that a feed may have torn off by a space. Each is bounded, so that a pass stays linear.
NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}}|[{ODD}]\d{{3}}){{1,5}}(?:\.\d{{1,4}})?|\d{{1,3}}(?:(?:\x20\d{{3}}){{2,4}}|\x20000)(?!\d|,\d)"
    r"|\d{1,3}(?:\.\d{3}){2,4}(?![.\d])|\d{1,13}(?:\s?\.\d{1,6}|,\d{1,4})?)(?!\d)"
)
#: A scale word, a letter on the number, or a letter after a space; `$5 m` and `$5mm` need the currency before them.
SCALE_WORD = rf"(?i:{any_word(_SCALES)})"

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3})+")


def scale_of(word: str | None, letter: str | None) -> float:
    """Give what a number is multiplied with."""
    if word:
        return _SCALES[re.sub(r"\s", " ", word).casefold()]
    return {**_SCALES, **_LETTERS}[letter.casefold()] if letter else 1.0


def groups_by_points(scale: str | None, unit: str | None) -> bool:
    """Tell a number whose scale or currency is of a language that groups by points: `1.500 millones`."""
    return any(re.sub(r"\s", " ", word).casefold() in _BY_POINTS for word in (scale, unit) if word)


def worth(number: str, scale: float = 1.0, *, by_points: bool = False) -> float:
    """Give a written number's value times its scale; `by_points`: a point before three digits groups."""
    digits = re.sub(rf"[\s{ODD}]", "", number)
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    elif _POINTED.fullmatch(digits) and (by_points or digits.count(".") > 1):
        digits = digits.replace(".", "")
    return float(Decimal(digits.replace(",", ".")) * Decimal(str(scale)))
