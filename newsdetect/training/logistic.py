"""Logistic regression with shrinkage, by Newton's method: for a few hundred columns, the same answer each time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

#: Newton's steps, and the change after which nothing moves; it settles within ten.
_STEPS, _STILL = 50, 1e-6


def logistic(table: Numbers, right: Numbers, *, shrink: Numbers, counts: Numbers | None = None) -> Numbers:
    """Fit weights, one a column of `table` (rows, columns), to how right each row is (0 to 1).

    `shrink` holds each weight near zero, the larger the nearer; `counts` says what each row counts, else all alike.
    """
    many = np.ones(len(table)) if counts is None else counts
    weights = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        chances = 1.0 / (1.0 + np.exp(-table @ weights))
        slope = table.T @ (many * (right - chances)) - shrink * weights
        bend = (table * (many * chances * (1.0 - chances))[:, None]).T @ table + np.diag(shrink)
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if float(np.abs(step).max()) < _STILL:
            break
    return weights
