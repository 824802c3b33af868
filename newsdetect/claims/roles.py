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


def _cue(fragments: list[str]) -> str:
    return rf"(?<![\w-]){any_of(fragments)}"


_OTHER: dict[str, list[str]] = _WORDS["other"]
_CUE = re.compile(
    "|".join(
        f"(?P<{name}>{_cue(fragments)})"
        for name, fragments in (
            ("liquidation", _WORDS["liquidation"]),
            *((name, fragments) for name, fragments in _OTHER.items() if name != "position_size"),
            ("wipe", _WORDS["wipe"]),
            ("position", _WORDS["position"]),
        )
    ),
    re.IGNORECASE,
)
LIQUIDATION = re.compile(_cue(_WORDS["liquidation"]), re.IGNORECASE)
WIPE = re.compile(_cue(_WORDS["wipe"]), re.IGNORECASE)
POSITION = re.compile(_cue(_WORDS["position"]), re.IGNORECASE)
_CONTINUATION = re.compile(_cue(_WORDS["continuation"]), re.IGNORECASE)
_LARGEST = re.compile(any_of(_WORDS["largest"]), re.IGNORECASE)
_LARGEST_NEVER = re.compile(any_of(_WORDS["largest_never"]), re.IGNORECASE)
_LAW = re.compile(
    _cue(
        [
            "bankrupt\\w*",
            "alleg\\w+",
            "claims? against",
            "creditors?",
            "liquidators?",
            "lawsuit",
            "insolvency",
            "trustees?",
            "court",
        ]
    ),
    re.IGNORECASE,
)
_SOLD = re.compile(any_of(_WORDS["sold"]), re.IGNORECASE)
_FORCED = re.compile(any_of(_WORDS["forced"]), re.IGNORECASE)
_ONE_TRADER = re.compile(any_of(_WORDS["one_trader"]), re.IGNORECASE)
_OTHER_STORY = re.compile(_cue(_WORDS["other_story"]), re.IGNORECASE)
#: How far from its figure, in characters, a cue is looked for.
_REACH_BEFORE, _REACH_BEHIND = 110, 70
# "$850 million bloodbath", in so many words.
_WIPEOUT = re.compile(
    r"\s(?:(?:crypto|market|leverage|leveraged|long|short|bitcoin|liquidation)\s){0,2}(?:bloodbath|wipe-?out|flush|washout)",
    re.IGNORECASE,
)
#: More than was ever liquidated in one event; larger sums wiped out are market values.
_MOST_EVER = 5e10
_LEVERED = re.compile(r"\b\d+x\b")
_NO_FIGURE = re.compile(any_of(_WORDS["no_figure"]), re.IGNORECASE)
_OPENED = re.compile(_cue(_OTHER["position_size"]), re.IGNORECASE)
# What stands right behind a figure and says what it is of.
_OF = re.compile(r"\+?\s(?:worth\s)?(?:of|in|from)\s", re.IGNORECASE)
_DIRECT = re.compile(
    r"\+?\s(?:(?:worth\s)?(?:of|in)\s(?:\w+\s){0,4}(?:liquidat|longs?\b|shorts?\b)|(?:(?:was|were|got|been|being)\s)?liquidat)",
    re.IGNORECASE,
)
_DIRECT_BEFORE = re.compile(r"liquidat\w+\s(?:of|worth|totall?ing|totall?ed|for)\s(?:\w+\s){0,2}$", re.IGNORECASE)
_COIN_AFTER = re.compile(
    r"\s(?:\([^)]{0,40}\)\s)?(?:(?:worth|in|of|were|was|got|been|being|have|has|long|short|longs|shorts|positions?)\s){0,4}(?:liquidat|wiped)",
    re.IGNORECASE,
)
_COIN_BEFORE = re.compile(
    r"(?:(?:liquidat\w+|traders lost|wiped out)\s(?:(?:of|for|about|around|over|nearly|roughly|some|another|a|total|more|than|worth)\s){0,3}|(?:equivalent to|equal to)\s(?:\w+\s)?)$",
    re.IGNORECASE,
)
_TRADERS_BEFORE = re.compile(
    r"\b(?:traders|accounts|ones|people|users|investors)\b[^.;$]{0,45}\b(?:exceed\w*|reach\w*|hit|at|of|to|surpass\w*|was|is|stood at|topped)[\s:]+(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_AFFECTED = re.compile(r"\b(?:affect|impact|wreck|hit|lost|losing|caught)\w*", re.IGNORECASE)
# "Volume: $65.2B Total liquidations: $600M": a label stands before its figure.
_LABEL = re.compile(r":\s*$")
_WORTH = re.compile(
    r"\W{0,3}(?:(?:worth|valued at|or|approximately|around|about|over|roughly|nearly|coins|tokens)\W{0,2}){0,4}"
)
_LOSSES = re.compile(
    r"\b(?:total losses|losses (?:hit|reach|top|exceed|total|of)\w*|lost|in (?:total )?losses|heavy losses|losses)\b",
    re.IGNORECASE,
)
_COUNT_AFTER = re.compile(r"\s(?:\w+\s)?liquidated\b", re.IGNORECASE)
# Behind these another clause begins: what it speaks of is not the figure's.
_CLAUSE = re.compile(r"\s(?:amid|after|as|following|while|when|before|despite)\s")
_YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Role:
    """What a figure is of, and the rule that said so."""

    metric: Metric
    rule: str


def find_role(figure: Figure, *, last: Figure | None) -> Role | None:
    """Say what a figure is; `last`: the liquidation figure before it, in this sentence or the one before."""
    kind = figure.amount.kind
    if _LAW.search(figure.line.text) or _is_sold(figure) or _NO_FIGURE.search(figure.left):
        return None
    told = is_told(figure.line)
    if kind == "count":
        hit = (
            told
            or WIPE.search(figure.line.text) is not None
            or (last is not None and _AFFECTED.search(figure.line.text))
        )
        return Role("traders_liquidated", "role.count") if hit else None
    if kind == "bare" and not figure.amount.scaled:
        return _bare_count(figure, told=told)
    if kind == "coin":
        return _coin(figure, last=last)
    if _is_price(figure) or _is_worth(figure, last=last) or (kind == "bare" and not _DIRECT.match(figure.right)):
        return None
    if (told or last is not None or WIPE.search(figure.line.text)) and _is_largest(figure):
        return Role("largest_liquidation", "role.largest")
    rule = _liquidation(figure, told=told, carries_on=last is not None)
    return Role("liquidations", rule) if rule else None


def is_told(line: Line) -> bool:
    """Tell whether a sentence speaks of forced closing at all."""
    return bool(LIQUIDATION.search(line.text) or (WIPE.search(line.text) and POSITION.search(line.text)))


def _is_price(figure: Figure) -> bool:
    """Tell a price from a sum: prices are written without million or billion, and seldom said to be liquidated."""
    if figure.amount.scaled:
        return False
    return not (_DIRECT.match(figure.right) or _DIRECT_BEFORE.search(figure.left))


def _is_sold(figure: Figure) -> bool:
    """Tell a holder who liquidates, which is to sell, from one who is liquidated."""
    return _SOLD.search(figure.line.text) is not None and not _FORCED.search(figure.line.text)


def _is_worth(figure: Figure, *, last: Figure | None) -> bool:
    """Tell the dollar worth of a coin amount that is no claim itself ("80,000 ETH worth $168 million")."""
    coins = [other for other in figure.line.figures if other.amount.kind == "coin" and other.end <= figure.start]
    if not coins or (last is not None and last.amount is coins[-1].amount):
        return False
    listed = last is not None and POSITION.search(figure.line.text) is not None
    return is_worth(figure, coins[-1]) and not listed


def is_worth(figure: Figure, coins: Figure) -> bool:
    """Tell whether a figure is the dollar worth of the coins right before it."""
    return _WORTH.fullmatch(figure.line.text, coins.end, figure.start) is not None


def _liquidation(figure: Figure, *, told: bool, carries_on: bool) -> str | None:
    """Name the rule by which a sum is one of liquidations, or None."""
    before, after = _cues(figure)
    name = _nearest(figure, before, after)
    opened = (
        _OPENED.search(figure.left[-45:]) is not None
        or _LEVERED.search(figure.left[-70:] + figure.right[:40]) is not None
    )
    if name == "liquidation":
        return "role.liquidation"
    if name == "wipe":
        loss = _ONE_TRADER.search(figure.line.text) and _LOSSES.search(figure.right)
        sure = (told or _WIPEOUT.match(figure.right)) and figure.amount.value < _MOST_EVER
        return "role.wipe" if sure and not loss else None
    if name == "position":
        if told and not (opened and not LIQUIDATION.search(figure.right)):
            return "role.position"
        alone = _ONE_TRADER.search(figure.line.text) is not None
        return "role.list" if carries_on and not opened and not alone else None
    if name == "result":
        return "role.losses" if (told or carries_on) and _is_market_loss(figure) else None
    if name is not None:
        return None
    if told and LIQUIDATION.search(figure.line.text):
        return None if _moved_before(figure) else "role.sentence"
    return "role.list" if carries_on and _carries_on(figure) else None


def _cues(figure: Figure) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """Give the last cue before and the first behind a figure, within reach; a sum is no price."""
    left = figure.left
    clause = _CLAUSE.search(figure.right)
    right = figure.right[: clause.start()] if clause else figure.right
    ignored = "price" if figure.amount.scaled and figure.amount.value > 2e6 else ""
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


def _nearest(figure: Figure, before: re.Match[str] | None, after: re.Match[str] | None) -> str | None:
    """Give the class of the nearer of two cues; what a figure is `of` or `in` counts as a third as far."""
    if after is not None and (before is None or _distance_after(figure, after) <= len(figure.left) - before.end()):
        return after.lastgroup
    return before.lastgroup if before is not None else None


def _distance_after(figure: Figure, after: re.Match[str]) -> float:
    return after.start() / 3 if _OF.match(figure.right) else after.start()


def _moved_before(figure: Figure) -> bool:
    """Tell whether the words since the figure before speak of money that moved for another reason."""
    earlier = [other.end for other in figure.line.figures if other.end <= figure.start]
    since = figure.line.text[max(earlier, default=0) : figure.start]
    names = {hit.lastgroup for hit in _CUE.finditer(since)}
    if names & {"transfer", "flow", "funding", "volume", "open_interest"}:
        return True
    before = {hit.lastgroup for hit in _CUE.finditer(figure.line.text, 0, figure.start)}
    return bool(before & {"volume", "open_interest", "market_cap"}) and "liquidation" not in before


def _is_market_loss(figure: Figure) -> bool:
    """Tell losses that a market's traders took by liquidation from one trader's loss."""
    around = figure.left + " " + figure.right
    return _LOSSES.search(around) is not None and not _ONE_TRADER.search(figure.line.text)


def _carries_on(figure: Figure) -> bool:
    """Tell whether a figure without a cue of its own is a part in a list of liquidations."""
    line = figure.line
    named = any(figure.low <= each.start < figure.high for each in (*line.sides, *line.assets, *line.venues))
    return (
        named
        and not _OTHER_STORY.search(line.text)
        and _CONTINUATION.search(figure.left + " " + figure.right) is not None
    )


def _is_largest(figure: Figure) -> bool:
    """Tell the single largest order from the largest of anything else."""
    before = figure.line.text[max(0, figure.low - 120) : figure.start]
    hits = list(_LARGEST.finditer(before))
    if hits and "$" not in before[hits[-1].end() :]:
        return not _LARGEST_NEVER.match(before, hits[-1].start())
    behind = _LARGEST.search(figure.right)
    return behind is not None and behind.start() < 60 and not _LARGEST_NEVER.search(figure.right)


def _coin(figure: Figure, *, last: Figure | None) -> Role | None:
    """Read a coin amount: only one said to be liquidated itself is a claim."""
    if _COIN_AFTER.match(figure.right) or _COIN_BEFORE.search(figure.left):
        price = re.search(r"equivalent to|equal to", figure.left[-25:])
        return Role("liquidations", "role.coin") if last is not None or not price else None
    return None


def _bare_count(figure: Figure, *, told: bool) -> Role | None:
    """Read a plain number as a count of traders: "the number of liquidated ones has exceeded 70,000"."""
    text = figure.line.text
    if (
        not (told or WIPE.search(text))
        or figure.amount.value < 50
        or _YEAR.match(figure.line.text[figure.start : figure.end])
    ):
        return None
    before = figure.line.text[max(0, figure.start - 90) : figure.start]
    if _TRADERS_BEFORE.search(before) or (
        figure.amount.value >= 1000 and _COUNT_AFTER.match(text, figure.end) and "raders" in text
    ):
        return Role("traders_liquidated", "role.count")
    return None
