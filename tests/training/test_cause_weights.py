"""Weights of causes: fitted to what is right, held near zero, and written as the table that the rules read."""

from __future__ import annotations

import tomllib
from math import log

import numpy as np
import pytest

from newsdetect.training.cause_weights import SHOWN, Phrase, fit, written
from newsdetect.training.logistic import logistic


def test_a_bare_constant_is_the_log_odds_of_the_share():
    """With one column of ones and no shrinkage the weight is the share's log-odds, whatever rows count twice."""
    right = np.array([1.0, 1.0, 1.0, 0.0])
    table = np.ones((4, 1))
    assert logistic(table, right, shrink=np.zeros(1)) == pytest.approx([log(3)])
    assert logistic(table, right, shrink=np.zeros(1), counts=np.array([1, 1, 1, 3.0])) == pytest.approx([0.0], abs=1e-6)


def test_shrinkage_holds_weights_near_zero():
    """The more it shrinks, the smaller the weight."""
    right = np.array([1.0, 1.0, 1.0, 0.0])
    found = [float(logistic(np.ones((4, 1)), right, shrink=np.full(1, much))[0]) for much in (0.0, 1.0, 10.0)]
    assert found == sorted(found, reverse=True)
    assert found[-1] > 0


def test_signs_of_causes_weigh_up_and_signs_of_none_down():
    """A sign that only causes show has a positive weight, its opposite a negative one; rare signs get none."""
    shown = [Phrase(("after",), 1.0)] * 20 + [Phrase(("before",), 0.0)] * 20 + [Phrase(("odd",), 1.0)] * (SHOWN - 1)
    weights = fit(shown)
    assert weights["after"] > 0.5
    assert weights["before"] < -0.5
    assert "odd" not in weights


def test_written_weights_are_read_back():
    """The table is TOML with each sign and its weight."""
    weights = {"always": -0.5, "type:macro, told:as": 0.25}
    assert tomllib.loads(written(weights))["weights"] == weights
