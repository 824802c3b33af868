"""Attention for training on a processor in half precision; a step takes some two thirds of the time of the plain one.

Under autocast the plain attention turns every table of weights (scenes × heads × length²) into single precision and
back, and passes over it once each for the scale, the mask and the softmax; the fused one is slow on the way back. Here
the mask is added in place and the softmax stays in the precision of its table. Single precision, other devices, and
what is exported, keep what transformers has (`training.precision`).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import eager_mask

#: The name that an encoder's `set_attn_implementation` knows it by.
LEAN = "newsdetect_lean"


def lean(  # noqa: PLR0913, PLR0917 -- transformers' signature
    module: torch.nn.Module,  # noqa: ARG001
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,  # noqa: ARG001 -- it is used for encoders without (`training.precision`)
    **_others: Any,  # noqa: ANN401
) -> tuple[Tensor, None]:
    """Attend; (scenes, heads, length, width) thrice and a mask to add, if any, to (scenes, length, heads, width)."""
    scenes, heads, length, width = query.shape
    flat = (scenes * heads, length, width)
    scale = width**-0.5 if scaling is None else scaling
    with torch.autocast(query.device.type, enabled=False):
        scores = torch.bmm(query.reshape(flat) * scale, key.reshape(flat).transpose(1, 2))
        if attention_mask is not None:  # null where nothing is padded
            # What is padding is so for every word that looks at it: one row of the mask says it.
            scores.view(scenes, heads, length, length).add_(attention_mask[:, :, :1].to(scores.dtype))
        mixed = torch.bmm(torch.softmax(scores, dim=-1), value.reshape(flat))
    return mixed.view(scenes, heads, length, width).transpose(1, 2).contiguous(), None


AttentionInterface.register(LEAN, lean)
AttentionMaskInterface.register(LEAN, eager_mask)
