"""The words around a figure that say what it is of, by class: liquidation, a position, a loss, a transfer and others.

The classes and their words are data (fixtures/corpus/roles.toml). A cue counts within reach of its figure and inside
the figure's own territory; what a figure is `of` or `in` ("$79 million in longs") counts nearer than what stands before
it.
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Figure, Line
from newsdetect.claims.corpus import any_of, corpus

_WORDS = corpus("roles")
_OTHER: dict[str, list[str]] = _WORDS["other"]


def cue(fragments: list[str]) -> str:
    """Join fragments to a pattern that begins at a word's start."""
    return rf"(?<![\w-]){any_of(fragments)}"


_CUE = re.compile(
    "|".join(
        f"(?P<{name}>{cue(fragments)})"
        for name, fragments in (
            ("level", _WORDS["level"]),
            ("liquidation", _WORDS["liquidation"]),
            *((name, fragments) for name, fragments in _OTHER.items() if name != "position_size"),
            ("wipe", _WORDS["wipe"]),
            ("position", _WORDS["position"]),
        )
    ),
    re.IGNORECASE,
)
LIQUIDATION = re.compile(cue(_WORDS["liquidation"]), re.IGNORECASE)
WIPE = re.compile(cue(_WORDS["wipe"]), re.IGNORECASE)
POSITION = re.compile(cue(_WORDS["position"]), re.IGNORECASE)
_LEVEL = re.compile(cue(_WORDS["level"]), re.IGNORECASE)
OTHER_STORY = re.compile(cue(_WORDS["other_story"]), re.IGNORECASE)
ONE_TRADER = re.compile(any_of(_WORDS["one_trader"]), re.IGNORECASE)
_AT_RISK = re.compile(any_of(_WORDS["at_risk"]), re.IGNORECASE)
#: How far from its figure, in characters, a cue is looked for.
_REACH_BEFORE, _REACH_BEHIND = 110, 70
#: How far back a sentence's earlier talk of other money still counts.
_REACH_EVER = 400
# What stands right behind a figure and says what it is of.
_OF = re.compile(r"\+?\s(?:worth\s)?(?:of|in|from)\s", re.IGNORECASE)
# "Volume: $65.2B Total liquidations: $600M": a label stands before its figure.
_LABEL = re.compile(r":\s*$")
# Behind these another clause begins: what it speaks of is not the figure's.
_CLAUSE = re.compile(r"\s(?:amid|after|as|following|while|when|before|despite)\s")
#: A sum this large, in units, written with its scale, is no price.
_NO_PRICE = 2e6


def is_told(line: Line) -> bool:
    """Tell whether a sentence speaks of forced closing at all, as a fact or as a danger."""
    if line.has(LIQUIDATION):
        return True
    return bool(line.has(POSITION) and (line.has(WIPE) or line.has(_AT_RISK)))


def is_only_at_risk(figure: Figure) -> bool:
    """Tell positions that are said to be in danger, in a sentence that says of none that it was closed."""
    danger = _AT_RISK.search(figure.right, 0, _REACH_BEHIND) or _LEVEL.search(figure.right, 0, _REACH_BEHIND)
    return danger is not None and not figure.line.has(LIQUIDATION) and not figure.line.has(WIPE)


def nearest_cue(figure: Figure) -> str | None:
    """Give the class of the cue nearest to a figure, or None where none is within reach."""
    before, after = _cues(figure)
    if after is not None and (before is None or _distance_after(figure, after) <= len(figure.left) - before.end()):
        return after.lastgroup
    return before.lastgroup if before is not None else None


def moved_before(figure: Figure) -> bool:
    """Tell whether the words since the figure before speak of money that moved for another reason."""
    earlier = [other.end for other in figure.line.figures if other.end <= figure.start]
    since = figure.line.text[max(0, figure.start - _REACH_EVER, max(earlier, default=0)) : figure.start]
    names = {hit.lastgroup for hit in _CUE.finditer(since)}
    if names & {"transfer", "flow", "funding", "volume", "open_interest"}:
        return True
    before = {
        hit.lastgroup for hit in _CUE.finditer(figure.line.text, max(0, figure.start - _REACH_EVER), figure.start)
    }
    return bool(before & {"volume", "open_interest", "market_cap"}) and "liquidation" not in before


def _cues(figure: Figure) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """Give the last cue before and the first behind a figure, within reach; a sum is no price."""
    left, right = figure.left, _right(figure)
    ignored = "price" if figure.amount.scaled and figure.amount.value > _NO_PRICE else ""
    before = after = None
    for hit in _CUE.finditer(left, max(0, len(left) - _REACH_BEFORE)):
        before = hit if hit.lastgroup != ignored else before
    for hit in _CUE.finditer(right, 0, _REACH_BEHIND):
        if hit.lastgroup != ignored:
            after = hit
            break
    if _LABEL.search(left):
        after = None if before is not None else after
    return before, after


def clause(figure: Figure) -> str:
    """Give the figure's territory up to where its clause ends."""
    return figure.left + " " + _right(figure)


def _right(figure: Figure) -> str:
    """Give what stands behind a figure in its own clause."""
    end = _CLAUSE.search(figure.right)
    return figure.right[: end.start()] if end else figure.right


def _distance_after(figure: Figure, after: re.Match[str]) -> float:
    governed = _OF.match(figure.right) and "," not in figure.right[: after.start()]
    return after.start() / 3 if governed else after.start()
