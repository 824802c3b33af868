"""Figures in a text: money, coin amounts, counts of traders and plain numbers, as they are written in the news.

One pass of one regular expression finds every number with what stands around it (currency, scale, unit); code then
says what it is. Each number is bounded in length and cannot start inside another, so that the pass is linear in the
text. Words of scales, currencies and units are data (fixtures/corpus/amounts.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from newsdetect.claims.corpus import any_word, corpus
from newsdetect.claims.entities import ASSETS

Kind = Literal["money", "coin", "count", "bare"]

_WORDS = corpus("amounts")
_SCALES: dict[str, float] = _WORDS["scales"]
_LETTERS: dict[str, float] = _WORDS["letters"]
_CURRENCIES: dict[str, str] = _WORDS["currencies"]
_CURRENCY_WORDS: dict[str, str] = _WORDS["currency_words"]

# Grouped by thousands (commas or odd spaces), or plain with a fraction that a feed may have torn off by a space.
_NUMBER = r"(?:\d{1,3}(?:,\d{3}|[\u202f\u00a0\u2009]\d{3}){1,5}(?:\.\d{1,4})?|\d{1,13}(?:\s?\.\d{1,6}|,\d{1,4})?)(?!\d)"
_SPACE = r"[\s\u202f\u00a0-]"
_SCALE = (
    rf"(?:{_SPACE}{{0,2}}(?P<scale>(?i:{any_word(_SCALES)}))\b(?:\.(?=\s?[A-Z€d]))?"
    rf"|(?P<letter>[kKmMbBtT])(?!\w)|\s(?P<spaced>[MBK])(?!\w))?"
)
_UNIT = rf"(?:{_SPACE}?\$?(?P<unit>(?i:{any_word(_CURRENCY_WORDS)})|{any_word(ASSETS)})(?!\w))?"
_AMOUNT = re.compile(
    r"(?:(?P<currency>(?:\b(?:US|A|C)|\bU\.S\.\s?)?\$|\bUSDT?(?=\s?\d)|\b(?:EUR|GBP)(?=\s?\d)|[€£₩¥])\s{0,2}"
    rf"|(?<![\w.,/:#@$€£₩¥+-])(?<!\d[\u202f\u00a0]))(?P<number>{_NUMBER})(?![:/]\d){_SCALE}{_UNIT}"
)
_KOREAN = re.compile(r"(?<!\d)(?:(?P<eok>[\d,]{1,9})억\s?)?(?:(?P<man>[\d,]{1,9})만\s?)?(?P<unit>달러|원)")
_WORDED = re.compile(
    r"\b(?:(?P<half>half[\s-]an?)|(?P<quarter>a\squarter[\s-]of[\s-]an?)|(?P<three>three[\s-]quarters[\s-]of[\s-]an?)|(?P<one>an?|one))"
    r"[\s-](?P<scale>billion|million|trillion)\b(?:\s(?:US\s)?dollars?\b)?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"\s(?:(?!and\b|of\b|in\b|from\b|hours?\b|days?\b|minutes?\b|weeks?\b|percent\b)[A-Za-z-]{{2,14}}\s){{0,2}}(?:{any_word(_WORDS['counted']['nouns'])})\b",
    re.IGNORECASE,
)
_SIGNED = frozenset({" -", " −", " +", "-", "−", "+"})
_JOINED = re.compile(r"\s?(?:to|and|[-–—])\s?")
_NOT_RANGE = re.compile(
    r"\b(?:from|rose|jump\w+|climb\w+|increas\w+|surg\w+|fell|drop\w+|up|down)\s(?:\S+\s){0,2}$", re.IGNORECASE
)
_BETWEEN = re.compile(r"\bbetween\s(?:[a-z]+\s){0,2}$", re.IGNORECASE)


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


def find_amounts(content: str) -> list[Amount]:
    """Find the figures of a content in order; ranges are one figure, spans do not overlap."""
    found = [*_worded(content), *_korean(content)]
    found += [amount for hit in _AMOUNT.finditer(content) if (amount := _read(content, hit)) is not None]
    found.sort(key=lambda amount: (amount.start, amount.start - amount.end))
    apart: list[Amount] = []
    for amount in found:
        if not apart or amount.start >= apart[-1].end:
            apart.append(amount)
    return list(_ranges(content, apart))


def _read(content: str, hit: re.Match[str]) -> Amount | None:  # noqa: PLR0911 -- one return a kind of number
    """Say what one number with its surroundings is; None for one too large to be meant."""
    if content[max(0, hit.start() - 2) : hit.start()].lstrip("(") in _SIGNED:
        return None  # a result with its sign, "from +$83 million to -$12 million"
    scale = _scale(hit)
    # In decimals: 8.2 million is 8,200,000 and not a billionth less.
    value = float(Decimal(str(_number(hit["number"]))) * Decimal(str(scale)))
    if not 0 < value < 1e15:
        return None
    start, end, unit = hit.start(), hit.end(), hit["unit"]
    scaled = scale >= 1e6 or value >= 1e6
    bare_end = hit.end("spaced") if hit["spaced"] else max(hit.end("number"), hit.end("scale"), hit.end("letter"))
    if hit["currency"]:
        currency = _CURRENCIES.get(re.sub(r"\s", "", hit["currency"]).replace("U.S.", "US"), "USD")
        return Amount(
            start,
            end if unit in ("USD", "dollars") else bare_end,
            value,
            currency,
            "money",
            "amount.money",
            scaled=scaled,
        )
    start = hit.start("number")
    if unit in ASSETS:
        return Amount(start, end, value, ASSETS[unit], "coin", "amount.coin", scaled=scaled)
    if unit:
        currency = _CURRENCY_WORDS[re.sub(r"\s", " ", unit).casefold()]
        return Amount(start, end, value, currency, "money", "amount.money.suffix", scaled=scaled)
    if _COUNTED.match(content, bare_end):
        return Amount(start, bare_end, value, "traders", "count", "amount.count", scaled=scaled)
    return Amount(start, bare_end, value, "USD", "bare", "amount.bare", scaled=scale >= 1e6)


def _scale(hit: re.Match[str]) -> float:
    """Give what the number is multiplied with."""
    if hit["scale"]:
        return _SCALES[re.sub(r"\s", " ", hit["scale"]).casefold()]
    letter = hit["letter"] or hit["spaced"]
    return _LETTERS[letter.casefold()] if letter else 1.0


def _number(written: str) -> float:
    """Read digits: commas and odd spaces before three digits group, any other comma is a decimal point."""
    digits = re.sub(r"\s", "", written)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    return float(digits.replace(",", "."))


def _worded(content: str) -> Iterator[Amount]:
    """Find figures in words: half a billion, a million dollars."""
    for hit in _WORDED.finditer(content):
        share = 0.5 if hit["half"] else 0.25 if hit["quarter"] else 0.75 if hit["three"] else 1.0
        value = share * _SCALES[hit["scale"].casefold()]
        sure = share != 1.0 or hit[0].casefold().endswith(("dollars", "dollar"))
        yield Amount(
            hit.start(), hit.end(), value, "USD", "money" if sure else "bare", "amount.money.words", scaled=True
        )


def _korean(content: str) -> Iterator[Amount]:
    """Find Korean figures: 억 is 10^8, 만 is 10^4."""
    for hit in _KOREAN.finditer(content):
        value = sum(
            float(hit[name].replace(",", "") or 0) * scale for name, scale in (("eok", 1e8), ("man", 1e4)) if hit[name]
        )
        if 0 < value < 1e17:
            unit = _CURRENCY_WORDS[hit["unit"]]
            yield Amount(hit.start(), hit.end(), value, unit, "money", "amount.money.korean", scaled=True)


def _ranges(content: str, found: list[Amount]) -> Iterator[Amount]:
    """Join two neighbouring figures that are the ends of one range."""
    position = 0
    while position < len(found):
        first = found[position]
        joined = _join(content, first, found[position + 1]) if position + 1 < len(found) else None
        yield joined or first
        position += 2 if joined else 1


def _join(content: str, first: Amount, second: Amount) -> Amount | None:
    """Give the range of two figures, or None where they are two figures."""
    gap = content[first.end : second.start]
    if len(gap) > 5 or not _JOINED.fullmatch(gap) or first.kind != "money" or second.kind not in ("money", "bare"):
        return None
    before = content[max(0, first.start - 30) : first.start]
    if ("and" in gap and not _BETWEEN.search(before)) or ("to" in gap and _NOT_RANGE.search(before)):
        return None
    low, high = first.value, second.value
    if second.scaled and not first.scaled and low < 1000:
        low *= 10 ** (3 * ((len(str(int(high))) - 1) // 3))
    if not low < high <= 20 * low:
        return None
    return replace(
        first, end=second.end, value=(low + high) / 2, low=low, high=high, rule="amount.range", scaled=second.scaled
    )
