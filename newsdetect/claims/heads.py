"""The trained heads in plain numpy: pooled spans and tables in, chances out. They mirror `training.network`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from newsdetect.claims.decoding import Chances, Scored, Scores
from newsdetect.claims.scene import FIELDS, Field, Scene
from newsdetect.claims.scene_features import figure_table, pair_table
from newsdetect.claims.tagging import Offsets, token_span

States = NDArray[np.float32]


class Heads:
    """The heads' weights by their names in the network."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]], answers: tuple[int, int, int]) -> None:
        self._weights = {name: np.asarray(value, dtype=np.float32) for name, value in weights.items()}
        #: How many roles, statuses and sides there are.
        self._answers = answers

    def score(self, scene: Scene, states: States, offsets: Offsets) -> list[Scored]:
        """Score each figure of a scene; `states` are its word pieces' (length, width)."""
        views = scene.views
        if not views:
            return []
        figures = np.stack([_pooled(states, *token_span(offsets, view.start, view.end)) for view in views])
        sentences = np.stack([_pooled(states, *token_span(offsets, *view.sentence)) for view in views])
        told = self._perceptron("figure", np.concatenate([figures, sentences, figure_table(scene)], axis=1))
        roles, statuses, sides = np.split(told, np.cumsum(self._answers)[:2], axis=1)
        fields = {name: self._fields(scene, name, figures, states, offsets) for name in FIELDS}
        return [
            Scored(
                scene,
                view,
                Scores(
                    softmax(roles[at]), softmax(statuses[at]), softmax(sides[at]),
                    {name: fields[name][at] for name in FIELDS},
                ),
            )
            for at, view in enumerate(views)
        ]  # fmt: skip

    def _fields(self, scene: Scene, name: Field, figures: States, states: States, offsets: Offsets) -> list[Chances]:
        """Give each figure's chances over the options of a field."""
        options = scene.options[name]
        unsaid = self._weights[f"unsaid.{name}"]
        words = np.stack(
            [
                unsaid[-option.start - 1]
                if option.start < 0
                else _pooled(states, *token_span(offsets, option.start, option.end))
                for option in options
            ]
        )
        left = np.repeat(figures, len(options), axis=0)
        right = np.tile(words, (len(figures), 1))
        given = np.concatenate([left, right, left * right, pair_table(scene, name)], axis=1)
        scores = self._perceptron(f"pairs.{name}", given).reshape(len(figures), len(options))
        return [softmax(row) for row in scores]

    def cause_tags(self, states: States) -> Chances:
        """Give the chances of each tag for each word piece, (length, tags)."""
        return softmax(states @ self._weights["cause_tags.weight"].T + self._weights["cause_tags.bias"])

    def cause_roles(self, states: States) -> Chances:
        """Give the chances of a cause's roles, of the states of its word pieces."""
        return softmax(states.mean(axis=0) @ self._weights["cause_roles.weight"].T + self._weights["cause_roles.bias"])

    def _perceptron(self, name: str, given: States) -> States:
        weights = self._weights
        hidden = np.maximum(given @ weights[f"{name}.first.weight"].T + weights[f"{name}.first.bias"], 0.0)
        answer: States = hidden @ weights[f"{name}.second.weight"].T + weights[f"{name}.second.bias"]
        return answer


def softmax(scores: NDArray[np.float32]) -> Chances:
    """Turn scores into chances along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Chances = shifted / shifted.sum(axis=-1, keepdims=True)
    return chances


def _pooled(states: States, first: int, last: int) -> NDArray[np.float32]:
    mean: NDArray[np.float32] = states[first : max(last, first + 1)].mean(axis=0)
    return mean
