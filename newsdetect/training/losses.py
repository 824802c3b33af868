"""What the network is corrected for: wrong roles, statuses and sides, wrong options, wrong cause tags."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from newsdetect.claims.scene import FIELDS
from newsdetect.training.batching import Batch
from newsdetect.training.dataset import UNKNOWN
from newsdetect.training.network import Network, pooled

#: What a piece without a cause weighs: there are some fifteen of them for each that is tagged.
_NO_CAUSE = 0.15


@dataclass
class Outputs:
    """Scores of one batch."""

    roles: Tensor
    fine: Tensor
    statuses: Tensor
    sides: Tensor
    pairs: dict[str, Tensor]
    cause_tags: Tensor
    cause_roles: Tensor


def forward(network: Network, batch: Batch, *, bf16: bool = False) -> Outputs:
    """Run the network over a batch; `bf16` runs the encoder, and it alone, in half precision."""
    with torch.autocast(batch.tokens.device.type, torch.bfloat16, enabled=bf16):
        states = network.states(batch.tokens, batch.mask, batch.kinds, batch.places)
    states = states.float()
    # All spans at once: on the way back each look into the states costs a table of their size.
    spans = [batch.figures, batch.sentences, batch.cause_spans, *(batch.pairs[name][1].clamp(min=0) for name in FIELDS)]
    figures, sentences, causes, *options = pooled(states, torch.cat(spans)).split([len(each) for each in spans])
    roles, statuses, sides = network.answers(figures, sentences, batch.columns)
    pairs: dict[str, Tensor] = {
        name: _pair_scores(network, name, figures, words, batch) for name, words in zip(FIELDS, options, strict=True)
    }
    return Outputs(
        roles, network.fine(figures), statuses, sides, pairs, network.cause_tags(states), network.cause_roles(causes)
    )


def _pair_scores(network: Network, name: str, figures: Tensor, words: Tensor, batch: Batch) -> Tensor:
    """Score one field's pairs; `words` are the pooled options, what is no word has a state of its own."""
    of, spans, table, _, _ = batch.pairs[name]
    unsaid = network.unsaid[name].index_select(0, (-spans[:, 1].clamp(max=-1) - 1).clamp(max=1))
    options = torch.where((spans[:, 1] < 0)[:, None], unsaid, words)
    return network.pair_scores(name, figures.index_select(0, of), options, table)


def loss(outputs: Outputs, batch: Batch, *, causes: float, fine: float, smoothing: float) -> Tensor:
    """Add up what is wrong; `causes` and `fine` weigh those heads against the figures'."""
    whole = _classes(outputs.roles, batch.roles, smoothing)
    whole = whole + fine * _classes(outputs.fine, batch.fine, smoothing)
    whole = whole + _classes(outputs.statuses, batch.statuses, smoothing)
    whole = whole + _classes(outputs.sides, batch.sides, smoothing)
    for name in FIELDS:
        of, _, _, right, learned = batch.pairs[name]
        whole = whole + options_loss(outputs.pairs[name], of, right, learned)
    tags = outputs.cause_tags.transpose(1, 2)
    if (batch.cause_tags != UNKNOWN).any():
        weights = torch.ones(tags.shape[1], device=tags.device)
        weights[0] = _NO_CAUSE
        whole = whole + causes * functional.cross_entropy(tags, batch.cause_tags, weights, ignore_index=UNKNOWN)
    if len(batch.cause_roles):
        whole = whole + 0.2 * causes * functional.cross_entropy(outputs.cause_roles, batch.cause_roles)
    return whole


def _classes(scores: Tensor, right: Tensor, smoothing: float) -> Tensor:
    if not (right != UNKNOWN).any():
        return scores.sum() * 0.0
    return functional.cross_entropy(scores, right, ignore_index=UNKNOWN, label_smoothing=smoothing)


def options_loss(scores: Tensor, of: Tensor, right: Tensor, learned: Tensor) -> Tensor:
    """Give the mean of −log P(any right option) over the figures that are learned from."""
    if not learned.any():
        return scores.sum() * 0.0
    everything = segment_logsumexp(scores, of, len(learned))
    good = segment_logsumexp(scores.masked_fill(right < 0.5, -1e4), of, len(learned))
    return (everything - good)[learned].mean()


def segment_logsumexp(scores: Tensor, of: Tensor, count: int) -> Tensor:
    """Give log Σ exp of the scores of each figure; (pairs,) to (count,)."""
    most = torch.full((count,), -1e9, device=scores.device).scatter_reduce(0, of, scores, "amax")
    sums = torch.zeros(count, device=scores.device).index_add(0, of, (scores - most[of]).exp())
    return most + sums.clamp(min=1e-30).log()
