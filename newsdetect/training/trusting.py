"""How far the reader is believed: thresholds against the rules and calibrated confidence, from held-out passages."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from newsdetect.claims.decoding import SIDES, Scored, Trust
from newsdetect.claims.scene import FAR, Field, Option
from newsdetect.claims.tagger import Tagger
from newsdetect.claims.trained import extract_with
from newsdetect.evaluation.scores import MEANING, pair_claims, same_field
from newsdetect.training.dataset import Example, Target
from newsdetect.training.gold import gold_record
from newsdetect.training.passages import Passage
from newsdetect.types import ALL

Record = dict[str, Any]

#: The thresholds that are tried. One above 1 leaves a field to the rules.
_TRIED = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
_FIELDS: tuple[Field, ...] = ("window", "asset", "venue")
#: Edges of the reliability table.
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)


def choose_trust(tagger: Tagger, examples: Sequence[Example]) -> Trust:
    """Choose for each field the threshold at which most of the examples' figures are right."""
    votes: dict[str, list[tuple[float, bool, bool]]] = defaultdict(list)
    encodings = tagger.encoder([example.scene.text for example in examples])
    for example, encoded in zip(examples, encodings, strict=True):
        scored = tagger.heads.score(example.scene, encoded.states, encoded.offsets)
        for each, target in zip(scored, example.targets, strict=True):
            votes["claim"].append((each.is_claim, target.role > 0, target.role > 0))
            if target.role:
                _count(votes, each, target)
    chosen = {name: _best(rows) for name, rows in votes.items() if name != "claim"}
    return Trust(claim=_best_claim(votes["claim"]), **chosen)


def _count(votes: dict[str, list[tuple[float, bool, bool]]], scored: Scored, target: Target) -> None:
    """Note for each field: the reader's chance, whether it is right, whether the rules are."""
    bound = scored.view.bound
    chances = scored.sides()
    truth = SIDES[target.side]
    side = SIDES[int(chances.argmax())]
    votes["side"].append((float(chances.max()), side == truth, (bound.side or "both") == truth))
    rules: dict[Field, object] = {"window": bound.window, "asset": bound.asset, "venue": bound.venue}
    for name in _FIELDS:
        right = target.options.get(name)
        if right is None:
            continue
        options = scored.scene.options[name]
        by_rules = _says_right(options, right, rules[name])
        option, chance = scored.best(name)
        if option.start != FAR:
            reader = bool(right[[id(each) for each in options].index(id(option))])
            votes[name].append((chance, reader, by_rules))


def _says_right(options: Sequence[Option], right: Any, value: object) -> bool:  # noqa: ANN401 -- a mask
    """Tell whether the rules' value is a right option; what is said farther away nobody here can tell."""
    if right[1]:
        return True
    if value in (None, ALL):
        return bool(right[0])
    return any(good and option.value == value for option, good in zip(options, right, strict=True) if option.line)


def _best(rows: Iterable[tuple[float, bool, bool]]) -> float:
    table = list(rows)
    right = {least: sum(reader if chance >= least else rules for chance, reader, rules in table) for least in _TRIED}
    # Of equals the higher: rules can be read.
    return max(_TRIED, key=lambda least: (right[least], least))


def _best_claim(rows: Iterable[tuple[float, bool, bool]]) -> float:
    """Give the threshold with the best F1 of what is a claim."""
    table = list(rows)

    def f1(least: float) -> float:
        hits = sum(chance >= least and truth for chance, truth, _ in table)
        return 2 * hits / max(1, sum(chance >= least for chance, _, _ in table) + sum(truth for _, truth, _ in table))

    return max((0.3, 0.4, 0.5, 0.6, 0.7), key=lambda least: (f1(least), -abs(least - 0.5)))


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
    """Fit the slope and the shift that bring confidence to truth (Platt), by Newton's method."""
    x = np.array([logit(chance) for chance, _ in rows])
    y = np.array([float(right) for _, right in rows])
    features = np.stack([x, np.ones_like(x)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (y - chance) - 1e-3 * weights
        bend = (features * (chance * (1 - chance))[:, None]).T @ features + 1e-3 * np.eye(2)
        weights = weights + np.linalg.solve(bend, slope)
    return float(weights[0]), float(weights[1])


def logit(chance: float) -> float:
    """Give log-odds, held away from the ends."""
    inside = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside))


def reliability(rows: Sequence[tuple[float, bool]]) -> list[Record]:
    """Give, bin by bin, how many claims there are and which share is right."""
    table = []
    for low, high in itertools.pairwise(_BINS):
        inside = [right for chance, right in rows if low <= chance < high or (high == 1.0 and chance == 1.0)]
        if inside:
            table.append({"from": low, "to": high, "claims": len(inside), "right": sum(inside) / len(inside)})
    return table
