"""What stands beside the words when a scene is read: what kinds of figures and times there are, and where, as numbers.

Two tables: one row a figure, and one row a (figure, option) pair. Columns are named, so that a model file says which
ones it was trained with. What the rules make of a figure is none of them: the rules were written on the articles that
the reader learns from, look better there than anywhere else, and are weighed in afterwards (`claims.decoding`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsdetect.claims.cues import is_told
from newsdetect.claims.scene import FAR, NONE, Field, Option, Scene, View
from newsdetect.claims.scene_sums import SUM_COLUMNS, sum_columns
from newsdetect.claims.windows import usable
from newsdetect.types import Window

Table = NDArray[np.float32]

_KINDS = ("money", "coin", "count", "bare")
_TIMES = (
    "time.vague", "time.trailing", "time.within", "time.hyphen", "time.rate", "time.day", "time.weekday", "time.span",
    "time.date", "time.month",
)  # fmt: skip

FIGURE_COLUMNS: tuple[str, ...] = (
    *(f"kind.{name}" for name in _KINDS), "scaled", "size", "title", "told", "told.near", "figures", "order", "range",
    "side.long.before", "side.long.behind", "side.short.before", "side.short.behind", "side.own.long", "side.own.short",
    *SUM_COLUMNS,
)  # fmt: skip
PAIR_COLUMNS: tuple[str, ...] = (
    "none", "far", "distance", "same", "paragraph", "before", "behind", "title", "own", "characters", "between",
    "first", "only", "mentions", "nearest", *_TIMES, "hours", "long", "unsettled", "usable",
)  # fmt: skip


def figure_table(scene: Scene) -> Table:
    """Give one row a figure of the scene, columns as in FIGURE_COLUMNS."""
    rows = [_figure_row(scene, view) + sums for view, sums in zip(scene.views, sum_columns(scene), strict=True)]
    return np.array(rows, dtype=np.float32).reshape(len(scene.views), len(FIGURE_COLUMNS))


def pair_table(scene: Scene, name: Field) -> Table:
    """Give one row a pair, figure by figure, each with all options of the field; columns as in PAIR_COLUMNS."""
    options = scene.options[name]
    rows = [row for view in scene.views for row in _pair_rows(view, name, options)]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(PAIR_COLUMNS))


def _one_hot(value: object, names: Sequence[str]) -> list[float]:
    return [float(value == name) for name in names]


def _figure_row(scene: Scene, view: View) -> list[float]:
    figure = view.figure
    line, amount = figure.line, figure.amount
    around = scene.article.lines[max(0, line.position - 1) : line.position + 2]
    earlier = [mention for mention in line.sides if mention.start < figure.start]
    later = [mention for mention in line.sides if mention.start >= figure.end]
    own = {mention.value for mention in line.sides if figure.low <= mention.start < figure.high}
    return [
        *_one_hot(amount.kind, _KINDS),
        float(amount.scaled),
        math.log10(max(amount.value, 1.0)) / 10,
        float(line.sentence.title),
        float(is_told(line)),
        float(any(is_told(each) for each in around)),
        min(len(line.figures), 6) / 6,
        sum(other.start < figure.start for other in line.figures) / 6,
        float(amount.low is not None),
        float(any(mention.value == "long" for mention in earlier[-1:])),
        float(any(mention.value == "long" for mention in later[:1])),
        float(any(mention.value == "short" for mention in earlier[-1:])),
        float(any(mention.value == "short" for mention in later[:1])),
        float("long" in own),
        float("short" in own),
    ]


def _pair_rows(view: View, name: Field, options: Sequence[Option]) -> list[list[float]]:
    """Give the rows of one figure with every option of a field."""
    values = [str(option.value) for option in options if option.line is not None]
    distances = {id(option): _characters(view, option) for option in options}
    nearest = min((distances[id(option)] for option in options if option.line is not None), default=0)
    return [
        _pair_row(view, name, option, values, distance=distances[id(option)], nearest=nearest) for option in options
    ]


def _pair_row(  # noqa: PLR0913 -- what is the same for all options of a figure is worked out once
    view: View,
    name: Field,
    option: Option,
    values: list[str],
    *,
    distance: int,
    nearest: int,
) -> list[float]:
    if option.line is None:
        row = [float(option.start == NONE), float(option.start == FAR)] + [0.0] * (len(PAIR_COLUMNS) - 2)
        row[PAIR_COLUMNS.index("only")] = float(not values)
        row[PAIR_COLUMNS.index("mentions")] = min(len(values), 8) / 8
        return row
    figure, line = view.figure, option.line
    apart = line.position - figure.line.position
    window = option.value if isinstance(option.value, Window) else None
    is_time = name == "window"
    text = str(option.value)
    return [
        0.0,
        0.0,
        min(abs(apart), 4) / 4,
        float(apart == 0),
        float(line.sentence.paragraph == figure.line.sentence.paragraph),
        float(option.end <= view.start),
        float(option.start >= view.end),
        float(line.sentence.title),
        float(apart == 0 and figure.low <= option.place < figure.high),
        math.log1p(distance) / 8,
        _between(view, option) / 4,
        float(values[0] == text) if values else 0.0,
        float(len(set(values)) == 1),
        min(values.count(text), 5) / 5,
        float(distance == nearest),
        *_one_hot(option.rule, _TIMES),
        math.log1p(window.length_hours) / 8 if window else 0.0,
        float(window is not None and window.length_hours > 24 * 8),
        float(is_time and window is None),
        float(is_time and any(time.start == option.place for time in usable(line))),
    ]


def _characters(view: View, option: Option) -> int:
    """Count the characters between a figure and an option in the scene."""
    if option.line is None:
        return 0
    return max(0, option.start - view.end, view.start - option.end)


def _between(view: View, option: Option) -> int:
    """Count the figures of the same sentence between a figure and an option, up to four."""
    line = view.figure.line
    if option.line is not line:
        return 0
    first, last = sorted((view.figure.start, option.place))
    return min(sum(first < other.start < last for other in line.figures), 4)
