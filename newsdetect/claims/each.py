"""One figure that is said of each of several: "XRP, SOL and DOGE lost $22 million each" is three claims of one figure.

The coins, venues or sides must stand in one list, and "each" or "apiece" beside the figure; what several have together
("a combined $22 million") is one claim. Limits: a list is read in the figure's own sentence, and a sum that is meant of
each without saying so is one claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from newsdetect.claims.article import Figure
from newsdetect.claims.entities import Mention
from newsdetect.claims.meaning import Reading

# Behind the figure, with no other number between: "$22 million each", "$22 million in liquidations apiece". What
# follows must not be what "each" is of ("each closure", "each of them").
_BEHIND = re.compile(
    r"[^.;:$€£\d]{0,60}?\b(?:(?:each|apiece)(?=\s*(?:$|[,.;:)—–-]"
    r"|(?:in|on|over|during|within|from|for|across|while|with|and|but|as|at|when|after|by|worth|was|were|got)\b))|(?:in|for|on|from)\seach\sof\b)"
)
# Between the list and the figure: "each saw more than", "both lost".
_BEFORE = re.compile(
    r"[^.;:$€£\d]{0,30}?\b(?:each\s(?!of\b|other\b)|both\s(?:also\s)?(?=(?:saw|see|seeing|lost|losing|had|have|having|recorded|"
    r"registered|posted|suffered|contributed|experienced|faced|accounted|came|reached|exceeded|topped|stood|passed|hit)\b))"
    r"[^.;:$€£\d]{0,70}$"
)
# Before the list: "each of Binance and OKX".
_EACH_OF = re.compile(r"\b[Ee]ach\sof\s(?:the\s)?$")
# No names, but both sides.
_EITHER_SIDE = re.compile(r"[^.;:$€£\d]{0,40}?\b(?:on|from|for|to)\s(?:each|either)\sside\b(?!\sof\b)")
_TOGETHER = re.compile(r"\b(?:combined|together|altogether|in total|jointly)\b", re.IGNORECASE)
# Between two members of a list.
_JOINT = re.compile(
    r"\)?(?:['’]s)?\s?(?:,\s?(?:(?:and|or|as well as)\s)?|(?:and|or|&|as well as|plus)\s)(?:the\s)?(?:both\s)?$"
)
# Between two names of one member: "Solana's SOL", "Solana (SOL)".
_AGAIN = re.compile(r"(?:['’]s)?\s?\(?$")
# Between "each" and a list behind it.
_NEXT = re.compile(r"[^,;:.\d]{0,30}")
#: How far before the figure a list may stand, in characters.
_REACH = 110

#: The names of one list, in order of the text.
Run = Sequence[Mention]


def told_of_each(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Give a reading for every coin, venue or side that a figure is said of, and all others as they are."""
    return tuple(one for reading in readings for one in _shared_out(reading))


def _shared_out(reading: Reading) -> Iterator[Reading]:
    found = _members(reading.figure)
    if found is None:
        yield reading
        return
    name, values = found
    rules = (*(rule for rule in reading.rules if not rule.startswith(f"{name}.")), f"{name}.each")
    for value in values:
        yield replace(reading, rules=rules, **{name: value})  # type: ignore[arg-type]  # a field's name


def _members(figure: Figure) -> tuple[str, list[str]] | None:
    """Give the field and the values that a figure is said of each; null where it is said of one thing."""
    line, text = figure.line, figure.line.text
    if _EITHER_SIDE.match(text, figure.end):
        return "side", ["long", "short"]
    each = _BEHIND.match(text, figure.end)
    if each is None and " each " not in text and " both " not in text and not text.startswith("Each of "):
        return None
    earlier = max((other.end for other in line.figures if other.end <= figure.start), default=0)
    lists = [
        (name, one)
        for name, mentions in (("asset", line.assets), ("venue", line.venues), ("side", line.sides))
        for one in _lists(text, mentions)
    ]
    before = [(name, one) for name, one in lists if earlier <= one[0].start and one[-1].end <= figure.start]
    for name, one in sorted(before, key=lambda found: -found[1][-1].end):
        between = text[one[-1].end : figure.start]
        near = len(between) <= _REACH and not _TOGETHER.search(text, one[0].start, figure.end)
        if near and (each is not None or _BEFORE.match(between) or _EACH_OF.search(text[: one[0].start])):
            return name, _values(one)
    if each is not None:
        for name, one in lists:
            if figure.end <= one[0].start < each.end() or (
                one[0].start >= each.end() and _NEXT.fullmatch(text, each.end(), one[0].start)
            ):
                return name, _values(one)
    return None


def _lists(text: str, mentions: Sequence[Mention]) -> Iterator[Run]:
    """Give the runs of at least two different names that one list holds."""
    ordered = sorted(mentions, key=lambda each: each.start)
    run: list[Mention] = ordered[:1]
    for last, mention in pairwise(ordered):
        gap = text[last.end : mention.start]
        if _JOINT.match(gap) or (last.value == mention.value and _AGAIN.match(gap)):
            run.append(mention)
            continue
        if len(_values(run)) > 1:
            yield run
        run = [mention]
    if len(_values(run)) > 1:
        yield run


def _values(run: Run) -> list[str]:
    return list(dict.fromkeys(mention.value for mention in run))
