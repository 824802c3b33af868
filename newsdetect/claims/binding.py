"""Whose positions a figure speaks of: its coin and venue, by the words in its own territory (the side: `sides`).

A coin binds only where the positions are said to be in it: beside a position word ("BTC longs", "liquidations in
Ethereum"), or as the subject that the figure is told of ("Bitcoin saw $172 million"). A coin that merely moved
("Bitcoin's fall liquidated $500 million") binds nothing. Two coins or venues together are ALL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from newsdetect.claims.article import Figure, Line
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.claims.entities import Mention
from newsdetect.claims.labels import label_of, labels_next
from newsdetect.claims.quantities import is_worth
from newsdetect.types import ALL

_WORDS = corpus("binding")

_SPACER = r"(?:\s?\([A-Z$]{2,6}\))?"
_POSITION_AFTER = re.compile(
    rf"{_SPACER}(?:['’]s)?[\s/-](?:(?!{any_of(_WORDS['asset']['never_between'])}\b)\w+[\s-]){{0,2}}?{any_of(_WORDS['asset']['behind'])}",
    re.IGNORECASE,
)
_POSITION_BEFORE = re.compile(
    rf"{any_of(_WORDS['asset']['before'])}[\s-](?:(?:the|both|largest|cryptocurrency|token|native|cryptocurrencies|like|such as|market leader)[\s,]){{0,3}}$",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
_FIGURE_OF = re.compile(
    r"^\s(?:\([^)]*\)\s)?(?:of\s(?=which|this|that|these|it)|worth\s)?"
    r"(?:(?:in|of)\s(?:\w+\s){0,2}(?:liquidations|losses|positions|longs|shorts)\s)?(?:(?:were|was|being)\s)?"
    r"(?:(?:seen|recorded|registered|liquidated|wiped\sout|coming|came|stemming|tied|linked|occurred)\s)?"
    r"(?:(?:which|this|that|these|it)\s(?:was\s|were\s|being\s)?(?:in\s|on\s|from\s|of\s)?"
    r"|(?:liquidation\s)?(?:flush|wave|squeeze|wipeout)\s(?:in|of)\s"
    r"|(?:in|of|from|for|on|to|went\sto|was|were)\s(?:(?!liquidations|losses|positions)\w+[\s-]){0,2})?$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"^{_SPACER}(?:['’]s?)?(?:[\s:,–—-]+(?:{any_of(_WORDS['asset']['subject'])})){{1,5}}[\s:]*(?:\w+[\s:]+){{0,3}}(?:\W{{0,3}})$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"^\)?(?:['’]s)?\s?\(?\s?[:=|–-]?\s?\(?[~≈]?$")
# What may stand between a territory's start and the coin it is about.
_OPENING = re.compile(rf"(?:[\s,;:—–\"“(*•-]|\b{any_of(_WORDS['asset']['opening'])}\b)*", re.IGNORECASE)
_BROUGHT_ABOUT = re.compile(rf"(?<!\w){any_of(_WORDS['asset']['brought_about'])}\b", re.IGNORECASE)
_PRICE_MOVE = re.compile(
    rf"^{_SPACER}(?:['’]s)?[\s-](?:\w+[\s-]){{0,2}}?{any_of(_WORDS['asset']['moves'])}", re.IGNORECASE
)
OUTDONE = re.compile(r"\b(?:outpac|surpass|ahead of|overt[ao]|exceed|outstrip|more than)\w*", re.IGNORECASE)
_AND_MARKET = re.compile(r"\s(?:and|&)\s(?:the\s|other\s|broader\s)?(?:crypto|altcoin|other|broader)", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;]\s(?:with|while|and|but|followed\sby|whereas)\s")
_JOINED = re.compile(r"\)?(?:\s\(\w+\))?(?:,?\sand|\s&)\s(?:\w+['’]s\s|\w+\s\()?")
# A list of coins behind its figure: "$118 million in BTC, ETH and SOL"; and one that names not all: "ADA and others".
_LISTED = re.compile(r"(?:\s?\(\w+\))?(?:,|,?\sand|,?\sor|\s&|\s?/)\s?(?:\w+\s\()?")
_AND_OTHERS = re.compile(
    r"\)?(?:\s\(\w+\))?,?\s(?:and|&)\s(?:(?:many|several|some|most|a\sfew|the|dozens\sof)\s)?(?:others?\b|more\b|the\srest\b|altcoins?\b)",
    re.IGNORECASE,
)
# A coin's own affair, not its positions: "Ether's about-face sees"; and a sentence that turns from it to the market:
# "While ether went up, liquidations have amounted to".
_AFFAIR = re.compile(
    rf"^['’]s\s(?!(?:{any_of(_WORDS['asset']['subject'])}|{any_of(_WORDS['asset']['own'])}\b"
    rf"|(?:\w+[\s-]){{0,2}}{any_of(_WORDS['asset']['behind'])}))",
    re.IGNORECASE,
)
_NEW_SUBJECT = re.compile(
    r"\s(?:went|goes|was|were|is|are|did|has|had)\b[^;.]*,\s(?:\w+\s){0,2}(?:liquidations|longs|shorts|positions|traders)\s"
    r"(?:have|has|were|amount|reach|hit|total|came|rose|stood|topp|exceed|surpass|climb|jump)",
    re.IGNORECASE,
)
# Behind these a sentence speaks of something else: "$2.65 billion liquidated, but bears may be near the end".
# So it does where a trader takes his next position: "$88 million liquidated, flips to a SOL short".
_AWAY = re.compile(
    r",\s(?:but|while|whereas|despite)\s|\s(?:as|when)\s(?!well\b|long\b|short\b)"
    r"|(?:,|\sand|\sthen)\s(?:then\s|now\s|promptly\s)?(?:flip|switch|turn|reopen|pivot|reenter|re-enter|open)(?:s|ed|es|ing)?\s(?:to|into|a|an|another|new|his|her|its)\s",
    re.IGNORECASE,
)
# "The 160,000 ETH long was liquidated for over $306 million".
_FETCHED = re.compile(r"liquidated\s(?:for|at)\s(?:\w+\s){0,3}$", re.IGNORECASE)
_OWNER = re.compile(r"['’]s\s(?!and\b|or\b)[a-z]")
_COLON = re.compile(r"[:;]\s")
# "Binance leads $5M liquidation wave": the subject leads the figure, it is not of it.
_LEADS = re.compile(r"\b(?:leads?|led|leading|spark\w*|trigger\w*)\s(?:an?\s|the\s|over\s)?$", re.IGNORECASE)
_WAVE = re.compile(r"\s(?:\w+\s)?(?:wave|wipeout|flush|event|bloodbath|cascade|liquidation\s\w+)\b", re.IGNORECASE)
_VENUE_BEFORE = re.compile(
    rf"{any_of(_WORDS['venue']['before'])}\s(?:(?:the|major|top|crypto|exchange|exchanges|platform|giant|leading|like|as|perpetual|perps?|venue|DEX)\s){{0,4}}$",
    re.IGNORECASE,
)
_VENUE_AFTER = re.compile(rf"^(?:['’]s)?[\s:,]*{any_of(_WORDS['venue']['behind'])}", re.IGNORECASE)
_ATTRIBUTING = re.compile(
    r"(?:according to|data (?:from|by)|per|source:?|cited by|reported by|analysts? at|(?<!followed )(?<!led )(?<!closely )by)\s(?:the\s|crypto exchange\s|exchange\s)?$",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A field's value and the rule that bound it; no rule: nothing said."""

    value: str
    rule: str | None = None


#: How far from its figure, in characters, a word still binds to it.
REACH = 110


def own(figure: Figure, mentions: list[Mention]) -> list[Mention]:
    """Give the mentions inside a figure's territory and within reach."""
    low, high = max(figure.low, figure.start - REACH), min(figure.high, figure.end + REACH)
    colon = _COLON.search(figure.line.text, figure.end, high)
    high = colon.start() if colon else high
    away = _AWAY.search(figure.line.text, figure.end, high)
    high = away.start() if away else high
    if _LEADS.search(figure.left) and _WAVE.match(figure.right):
        low = figure.end
    else:
        low = max(low, _clause_start(figure, mentions))
    near = [each for each in mentions if figure.start - REACH <= each.start < figure.end + REACH]
    label = label_of(figure, near)
    return [
        each for each in near if each == label or (low <= each.start < high and not labels_next(figure, each, near))
    ]


def _clause_start(figure: Figure, mentions: list[Mention]) -> int:
    """Give where the figure's own clause starts, if something is named in it: "A and B led, with B alone at $5M"."""
    starts = [hit.end() for hit in _CLAUSE.finditer(figure.line.text, figure.low, figure.start)]
    if starts and any(starts[-1] <= mention.start < figure.start for mention in mentions):
        return starts[-1]
    return figure.low


def find_asset(figure: Figure, *, single: bool = False) -> Bound:
    """Read the coin whose positions the figure is of; ALL without a rule where no coin is said.

    `single`: the figure is one order, so that any coin named with it is its own.
    """
    if figure.amount.kind == "coin":
        return Bound(figure.amount.unit, "asset.unit")
    coins = [other for other in figure.line.figures if other.amount.kind == "coin" and other.end <= figure.start]
    if coins and (is_worth(figure, coins[-1]) or _FETCHED.search(figure.left)):
        return Bound(coins[-1].amount.unit, "asset.worth")
    ranked: dict[str, list[str]] = {}
    for mention in own(figure, figure.line.assets):
        rule = asset_rule(figure, mention) or ("asset.order" if single else None)
        if rule is not None:
            ranked.setdefault(rule, []).append(mention.value)
    for rule in ("asset.bracket", "asset.topic", "asset.of", "asset.subject", "asset.positions", "asset.order"):
        values = list(dict.fromkeys(ranked.get(rule, ())))
        if len(values) == 1:
            return Bound(ALL, "asset.several") if _is_joined(figure, values[0]) else Bound(values[0], rule)
        if values:
            return Bound(ALL, "asset.several")
    return Bound(ALL)


def _is_joined(figure: Figure, value: str) -> bool:
    """Tell whether the coin before a figure is named in one breath with another ("XRP and Solana's SOL saw …")."""
    text = figure.line.text
    named = own(figure, figure.line.assets)
    before = [each for each in named if each.end <= figure.start]
    behind = [each for each in named if each.start >= figure.end]
    return (
        any(
            b.value == value and a.value != b.value and _JOINED.fullmatch(text, a.end, b.start)
            for a, b in pairwise(before)
        )
        or any(each.value == value and _AND_OTHERS.match(text, each.end) for each in named)
        or any(
            a.value != b.value and value in (a.value, b.value) and _LISTED.fullmatch(text, a.end, b.start)
            for a, b in pairwise(behind)
        )
    )


def asset_rule(figure: Figure, mention: Mention) -> str | None:
    """Name the rule by which a coin's mention binds to the figure, or None."""
    text = figure.line.text
    behind = text[mention.end : mention.end + 60]
    moved = _PRICE_MOVE.match(behind) is not None
    if mention.end <= figure.start:
        between = text[mention.end : figure.start]
        if _BRACKET.match(between):
            return "asset.bracket"
        rival = any(
            mention.end < other.start < figure.start and other.value != mention.value for other in figure.line.assets
        )
        if (rival and not OUTDONE.search(between)) or _AFFAIR.match(between) or _NEW_SUBJECT.match(between):
            return "asset.positions" if is_of_positions(figure.line, mention) else None
        if not moved and _OPENING.fullmatch(text, figure.low, mention.start) and not _BROUGHT_ABOUT.search(between):
            return "asset.topic"
        if len(between) < 90 and _SUBJECT.match(between) and not _BROUGHT_ABOUT.search(between):
            return "asset.subject"
    elif _FIGURE_OF.match(text[figure.end : mention.start]):
        told = not (moved or _AND_MARKET.match(behind) or _is_owner(behind))
        if told or mention.start - figure.end > 1:
            return "asset.of" if told else None
    return "asset.positions" if is_of_positions(figure.line, mention) else None


def _is_owner(behind: str) -> bool:
    """Tell a coin whose own something is told ("on Bitcoin's sprint"), unless that is its positions."""
    return _OWNER.match(behind) is not None and _POSITION_AFTER.match(behind) is None


def is_of_positions(line: Line, mention: Mention) -> bool:
    """Tell a coin in which positions are said to be: "BTC longs", "liquidations in Ethereum"."""
    text = line.text
    before, behind = text[max(0, mention.start - 60) : mention.start], text[mention.end : mention.end + 60]
    if _POSITION_AFTER.match(behind):
        return True
    held = _POSITION_BEFORE.search(before)
    return held is not None and (_PRICE_MOVE.match(behind) is None or not held[0].lower().startswith("liquidat"))


def find_venue(figure: Figure, *, single: bool = False) -> Bound:
    """Read the venue where the figure's positions were; ALL where none or several are said (`single`: one order)."""
    bound = [mention for mention in own(figure, figure.line.venues) if single or _is_place(figure, mention)]
    values = {mention.value for mention in bound}
    if len(values) == 1:
        return Bound(bound[0].value, "venue.own")
    return Bound(ALL, "venue.several" if values else None)


def _is_place(figure: Figure, mention: Mention) -> bool:
    """Tell a venue where positions were closed from one that speaks, lists or sells."""
    text = figure.line.text
    before, behind = text[max(0, mention.start - 60) : mention.start], text[mention.end : mention.end + 60]
    if _ATTRIBUTING.search(before):
        return False
    return bool(
        _VENUE_BEFORE.search(before)
        or _VENUE_AFTER.match(behind)
        or _BRACKET.match(text[mention.end : figure.start] or "x")
    )
