"""The single largest order or position of a report, told from the largest of anything else.

It is called so before its figure ("the largest order, $8 million"), behind it ("a $8 million long was the largest"), or
by its number ("a single $8 million liquidation"). The words are data (roles.toml).
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Figure
from newsdetect.claims.corpus import any_of, corpus

_WORDS = corpus("roles")
_LARGEST = re.compile(any_of(_WORDS["largest"]), re.IGNORECASE)
_LARGEST_NEVER = re.compile(any_of(_WORDS["largest_never"]), re.IGNORECASE)
# "A single $8 million liquidation", "the largest order – a $23 million BTC position".
_SINGLE = re.compile(r"\b(?:a|one) single\s(?:\w+\s){0,2}$", re.IGNORECASE)
_ONE_ORDER = re.compile(r"\s(?:\w+\s){0,2}?(?:liquidation|order|position|trade|bet)\b", re.IGNORECASE)
# "An $88 million bitcoin short on HTX was the largest": the same told behind.
_ONE = re.compile(r"\b(?:an?|one|single)\s(?:[\w/-]+\s){0,3}(?:of\s|for\s)?$", re.IGNORECASE)
_BEST_BEHIND = re.compile(
    r"[^.;$]{0,45}(?:\bwas|\bis|,)\sthe\s(?:single\s)?(?:largest|biggest)(?:\s(?:of\s(?:all|them|the day|the lot)|to be \w+|single order|order))?(?=[.,;:]|$)",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
# "The heaviest blow, of $64 million in liquidations": more than one order.
_SEVERAL = re.compile(r"\s(?:worth\s)?(?:of|in)\s(?:\w+\s){0,2}liquidations\b", re.IGNORECASE)


def is_largest(figure: Figure) -> bool:
    """Tell the single largest order from the largest of anything else."""
    if _SEVERAL.match(figure.right):
        return False
    before = figure.line.text[max(0, figure.low - 120) : figure.start]
    if _SINGLE.search(before) and _ONE_ORDER.match(figure.right):
        return True
    hits = list(_LARGEST.finditer(before))
    if hits and "$" not in before[hits[-1].end() :]:
        return not _LARGEST_NEVER.match(before, hits[-1].start())
    if _BEST_BEHIND.match(figure.right) and (_ONE.search(figure.left) or _ONE_ORDER.match(figure.right)):
        return True
    behind = _LARGEST.search(figure.right)
    return behind is not None and behind.start() < 60 and not _LARGEST_NEVER.search(figure.right)
