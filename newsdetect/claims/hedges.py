"""Hedges: whether a figure's words say exactly, about, at least or at most (fixtures/corpus/hedges.toml).

The hedge stands right in front of its figure, with at most a few filler words between ("exceeded a staggering $1
billion"), or right behind ("$900 million+"). "Up to" in the sense of risen to is no hedge.
"""

from __future__ import annotations

import re

from newsdetect.claims.amounts import Amount
from newsdetect.claims.corpus import any_of, any_word, corpus
from newsdetect.types import Hedge

_WORDS = corpus("hedges")
_FILLER = rf"(?:{any_word(_WORDS['filler'])}\s+){{0,4}}"


def _before(hedge: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of(_WORDS['before'][hedge])}[\s:]*{_FILLER}$", re.IGNORECASE)


_ABOUT, _AT_LEAST, _AT_MOST = _before("about"), _before("at_least"), _before("at_most")
_BEHIND, _ABOUT_BEHIND = (re.compile(any_of(_WORDS["behind"][hedge])) for hedge in ("at_least", "about"))
# "$500+ million", "1-plus billion".
_WITHIN = re.compile(r"\d(?:\+|-plus)[\s\w-]", re.IGNORECASE)
_RISEN = re.compile(
    r"\b(?:is|are|was|were|now|stands?|went|goes|gone|totals?|rose|climbed|brought|bringing|add(?:s|ed|ing)?|sum(?:s|med)?"
    rf"|c[ao]mes?|coming|mount(?:s|ed|ing)?|r[au]ns?)\s(?:\w+\s)?up to\s+{_FILLER}$",
    re.IGNORECASE,
)
#: How far before a figure its hedge may begin.
_REACH = 70


def find_hedge(content: str, amount: Amount, *, since: int = 0) -> Hedge:
    """Read the hedge of one figure; nothing before `since` (its sentence's start) is looked at."""
    before = content[max(since, amount.start - _REACH) : amount.start]
    if _BEHIND.match(content, amount.end) or _WITHIN.search(content, amount.start, amount.end):
        return "at_least"
    if _ABOUT.search(before) or _ABOUT_BEHIND.match(content, amount.end):
        return "about"
    if _AT_LEAST.search(before):
        return "at_least"
    if _AT_MOST.search(before) and not _RISEN.search(before):
        return "at_most"
    return "exact"
