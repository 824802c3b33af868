"""Two figures that are the ends of one range: `$300 and $350 million`, `$750-800 million`, `$8 billion to $10 billion`.

A range has its joint between its figures, ends of one order of size, and no verb that makes them a way from one to the
other ("rose from $1 billion to $2 billion" tells two figures, "estimates range from $1 billion to $2 billion" one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from newsdetect.claims.amount import Amount
from newsdetect.claims.numerals import NUMBER, SCALE_WORD, SPACE, scale_of, worth

_JOINED = re.compile(r"\s?(?:to|and|[-–—])\s?")
_HYPHENED = re.compile(
    rf"-(?P<number>{NUMBER})(?:{SPACE}{{0,2}}(?P<scale>{SCALE_WORD})\b|(?P<letter>[kKmMbBtT]|mm)(?!\w))"
)
_WAY = re.compile(
    r"\b(?:from|rose|jump\w+|climb\w+|increas\w+|surg\w+|fell|drop\w+|up|down|shr[aiu]nk\w*|grew|grow\w*|slid|s[ai]nk\w*)"
    r"\s(?:\S+\s){0,2}$",
    re.IGNORECASE,
)
# "By $200 billion to $2.9 trillion": a step and where it led. "By $300 to $350 million" is a range.
_STEP = re.compile(r"\bby\s(?:[a-z]+\s){0,2}$", re.IGNORECASE)
_RANGING = re.compile(
    r"\b(?:rang(?:e|es|ed|ing)|anywhere|anything|somewhere|var(?:y|ies|ied|ying)|estimates?|estimated|forecasts?|of)\s"
    r"(?:\w+\s)?from\s(?:[a-z]+\s){0,2}$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s(?:[a-z]+\s){0,2}$", re.IGNORECASE)
#: How far apart a range's ends may be, and a step's from where it led.
_WIDEST, _STEP_WIDEST = 20, 2


def ranges(content: str, found: list[Amount]) -> Iterator[Amount]:
    """Give the figures in order, those that are ends of one range joined."""
    position = 0
    while position < len(found):
        first = found[position]
        joined = _hyphened(content, first)
        if joined is None and position + 1 < len(found):
            joined = _join(content, first, found[position + 1])
            position += joined is not None
        yield joined or first
        position += 1


def _hyphened(content: str, first: Amount) -> Amount | None:
    """Read the second end of `$750-800 million`, which is no figure of its own."""
    hit = _HYPHENED.match(content, first.end) if first.kind == "money" else None
    if hit is None:
        return None
    return _range(first, hit.end(), worth(hit["number"], scale_of(hit["scale"], hit["letter"])), scaled=True)


def _join(content: str, first: Amount, second: Amount) -> Amount | None:
    """Give the range of two figures, or None where they are two figures."""
    gap = content[first.end : second.start]
    if len(gap) > 5 or not _JOINED.fullmatch(gap) or first.kind != "money" or second.kind not in ("money", "bare"):
        return None
    before = content[max(0, first.start - 40) : first.start]
    if "and" in gap and not _BETWEEN.search(before):
        return None
    if "to" in gap and not _RANGING.search(before):
        step = _STEP.search(before)
        if step and first.scaled and second.value > _STEP_WIDEST * first.value:
            return None
        if _WAY.search(before) and (first.scaled or not step):
            return None
    return _range(first, second.end, second.value, scaled=second.scaled)


def _range(first: Amount, end: int, high: float, *, scaled: bool) -> Amount | None:
    """Give the range up to `high`, or None where the ends are out of order or orders apart."""
    low = first.value
    if scaled and not first.scaled and low < 1000:
        low *= 10 ** (3 * ((len(str(int(high))) - 1) // 3))
    if not low < high <= _WIDEST * low:
        return None
    return replace(first, end=end, value=(low + high) / 2, low=low, high=high, rule="amount.range", scaled=scaled)
