"""The training loop, top to bottom: examples in, a network out, with a table of how it does on what it never saw.

Whole families of passages are held out; their scores are the honest ones of this loop. Seeded: the same examples,
settings and machine give the same weights.
"""

from __future__ import annotations

import math
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from newsdetect.claims.scene import FIELDS
from newsdetect.claims.tagging import CAUSE_ROLES, TAGS
from newsdetect.training.base import base_folder
from newsdetect.training.batching import Batch, batches
from newsdetect.training.dataset import HEAD_ROLES, SIDES, STATUSES, UNKNOWN, Example
from newsdetect.training.losses import Outputs, forward, loss
from newsdetect.training.network import Network, Sizes
from newsdetect.training.passages import ROLES
from newsdetect.training.precision import PLAIN, attention, has_halves

SIZES = Sizes(
    roles=len(HEAD_ROLES), fine=len(ROLES), statuses=len(STATUSES), sides=len(SIDES), cause_tags=TAGS,
    cause_roles=len(CAUSE_ROLES),
)  # fmt: skip
#: The longest scene, in word pieces.
LONGEST = 448


@dataclass(frozen=True)
class Config:
    """One run; every number stands in a config.toml with its reason."""

    name: str
    seed: int
    epochs: int
    batch: int
    encoder_rate: float
    head_rate: float
    warmup: float
    weight_decay: float
    dropout: float
    smoothing: float
    causes: float
    fine: float
    #: The share of word pieces that are hidden from the encoder in training.
    hide_pieces: float
    #: Dropout inside the encoder; more than a few passes help only with it, and a processor spends half its time on it.
    encoder_dropout: float
    #: How many versions of the written corpus the epochs see in turn: itself, and recombined ones.
    versions: int
    #: How often a real article is seen for each time a passage is, recombined each time but the first.
    real_weight: int
    #: Families of passages that are never trained on.
    held_out: tuple[str, ...]
    #: How the names of those of them begin that are scored and nothing else: no weight is fitted on them.
    only_scored: tuple[str, ...] = ()
    #: Whether the encoder is trained in half precision on machines that multiply it themselves.
    bf16: bool = False
    #: How the names of families begin that are scored apart from other held-out passages, and what they are called.
    apart: Mapping[str, str] = field(default_factory=dict)
    #: Weights of `claims.decoding.Trust` that are set rather than fitted on the held-out passages.
    trust: Mapping[str, float] = field(default_factory=dict)
    #: What a run without a GPU takes instead of the numbers above.
    without_gpu: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Config:
        """Read a run's config.toml."""
        with path.open("rb") as file:
            data = tomllib.load(file)
        settings: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        return cls(**settings)

    def on(self, device: str) -> Config:
        """Give the run as `device` takes it: without a GPU by its smaller numbers."""
        return self if device.startswith("cuda") else replace(self, **self.without_gpu)


def load_tokenizer() -> Tokenizer:
    """Give the base model's tokenizer, cut to the longest scene."""
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def new_network(config: Config) -> Network:
    """Make a network on the pretrained encoder."""
    share = config.encoder_dropout
    encoder = AutoModel.from_pretrained(
        base_folder(), attn_implementation=PLAIN, attention_probs_dropout_prob=share, hidden_dropout_prob=share
    )
    return Network(encoder, encoder.config.hidden_size, SIZES, dropout=config.dropout)


def train(
    rounds: Sequence[Sequence[Example]],
    held_out: Sequence[Example],
    config: Config,
    *,
    device: str = "cpu",
    told: Callable[[str], None] = print,
) -> Network:
    """Train on `rounds`, what the epochs see in turn; measure on `held_out` after each."""
    torch.manual_seed(config.seed)
    generator = np.random.default_rng(config.seed)
    tokenizer, network = load_tokenizer(), new_network(config)
    network.to(device)
    bf16 = config.bf16 and has_halves(device)
    network.encoder.set_attn_implementation(attention(device, bf16=bf16, dropout=config.encoder_dropout > 0))
    steps = sum(math.ceil(len(rounds[epoch % len(rounds)]) / config.batch) for epoch in range(config.epochs))
    optimizer, schedule = _optimizer(network, config, steps)
    hidden = int(tokenizer.token_to_id("[MASK]") or 0)
    told(
        f"{len(rounds[0]):,} scenes an epoch, {len(held_out):,} held out, {steps:,} steps on {device}"
        f" in {'half' if bf16 else 'single'} precision"
    )
    for epoch in range(1, config.epochs + 1):
        network.train()
        start, total, done = time.monotonic(), 0.0, 0
        for batch in batches(rounds[(epoch - 1) % len(rounds)], tokenizer, size=config.batch, generator=generator):
            batch.hide(config.hide_pieces, generator, hidden)
            moved = batch.to(device)
            outputs = forward(network, moved, bf16=bf16)
            wrong = loss(outputs, moved, causes=config.causes, fine=config.fine, smoothing=config.smoothing)
            optimizer.zero_grad()
            wrong.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, done = total + float(wrong.detach()), done + 1
        scores = measure(network, held_out, tokenizer, device=device) if held_out else Shares()
        told(f"epoch {epoch}/{config.epochs}  {time.monotonic() - start:.0f} s  loss {total / done:.3f}  {scores}")
    network.encoder.set_attn_implementation(PLAIN)
    network.eval()
    return network


def _optimizer(network: Network, config: Config, steps: int) -> tuple[Any, Any]:
    """Give AdamW with a gentler rate for the encoder, warmed up and cooled down linearly."""
    encoder = [parameter for name, parameter in network.named_parameters() if name.startswith("encoder.")]
    heads = [parameter for name, parameter in network.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [{"params": encoder, "lr": config.encoder_rate}, {"params": heads, "lr": config.head_rate}],
        weight_decay=config.weight_decay,
        fused=True,
    )
    warm = max(1, int(config.warmup * steps))

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / warm) * max(0.0, (steps - step) / max(1, steps - warm))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, rate(step)))


@dataclass
class Shares:
    """Shares that are right, head by head, over the figures that are learned from."""

    right: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, right: int, asked: int) -> None:
        """Count."""
        self.right[name] = self.right.get(name, 0) + right
        self.asked[name] = self.asked.get(name, 0) + asked

    def __str__(self) -> str:
        return "  ".join(f"{name} {self.right[name] / max(1, self.asked[name]):.3f}" for name in self.asked)


def measure(network: Network, examples: Sequence[Example], tokenizer: Tokenizer, *, device: str = "cpu") -> Shares:
    """Give the shares right on examples."""
    network.eval()
    shares = Shares()
    with torch.no_grad():
        for batch in batches(examples, tokenizer, size=32):
            moved = batch.to(device)
            _count(shares, forward(network, moved), moved)
    return shares


def _count(shares: Shares, outputs: Outputs, batch: Batch) -> None:
    for name, scores, right in (
        ("role", outputs.roles, batch.roles),
        ("status", outputs.statuses, batch.statuses),
        ("side", outputs.sides, batch.sides),
    ):
        known = right != UNKNOWN
        shares.add(name, int((scores.argmax(1) == right)[known].sum()), int(known.sum()))
    for name in FIELDS:
        of, _, _, right, learned = batch.pairs[name]
        scores = outputs.pairs[name]
        most = torch.full((len(learned),), -1e9, device=scores.device).scatter_reduce(0, of, scores, "amax")
        hit = torch.zeros(len(learned), device=scores.device).index_add(
            0, of, ((scores == most[of]) & (right > 0.5)).float()
        )
        shares.add(name, int((hit > 0)[learned].sum()), int(learned.sum()))
    known = batch.cause_tags > 0
    shares.add("cause tags", int((outputs.cause_tags.argmax(2) == batch.cause_tags)[known].sum()), int(known.sum()))
