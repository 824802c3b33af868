"""What the rules' word weighs beside the reader's, and calibrated confidence: fitted on held-out passages."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from newsdetect.claims.decoding import ALONE, ROLES, SIDES, STATUSES, Scored, Trust, log_odds
from newsdetect.claims.scene import Field
from newsdetect.claims.tagger import Tagger
from newsdetect.claims.trained import extract_with
from newsdetect.evaluation.scores import MEANING, pair_claims, same_field
from newsdetect.training.dataset import UNKNOWN, Example, Target
from newsdetect.training.gold import gold_record
from newsdetect.training.logistic import logistic
from newsdetect.training.passages import Passage
from newsdetect.types import ALL

Record = dict[str, Any]

#: The weights that are tried, in log-odds.
_TRIED = tuple(step / 2 for step in range(11))
#: The thresholds that are tried for what is a claim, in log-odds.
_LEAST = tuple(step / 4 for step in range(-6, 7))
_FIELDS: tuple[Field, ...] = ("window", "asset", "venue", "source")
#: Keeps the calibration of a few claims from running away.
_SHRINK = 1e-3
#: Edges of the reliability table.
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class _Vote:
    """One figure's field: the reader's chance of the truth and of the rules' word, and whether these two are one."""

    truth: float
    rules: float
    agree: bool

    def likelihood(self, weight: float) -> float:
        """Give the log of the truth's chance, the rules' word weighed in."""
        told = math.exp(weight)
        truth = self.truth * told if self.agree else self.truth
        total = 1.0 + self.rules * (told - 1.0)
        return math.log(max(truth / total, 1e-6))


def choose_trust(tagger: Tagger, examples: Sequence[Example]) -> Trust:
    """Fit each field's weight to the examples' figures, by likelihood; what is a claim by likelihood, then by F1."""
    votes: dict[str, list[_Vote]] = defaultdict(list)
    claims: list[tuple[float, bool, bool]] = []
    encodings = tagger.encoder([example.scene for example in examples])
    for example, encoded in zip(examples, encodings, strict=True):
        scored = tagger.heads.score(example.scene, encoded.states, encoded.offsets)
        for each, target in zip(scored, example.targets, strict=True):
            claims.append((log_odds(each.is_claim), each.view.reading is not None, target.role > 0))
            if target.role:
                _count(votes, each, target)
    chosen = {name: _heaviest(rows) for name, rows in votes.items()}
    claim, no_claim = _claim_weights(claims)
    least = _least([(odds + (claim if seen else -no_claim), truth) for odds, seen, truth in claims])
    return Trust(claim=claim, no_claim=no_claim, least=least, **chosen)


def _count(votes: dict[str, list[_Vote]], scored: Scored, target: Target) -> None:
    """Note for each field what the reader gives to the truth and to the rules' word."""
    bound = scored.view.bound
    truths: dict[str, tuple[Mapping[Any, float], object, object]] = {
        "side": (scored.sides("both", 0.0), _known(SIDES, target.side), bound.side or "both"),
        "status": (scored.statuses(ALONE), _known(STATUSES, target.status), bound.status),
    }
    if scored.view.reading is not None:
        truths["metric"] = (scored.metrics(ALONE), ROLES[target.role], scored.view.reading.metric)
    rules: dict[Field, object] = {
        "window": bound.window, "asset": bound.asset, "venue": bound.venue, "source": bound.attributed_to
    }  # fmt: skip
    for name in _FIELDS:
        said = _truth(scored, name, target)
        truths[name] = (scored.values(name, rules[name], 0.0), said, rules[name])
    for field, (chances, truth, word) in truths.items():
        if truth is not ...:
            votes[field].append(_Vote(chances.get(truth, 1e-3), chances.get(word, 1e-3), truth == word))


def _known(names: Sequence[object], number: int) -> object:
    return ... if number == UNKNOWN else names[number]


def _truth(scored: Scored, name: Field, target: Target) -> object:
    """Give the true value of a field, or the mark that nobody here can tell it."""
    right = target.options.get(name)
    if right is None or right[1]:
        return ...
    if right[0]:
        return None if name in ("window", "source") else ALL
    return next(option.value for option, good in zip(scored.scene.options[name], right, strict=True) if good)


def _heaviest(rows: Sequence[_Vote]) -> float:
    return max(_TRIED, key=lambda weight: sum(row.likelihood(weight) for row in rows))


def _claim_weights(rows: Sequence[tuple[float, bool, bool]]) -> tuple[float, float]:
    """Fit what the rules' yes and no weigh to what is a claim: odds, whether the rules see one, whether it is one."""
    odds, seen, truth = (np.array(column) for column in zip(*rows, strict=True))
    sign = np.where(truth, 1.0, -1.0)

    def likelihood(weights: tuple[float, float]) -> float:
        told = odds + np.where(seen, weights[0], -weights[1])
        return -float(np.logaddexp(0.0, -sign * told).sum())

    return max(itertools.product(_TRIED, _TRIED), key=likelihood)


def _least(rows: Sequence[tuple[float, bool]]) -> float:
    """Give the log-odds from which on a figure is a claim with the best F1; of equals the nearest to even."""

    def f1(least: float) -> float:
        hits = sum(odds >= least and truth for odds, truth in rows)
        return 2 * hits / max(1, sum(odds >= least for odds, _ in rows) + sum(truth for _, truth in rows))

    return max(_LEAST, key=lambda least: (f1(least), -abs(least)))


def judged(tagger: Tagger, passages: Sequence[Passage]) -> list[tuple[float, bool]]:
    """Give each claim that is read out of passages: its confidence, and whether the whole of it is right."""
    found: list[tuple[float, bool]] = []
    for passage in passages:
        gold = gold_record(passage)["claims"]
        ours = [claim.model_dump(mode="json") for claim in extract_with(tagger, passage.doc).claims]
        right = {
            id(claim) for truth, claim in pair_claims(gold, ours) if all(same_field(n, truth, claim) for n in MEANING)
        }
        found += [(float(claim["confidence"]), id(claim) in right) for claim in ours]
    return found


def fit_calibration(rows: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Fit the slope and the shift that bring confidence to truth (Platt)."""
    x = np.array([log_odds(chance) for chance, _ in rows])
    y = np.array([float(right) for _, right in rows])
    slope, shift = logistic(np.stack([x, np.ones_like(x)], axis=1), y, shrink=np.full(2, _SHRINK))
    return float(slope), float(shift)


def reliability(rows: Sequence[tuple[float, bool]]) -> list[Record]:
    """Give, bin by bin, how many claims there are and which share is right."""
    table = []
    for low, high in itertools.pairwise(_BINS):
        inside = [right for chance, right in rows if low <= chance < high or (high == 1.0 and chance == 1.0)]
        if inside:
            table.append({"from": low, "to": high, "claims": len(inside), "right": sum(inside) / len(inside)})
    return table
