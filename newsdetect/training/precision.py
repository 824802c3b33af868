"""Which precision and which attention a machine trains fastest with; measured by `tests.benchmarks --only training`."""

from __future__ import annotations

import torch

from newsdetect.training.attention import LEAN

#: The attention of networks that are read with or exported.
PLAIN = "eager"
#: transformers' fused one: on a processor the fastest in single precision, on a GPU in any.
FUSED = "sdpa"


def has_halves(device: str) -> bool:
    """Tell whether the device multiplies bfloat16 itself; one that does not is several times slower with it."""
    if device.startswith("cuda"):
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu.get_capabilities().get("amx_bf16"))


def attention(device: str, *, bf16: bool, dropout: bool) -> str:
    """Give the name of the fastest attention to train with; the lean one has no dropout."""
    return LEAN if device == "cpu" and bf16 and not dropout else FUSED
