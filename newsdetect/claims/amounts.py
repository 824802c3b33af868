"""Figures in a text: money, coin amounts, counts of traders and plain numbers, as they are written in the news.

One pass of one regular expression finds every number with what stands around it (currency, scale, unit); code then
says what it is. Each number is bounded in length and cannot start inside another, so that the pass is linear in the
text. Words of scales, currencies and units are data (fixtures/corpus/amounts.toml); how numbers are written, figures in
words and in other scripts, and ranges have modules of their own (`numerals`, `worded`, `ranges`).
"""

from __future__ import annotations

import re

from newsdetect.claims.amount import Amount, Kind
from newsdetect.claims.corpus import any_of, any_word, corpus, spaced
from newsdetect.claims.entities import ASSETS
from newsdetect.claims.numerals import NUMBER, SCALE_WORD, SPACE, groups_by_points, scale_of, worth
from newsdetect.claims.ranges import ranges
from newsdetect.claims.worded import COUNTED, by_myriads, in_words

__all__ = ["Amount", "Kind", "find_amounts"]

_WORDS = corpus("amounts")
_CURRENCIES: dict[str, str] = _WORDS["currencies"]
_CURRENCY_WORDS: dict[str, str] = _WORDS["currency_words"]
_BY_THOUSANDS = frozenset(_WORDS["thousands"]["coins"])

# Behind a currency a scale may run into the next word ("$460.1MShorts") or stand off as a small letter ("$270 m").
# A plus may stand between: "$500+ million".
_SCALE = (
    rf"(?:(?:\+|-plus(?=[\s-]))?{SPACE}{{0,2}}(?P<scale>{SCALE_WORD})\b(?:\.(?=\s?[A-Z€d]))?"
    r"|\+?(?P<letter>[kKmMbBtT](?!\w)|(?(currency)(?:mm(?!\w)|(?:[KMBT]|(?i:[mb]illion))(?=[A-Z][a-z]))|(?!)))"
    r"|\s(?P<spaced>[MBK]|(?(currency)[mbk]|(?!)))(?![\w'’]))?"
)
_UNIT = rf"(?:(?:[^\S\n]|-)?\$?(?P<unit>(?i:{any_word(_CURRENCY_WORDS)})|{any_word(ASSETS)})(?!\w))?"
# Behind a coin and a stroke a currency's code is half of a pair: "BTC/USDT 4-hour", but "EUR 5 million/USD 6 million".
_PREFIX = (
    r"(?:\b(?:US|HK|A|C|S)|\bU\.S\.\s?)?\$|[€£₩¥]"
    r"|(?<![A-Z]{2}[/-])\b(?:USDT?|EUR|GBP|CHF|CNY|RMB|HKD|SEK|JPY|KRW)(?=\s?\d)"
)
_AMOUNT = re.compile(
    rf"(?:(?P<currency>{_PREFIX})\s{{0,2}}"
    rf"|(?<![\w.,/:#@$€£₩¥+-])(?<!\d[\u202f\u00a0\u2423]))(?P<number>{NUMBER})(?![:/]\d){_SCALE}{_UNIT}"
)
_SIGNED = frozenset({" -", " −", " +", "-", "−", "+"})
_LABEL = re.compile(rf"\b{any_of(_WORDS['labels']['words'])}:\s?$", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d$")


def find_amounts(content: str) -> list[Amount]:
    """Find the figures of a content in order; ranges are one figure, spans do not overlap."""
    found = [*in_words(content), *by_myriads(content)]
    found += [amount for hit in _AMOUNT.finditer(content) if (amount := _read(content, hit)) is not None]
    found.sort(key=lambda amount: (amount.start, amount.start - amount.end))
    apart: list[Amount] = []
    for amount in found:
        if not apart or amount.start >= apart[-1].end:
            apart.append(amount)
    return list(ranges(content, apart))


def _read(content: str, hit: re.Match[str]) -> Amount | None:
    """Say what one number with its surroundings is; None for a result with its sign, a name, or one too large."""
    if _is_result(content, hit.start()) or _is_name(hit):
        return None
    scale = scale_of(hit["scale"], hit["letter"] or hit["spaced"])
    value = worth(
        hit["number"], scale, by_points=groups_by_points(hit["scale"], None if hit["currency"] else hit["unit"])
    )
    if not 0 < value < 1e15:
        return None
    scaled = scale >= 1e6 or value >= 1e6
    return _money(hit, value, scaled=scaled) or _plain(content, hit, value, scale)


def _is_result(content: str, start: int) -> bool:
    """Tell a result with its sign ("from +$83 million to -$12 million") from a label's ("Bulls: -$460 million")."""
    if content[max(0, start - 2) : start].lstrip("(") not in _SIGNED:
        return False
    return not _LABEL.search(content, max(0, start - 22), start - 1)


def _is_name(hit: re.Match[str]) -> bool:
    """Tell a token's or contract's name from a figure: `USD1`, `1000PEPE`."""
    if hit["scale"] or hit["letter"] or hit["spaced"]:
        return False
    if hit["currency"] == "USD":
        return hit[0] == "USD1"
    return hit["number"] == "1000" and hit["unit"] in _BY_THOUSANDS and hit.start("unit") == hit.end("number")


def _money(hit: re.Match[str], value: float, *, scaled: bool) -> Amount | None:
    """Read a figure with a currency before or behind it."""
    unit = spaced(hit["unit"] or "")
    if hit["currency"]:
        currency = _CURRENCIES.get(re.sub(r"\s", "", hit["currency"]).replace("U.S.", "US"), "USD")
        end = hit.end() if unit in ("USD", "dollars") else _end(hit)
        return Amount(hit.start(), end, value, currency, "money", "amount.money", scaled=scaled)
    if not unit or unit in ASSETS:
        return None
    currency = _CURRENCY_WORDS[unit.casefold()]
    if currency == "cents":
        value, currency = worth(str(value), 0.01), "USD"
    return Amount(hit.start("number"), hit.end(), value, currency, "money", "amount.money.suffix", scaled=scaled)


def _plain(content: str, hit: re.Match[str], value: float, scale: float) -> Amount:
    """Read a figure without a currency: coins, a count, or a number that only its sentence can settle."""
    start, end, unit = hit.start("number"), _end(hit), spaced(hit["unit"] or "")
    is_year = bool(_YEAR.match(hit["number"])) and bool(unit) and not unit.isupper()  # "in 2020 bitcoin"
    if unit in ASSETS and not (is_year and scale == 1):
        return Amount(start, hit.end(), value, ASSETS[unit], "coin", "amount.coin", scaled=scale >= 1e6 or value >= 1e6)
    if COUNTED.match(content, end):
        value = worth(hit["number"], scale, by_points=scale == 1)
        return Amount(start, end, value, "traders", "count", "amount.count", scaled=scale >= 1e6 or value >= 1e6)
    return Amount(start, end, value, "USD", "bare", "amount.bare", scaled=scale >= 1e6)


def _end(hit: re.Match[str]) -> int:
    """Give where a number ends with its scale, its unit left out."""
    return max(hit.end(name) for name in ("number", "scale", "letter", "spaced"))
