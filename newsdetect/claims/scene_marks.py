"""What the encoder is told beside a scene's words: what each stands for, and in which part of the article.

Word pieces alone say neither where the headline ends nor which lines come from farther away (the encoder sees no line
breaks), and names that it never met are no coins to it. Every piece has two marks, each a row of a small table that is
added to the word's own: the kind of thing that it is part of (KINDS), and the part of the article (PLACES). Their order
is part of a model file's meaning.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from newsdetect.claims.scene import AROUND, Scene
from newsdetect.claims.tagging import Offsets

#: A word; the figures that are asked about, by what they count; a time with a window and one without; names; sides.
KINDS = ("word", "money", "coin.sum", "count", "time", "time.unsettled", "asset", "venue", "long", "short", "source")
#: The figures' own sentences and their neighbours, the headline, and lines from before and behind the scene.
PLACES = ("near", "title", "before", "behind")

Marks = NDArray[np.int64]

_FIGURES = {"money": "money", "coin": "coin.sum", "count": "count", "bare": "count"}


def piece_marks(scene: Scene, offsets: Offsets) -> Marks:
    """Give each word piece's place in KINDS and in PLACES, shape (2, pieces); special pieces have the first of each."""
    if not offsets or not scene.views:
        return np.zeros((2, len(offsets)), dtype=np.int64)
    starts, ends = np.asarray(offsets, dtype=np.int64).T
    marks = np.stack([_kinds(scene), _places(scene)])[:, starts]
    marks[:, starts == ends] = 0
    return marks


def _kinds(scene: Scene) -> Marks:
    """Mark each character with what it is part of; where a figure and another meet, the figure's mark wins."""
    marked = np.zeros(len(scene.text) + 1, dtype=np.int64)
    for name in ("source", "asset", "venue", "window", "side"):
        for option in scene.options[name]:
            if option.line is not None:
                marked[option.start : option.end] = KINDS.index(_kind_of_option(name, option.value))
    for view in scene.views:
        marked[view.start : view.end] = KINDS.index(_FIGURES[view.figure.amount.kind])
    return marked


def _kind_of_option(name: str, value: object) -> str:
    if name == "window":
        return "time.unsettled" if value is None else "time"
    return str(value) if name == "side" else name


def _places(scene: Scene) -> Marks:
    """Mark each character with the part of the article that its line is of."""
    marked = np.zeros(len(scene.text) + 1, dtype=np.int64)
    positions = [view.figure.line.position for view in scene.views]
    first, last = min(positions) - AROUND, max(positions) + AROUND
    for line, start in zip(scene.lines, scene.starts, strict=True):
        place = "before" if line.position < first else "behind" if line.position > last else "near"
        place = "title" if line.sentence.title else place
        marked[start : start + len(line.text) + 1] = PLACES.index(place)
    return marked
