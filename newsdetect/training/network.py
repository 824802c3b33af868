"""The network: one pass of a small encoder over a scene, and small heads for its figures, their options and its causes.

Heads see pooled spans beside the numbers of `claims.scene_features`. They are plain two-layer perceptrons, so that
inference runs them in numpy and only the encoder needs a runtime (`newsdetect.claims.tagger`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from newsdetect.claims.scene import FIELDS
from newsdetect.claims.scene_features import FIGURE_COLUMNS, PAIR_COLUMNS
from newsdetect.claims.scene_marks import KINDS, PLACES


@dataclass(frozen=True)
class Sizes:
    """How many answers each head has, and the width between its two layers."""

    roles: int
    fine: int
    statuses: int
    sides: int
    cause_tags: int
    cause_roles: int
    hidden: int = 160


class Head(nn.Module):
    """Two layers with a rectifier between them."""

    def __init__(self, inputs: int, hidden: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.second = nn.Linear(hidden, outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, given: Tensor) -> Tensor:
        """Score; shapes (n, inputs) to (n, outputs)."""
        answer: Tensor = self.second(self.dropout(torch.relu(self.first(given))))
        return answer


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: Any, width: int, sizes: Sizes, *, dropout: float) -> None:  # noqa: ANN401 -- transformers' model
        super().__init__()
        self.encoder = encoder
        self.sizes = sizes
        #: What a word piece's marks add to it; at first nothing, so that training starts from what the encoder knows.
        self.kinds = nn.Parameter(torch.zeros(len(KINDS), width))
        self.places = nn.Parameter(torch.zeros(len(PLACES), width))
        figure = 2 * width + len(FIGURE_COLUMNS)
        answers = sizes.roles + sizes.statuses + sizes.sides
        self.figure = Head(figure, sizes.hidden, answers, dropout)
        self.fine = nn.Linear(width, sizes.fine)
        pair = 3 * width + len(PAIR_COLUMNS)
        self.pairs = nn.ModuleDict({name: Head(pair, sizes.hidden, 1, dropout) for name in FIELDS})
        #: What stands for the options NONE and FAR, which are no words.
        self.unsaid = nn.ParameterDict({name: nn.Parameter(torch.randn(2, width) * 0.02) for name in FIELDS})
        self.cause_tags = nn.Linear(width, sizes.cause_tags)
        self.cause_roles = nn.Linear(width, sizes.cause_roles)

    def states(self, tokens: Tensor, mask: Tensor, kinds: Tensor, places: Tensor) -> Tensor:
        """Encode word pieces with their marks (`claims.scene_marks`); (batch, length) to (batch, length, width)."""
        words = self.encoder.embeddings.word_embeddings(tokens)
        marked = words + functional.embedding(kinds, self.kinds) + functional.embedding(places, self.places)
        hidden: Tensor = self.encoder(inputs_embeds=marked, attention_mask=mask).last_hidden_state
        return hidden

    def answers(self, figures: Tensor, sentences: Tensor, columns: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Score roles, statuses and sides of figures; pooled (n, width) twice and (n, columns)."""
        scores = self.figure(torch.cat([figures, sentences, columns], dim=1))
        sizes = [self.sizes.roles, self.sizes.statuses, self.sizes.sides]
        roles, statuses, sides = scores.split(sizes, dim=1)
        return roles, statuses, sides

    def pair_scores(self, name: str, figures: Tensor, options: Tensor, columns: Tensor) -> Tensor:
        """Score pairs of a figure and an option, one number each."""
        given = torch.cat([figures, options, figures * options, columns], dim=1)
        scores: Tensor = self.pairs[name](given).squeeze(1)
        return scores


def pooled(states: Tensor, spans: Tensor) -> Tensor:
    """Average token states over spans; (batch, length, width) and rows of (scene, first, last + 1) to (n, width)."""
    sums = torch.cat([torch.zeros_like(states[:, :1]), states.cumsum(dim=1)], dim=1)
    scene, first, last = spans.unbind(dim=1)
    flat = sums.reshape(-1, sums.shape[2])
    start = scene * sums.shape[1]
    whole = flat.index_select(0, start + last) - flat.index_select(0, start + first)
    return whole / (last - first).clamp(min=1).unsqueeze(1)
