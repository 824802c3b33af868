"""What a figure is a figure of: liquidations, the largest order, a count of traders, or none of these.

The nearest cue inside the figure's own territory decides ("$8.8 billion of open interest" is none, "liquidations
totaling $539 million" is one). Where no cue stands there, the sentence's own talk of liquidation does, and after that
the list that the sentence carries on ("Ethereum followed with $116 million"). Cues are data: fixtures/corpus/roles.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsdetect.claims.article import Figure, Line
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.types import Metric

_WORDS = corpus("roles")


def _cues(fragments: list[str]) -> str:
    return rf"(?<![\w-]){any_of(fragments)}"


_OTHER: dict[str, list[str]] = _WORDS["other"]
_CUE = re.compile(
    "|".join(
        f"(?P<{name}>{_cues(fragments)})"
        for name, fragments in (
            ("liquidation", _WORDS["liquidation"]),
            *((name, fragments) for name, fragments in _OTHER.items() if name != "position_size"),
            ("wipe", _WORDS["wipe"]),
            ("position", _WORDS["position"]),
        )
    ),
    re.IGNORECASE,
)
LIQUIDATION = re.compile(_cues(_WORDS["liquidation"]), re.IGNORECASE)
WIPE = re.compile(_cues(_WORDS["wipe"]), re.IGNORECASE)
POSITION = re.compile(_cues(_WORDS["position"]), re.IGNORECASE)
_CONTINUATION = re.compile(_cues(_WORDS["continuation"]), re.IGNORECASE)
_LARGEST = re.compile(any_of(_WORDS["largest"]), re.IGNORECASE)
_LARGEST_NEVER = re.compile(any_of(_WORDS["largest_never"]), re.IGNORECASE)
_LAW = re.compile(
    _cues(["bankrupt\\w*", "creditors?", "liquidators?", "lawsuit", "insolvency", "trustees?", "court"]), re.IGNORECASE
)
_OPENED = re.compile(_cues(_OTHER["position_size"]), re.IGNORECASE)
# What stands right behind a figure and says what it is of.
_OF = re.compile(r"\+?\s(?:worth\s)?(?:of|in|from)\s", re.IGNORECASE)
_DIRECT = re.compile(
    r"\+?\s(?:worth\s)?(?:of\s|in\s|were\s|was\s|got\s|has been\s|have been\s)?(?:\w+\s){0,4}(?:liquidat|longs\b|shorts\b|long\s|short\s)",
    re.IGNORECASE,
)
_DIRECT_BEFORE = re.compile(
    r"liquidat\w+\s(?:(?:of|worth|totall?ing|for|hit|hitting|reached|with|about|around|over|nearly|more than|at|a|total)\s){0,4}$",
    re.IGNORECASE,
)
_COIN_AFTER = re.compile(
    r"\s(?:\([^)]{0,40}\)\s)?(?:(?!at\b|above\b)\w+\s){0,4}(?:liquidat|wiped|force)", re.IGNORECASE
)
_COIN_BEFORE = re.compile(
    r"(?:liquidat\w+\s(?:(?!price)\w+\s){0,3}|(?:equivalent to|equal to)\s(?:\w+\s)?)$", re.IGNORECASE
)
_TRADERS_BEFORE = re.compile(
    r"\b(?:traders|accounts|ones|people|users|investors)\b[^.;$]{0,45}\b(?:exceed\w*|reach\w*|hit|at|of|to|surpass\w*|was|is|stood at|topped)[\s:]+(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Role:
    """What a figure is of, and the rule that said so."""

    metric: Metric
    rule: str


def find_role(figure: Figure, *, carries_on: bool) -> Role | None:
    """Say what a figure is; `carries_on`: a liquidation figure stands shortly before, in this or the last sentences."""
    kind, text = figure.amount.kind, figure.line.text
    if _LAW.search(text):
        return None
    told = _told(figure.line)
    if kind == "count":
        return Role("traders_liquidated", "role.count") if told or carries_on else None
    if kind == "bare" and not figure.amount.scaled:
        return _bare_count(figure, told=told)
    if kind == "coin":
        return _coin(figure, carries_on=carries_on)
    if _is_price(figure) or (kind == "bare" and not _DIRECT.match(figure.right)):
        return None
    rule = _liquidation(figure, told=told, carries_on=carries_on)
    if rule is None:
        return None
    if _is_largest(figure):
        return Role("largest_liquidation", "role.largest")
    return Role("liquidations", rule)


def _told(line: Line) -> bool:
    """Tell whether a sentence speaks of forced closing at all."""
    return bool(LIQUIDATION.search(line.text) or (WIPE.search(line.text) and POSITION.search(line.text)))


def _is_price(figure: Figure) -> bool:
    """Tell a price from a sum: prices are written without million or billion, and seldom said to be liquidated."""
    if figure.amount.scaled:
        return False
    return not (_DIRECT.match(figure.right) or _DIRECT_BEFORE.search(figure.left))


def _liquidation(figure: Figure, *, told: bool, carries_on: bool) -> str | None:
    """Name the rule by which a sum is one of liquidations, or None."""
    after, before = _CUE.search(figure.right), None
    for before in _CUE.finditer(figure.left):
        pass
    name = _nearest(figure, before, after)
    if name == "liquidation":
        return "role.liquidation"
    if name == "wipe":
        return "role.wipe" if told and figure.amount.value < 5e10 else None
    if name == "position":
        if told and not (_OPENED.search(figure.left) and not LIQUIDATION.search(figure.right)):
            return "role.position"
        return "role.list" if carries_on and not _OPENED.search(figure.left) else None
    if (
        name == "result"
        and (told or carries_on)
        and re.search(r"\b(?:loss\w*|lost)\b", figure.left + figure.right, re.IGNORECASE)
    ):
        return (
            "role.losses"
            if figure.line.sides or figure.line.assets or figure.line.venues or "total" in figure.line.lower
            else None
        )
    if name is not None:
        return None
    if LIQUIDATION.search(figure.line.text) and not (after or before):
        return "role.sentence"
    return "role.list" if carries_on and _carries_on(figure) else None


def _nearest(figure: Figure, before: re.Match[str] | None, after: re.Match[str] | None) -> str | None:
    """Give the class of the nearer of two cues; what a figure is `of` or `in` counts as half as far."""
    if after is not None and (before is None or _distance_after(figure, after) <= len(figure.left) - before.end()):
        return after.lastgroup
    return before.lastgroup if before is not None else None


def _distance_after(figure: Figure, after: re.Match[str]) -> float:
    return after.start() / 3 if _OF.match(figure.right) else after.start()


def _carries_on(figure: Figure) -> bool:
    """Tell whether a figure without a cue of its own is a part in a list of liquidations."""
    start, end = figure.low, figure.high
    line = figure.line
    named = any(start <= mention.start < end for mention in (*line.sides, *line.assets, *line.venues))
    return named and _CONTINUATION.search(figure.left + " " + figure.right) is not None


def _is_largest(figure: Figure) -> bool:
    """Tell the single largest order from the largest of anything else."""
    before = figure.line.text[max(0, figure.low - 120) : figure.start]
    hits = list(_LARGEST.finditer(before))
    if hits and "$" not in before[hits[-1].end() :]:
        return not _LARGEST_NEVER.match(before, hits[-1].start())
    behind = _LARGEST.search(figure.right)
    return behind is not None and behind.start() < 60 and not _LARGEST_NEVER.search(figure.right)


def _coin(figure: Figure, *, carries_on: bool) -> Role | None:
    """Read a coin amount: only one said to be liquidated itself is a claim."""
    if _COIN_AFTER.match(figure.right) or _COIN_BEFORE.search(figure.left):
        price = re.search(r"equi?valent to|equal to", figure.left[-25:])
        return Role("liquidations", "role.coin") if carries_on or not price else None
    return None


def _bare_count(figure: Figure, *, told: bool) -> Role | None:
    """Read a plain number as a count of traders: "the number of liquidated ones has exceeded 70,000"."""
    if not told or figure.amount.value < 50 or _YEAR.match(figure.line.text[figure.start : figure.end]):
        return None
    before = figure.line.text[max(0, figure.start - 90) : figure.start]
    return Role("traders_liquidated", "role.count") if _TRADERS_BEFORE.search(before) else None
