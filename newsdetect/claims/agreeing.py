"""Windows that claims of one story have in common.

The reader asks of each figure by itself which window is its own; «$412 million in 12 hours» and, in the next sentence,
«$352 million of that was long» could so get two. Here the mentions of one figure give their word together, headline and
body (`of_mentions`): merging takes any window that one of them has, so a far one, weakly believed, would win over
another's sure silence. Then each claim's chances are raised for what its neighbours are likely to mean, by no more than
one good word would (`agreed`). A window of its own, plainly told, stands.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from newsdetect.claims.rounding import rounds
from newsdetect.types import Metric, Status, Window

#: The chances of a claim's windows; null where nothing says one.
Windows = Mapping[Window | None, float]
#: What a figure counts: metric, unit, value.
Counted = tuple[Metric, str, float]

#: No mention rules a window out for the others.
_NEVER = 1e-3
#: A window in the figure's own sentence that is as likely as this stands, whatever its other mentions say.
_PLAIN = 0.8
#: What neighbours that are sure of one window add to it, in log-odds, times the root of their number. At a half, one
#: and two, against zero, two or three whole claims of 314 more are right on validation and two of 117 on held-out whole
#: articles; elsewhere one or two more or fewer.
_PULL = 1.0
#: How far apart two neighbours may stand, in sentences, and how many on each side are asked: a list can be long.
_REACH, _MOST = 4, 8
#: How many figures of its kind may stand between two mentions: keeps a page of a million figures linear.
_FAR = 200
#: Rounds in which each claim hears what the others now mean.
_ROUNDS = 3


def of_mentions(
    figures: Sequence[Counted], chances: Sequence[Windows], own: Sequence[Collection[Window]]
) -> list[Windows]:
    """Give each mention's chances again as the geometric mean of its own and those of its figure's other mentions.

    Figures come in order of the text; one that only rounds another is the same. `own` are the windows in each one's
    sentence: a likely one of them stands. Mentions that tell different windows do not speak of one thing: as much can
    have gone in an hour and in a day.
    """
    likeliest = [max(each, key=each.__getitem__) for each in chances]
    beside = _mentions(figures)
    return [
        given
        if meant in told and given[meant] > _PLAIN
        else _mean([given, *(chances[other] for other in others if _may_agree(meant, likeliest[other]))])
        for given, meant, told, others in zip(chances, likeliest, own, beside, strict=True)
    ]


def agreed(places: Sequence[int], statuses: Sequence[Status], chances: Sequence[Windows]) -> list[Windows]:
    """Give each claim's chances again, its neighbours heard.

    Claims come in order of the text: the number of each one's sentence, its status, its chances. Neighbours are near
    and of one status; what might happen has no window, and takes no part.
    """
    beside = [_neighbours(at, places, statuses) for at in range(len(places))]
    now = list(chances)
    for _ in range(_ROUNDS):
        now = [_heard(own, [now[other] for other in others]) for own, others in zip(chances, beside, strict=True)]
    return now


def _mentions(figures: Sequence[Counted]) -> list[list[int]]:
    """Give the numbers of the other mentions of each figure, of those of its kind that stand nearest."""
    kinds: dict[tuple[Metric, str], list[int]] = {}
    for at, (metric, unit, _) in enumerate(figures):
        kinds.setdefault((metric, unit), []).append(at)
    found: list[list[int]] = [[] for _ in figures]
    for alike in kinds.values():
        for place, at in enumerate(alike):
            value = figures[at][2]
            for other in alike[place + 1 : place + _FAR]:
                beside = figures[other][2]
                if value == beside or rounds(value, beside) or rounds(beside, value):
                    found[at].append(other)
                    found[other].append(at)
    return found


def _may_agree(first: Window | None, second: Window | None) -> bool:
    """Tell whether two mentions can be of one time."""
    return first is None or second is None or first == second


def _mean(mentions: Sequence[Windows]) -> Windows:
    """Give the geometric mean of the chances of one figure's mentions, for the windows of the first."""
    if len(mentions) == 1:
        return mentions[0]
    means = {
        window: math.exp(sum(math.log(max(each.get(window, 0.0), _NEVER)) for each in mentions) / len(mentions))
        for window in mentions[0]
    }
    total = sum(means.values())
    return {window: chance / total for window, chance in means.items()}


def _neighbours(at: int, places: Sequence[int], statuses: Sequence[Status]) -> list[int]:
    """Give the claims that one listens to."""
    if statuses[at] == "hypothetical":
        return []
    around = (*range(max(0, at - _MOST), at), *range(at + 1, min(len(places), at + _MOST + 1)))
    return [other for other in around if statuses[other] == statuses[at] and abs(places[other] - places[at]) <= _REACH]


def _heard(own: Windows, others: Sequence[Windows]) -> Windows:
    """Give a claim's chances, raised for what the others mean."""
    if not others:
        return own
    root = math.sqrt(len(others))
    raised = {
        window: chance * math.exp(_PULL * sum(each.get(window, 0.0) for each in others) / root)
        for window, chance in own.items()
    }
    total = sum(raised.values())
    return {window: chance / total for window, chance in raised.items()}
