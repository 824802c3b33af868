"""Fits the weights of the signs: a logistic model by likelihood, each weight held to its sign's direction.

Projected gradient steps on a convex loss with a little shrinkage; no optimiser is needed for a handful of weights, and
the same claims give the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newsdetect.checks.probability import SIGNS, Model
from newsdetect.errors import UsageError
from newsdetect.evaluation.calibration import Scores
from newsdetect.evaluation.planted_run import Outcome

#: Fewer claims than this would fit noise.
FEWEST = 200
#: Shrinkage a claim, and the number of steps, after which nothing moves.
_SHRINK, _STEPS = 3e-4, 20_000


def fit(outcomes: Sequence[Outcome]) -> Model:
    """Fit to claims that were weighed; raise UsageError if there are too few, or any of them is there to judge by."""
    weighed = [one for one in outcomes if one.signs is not None]
    if any(one.judged for one in weighed):
        raise UsageError("claims of the judged half are never fitted")
    if len(weighed) < FEWEST:
        raise UsageError(f"{len(weighed)} claims are too few to fit to; ask for more with --claims (at least 1,000)")
    names = list(SIGNS)
    rows = np.array([[one.signs[name] for name in names] for one in weighed if one.signs is not None])
    right = np.array([one.right for one in weighed], dtype=float)
    scale = np.maximum(rows.std(axis=0), 1e-9)
    used = rows.std(axis=0) > 0
    weights, bias = _descend(rows[:, used] / scale[used], right, np.array(list(SIGNS.values()))[used])
    found = dict.fromkeys(names, 0.0)
    for name, weight in zip(np.array(names)[used], weights / scale[used], strict=True):
        found[str(name)] = round(float(weight), 4) + 0.0
    return Model(bias=round(bias, 4), weights=found)


def _descend(rows: np.ndarray, right: np.ndarray, direction: np.ndarray) -> tuple[np.ndarray, float]:
    """Go down the loss by accelerated steps, back to the allowed side after each one."""
    wide = np.column_stack([rows, np.ones(len(rows))])
    step = 1 / (np.linalg.norm(wide, 2) ** 2 / 4 / len(rows) + _SHRINK)
    at = ahead = np.zeros(wide.shape[1])
    for number in range(_STEPS):
        said = 1 / (1 + np.exp(-np.clip(wide @ ahead, -30, 30)))
        slope = wide.T @ (said - right) / len(rows)
        slope[:-1] += _SHRINK * ahead[:-1]
        after = ahead - step * slope
        after[:-1] = np.where(after[:-1] * direction < 0, 0.0, after[:-1])
        if np.abs(after - at).max() < 1e-10:
            at = after
            break
        ahead, at = after + number / (number + 3) * (after - at), after
    return at[:-1], float(at[-1])


def told(*, command: str, scores: Scores) -> list[str]:
    """Write the lines that a fitted file opens with: where its weights come from, and how they did."""
    judged = f"Brier {scores.brier or 0:.3f} (base rate alone {scores.brier_base or 0:.3f})"
    return [
        "How likely a claim is right, by the signs of its case (read by newsdetect/checks/probability.py, which fixes",
        "the direction of each). Fitted, never written by hand, to the claims of the even markets of",
        f"  {command}",
        f"Judged on the {scores.claims:,} claims of the odd ones: {judged}, calibration error {scores.ece or 0:.3f}.",
        f"{scores.base_rate:.0%} of the planted claims are right; where more of the news is, the truth lies higher.",
    ]


def as_toml(model: Model, *, told: Sequence[str]) -> str:
    """Write a model as the file that the checks read; `told` are the comment's lines."""
    lines = [f"# {line}".rstrip() for line in told]
    lines += ["", f"bias = {model.bias}", "", "[weights]"]
    lines += [f"{name} = {model.weights[name]}" for name in SIGNS]
    return "\n".join(lines) + "\n"
