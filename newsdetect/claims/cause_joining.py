"""Causes of the rules and of the trained reader as one list: whose word counts for which type.

The rules know by which words a type is named, the reader on which words it stands. So a cause of the rules that the
reader, where it sees those words, gives next to no chance is left out; of a type that the reader is sure of, its words
stand; of types that the rules do not name, its best. No words state two causes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsdetect.claims.claim import Cause
from newsdetect.claims.decoding import Chances
from newsdetect.claims.scene import Scene
from newsdetect.claims.tagging import CAUSE_TYPES, Offsets, token_span

#: Chances of a type: below the first the reader does not believe a cause of the rules, from the second on its own words
#: stand in the place of theirs, from the third on a further cause of a type is given. Against all causes of the rules
#: with the reader's other types, 4 to 10 more spans of 100 are right on validation and what is held out, none on the
#: own gold set; types rise or fall by a hundredth.
_DOUBTED, _SURE, _FURTHER = 0.05, 0.85, 0.95


@dataclass
class Seen:
    """What the reader makes of any words that its scenes show: the chance of each type for each word piece."""

    _scenes: list[tuple[Scene, Offsets, Chances]] = field(default_factory=list)

    def add(self, scene: Scene, offsets: Offsets, tags: Chances) -> None:
        """Add a scene with its tags' chances, shape (pieces, tags); a type's first and following pieces count alike."""
        self._scenes.append((scene, offsets, tags[:, 1::2] + tags[:, 2::2]))

    def chance(self, cause: Cause) -> float | None:
        """Give the best chance that a scene gives the words of a cause for its type; null where none shows them."""
        kind, found = CAUSE_TYPES.index(cause.type), []
        for scene, offsets, chances in self._scenes:
            start, end = scene.place(cause.start), scene.place(cause.end)
            if start is not None and end is not None:
                first, last = token_span(offsets, start, end)
                found.append(float(chances[first:last, kind].mean()))
        return max(found, default=None)


def joined(rules: Sequence[Cause], trained: Sequence[Cause], seen: Seen) -> tuple[Cause, ...]:
    """Give one list, in order of the text; `seen` is what the reader makes of the rules' words."""
    theirs = [cause for cause in rules if (chance := seen.chance(cause)) is None or chance >= _DOUBTED]
    named = {cause.type for cause in theirs}
    ours: list[Cause] = []
    for cause in sorted(trained, key=lambda each: -each.confidence):
        given = any(each.type == cause.type for each in ours)
        others = [*ours, *(each for each in theirs if each.type != cause.type)]
        free = not any(cause.start < each.end and each.start < cause.end for each in others)
        if free and cause.confidence >= (_FURTHER if given else _SURE if cause.type in named else 0.0):
            ours.append(cause)
            theirs = [each for each in theirs if each.type != cause.type]
    return tuple(sorted((*theirs, *ours), key=lambda cause: (cause.start, cause.end)))
