"""Windows that neighbouring claims have in common: figures of one story are mostly told of one time.

The reader asks of each figure by itself which window is its own; «$412 million in 12 hours» and, in the next sentence,
«$352 million of that was long» could so get two. Here each claim's chances are raised for what its neighbours are
likely to mean, by no more than one good word would: a window of its own, plainly told, stands.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from newsdetect.types import Status, Window

#: The chances of a claim's windows; null where nothing says one.
Windows = Mapping[Window | None, float]

#: What neighbours that are sure of one window add to it, in log-odds, times the root of their number. At a half, one
#: and two, against zero, two or three whole claims of 314 more are right on validation and two of 117 on held-out whole
#: articles; elsewhere one or two more or fewer.
_PULL = 1.0
#: How far apart two neighbours may stand, in sentences, and how many on each side are asked: a list can be long.
_REACH, _MOST = 4, 8
#: Rounds in which each claim hears what the others now mean.
_ROUNDS = 3


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
