"""A step of training as this machine does it, beside the other precision and the other attentions, in the same run."""

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
    from newsdetect.training.precision import FUSED, PLAIN, attention, has_halves  # noqa: PLC0415

    scenes, pieces, step = _step()
    names = {LEAN: "the lean attention", PLAIN: "the plain one", FUSED: "the fused one"}
    own = (attention("cpu", bf16=has_halves("cpu"), dropout=False), has_halves("cpu"))
    took = {
        way: best(lambda way=way: step(*way))[0]
        for way in ((name, bf16) for bf16 in (True, False) for name in names)
        # Half precision that a processor does not multiply itself is slow with any attention: one shows it.
        if has_halves("cpu") or not way[1] or way[0] == LEAN
    }
    print(f"train   a step of {scenes} scenes, {pieces:,} word pieces, {_told(own, names)}: {took[own]:.2f} CPU-s")
    for way, seconds in took.items():
        if way != own:
            print(f"        {_told(way, names)} {seconds / took[own]:.2f} ×")


def _told(way: tuple[str, bool], names: dict[str, str]) -> str:
    return f"{'half' if way[1] else 'single'} precision, {names[way[0]]}"


def _step() -> tuple[int, int, Callable[[str, bool], Any]]:
    """Give a batch's scenes and word pieces, and what makes one step on it with an attention and a precision."""
    from newsdetect.training.batching import batches  # noqa: PLC0415 -- the training extra
    from newsdetect.training.dataset import from_passages  # noqa: PLC0415
    from newsdetect.training.losses import forward, loss  # noqa: PLC0415
    from newsdetect.training.train import Config, load_tokenizer, new_network  # noqa: PLC0415

    config = Config.read(models() / SHIPPED / "config.toml").on("cpu")
    examples = from_passages(read_family(fixtures() / "passages" / _FAMILY))
    of_all = list(batches(examples, load_tokenizer(), size=config.batch, generator=np.random.default_rng(config.seed)))
    batch = max(of_all, key=lambda each: each.tokens.numel())
    network = new_network(config)

    def step(attention: str, bf16: bool) -> float:
        network.encoder.set_attn_implementation(attention)
        outputs = forward(network, batch, bf16=bf16)
        wrong = loss(outputs, batch, causes=config.causes, fine=config.fine, smoothing=config.smoothing)
        network.zero_grad()
        wrong.backward()
        return float(wrong.detach())

    return len(batch.tokens), batch.tokens.numel(), step
