"""Scores of checks on planted truth: each number recomputed by hand on a few outcomes."""

from __future__ import annotations

import io
import tomllib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from newsdetect.checks.probability import SIGNS, Model
from newsdetect.errors import UsageError
from newsdetect.evaluation.calibration import GOALS, reliability, score
from newsdetect.evaluation.calibration_report import as_text
from newsdetect.evaluation.planted_run import Outcome
from newsdetect.evaluation.probability_fit import as_toml, fit
from newsdetect.evaluation.reliability_plot import plot

#: Says .5 of everything, and .95 of what was corroborated.
_MODEL = Model(bias=0.0, weights={"corroborated": 2.944439})


def _outcome(
    verdict: str = "plausible", *, right: bool = True, error: float = 1.0, market: int = 1, **fields
) -> Outcome:
    signs = None if verdict == "not_checkable" else {**dict.fromkeys(SIGNS, 0.0), **fields.pop("signs", {})}
    if signs is not None and verdict in signs:
        signs[verdict] = 1.0
    made = {
        "market": market, "article": "1-0", "view": "bars", "perturbation": "x1" if right else "x10", "named": False,
        "value": 1e8, "reading": 1e8 / error, "error": error, "right": right, "strictly": right, "verdict": verdict,
        "signs": signs, "covered": True, "searched": 1.0,
    }  # fmt: skip
    return Outcome(**(made | fields))


def test_false_contradictions_are_counted_among_right_claims_that_met_data() -> None:
    """One of four right claims with data; those without data do not water it down."""
    held = [_outcome("contradicted"), *[_outcome()] * 3, *[_outcome("not_checkable")] * 5]
    scores = score([*held, _outcome("contradicted", right=False, error=20)], _MODEL)
    assert scores.false_contradicted == 0.25
    assert scores.false_contradicted_of == 4
    assert "false_contradicted" in scores.missed()


def test_precision_counts_what_was_called_corroborated() -> None:
    """Three of four are right, two of them to the letter."""
    many = [_outcome("corroborated")] * 2
    many += [_outcome("corroborated", strictly=False), _outcome("corroborated", right=False, error=1.3)]
    scores = score([*many, *[_outcome()] * 4], _MODEL)
    assert scores.precision_corroborated == 0.75
    assert scores.precision_strict == 0.5
    assert scores.recall_corroborated == pytest.approx(3 / 7)


def test_wrong_by_ten_is_caught_unless_called_plausible_or_better() -> None:
    """Only claims that data can tell of count, and errors both ways."""
    wrong = [_outcome(verdict, right=False, error=12) for verdict in ("contradicted", "inconsistent", "plausible")]
    low = _outcome("contradicted", right=False, error=0.05, named=True)
    uncovered = _outcome(right=False, error=12, covered=False)
    nearly = _outcome(right=False, error=9)
    scores = score([*wrong, low, uncovered, nearly], _MODEL)
    assert scores.by_ten == 4
    assert scores.caught_by_ten == 0.75
    assert scores.caught_by_ten_unnamed == pytest.approx(2 / 3)


def test_brier_and_calibration_error_are_those_of_the_definition() -> None:
    """Ten claims at .5 of which eight are right: Brier .25, calibration error .3."""
    many = [_outcome()] * 8 + [_outcome(right=False, error=2)] * 2
    scores = score(many, _MODEL)
    assert scores.brier == pytest.approx(0.25)
    assert scores.brier_base == pytest.approx(0.16)
    assert scores.ece == pytest.approx(0.3)
    assert [(one.claims, one.said, one.right) for one in scores.bins] == [(10, 0.5, 0.8)]


def test_bins_hold_every_probability_once() -> None:
    """Zero and one belong to the outer bins."""
    said = np.array([0.0, 0.05, 0.1, 0.55, 1.0])
    bins = reliability(said, np.ones(5))
    assert [one.claims for one in bins] == [2, 1, 1, 1]
    assert reliability(np.empty(0), np.empty(0)) == ()


def test_no_claims_give_no_rates() -> None:
    """Nothing judged is no success."""
    scores = score([], _MODEL)
    assert scores.precision_corroborated is None
    assert scores.ece is None
    assert set(scores.missed()) == set(GOALS)


def _drawn(count: int, *, weight: float, market: int = 0) -> list[Outcome]:
    """Draw outcomes whose truth follows one sign by a known weight, and another one not at all."""
    rng = np.random.Generator(np.random.PCG64(5))
    found = []
    for _ in range(count):
        misfit, special = float(rng.uniform(0, 3)), float(rng.uniform(0, 2))
        right = bool(rng.random() < 1 / (1 + np.exp(-(1.0 + weight * misfit))))
        found.append(_outcome(right=right, market=market, signs={"misfit": misfit, "special": special}))
    return found


def test_a_fit_finds_the_weight_that_the_truth_was_drawn_by() -> None:
    """Of 4,000 claims drawn with weight -1.5 the fit finds about that, and of a sign that tells nothing about none."""
    model = fit(_drawn(4000, weight=-1.5))
    assert model.bias == pytest.approx(1.0, abs=0.25)
    assert model.weights["misfit"] == pytest.approx(-1.5, abs=0.2)
    assert abs(model.weights["special"]) < 0.15


def test_a_fit_holds_each_sign_to_its_direction() -> None:
    """Where the data would have a misfit support a claim, it gets no weight."""
    assert fit(_drawn(2000, weight=0.8)).weights["misfit"] == 0.0


def test_the_judged_half_is_never_fitted() -> None:
    """Neither can a handful of claims be."""
    with pytest.raises(UsageError, match="judged half"):
        fit([*_drawn(400, weight=-1), replace(_outcome(), market=3)])
    with pytest.raises(UsageError, match="too few"):
        fit(_drawn(20, weight=-1))


def test_a_fitted_file_reads_back_as_the_model_it_was() -> None:
    """Bias, every sign, and the comment before them."""
    model = fit(_drawn(500, weight=-1))
    data = tomllib.loads(as_toml(model, told=["By a test."]))
    assert Model(bias=data["bias"], weights=data["weights"]) == model
    assert set(data["weights"]) == set(SIGNS)


def test_the_report_names_each_goal_and_whether_it_was_reached() -> None:
    """A missed goal says so."""
    report = as_text(score([_outcome("corroborated")] * 4 + [_outcome("contradicted")], _MODEL), command="x --claims 5")
    assert "| right claims called contradicted (at most) | 0.01 | 0.200 | missed |" in report
    assert "| right claims of those called corroborated (at least) | 0.95 | 1.000 | reached |" in report
    assert "| x1 | 4 | 0 | 0 | 0 | 1 |" in report


def test_the_plot_is_a_png_with_its_points() -> None:
    """A point above the diagonal is drawn where its share says."""
    said = np.full(50, 0.25)
    image = Image.open(io.BytesIO(plot(reliability(said, np.r_[np.ones(40), np.zeros(10)]), title="t")))
    assert image.format == "PNG"
    pixel = image.convert("RGB").getpixel((round(90 + 0.25 * 600), round(60 + (1 - 0.8) * 600)))
    assert isinstance(pixel, tuple)
    assert pixel[2] > 180 > pixel[0]
