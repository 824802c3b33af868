"""A step of training with the attention that is used on a processor, beside transformers' own two, in the same run."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np

from newsdetect.bundled import fixtures, models
from newsdetect.claims.tagger import SHIPPED
from newsdetect.training.passages import read_family
from tests.benchmarks.timing import best

#: One family of long passages: real scenes' lengths.
_FAMILY = "press/press_c1.txt"


def bench() -> None:
    """Print the line of this part; without torch there is none."""
    if importlib.util.find_spec("torch") is None or importlib.util.find_spec("transformers") is None:
        print("train   not measured: pip install 'newsdetect[train]'")
        return
    from newsdetect.training.attention import LEAN  # noqa: PLC0415 -- the training extra
    from newsdetect.training.train import PLAIN  # noqa: PLC0415

    scenes, pieces, step = _step()
    lean, plain, fused = (best(lambda name=name: step(name))[0] for name in (LEAN, PLAIN, "sdpa"))
    print(
        f"train   a step of {scenes} scenes, {pieces:,} word pieces: {lean:.2f} CPU-s; with transformers' plain"
        f" attention {plain / lean:.2f} ×, with its fused one {fused / lean:.2f} × as much"
    )


def _step() -> tuple[int, int, Callable[[str], Any]]:
    """Give a batch's scenes and word pieces, and what makes one step on it with an attention."""
    from newsdetect.training.batching import batches  # noqa: PLC0415 -- the training extra
    from newsdetect.training.dataset import from_passages  # noqa: PLC0415
    from newsdetect.training.losses import forward, loss  # noqa: PLC0415
    from newsdetect.training.train import Config, load_tokenizer, new_network  # noqa: PLC0415

    config = Config.read(models() / SHIPPED / "config.toml")
    examples = from_passages(read_family(fixtures() / "passages" / _FAMILY))
    of_all = list(batches(examples, load_tokenizer(), size=config.batch, generator=np.random.default_rng(config.seed)))
    batch = max(of_all, key=lambda each: each.tokens.numel())
    network = new_network(config)

    def step(attention: str) -> float:
        network.encoder.set_attn_implementation(attention)
        outputs = forward(network, batch, bf16=config.bf16)
        wrong = loss(outputs, batch, causes=config.causes, fine=config.fine, smoothing=config.smoothing)
        network.zero_grad()
        wrong.backward()
        return float(wrong.detach())

    return len(batch.tokens), batch.tokens.numel(), step
