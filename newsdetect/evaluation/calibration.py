"""Scores of checks on planted truth: false refutations, precision, calibration, and what kinds of error are caught.

A rate over nothing is null, never zero or one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from newsdetect.checks.check import Verdict
from newsdetect.checks.probability import Model
from newsdetect.evaluation.planted_run import Outcome

VERDICTS: tuple[Verdict, ...] = ("corroborated", "plausible", "not_checkable", "inconsistent", "contradicted")
#: What the product holds itself to.
GOALS = {"false_contradicted": 0.01, "precision_corroborated": 0.95, "ece": 0.03, "caught_by_ten": 0.90}
_BINS = 10
_GOOD = ("plausible", "corroborated")


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims of about one probability: how many, what was said at the mean, and what share of them was right."""

    low: float
    high: float
    claims: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What came of the judged claims."""

    claims: int
    events: int
    #: The share of claims that are right: what a probability without evidence would have to be.
    base_rate: float
    verdicts: Mapping[str, int]
    #: Right claims called contradicted, of all right claims that were held against data.
    false_contradicted: float | None
    false_contradicted_of: int
    #: Right claims called inconsistent: their own article tells them beside a wrong one.
    beside_a_wrong_one: float | None
    #: Right claims of those called corroborated; `strict` without the 5 % between honest readings.
    precision_corroborated: float | None
    precision_strict: float | None
    #: Right claims that were called corroborated.
    recall_corroborated: float | None
    weighed: int
    brier: float | None
    #: Brier's score of the base rate alone, to compare with.
    brier_base: float | None
    ece: float | None
    #: What a perfectly calibrated model would show at this number of claims, by chance alone.
    ece_by_chance: float | None
    bins: tuple[Bin, ...]
    #: Claims wrong by ten or more where data can tell: how many, and the share not called plausible or better.
    by_ten: int
    caught_by_ten: float | None
    #: The same where the claim names no source other than the data's own or none.
    by_ten_unnamed: int
    caught_by_ten_unnamed: float | None
    confusion: Mapping[str, Mapping[str, int]]
    by_view: Mapping[str, Mapping[str, int]]

    def as_json(self) -> dict[str, Any]:
        """Give the scores as plain data."""
        return asdict(self)

    def missed(self) -> list[str]:
        """Name the goals that were not reached; what could not be measured is not."""
        above = [name for name in ("false_contradicted", "ece") if _or(getattr(self, name), 1.0) > GOALS[name]]
        rates = ("precision_corroborated", "caught_by_ten")
        return above + [name for name in rates if _or(getattr(self, name), 0.0) < GOALS[name]]


def _or(rate: float | None, worst: float) -> float:
    return worst if rate is None else rate


def score(outcomes: Sequence[Outcome], model: Model) -> Scores:
    """Score outcomes with the probabilities that a model gives them."""
    right = [one for one in outcomes if one.right]
    held = [one for one in right if one.verdict != "not_checkable"]
    confirmed = [one for one in outcomes if one.verdict == "corroborated"]
    weighed = [one for one in outcomes if one.signs is not None]
    said = np.array([model.probability(one.signs) for one in weighed if one.signs is not None])
    truth = np.array([one.right for one in weighed], dtype=float)
    by_ten = [one for one in outcomes if one.covered and not 0.1 < one.error < 10]
    unnamed = [one for one in by_ten if not one.named]
    base = float(truth.mean()) if truth.size else 0.0
    bins = reliability(said, truth)
    return Scores(
        claims=len(outcomes), events=len({one.market for one in outcomes}),
        base_rate=len(right) / max(1, len(outcomes)), verdicts=_counted(outcomes),
        false_contradicted=_share(held, lambda one: one.verdict == "contradicted"), false_contradicted_of=len(held),
        beside_a_wrong_one=_share(held, lambda one: one.verdict == "inconsistent"),
        precision_corroborated=_share(confirmed, lambda one: one.right),
        precision_strict=_share(confirmed, lambda one: one.strictly),
        recall_corroborated=_share(right, lambda one: one.verdict == "corroborated"),
        weighed=len(weighed), brier=float(((said - truth) ** 2).mean()) if truth.size else None,
        brier_base=base * (1 - base) if truth.size else None, ece=_ece(bins), ece_by_chance=_by_chance(said), bins=bins,
        by_ten=len(by_ten), caught_by_ten=_share(by_ten, lambda one: one.verdict not in _GOOD),
        by_ten_unnamed=len(unnamed), caught_by_ten_unnamed=_share(unnamed, lambda one: one.verdict not in _GOOD),
        confusion={kind: _counted(many) for kind, many in _grouped(outcomes, _kind).items()},
        by_view={view: _counted(many) for view, many in _grouped(outcomes, lambda one: one.view).items()},
    )  # fmt: skip


def reliability(said: Any, truth: Any) -> tuple[Bin, ...]:  # noqa: ANN401 -- arrays of equal length
    """Sort probabilities into ten bins of equal width; empty ones are left out."""
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    place = np.clip(np.digitize(said, edges[1:-1]), 0, _BINS - 1)
    return tuple(
        Bin(float(low), float(high), int(rows.sum()), float(said[rows].mean()), float(truth[rows].mean()))
        for number, (low, high) in enumerate(pairwise(edges))
        if (rows := place == number).any()
    )


def _ece(bins: Sequence[Bin]) -> float | None:
    claims = sum(one.claims for one in bins)
    return sum(one.claims * abs(one.said - one.right) for one in bins) / claims if claims else None


def _by_chance(said: Any) -> float | None:  # noqa: ANN401 -- an array
    """Draw truths from the probabilities themselves and give the mean calibration error of such."""
    if not said.size:
        return None
    rng = np.random.Generator(np.random.PCG64(0))
    drawn = [_ece(reliability(said, (rng.random(said.size) < said).astype(float))) for _ in range(50)]
    return float(np.mean([one for one in drawn if one is not None]))


def _kind(one: Outcome) -> str:
    """Name a claim by its perturbation; swaps and roundings that happen to be right are set apart."""
    wrong = one.perturbation not in ("x0.95", "x1", "x1.05")
    return f"{one.perturbation} (right all the same)" if one.right and wrong else one.perturbation


def _counted(outcomes: Sequence[Outcome]) -> dict[str, int]:
    counts = Counter(one.verdict for one in outcomes)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def _share(outcomes: Sequence[Outcome], holds: Any) -> float | None:  # noqa: ANN401 -- a question of an outcome
    return sum(map(holds, outcomes)) / len(outcomes) if outcomes else None


def _grouped(outcomes: Sequence[Outcome], name: Any) -> dict[str, list[Outcome]]:  # noqa: ANN401 -- as above
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault(name(one), []).append(one)
    return dict(sorted(groups.items()))
