"""Figures without a Western scale on digits: in words ("half a billion dollars"), and in scripts that count by 10^4.

Korean, Japanese and Chinese write 4억5,504만달러: each sign multiplies the digits before it, and the parts are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsdetect.claims.amount import Amount, Kind
from newsdetect.claims.corpus import any_word, corpus, spaced
from newsdetect.claims.entities import ASSETS
from newsdetect.claims.numerals import worth

_WORDS = corpus("amounts")
_TENS: dict[str, float] = _WORDS["tens"]
_UNITS: dict[str, float] = _WORDS["ones"]
_NUMBERS: dict[str, float] = {
    **_WORDS["shares"],
    **_UNITS,
    **_TENS,
    **{f"{ten} {one}": _TENS[ten] + _UNITS[one] for ten in _TENS for one in _UNITS if 0 < _UNITS[one] < 10},
    **{f"{one} hundred": _UNITS[one] * 100 for one in _UNITS if _UNITS[one] < 10},
}
_SCALES: dict[str, float] = _WORDS["scales"]
_MYRIADS: dict[str, float] = _WORDS["myriads"]
_MYRIAD_UNITS: dict[str, str] = _WORDS["myriad_units"]

COUNTED = re.compile(
    r"(?:-odd|-plus|\+)?\s(?:of\s(?:their|its|our|his|her|the|those|these|all)\s)?"
    r"(?:(?!and\b|of\b|in\b|from\b|hours?\b|days?\b|minutes?\b|weeks?\b|percent\b)[A-Za-z-]{2,14}\s){0,2}"
    rf"(?:{any_word(_WORDS['counted']['nouns'])})\b",
    re.IGNORECASE,
)
_NUMBER = any_word(_NUMBERS).replace(r"\s", r"[\s-]")
_WORDED = re.compile(
    rf"(?<![\w-])(?<!hundred\s)(?<!hundred\sand\s)(?P<number>{_NUMBER})[\s-](?P<scale>billion|million|trillion)\b"
    rf"(?P<dollars>\s(?:US\s)?dollars?\b)?(?:\s(?-i:(?P<coin>{any_word(ASSETS)}))(?!\w))?",
    re.IGNORECASE,
)
_SIGNS = "".join(_MYRIADS)
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,9}(?:\.\d{1,4})?)(?!\d)"
_MYRIAD = re.compile(
    rf"(?<![\d.,])(?P<parts>{_DIGITS}(?:[{_SIGNS}]\s?{_DIGITS}){{0,3}}[{_SIGNS}]?)\s?(?P<unit>{any_word(_MYRIAD_UNITS)})"
)
_PART = re.compile(rf"(?P<number>{_DIGITS})(?P<sign>[{_SIGNS}]?)")


def in_words(content: str) -> Iterator[Amount]:
    """Find figures in words; without dollars only a share of a billion is surely money."""
    for hit in _WORDED.finditer(content):
        number = re.sub(r"[\s-]", " ", hit["number"]).casefold()
        value = _NUMBERS[number] * _SCALES[hit["scale"].casefold()]
        end = hit.end("dollars") if hit["dollars"] else hit.end("scale")
        if hit["coin"] and not hit["dollars"]:
            yield Amount(
                hit.start(), hit.end(), value, ASSETS[spaced(hit["coin"])], "coin", "amount.coin.words", scaled=True
            )
        elif not hit["dollars"] and COUNTED.match(content, end):
            yield Amount(hit.start(), end, value, "traders", "count", "amount.count.words", scaled=True)
        else:
            kind: Kind = "money" if hit["dollars"] or _NUMBERS[number] % 1 else "bare"
            yield Amount(hit.start(), end, value, "USD", kind, "amount.money.words", scaled=True)


def by_myriads(content: str) -> Iterator[Amount]:
    """Find figures that count by 10^4 and 10^8, or stand before a currency of those scripts."""
    for hit in _MYRIAD.finditer(content):
        parts = _PART.finditer(hit["parts"])
        value = sum(worth(part["number"], _MYRIADS.get(part["sign"], 1.0)) for part in parts)
        unit = _MYRIAD_UNITS[hit["unit"]]
        if not 0 < value < 1e17:
            continue
        if unit == "traders":
            yield Amount(
                hit.start(), hit.end("parts"), value, unit, "count", "amount.count.myriad", scaled=value >= 1e6
            )
        else:
            yield Amount(hit.start(), hit.end(), value, unit, "money", "amount.money.myriad", scaled=value >= 1e6)
