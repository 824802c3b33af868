"""What a scene's figures say of each other by their size alone.

The encoder sees sums as shapes, not as values; so that one is a part of another, their total, or the same once more,
it cannot see. Figures are compared with those of their unit in the lines that the scene shows.
"""

from __future__ import annotations

import numpy as np

from newsdetect.claims.article import Figure
from newsdetect.claims.scene import Scene

SUM_COLUMNS: tuple[str, ...] = (
    "sum.titled", "sum.again", "sum.total", "sum.part", "sum.largest.line", "sum.largest.scene", "sum.share",
)  # fmt: skip

#: How far, as a share, two tellings of one figure lie apart, and two parts from their total.
_SAME, _ADDED = 0.02, 0.01
#: A part is at least this share of its total: nearly every sum is one more small figure than some other.
_LEAST_PART = 0.03
#: Only so many figures of a scene are compared.
_MOST = 60


def sum_columns(scene: Scene) -> list[list[float]]:
    """Give one row for each figure of the scene, columns as in SUM_COLUMNS."""
    shown = [figure for line in scene.lines for figure in line.figures if _is_sum(figure)][:_MOST]
    by_unit: dict[str, list[Figure]] = {}
    for figure in shown:
        by_unit.setdefault(figure.amount.unit, []).append(figure)
    compared = {unit: _compared(figures) for unit, figures in by_unit.items()}
    nothing = [0.0] * len(SUM_COLUMNS)
    return [compared.get(view.figure.amount.unit, {}).get(view.figure.amount.start, nothing) for view in scene.views]


def _is_sum(figure: Figure) -> bool:
    return (figure.amount.kind != "bare" or figure.amount.scaled) and figure.amount.value > 0


def _compared(figures: list[Figure]) -> dict[int, list[float]]:
    """Compare figures of one unit; rows by the place of the figure in the article."""
    values = np.array([figure.amount.value for figure in figures])
    lines = np.array([figure.line.position for figure in figures])
    titled = np.array([figure.line.sentence.title for figure in figures])
    same = np.abs(values[:, None] - values) <= _SAME * np.maximum(values[:, None], values)
    elsewhere = same & (lines[:, None] != lines)
    pairs = values[:, None] + values
    pairs[np.maximum(values[:, None], values) > (1 - _LEAST_PART) * pairs] = np.nan
    np.fill_diagonal(pairs, np.nan)
    with np.errstate(invalid="ignore"):
        # [total, part, other part]
        added = np.abs(values[:, None, None] - pairs) <= _ADDED * values[:, None, None]
    largest = values >= (1 - _SAME) * values.max()
    in_line = np.array([values[at] >= (1 - _SAME) * values[lines == lines[at]].max() for at in range(len(values))])
    columns = np.stack(
        [
            (elsewhere & titled).any(axis=1),
            (elsewhere & ~titled).any(axis=1),
            added.any(axis=(1, 2)),
            added.any(axis=(0, 2)),
            in_line,
            largest,
            np.log10(values / values.max()).clip(min=-4) / 4,
        ],
        axis=1,
    )
    return {figure.amount.start: row for figure, row in zip(figures, columns.tolist(), strict=True)}
