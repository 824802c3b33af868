"""Windows that the mentions of one figure tell together, in the headline and in the body.

Merging takes any window that one mention has, so a far one, weakly believed, would win over another's sure silence.
Here each mention's chances become the geometric mean of those of all. A window of its own, plainly told, stands.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import islice

from newsdetect.claims.agreeing import Windows
from newsdetect.claims.intervals import same_rounded
from newsdetect.claims.meaning import Reading, same_scope
from newsdetect.types import Window

#: What a mention says of a window that its scene does not show; and the least that it says of one that is shown. With
#: the least for both, one claim of 475 more is right on the harder press and one of 251 fewer on `train`; at .05 one of
#: 314 fewer on validation.
_ABSENT, _LEAST = 0.02, 1e-3
#: A window in the figure's own sentence that is likelier than this stands, whatever the other mentions say.
_PLAIN = 0.8
#: So many other mentions are heard on either side, the nearest; and so many figures of a kind are looked at for them.
#: That keeps a page of a million figures linear.
_MOST, _FAR = 4, 200


def told_together(
    readings: Sequence[Reading], chances: Sequence[Windows], own: Sequence[Collection[Window]]
) -> list[Windows]:
    """Give the chances of each reading's windows again, the other mentions of its figure heard.

    Readings come in order of the text, but for their windows as they will be; `own` are the windows in each one's
    sentence. Mentions that tell different windows do not speak of one thing: as much can have gone in an hour and in a
    day.
    """
    likeliest = [max(each, key=each.__getitem__) for each in chances]
    others = _mentions(readings)
    return [
        given
        if meant in told and given[meant] > _PLAIN
        else _mean(given, [chances[other] for other in beside if _may_agree(meant, likeliest[other])])
        for given, meant, told, beside in zip(chances, likeliest, own, others, strict=True)
    ]


def _mentions(readings: Sequence[Reading]) -> list[list[int]]:
    """Give the numbers of the other mentions of each figure, the nearest on either side."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for at, reading in enumerate(readings):
        if reading.status != "hypothetical":
            kinds.setdefault((reading.metric, reading.unit), []).append(at)
    found: list[list[int]] = [[] for _ in readings]
    for alike in kinds.values():
        for place, at in enumerate(alike):
            behind = (other for other in alike[place + 1 : place + 1 + _FAR] if _one(readings[at], readings[other]))
            for other in islice(behind, _MOST):
                found[at].append(other)
                found[other].append(at)
    return found


def _one(first: Reading, second: Reading) -> bool:
    """Tell whether two readings are of one figure: one value is or rounds the other, and no field contradicts."""
    return same_rounded(first.figure.amount.value, second.figure.amount.value) and same_scope(first, second)


def _may_agree(first: Window | None, second: Window | None) -> bool:
    """Tell whether two mentions can be of one time."""
    return first is None or second is None or first == second


def _mean(own: Windows, others: Sequence[Windows]) -> Windows:
    """Give the geometric mean of a figure's chances, for the windows that this mention has."""
    if not others:
        return own
    heard = [own, *others]
    means = {
        window: math.exp(sum(math.log(max(each.get(window, _ABSENT), _LEAST)) for each in heard) / len(heard))
        for window in own
    }
    total = sum(means.values())
    return {window: chance / total for window, chance in means.items()}
